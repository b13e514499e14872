import type { Context } from 'hono';
import { badRequest } from '../envelope.ts';

/** One of a few words; the first of them unless the query says otherwise. Refuses any other. */
export function choice<Word extends string>(c: Context, name: string, words: readonly [Word, ...Word[]]): Word {
  const sent = c.req.query(name);
  const found = words.find((word) => word === (sent ?? words[0]));
  if (found === undefined) throw badRequest(`${name} must be one of ${words.join(', ')}`);
  return found;
}

/** A filter that the sandbox does not carry out would quietly find too much, so it is refused. */
export function refuseOthers(c: Context, known: readonly string[]): void {
  const others = Object.keys(c.req.queries()).filter((name) => !known.includes(name));
  if (others.length > 0) throw badRequest(`the sandbox does not filter by ${others.join(', ')}`);
}

/** By `seen_after` and `seen_before`. */
export function seenWithin(c: Context, at: number | null): boolean {
  const [after, before] = ['seen_after', 'seen_before'].map((name) => {
    const text = c.req.query(name);
    const moment = text === undefined ? undefined : Date.parse(text);
    if (Number.isNaN(moment)) throw badRequest(`${name} must be an RFC 3339 time`);
    return moment;
  });
  if (after !== undefined && (at ?? 0) <= after) return false;
  return before === undefined || (at ?? 0) < before;
}

/** By `sort_by` and `sort_order`; as they are unless asked. */
export function sorted<Row>(
  c: Context,
  rows: Row[],
  keys: Readonly<Record<string, (row: Row) => string | number>>,
): Row[] {
  const by = c.req.query('sort_by');
  const sign = choice(c, 'sort_order', ['asc', 'desc']) === 'asc' ? 1 : -1;
  if (by === undefined) return rows;
  const key = keys[by];
  if (key === undefined) throw badRequest(`sort_by must be one of ${Object.keys(keys).join(', ')}`);
  return rows.toSorted((a, b) => {
    const [left, right] = [key(a), key(b)];
    return left === right ? 0 : sign * (left < right ? -1 : 1);
  });
}
