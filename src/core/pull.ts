import type { LogGap, Pulled } from './logs.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How far back is read again: rows may come late, and analytics later than the log. */
const OVERLAP_MS = 10 * MINUTE;
/** How long after an hour its sessions are taken to be counted. */
const SETTLED_MS = 15 * MINUTE;
/** Cloudflare keeps rows for as long as this on every plan; for how much longer is not known. */
const KEPT_MS = DAY;
/** Analytics are not asked again for rows that are older. */
const DETAILS_REACH_MS = 7 * DAY;
const GAPS_KEPT = 50;

/** Epoch milliseconds. */
export interface Stretch {
  readonly since: number;
  readonly until: number;
}

/** Of the Access log, before it was ever read: the last day. */
export function firstAccess(now: number): Pulled {
  return { until: now - DAY, gaps: [] };
}

/** Of network sessions, which are counted by the hour. */
export function firstNetwork(now: number): Pulled {
  return { until: settledHour(now) - DAY, gaps: [] };
}

/**
 * The stretch of the Access log to read now. From the newest row that there was on, if that is earlier: a clock of ours
 * that is ahead of Cloudflare’s leaves nothing out, and whether that row still comes tells a gap from a quiet time.
 */
export function accessStretch({ until, newest = until }: Pulled, now: number): Stretch {
  return { since: Math.min(until - OVERLAP_MS, newest, now), until: now };
}

/** Whether it was read to its end a moment ago, say by another process. */
export function isJustRead(pulled: Pulled | undefined, now: number, everyMs: number): boolean {
  return pulled !== undefined && now - pulled.until >= 0 && now - pulled.until < everyMs / 2;
}

/** The next stretch of network sessions, a day at most. Undefined: no whole hour is left. */
export function networkStretch({ until }: Pulled, now: number): Stretch | undefined {
  const over = settledHour(now);
  return until < over ? { since: until, until: Math.min(until + DAY, over) } : undefined;
}

/** With an hour before it, of which something may have been counted late. */
export function withHourBefore({ since, until }: Stretch): Stretch {
  return { since: since - HOUR, until };
}

/** The end of the last hour whose sessions are counted by now. */
export function settledHour(now: number): number {
  return wholeHour(now - SETTLED_MS);
}

/** The beginning of the hour in which a moment is. */
export function wholeHour(at: number): number {
  return Math.floor(at / HOUR) * HOUR;
}

/** Whether it was last read so long ago that rows may be gone. While there is no such data, none are. */
export function mayHaveGap(before: Pulled | undefined, now: number): boolean {
  return before !== undefined && before.askAt === undefined && now - before.until > KEPT_MS;
}

/**
 * After a time in which nothing was read: what of it is lost, given the rows that came for the stretch up to `end`. If the
 * newest one of before comes again, nothing is.
 */
export function noteGap(before: Pulled, rows: readonly { readonly at: number }[], end: number, now: number): Pulled {
  const { until, newest = until, gaps } = before;
  const oldest = rows.reduce((earliest, { at }) => Math.min(earliest, at), Infinity);
  if (oldest <= newest) return before;
  const to = Math.min(oldest, end, now - KEPT_MS);
  return to <= until ? before : { ...before, gaps: addGap(gaps, { from: until, to, why: LOST }) };
}

const LOST = 'The bot did not read the log at that time, and afterwards Cloudflare no longer had the rows.';

/** Gaps that follow each other are one. */
function addGap(gaps: readonly LogGap[], gap: LogGap): LogGap[] {
  const last = gaps.at(-1);
  const joins = last !== undefined && last.why === gap.why && last.to >= gap.from;
  return [...(joins ? gaps.slice(0, -1) : gaps), joins ? { ...gap, from: last.from } : gap].slice(-GAPS_KEPT);
}

/** What holds once rows up to `until` are stored. Neither of the two is ever ahead of the clock. */
export function storedUpTo(
  before: Pulled,
  until: number,
  rows: readonly { readonly at: number }[],
  now: number,
): Pulled {
  const newest = rows.reduce((latest, { at }) => Math.max(latest, Math.min(at, now)), before.newest ?? -Infinity);
  return {
    ...before,
    until: Math.min(until, now),
    ...(newest === -Infinity ? {} : { newest }),
  };
}

/** Analytics are yet to be asked for the rows of this stretch. */
export function oweDetails(before: Pulled, { since, until }: Stretch): Pulled {
  const owed = before.details?.owed ?? { since, until };
  const earliest = Math.max(Math.min(owed.since, since), until - DETAILS_REACH_MS);
  return {
    ...before,
    details: { ...before.details, owed: { since: earliest, until: Math.max(owed.until, until) } },
  };
}

/** Analytics were asked for the rows before `since`; without it, for all. */
export function detailsHad(before: Pulled, since?: number): Pulled {
  const { owed } = before.details ?? {};
  const { details: _, ...rest } = before;
  return owed === undefined || since === undefined ? rest : { ...rest, details: { owed: { ...owed, since } } };
}

/** There are none: asked again a day later. */
export function noDetails(before: Pulled, why: string, now: number): Pulled {
  return { ...before, details: { ...before.details, none: { why, askAt: now + DAY } } };
}

/** It can be read. */
export function withoutProblem(before: Pulled): Pulled {
  const { problem: _problem, askAt: _askAt, ...rest } = before;
  return rest;
}

/** Plan or token have no such data: asked again a day later, and then for that day. */
export function noSuchData(before: Pulled, why: string, now: number): Pulled {
  return { ...before, until: Math.max(before.until, settledHour(now)), problem: why, askAt: now + DAY };
}

/** What Cloudflare surely still has of a log that could not be read for longer than that. The rest is a gap. */
export function skipToWhatIsKept(before: Pulled, now: number): Pulled {
  const until = settledHour(now) - DAY;
  return until <= before.until ? before : { ...noteGap(before, [], until, now), until };
}
