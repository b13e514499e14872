import type { Account } from './client.ts';
import type { DatasetSettings } from './dataset-settings.ts';
import { askAnalytics, readGroups, rowsIn, type Group, type Refusal } from './graphql.ts';

/** Cloudflare's own upper bound. */
const MOST_ROWS = 10_000;
const SECOND_MS = 1000;
/** Kept away from the edge of what may be asked for, which moves on while the query travels. */
const EDGE_MS = 60_000;

/** `dimensions_country`, `sum_bytesSent`, `count`. */
type Path = `dimensions_${string}` | `sum_${string}` | 'count';

export interface Wanted {
  readonly dataset: string;
  /** Infinitive. */
  readonly does: string;
  /** Without these, the rows are of no use. */
  readonly needed: readonly Path[];
  /** Sets of more that are tried, the richest first, where nobody tells what there is; the last is tried with nothing more. */
  readonly tries: readonly (readonly Path[])[];
  /** Asked for only where the settings name them. */
  readonly rare?: readonly Path[];
}

/** Epoch milliseconds in whole seconds; `from` counts in, `to` does not. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * All groups of a stretch of time. One query where they fit into one answer, else the stretch is cut in half, and so on: at
 * most twice as many queries as answers are full. A group whose time lies on both sides of a cut comes twice, each time with
 * its share. Throws like `askAnalytics`.
 */
export async function readDataset(
  account: Account,
  wanted: Wanted,
  settings: DatasetSettings | undefined,
  stretch: Stretch,
): Promise<Group[] | Refusal> {
  if (settings?.enabled === false) return 'query';
  for (const paths of selections(wanted, settings?.fields)) {
    // The next selection is asked for only if this one is refused.
    // oxlint-disable-next-line no-await-in-loop
    const groups = await readSelection(account, wanted, paths, { settings: settings ?? {}, stretch });
    if (groups !== 'query') return groups;
  }
  return 'query';
}

function selections({ needed, tries, rare = [] }: Wanted, fields: ReadonlySet<string> | undefined): Path[][] {
  const guessed = [...tries, []].map((more) => [...needed, ...more]);
  if (fields === undefined) return guessed;
  if (needed.some((path) => !fields.has(path.toLowerCase()))) return [];
  const known = [...new Set([...needed, ...tries.flat(), ...rare])].filter((path) => fields.has(path.toLowerCase()));
  return known.length === needed.length ? [known] : [known, [...needed]];
}

interface Reading {
  readonly settings: Partial<DatasetSettings>;
  readonly stretch: Stretch;
}

async function readSelection(
  account: Account,
  { dataset, does }: Wanted,
  paths: readonly Path[],
  { settings: { mostRows = MOST_ROWS, widestMs = Infinity, reachMs = Infinity }, stretch }: Reading,
): Promise<Group[] | Refusal> {
  const limit = Math.min(mostRows, MOST_ROWS);
  const query = queryFor(dataset, paths, limit);
  const oldest = account.clock.now() - reachMs + EDGE_MS;
  const left = [{ from: Math.max(stretch.from, wholeSecond(oldest)), to: stretch.to }];
  const found: Group[] = [];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { from, to } = next;
    if (from >= to) continue;
    if (to - from > widestMs) {
      left.push({ from: from + widestMs, to }, { from, to: from + widestMs });
      continue;
    }
    const variables = { since: new Date(from).toISOString(), until: new Date(to).toISOString() };
    // Where to ask on is known only from this answer.
    // oxlint-disable-next-line no-await-in-loop
    const asked = await askAnalytics(account, { does, query, variables });
    if (asked.kind !== 'answer') return asked.kind;
    const rows = rowsIn(asked.account, dataset);
    const middle = wholeSecond((from + to) / 2);
    if (rows.length < limit || middle <= from) found.push(...readGroups(rows));
    else left.push({ from: middle, to }, { from, to: middle });
  }
  return found;
}

function queryFor(dataset: string, paths: readonly Path[], limit: number): string {
  const under = (stem: 'dimensions' | 'sum'): string => {
    const names = paths.filter((path) => path.startsWith(`${stem}_`)).map((path) => path.slice(stem.length + 1));
    return names.length === 0 ? '' : ` ${stem} { ${names.join(' ')} }`;
  };
  // The types are the analytics' own: text is `string` there, and a time is one too.
  return `query Groups($account: string, $since: string, $until: string) {
  viewer {
    accounts(filter: { accountTag: $account }) {
      ${dataset}(limit: ${limit}, filter: { datetime_geq: $since, datetime_lt: $until }) {
        ${paths.includes('count') ? 'count' : ''}${under('dimensions')}${under('sum')}
      }
    }
  }
}`;
}

function wholeSecond(moment: number): number {
  return Math.floor(moment / SECOND_MS) * SECOND_MS;
}
