import { PermanentError } from '../core/errors.ts';
import type { AccessRow } from '../core/log-row.ts';
import type { Logs, Pulled } from '../core/logs.ts';
import { mergeRow } from '../core/merge-row.ts';
import type { Clock, Cloudflare } from '../core/ports.ts';
import { detailsHad, noDetails } from '../core/pull.ts';
import { codeOf, type Log } from './log.ts';

export interface PullDetailsDependencies {
  readonly logs: Pick<Logs, 'addRows' | 'rows'>;
  readonly cloudflare: Pick<Cloudflare, 'loginDetails'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Stores how far it was read. */
  readonly keep: (pulled: Pulled) => Promise<void>;
}

/** Rows that one asking is for: as many as one answer of analytics has room for. */
const ROWS_AT_ONCE = 10_000;
/** Analytics have a small budget of their own. */
const MOST_ASKED = 30;

/**
 * Adds what analytics know of the logins to rows that are stored. Rows are never kept waiting for it: what fails for now is
 * owed until the next run. Where there is no such data, that is asked once a day.
 */
export async function pullDetails(dependencies: PullDetailsDependencies, before: Pulled): Promise<void> {
  const { logs, clock, log, keep } = dependencies;
  const { owed, none } = before.details ?? {};
  if (owed === undefined || (none !== undefined && clock.now() < none.askAt)) return;
  let batch: AccessRow[] = [];
  let asked = 0;
  try {
    for await (const page of logs.rows('access', { ...owed, until: owed.until + 1, direction: 'oldest-first' })) {
      batch.push(...page);
      if (batch.length < ROWS_AT_ONCE) continue;
      const last = await addDetails(dependencies, batch);
      await keep(detailsHad(before, last));
      batch = [];
      asked += 1;
      if (asked === MOST_ASKED) return;
    }
    await addDetails(dependencies, batch);
    await keep(detailsHad(before));
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    log.info(codeOf(error), 'Analytics tell nothing of logins; they are asked again in a day');
    await keep(noDetails(before, error.message, clock.now()));
  }
}

/** Resolves to the time of the last row. */
async function addDetails(
  { logs, cloudflare }: PullDetailsDependencies,
  rows: readonly AccessRow[],
): Promise<number | undefined> {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const details = await cloudflare.loginDetails({ since: first.at, until: last.at });
  const known = rows.flatMap((row) => {
    const more = details.get(row.id);
    return more === undefined ? [] : [mergeRow<'access'>(row, more)];
  });
  await logs.addRows('access', known);
  return last.at;
}
