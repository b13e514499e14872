import { tendStay, type TendDependencies } from '../core/tend-stays.ts';
import type { Timer } from '../core/timer.ts';
import { reportAttempts, type AttemptsDependencies } from './report-attempts.ts';

/** What a timer was set for. Harmless to do twice. Throws TransientError where it is to be tried again. */
export function createCarryOutTimer(
  dependencies: AttemptsDependencies & TendDependencies,
): (timer: Timer) => Promise<void> {
  return (timer) =>
    timer.kind === 'attempts' ? reportAttempts(dependencies, timer) : tendStay(dependencies, timer.email);
}
