import type { Dataset, Value } from './analytics-dataset.ts';
import { isObject } from './envelope.ts';
import { QueryError, Word } from './graphql-query.ts';
import type { Arguments } from './graphql-query.ts';

const comparisons: Readonly<Record<string, (value: Value, wanted: unknown) => boolean>> = {
  '': (value, wanted) => value === wanted,
  neq: (value, wanted) => value !== wanted,
  in: (value, wanted) => Array.isArray(wanted) && wanted.includes(value),
  geq: (value, wanted) => compare(value, wanted) >= 0,
  gt: (value, wanted) => compare(value, wanted) > 0,
  leq: (value, wanted) => compare(value, wanted) <= 0,
  lt: (value, wanted) => compare(value, wanted) < 0,
};

function compare(value: Value, wanted: unknown): number {
  if (typeof value === 'number') return value - Number(wanted);
  return Date.parse(value) - Date.parse(String(wanted));
}

const wholeSecond = (ms: number): number => Math.floor(ms / 1000) * 1000;

interface Filtered<Row> {
  dataset: Dataset<Row>;
  now: number;
  readerOf: (name: string) => (row: Row) => Value;
}

/** What a row must hold to be counted. Throws QueryError, for a missing time bound too. */
export function readFilter<Row>(args: Arguments, { dataset, now, readerOf }: Filtered<Row>): ((row: Row) => boolean)[] {
  const filter = args['filter'];
  if (!isObject(filter)) throw new QueryError('filter is required');
  checkBounds(filter, dataset, now);
  return Object.entries(filter).map(([key, wanted]) => {
    const [, name = key, how = ''] = /^([A-Za-z]+)(?:_([a-z]+))?$/.exec(key) ?? [];
    const read = readerOf(name);
    const holds = comparisons[how];
    if (holds === undefined) throw new QueryError(`unknown filter "${key}"`);
    if (wanted instanceof Word) throw new QueryError(`error parsing args: ${key} must be a string`);
    if (name !== 'datetime' || Array.isArray(wanted)) return (row) => holds(read(row), wanted);
    const moment = Date.parse(String(wanted));
    return (row) => holds(wholeSecond(dataset.at(row)), moment);
  });
}

function checkBounds<Row>(filter: Arguments, { notOlderThan, maxDuration }: Dataset<Row>, now: number): void {
  const [from, to] = [
    ['datetime_geq', 'datetime_gt'],
    ['datetime_leq', 'datetime_lt'],
  ].map((names) => {
    const bound = names.map((name) => filter[name]).find((value) => value !== undefined);
    if (bound === undefined) throw new QueryError(`filter must have ${names.join(' or ')}`);
    const moment = typeof bound === 'string' ? Date.parse(bound) : NaN;
    if (Number.isNaN(moment)) throw new QueryError('error parsing args: not a time');
    return moment;
  });
  if (from === undefined || to === undefined) return;
  if (from < now - notOlderThan) throw new QueryError(`cannot request data older than ${notOlderThan / 1000}s`);
  if (to - from > maxDuration) {
    throw new QueryError(`query time range is too large. Time range can't be wider than ${maxDuration / 1000}s`);
  }
}
