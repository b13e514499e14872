import { once } from 'node:events';
import { Queue } from 'bullmq';
import { parseRedisTarget } from '../../src/core/redis-target.ts';
import type { QueueName } from '../../src/jobs/queues.ts';
import { connectForAnswers } from '../../src/store/connect.ts';
import type { TestSandbox } from './use-sandbox.ts';

const QUEUES: readonly QueueName[] = ['timers', 'posts', 'runs', 'emergency'];

/** BullMQ keeps the moment of a delayed job in the upper bits of its score. */
const SCORE_UNIT = 0x1000;

/** Lets time pass for the house and for its queues, whose delays go by the machine’s clock: what is due then comes now. */
export async function passTime({ clock, env }: Pick<TestSandbox, 'clock' | 'env'>, ms: number): Promise<void> {
  const connection = connectForAnswers(parseRedisTarget(env['REDIS_URL'] ?? ''), { onError: () => undefined });
  await once(connection, 'ready');
  const prefix = `${env['REDIS_PREFIX'] ?? ''}:queue`;
  const queues = QUEUES.map((name) => new Queue(name, { connection, prefix, skipVersionCheck: true }));
  // All of them first: what comes early may itself put something off, which is not to come early as well.
  const delayed = await Promise.all(
    queues.map(async (queue) => {
      const jobs = await queue.getDelayed();
      return Promise.all(
        jobs.map(async (job) => {
          const score = Number(await connection.zscore(queue.toKey('delayed'), job.id ?? ''));
          return { job, dueAt: Math.floor(score / SCORE_UNIT) };
        }),
      );
    }),
  );
  clock.forward(ms);
  for (const { job, dueAt } of delayed.flat()) {
    // One that has just begun by itself is delayed no more.
    await job.changeDelay(Math.max(0, dueAt - Date.now() - ms)).catch(() => undefined);
  }
  await Promise.all(queues.map((queue) => queue.close()));
  connection.disconnect();
}
