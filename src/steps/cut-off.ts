import { z } from 'zod';
import { defineStep } from '../core/step.ts';
import { eachOf } from '../core/each-of.ts';

const Args = z.object({
  email: z.string(),
  /** Cloudflare’s, if the person was known there when this was planned. */
  userId: z.string().optional(),
});

/** Ensures that no session of a person is alive any more. */
export const cutOff = defineStep({
  id: 'cut-off',
  args: Args,
  says: ({ email }) => `Make sure that no session of ${email} is left`,
  look: async ({ email, userId }, { cloudflare }) => {
    const ids = userId === undefined ? (await cloudflare.users([email])).map(({ id }) => id) : [userId];
    const counts = await eachOf(ids, (id) => cloudflare.sessions(id));
    const alive = counts.reduce((sum, count) => sum + count, 0);
    return { holds: alive === 0, found: alive, notes: alive === 0 ? [`Read back: 0 sessions of ${email}.`] : [] };
  },
  apply: ({ email }, { cloudflare }) => cloudflare.revokeSessions(email),
  byHand: ({ email }) => `Zero Trust dashboard → Team & Resources → Users → ${email} → Revoke sessions`,
});
