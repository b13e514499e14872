import { z } from 'zod';
import type { ChainFault } from './audit.ts';
import type { Clock, Store } from './ports.ts';
import { verifyAuditLog } from './verify-audit-log.ts';
import { unlessAltered } from './unless-altered.ts';

/** What a check of the newest part of the audit log has found. */
export type RecentVerdict =
  | {
      readonly ok: true;
      /** Numbers of the first and the last entry that were checked; `last` is 0 where there is none. */
      readonly first: number;
      readonly last: number;
      /** The entries before them that were whole when they were checked last. */
      readonly before: { readonly first: number; readonly at: number } | undefined;
    }
  | ChainFault;

/** Half a second. */
const CHECKED = 20_000;
/** As far back as this it goes to where the last check has ended. */
const REACH = 100_000;

const KEY = 'audit-verified';
const KEPT_MS = 10 * 365 * 24 * 60 * 60 * 1000;

/** The end of what was whole, since which entry it was, and when it was checked. */
const Known = z.object({ seq: z.number().int().min(1), hash: z.string(), first: z.number().int(), at: z.number() });

/**
 * Checks the newest entries, and all since the last check unless they are very many. What was whole once is not looked at
 * again when it is far behind: the command line does that. Throws like the store.
 */
export async function verifyRecent(
  store: Pick<Store, 'auditEntries' | 'auditEntriesBack' | 'auditHead' | 'keep' | 'recall'>,
  clock: Clock,
): Promise<RecentVerdict> {
  const end = await endOf(store);
  const known = Known.safeParse(await store.recall(KEY)).data;
  const wanted = Math.max(1, end - CHECKED + 1);
  const isNear = known !== undefined && known.seq >= end - REACH;
  const first = isNear ? Math.min(wanted, known.seq + 1) : wanted;
  const verdict = await verifyAuditLog(store, {
    from: first,
    ...(isNear ? { anchor: { seq: known.seq, hash: known.hash } } : {}),
  });
  if (!verdict.ok) return verdict;
  const { last } = verdict;
  if (last === undefined) return { ok: true, first: 1, last: 0, before: undefined };
  const { seq, hash } = last;
  const begin = isNear ? Math.min(known.first, first) : first;
  await store.keep(KEY, { seq, hash, first: begin, at: clock.now() } satisfies z.input<typeof Known>, KEPT_MS);
  return { ok: true, first, last: seq, before: begin < first && known ? { first: begin, at: known.at } : undefined };
}

/** Number of the last entry that is there and, by the stored head, should be. What is wrong with either the check itself finds. */
async function endOf(store: Pick<Store, 'auditEntriesBack' | 'auditHead'>): Promise<number> {
  const ends = await Promise.all([
    unlessAltered(async () => (await store.auditHead()).seq),
    unlessAltered(() => lastOf(store)),
  ]);
  const told = ends.filter((seq) => seq !== undefined);
  return told.length === 0 ? 0 : Math.min(...told);
}

async function lastOf(store: Pick<Store, 'auditEntriesBack'>): Promise<number> {
  for await (const { seq } of store.auditEntriesBack()) return seq;
  return 0;
}
