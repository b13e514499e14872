import { placeOf } from '../core/export-destination.ts';
import { defineStep } from '../core/step.ts';
import { KeyedDestination, openDestination } from './parts/open-destination.ts';

/**
 * Ensures that there is a file with a token in the bucket, and that whoever asked knows which. Repeated, it writes another
 * file and tells of that too: the newest counts.
 */
export const logpushOwnership = defineStep({
  id: 'logpush-ownership',
  args: KeyedDestination,
  says: ({ destination }) => `Have Cloudflare write a file with a token to ${placeOf(destination)}`,
  readsBack: false,
  look: async () => ({ holds: false, found: undefined }),
  apply: async (args, context) => {
    const { cloudflare, posts, requestId } = context;
    const filename = await cloudflare.challengeOwnership(await openDestination(args, context));
    await posts.enqueue(`export-challenge-${requestId}-${filename}`, { kind: 'export-challenge', requestId, filename });
  },
});
