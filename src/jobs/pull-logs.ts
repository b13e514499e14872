import { callOperatorOnce } from '../core/call-operator.ts';
import { dayOf } from '../core/day.ts';
import { PermanentError, TransientError } from '../core/errors.ts';
import { LOG_NAMES, type LogKind } from '../core/log-row.ts';
import type { Logs, Pulled } from '../core/logs.ts';
import type { Clock, Cloudflare, Lock, Locks, Store } from '../core/ports.ts';
import { firstAccess, firstNetwork, isJustRead } from '../core/pull.ts';
import { inTurn } from './in-turn.ts';
import { codeOf, type Log } from './log.ts';
import { pullAccess } from './pull-access.ts';
import { pullDetails } from './pull-details.ts';
import { pullNetwork } from './pull-network.ts';
import { startRepeating, type Repeating, type RepeatingOptions } from './repeat.ts';

export interface PullSettings {
  readonly retentionDays: number;
  readonly mostRows: number;
  /** IANA name. */
  readonly timeZone: string;
}

export interface PullDependencies {
  readonly logs: Logs;
  readonly cloudflare: Pick<Cloudflare, 'accessRows' | 'loginDetails' | 'networkRows'>;
  readonly store: Pick<Store, 'claim' | 'commit' | 'keep' | 'recall'>;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: PullSettings;
  readonly everyMs?: number;
}

export interface PullingDependencies extends PullDependencies, Pick<RepeatingOptions, 'connection' | 'prefix'> {}

const DAY = 24 * 60 * 60 * 1000;
const QUARTER_MS = 15 * 60 * 1000;
const SEEN_KEPT_MS = 400 * DAY;

const FIRST = { access: firstAccess, network: firstNetwork } as const;

/** Pulls Cloudflare's logs at the start and every quarter of an hour, in one of the processes that live, whichever it is. */
export function startPulling(dependencies: PullingDependencies): Promise<Repeating> {
  const { connection, prefix, log, everyMs = QUARTER_MS } = dependencies;
  return startRepeating({ connection, prefix, log, name: 'logs', everyMs, work: () => pullLogs(dependencies) });
}

/** Stores what is new in the logs, and drops what is too old or too much. What fails for now is left to the next run. */
export async function pullLogs(dependencies: PullDependencies): Promise<void> {
  const turn = { resource: 'pull-logs', ifNotNow: 'The logs could not be pulled; the next run goes on' };
  await inTurn(dependencies, turn, (lock) => pullAll(dependencies, lock));
}

async function pullAll(dependencies: PullDependencies, lock: Lock): Promise<void> {
  const { logs, store, clock, everyMs = QUARTER_MS } = dependencies;
  // Every worker asks for a pull when it starts, and one may have waited for another that has just pulled.
  if (isJustRead(await logs.pulled('access'), clock.now(), everyMs)) return;
  await pullKind(dependencies, lock, 'access', async (before, keep) => {
    const pulled = await pullAccess({ ...dependencies, keep }, before);
    await pullDetails({ ...dependencies, keep }, pulled);
  });
  await pullKind(dependencies, lock, 'network', (before, keep) => pullNetwork({ ...dependencies, keep }, before));
  await lock.confirm();
  await drop(dependencies);
  if (await store.claim('log-seen', DAY)) await logs.dropSeen(clock.now() - SEEN_KEPT_MS);
}

type Pull = (before: Pulled | undefined, keep: (pulled: Pulled) => Promise<void>) => Promise<void>;

/** What stops one log does not stop the other. */
async function pullKind(dependencies: PullDependencies, lock: Lock, kind: LogKind, pull: Pull): Promise<void> {
  const { logs, clock, log } = dependencies;
  const keep = async (pulled: Pulled): Promise<void> => {
    await lock.confirm();
    await logs.keepPulled(kind, pulled);
  };
  try {
    await pull(await logs.pulled(kind), keep);
  } catch (error) {
    if (error instanceof TransientError && !isOurs(error)) {
      log.info({ kind, ...codeOf(error) }, 'A log could not be pulled to its end; the next run goes on');
      return;
    }
    if (!(error instanceof PermanentError)) throw error;
    log.error({ kind, ...codeOf(error) }, 'A log can’t be pulled');
    await keep({ ...((await logs.pulled(kind)) ?? FIRST[kind](clock.now())), problem: error.message });
    await callOperator(dependencies, kind, error);
  }
}

/** Nothing else would go well either. */
function isOurs({ code }: TransientError): boolean {
  return code === 'store-down' || code === 'lock-lost';
}

/** Once a day for each log. */
async function callOperator({ store }: PullDependencies, kind: LogKind, { message }: PermanentError): Promise<void> {
  const says = `The ${LOG_NAMES[kind]} can’t be read, so nothing of it is kept from now on: ${message}`;
  await callOperatorOnce(store, { key: `pull-logs-${kind}`, forMs: DAY, says });
}

/** For their age in silence. What goes because there is too much is noted for the digest. */
async function drop({ logs, clock, log, settings }: PullDependencies): Promise<void> {
  const now = clock.now();
  await logs.dropRows({ before: now - settings.retentionDays * DAY, most: Number.MAX_SAFE_INTEGER });
  const { dropped, upTo } = await logs.dropRows({ before: 0, most: settings.mostRows });
  if (upTo === undefined) return;
  log.warn({ rows: dropped }, 'There were more rows of logs than are kept; the oldest were dropped');
  await logs.keepDropped(dayOf(now, settings.timeZone), { rows: dropped, upTo });
}
