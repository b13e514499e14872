import { DelayedError, Worker } from 'bullmq';
import type { Clock } from '../core/ports.ts';
import { tellRedisLost, type Log } from './log.ts';
import { type QueueName, RunJob, workerOptions } from './queues.ts';
import type { RunResult } from './run-request.ts';

export interface RunWorkerDependencies {
  readonly queue: Extract<QueueName, 'runs' | 'emergency'>;
  readonly runRequest: (requestId: string) => Promise<RunResult>;
  readonly clock: Clock;
  /** From `connectForWork`. Stays the caller's to close. */
  readonly connection: Parameters<typeof workerOptions>[0]['connection'];
  readonly prefix: string;
  readonly concurrency: number;
  readonly log: Log;
}

/** What cannot be written down for lack of Redis or for a bug of ours is taken up again after this. */
const AFTER_ERROR_MS = 5_000;

/** Takes requests from the queue. One that has to wait goes back with a delay and the worker is free meanwhile. */
export function createRunWorker(dependencies: RunWorkerDependencies): { close(): Promise<void> } {
  const { queue, runRequest, clock, connection, prefix, concurrency, log } = dependencies;

  const worker = new Worker<RunJob>(
    queue,
    async (job, token) => {
      const { requestId } = RunJob.parse(job.data);
      const result = await runRequest(requestId).catch((error: unknown): RunResult => {
        log.error({ requestId, err: error }, 'A run was interrupted; it goes on in a moment');
        return { kind: 'again', at: clock.now() + AFTER_ERROR_MS };
      });
      if (result.kind === 'over') return;
      // The queue's clock is the machine's, whatever ours says.
      await job.moveToDelayed(Date.now() + Math.max(0, result.at - clock.now()), token);
      throw new DelayedError();
    },
    { ...workerOptions({ connection, prefix }), concurrency },
  );
  worker.on('error', tellRedisLost(log, 'The worker lost Redis; it goes on when it is back'));

  return { close: () => worker.close() };
}
