import { randomUUID } from 'node:crypto';
import { FormValues } from '../core/fields.ts';
import type { Store } from '../core/ports.ts';

/** What somebody typed into a form that has not become a request yet: so that nobody has to type it twice. */

const KEPT_MS = 60 * 60 * 1000;
/** Longer than a submission can take; after it a dead process no longer blocks the form. */
const SENDING_MS = 30_000;
const SPENT_MS = 24 * 60 * 60 * 1000;

export function newDraftId(): string {
  return randomUUID();
}

export async function keepDraft(store: Store, userId: string, actionId: string, values: FormValues): Promise<void> {
  await store.keep(keyOf(userId, actionId), values, KEPT_MS);
}

export async function recallDraft(store: Store, userId: string, actionId: string): Promise<FormValues> {
  const kept = FormValues.safeParse(await store.recall(keyOf(userId, actionId)));
  return kept.success ? kept.data : {};
}

export async function dropDraft(store: Store, userId: string, actionId: string): Promise<void> {
  await store.forget(keyOf(userId, actionId));
}

/** `mine`: go on. `sending`: another press of the same form is on its way. Otherwise the request that the form became. */
export async function claimForm(
  store: Store,
  draftId: string,
): Promise<{ readonly state: 'mine' | 'sending' } | { readonly state: 'sent'; readonly requestId: string }> {
  const sent = await store.recall(`sent:${draftId}`);
  if (typeof sent === 'string') return { state: 'sent', requestId: sent };
  return { state: (await store.claim(`sending:${draftId}`, SENDING_MS)) ? 'mine' : 'sending' };
}

/** The form did not become a request: it can be sent again, corrected. */
export async function releaseForm(store: Store, draftId: string): Promise<void> {
  await store.release(`sending:${draftId}`);
}

export async function spendForm(store: Store, draftId: string, requestId: string): Promise<void> {
  await store.keep(`sent:${draftId}`, requestId, SPENT_MS);
}

function keyOf(userId: string, actionId: string): string {
  return `draft:${userId}:${actionId}`;
}
