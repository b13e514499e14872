import { actions } from '../actions/registry.ts';
import { createAsk } from '../core/ask.ts';
import type { TendDependencies } from '../core/tend-stays.ts';
import { createCarryOutTimer } from '../jobs/carry-out-timer.ts';
import { createOutbox } from '../jobs/outbox.ts';
import { createRunRequest } from '../jobs/run-request.ts';
import { createRunWorker } from '../jobs/run-worker.ts';
import { startSweep } from '../jobs/sweep.ts';
import { startTending } from '../jobs/tend.ts';
import { createTimers, createTimerWorker } from '../jobs/timers.ts';
import { startWatching } from '../jobs/watch-tunnels.ts';
import { createPosts } from '../jobs/queues.ts';
import { steps } from '../steps/registry.ts';
import type { Foundation, Connections } from './foundation.ts';
import type { Surroundings } from './from-config.ts';

/** The Cloudflare side: runs approved requests, ends old ones and what has an end date, watches the tunnels, and delivers posts. */
export async function startWorker(
  { config, log, clock }: Surroundings,
  connections: Connections,
  foundation: Foundation,
): Promise<{ stop(): Promise<void> }> {
  const { store, stays, locks, cloudflare, server, directory, queues, notifier, settings } = foundation;
  const shared = { connection: connections.work, prefix: config.redis.prefix, clock, log };
  const timers = createTimers({ queues, clock });
  const runRequest = createRunRequest({
    store,
    stays,
    locks,
    steps,
    cloudflare,
    server,
    posts: createPosts({ queues }),
    timers,
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
  const ask = createAsk({ actions, store, stays, cloudflare, server, directory, clock, settings });
  const tending: TendDependencies = { stays, store, locks, timers, clock, ask };
  const timerWorker = createTimerWorker({ ...shared, carryOut: createCarryOutTimer({ ...tending, cloudflare }) });
  const outbox = createOutbox({ ...shared, notifier, store });
  const [sweep, tends, watch] = await Promise.all([
    startSweep({ ...shared, store }),
    startTending({ ...shared, tending }),
    startWatching({ ...shared, store, locks, cloudflare, server, ask, settings: config.tunnel }),
  ]);
  return {
    stop: async () => {
      await Promise.all([runs, emergency, timerWorker, sweep, tends, watch].map((part) => part.close()));
      await outbox.close();
    },
  };
}
