import { hashOf } from './hash.ts';

/** How often each of many values came, in memory that does not grow with them. */
export interface Often {
  /** Counts it once more, unless it came `most` times. Returns how often it came before: never too few, too many where values share their places. */
  countUpTo(most: number, value: string): number;
  /** It came at least so often by now. */
  raise(value: string, times: number): void;
}

/** As many counts as a value has, each in a row of its own. */
const ROWS = 4;
const PLACE_BITS = 16;
const PLACES = 2 ** PLACE_BITS;
const MOST = 2 ** 16 - 1;

/** A count-min sketch of half a megabyte. */
export function createOften(): Often {
  const counts = new Uint16Array(ROWS * PLACES);

  function smallest(hash: number): number {
    let least = MOST;
    for (let row = 0; row < ROWS; row += 1) least = Math.min(least, counts[placeOf(hash, row)] ?? 0);
    return least;
  }

  function raiseTo(times: number, hash: number): void {
    for (let row = 0; row < ROWS; row += 1) {
      const place = placeOf(hash, row);
      if ((counts[place] ?? 0) < times) counts[place] = Math.min(times, MOST);
    }
  }

  return {
    countUpTo(most, value) {
      const hash = hashOf(value);
      const before = smallest(hash);
      if (before < most) raiseTo(before + 1, hash);
      return before;
    },
    raise: (value, times) => raiseTo(times, hashOf(value)),
  };
}

/** The step to the next row depends on the value too, and is odd: who shares a place in one row does not share all. */
function placeOf(hash: number, row: number): number {
  const step = Math.imul(hash, 0x9e3779b1) | 1;
  return row * PLACES + ((hash + Math.imul(row, step)) >>> (32 - PLACE_BITS));
}
