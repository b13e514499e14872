import { tendStays, type TendDependencies } from '../core/tend-stays.ts';
import { startRepeating, type Repeating, type RepeatingOptions } from './repeat.ts';

export interface TendingDependencies extends Pick<RepeatingOptions, 'connection' | 'prefix' | 'log'> {
  readonly tending: TendDependencies;
  readonly everyMs?: number;
}

const HOUR = 60 * 60 * 1000;

/** Looks at all end dates, at the start and every hour: a timer that was lost makes the end late, and no more. */
export function startTending({ tending, everyMs = HOUR, ...shared }: TendingDependencies): Promise<Repeating> {
  return startRepeating({ ...shared, name: 'ends', everyMs, work: () => tendStays(tending) });
}
