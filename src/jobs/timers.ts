import { UnrecoverableError, Worker } from 'bullmq';
import { TransientError } from '../core/errors.ts';
import type { Clock, Timers } from '../core/ports.ts';
import type { Timer } from '../core/timer.ts';
import { codeOf, tellRedisLost, type Log } from './log.ts';
import { jobIdOf, type Queues, storeDown, TimerJob, workerOptions } from './queues.ts';

const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 10 * 60_000;
/** About three hours of waiting; what is left undone then, the hourly look at all end dates does. */
const TRIES = 24;

export interface TimersDependencies {
  readonly queues: Pick<Queues, 'timers'>;
  readonly clock: Clock;
}

/** Throws TransientError (`store-down`) when Redis does not answer; the timer may be set nevertheless. */
export function createTimers({ queues, clock }: TimersDependencies): Timers {
  return {
    async set(key, timer, at) {
      // The queue's clock is the machine's, whatever ours says.
      const delay = Math.max(0, at - clock.now());
      const opts = { jobId: jobIdOf(key), delay, attempts: TRIES, backoff: { type: 'custom' } };
      try {
        await queues.timers.add(timer.kind, { timer }, opts);
      } catch (cause) {
        throw storeDown(cause);
      }
    },
  };
}

export interface TimerWorkerDependencies {
  readonly carryOut: (timer: Timer) => Promise<void>;
  /** From `connectForWork`. Stays the caller's to close. */
  readonly connection: Parameters<typeof workerOptions>[0]['connection'];
  readonly prefix: string;
  readonly log: Log;
  /** First pause after a failure; it doubles up to ten minutes. */
  readonly firstPauseMs?: number;
}

/** Does what timers were set for. What fails for the moment is tried again for hours, or when the far end said. */
export function createTimerWorker(dependencies: TimerWorkerDependencies): { close(): Promise<void> } {
  const { carryOut, connection, prefix, log, firstPauseMs = FIRST_PAUSE_MS } = dependencies;
  const worker = new Worker<TimerJob>(
    'timers',
    async (job) => {
      try {
        await carryOut(TimerJob.parse(job.data).timer);
      } catch (error) {
        // An address may stand in the text of an error and in the job's id: neither reaches the log.
        const facts = { ...factsOf(job.data), ...codeOf(error) };
        if (error instanceof TransientError) {
          log.info(facts, 'A timer could not be carried out; it is tried again');
          throw error;
        }
        log.error(facts, 'A timer could not be carried out');
        throw new UnrecoverableError('It can’t be carried out.');
      }
    },
    {
      ...workerOptions({ connection, prefix }),
      settings: {
        backoffStrategy: (tries, _type, error) =>
          error instanceof TransientError && error.retryAfterMs !== undefined
            ? error.retryAfterMs
            : Math.min(firstPauseMs * 2 ** (tries - 1), LONGEST_PAUSE_MS),
      },
    },
  );
  worker.on('error', tellRedisLost(log, 'The timers lost Redis; they go on when it is back'));
  return { close: () => worker.close() };
}

/** Read with care: it may be the very data that could not be parsed. */
function factsOf(data: unknown): { readonly timer?: string; readonly requestId?: string } {
  const parsed = TimerJob.safeParse(data).data?.timer;
  if (parsed === undefined) return {};
  return parsed.kind === 'attempts' ? { timer: parsed.kind, requestId: parsed.requestId } : { timer: parsed.kind };
}
