import { callOperatorOnce, whyOf } from '../core/call-operator.ts';
import { boundsOf, type TimeOfDay } from '../core/day.ts';
import { dueDays, type DueDay } from '../core/digest/due.ts';
import type { GatherDependencies, GatherSettings } from '../core/digest/gather.ts';
import { logStateOf } from '../core/digest/log-state.ts';
import { recallDigests, rememberDigests } from '../core/digest/remembered.ts';
import { TransientError } from '../core/errors.ts';
import type { Logs } from '../core/logs.ts';
import type { Lock, Locks, Store } from '../core/ports.ts';
import { inTurn } from './in-turn.ts';
import { codeOf, type Log } from './log.ts';
import { startRepeating, type Repeating, type RepeatingOptions } from './repeat.ts';
import { tellDay } from './tell-day.ts';

export interface DigestDependencies extends GatherDependencies {
  readonly logs: GatherDependencies['logs'] & Pick<Logs, 'oldestRow' | 'keepDayCounts' | 'keepSeen'>;
  readonly store: GatherDependencies['store'] & Pick<Store, 'commit' | 'claim' | 'keep' | 'recall'>;
  readonly locks: Locks;
  readonly log: Log;
  readonly settings: GatherSettings & {
    /** When the day before is told. */
    readonly at: TimeOfDay;
  };
}

export interface DigestsDependencies extends DigestDependencies, Pick<RepeatingOptions, 'connection' | 'prefix'> {
  readonly everyMs?: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** For the logs to be read. */
const WAITS_MS = HOUR;
/** Whoever has not looked for longer than this begins to wait anew. */
const LOOKED_MS = 15 * MINUTE;

/** Looks at the start and every five minutes whether a digest is due, in one of the processes that live, whichever it is. */
export function startDigests(dependencies: DigestsDependencies): Promise<Repeating> {
  const { connection, prefix, log, everyMs = 5 * MINUTE } = dependencies;
  return startRepeating({ connection, prefix, log, name: 'digest', everyMs, work: () => sendDigests(dependencies) });
}

/** Tells what happened on each day that is due, oldest first, once. What fails for now is left to the next look. */
export async function sendDigests(dependencies: DigestDependencies): Promise<void> {
  const turn = { resource: 'digest', ifNotNow: 'A digest could not be sent; the next look is near' };
  await inTurn(dependencies, turn, (lock) => sendDue(dependencies, lock));
}

async function sendDue(dependencies: DigestDependencies, lock: Lock): Promise<void> {
  const { store, clock, settings } = dependencies;
  const { lastDay } = await recallDigests(store);
  const { days, skipped } = dueDays({ ...settings, now: clock.now(), lastDay });
  for (const [index, due] of days.entries()) {
    if (await mustWait(dependencies, lock, due)) return;
    try {
      await tellDay(dependencies, lock, due, { skipped: index === 0 ? skipped : 0 });
    } catch (error) {
      if (error instanceof TransientError) throw error;
      // The next day is told nevertheless, if it is due.
      await callOperator(dependencies, due, error);
    }
  }
}

/** While logs of the day are being read, for an hour at most. */
async function mustWait(
  { store, logs, clock, settings }: DigestDependencies,
  lock: Lock,
  { day }: DueDay,
): Promise<boolean> {
  const now = clock.now();
  const { isBehind } = await logStateOf(logs, boundsOf(day, settings.timeZone), now);
  if (!isBehind) return false;
  const remembered = await recallDigests(store);
  const { waiting } = remembered;
  const since = waiting !== undefined && now - waiting.seenAt < LOOKED_MS ? waiting.since : now;
  if (now - since >= WAITS_MS) return false;
  await lock.confirm();
  await rememberDigests(store, { ...remembered, waiting: { since, seenAt: now } });
  return true;
}

/** Once a day for each digest. */
async function callOperator({ store, log }: DigestDependencies, { day }: DueDay, error: unknown): Promise<void> {
  log.error({ day, ...codeOf(error) }, 'A digest can’t be made');
  const says = `The digest of ${day} could not be made: ${whyOf(error)} It is tried again every five minutes until the next one is due. To try it by hand, type /ocs-access logs digest ${day}.`;
  await callOperatorOnce(store, { key: `digest-failed:${day}`, forMs: DAY, says });
}
