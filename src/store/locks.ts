import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { TransientError } from '../core/errors.ts';
import type { Lock, Locks } from '../core/ports.ts';
import type { RedisConnection } from './connect.ts';
import { createKeys } from './keys.ts';
import { createRedisScript } from './redis-call.ts';

/** Takes the lock and a new token, or says for how long it is taken. KEYS: lock, fence. ARGV: owner, lifetime in ms. */
const TAKE_LUA = `
if redis.call('EXISTS', KEYS[1]) == 1 then return { 0, redis.call('PTTL', KEYS[1]) } end
local token = redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return { token, 0 }
`;

/** KEYS: lock. ARGV: owner, lifetime in ms. */
const KEEP_LUA = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`;

/** KEYS: lock. ARGV: owner. */
const RELEASE_LUA = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`;

const Taken = z.tuple([z.number(), z.number()]);

export interface LocksDependencies {
  readonly redis: RedisConnection;
  readonly prefix: string;
  /** A holder that was killed blocks the others for as long as this. */
  readonly ttlMs?: number;
  /** How long to wait for somebody else's lock. */
  readonly waitMs?: number;
}

/**
 * Locks that hold across processes, with a fencing token; docs/decisions/locks.md says why they are our own. A lock is
 * renewed while the task runs. The task of a process that hangs is overtaken after `ttlMs`, and learns it by `confirm`.
 */
export function createLocks({ redis, prefix, ttlMs = 30_000, waitMs = 10_000 }: LocksDependencies): Locks {
  const keys = createKeys(prefix);
  const take = createRedisScript(redis, TAKE_LUA);
  const keep = createRedisScript(redis, KEEP_LUA);
  const release = createRedisScript(redis, RELEASE_LUA);

  /** Gives it back if it is still ours. If Redis does not answer, the lock ends by itself. */
  async function giveBack(key: string, owner: string): Promise<void> {
    await release([key], [owner]).catch(() => {});
  }

  async function acquire(resource: string, owner: string): Promise<number> {
    const key = keys.lock(resource);
    const giveUpAt = performance.now() + waitMs;
    for (let attempt = 0; ; attempt += 1) {
      const [token, takenForMs] = Taken.parse(
        await take([key, keys.fence], [owner, ttlMs]).catch((error: unknown) => {
          // It may be carried out yet, although the answer got lost. Redis gets this one after it, nobody waits for it.
          void giveBack(key, owner);
          throw error;
        }),
      );
      if (token > 0) return token;
      const leftMs = giveUpAt - performance.now();
      if (leftMs <= 0) throw locked(takenForMs);
      await delay(Math.min(leftMs, pauseBefore(attempt)));
    }
  }

  return {
    async hold(resource, task) {
      const owner = randomUUID();
      const key = keys.lock(resource);
      const token = await acquire(resource, owner);
      const renewal = setInterval(() => void keep([key], [owner, ttlMs]).catch(() => {}), ttlMs / 3);
      const lock: Lock = {
        token,
        async confirm() {
          const askedAt = performance.now();
          const isOurs = (await keep([key], [owner, ttlMs])) === 1;
          // An answer that this process read too late says nothing about now.
          if (!isOurs || performance.now() - askedAt >= ttlMs) throw lost();
        },
      };
      try {
        return await task(lock);
      } finally {
        clearInterval(renewal);
        await giveBack(key, owner);
      }
    },
  };
}

/** 15 to 30 ms at first, up to 250 ms later; spread, so that those who wait do not come in step. */
function pauseBefore(attempt: number): number {
  return Math.min(250, 30 * 1.5 ** attempt) * (0.5 + Math.random() / 2);
}

function locked(takenForMs: number): TransientError {
  return new TransientError('Somebody else is changing the same thing. This goes on when they are done.', {
    code: 'locked',
    retryAfterMs: Math.min(5000, Math.max(500, takenForMs)),
  });
}

function lost(): TransientError {
  return new TransientError('This took so long that somebody else may be changing the same thing by now.', {
    code: 'lock-lost',
  });
}
