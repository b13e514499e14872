import type { LogKind, LogRows } from '../../src/core/log-row.ts';
import type { DayCounts, DroppedRows, Logs, Pulled, RowsQuery, SeenBefore } from '../../src/core/logs.ts';
import { mergeRow } from '../../src/core/merge-row.ts';

const PAGE = 500;
const DAYS_KEPT = 400;

/** The logs in memory, as strict as the port: the same id is one row. They pass the suite of the real ones: test/store/logs.test.ts. */
export function createMemoryLogs(): Logs {
  const kept = { access: new Map<string, LogRows['access']>(), network: new Map<string, LogRows['network']>() };
  const pulled = new Map<LogKind, Pulled>();
  const counts = new Map<string, DayCounts>();
  const seen = new Map<string, SeenBefore>();
  const tooMany = new Map<string, DroppedRows>();
  const mapOf = <Kind extends LogKind>(kind: Kind) => kept[kind] as unknown as Map<string, LogRows[Kind]>;
  return {
    async addRows<Kind extends LogKind>(kind: Kind, rows: readonly LogRows[Kind][]) {
      const map = mapOf(kind);
      const before = map.size;
      for (const row of rows) {
        const there = map.get(row.id);
        map.set(row.id, there === undefined ? row : mergeRow<Kind>(there, row));
      }
      return map.size - before;
    },
    async *rows<Kind extends LogKind>(kind: Kind, { since, until, direction }: RowsQuery) {
      const sign = direction === 'oldest-first' ? 1 : -1;
      const found = [...mapOf(kind).values()]
        .filter(({ at }) => at >= since && at < until)
        .toSorted((one, other) => sign * (one.at - other.at || (one.id < other.id ? -1 : 1)));
      for (let at = 0; at < found.length; at += PAGE) yield found.slice(at, at + PAGE);
    },
    async dropRows({ before, most }) {
      const all = (['access', 'network'] as const)
        .flatMap((kind) => [...mapOf(kind).values()].map(({ id, at }) => ({ kind, id, at })))
        .toSorted((one, other) => one.at - other.at);
      const gone = all.filter(({ at }, index) => at < before || index < all.length - most);
      for (const { kind, id } of gone) mapOf(kind).delete(id);
      return { dropped: gone.length, upTo: gone.at(-1)?.at };
    },
    async keepDropped(day, { rows, upTo }) {
      const before = tooMany.get(day) ?? { rows: 0, upTo };
      tooMany.set(day, { rows: before.rows + rows, upTo: Math.max(before.upTo, upTo) });
    },
    dropped: async (days) => days.map((day) => tooMany.get(day)),
    async oldestRow() {
      const times = [...kept.access.values(), ...kept.network.values()].map(({ at }) => at);
      return times.length === 0 ? undefined : Math.min(...times);
    },
    pulled: async (kind) => pulled.get(kind),
    keepPulled: async (kind, state) => void pulled.set(kind, state),
    dayCounts: async (from, to) =>
      [...counts.values()].filter(({ day }) => day >= from && day <= to).toSorted((a, b) => (a.day < b.day ? -1 : 1)),
    async keepDayCounts(one) {
      counts.set(one.day, one);
      const oldest = Date.parse(one.day) - DAYS_KEPT * 24 * 60 * 60 * 1000;
      for (const day of counts.keys()) if (Date.parse(day) < oldest) counts.delete(day);
    },
    seenBefore: async (emails) => emails.flatMap((email) => seen.get(email) ?? []),
    keepSeen: async (all) => all.forEach((one) => seen.set(one.email, one)),
    async dropSeen(before) {
      for (const { email, lastAt } of seen.values()) if (lastAt < before) seen.delete(email);
    },
  };
}
