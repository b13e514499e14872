import type { LogKind, LogRows } from '../../src/core/log-row.ts';
import type { DayCounts, Logs, Pulled, RowsQuery, SeenBefore } from '../../src/core/logs.ts';

const PAGE = 500;

/** The logs in memory, as strict as the port: the same id is one row. */
export function createMemoryLogs(): Logs {
  const kept = { access: new Map<string, LogRows['access']>(), network: new Map<string, LogRows['network']>() };
  const pulled = new Map<LogKind, Pulled>();
  const counts = new Map<string, DayCounts>();
  const seen = new Map<string, SeenBefore>();
  const mapOf = <Kind extends LogKind>(kind: Kind) => kept[kind] as unknown as Map<string, LogRows[Kind]>;
  return {
    async addRows(kind, rows) {
      const map = mapOf(kind);
      const before = map.size;
      for (const row of rows) map.set(row.id, { ...row, ...map.get(row.id) });
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
      const tooMany = all.length - most;
      const gone = all.filter(({ at }, index) => at < before || index < tooMany);
      for (const { kind, id } of gone) mapOf(kind).delete(id);
      return { dropped: gone.length, upTo: gone.at(-1)?.at };
    },
    async rowStats() {
      const times = [...kept.access.values(), ...kept.network.values()].map(({ at }) => at);
      return { rows: times.length, oldest: times.length === 0 ? undefined : Math.min(...times) };
    },
    pulled: async (kind) => pulled.get(kind),
    keepPulled: async (kind, state) => void pulled.set(kind, state),
    dayCounts: async (from, to) =>
      [...counts.values()].filter(({ day }) => day >= from && day <= to).toSorted((a, b) => (a.day < b.day ? -1 : 1)),
    keepDayCounts: async (one) => void counts.set(one.day, one),
    seenBefore: async (emails) => emails.flatMap((email) => seen.get(email) ?? []),
    keepSeen: async (all) => all.forEach((one) => seen.set(one.email, one)),
  };
}
