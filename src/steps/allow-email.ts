import { z } from 'zod';
import { emailRules, PolicyRef } from '../core/snapshot.ts';
import { defineStep } from '../core/step.ts';

/** Ensures that a policy includes an address, by reading the whole policy and writing it back with one rule more. */
export const allowEmail = defineStep({
  id: 'allow-email',
  args: z.object({
    policy: PolicyRef,
    policyName: z.string(),
    /** What the policy opens, for people: “Open Chat Studio”, “device enrolment”. */
    opens: z.string(),
    email: z.string(),
  }),
  says: ({ email, policyName, opens }) => `Let ${email} in by the policy “${policyName}” (${opens})`,
  resource: ({ policy }) => `policy-${policy.id}`,
  look: async ({ policy, email }, { cloudflare }) => {
    const file = await cloudflare.readPolicy(policy);
    return { holds: emailRules(file.include).includes(email.toLowerCase()), found: file };
  },
  apply: ({ email }, { cloudflare }, file) => cloudflare.writePolicy(file, { addEmail: email }),
  undo: ({ email }, { cloudflare }, file) => cloudflare.writePolicy(file, { removeEmail: email }),
  byHand: ({ policyName }) => `Zero Trust dashboard → Access controls → Policies → ${policyName}`,
});
