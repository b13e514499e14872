import type { AccessEvent } from '../core/access-event.ts';
import { foldAddress } from '../core/address.ts';
import type { AccessRow } from '../core/log-row.ts';
import { PAGE, readLogPage, stamp } from './access-log.ts';
import type { Account } from './client.ts';
import { readCountries } from './countries.ts';
import { FEW } from './few.ts';

/** The log of everybody is read for a short while only. */
const MOST_PAGES = 10;

export interface AccessEventQuery {
  readonly email: string | readonly string[];
  /** Epoch milliseconds. */
  readonly since: number;
  /** Rows for each person. */
  readonly limit?: number;
  readonly withCountries?: boolean;
}

/**
 * The Access log of some people, newest first, and then, if wanted, one call for the countries. Of up to 10 people: one
 * call for each, side by side. Of more: the log of everybody, page by page. The log itself is the truth; the countries
 * come from analytics, which samples and which not every plan and token may read, so a row may be without.
 */
export async function readAccessEvents(
  account: Account,
  { email, since, limit = 100, withCountries = false }: AccessEventQuery,
): Promise<AccessEvent[]> {
  const emails = [...new Set([email].flat().map(foldAddress))];
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
  const countries = withCountries ? await readCountries(account, theirs) : new Map<string, string>();
  return theirs.map(({ id, at, email: who, allowed, app, ip, country: told }) => {
    const country = countries.get(id) ?? told;
    return { at, email: who, allowed, app, ip, ...(country === undefined ? {} : { country }) };
  });
}

interface Window {
  readonly since: number;
  readonly limit: number;
}

async function readLog(account: Account, emails: readonly string[], { since, limit }: Window): Promise<AccessRow[]> {
  if (emails.length > FEW) return readWhole(account, since);
  const pages = await Promise.all(
    emails.map((email) =>
      // Without `email_exact`, a part of the address would do.
      readLogPage(account, { direction: 'desc', since: stamp(since), limit, email, email_exact: true }),
    ),
  );
  return pages.flatMap(({ rows }) => rows);
}

/** How many rows one answer may have is not documented, so only an empty page is the last. */
async function readWhole(account: Account, since: number): Promise<AccessRow[]> {
  const found: AccessRow[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    // Whether there is a next page is known only from this one.
    // oxlint-disable-next-line no-await-in-loop
    const { came, rows } = await readLogPage(account, { direction: 'desc', since: stamp(since), limit: PAGE, page });
    if (came === 0) break;
    found.push(...rows);
  }
  return found;
}

function newestFirst(one: AccessRow, other: AccessRow): number {
  return other.at - one.at;
}
