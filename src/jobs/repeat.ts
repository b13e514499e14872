import { Queue, Worker } from 'bullmq';
import { codeOf, tellRedisLost, type Log } from './log.ts';
import { workerOptions } from './queues.ts';

export interface RepeatingOptions {
  /** Of its queue: the same in all processes, and of no other queue. */
  readonly name: 'sweep' | 'ends' | 'logs' | 'digest' | 'review' | 'tunnels';
  readonly everyMs: number;
  readonly work: () => Promise<void>;
  /** From `connectForWork`. Stays the caller's to close. */
  readonly connection: Parameters<typeof workerOptions>[0]['connection'];
  readonly prefix: string;
  readonly log: Log;
}

export interface Repeating {
  close(): Promise<void>;
}

/** Does something at the start and then regularly, in one of the processes that live, whichever it is. */
export async function startRepeating({
  name,
  everyMs,
  work,
  connection,
  prefix,
  log,
}: RepeatingOptions): Promise<Repeating> {
  const options = workerOptions({ connection, prefix });
  const queue = new Queue(name, options);
  const worker = new Worker(name, work, options);
  const onError = tellRedisLost(log, 'What is done regularly lost Redis; it goes on when it is back');
  queue.on('error', onError);
  worker.on('error', onError);
  worker.on('failed', (_job, error) => log.warn({ name, ...codeOf(error) }, 'A regular job failed; it is done again'));
  const opts = { removeOnComplete: true, removeOnFail: true };
  // Of one with another interval BullMQ keeps the offset, by which a turn that was missed may come that interval late.
  const before = await queue.getJobScheduler(name);
  if (before !== undefined && before.every !== everyMs) await queue.removeJobScheduler(name);
  // At every start: a restored Redis may have lost it.
  await queue.upsertJobScheduler(name, { every: everyMs }, { name, opts });
  // A schedule that is there already goes on as it was, so its next turn may be an hour away.
  await queue.add(name, {}, opts);
  return {
    close: async () => {
      await worker.close();
      await queue.close();
    },
  };
}
