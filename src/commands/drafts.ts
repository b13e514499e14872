import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { FormValues } from '../core/fields.ts';
import type { Store } from '../core/ports.ts';
import { isSecret } from '../core/secret.ts';

/** What somebody typed into a form that has not become a request yet: so that nobody has to type it twice. */

const KEPT_MS = 60 * 60 * 1000;
/** As long as a form that somebody left open can reasonably be sent. */
const INPUT_MS = 24 * 60 * 60 * 1000;
/** Longer than a submission can take; after it a dead process no longer blocks the form. */
const SENDING_MS = 30_000;
const SPENT_MS = 24 * 60 * 60 * 1000;

export function newDraftId(): string {
  return randomUUID();
}

export async function keepDraft(store: Store, userId: string, actionId: string, values: FormValues): Promise<void> {
  // Keys are not kept, not even hidden: they have to be typed again.
  const kept = Object.fromEntries(Object.entries(values).filter(([, value]) => !isSecret(value)));
  await store.keep(keyOf(userId, actionId), kept, KEPT_MS);
}

export async function recallDraft(store: Store, userId: string, actionId: string): Promise<FormValues> {
  const kept = FormValues.safeParse(await store.recall(keyOf(userId, actionId)));
  return kept.success ? kept.data : {};
}

export async function dropDraft(store: Store, userId: string, actionId: string): Promise<void> {
  await store.forget(keyOf(userId, actionId));
}

const Input = z.record(z.string(), z.json());

/**
 * What no form carries. `fixed`: parts of the input that nobody types, added when the form is sent. `whole`: the input of a
 * form whose plan is being read before it is confirmed.
 */
interface KeptInput {
  /** Only for whoever opened the form. */
  readonly userId: string;
  readonly draftId: string;
  readonly part: 'fixed' | 'whole';
}

export async function keepInput(
  store: Store,
  which: KeptInput,
  input: Readonly<Record<string, unknown>>,
): Promise<void> {
  await store.keep(keyOfInput(which), input, INPUT_MS);
}

/** Undefined: there is none, or it was kept too long ago. */
export async function recallInput(store: Store, which: KeptInput): Promise<z.infer<typeof Input> | undefined> {
  return Input.safeParse(await store.recall(keyOfInput(which))).data;
}

const KeptOffer = z.object({ id: z.string(), values: z.record(z.string(), z.string()) });

/** Values that would put a form right, for the button below its field; the id names this one among those of the form. */
export async function keepOffer(
  store: Store,
  userId: string,
  draftId: string,
  values: Readonly<Record<string, string>>,
): Promise<string> {
  const id = randomUUID();
  await store.keep(keyOfOffer(userId, draftId), { id, values }, INPUT_MS);
  return id;
}

/** Gives the values once. `taken`: an earlier press has them. Undefined: there are none, or they were kept too long ago. */
export async function takeOffer(
  store: Store,
  userId: string,
  draftId: string,
  id: string,
): Promise<Readonly<Record<string, string>> | 'taken' | undefined> {
  if (!(await store.claim(`offer-taken:${userId}:${id}`, INPUT_MS))) return 'taken';
  const kept = KeptOffer.safeParse(await store.recall(keyOfOffer(userId, draftId))).data;
  return kept?.id === id ? kept.values : undefined;
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

function keyOfOffer(userId: string, draftId: string): string {
  return `offer:${userId}:${draftId}`;
}

function keyOfInput({ userId, draftId, part }: KeptInput): string {
  return `input:${userId}:${draftId}:${part}`;
}
