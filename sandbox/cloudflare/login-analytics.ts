import { isObject, stamp } from './envelope.ts';
import { QueryError, Word } from './graphql-query.ts';
import type { Arguments, Field } from './graphql-query.ts';
import type { AccessLogRow } from './people.ts';

type Value = string | number;

const hour = 3_600_000;
/** How far back and how wide a query may be: what one public report measured. The numbers depend on the plan. */
const notOlderThan = 90 * 24 * hour;
const maxDuration = 7 * 24 * hour;
const maxPageSize = 10_000;

/** There is no e-mail address among them: a person is a user id here. */
const dimensions = new Map<string, (row: AccessLogRow) => Value>([
  ['datetime', ({ at }) => stamp(at)],
  ['isSuccessfulLogin', ({ allowed }) => Number(allowed)],
  ['hasWarpEnabled', ({ registrationId }) => Number(registrationId !== '')],
  ['hasGatewayEnabled', ({ registrationId }) => Number(registrationId !== '')],
  ['hasExistingJWT', () => 0],
  ['approvingPolicyId', ({ policyId }) => policyId],
  ['appId', ({ appId }) => appId],
  ['cfRayId', ({ rayId }) => rayId],
  ['ipAddress', ({ ip }) => ip],
  ['userUuid', ({ userId }) => userId],
  ['identityProvider', () => 'onetimepin'],
  ['country', ({ country }) => country],
  ['deviceId', ({ registrationId }) => registrationId],
  ['mtlsStatus', () => ''],
  ['mtlsCertSerialId', () => ''],
  ['mtlsCommonName', () => ''],
  ['serviceTokenId', () => ''],
]);

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

function readerOf(name: string): (row: AccessLogRow) => Value {
  const reader = dimensions.get(name);
  if (reader === undefined) throw new QueryError(`unknown field "${name}"`);
  return reader;
}

type Test = (row: AccessLogRow) => boolean;

function readFilter(args: Arguments, now: number): Test[] {
  const filter = args['filter'];
  if (!isObject(filter)) throw new QueryError('filter is required');
  checkBounds(filter, now);
  return Object.entries(filter).map(([key, wanted]) => {
    const [, name = key, how = ''] = /^([A-Za-z]+)(?:_([a-z]+))?$/.exec(key) ?? [];
    const read = readerOf(name);
    const holds = comparisons[how];
    if (holds === undefined) throw new QueryError(`unknown filter "${key}"`);
    if (wanted instanceof Word) throw new QueryError(`error parsing args: ${key} must be a string`);
    return (row) => holds(read(row), wanted);
  });
}

function checkBounds(filter: Arguments, now: number): void {
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

function readLimit({ limit }: Arguments): number {
  if (typeof limit === 'number' && Number.isInteger(limit) && limit >= 1 && limit <= maxPageSize) return limit;
  throw new QueryError(`limit must be a positive number and not greater than ${maxPageSize}`);
}

function readOrder({ orderBy = [] }: Arguments): (a: AccessLogRow, b: AccessLogRow) => number {
  if (!Array.isArray(orderBy)) throw new QueryError('error parsing args: orderBy must be a list');
  const keys = orderBy.map((key: unknown) => {
    const [, name, direction] = /^(\w+)_(ASC|DESC)$/.exec(key instanceof Word ? key.word : String(key)) ?? [];
    if (name === undefined) throw new QueryError('error parsing args: orderBy');
    return { read: readerOf(name), sign: direction === 'ASC' ? 1 : -1 };
  });
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
  dimensions: { as: string; fields: readonly Field[] } | undefined;
}

function readSelection(fields: readonly Field[]): Selection {
  const selection: Selection = { count: undefined, dimensions: undefined };
  for (const { name, as, fields: inner } of fields) {
    if (name === 'count') selection.count = as;
    else if (name === 'dimensions' && inner.length > 0) selection.dimensions = { as, fields: inner };
    else throw new QueryError(`unknown field "${name}"`);
  }
  return selection;
}

/**
 * Answers `accessLoginRequestsAdaptiveGroups`: logins that have all the dimensions asked for in common are one row.
 * Both time bounds and a limit are demanded. Throws QueryError.
 */
export function answerLogins(field: Field, logins: readonly AccessLogRow[], now: number): object[] {
  const unknown = Object.keys(field.args).find((name) => !['filter', 'limit', 'orderBy'].includes(name));
  if (unknown !== undefined) throw new QueryError(`unknown argument "${unknown}"`);
  const limit = readLimit(field.args);
  const tests = readFilter(field.args, now);
  const { count, dimensions: asked } = readSelection(field.fields);
  const readers = (asked?.fields ?? []).map(({ name, as }) => [as, readerOf(name)] as const);
  const groups = new Map<string, { shown: object; size: number }>();
  for (const row of logins.filter((login) => tests.every((holds) => holds(login))).toSorted(readOrder(field.args))) {
    const shown = Object.fromEntries(readers.map(([as, read]) => [as, read(row)]));
    const key = JSON.stringify(shown);
    groups.set(key, { shown, size: (groups.get(key)?.size ?? 0) + 1 });
  }
  return [...groups.values()].slice(0, limit).map(({ shown, size }) => ({
    ...(count === undefined ? {} : { [count]: size }),
    ...(asked === undefined ? {} : { [asked.as]: shown }),
  }));
}
