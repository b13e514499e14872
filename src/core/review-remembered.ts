import { z } from 'zod';
import type { Store } from './ports.ts';
import { GivenSoFar } from './review-since.ts';

const KEY = 'review';
/** Whoever comes back after that begins anew. */
const KEPT_MS = 10 * 365 * 24 * 60 * 60 * 1000;

/** What is remembered of reviews from one to the next. */
const Remembered = z.object({
  /** The Monday of the last week that is settled: its review was sent, or there is to be none. */
  lastWeek: z.iso.date().optional(),
  // What another version wrote is read anew from the audit log.
  soFar: GivenSoFar.optional().catch(undefined),
});
type Remembered = z.infer<typeof Remembered>;

/** Throws like the store. */
export async function recallReviews(store: Pick<Store, 'recall'>): Promise<Remembered> {
  return Remembered.safeParse(await store.recall(KEY)).data ?? {};
}

export async function rememberReviews(store: Pick<Store, 'keep'>, remembered: Remembered): Promise<void> {
  await store.keep(KEY, remembered, KEPT_MS);
}
