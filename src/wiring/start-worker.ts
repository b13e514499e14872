import { createOutbox } from '../jobs/outbox.ts';
import { createRunRequest } from '../jobs/run-request.ts';
import { createRunWorker } from '../jobs/run-worker.ts';
import { startSweep } from '../jobs/sweep.ts';
import { createPosts } from '../jobs/queues.ts';
import { steps } from '../steps/registry.ts';
import type { Foundation, Connections } from './foundation.ts';
import type { Surroundings } from './from-config.ts';

/** The Cloudflare side: runs approved requests, ends old ones, and delivers posts. */
export async function startWorker(
  { config, log, clock }: Surroundings,
  connections: Connections,
  foundation: Foundation,
): Promise<{ stop(): Promise<void> }> {
  const { store, locks, cloudflare, queues, notifier } = foundation;
  const shared = { connection: connections.work, prefix: config.redis.prefix, clock, log };
  const runRequest = createRunRequest({
    store,
    locks,
    steps,
    cloudflare,
    posts: createPosts({ queues }),
    clock,
    onBug: (error, requestId) => log.error({ requestId, err: error }, 'A step broke'),
  });
  const runs = createRunWorker({ ...shared, queue: 'runs', runRequest, concurrency: config.workerConcurrency });
  // Workers of its own: what is urgent never waits behind what is not.
  const emergency = createRunWorker({
    ...shared,
    queue: 'emergency',
    runRequest,
    concurrency: config.workerConcurrency,
  });
  const outbox = createOutbox({ ...shared, notifier, store });
  const sweep = await startSweep({ ...shared, store });
  return {
    stop: async () => {
      await Promise.all([runs.close(), emergency.close(), sweep.close()]);
      await outbox.close();
    },
  };
}
