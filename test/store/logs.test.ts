import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AccessRow, type LogKind, NetworkRow } from '../../src/core/log-row.ts';
import type { Logs } from '../../src/core/logs.ts';
import type { RedisConnection } from '../../src/store/connect.ts';
import { createKeys, type Keys } from '../../src/store/keys.ts';
import { createLogs } from '../../src/store/logs.ts';
import { createMemoryLogs } from '../builders/memory-logs.ts';
import {
  aNetworkRow,
  aRow,
  aWholeNetworkRow,
  aWholeRow,
  collect,
  describeLogs,
  EVENING,
  manyRows,
} from '../contract/logs.ts';
import { connectToTestRedis, ownPrefix } from './builders.ts';

describeLogs('logs in Redis', async () => {
  const redis = await connectToTestRedis();
  return { logs: createLogs({ redis, prefix: ownPrefix() }), close: async () => redis.disconnect() };
});

describeLogs('the logs that tests use', async () => ({ logs: createMemoryLogs(), close: async () => {} }));

describe('logs in Redis alone', () => {
  let redis: RedisConnection;
  let prefix: string;
  let keys: Keys;
  let logs: Logs;
  let unreadable: [LogKind, number][];
  beforeAll(async () => {
    redis = await connectToTestRedis();
  });
  afterAll(() => redis.disconnect());
  beforeEach(() => {
    prefix = ownPrefix();
    keys = createKeys(prefix);
    unreadable = [];
    logs = createLogs({ redis, prefix, onUnreadable: (kind, rows) => void unreadable.push([kind, rows]) });
  });

  it('store every field that a row can have', () => {
    expect(Object.keys(aWholeRow()).toSorted()).toEqual(Object.keys(AccessRow.shape).toSorted());
    expect(Object.keys(aWholeNetworkRow()).toSorted()).toEqual(Object.keys(NetworkRow.shape).toSorted());
  });

  it('leave out and count what can’t be read, and read on', async () => {
    await logs.addRows('access', manyRows(1500, 1000));
    const broken = ['nonsense', '', '1763682600500{"id":1}', '1763682600500["ray",7]', '1763682600500["ray', '9~'];
    await redis.call('ZADD', keys.logRows('access'), ...broken.flatMap((text) => ['0', text]));

    expect(await collect(logs, 'access')).toEqual(manyRows(1500, 1000));
    expect(unreadable.every(([kind]) => kind === 'access')).toBe(true);
    expect(unreadable.reduce((sum, [, rows]) => sum + rows, 0)).toBeGreaterThanOrEqual(3);
  });

  it('put a row in the place of one with its id that can’t be read', async () => {
    await logs.addRows('access', [aRow()]);
    const [member = ''] = (await redis.call('ZRANGE', keys.logRows('access'), 0, 0)) as string[];
    await redis.call('DEL', keys.logRows('access'));
    await redis.call('ZADD', keys.logRows('access'), 0, member.replace('true', '"who knows"'));
    expect(await collect(logs, 'access')).toEqual([]);

    expect(await logs.addRows('access', [aRow()])).toBe(0);
    expect(await collect(logs, 'access')).toEqual([aRow()]);
  });

  it('take what is kept beside the rows and can’t be read for not there', async () => {
    await redis.call('HSET', keys.logPulled, 'access', '{"until":"yesterday"}');
    await redis.call('HSET', keys.logSeen, 'ana@x.example', '{');
    await redis.call('HSET', keys.logDays, '2026-11-20', '[]');

    expect(await logs.pulled('access')).toBeUndefined();
    expect(await logs.seenBefore(['ana@x.example'])).toEqual([]);
    expect(await logs.dayCounts('2026-11-01', '2026-11-30')).toEqual([]);
  });

  it('neither lose nor double a row while others are added, gain a field and are dropped', async () => {
    const rows = manyRows(4000, 1000);
    await logs.addRows('access', rows);
    const found: string[] = [];
    for await (const page of logs.rows('access', { since: 0, until: 2 * EVENING, direction: 'oldest-first' })) {
      found.push(...page.map(({ id }) => id));
      const last = page.at(-1) ?? aRow();
      await logs.addRows('access', [
        { ...last, country: 'DE' },
        aRow({ id: `between-${found.length}`, at: last.at - 5000 }),
        aRow({ id: `late-${found.length}`, at: EVENING }),
      ]);
      await logs.dropRows({ before: last.at - 500_000, most: 1e9 });
    }

    expect(found).toEqual(rows.map(({ id }) => id));
  });

  it('find nothing wrong with a newest-first reading of rows that gain a field meanwhile', async () => {
    const rows = manyRows(2500, 1000);
    await logs.addRows('access', rows);
    const found: string[] = [];
    for await (const page of logs.rows('access', { since: 0, until: 2 * EVENING, direction: 'newest-first' })) {
      found.push(...page.map(({ id }) => id));
      await logs.addRows(
        'access',
        page.map((row) => ({ ...row, country: 'DE' })),
      );
    }

    expect(found).toEqual(rows.map(({ id }) => id).toReversed());
  });

  it('keep all keys on one node of a cluster', async () => {
    await logs.addRows('access', [aRow()]);
    await logs.addRows('network', [aNetworkRow()]);
    await logs.keepPulled('access', { until: EVENING, gaps: [] });
    await logs.keepDropped('2026-11-20', { rows: 1, upTo: EVENING });
    await logs.keepSeen([{ email: 'ana@x.example', countries: [], devices: [], lastAt: EVENING }]);

    const found = (await redis.call('KEYS', `${prefix}*`)) as string[];
    expect(found).toHaveLength(5);
    expect(found.every((key) => key.startsWith(`${prefix}:`))).toBe(true);
  });

  it('say that Redis does not answer', async () => {
    const gone = await connectToTestRedis();
    gone.disconnect();
    const lost = createLogs({ redis: gone, prefix });

    await expect(lost.addRows('access', [aRow()])).rejects.toMatchObject({ code: 'store-down' });
    await expect(collect(lost, 'access')).rejects.toMatchObject({ name: 'TransientError', code: 'store-down' });
  });
});
