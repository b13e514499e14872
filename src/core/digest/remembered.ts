import { z } from 'zod';
import type { Store } from '../ports.ts';
import { Digest } from './digest.ts';
import { readBookmark, StoredBookmark, storedBookmark, type Bookmark } from './read-audit.ts';

const KEY = 'digest';
/** Whoever comes back after that begins anew. */
const KEPT_MS = 10 * 365 * 24 * 60 * 60 * 1000;
/** As long as Slack’s messages are known to us. */
const DIGESTS_KEPT_MS = 90 * 24 * 60 * 60 * 1000;

const Stored = z.object({
  lastDay: z.iso.date().optional(),
  // What another version wrote is read anew from the audit log.
  bookmark: StoredBookmark.optional().catch(undefined),
  waiting: z.object({ since: z.number(), seenAt: z.number() }).optional(),
});

/** What is remembered of digests from one to the next. */
export interface Remembered {
  /** The last day that is settled: its digest was told, or there is to be none. */
  readonly lastDay?: string | undefined;
  /** The audit log at the end of a day that was told. */
  readonly bookmark?: Bookmark | undefined;
  /** Logs are being waited for. Epoch milliseconds: since when, and when that was last noted. */
  readonly waiting?: { readonly since: number; readonly seenAt: number } | undefined;
}

/** Throws like the store. */
export async function recallDigests(store: Pick<Store, 'recall'>): Promise<Remembered> {
  const { lastDay, bookmark, waiting } = Stored.safeParse(await store.recall(KEY)).data ?? {};
  return { lastDay, bookmark: bookmark && readBookmark(bookmark), waiting };
}

export async function rememberDigests(store: Pick<Store, 'keep'>, remembered: Remembered): Promise<void> {
  const { lastDay, bookmark, waiting } = remembered;
  const stored: z.input<typeof Stored> = { lastDay, bookmark: bookmark && storedBookmark(bookmark), waiting };
  await store.keep(KEY, stored, KEPT_MS);
}

/** For somebody who asks for it later: what was new on that day is not new any more once it was told. */
export async function keepDigest(store: Pick<Store, 'keep'>, digest: Digest): Promise<void> {
  await store.keep(`${KEY}:${digest.day}`, digest, DIGESTS_KEPT_MS);
}

/** As it was told. Undefined: it was not, or long ago. */
export async function keptDigest(store: Pick<Store, 'recall'>, day: string): Promise<Digest | undefined> {
  return Digest.safeParse(await store.recall(`${KEY}:${day}`)).data;
}
