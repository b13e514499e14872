import { PermanentError, TransientError } from '../core/errors.ts';
import type { AccessRow, LogKind, LogRows } from '../core/log-row.ts';
import type { LogGap } from '../core/logs.ts';
import { mergeRow } from '../core/merge-row.ts';
import type { Desk } from './desk.ts';

/** Where the rows of a log come from, and what is to be said about them. */
export interface LogSource<Kind extends LogKind> {
  /** Newest first. Throws like the store, or, if `isDirect`, like Cloudflare. */
  rows(reach: Reach): AsyncIterable<readonly LogRows[Kind][]>;
  /** Read from Cloudflare now, because nothing was ever kept. */
  readonly isDirect: boolean;
  /** Epoch milliseconds: up to when rows are kept. */
  readonly asOf: number | undefined;
  /** Why it is not up to date, or something is missing, in sentences. */
  readonly problems: readonly string[];
  readonly gaps: readonly LogGap[];
  /** Rows are told from then on: epoch milliseconds. */
  readonly from: number | undefined;
}

interface Reach {
  readonly since: number;
  readonly until: number;
}

const HOUR = 60 * 60 * 1000;
/** What Cloudflare itself keeps on its smallest plan. */
export const DIRECT_HOURS = 24;

/** The rows that are kept; if none ever were, those of the last hours from Cloudflare itself. Throws like the store. */
export async function openLog<Kind extends LogKind>(desk: Desk, kind: Kind): Promise<LogSource<Kind>> {
  const [pulled, oldest] = await Promise.all([desk.logs.pulled(kind), desk.logs.oldestRow()]);
  if (pulled === undefined) {
    const from = desk.clock.now() - DIRECT_HOURS * HOUR;
    return {
      rows: (reach) => directly(desk, kind, later(reach, from)),
      isDirect: true,
      asOf: undefined,
      problems: [],
      gaps: [],
      from,
    };
  }
  const { problem, gaps, details } = pulled;
  return {
    rows: ({ since, until }) => desk.logs.rows(kind, { since, until, direction: 'newest-first' }),
    isDirect: false,
    asOf: pulled.until,
    problems: [problem, details?.none?.why].filter((one) => one !== undefined),
    gaps,
    from: oldest,
  };
}

function later({ since, until }: Reach, from: number): Reach {
  return { since: Math.max(since, from), until };
}

function directly<Kind extends LogKind>(desk: Desk, kind: Kind, reach: Reach): AsyncIterable<readonly LogRows[Kind][]>;
function directly(desk: Desk, kind: LogKind, reach: Reach): AsyncIterable<readonly LogRows[LogKind][]> {
  return kind === 'access' ? accessDirectly(desk, reach) : networkDirectly(desk, reach);
}

/** Cloudflare gives the oldest first, so it is read backwards in stretches that grow: mostly the first one will do. */
async function* accessDirectly(desk: Desk, { since, until }: Reach): AsyncIterable<readonly AccessRow[]> {
  let to = until;
  for (let length = HOUR; to > since; length *= GROWTH) {
    const from = Math.max(since, to - length);
    const rows = await stretch(desk, { since: from, until: to });
    to = from;
    yield rows.toSorted((one, other) => other.at - one.at || (one.id < other.id ? -1 : 1));
  }
}

const MOST_PAGES = 20;
/** A day in three stretches. */
const GROWTH = 6;

/** `until` is left out. */
async function stretch({ cloudflare }: Desk, reach: Reach): Promise<AccessRow[]> {
  const window = { since: reach.since, until: reach.until - 1 };
  const rows = await allPages(cloudflare, window);
  if (rows.length === 0) return rows;
  const details = await cloudflare.loginDetails(window).catch(orNone);
  return rows
    .filter(({ at }) => at >= reach.since && at < reach.until)
    .map((row) => mergeRow<'access'>(row, details.get(row.id) ?? {}));
}

async function allPages(cloudflare: Desk['cloudflare'], window: Reach): Promise<AccessRow[]> {
  const rows = new Map<string, AccessRow>();
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const more = await cloudflare.accessRows({ ...window, page });
    if (more.length === 0) return [...rows.values()];
    for (const row of more) rows.set(row.id, row);
  }
  throw new TransientError('The log is too long to be read directly, and nothing of it is kept here yet.', {
    code: 'log-too-long',
  });
}

/** What analytics know is a courtesy: without it the rows say less. */
function orNone(error: unknown): Awaited<ReturnType<Desk['cloudflare']['loginDetails']>> {
  if (error instanceof PermanentError || error instanceof TransientError) return new Map();
  throw error;
}

async function* networkDirectly(
  { cloudflare }: Desk,
  { since, until }: Reach,
): AsyncIterable<readonly LogRows['network'][]> {
  const rows = await cloudflare.networkRows({ since, until });
  yield rows
    .filter(({ at }) => at >= since && at < until)
    .toSorted((one, other) => other.at - one.at || (one.id < other.id ? -1 : 1));
}
