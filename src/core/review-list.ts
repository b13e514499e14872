import { z } from 'zod';
import type { Store } from './ports.ts';
import { ReviewList } from './review.ts';

/** The list of a review on its way to Slack. */
export const KeptList = z.discriminatedUnion('state', [
  z.object({ state: z.literal('waiting'), list: ReviewList }),
  z.object({ state: z.literal('sent') }),
]);
export type KeptList = z.infer<typeof KeptList>;

const DAY_MS = 24 * 60 * 60 * 1000;
/** As long as Slack’s messages are known to us. */
const SENT_MS = 90 * DAY_MS;

/** Personal data, so for a day only. `week`: its Monday. Throws like the store. */
export async function keepReviewList(store: Pick<Store, 'keep'>, week: string, list: ReviewList): Promise<void> {
  const kept: KeptList = { state: 'waiting', list };
  await store.keep(keyOf(week), kept, DAY_MS);
}

/** Forgets the list, and remembers that it was sent. */
export async function dropReviewList(store: Pick<Store, 'keep'>, week: string): Promise<void> {
  const kept: KeptList = { state: 'sent' };
  await store.keep(keyOf(week), kept, SENT_MS);
}

/** Undefined: it was kept for longer than a day. */
export async function keptReviewList(store: Pick<Store, 'recall'>, week: string): Promise<KeptList | undefined> {
  return KeptList.safeParse(await store.recall(keyOf(week))).data;
}

function keyOf(week: string): string {
  return `review-list:${week}`;
}
