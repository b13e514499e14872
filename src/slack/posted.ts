import { z } from 'zod';
import type { Store } from '../core/ports.ts';
import { Look } from './deliver-message.ts';

/** A message of ours that stands in Slack. */
const Handle = z.object({
  channel: z.string(),
  /** Slack's timestamp, its id. */
  ts: z.string(),
  /** Version of the request that it shows. */
  version: z.number().int(),
  /** Digest of what it shows. */
  shown: z.string(),
  look: Look,
});
export type Handle = z.infer<typeof Handle>;

export type MessageStore = Pick<Store, 'keep' | 'recall' | 'forget' | 'claim' | 'release'>;

/** Long enough for the last edit of anything that is still open; a message older than this is posted anew. */
export const KEPT_MS = 90 * 24 * 60 * 60 * 1000;
/** Longer than one post with its time-out can take. */
const POSTING_MS = 20_000;

/** Which message belongs to what, in the store, so that every process edits the same one. */
export function createPosted(store: MessageStore) {
  return {
    async find(key: string): Promise<Handle | undefined> {
      const read = Handle.safeParse(await store.recall(keyOf(key)));
      return read.success ? read.data : undefined;
    },
    remember: (key: string, handle: Handle, ms = KEPT_MS) => store.keep(keyOf(key), handle, ms),
    /** True for one process at a time: two that post the same card at once would leave two cards. */
    claim: (key: string) => store.claim(`posting:${key}`, POSTING_MS),
    release: (key: string) => store.release(`posting:${key}`),
  };
}

function keyOf(key: string): string {
  return `message:${key}`;
}
