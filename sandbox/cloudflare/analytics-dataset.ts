import { readFilter } from './analytics-filter.ts';
import { stamp } from './envelope.ts';
import { QueryError, Word } from './graphql-query.ts';
import type { Arguments, Field } from './graphql-query.ts';

export type Value = string | number;

/** One dataset of the analytics: what its rows can be asked for. */
export interface Dataset<Row> {
  name: string;
  /** Milliseconds since 1970. Beside the dimensions below, `datetime` and `datetimeHour` are made of it. */
  at: (row: Row) => number;
  dimensions: ReadonlyMap<string, (row: Row) => Value>;
  /** What can be summed up, in order. */
  sums: ReadonlyMap<string, (row: Row) => number>;
  /** Milliseconds that a query may reach back, and that it may span. They depend on the plan. */
  notOlderThan: number;
  maxDuration: number;
}

/** One dataset with its rows, as this account may see them. */
export interface Access<Row> {
  dataset: Dataset<Row>;
  rows: readonly Row[];
  accountId: string;
  now: number;
  /** Names that the plan does not include. */
  without: ReadonlySet<string>;
}

export const maxPageSize = 10_000;
const hour = 3_600_000;

function dimensionsOf<Row>({ at, dimensions }: Dataset<Row>): Map<string, (row: Row) => Value> {
  return new Map<string, (row: Row) => Value>([
    ['datetime', (row) => stamp(at(row))],
    ['datetimeHour', (row) => stamp(Math.floor(at(row) / hour) * hour)],
    ...dimensions,
  ]);
}

/** Paths as the settings tell them: `dimensions_country`. */
export function availableFields<Row>({ dataset, without }: Pick<Access<Row>, 'dataset' | 'without'>): string[] {
  const has = (name: string): boolean => !without.has(name) && !without.has(`${dataset.name}.${name}`);
  return [
    'count',
    ...[...dimensionsOf(dataset).keys()].filter(has).map((name) => `dimensions_${name}`),
    ...[...dataset.sums.keys()].filter(has).map((name) => `sum_${name}`),
  ];
}

/**
 * Answers one dataset: rows that have all the dimensions asked for in common are one. Both time bounds and a limit are
 * demanded, and one field that the plan does not have spoils the whole query. Throws QueryError.
 */
export function answerDataset<Row>(field: Field, access: Access<Row>): object[] {
  const { dataset, rows, now } = access;
  const unknown = Object.keys(field.args).find((name) => !['filter', 'limit', 'orderBy'].includes(name));
  if (unknown !== undefined) throw new QueryError(`unknown argument "${unknown}"`);
  const limit = readLimit(field.args);
  const known = dimensionsOf(dataset);
  const tests = readFilter(field.args, { dataset, now, readerOf: (name) => need(known, name, access) });
  const asked = readSelection(field.fields, access);
  const order = readOrder<Row>(field.args, (name) => need(known, name, access));
  const readers = (asked.dimensions?.fields ?? []).map(({ name, as }) => [as, need(known, name, access)] as const);
  const adders = (asked.sum?.fields ?? []).map(({ name, as }) => [as, need(dataset.sums, name, access)] as const);
  const found = rows.filter((row) => tests.every((holds) => holds(row)));
  const groups = new Map<string, { shown: object; size: number; sums: number[] }>();
  for (const row of order === undefined ? found : found.toSorted(order)) {
    const values = readers.map(([, read]) => read(row));
    const key = values.join('\u0000');
    const group = groups.get(key);
    if (group === undefined) {
      if (groups.size === limit) continue;
      const shown = Object.fromEntries(readers.map(([as], index) => [as, values[index]]));
      groups.set(key, { shown, size: 1, sums: adders.map(([, add]) => add(row)) });
      continue;
    }
    group.size += 1;
    for (const [index, [, add]] of adders.entries()) group.sums[index] = (group.sums[index] ?? 0) + add(row);
  }
  return [...groups.values()].map(({ shown, size, sums }) => ({
    ...(asked.count === undefined ? {} : { [asked.count]: size }),
    ...(asked.dimensions === undefined ? {} : { [asked.dimensions.as]: shown }),
    ...(asked.sum === undefined
      ? {}
      : { [asked.sum.as]: Object.fromEntries(adders.map(([as], index) => [as, sums[index]])) }),
  }));
}

function need<Found, Row>(
  known: ReadonlyMap<string, Found>,
  name: string,
  { dataset, accountId, without }: Access<Row>,
): Found {
  const found = known.get(name);
  if (found === undefined) throw new QueryError(`unknown field "${name}"`);
  if (without.has(name) || without.has(`${dataset.name}.${name}`)) {
    throw new QueryError(`account '${accountId}' does not have access to the field '${name.toLowerCase()}'`);
  }
  return found;
}

function readLimit({ limit }: Arguments): number {
  if (typeof limit === 'number' && Number.isInteger(limit) && limit >= 1 && limit <= maxPageSize) return limit;
  throw new QueryError(`limit must be a positive number and not greater than ${maxPageSize}`);
}

function readOrder<Row>(
  { orderBy = [] }: Arguments,
  readerOf: (name: string) => (row: Row) => Value,
): ((a: Row, b: Row) => number) | undefined {
  if (!Array.isArray(orderBy)) throw new QueryError('error parsing args: orderBy must be a list');
  const keys = orderBy.map((key: unknown) => {
    const [, name, direction] = /^(\w+)_(ASC|DESC)$/.exec(key instanceof Word ? key.word : String(key)) ?? [];
    if (name === undefined) throw new QueryError('error parsing args: orderBy');
    return { read: readerOf(name), sign: direction === 'ASC' ? 1 : -1 };
  });
  if (keys.length === 0) return undefined;
  return (a, b) => {
    for (const { read, sign } of keys) {
      const [left, right] = [read(a), read(b)];
      if (left !== right) return sign * (left < right ? -1 : 1);
    }
    return 0;
  };
}

interface Selection {
  count: string | undefined;
  dimensions: Field | undefined;
  sum: Field | undefined;
}

function readSelection<Row>(fields: readonly Field[], { dataset }: Access<Row>): Selection {
  const selection: Selection = { count: undefined, dimensions: undefined, sum: undefined };
  for (const field of fields) {
    if (field.name === 'count') selection.count = field.as;
    else if (field.name === 'dimensions' && field.fields.length > 0) selection.dimensions = field;
    else if (field.name === 'sum' && field.fields.length > 0 && dataset.sums.size > 0) selection.sum = field;
    else throw new QueryError(`unknown field "${field.name}"`);
  }
  return selection;
}
