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
    /** The new device of somebody who has access. */
    isReplacement: z.boolean(),
    /** Several who are not in Slack: one message for all of them, and `email` is empty. */
    emails: z.array(z.string()).exactOptional(),
  }),
  says: ({ isForReader, name, isReplacement, emails = [] }) => {
    const what = isReplacement ? 'the steps to connect the device' : 'the steps to sign in';
    if (isForReader) return `Send ${name} ${what}`;
    return `Send the requester ${what}, to pass on to ${name}, who ${emails.length > 1 ? 'are' : 'is'} not in Slack`;
  },
  readsBack: false,
  look: async () => ({ holds: false, found: undefined }),
  apply: (args, { posts, requestId }) => {
    const whom = args.isForReader ? args.slackId : args.email || 'several';
    return posts.enqueue(`welcome-${requestId}-${whom}`, { kind: 'welcome', requestId, ...args });
  },
});
