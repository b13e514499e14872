import { z } from 'zod';
import { defineStep } from '../core/step.ts';

/**
 * Ensures that the new colleague is told how to get in, or the requester, to pass it on. The outbox takes the same key
 * once, so that running it twice sends one message.
 */
export const sendWelcome = defineStep({
  id: 'send-welcome',
  args: z.object({
    slackId: z.string(),
    isForReader: z.boolean(),
    email: z.string(),
    name: z.string(),
    teamName: z.string(),
    appUrl: z.string(),
  }),
  says: ({ isForReader, name }) =>
    isForReader
      ? `Send ${name} the steps to sign in`
      : `Send the requester the steps to sign in, to pass on to ${name}, who is not in Slack`,
  readsBack: false,
  look: async () => ({ holds: false, found: undefined }),
  apply: (args, { posts, requestId }) =>
    posts.enqueue(`welcome-${requestId}-${args.slackId}`, { kind: 'welcome', requestId, ...args }),
});
