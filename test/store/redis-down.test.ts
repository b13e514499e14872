import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type OwnRedis, startRedis } from '../../sandbox/redis/start-redis.ts';
import { parseRedisTarget } from '../../src/core/redis-target.ts';
import { createPosts, createQueues, type Queues } from '../../src/jobs/queues.ts';
import { checkRedis } from '../../src/store/check-redis.ts';
import { connectForAnswers, type RedisConnection } from '../../src/store/connect.ts';
import { createLocks } from '../../src/store/locks.ts';
import { createStore } from '../../src/store/store.ts';
import { anEntry, aRequest, collectAudit, connectToTestRedis, ownPrefix } from './builders.ts';

const DOWN = {
  name: 'TransientError',
  code: 'store-down',
  message: 'The memory of the bot (Redis) does not answer.',
};

/** How long a person may wait for the answer that there is no answer. */
const AT_MOST_MS = 2000;

describe('a Redis that is not there', () => {
  let server: OwnRedis;
  let redis: RedisConnection;
  let queues: Queues;
  const prefix = ownPrefix();
  beforeEach(async () => {
    server = await startOwn();
    redis = await connectToTestRedis(server.url);
    queues = createQueues({ connection: redis, prefix, onError: () => {} });
  });
  afterEach(async () => {
    await queues.close();
    redis.disconnect();
    await server.stop();
  });

  async function everythingFails(): Promise<void> {
    const store = createStore({ redis, prefix });
    const startedAt = performance.now();

    await Promise.all([
      expect(store.ping()).rejects.toMatchObject(DOWN),
      expect(store.commit({ request: aRequest(), audit: [anEntry()], effects: [] })).rejects.toMatchObject(DOWN),
      expect(store.load('REQ-0001')).rejects.toMatchObject(DOWN),
      expect(store.unfinished()).rejects.toMatchObject(DOWN),
      expect(store.claim('press', 1000)).rejects.toMatchObject(DOWN),
      expect(collectAudit(store)).rejects.toMatchObject(DOWN),
      expect(store.staged(10)).rejects.toMatchObject(DOWN),
      expect(createLocks({ redis, prefix }).hold('list:1', async () => {})).rejects.toMatchObject(DOWN),
      expect(createPosts({ queues }).enqueue('key', { kind: 'operator-alert', says: 'Hi' })).rejects.toMatchObject(
        DOWN,
      ),
    ]);

    expect(performance.now() - startedAt).toBeLessThan(AT_MOST_MS);
  }

  it('fails everything at once while it is down, and works again when it is back', async () => {
    await server.kill();
    await vi.waitUntil(() => redis.status !== 'ready');

    await everythingFails();

    await server.restart();
    await vi.waitUntil(() => redis.status === 'ready', { timeout: 10_000 });
    const store = createStore({ redis, prefix });
    await store.commit({ request: aRequest(), audit: [anEntry()], effects: [] });
    await createPosts({ queues }).enqueue('key', { kind: 'operator-alert', says: 'Hi' });
    expect(await queues.posts.getJobCountByTypes('waiting')).toBe(1);
  });

  it('fails everything in time while it is frozen', async () => {
    await redis.call('CLIENT', 'PAUSE', 4000, 'ALL');

    await everythingFails();
  });

  it('is named by the check at start, with the fix', async () => {
    const { url } = server;
    await server.kill();
    const connection = connectForAnswers(parseRedisTarget(url), { onError: () => {} });

    const { problems } = await checkRedis(connection, { timeoutMs: 300 });

    expect(problems).toEqual([
      expect.stringMatching(
        /^Redis can't be reached \(connect ECONNREFUSED 127\.0\.0\.1:\d+\)\. Start it, or correct REDIS_URL\.$/,
      ),
    ]);
    connection.disconnect();
  });
});

function startOwn(): Promise<OwnRedis> {
  return startRedis({ kind: 'server' }).catch(() => startRedis({ kind: 'embedded' }));
}
