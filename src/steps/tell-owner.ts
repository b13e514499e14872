import { z } from 'zod';
import { defineStep } from '../core/step.ts';

/** Ensures that the owner of a device knows that somebody else reported it lost. The outbox takes the same key once. */
export const tellOwner = defineStep({
  id: 'tell-owner',
  args: z.object({ slackId: z.string() }),
  says: () => 'Tell the owner that the device was reported lost',
  readsBack: false,
  look: async () => ({ holds: false, found: undefined }),
  apply: ({ slackId }, { posts, requestId }) =>
    posts.enqueue(`device-reported-${requestId}-${slackId}`, { kind: 'device-reported', requestId, slackId }),
});
