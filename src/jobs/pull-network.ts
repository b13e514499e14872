import { PermanentError } from '../core/errors.ts';
import type { NetworkRow } from '../core/log-row.ts';
import type { Logs, Pulled } from '../core/logs.ts';
import type { Clock, Cloudflare } from '../core/ports.ts';
import {
  firstNetwork,
  mayHaveGap,
  networkStretch,
  noSuchData,
  noteGap,
  skipToWhatIsKept,
  storedUpTo,
  type Stretch,
  withHourBefore,
  withoutProblem,
} from '../core/pull.ts';
import { codeOf, type Log } from './log.ts';

export interface PullNetworkDependencies {
  readonly logs: Pick<Logs, 'addRows'>;
  readonly cloudflare: Pick<Cloudflare, 'networkRows'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Stores how far it was read. */
  readonly keep: (pulled: Pulled) => Promise<void>;
}

/** Of a day at most; each takes a few queries of the budget of analytics. */
const MOST_STRETCHES = 30;

/**
 * Reads the network sessions of the hours that are over, and stores them day by day. Where there is no such data, that is
 * asked once a day.
 */
export async function pullNetwork(dependencies: PullNetworkDependencies, before: Pulled | undefined): Promise<void> {
  const { logs, clock, keep } = dependencies;
  const now = clock.now();
  if (before?.askAt !== undefined && now < before.askAt) return;
  let pulled = before ?? firstNetwork(now);
  let mayMiss = mayHaveGap(before, now);
  for (let asked = 0; asked < MOST_STRETCHES; asked += 1) {
    const stretch = networkStretch(pulled, now);
    if (stretch === undefined) return;
    const rows = await readRows(dependencies, stretch);
    if (rows instanceof PermanentError) {
      if (!mayMiss) return keep(noSuchData(pulled, rows.message, now));
      // It could be read before, so these hours may only be too old.
      pulled = skipToWhatIsKept(pulled, now);
      mayMiss = false;
      continue;
    }
    await logs.addRows('network', rows);
    if (mayMiss) pulled = noteGap(pulled, rows, stretch.until, now);
    mayMiss &&= rows.length === 0;
    pulled = storedUpTo(withoutProblem(pulled), stretch.until, rows, now);
    await keep(pulled);
  }
}

/** The error `no-such-data` where there are none. */
async function readRows(
  { cloudflare, log }: PullNetworkDependencies,
  stretch: Stretch,
): Promise<readonly NetworkRow[] | PermanentError> {
  try {
    return await cloudflare.networkRows(withHourBefore(stretch));
  } catch (error) {
    if (!(error instanceof PermanentError) || error.code !== 'no-such-data') throw error;
    log.info(codeOf(error), 'Analytics tell nothing of network sessions');
    return error;
  }
}
