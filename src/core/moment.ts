import { boundsOf, dayBefore, dayOf, isDay, momentOf } from './day.ts';

/** A moment that somebody typed. `words`: how many of theirs it took. */
export type ReadMoment = { readonly at: number; readonly words: number } | { readonly problem: string };

interface Now {
  /** Epoch milliseconds. */
  readonly now: number;
  /** IANA name: days and times of the day are meant in it. */
  readonly timeZone: string;
}

/** For sentences about words that are none of them. */
export const MOMENT_FORMS = '`today`, `yesterday`, `12h`, `3d`, `2w`, `2026-11-20` or `2026-11-20 14:00`';

const MINUTE = 60_000;
const UNITS: Readonly<Record<string, number>> = {
  m: MINUTE,
  min: MINUTE,
  h: 60 * MINUTE,
  d: 24 * 60 * MINUTE,
  w: 7 * 24 * 60 * MINUTE,
};

/** Nothing is kept for so long. Far beyond it, no time can be shown. */
const LONGEST_MS = 3_653 * 24 * 60 * MINUTE;

const AGO = /^(\d{1,6})(m|min|h|d|w)$/;
const JOINED = /^\d{4}-\d{2}-\d{2}t/;
const TIME = /^(\d{1,2}):(\d{2})$/;
/** Meant as a moment, whatever is wrong with it. */
const MOMENT_LIKE = /^(\d+|\d+[a-z]{1,7}|\d[\d:./-]*\d(t[\d:]*)?)$/;

/**
 * The moment at the beginning of what was typed: a day, a day with a time, or how long ago. Undefined: the first word is
 * meant as something else. `problem`: a sentence that says what is wrong with it.
 */
export function readMoment(typed: readonly string[], now: Now): ReadMoment | undefined {
  const [first = '', second = ''] = typed.map((word) => word.toLowerCase());
  const [word = '', joined] = JOINED.test(first) ? first.split('t') : [first];
  const day = dayIn(word, now);
  if (day === undefined) return readAgo(first, now) ?? (MOMENT_LIKE.test(first) ? unreadable(first) : undefined);
  if (joined !== undefined) return onDay({ day, clock: joined, typed: first, words: 1 }, now);
  if (TIME.test(second)) return onDay({ day, clock: second, typed: `${first} ${second}`, words: 2 }, now);
  return notOutside(boundsOf(day, now.timeZone).from, { typed: first, words: 1 }, now);
}

function readAgo(word: string, { now }: Now): ReadMoment | undefined {
  const [, amount, unit] = AGO.exec(word) ?? [];
  if (amount === undefined) return undefined;
  const ms = Number(amount) * (UNITS[unit ?? ''] ?? 0);
  if (ms === 0) return { problem: `“${word}” is no time at all.` };
  return ms > LONGEST_MS ? tooLongAgo(word) : { at: now - ms, words: 1 };
}

interface Typed {
  readonly typed: string;
  readonly words: number;
}

function onDay(
  { day, clock, ...typed }: Typed & { readonly day: string; readonly clock: string },
  now: Now,
): ReadMoment {
  const [, hour = 24, minute = 60] = TIME.exec(clock)?.map(Number) ?? [];
  if (hour > 23 || minute > 59) return unreadable(typed.typed);
  return notOutside(momentOf(day, { hour, minute }, now.timeZone), typed, now);
}

function notOutside(at: number, { typed, words }: Typed, { now }: Now): ReadMoment {
  if (at > now) return { problem: `“${typed}” is still to come.` };
  return now - at > LONGEST_MS ? tooLongAgo(typed) : { at, words };
}

function tooLongAgo(typed: string): ReadMoment {
  return { problem: `“${typed}” is more than ten years ago.` };
}

function unreadable(typed: string): ReadMoment {
  return { problem: `“${typed}” is not a time that I can read.` };
}

function dayIn(word: string, { now, timeZone }: Now): string | undefined {
  const today = dayOf(now, timeZone);
  if (word === 'today') return today;
  if (word === 'yesterday') return dayBefore(today);
  return isDay(word) ? word : undefined;
}
