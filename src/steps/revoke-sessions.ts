import { z } from 'zod';
import { defineStep } from '../core/step.ts';

/**
 * Ensures that everything that was signed in at this moment is signed out. It always writes, because a list without
 * sessions may be an old one; what is left of them is another step’s to look for.
 */
export const revokeSessions = defineStep({
  id: 'revoke-sessions',
  args: z.object({ email: z.string() }),
  says: ({ email }) => `End all sessions of ${email}`,
  readsBack: false,
  look: async () => ({ holds: false, found: undefined }),
  apply: ({ email }, { cloudflare }) => cloudflare.revokeSessions(email),
  byHand: ({ email }) => `Zero Trust dashboard → Team & Resources → Users → ${email} → Revoke sessions`,
});
