import type { Ask } from '../core/ask.ts';
import { callOperatorOnce } from '../core/call-operator.ts';
import { isKnownError, PermanentError, UserError } from '../core/errors.ts';
import { SYSTEM } from '../core/person.ts';
import type { Clock, Cloudflare, Locks, Store } from '../core/ports.ts';
import type { Container, Server } from '../core/server.ts';
import type { TunnelHealth } from '../core/tunnel.ts';
import {
  afterHealing,
  watchTunnels,
  type Healing,
  type HealingOutcome,
  type WatchSettings,
} from '../core/watch-tunnels.ts';
import { watchedTunnels } from '../core/watched-tunnels.ts';
import { inTurn } from './in-turn.ts';
import { codeOf, type Log } from './log.ts';
import { startRepeating, type Repeating, type RepeatingOptions } from './repeat.ts';
import { createWatchDiary, type Entry, type WatchDiary } from './watch-diary.ts';

export interface WatchDependencies {
  readonly store: Pick<Store, 'commit' | 'claim' | 'keep' | 'recall' | 'auditEntries' | 'auditHead'>;
  readonly locks: Locks;
  readonly cloudflare: Pick<Cloudflare, 'tunnels' | 'usedTunnels'>;
  readonly server: Pick<Server, 'containers'>;
  readonly ask: Pick<Ask, 'ask'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: WatchSettings;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const APP_TUNNELS_FOR_MS = HOUR;
const APP_TUNNELS_AGAIN_MS = 5 * MINUTE;

export interface WatchingDependencies extends WatchDependencies, Pick<RepeatingOptions, 'connection' | 'prefix'> {}

/** Looks at the tunnels regularly, in one of the processes that live, whichever it is. */
export function startWatching(dependencies: WatchingDependencies): Promise<Repeating> {
  const { connection, prefix, log, settings } = dependencies;
  return startRepeating({
    connection,
    prefix,
    log,
    name: 'tunnels',
    everyMs: settings.pollMs,
    work: () => pollTunnels(dependencies),
  });
}

/**
 * One look at the tunnels, and what follows from it. A look that fails is no news: the next one is near. One that fails
 * for good is told to the operator, once a day.
 */
export async function pollTunnels(dependencies: WatchDependencies): Promise<void> {
  const { store, log } = dependencies;
  const turn = { resource: 'tunnel-watch', ifNotNow: 'The tunnels could not be looked at; the next look is near' };
  await inTurn(dependencies, turn, async (lock) => {
    try {
      await poll(dependencies, createWatchDiary(store, lock));
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      log.error(codeOf(error), 'The tunnels can’t be watched');
      await callOperator(dependencies, 'read', `The tunnels can’t be watched: ${error.message}`);
    }
  });
}

async function poll(dependencies: WatchDependencies, diary: WatchDiary): Promise<void> {
  const { cloudflare, clock, settings } = dependencies;
  const before = await diary.open();
  const sinceLast = clock.now() - (before.polledAt ?? -Infinity);
  // Every worker asks for a look when it starts, and one may have waited for another that has just looked.
  if (sinceLast >= 0 && sinceLast < settings.pollMs / 2) return;
  const tunnels = await cloudflare.tunnels();
  const now = clock.now();
  const app = await readApp(dependencies, before, tunnels, now);
  const watched = watchedTunnels(tunnels, app.tunnels, before.watch.tunnels);
  const { watch, heal: healing, ...news } = watchTunnels(before.watch, { tunnels, watched }, now, settings);
  const entry = { watch, app, polledAt: now };
  await diary.tell(entry, news);
  if (healing !== undefined) await heal(dependencies, diary, entry, healing);
}

/** The tunnels of the application, read anew every hour, and as soon as one of them is not there any more. */
async function readApp(
  { cloudflare, log }: Pick<WatchDependencies, 'cloudflare' | 'log'>,
  { app, watch }: Entry,
  tunnels: readonly TunnelHealth[],
  now: number,
): Promise<Entry['app']> {
  const there = new Set(tunnels.map(({ id }) => id));
  const isMissing = watch.tunnels.some(({ id, status }) => status !== 'gone' && !there.has(id));
  if (now < app.nextAt && !isMissing) return app;
  try {
    const found = (await cloudflare.usedTunnels()).map(({ id, name }) => ({ id, name }));
    return { tunnels: found, nextAt: now + (found.length === 0 ? APP_TUNNELS_AGAIN_MS : APP_TUNNELS_FOR_MS) };
  } catch (error) {
    if (!isKnownError(error)) throw error;
    log.info(codeOf(error), 'Which tunnels the application uses could not be read; the same ones are watched');
    return { ...app, nextAt: now + APP_TUNNELS_AGAIN_MS };
  }
}

async function heal(dependencies: WatchDependencies, diary: WatchDiary, entry: Entry, healing: Healing): Promise<void> {
  const { clock, log } = dependencies;
  const outcome = await restart(dependencies, diary, entry, healing);
  if (outcome?.kind === 'restarted')
    log.warn({ requestId: outcome.restart.requestId }, 'The tunnel is being restarted');
  if (outcome?.kind === 'refused') log.warn({}, 'The tunnel should be restarted and can’t be');
  if (outcome === undefined) return diary.tell(entry, { posts: [], audit: [] });
  // Before the diary knows that it was refused: after a crash in between it is tried, and told, once more.
  if (outcome.kind === 'refused') {
    await callOperator(dependencies, 'restart', `${healing.reason} The bot could not restart it: ${outcome.says}`);
  }
  const { watch, ...news } = afterHealing(entry.watch, healing, outcome, clock.now());
  await diary.tell({ ...entry, watch }, news);
}

/** Undefined: somebody else restarts it already. */
async function restart(
  { ask, server }: Pick<WatchDependencies, 'ask' | 'server'>,
  diary: WatchDiary,
  entry: Entry,
  healing: Healing,
): Promise<HealingOutcome | undefined> {
  try {
    await refuseOtherTunnels(server, healing);
    await diary.beginAsking(entry, healing);
    const { id, createdAt } = await ask.ask('tunnel-restart', { reason: healing.reason }, SYSTEM);
    return { kind: 'restarted', restart: { requestId: id, at: createdAt } };
  } catch (error) {
    if (error instanceof UserError && error.code === 'under-way') return undefined;
    if (error instanceof UserError || error instanceof PermanentError) return { kind: 'refused', says: error.message };
    throw error;
  }
}

/** A restart of what runs other tunnels would cut off people whom nothing is wrong with. */
async function refuseOtherTunnels(server: Pick<Server, 'containers'>, { tunnelIds }: Healing): Promise<void> {
  const containers = await lookAt(server);
  if (containers.length === 0) return;
  if (!containers.every(({ tunnelId }) => tunnelId !== undefined && !tunnelIds.includes(tunnelId))) return;
  const names = new Intl.ListFormat('en').format(containers.map(({ name }) => name));
  const verb = containers.length === 1 ? 'runs' : 'run';
  throw new UserError(
    `${names} on the server ${verb} another tunnel. Restart cloudflared on the machine that runs this one.`,
    { code: 'other-tunnel' },
  );
}

/** Empty where no Engine can be reached: the request says that, with what to do. */
async function lookAt(server: Pick<Server, 'containers'>): Promise<readonly Container[]> {
  try {
    return await server.containers();
  } catch (error) {
    if (error instanceof PermanentError) return [];
    throw error;
  }
}

/** Once a day for each kind of trouble. */
function callOperator(
  { store }: Pick<WatchDependencies, 'store'>,
  trouble: 'read' | 'restart',
  says: string,
): Promise<void> {
  return callOperatorOnce(store, { key: `tunnel-watch-${trouble}`, forMs: DAY, says });
}
