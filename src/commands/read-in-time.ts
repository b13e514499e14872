import { isKnownError, PermanentError, TransientError } from '../core/errors.ts';
import { within } from '../core/within.ts';
import type { Desk } from './desk.ts';
import { explain } from './explain.ts';

/** Nobody waits longer for an answer, however slow one of the far ends is. */
const LIMIT_MS = 5_500;

export type Read<T> =
  | { readonly value: T }
  /** `problem`: in sentences, with what to do next. `isLasting`: it does not pass by itself. */
  | { readonly problem: string; readonly isLasting: boolean };

/** Until when everything has to be there that is read from now on: for reads that come one after another. */
export function latestMoment(): number {
  return performance.now() + LIMIT_MS;
}

/** What was read, or in a sentence why it could not be. Never throws. `who`: who is asked, for the one that is late. */
export function readInTime<T>(
  work: Promise<T>,
  who: string,
  desk: Pick<Desk, 'onBug'>,
  until: number = latestMoment(),
): Promise<Read<T>> {
  const reading = work.then(
    (value): Read<T> => ({ value }),
    (error: unknown): Read<T> => ({ problem: problemOf(error, desk), isLasting: error instanceof PermanentError }),
  );
  const late = { problem: `${who} does not answer. ${LATER}`, isLasting: false };
  return within(Math.max(0, until - performance.now()), reading, () => late);
}

const LATER = 'Try again in a minute.';

function problemOf(error: unknown, desk: Pick<Desk, 'onBug'>): string {
  if (error instanceof TransientError) return `${error.message} ${LATER}`;
  return isKnownError(error) ? error.message : explain(error, desk);
}

/** Undefined where it could not be read. */
export function valueIn<T>(read: Read<T>): T | undefined {
  return 'value' in read ? read.value : undefined;
}

/** `The log of the last day. Cloudflare does not answer. Try again in a minute.`; nothing for what was read. */
export function gapIn(read: Read<unknown>, what: string): string[] {
  return 'value' in read ? [] : [`${what}. ${read.problem}`];
}
