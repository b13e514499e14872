import { z } from 'zod';
import type { Clock, Store } from '../core/ports.ts';
import { isPage, pictureOf } from './picture.ts';
import type { PostJob } from './queues.ts';

/** What to do with a post: show it, drop it because its state was shown already, or show it later. */
export type Pace =
  | { readonly kind: 'show'; shown(): Promise<void> }
  | { readonly kind: 'drop' }
  | { readonly kind: 'wait'; readonly ms: number };

export interface CardPaceDependencies {
  readonly store: Pick<Store, 'load' | 'keep' | 'recall'>;
  readonly clock: Clock;
  /** The least time between two edits of a card while its request runs. */
  readonly cardEveryMs: number;
  /** The least time between two publications of a Home tab: each of them reads the account. */
  readonly homeEveryMs: number;
}

const Shown = z.object({
  version: z.number(),
  at: z.number(),
  /** By the machine's clock, as jobs have their time: posts enqueued before it are shown too. */
  seenUpTo: z.number().default(0),
});

/** Longer than anything waits in the outbox; forgetting costs one edit that changes nothing. */
const REMEMBER_MS = 24 * 60 * 60 * 1000;

/** The clocks of the machine that enqueued and of the one that delivers may differ by this. */
const CLOCKS_DIFFER_MS = 2_000;

/**
 * Spares Slack the edits that nobody would see. A card is drawn from the request as it is at that moment, so it shows
 * all changes up to the version read just before, and the posts that these changes had asked for are not needed any
 * more. A post that comes too early waits, it is not dropped: so the last state always goes out.
 */
export function createCardPace({ store, clock, cardEveryMs, homeEveryMs }: CardPaceDependencies) {
  /** `enqueuedAt`: epoch milliseconds by the machine's clock. */
  return async ({ post, version }: PostJob, enqueuedAt: number): Promise<Pace> => {
    const picture = pictureOf(post);
    if (picture === undefined) return { kind: 'show', shown: async () => {} };
    const key = `shown:${picture}`;
    const seenUpTo = Date.now() - CLOCKS_DIFFER_MS;
    const request = 'requestId' in post && post.requestId !== undefined ? await store.load(post.requestId) : undefined;
    const before = Shown.safeParse(await store.recall(key)).data;
    if (before !== undefined) {
      if (version === undefined ? enqueuedAt < before.seenUpTo : version <= before.version) return { kind: 'drop' };
      const everyMs = isPage(post) ? homeEveryMs : cardEveryMs;
      const early = before.at + everyMs - clock.now();
      // More than `everyMs` means that the clocks of two machines differ.
      if ((isPage(post) || request?.status === 'running') && early > 0)
        return { kind: 'wait', ms: Math.min(early, everyMs) };
    }
    return {
      kind: 'show',
      shown: () => store.keep(key, { version: request?.version ?? 0, at: clock.now(), seenUpTo }, REMEMBER_MS),
    };
  };
}
