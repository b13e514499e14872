import { actions } from '../actions/registry.ts';
import { createAsk } from '../core/ask.ts';
import type { TendDependencies } from '../core/tend-stays.ts';
import { createCarryOutTimer } from '../jobs/carry-out-timer.ts';
import { startDigests } from '../jobs/digest.ts';
import { createOutbox } from '../jobs/outbox.ts';
import { startPulling } from '../jobs/pull-logs.ts';
import { startReviews } from '../jobs/review.ts';
import { createRunRequest } from '../jobs/run-request.ts';
import { createRunWorker } from '../jobs/run-worker.ts';
import type { Repeating } from '../jobs/repeat.ts';
import { startSweep } from '../jobs/sweep.ts';
import { startTending } from '../jobs/tend.ts';
import { createTimers, createTimerWorker } from '../jobs/timers.ts';
import { startWatching } from '../jobs/watch-tunnels.ts';
import { createPosts } from '../jobs/queues.ts';
import { steps } from '../steps/registry.ts';
import type { Foundation, Connections } from './foundation.ts';
import type { Surroundings } from './from-config.ts';

/** What is done regularly, in one of the processes that live. */
export const ROUNDS = ['sweep', 'ends', 'logs', 'digest', 'review', 'tunnels'] as const;
export type Round = (typeof ROUNDS)[number];

/** The Cloudflare side: runs approved requests, ends old ones and what has an end date, watches the tunnels, and delivers posts. */
export async function startWorker(
  { config, log, clock }: Surroundings,
  connections: Connections,
  foundation: Foundation,
  rounds: readonly Round[] = ROUNDS,
): Promise<{ stop(): Promise<void> }> {
  const { store, stays, locks, logs, vault, cloudflare, server, directory, queues, notifier, settings } = foundation;
  const shared = { connection: connections.work, prefix: config.redis.prefix, clock, log };
  const timers = createTimers({ queues, clock });
  const runRequest = createRunRequest({
    store,
    stays,
    locks,
    steps,
    cloudflare,
    server,
    vault,
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
  const ask = createAsk({ actions, store, stays, locks, cloudflare, server, directory, clock, settings });
  const tending: TendDependencies = { stays, store, locks, timers, clock, ask };
  const timerWorker = createTimerWorker({ ...shared, carryOut: createCarryOutTimer({ ...tending, cloudflare }) });
  const outbox = createOutbox({ ...shared, notifier, store });
  const starts: Record<Round, () => Promise<Repeating>> = {
    sweep: () => startSweep({ ...shared, store }),
    ends: () => startTending({ ...shared, tending }),
    logs: () =>
      startPulling({
        ...shared,
        store,
        locks,
        logs,
        cloudflare,
        settings: { ...config.logs, timeZone: config.timeZone },
      }),
    digest: () =>
      startDigests({
        ...shared,
        store,
        stays,
        locks,
        logs,
        cloudflare,
        settings: { timeZone: config.timeZone, retentionDays: config.logs.retentionDays, at: config.digestAt },
      }),
    review: () =>
      startReviews({
        ...shared,
        store,
        stays,
        locks,
        logs,
        cloudflare,
        settings: { timeZone: config.timeZone, at: config.digestAt },
      }),
    tunnels: () => startWatching({ ...shared, store, locks, cloudflare, server, ask, settings: config.tunnel }),
  };
  const repeating = await Promise.all(rounds.map((round) => starts[round]()));
  return {
    stop: async () => {
      await Promise.all([runs, emergency, timerWorker, ...repeating].map((part) => part.close()));
      await outbox.close();
    },
  };
}
