import { z } from 'zod';
import { foldAddress } from '../core/address.ts';
import { emailRules, PolicyRef } from '../core/snapshot.ts';
import { defineStep } from '../core/step.ts';

const Args = z.object({
  policy: PolicyRef,
  policyName: z.string(),
  /** What the policy opens, for people: “Open Chat Studio”, “device enrolment”. */
  opens: z.string(),
  part: z.enum(['include', 'exclude']),
  present: z.boolean(),
  /** Lower case. */
  emails: z.array(z.string()).min(1),
});

/** Ensures that a policy has rules for some addresses, or has none, by reading it whole and writing it back with these changed. */
export const policyEmails = defineStep({
  id: 'policy-emails',
  args: Args,
  says: ({ part, present, emails, policyName, opens }) => {
    const who = emails.length === 1 ? (emails[0] ?? '') : `${emails.length} people`;
    const where = `the policy “${policyName}” (${opens})`;
    if (part === 'include') return present ? `Let ${who} in by ${where}` : `Take ${who} out of ${where}`;
    return present ? `Bar ${who} from ${where}` : `Lift the bar on ${who} in ${where}`;
  },
  resource: ({ policy }) => `policy-${policy.id}`,
  look: async ({ policy, part, present, emails }, { cloudflare }) => {
    const file = await cloudflare.readPolicy(policy);
    const there = new Set(emailRules(file[part]));
    const touches = emails.filter((email) => there.has(foldAddress(email)) !== present);
    return { holds: touches.length === 0, found: file, touches };
  },
  apply: ({ part, present, emails }, { cloudflare }, file) => cloudflare.writePolicy(file, { part, present, emails }),
  undo: async ({ part, present, emails }, { cloudflare }, file, touched) => {
    const mine = emails.filter((email) => touched.includes(email));
    if (mine.length > 0) await cloudflare.writePolicy(file, { part, present: !present, emails: mine });
  },
  byHand: ({ policyName }) => `Zero Trust dashboard → Access controls → Policies → ${policyName}`,
});
