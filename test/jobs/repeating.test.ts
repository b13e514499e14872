import { afterEach, beforeEach, expect, inject, it, vi } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { parseRedisTarget } from '../../src/core/redis-target.ts';
import type { Timer } from '../../src/core/timer.ts';
import type { Repeating } from '../../src/jobs/repeat.ts';
import { startSweep } from '../../src/jobs/sweep.ts';
import { startTending } from '../../src/jobs/tend.ts';
import { connectForWork, type RedisConnection } from '../../src/store/connect.ts';
import { aStay, endOf } from '../builders/a-plan.ts';
import { aHouse, anAdd } from '../builders/a-house.ts';
import { BEN } from '../builders/a-request.ts';
import { createMemoryLocks } from '../builders/memory-locks.ts';
import { ownPrefix } from '../store/builders.ts';
import { aLog } from './builders.ts';

let work: RedisConnection;
const running: Repeating[] = [];
beforeEach(() => {
  work = connectForWork(parseRedisTarget(inject('redisUrl')), { onError: () => {} });
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
  work.disconnect();
});

/** Somebody whose access has ended by now, and the regular look at all end dates. */
async function startWithAnEnd(ask: () => Promise<void>, everyMs: number) {
  const { store, clock } = aHouse();
  await store.putStay(aStay('2026-11-20'));
  clock.advanceTo(endOf('2026-11-20'));
  const log = aLog();
  const timers: Timer[] = [];
  const tending = {
    store,
    stays: store,
    clock,
    locks: createMemoryLocks(),
    timers: { set: async (_key: string, timer: Timer) => void timers.push(timer) },
    ask: {
      ask: async () => {
        await ask();
        throw new UserError('They have no access.', { code: 'no-access' });
      },
    },
  };
  running.push(await startTending({ tending, everyMs, connection: work, prefix: ownPrefix(), log }));
  return { store, log };
}

it('an end date that every timer was lost of is found at the start of a worker', async () => {
  const { store } = await startWithAnEnd(async () => undefined, 3_600_000);

  await vi.waitUntil(async () => (await store.stays()).length === 0, { timeout: 15_000 });

  expect(store.entries.map(({ kind }) => kind)).toEqual(['stay.ended']);
});

it('an end date that could not be kept is tried again, with nobody’s address in the log', async () => {
  let tries = 0;
  const { store, log } = await startWithAnEnd(async () => {
    tries += 1;
    if (tries < 3) throw new UserError('ana.souza@lanternhealth.example can’t be revoked.', { code: 'plan-failed' });
  }, 50);

  await vi.waitUntil(async () => (await store.stays()).length === 0, { timeout: 15_000 });

  expect(log.lines.slice(0, 2).map(({ level, facts }) => [level, facts])).toEqual([
    ['warn', { name: 'ends', code: 'plan-failed' }],
    ['warn', { name: 'ends', code: 'plan-failed' }],
  ]);
});

it('the sweep reminds of what waits for long, and says so with ids only', async () => {
  const { store, clock, ask } = aHouse();
  const request = await ask('add', anAdd(), BEN);
  clock.advanceTo(request.createdAt + (request.expiresAt - request.createdAt) / 4);
  const log = aLog();

  running.push(await startSweep({ store, clock, everyMs: 3_600_000, connection: work, prefix: ownPrefix(), log }));

  await vi.waitUntil(() => log.lines.length > 0, { timeout: 15_000 });
  expect(log.lines).toEqual([
    { level: 'info', message: 'Approvers were reminded of a request', facts: { requestId: 'REQ-0001' } },
  ]);
  expect(store.effects.at(-1)).toMatchObject({ post: { kind: 'reminder', requestId: 'REQ-0001' } });
});
