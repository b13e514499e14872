import { z } from 'zod';
import type { Clock, Store } from '../core/ports.ts';
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
  readonly everyMs: number;
}

const Shown = z.object({ version: z.number(), at: z.number() });

/** Longer than anything waits in the outbox; forgetting costs one edit that changes nothing. */
const REMEMBER_MS = 24 * 60 * 60 * 1000;

/**
 * Spares Slack the edits that nobody would see. A card is drawn from the request as it is at that moment, so it shows
 * all changes up to the version read just before, and the posts that these changes had asked for are not needed any
 * more. A post that comes too early waits, it is not dropped: so the last state always goes out.
 */
export function createCardPace({ store, clock, everyMs }: CardPaceDependencies) {
  return async ({ post, version }: PostJob): Promise<Pace> => {
    if (post.kind !== 'approval-card' && post.kind !== 'requester-card') return { kind: 'show', shown: async () => {} };
    const key = `shown:${post.kind}:${post.requestId}`;
    const request = await store.load(post.requestId);
    const before = Shown.safeParse(await store.recall(key)).data;
    if (before !== undefined) {
      if (version !== undefined && version <= before.version) return { kind: 'drop' };
      const early = before.at + everyMs - clock.now();
      // More than `everyMs` means that the clocks of two machines differ.
      if (request?.status === 'running' && early > 0) return { kind: 'wait', ms: Math.min(early, everyMs) };
    }
    return {
      kind: 'show',
      shown: () => store.keep(key, { version: request?.version ?? 0, at: clock.now() }, REMEMBER_MS),
    };
  };
}
