import { once } from 'node:events';
import { z } from 'zod';
import { parseRedisTarget } from '../../src/core/redis-target.ts';
import { connectForAnswers, type RedisConnection } from '../../src/store/connect.ts';
import type { Bench } from './row.ts';

const Scanned = z.tuple([z.string(), z.array(z.string())]);

/** A place of its own in the Redis of the bench. */
export interface Place {
  /** As the program has it for those who wait for an answer. */
  readonly redis: RedisConnection;
  readonly prefix: string;
  /** Deletes what was put under the prefix. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export async function openPlace(bench: Bench): Promise<Place> {
  const redis = connectForAnswers(parseRedisTarget(bench.redis.url), { onError: rethrow });
  await once(redis, 'ready');
  const prefix = bench.newPrefix();

  async function clear(): Promise<void> {
    let cursor = '0';
    do {
      const found = await redis.call('SCAN', cursor, 'MATCH', `${prefix}*`, 'COUNT', 1000);
      const [next, keys] = Scanned.parse(found);
      // At once: what goes by and by would be counted with what comes after it.
      if (keys.length > 0) await redis.call('DEL', ...keys);
      cursor = next;
    } while (cursor !== '0');
  }

  return {
    redis,
    prefix,
    clear,
    close: async () => {
      await clear();
      redis.disconnect();
    },
  };
}

export function rethrow(error: Error): never {
  throw error;
}
