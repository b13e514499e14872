import { z } from 'zod';
import { DayCounts, DroppedRows, type Logs, Pulled, SeenBefore } from '../core/logs.ts';
import type { Keys } from './keys.ts';
import type { RedisCall } from './redis-call.ts';

const DAY = 24 * 60 * 60 * 1000;
const DAYS_KEPT = 400;

const MaybeText = z.string().nullable();
const Texts = z.array(z.string());
const MaybeTexts = z.array(MaybeText);
const ScannedPage = z.tuple([z.string(), Texts]);

/** What is kept beside the rows, in hashes. What can't be read back counts as not there: all of it grows again. */
export function createLogNotes(call: RedisCall, keys: Keys): Omit<Logs, 'addRows' | 'rows' | 'dropRows' | 'oldestRow'> {
  /** Forgets the days that are too old by now. */
  async function putDay(key: string, day: string, value: unknown): Promise<void> {
    await call('HSET', key, day, JSON.stringify(value));
    const oldest = new Date(Date.parse(day) - DAYS_KEPT * DAY).toISOString().slice(0, 10);
    const old = Texts.parse(await call('HKEYS', key)).filter((one) => one < oldest);
    if (old.length > 0) await call('HDEL', key, ...old);
  }

  async function dropped(days: readonly string[]): Promise<(DroppedRows | undefined)[]> {
    if (days.length === 0) return [];
    const found = MaybeTexts.parse(await call('HMGET', keys.logDropped, ...days));
    return found.map((json) => read(DroppedRows, json));
  }

  return {
    async pulled(kind) {
      return read(Pulled, MaybeText.parse(await call('HGET', keys.logPulled, kind)));
    },
    async keepPulled(kind, pulled) {
      await call('HSET', keys.logPulled, kind, JSON.stringify(Pulled.parse(pulled)));
    },

    dropped,
    async keepDropped(day, more) {
      const [before] = await dropped([day]);
      const rows = (before?.rows ?? 0) + more.rows;
      await putDay(keys.logDropped, day, { rows, upTo: Math.max(before?.upTo ?? 0, more.upTo) });
    },

    async dayCounts(from, to) {
      const found = Texts.parse(await call('HVALS', keys.logDays)).flatMap((json) => read(DayCounts, json) ?? []);
      return found.filter(({ day }) => day >= from && day <= to).toSorted((a, b) => (a.day < b.day ? -1 : 1));
    },
    async keepDayCounts(counts) {
      await putDay(keys.logDays, counts.day, DayCounts.parse(counts));
    },

    async seenBefore(emails) {
      if (emails.length === 0) return [];
      const found = MaybeTexts.parse(await call('HMGET', keys.logSeen, ...emails));
      return found.flatMap((json) => read(SeenBefore, json) ?? []);
    },
    async keepSeen(seen) {
      if (seen.length === 0) return;
      const pairs = seen.flatMap((one) => [one.email, JSON.stringify(SeenBefore.parse(one))]);
      await call('HSET', keys.logSeen, ...pairs);
    },
    async dropSeen(before) {
      let cursor = '0';
      do {
        const [next, found] = ScannedPage.parse(await call('HSCAN', keys.logSeen, cursor, 'COUNT', 500));
        // Addresses and JSON by turns.
        const old = found.filter((_email, index) => {
          const json = found[index + 1];
          return index % 2 === 0 && json !== undefined && (read(SeenBefore, json)?.lastAt ?? 0) < before;
        });
        if (old.length > 0) await call('HDEL', keys.logSeen, ...old);
        cursor = next;
      } while (cursor !== '0');
    },
  };
}

function read<T>(schema: z.ZodType<T>, json: string | null): T | undefined {
  if (json === null) return undefined;
  try {
    return schema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
