import type { Logs, Pulled } from '../core/logs.ts';
import type { Clock, Cloudflare } from '../core/ports.ts';
import {
  accessStretch,
  firstAccess,
  mayHaveGap,
  noteGap,
  oweDetails,
  storedUpTo,
  withoutProblem,
} from '../core/pull.ts';
import type { Log } from './log.ts';

export interface PullAccessDependencies {
  readonly logs: Pick<Logs, 'addRows'>;
  readonly cloudflare: Pick<Cloudflare, 'accessRows'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Stores how far it was read. */
  readonly keep: (pulled: Pulled) => Promise<void>;
}

/** One call each: less than a twentieth of the 1,200 calls that Cloudflare allows in five minutes. The rest is for people. */
const MOST_PAGES = 55;

/**
 * Reads the Access log from where it was left, and stores it page by page: whatever breaks it off, what is stored counts.
 * Not by numbers of pages alone: rows that Cloudflare drops meanwhile would move others to a page that was read already.
 */
export async function pullAccess(
  { logs, cloudflare, clock, log, keep }: PullAccessDependencies,
  before: Pulled | undefined,
): Promise<Pulled> {
  const now = clock.now();
  const start = before ?? firstAccess(now);
  const stretch = accessStretch(start, now);
  let pulled = withoutProblem(start);
  let { since } = stretch;
  let page = 1;
  for (let asked = 0; asked < MOST_PAGES; asked += 1) {
    const rows = await cloudflare.accessRows({ since, until: stretch.until, page });
    if (asked === 0 && mayHaveGap(before, now)) pulled = noteGap(pulled, rows, now, now);
    if (rows.length === 0) {
      pulled = storedUpTo(pulled, now, [], now);
      await keep(pulled);
      return pulled;
    }
    await logs.addRows('access', rows);
    const reached = Math.min(stretch.until, Math.max(...rows.map(({ at }) => at)));
    pulled = oweDetails(storedUpTo(pulled, Math.max(start.until, reached), rows, now), stretch);
    await keep(pulled);
    page = reached > since ? 1 : page + 1;
    since = Math.max(since, reached);
  }
  log.info(
    { kind: 'access', pages: MOST_PAGES },
    'The log has more pages than are pulled at once; the next run goes on',
  );
  return pulled;
}
