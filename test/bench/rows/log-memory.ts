import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccessRow, NetworkRow } from '../../../src/core/log-row.ts';
import { createLogs } from '../../../src/store/logs.ts';
import { writeDay } from '../day-files.ts';
import { openPlace, type Place } from '../on-redis.ts';
import { readRows } from '../read-rows.ts';
import type { Row } from '../row.ts';
import { inTurns, ratiosOf } from '../spread.ts';

const ROWS = 50_000;
const STORED_AT_ONCE = 500;

interface Rows {
  readonly access: readonly AccessRow[];
  readonly network: readonly NetworkRow[];
}

export const logMemory: Row = {
  name: 'log-memory',
  about: `memory of Redis for ${ROWS.toLocaleString('en')} rows of Cloudflare's logs`,
  aim: 0.7,
  runs: 3,
  needsBuild: false,
  async measure(bench) {
    const rows = await rowsOfADay();
    const place = await openPlace(bench);
    try {
      const { ours, theirs } = await inTurns(
        bench.runs,
        () => growthBy(place, () => keep(place, rows)),
        () => growthBy(place, () => keepAsJson(place, rows)),
      );
      return [
        {
          against: 'the same rows as JSON in a hash, with a sorted set of their ids by time',
          ratios: ratiosOf(ours, theirs),
          figures: [
            { what: 'a row as we keep it', unit: 'bytes', values: ours.map((bytes) => bytes / ROWS) },
            { what: 'a row as JSON, with its id', unit: 'bytes', values: theirs.map((bytes) => bytes / ROWS) },
          ],
        },
      ];
    } finally {
      await place.close();
    }
  },
};

async function rowsOfADay(): Promise<Rows> {
  const folder = await mkdtemp(join(tmpdir(), 'ocs-access-bench-'));
  try {
    const files = await writeDay(folder, ROWS);
    return { access: await all<AccessRow>(files.access), network: await all<NetworkRow>(files.network) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function all<One>(path: string): Promise<One[]> {
  const found: One[] = [];
  for await (const rows of readRows<One>(path)) found.push(...rows);
  return found;
}

async function keep({ redis, prefix }: Place, { access, network }: Rows): Promise<void> {
  const logs = createLogs({ redis, prefix });
  const added = (await logs.addRows('access', access)) + (await logs.addRows('network', network));
  if (added !== ROWS) throw new Error(`${added} rows were stored instead of ${ROWS}`);
}

/** What one would do at first. */
async function keepAsJson({ redis, prefix }: Place, { access, network }: Rows): Promise<void> {
  const rows = [...access, ...network];
  for (let at = 0; at < rows.length; at += STORED_AT_ONCE) {
    const some = rows.slice(at, at + STORED_AT_ONCE);
    await redis.call('ZADD', `${prefix}:by-time`, ...some.flatMap((row) => [row.at, row.id]));
    await redis.call('HSET', `${prefix}:by-id`, ...some.flatMap((row) => [row.id, JSON.stringify(row)]));
  }
}

/** Bytes that Redis uses more than before. What was stored is deleted then. */
async function growthBy(place: Place, store: () => Promise<void>): Promise<number> {
  const before = await usedBytes(place);
  await store();
  const after = await usedBytes(place);
  await place.clear();
  return after - before;
}

async function usedBytes({ redis }: Place): Promise<number> {
  const [, bytes] = /^used_memory:(\d+)/m.exec(String(await redis.call('INFO', 'memory'))) ?? [];
  if (bytes === undefined) throw new Error('this Redis does not say how much memory it uses');
  return Number(bytes);
}
