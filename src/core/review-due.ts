import { dayOf, daysBefore, momentOf, type TimeOfDay } from './day.ts';

interface DueFacts {
  /** Epoch milliseconds. */
  readonly now: number;
  /** When it is told on Mondays. */
  readonly at: TimeOfDay;
  /** IANA name. */
  readonly timeZone: string;
  /** The last week that is settled. Undefined: nobody has looked before. */
  readonly lastWeek: string | undefined;
}

export type DueReview =
  | { readonly kind: 'not-due' }
  /** `dueAt`: epoch milliseconds. */
  | { readonly kind: 'due'; readonly week: string; readonly dueAt: number }
  /** Nobody has looked before: this week counts as settled, and the next review is the first. */
  | { readonly kind: 'first-look'; readonly settled: string };

/**
 * Whether the review of this week, named by its Monday, is to be told now: on Monday from that time on, or, if that was
 * missed, on any day until Sunday. Earlier weeks are not made up for: a review tells how things are now.
 */
export function dueReview({ now, at, timeZone, lastWeek }: DueFacts): DueReview {
  const week = mondayOf(dayOf(now, timeZone));
  const dueAt = momentOf(week, at, timeZone);
  if (lastWeek === undefined) return { kind: 'first-look', settled: now < dueAt ? daysBefore(week, 7) : week };
  return now < dueAt || lastWeek >= week ? { kind: 'not-due' } : { kind: 'due', week, dueAt };
}

/** The Monday on that day or before it. */
function mondayOf(day: string): string {
  const sinceMonday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
  return daysBefore(day, sinceMonday);
}
