import { boundsOf, dayAfter, dayBefore, dayOf, daysBefore, momentOf, type TimeOfDay } from '../day.ts';

export interface DueDay {
  /** `2026-11-20` */
  readonly day: string;
  /** Epoch milliseconds: from when on its digest is to be told. */
  readonly dueAt: number;
}

export interface Due {
  /** Oldest first. */
  readonly days: readonly DueDay[];
  /** Days before them that are not made up for any more. */
  readonly skipped: number;
}

interface DueFacts {
  /** Epoch milliseconds. */
  readonly now: number;
  /** When the day before is told. */
  readonly at: TimeOfDay;
  /** IANA name. */
  readonly timeZone: string;
  /** The last day that is settled. Undefined: none ever was, and only the newest one is due. */
  readonly lastDay: string | undefined;
}

export const MOST_MADE_UP = 7;

const DAY_MS = 24 * 60 * 60 * 1000;

/** The days whose digests are to be told now. */
export function dueDays(facts: DueFacts): Due {
  const { lastDay, timeZone } = facts;
  const newest = newestDue(facts);
  if (lastDay === undefined) return { days: [newest], skipped: 0 };
  if (lastDay >= newest.day) return { days: [], skipped: 0 };
  const oldest = daysBefore(newest.day, MOST_MADE_UP - 1);
  const first = lastDay < oldest ? oldest : dayAfter(lastDay);
  const days: DueDay[] = [];
  for (let day = first; day <= newest.day; day = dayAfter(day)) {
    const { from, to } = boundsOf(day, timeZone);
    if (to > from) days.push({ day, dueAt: dueAt(day, facts) });
  }
  return { days, skipped: (Date.parse(first) - Date.parse(dayAfter(lastDay))) / DAY_MS };
}

function newestDue(facts: DueFacts): DueDay {
  let day = dayBefore(dayOf(facts.now, facts.timeZone));
  while (dueAt(day, facts) > facts.now) day = dayBefore(day);
  return { day, dueAt: dueAt(day, facts) };
}

function dueAt(day: string, { at, timeZone }: DueFacts): number {
  return momentOf(dayAfter(day), at, timeZone);
}
