import { Queue, Worker } from 'bullmq';
import { pino } from 'pino';
import { z } from 'zod';
import { hashPlan } from '../../../src/core/plan.ts';
import type { Cloudflare } from '../../../src/core/ports.ts';
import { parseRedisTarget } from '../../../src/core/redis-target.ts';
import type { Server } from '../../../src/core/server.ts';
import { requestId } from '../../../src/core/request.ts';
import { defineStep } from '../../../src/core/step.ts';
import { createPosts, createQueues, workerOptions } from '../../../src/jobs/queues.ts';
import { createRelay, withRelay } from '../../../src/jobs/relay.ts';
import { createRunRequest } from '../../../src/jobs/run-request.ts';
import { createRunWorker } from '../../../src/jobs/run-worker.ts';
import { createTimers } from '../../../src/jobs/timers.ts';
import { connectForWork } from '../../../src/store/connect.ts';
import { createMemoryVault } from '../../builders/memory-vault.ts';
import { createLocks } from '../../../src/store/locks.ts';
import { createStore } from '../../../src/store/store.ts';
import { aRecord, aRequest, CARA } from '../../builders/a-request.ts';
import { openPlace, rethrow } from '../on-redis.ts';
import type { Bench, Row } from '../row.ts';
import { inTurns, ratiosOf } from '../spread.ts';

const JOBS = 2000;
/** What the configuration has if it says nothing. */
const CONCURRENCY = 5;

export const jobs: Row = {
  name: 'jobs',
  about: `${JOBS} approved requests with one step that does nothing, recorded and audited, ${CONCURRENCY} at a time`,
  aim: 3,
  runs: 5,
  needsBuild: false,
  async measure(bench) {
    const relayed: number[] = [];
    const runOurs = async (): Promise<number> => {
      const { doneMs, relayedMs } = await runRequests(bench);
      relayed.push(relayedMs);
      return doneMs;
    };
    const { ours, theirs } = await inTurns(bench.runs, runOurs, () => runBare(bench));
    return [
      {
        against: 'a bare BullMQ worker with as many jobs that do nothing, on the same Redis',
        ratios: ratiosOf(ours, theirs),
        figures: [
          { what: 'ocs-access, all requests done', unit: 'ms', values: ours },
          { what: '… and all their posts in the outbox', unit: 'ms', values: relayed.slice(1) },
          { what: 'bare BullMQ', unit: 'ms', values: theirs },
        ],
      },
    ];
  },
};

const doNothing = defineStep({
  id: 'do-nothing',
  args: z.object({}),
  says: () => 'Do nothing',
  readsBack: false,
  look: async () => ({ holds: false, found: undefined }),
  apply: async () => undefined,
});

/** Our worker, store and relay, as one process has them; the outbox itself is not there, so posts stay in its queue. */
async function runRequests(bench: Bench): Promise<{ doneMs: number; relayedMs: number }> {
  const { answers, work, prefix, close } = await connect(bench);
  const log = pino({ level: 'silent' });
  const clock = { now: Date.now };
  const bare = createStore({ redis: answers, prefix });
  const queues = createQueues({ connection: answers, prefix, onError: rethrow });
  const relay = createRelay({ store: bare, queues, log });
  const store = withRelay(bare, relay);
  const bugs: unknown[] = [];
  const runRequest = createRunRequest({
    store,
    stays: store,
    locks: createLocks({ redis: answers, prefix }),
    steps: [doNothing],
    cloudflare: noCloudflare,
    server: noServer,
    vault: createMemoryVault(),
    posts: createPosts({ queues }),
    timers: createTimers({ queues, clock }),
    clock,
    onBug: (error) => void bugs.push(error),
  });
  await approveRequests(bare);
  await queues.runs.addBulk(ids().map((id) => ({ name: 'run', data: { requestId: id } })));

  const finished = countdown(JOBS);
  const started = performance.now();
  const worker = createRunWorker({
    queue: 'runs',
    runRequest: async (id) => {
      const result = await runRequest(id);
      if (result.kind === 'over') finished.one();
      return result;
    },
    clock,
    connection: work,
    prefix,
    concurrency: CONCURRENCY,
    log,
  });
  await finished.all;
  const doneMs = performance.now() - started;
  await relay.flush();
  const relayedMs = performance.now() - started;

  const last = await bare.load(requestId(JOBS));
  await worker.close();
  await relay.close();
  await queues.close();
  await close();
  if (bugs.length > 0) throw new Error('a step broke', { cause: bugs[0] });
  if (last?.status !== 'done') throw new Error(`the last request is ${last?.status ?? 'gone'} instead of done`);
  return { doneMs, relayedMs };
}

async function runBare(bench: Bench): Promise<number> {
  const { answers, work, prefix, close } = await connect(bench);
  const queue = new Queue('bare', { connection: answers, prefix });
  queue.on('error', rethrow);
  await queue.addBulk(ids().map((id) => ({ name: 'run', data: { requestId: id } })));
  const finished = countdown(JOBS);
  const started = performance.now();
  const options = { ...workerOptions({ connection: work, prefix }), prefix, concurrency: CONCURRENCY };
  const worker = new Worker('bare', async () => finished.one(), options);
  worker.on('error', rethrow);
  await finished.all;
  const ms = performance.now() - started;
  await worker.close();
  await queue.close();
  await close();
  return ms;
}

/** Connections as the program has them, and a place in Redis that is cleared afterwards. */
async function connect(bench: Bench) {
  const place = await openPlace(bench);
  const work = connectForWork(parseRedisTarget(bench.redis.url), { onError: rethrow });
  return {
    answers: place.redis,
    work,
    prefix: place.prefix,
    close: async () => {
      await place.close();
      work.disconnect();
    },
  };
}

async function approveRequests(store: ReturnType<typeof createStore>): Promise<void> {
  const plan = { stages: [[doNothing.with({})]], warnings: [] };
  const approvals = [{ by: CARA, at: Date.now(), planHash: hashPlan(plan), ownRequest: false }];
  const approved = { plan, version: 0, status: 'approved' as const, approvals, steps: [aRecord()] };
  await Promise.all(
    ids().map((id) => store.commit({ request: aRequest({ ...approved, id }), audit: [], effects: [] })),
  );
}

function ids(): string[] {
  return Array.from({ length: JOBS }, (_nothing, index) => requestId(index + 1));
}

function countdown(count: number): { readonly all: Promise<void>; one(): void } {
  let left = count;
  let finish: (() => void) | undefined;
  const all = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return {
    all,
    one: () => {
      left -= 1;
      if (left === 0) finish?.();
    },
  };
}

/** No step here talks to Cloudflare; one that did would be found out. */
const noCloudflare = new Proxy({} as Cloudflare, {
  get: (_target, method) => {
    throw new Error(`the step called Cloudflare: ${String(method)}`);
  },
});

const noServer = new Proxy({} as Server, {
  get: (_target, method) => {
    throw new Error(`the step called Docker: ${String(method)}`);
  },
});
