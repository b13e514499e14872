import { EventEmitter, once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import type { Clock } from '../../src/core/ports.ts';
import { parseRedisTarget } from '../../src/core/redis-target.ts';
import type { TunnelStatus } from '../../src/core/tunnel.ts';
import type { Repeating } from '../../src/jobs/repeat.ts';
import { pollTunnels, startWatching } from '../../src/jobs/watch-tunnels.ts';
import { connectForWork, type RedisConnection } from '../../src/store/connect.ts';
import { createKeys } from '../../src/store/keys.ts';
import { createLocks } from '../../src/store/locks.ts';
import { createStore } from '../../src/store/store.ts';
import { createMemoryServer } from '../builders/memory-server.ts';
import { aTunnel } from '../builders/memory-settings.ts';
import { collectAudit, connectToTestRedis, ownPrefix } from '../store/builders.ts';
import { aLog } from './builders.ts';

const POLL_MS = 200;
/** The house’s time goes faster: half a minute from one look to the next. */
const FASTER = 150;

let prefix: string;
let looks: { readonly by: string; readonly at: number }[];
let status: TunnelStatus;
let whileLooking: (by: string) => Promise<void>;
const ends: (() => void)[] = [];
const running: Repeating[] = [];

beforeEach(() => {
  prefix = ownPrefix();
  looks = [];
  status = 'healthy';
  whileLooking = async () => undefined;
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
  for (const end of ends.splice(0)) end();
});

/** What a process with this name works with: connections, store and locks of its own, on the one Redis. */
async function aProcess(name: string, clock: Clock = { now: () => Date.now() * FASTER }) {
  const answers = await connectToTestRedis();
  const work: RedisConnection = connectForWork(parseRedisTarget(inject('redisUrl')), { onError: () => {} });
  ends.push(
    () => answers.disconnect(),
    () => work.disconnect(),
  );
  const store = createStore({ redis: answers, prefix });
  return {
    redis: answers,
    store,
    locks: createLocks({ redis: answers, prefix }),
    clock,
    server: createMemoryServer(),
    ask: {
      ask: async () => {
        throw new UserError('Nobody wants that here.', { code: 'not-wanted' });
      },
    },
    cloudflare: {
      tunnels: async () => {
        looks.push({ by: name, at: performance.now() });
        await whileLooking(name);
        return [aTunnel({ status })];
      },
      usedTunnels: async () => [aTunnel()],
    },
    log: aLog(),
    settings: { pollMs: POLL_MS, restartsItself: false },
    connection: work,
    prefix,
  };
}

type Process = Awaited<ReturnType<typeof aProcess>>;

async function start(given: Process, pollMs = POLL_MS): Promise<Repeating> {
  const watching = await startWatching({ ...given, settings: { ...given.settings, pollMs } });
  running.push(watching);
  return watching;
}

async function alerts({ store }: Pick<Process, 'store'>): Promise<string[]> {
  const staged = await store.staged(100);
  return staged.flatMap(({ effect }) =>
    effect.kind === 'post' && effect.post.kind === 'tunnel-alert' ? [`#${effect.post.seq} ${effect.post.status}`] : [],
  );
}

describe('two processes', () => {
  it('look once in each interval between them, and alert once', async () => {
    const [one, other] = await Promise.all([aProcess('one'), aProcess('other')]);
    status = 'down';
    await Promise.all([start(one), start(other)]);
    await vi.waitUntil(() => looks.length >= 12, { timeout: 15_000 });
    const [first, last] = [looks[2], looks[11]];

    // Those of the start are extra.
    expect((last?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(7 * POLL_MS);
    expect(await alerts(one)).toEqual(['#1 down']);
    expect((await collectAudit(one.store)).map(({ kind }) => kind)).toEqual(['tunnel.down']);
  });

  it('need not both stay: the one that is left goes on with what the other has begun', async () => {
    const [one, other] = await Promise.all([aProcess('one'), aProcess('other')]);
    status = 'down';
    const watching = await start(one);
    await vi.waitUntil(async () => (await alerts(one)).length > 0, { timeout: 15_000 });
    await start(other);
    await watching.close();
    const left = looks.length;
    status = 'healthy';
    await vi.waitUntil(async () => (await alerts(one)).length > 1, { timeout: 15_000 });

    expect(await alerts(one)).toEqual(['#1 down', '#2 healthy']);
    expect(new Set(looks.slice(left).map(({ by }) => by))).toEqual(new Set(['other']));
  });

  it('that look at the same moment, as after a job that stalled, tell it once', async () => {
    let now = 1_800_000_000_000;
    const clock = { now: () => now };
    const [one, other] = await Promise.all([aProcess('one', clock), aProcess('other', clock)]);
    status = 'down';
    for (let time = 0; time < 4; time += 1) {
      await Promise.all([pollTunnels(one), pollTunnels(other)]);
      now += 30_000;
    }

    expect(looks).toHaveLength(4);
    expect(await alerts(one)).toEqual(['#1 down']);
    expect((await collectAudit(one.store)).map(({ kind }) => kind)).toEqual(['tunnel.down']);
  });

  it('do not undo each other when one of them hangs in the middle of its look and comes back', async () => {
    let now = 1_800_000_000_000;
    const clock = { now: () => now };
    const [slow, quick] = await Promise.all([aProcess('slow', clock), aProcess('quick', clock)]);
    status = 'down';
    await pollTunnels(quick);
    now += 60_000;
    const overtaken = new EventEmitter();
    const isOvertaken = once(overtaken, 'yes');
    whileLooking = async (by) => void (by === 'slow' && (await isOvertaken));
    const hanging = pollTunnels(slow);
    await vi.waitUntil(() => looks.some(({ by }) => by === 'slow'), { timeout: 15_000 });
    // As if its machine had slept until the lock was over.
    await quick.redis.del(createKeys(prefix).lock('tunnel-watch'));
    status = 'healthy';
    await pollTunnels(quick);
    status = 'down';
    overtaken.emit('yes');
    await hanging;

    expect(await alerts(quick)).toEqual([]);
    expect(slow.log.lines).toMatchObject([{ level: 'info', facts: { code: 'lock-lost' } }]);
  });
});

it('another interval counts from the next start on, also for what comes after turns that were missed', async () => {
  const one = await aProcess('one');
  const slow = await start(one, 3_600_000);
  await vi.waitUntil(() => looks.length > 0, { timeout: 15_000 });
  await slow.close();
  whileLooking = async () => {
    if (looks.length < 4) await pause(3 * POLL_MS);
  };
  await start(one, POLL_MS);

  await vi.waitUntil(() => looks.length >= 8, { timeout: 15_000 });
});
