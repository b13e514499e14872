import { z } from 'zod';
import type { LogKind, LogRows } from '../core/log-row.ts';
import type { Logs, RowsQuery } from '../core/logs.ts';
import { mergeRow } from '../core/merge-row.ts';
import type { RedisConnection } from './connect.ts';
import type { Keys } from './keys.ts';
import { END, momentOfStamp, packRow, prefixOf, prefixOfMember, stampOf, unpackRow } from './log-members.ts';
import { ADD_ROWS_LUA, DROP_ROWS_LUA } from './logs.lua.ts';
import { createRedisCall, createRedisScript } from './redis-call.ts';

/** Rows that one script stores or drops: Redis answers nobody else meanwhile, for some milliseconds. */
const BATCH = 500;
const DROPPED_AT_ONCE = 2000;
const PAGE = 1000;

const Members = z.array(z.string());
const Added = z.tuple([z.number(), z.array(z.tuple([z.number(), z.string()]))]);
const Dropped = z.tuple([z.number(), z.string()]);

export interface LogRowsDependencies {
  readonly redis: RedisConnection;
  readonly keys: Keys;
  /** Rows that are stored and can't be read were left out of a page. */
  readonly onUnreadable: (kind: LogKind, rows: number) => void;
}

/** Rows of each kind in one sorted set, as texts that are in order of time; docs/decisions/logs.md says why. */
export function createLogRows({
  redis,
  keys,
  onUnreadable,
}: LogRowsDependencies): Pick<Logs, 'addRows' | 'rows' | 'dropRows' | 'oldestRow'> {
  const call = createRedisCall(redis);
  const addScript = createRedisScript(redis, ADD_ROWS_LUA);
  const dropScript = createRedisScript(redis, DROP_ROWS_LUA);
  const both = [keys.logRows('access'), keys.logRows('network')];

  async function addBatch<Kind extends LogKind>(kind: Kind, rows: readonly LogRows[Kind][]): Promise<number> {
    let added = 0;
    let rest = rows.map((row) => ({ row, expected: '' }));
    while (rest.length > 0) {
      const batch = rest;
      const args = batch.flatMap(({ row, expected }) => [prefixOf(row), expected, packRow(kind, row)]);
      const [count, others] = Added.parse(await addScript([keys.logRows(kind)], args));
      added += count;
      rest = others.flatMap(([index, found]) => {
        const asked = batch[index];
        if (asked === undefined) return [];
        const kept = unpackRow(kind, found);
        const row = kept === undefined ? asked.row : mergeRow<Kind>(kept, asked.row);
        return packRow(kind, row) === found ? [] : [{ row, expected: found }];
      });
    }
    return added;
  }

  return {
    async addRows(kind, rows) {
      let added = 0;
      for (let at = 0; at < rows.length; at += BATCH) added += await addBatch(kind, rows.slice(at, at + BATCH));
      return added;
    },

    async *rows<Kind extends LogKind>(kind: Kind, { since, until, direction }: RowsQuery) {
      let from = `[${stampOf(since)}`;
      let to = `(${stampOf(until)}`;
      for (;;) {
        const key = keys.logRows(kind);
        const members = Members.parse(
          direction === 'oldest-first'
            ? await call('ZRANGEBYLEX', key, from, to, 'LIMIT', 0, PAGE)
            : await call('ZREVRANGEBYLEX', key, to, from, 'LIMIT', 0, PAGE),
        );
        const rows = members.flatMap((member) => unpackRow<Kind>(kind, member) ?? []);
        if (rows.length < members.length) onUnreadable(kind, members.length - rows.length);
        if (rows.length > 0) yield rows;
        const last = members.at(-1);
        if (last === undefined || members.length < PAGE) return;
        // Not from the whole text on: the row may gain a field before the next page is read.
        const prefix = prefixOfMember(last);
        if (direction === 'oldest-first') from = `(${prefix === undefined ? last : prefix + END}`;
        else to = `(${prefix ?? last}`;
      }
    },

    async dropRows({ before, most }) {
      let dropped = 0;
      let upTo: number | undefined;
      for (;;) {
        const args = [`(${stampOf(before)}`, most, DROPPED_AT_ONCE];
        const [count, newest] = Dropped.parse(await dropScript(both, args));
        if (count === 0) return { dropped, upTo };
        dropped += count;
        upTo = Math.max(upTo ?? 0, momentOfStamp(newest));
      }
    },

    async oldestRow() {
      const first = await Promise.all(both.map(async (key) => Members.parse(await call('ZRANGE', key, 0, 0))));
      const times = first.flat().map(momentOfStamp);
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}
