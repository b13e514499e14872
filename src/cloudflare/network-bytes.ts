import type { NetworkRow } from '../core/log-row.ts';

/** What may tell whose bytes these are, besides hour and destination. Which of it the counts of bytes have is not documented. */
const SHARED = ['email', 'port', 'transport', 'device'] as const;

/**
 * Rows with the bytes that are certainly theirs: where only one row that was not blocked has all in common with a count of
 * bytes. What more than one row could have used, or none, stays a row of its own without sessions, so that the sums of an
 * hour and of a destination are right and nothing is put down to anybody by guess.
 */
export function withBytes(rows: readonly NetworkRow[], counts: readonly NetworkRow[]): NetworkRow[] {
  const told = SHARED.filter((name) => [rows, counts].every((some) => some.some((row) => (row[name] ?? '') !== '')));
  const keyOf = (row: NetworkRow): string =>
    JSON.stringify([row.at, row.destination, ...told.map((name) => row[name])]);
  const byKey = new Map<string, NetworkRow[]>();
  for (const row of rows.filter(({ action }) => action !== 'block')) {
    const same = byKey.get(keyOf(row));
    if (same === undefined) byKey.set(keyOf(row), [row]);
    else same.push(row);
  }
  const result = new Map(rows.map((row) => [row.id, row]));
  for (const count of counts.filter(({ sent, received }) => sent !== undefined || received !== undefined)) {
    const [only, other] = byKey.get(keyOf(count)) ?? [];
    const id = only === undefined || other !== undefined ? count.id : only.id;
    const row = result.get(id);
    result.set(id, row === undefined ? count : plusBytes(row, count));
  }
  return [...result.values()];
}

function plusBytes(row: NetworkRow, { sent, received }: NetworkRow): NetworkRow {
  return {
    ...row,
    ...(sent === undefined ? {} : { sent: sent + (row.sent ?? 0) }),
    ...(received === undefined ? {} : { received: received + (row.received ?? 0) }),
  };
}
