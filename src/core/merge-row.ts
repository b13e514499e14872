import type { LogKind, LogRows } from './log-row.ts';

/**
 * A row that is kept, and the same one as it was read again or a part of it: it gains what it did not have, and loses
 * nothing. Counts only grow: what analytics counted late is in the larger one.
 */
export function mergeRow<Kind extends LogKind>(kept: LogRows[Kind], again: Partial<LogRows[Kind]>): LogRows[Kind] {
  const had = new Map<string, unknown>(Object.entries(kept));
  const gained = Object.entries(again).filter(([field, value]) => isGain(had.get(field), value));
  return { ...kept, ...Object.fromEntries(gained) };
}

function isGain(before: unknown, now: unknown): boolean {
  return before === undefined || (typeof before === 'number' && typeof now === 'number' && now > before);
}
