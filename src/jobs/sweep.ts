import { Queue, Worker } from 'bullmq';
import { expireRequests } from '../core/expire.ts';
import type { Clock, Store } from '../core/ports.ts';
import { type Request } from '../core/request.ts';
import { tellRedisLost, type Log } from './log.ts';
import { workerOptions } from './queues.ts';

export interface SweepDependencies {
  readonly store: Store;
  readonly clock: Clock;
  /** From `connectForWork`. Stays the caller's to close. */
  readonly connection: Parameters<typeof workerOptions>[0]['connection'];
  readonly prefix: string;
  readonly log: Log;
  readonly everyMs?: number;
}

/** A run that has written nothing down for this long has no worker: even a far end that hangs is given up sooner. */
const ABANDONED_MS = 5 * 60 * 1000;

/** Ends requests whose time is over and takes up runs whose job got lost, say with a restored Redis. */
export async function sweep(
  store: Store,
  clock: Clock,
): Promise<{ readonly expired: string[]; readonly resumed: string[] }> {
  const expired = await expireRequests(store, clock);
  const now = clock.now();
  const abandoned = (await store.unfinished()).filter((request) => isAbandoned(request, now));
  for (const { id } of abandoned) {
    await store.commit({ audit: [], effects: [{ kind: 'run', requestId: id }] });
  }
  return { expired, resumed: abandoned.map(({ id }) => id) };
}

function isAbandoned(request: Request, now: number): boolean {
  if (request.status !== 'approved' && request.status !== 'running') return false;
  const lastSigns = [
    request.createdAt,
    request.decidedAt,
    request.startedAt,
    request.waitingUntil,
    ...request.steps.map(({ at }) => at),
  ];
  return now - Math.max(...lastSigns.map((at) => at ?? 0)) > ABANDONED_MS;
}

/** Sweeps every half minute, in one of the processes that live, whichever it is. */
export async function startSweep({
  store,
  clock,
  connection,
  prefix,
  log,
  everyMs = 30_000,
}: SweepDependencies): Promise<{ close(): Promise<void> }> {
  const options = workerOptions({ connection, prefix });
  const queue = new Queue('sweep', options);
  const worker = new Worker(
    'sweep',
    async () => {
      const { expired, resumed } = await sweep(store, clock);
      for (const requestId of expired) log.info({ requestId }, 'Request expired');
      for (const requestId of resumed) log.warn({ requestId }, 'Run had no worker; taken up again');
    },
    options,
  );
  const onError = tellRedisLost(log, 'The sweep lost Redis; it goes on when it is back');
  queue.on('error', onError);
  worker.on('error', onError);
  worker.on('failed', (_job, error) => log.warn({ err: error }, 'A sweep failed; the next one is soon'));
  // At every start: a restored Redis may have lost it.
  await queue.upsertJobScheduler(
    'sweep',
    { every: everyMs },
    { name: 'sweep', opts: { removeOnComplete: true, removeOnFail: true } },
  );
  return {
    close: async () => {
      await worker.close();
      await queue.close();
    },
  };
}
