import { z } from 'zod';
import type { AccessEvent } from '../core/access-event.ts';
import { call } from './call.ts';
import type { Account } from './client.ts';
import { readCountries } from './countries.ts';
import { FEW } from './few.ts';

const Row = z
  .object({
    allowed: z.boolean().nullish(),
    app_domain: z.string().nullish(),
    created_at: z.string(),
    ip_address: z.string().nullish(),
    ray_id: z.string().nullish(),
    user_email: z.string().nullish(),
  })
  .transform((raw) => ({
    at: Date.parse(raw.created_at),
    email: (raw.user_email ?? '').toLowerCase(),
    allowed: raw.allowed === true,
    app: raw.app_domain ?? '',
    ip: raw.ip_address ?? '',
    rayId: raw.ray_id ?? '',
  }));

type LogRow = z.infer<typeof Row>;

/** Rows of one page, and pages at most: the log of everybody is read for a short while only. */
const PAGE = 1000;
const MOST_PAGES = 10;

export interface AccessEventQuery {
  readonly email: string | readonly string[];
  /** Epoch milliseconds. */
  readonly since: number;
  /** Rows for each person. */
  readonly limit?: number;
}

/**
 * The Access log of some people, newest first, and then one call for the countries. Of up to 10 people: one call for each,
 * side by side. Of more: the log of everybody, page by page. The log itself is the truth; the countries come from
 * analytics, which samples and which not every plan and token may read, so a row may be without.
 */
export async function readAccessEvents(
  account: Account,
  { email, since, limit = 100 }: AccessEventQuery,
): Promise<AccessEvent[]> {
  const emails = [...new Set((typeof email === 'string' ? [email] : email).map((one) => one.toLowerCase()))];
  // Rows tell whole seconds, so one from the second in which `since` lies counts.
  const from = Math.floor(since / 1000) * 1000;
  const rows = (await readLog(account, emails, { since, limit })).filter((row) => row.at >= from);
  const theirs = emails
    .flatMap((one) =>
      rows
        .filter((row) => row.email === one)
        .toSorted(newestFirst)
        .slice(0, limit),
    )
    .toSorted(newestFirst);
  const countries = await readCountries(account, theirs);
  return theirs.map(({ rayId, ...event }) => {
    const country = countries.get(rayId);
    return country === undefined ? event : { ...event, country };
  });
}

interface Window {
  readonly since: number;
  readonly limit: number;
}

async function readLog(account: Account, emails: readonly string[], { since, limit }: Window): Promise<LogRow[]> {
  if (emails.length > FEW) return readWhole(account, since);
  // Without `email_exact`, a part of the address would do.
  const rows = await Promise.all(
    emails.map((email) => readPage(account, { email, email_exact: true, since: stamp(since), limit })),
  );
  return rows.flat();
}

/** How many rows one answer may have is not documented, so only an empty page is the last. */
async function readWhole(account: Account, since: number): Promise<LogRow[]> {
  const rows: LogRow[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const more = await readPage(account, { since: stamp(since), limit: PAGE, page });
    if (more.length === 0) break;
    rows.push(...more);
  }
  return rows;
}

interface PageQuery {
  readonly email?: string;
  readonly email_exact?: boolean;
  readonly since: string;
  readonly limit: number;
  readonly page?: number;
}

async function readPage(account: Account, query: PageQuery): Promise<LogRow[]> {
  const { client, accountId } = account;
  const rows = await call(
    account,
    { route: 'GET access/logs/access_requests', does: 'read the Access log', area: 'auditLogs' },
    z.array(Row).nullish(),
    (options) =>
      client.zeroTrust.access.logs.accessRequests.list({ account_id: accountId, direction: 'desc', ...query }, options),
  );
  return rows ?? [];
}

function stamp(moment: number): string {
  return new Date(moment).toISOString();
}

function newestFirst(one: LogRow, other: LogRow): number {
  return other.at - one.at;
}
