import { isKnownError } from '../core/errors.ts';

/** What jobs need of the logger. Messages are static, what differs goes into the facts. */
export interface Log {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

const QUIET_MS = 60_000;

/** For the `error` event of queues and workers, which comes with every try to reach Redis again: told once a minute. */
export function tellRedisLost(log: Log, message: string): (error: Error) => void {
  let toldAt = -Infinity;
  return (error) => {
    const now = performance.now();
    if (now - toldAt < QUIET_MS) return;
    toldAt = now;
    log.warn({ err: error }, message);
  };
}

/** Of an error whose text may name people: its code, unless it is a bug of ours. */
export function codeOf(error: unknown): { readonly code: string } | { readonly err: unknown } {
  return isKnownError(error) ? { code: error.code } : { err: error };
}
