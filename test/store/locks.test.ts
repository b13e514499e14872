import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RedisConnection } from '../../src/store/connect.ts';
import { createKeys, type Keys } from '../../src/store/keys.ts';
import { createLocks } from '../../src/store/locks.ts';
import { connectToTestRedis, ownPrefix } from './builders.ts';

describe('createLocks', () => {
  let redis: RedisConnection;
  let other: RedisConnection;
  let prefix: string;
  let keys: Keys;
  beforeAll(async () => {
    [redis, other] = await Promise.all([connectToTestRedis(), connectToTestRedis()]);
  });
  afterAll(() => {
    redis.disconnect();
    other.disconnect();
  });
  beforeEach(() => {
    prefix = ownPrefix();
    keys = createKeys(prefix);
  });

  it('lets one holder in at a time, over two processes, each with a greater token', async () => {
    const processes = [createLocks({ redis, prefix }), createLocks({ redis: other, prefix })];
    const tokens: number[] = [];
    let inside = 0;

    await Promise.all(
      processes.flatMap((locks) =>
        Array.from({ length: 5 }, () =>
          locks.hold('policy:1', async (lock) => {
            inside += 1;
            await lock.confirm();
            tokens.push(lock.token);
            expect(inside).toBe(1);
            inside -= 1;
          }),
        ),
      ),
    );

    expect(tokens).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('lets holders of different resources in side by side', async () => {
    const locks = createLocks({ redis, prefix });

    const result = await locks.hold('list:1', () => locks.hold('list:2', async () => 'both'));

    expect(result).toBe('both');
  });

  it('gives the lock back when the task fails', async () => {
    const locks = createLocks({ redis, prefix, waitMs: 0 });
    await expect(
      locks.hold('list:1', async () => {
        throw new Error('the task failed');
      }),
    ).rejects.toThrow('the task failed');

    expect(await locks.hold('list:1', async () => 'free')).toBe('free');
  });

  it('says when to come again if it can’t be had in time', async () => {
    const patient = createLocks({ redis, prefix });
    const impatient = createLocks({ redis: other, prefix, waitMs: 50 });

    await patient.hold('list:1', async () => {
      await expect(impatient.hold('list:1', async () => {})).rejects.toMatchObject({
        name: 'TransientError',
        code: 'locked',
        retryAfterMs: 5000,
      });
    });
  });

  it('is renewed for as long as the task takes', async () => {
    const short = createLocks({ redis, prefix, ttlMs: 200 });
    const waits = createLocks({ redis: other, prefix, waitMs: 800 });

    await short.hold('list:1', async (lock) => {
      await expect(waits.hold('list:1', async () => {})).rejects.toMatchObject({ code: 'locked' });
      await lock.confirm();
    });
  });

  it('goes to the next one when its holder was killed', async () => {
    await redis.call('SET', keys.lock('list:1'), 'a process that is gone', 'PX', 200);

    expect(await createLocks({ redis, prefix }).hold('list:1', async () => 'mine')).toBe('mine');
  });

  it('tells the one who was overtaken, and leaves the new holder alone', async () => {
    const locks = createLocks({ redis, prefix });
    let overtaken = false;

    const first = locks.hold('list:1', async (lock) => {
      await redis.call('DEL', keys.lock('list:1'));
      return createLocks({ redis: other, prefix }).hold('list:1', async (newer) => {
        expect(newer.token).toBeGreaterThan(lock.token);
        await expect(lock.confirm()).rejects.toMatchObject({ name: 'TransientError', code: 'lock-lost' });
        overtaken = true;
        return newer;
      });
    });

    await first;
    expect(overtaken).toBe(true);
  });

  it('is not given back by one who was overtaken', async () => {
    const locks = createLocks({ redis, prefix });
    await locks.hold('list:1', async () => {
      await redis.call('SET', keys.lock('list:1'), 'somebody else', 'PX', 60_000);
    });

    expect(await redis.call('GET', keys.lock('list:1'))).toBe('somebody else');
  });

  it('can’t be confirmed while Redis does not answer', async () => {
    const gone = await connectToTestRedis();
    const locks = createLocks({ redis: gone, prefix });

    await expect(
      locks.hold('list:1', async (lock) => {
        gone.disconnect();
        await vi.waitUntil(() => gone.status === 'end');
        await lock.confirm();
      }),
    ).rejects.toMatchObject({ name: 'TransientError', code: 'store-down' });
  });
});
