import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { UserError } from '../core/errors.ts';
import type { LogKind, LogRows } from '../core/log-row.ts';
import type { Store } from '../core/ports.ts';

/** A row, as the place behind which a page begins. */
const Place = z.object({ at: z.number(), id: z.string() });
type Place = z.infer<typeof Place>;

/** What of a log somebody looks at. Times are epoch milliseconds. */
export const LogView = z.object({
  /** Only for whoever asked. */
  userId: z.string(),
  kind: z.enum(['access', 'network']),
  /** Lower case. */
  email: z.string().optional(),
  outcome: z.enum(['allowed', 'denied']).optional(),
  destination: z.string().optional(),
  since: z.number(),
  /** Later rows are left out, so that the pages stay as they are while somebody reads. */
  until: z.number(),
  /** Behind which row each page begins after the first one, up to the one that is shown. */
  behind: z.array(Place),
  /** Behind which row the next page begins; undefined: there is none. */
  next: Place.optional(),
});
export type LogView = z.infer<typeof LogView>;

const PAGE_ROWS = 15;
const KEPT_MS = 60 * 60 * 1000;

/** Resolves to the key that the buttons below the page carry, for an hour. */
export async function keepView(store: Pick<Store, 'keep'>, view: LogView): Promise<string> {
  const key = randomUUID();
  await store.keep(keyOf(key), view, KEPT_MS);
  return key;
}

/** Throws UserError for a page that is kept no longer, and for one of somebody else. */
export async function recallView(store: Pick<Store, 'recall'>, key: string, userId: string): Promise<LogView> {
  const view = LogView.safeParse(await store.recall(keyOf(key))).data;
  if (view === undefined) {
    throw new UserError('This page is more than an hour old, so its buttons are spent. Type the command again.', {
      code: 'page-too-old',
    });
  }
  if (view.userId !== userId) {
    throw new UserError('Somebody else asked for this page. Type `/ocs-access logs` for one of your own.', {
      code: 'page-of-others',
    });
  }
  return view;
}

function keyOf(key: string): string {
  return `logs-page:${key}`;
}

/** Undefined: there is no such page. */
export function turned(view: LogView, to: 'newer' | 'older'): LogView | undefined {
  const { next, ...rest } = view;
  if (to === 'newer') return view.behind.length === 0 ? undefined : { ...rest, behind: view.behind.slice(0, -1) };
  return next === undefined ? undefined : { ...rest, behind: [...view.behind, next] };
}

/** What has to be read for the page that is shown. */
export function reachOf({ since, until, behind }: LogView): { readonly since: number; readonly until: number } {
  const last = behind.at(-1);
  return { since, until: last === undefined ? until : Math.min(until, last.at + 1) };
}

export interface PageOfRows<Row> {
  readonly rows: readonly Row[];
  readonly next: Place | undefined;
  /** Epoch milliseconds. Set: it was not looked further back than this, for lack of time. */
  readonly lookedBackTo: number | undefined;
}

/**
 * The rows of the page that is shown. Looking for rare ones among many ends when `isLate` says so; the next page then goes
 * on from there.
 */
export async function readPage<Kind extends LogKind>(
  pages: AsyncIterable<readonly LogRows[Kind][]>,
  view: LogView,
  isLate: () => boolean,
): Promise<PageOfRows<LogRows[Kind]>> {
  const found: LogRows[Kind][] = [];
  let last: Place | undefined;
  for await (const page of fromBehind(pages, view.behind.at(-1))) {
    for (const row of page) {
      if (!isWanted(row, view)) continue;
      if (found.length === PAGE_ROWS) return { rows: found, next: placeOf(found.at(-1)), lookedBackTo: undefined };
      found.push(row);
    }
    last = placeOf(page.at(-1)) ?? last;
    if (last !== undefined && isLate()) return { rows: found, next: last, lookedBackTo: last.at };
  }
  return { rows: found, next: undefined, lookedBackTo: undefined };
}

export function isWanted(row: LogRows[LogKind], { email, outcome, destination }: LogView): boolean {
  if (email !== undefined && row.email !== email) return false;
  if ('allowed' in row) return outcome === undefined || row.allowed === (outcome === 'allowed');
  if (destination === undefined) return true;
  return `${row.destination}:${row.port ?? ''}`.toLowerCase().includes(destination);
}

function placeOf(row: LogRows[LogKind] | undefined): Place | undefined {
  return row && { at: row.at, id: row.id };
}

/** The rows behind a place. If its own row is gone, those of the same second come once more rather than not at all. */
async function* fromBehind<Row extends LogRows[LogKind]>(
  pages: AsyncIterable<readonly Row[]>,
  place: Place | undefined,
): AsyncIterable<readonly Row[]> {
  let held: Row[] = [];
  let isBehind = place === undefined;
  for await (const page of pages) {
    if (isBehind || place === undefined) {
      yield page;
      continue;
    }
    const at = page.findIndex(({ id }) => id === place.id);
    const isPast = page.some((row) => row.at < place.at);
    if (at === -1 && !isPast) {
      held.push(...page);
      continue;
    }
    isBehind = true;
    yield at === -1 ? [...held, ...page] : page.slice(at + 1);
    held = [];
  }
  if (!isBehind) yield held;
}
