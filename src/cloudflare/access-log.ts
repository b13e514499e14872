import { z } from 'zod';
import { foldAddress } from '../core/address.ts';
import type { AccessRow } from '../core/log-row.ts';
import { rowId } from '../core/row-id.ts';
import { call } from './call.ts';
import type { Account } from './client.ts';
import { momentIn, textIn } from './liberal.ts';

/** Rows of one page. Whether the far end has a lower limit of its own is not documented. */
export const PAGE = 1000;
/** Pages in a row on which nothing can be read, before they are taken for the end. */
const MOST_UNREADABLE = 10;

/**
 * Reads what can be read of a row: a field that is missing or not what it was is as good as empty. Undefined without a
 * time, since nothing could be done with the rest.
 */
export function readAccessRow(raw: unknown): AccessRow | undefined {
  const row = z.looseObject({}).safeParse(raw).data ?? {};
  const created = momentIn(row['created_at']);
  if (created === undefined) return undefined;
  const at = Math.floor(created / 1000) * 1000;
  const email = foldAddress(textIn(row['user_email']) ?? '');
  const allowed = row['allowed'] === true;
  const app = textIn(row['app_domain']) ?? '';
  const ip = textIn(row['ip_address']) ?? '';
  const method = textIn(row['connection']);
  const country = textIn(row['country'])?.toUpperCase();
  return {
    id: textIn(row['ray_id']) ?? rowId([at, email, allowed, app, ip, method]),
    at,
    email,
    allowed,
    app,
    ip,
    ...(method === undefined ? {} : { method }),
    ...(country === undefined ? {} : { country }),
  };
}

export interface LogPageQuery {
  readonly direction: 'asc' | 'desc';
  /** RFC 3339. */
  readonly since: string;
  readonly until?: string;
  readonly limit: number;
  /** From 1. */
  readonly page?: number;
  readonly email?: string;
  readonly email_exact?: boolean;
}

/** How many rows came, and those of them that can be read. */
export interface LogPage {
  readonly came: number;
  readonly rows: AccessRow[];
}

/** One call. */
export async function readLogPage(account: Account, query: LogPageQuery): Promise<LogPage> {
  const { client, accountId } = account;
  const found = await call(
    account,
    { route: 'GET access/logs/access_requests', does: 'read the Access log', area: 'auditLogs' },
    z.array(z.unknown()).nullish(),
    (options) => client.zeroTrust.access.logs.accessRequests.list({ account_id: accountId, ...query }, options),
  );
  const rows = (found ?? []).flatMap((raw) => readAccessRow(raw) ?? []);
  return { came: found?.length ?? 0, rows };
}

export interface AccessRowsQuery {
  /** Epoch milliseconds, both included. */
  readonly since: number;
  readonly until: number;
  /** From 1. */
  readonly page: number;
}

/**
 * One page of everybody's Access log, oldest first: one call for a thousand rows. Only the end is empty: a page without a
 * single readable row gives the rows of the next one.
 */
export async function readAccessRows(account: Account, { since, until, page }: AccessRowsQuery): Promise<AccessRow[]> {
  for (let asked = page; asked < page + MOST_UNREADABLE; asked += 1) {
    // Whether the next page is needed is known only from this one.
    // oxlint-disable-next-line no-await-in-loop
    const { came, rows } = await readLogPage(account, {
      direction: 'asc',
      since: stamp(Math.floor(since / 1000) * 1000),
      until: stamp(until),
      limit: PAGE,
      page: asked,
    });
    if (came === 0 || rows.length > 0) return rows;
  }
  return [];
}

/** RFC 3339. */
export function stamp(moment: number): string {
  return new Date(moment).toISOString();
}
