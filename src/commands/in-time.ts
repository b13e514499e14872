import { within } from '../core/within.ts';

/** What comes in time, or what stands in for it, also where nothing can be had. */
export function inTime<T>(work: Promise<T>, otherwise: T, ms: number): Promise<T> {
  return within(
    ms,
    work.catch(() => otherwise),
    () => otherwise,
  );
}
