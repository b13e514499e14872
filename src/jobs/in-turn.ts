import { TransientError } from '../core/errors.ts';
import type { Lock, Locks } from '../core/ports.ts';
import { codeOf, type Log } from './log.ts';

export interface Turn {
  /** What is locked meanwhile. */
  readonly resource: string;
  /** For the log, where it fails for now. */
  readonly ifNotNow: string;
}

/** Does what is done regularly, in one process at a time. What fails for now is left to the next turn. */
export async function inTurn(
  { locks, log }: { readonly locks: Locks; readonly log: Pick<Log, 'info'> },
  { resource, ifNotNow }: Turn,
  work: (lock: Lock) => Promise<void>,
): Promise<void> {
  try {
    await locks.hold(resource, work);
  } catch (error) {
    if (!(error instanceof TransientError)) throw error;
    log.info(codeOf(error), ifNotNow);
  }
}
