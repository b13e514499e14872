import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { PermanentError, TransientError } from '../../src/core/errors.ts';
import { parseRedisTarget } from '../../src/core/redis-target.ts';
import type { Timer } from '../../src/core/timer.ts';
import { createQueues, type Queues } from '../../src/jobs/queues.ts';
import { createTimers, createTimerWorker } from '../../src/jobs/timers.ts';
import { connectForWork, type RedisConnection } from '../../src/store/connect.ts';
import { connectToTestRedis, ownPrefix } from '../store/builders.ts';
import { aLog } from './builders.ts';

const ANA = 'ana.souza@lanternhealth.example';
const END: Timer = { kind: 'stay', email: ANA };
const ATTEMPTS: Timer = { kind: 'attempts', requestId: 'REQ-0001', emails: [ANA], since: 0 };
const clock = { now: () => Date.now() };

describe('timers', () => {
  let answers: RedisConnection;
  let work: RedisConnection;
  let prefix: string;
  let queues: Queues;
  let log: ReturnType<typeof aLog>;
  const workers: { close(): Promise<void> }[] = [];
  beforeEach(async () => {
    answers = await connectToTestRedis();
    work = connectForWork(parseRedisTarget(inject('redisUrl')), { onError: () => {} });
    prefix = ownPrefix();
    queues = createQueues({ connection: answers, prefix, onError: () => {} });
    log = aLog();
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.close()));
    await queues.close();
    answers.disconnect();
    work.disconnect();
  });

  /** A process that carries timers out; `act` may throw. What was tried is in the list. */
  function start(act: (tries: number) => void = () => {}): Timer[] {
    const tried: Timer[] = [];
    const carryOut = async (timer: Timer): Promise<void> => {
      tried.push(timer);
      act(tried.length);
    };
    workers.push(createTimerWorker({ carryOut, connection: work, prefix, log, firstPauseMs: 5 }));
    return tried;
  }

  const set = (key: string, timer: Timer, at: number) => createTimers({ queues, clock }).set(key, timer, at);

  it('come at their moment, those of the past at once', async () => {
    const tried = start();

    await set('later', END, Date.now() + 3_600_000);
    await set('past', ATTEMPTS, Date.now() - 1000);

    await vi.waitUntil(() => tried.length > 0, { timeout: 15_000 });
    expect(tried).toEqual([ATTEMPTS]);
    const [job] = await queues.timers.getDelayed();
    expect(job?.opts.delay).toBeGreaterThan(3_590_000);
  });

  it('are set once for one key, whatever characters it has, also after they came', async () => {
    const tried = start();
    await set(`stay-${ANA}:1`, END, 0);
    await vi.waitUntil(async () => (await queues.timers.getCompletedCount()) === 1, { timeout: 15_000 });

    await set(`stay-${ANA}:1`, END, 0);
    await set('another', END, 0);

    await vi.waitUntil(async () => (await queues.timers.getCompletedCount()) === 2, { timeout: 15_000 });
    expect(tried).toHaveLength(2);
  });

  it('are tried again while something does not answer, with nobody’s address in the log', async () => {
    const tried = start((tries) => {
      if (tries < 4) throw new TransientError(`No answer about ${ANA}.`, { code: 'cloudflare-unavailable' });
    });

    await set(`stay-${ANA}`, END, 0);

    await vi.waitUntil(async () => (await queues.timers.getCompletedCount()) === 1, { timeout: 15_000 });
    expect(tried).toHaveLength(4);
    expect(log.lines).toHaveLength(3);
    expect(log.lines[0]).toEqual({
      level: 'info',
      message: 'A timer could not be carried out; it is tried again',
      facts: { timer: 'stay', code: 'cloudflare-unavailable' },
    });
    expect(JSON.stringify(log.lines)).not.toContain(ANA);
  });

  it('wait as long as the far end asks', async () => {
    const triedAt: number[] = [];
    start((tries) => {
      triedAt.push(Date.now());
      if (tries === 1) throw new TransientError('Too fast.', { code: 'cloudflare-rate-limited', retryAfterMs: 300 });
    });

    await set('one', ATTEMPTS, 0);

    await vi.waitUntil(() => triedAt.length === 2, { timeout: 15_000 });
    const [first = 0, second = 0] = triedAt;
    expect(second - first).toBeGreaterThanOrEqual(295);
  });

  it('are given up where trying again can’t help', async () => {
    const tried = start(() => {
      throw new PermanentError('The token may not read the log.', { code: 'cloudflare-permission-missing' });
    });

    await set('one', ATTEMPTS, 0);

    await vi.waitUntil(async () => (await queues.timers.getFailedCount()) === 1, { timeout: 15_000 });
    expect(tried).toHaveLength(1);
    expect(log.lines).toEqual([
      {
        level: 'error',
        message: 'A timer could not be carried out',
        facts: { timer: 'attempts', requestId: 'REQ-0001', code: 'cloudflare-permission-missing' },
      },
    ]);
  });
});
