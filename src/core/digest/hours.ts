import type { DayBounds } from '../day.ts';
import { localTime } from '../local-time.ts';

/** The hours of one day as its clocks show them. */
export interface Hours {
  /** `09:00`; an hour that comes a second time is `02:00 again`. */
  readonly labels: readonly string[];
  /** The place among the labels of a moment (epoch milliseconds) of the day. */
  placeOf(at: number): number;
}

const HOUR_MS = 60 * 60 * 1000;

/** They begin at each full hour and where the clocks are changed: 23, 24 or 25 as a rule, some of them shorter in few zones. */
export function hoursOf({ from, to }: DayBounds, timeZone: string): Hours {
  const starts: number[] = [];
  for (let start = from; start < to; start = nextStart(start, timeZone)) starts.push(start);
  const ends = [...starts.slice(1), Infinity];
  return {
    labels: labelsOf(starts, timeZone),
    placeOf(at) {
      let place = Math.min(ends.length - 1, Math.floor((at - from) / HOUR_MS));
      while (place > 0 && at < (starts[place] ?? from)) place -= 1;
      while (at >= (ends[place] ?? Infinity)) place += 1;
      return place;
    },
  };
}

function nextStart(start: number, timeZone: string): number {
  const local = localTime(start, timeZone);
  const offset = local - start;
  const fullHour = start + HOUR_MS - (local % HOUR_MS);
  if (localTime(fullHour, timeZone) - fullHour === offset) return fullHour;
  let before = start;
  let after = fullHour;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (localTime(middle, timeZone) - middle === offset) before = middle;
    else after = middle;
  }
  return after;
}

function labelsOf(starts: readonly number[], timeZone: string): string[] {
  const labels: string[] = [];
  for (const start of starts) {
    const label = new Date(localTime(start, timeZone)).toISOString().slice(11, 16);
    labels.push(labels.includes(label) ? `${label} again` : label);
  }
  return labels;
}
