const PAUSES_MS = [2_000, 4_000, 8_000, 16_000, 30_000, 60_000];

/** How long to wait after so many failed tries (from 1), in milliseconds. */
export function pauseAfter(tries: number, longestMs: number): number {
  return Math.min(longestMs, PAUSES_MS[tries - 1] ?? longestMs);
}
