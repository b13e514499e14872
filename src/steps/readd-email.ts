import { z } from 'zod';
import { foldAddress } from '../core/address.ts';
import { notReadBack } from '../core/not-read-back.ts';
import type { PolicyEdit, PolicyOnFile } from '../core/ports.ts';
import { emailRules, PolicyRef } from '../core/snapshot.ts';
import { defineStep } from '../core/step.ts';

const Args = z.object({
  policy: PolicyRef,
  policyName: z.string(),
  /** What the policy opens, for people. */
  opens: z.string(),
  /** Lower case. */
  email: z.string(),
});

/**
 * Takes an address out of a policy and puts it in again, under one lock, and never leaves it out: whatever stops it in
 * between, the next look puts in what this request took out, and so does undo. What somebody else took out stays out. To
 * do it a second time is harmless, so that nobody has to know how far it got.
 */
export const readdEmail = defineStep({
  id: 'readd-email',
  args: Args,
  says: ({ email, policyName, opens }) =>
    `Take ${email} out of the policy “${policyName}” (${opens}) and put it in again`,
  resource: ({ policy }) => `policy-${policy.id}`,
  readsBack: false,
  look: async ({ policy, policyName, email }, { cloudflare, hasBegun }) => {
    const found = await cloudflare.readPolicy(policy);
    const where = `the policy “${policyName}”`;
    if (!hasBegun && !isIn(found, email)) {
      return { holds: true, found, notes: [`${email} was taken out of ${where} meanwhile, and stays out.`] };
    }
    if (!hasBegun && isAlone(found, email)) {
      return {
        holds: true,
        found,
        notes: [`${email} stays in ${where}: it is the only rule there, and a policy can’t be without one.`],
      };
    }
    // While it is in there is nothing to be put back.
    return { holds: false, found, touches: isIn(found, email) ? [email] : [] };
  },
  apply: async ({ policy, email }, { cloudflare }, found) => {
    const isTaken = isIn(found, email) && !isAlone(found, email);
    if (isTaken) await cloudflare.writePolicy(found, ruleFor(email, false));
    const without = isTaken ? await cloudflare.readPolicy(policy) : found;
    if (isTaken && isIn(without, email)) throw notReadBack();
    await cloudflare.writePolicy(without, ruleFor(email, true));
    if (!isIn(await cloudflare.readPolicy(policy), email)) throw notReadBack();
  },
  undo: async ({ email }, { cloudflare }, found) => {
    if (!isIn(found, email)) await cloudflare.writePolicy(found, ruleFor(email, true));
  },
  undoes: 'half-done',
  byHand: ({ policyName, email }) =>
    `Zero Trust dashboard → Access controls → Policies → ${policyName}: ${email} has to be under Include`,
});

function isIn({ include }: Pick<PolicyOnFile, 'include'>, email: string): boolean {
  return emailRules(include).includes(email);
}

/** Without it the policy would let nobody in. */
function isAlone({ include }: Pick<PolicyOnFile, 'include'>, email: string): boolean {
  return (
    isIn({ include }, email) && include.every((rule) => rule.kind === 'email' && foldAddress(rule.email) === email)
  );
}

function ruleFor(email: string, present: boolean): PolicyEdit {
  return { part: 'include', emails: [email], present };
}
