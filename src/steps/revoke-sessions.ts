import { z } from 'zod';
import { defineStep } from '../core/step.ts';

/**
 * Ensures that everything that was signed in at this moment is signed out. It always writes, because a list without
 * sessions may be an old one; what is left of them is another step’s to look for.
 */
export const revokeSessions = defineStep({
  id: 'revoke-sessions',
  args: z.object({
    email: z.string(),
    /** Their WARP stays enrolled: they are only to sign in anew. */
    keepDevices: z.boolean().exactOptional(),
  }),
  says: ({ email, keepDevices = false }) =>
    keepDevices ? `Sign ${email} out everywhere; WARP stays connected` : `End all sessions of ${email}`,
  readsBack: false,
  look: async () => ({ holds: false, found: undefined }),
  apply: ({ email, keepDevices = false }, { cloudflare }) => cloudflare.revokeSessions(email, { keepDevices }),
  byHand: ({ email }) => `Zero Trust dashboard → Team & Resources → Users → ${email} → Revoke sessions`,
});
