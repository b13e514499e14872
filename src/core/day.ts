import { localTime } from './local-time.ts';

export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

/** Epoch milliseconds: the first moment of a day and that of the next one. Both are the same for a day that was left out. */
export interface DayBounds {
  readonly from: number;
  readonly to: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The day, `2026-11-20`, on which a moment (epoch milliseconds) is in a time zone. */
export function dayOf(at: number, timeZone: string): string {
  return written(localTime(at, timeZone));
}

/** 23, 24 or 25 hours where the clocks change by an hour. */
export function boundsOf(day: string, timeZone: string): DayBounds {
  return { from: firstMomentAt(read(day), timeZone), to: firstMomentAt(read(dayAfter(day)), timeZone) };
}

export function dayBefore(day: string): string {
  return daysBefore(day, 1);
}

export function dayAfter(day: string): string {
  return daysBefore(day, -1);
}

export function daysBefore(day: string, days: number): string {
  return written(read(day) - days * DAY_MS);
}

/** When the clocks of a time zone show a time on a day: the first time if they show it twice, right after the jump if they leave it out. */
export function momentOf(day: string, { hour, minute }: TimeOfDay, timeZone: string): number {
  return firstMomentAt(read(day) + (hour * 60 + minute) * 60_000, timeZone);
}

/** The first moment at which the clocks show this local time or, if they never do, a later one. */
function firstMomentAt(local: number, timeZone: string): number {
  const offsets = [local - DAY_MS, local + DAY_MS].map((at) => localTime(at, timeZone) - at);
  const earliest = local - Math.max(...offsets);
  const latest = local - Math.min(...offsets);
  const exact = [earliest, latest].find((at) => localTime(at, timeZone) === local);
  if (exact !== undefined) return exact;
  let before = earliest;
  let after = latest;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (localTime(middle, timeZone) < local) before = middle;
    else after = middle;
  }
  return after;
}

/** Whether there is such a day: `2026-02-30` is none. */
export function isDay(text: string): boolean {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? read(text) : Number.NaN;
  return !Number.isNaN(at) && written(at) === text;
}

/** So many days or months later. A month later than 31 January is the last day of February. */
export function dayLater(day: string, { days = 0, months = 0 }: { days?: number; months?: number }): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const lastOfMonth = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return written(Date.UTC(year, month - 1 + months, Math.min(date, lastOfMonth) + days));
}

/** The last millisecond of a day in a time zone. */
export function endOfDay(day: string, timeZone: string): number {
  return boundsOf(day, timeZone).to - 1;
}

function read(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

function written(local: number): string {
  return new Date(local).toISOString().slice(0, 10);
}
