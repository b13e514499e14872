import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type OwnRedis, startRedis } from '../../sandbox/redis/start-redis.ts';
import { parseRedisTarget } from '../../src/core/redis-target.ts';
import { checkRedis } from '../../src/store/check-redis.ts';
import { connectForAnswers, type RedisConnection } from '../../src/store/connect.ts';
import { connectToTestRedis } from './builders.ts';

const NOT_DURABLE =
  'Redis does not write everything to disk (appendonly no), so a crash would lose requests and audit entries; snapshots (RDB) are not enough. Run CONFIG SET appendonly yes, then put “appendonly yes” into redis.conf.';

describe.skipIf(inject('redisKind') !== 'server')('checkRedis, on a server of its own (needs a real one)', () => {
  let server: OwnRedis;
  let redis: RedisConnection;
  beforeAll(async () => {
    server = await startRedis({ kind: 'server' });
    redis = await connectToTestRedis(server.url);
  });
  afterEach(async () => {
    await redis.call('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    await redis.call('CONFIG', 'SET', 'appendonly', 'yes');
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  it('has nothing to say about one that is set up well', async () => {
    expect(await checkRedis(redis)).toEqual({
      problems: [],
      warnings: [],
      version: expect.stringMatching(/^\d+\.\d+/) as string,
    });
  });

  it('names every problem at once, with the fix', async () => {
    await redis.call('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    await redis.call('CONFIG', 'SET', 'appendonly', 'no');

    expect((await checkRedis(redis)).problems).toEqual([
      'Redis throws entries away when its memory is full (maxmemory-policy allkeys-lru). Run CONFIG SET maxmemory-policy noeviction, then put “maxmemory-policy noeviction” into redis.conf.',
      NOT_DURABLE,
    ]);
  });

  it('only warns about lost data where that was allowed', async () => {
    await redis.call('CONFIG', 'SET', 'appendonly', 'no');

    expect(await checkRedis(redis, { allowVolatile: true })).toMatchObject({ problems: [], warnings: [NOT_DURABLE] });
  });

  it('warns where a managed server does not tell', async () => {
    await redis.call('ACL', 'SETUSER', 'managed', 'on', '>s3cret', '~*', '+@all', '-config', '-info');
    const url = server.url.replace('redis://', 'redis://managed:s3cret@');
    const managed = await connectToTestRedis(url);

    expect(await checkRedis(managed)).toEqual({
      problems: [],
      warnings: [
        'Redis does not tell its version. Make sure that it is 6.2 or newer.',
        'Redis does not tell what it does when its memory is full. Make sure that maxmemory-policy is noeviction.',
        'Redis does not tell whether it writes everything to disk. Make sure that appendonly is yes.',
      ],
      version: undefined,
    });
    managed.disconnect();
  });

  it('says that the password is wrong, without repeating it', async () => {
    const url = server.url.replace('redis://', 'redis://managed:wr0ng@');
    const refused = connectForAnswers(parseRedisTarget(url), { onError: () => {} });

    const { problems } = await checkRedis(refused, { timeoutMs: 500 });

    expect(problems).toEqual([expect.stringContaining('WRONGPASS')]);
    expect(problems.join()).not.toContain('wr0ng');
    refused.disconnect();
  });
});
