import { isKnownError } from './errors.ts';
import type { Store } from './ports.ts';

export interface OperatorCall {
  /** Names what it is about, of all calls and claims: they are called to the same once. */
  readonly key: string;
  /** After this long they are called to it again. */
  readonly forMs: number;
  /** A sentence or two. */
  readonly says: string;
  readonly requestId?: string;
}

/** Of two processes that call at the same moment one does. Longer than a call takes. */
const CALLING_MS = 60_000;

/**
 * Calls the operator in the ops channel, once. That they were called is kept only after the call is stored: after a crash
 * in between they are called twice rather than not at all.
 */
export async function callOperatorOnce(
  store: Pick<Store, 'claim' | 'commit' | 'keep' | 'recall'>,
  { key, forMs, says, requestId }: OperatorCall,
): Promise<void> {
  const called = `operator-called:${key}`;
  if ((await store.recall(called)) !== undefined || !(await store.claim(key, CALLING_MS))) return;
  const post = { kind: 'operator-alert' as const, says, ...(requestId === undefined ? {} : { requestId }) };
  await store.commit({ audit: [], effects: [{ kind: 'post', post }] });
  await store.keep(called, true, forMs);
}

/** What went wrong, in a sentence for the operator. The text of a bug of ours may name people: it stays in the log. */
export function whyOf(error: unknown): string {
  return isKnownError(error) ? error.message : 'Something broke in ocs-access; its log says what.';
}
