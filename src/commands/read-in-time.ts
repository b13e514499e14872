import { isKnownError } from '../core/errors.ts';
import type { Desk } from './desk.ts';
import { explain } from './explain.ts';
import { inTime } from './in-time.ts';

/** Nobody waits longer for an answer, however slow one of the far ends is. */
const LIMIT_MS = 6_000;

export type Read<T> = { readonly value: T } | { readonly problem: string };

/** What was read, or in a sentence why it could not be. Never throws. `who`: who is asked, for the one that is late. */
export function readInTime<T>(work: Promise<T>, who: string, desk: Pick<Desk, 'onBug'>): Promise<Read<T>> {
  const reading = work.then(
    (value): Read<T> => ({ value }),
    (error: unknown): Read<T> => ({ problem: isKnownError(error) ? error.message : explain(error, desk) }),
  );
  return inTime(reading, { problem: `${who} did not answer in time. Try again in a minute.` }, LIMIT_MS);
}

/** Undefined where it could not be read. */
export function valueIn<T>(read: Read<T>): T | undefined {
  return 'value' in read ? read.value : undefined;
}

/** `The log could not be read: Cloudflare did not answer in time.`; nothing for what was read. */
export function gapIn(read: Read<unknown>, what: string): string[] {
  return 'value' in read ? [] : [`${what} could not be read: ${read.problem}`];
}
