import type { Clock } from '../../src/core/ports.ts';
import { ASKED_AT } from './a-request.ts';

export interface MovableClock extends Clock {
  advance(ms: number): void;
  /** Forward only; a moment that is past already changes nothing. */
  advanceTo(at: number): void;
}

export function aClock(start: number = ASKED_AT): MovableClock {
  let now = start;
  return {
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    advanceTo: (at) => {
      now = Math.max(now, at);
    },
  };
}
