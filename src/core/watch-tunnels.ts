import { z } from 'zod';
import type { AuditFacts } from './audit.ts';
import { duration } from './duration.ts';
import { endDrop, isOver, Restart, tell, withRestart } from './outage.ts';
import type { Post } from './post.ts';
import { isTooOld, seeTunnel, WatchedTunnel } from './see-tunnel.ts';
import { tunnelNames } from './tunnel-names.ts';
import type { TunnelHealth } from './tunnel.ts';
import type { NamedTunnel } from './watched-tunnels.ts';

export const Watch = z.object({
  tunnels: z.array(WatchedTunnel),
  /** Of the last hour, by the bot itself. */
  restarts: z.array(Restart),
  /** When it last tried to restart and could not. */
  triedAt: z.number().optional(),
});
export type Watch = z.infer<typeof Watch>;

export const NOTHING_WATCHED: Watch = { tunnels: [], restarts: [] };

export interface WatchSettings {
  /** Between two readings. */
  readonly pollMs: number;
  readonly restartsItself: boolean;
}

export interface Reading {
  /** All tunnels that exist. */
  readonly tunnels: readonly TunnelHealth[];
  readonly watched: readonly NamedTunnel[];
}

/** A restart that is due. */
export const Healing = z.object({ reason: z.string(), tunnelIds: z.array(z.string()) });
export type Healing = z.infer<typeof Healing>;

export interface News {
  readonly watch: Watch;
  readonly posts: readonly Post[];
  readonly audit: readonly AuditFacts[];
  readonly heal?: Healing;
}

const MINUTE = 60_000;
const HEAL_AFTER_MS = 2 * MINUTE;
const HEAL_AGAIN_AFTER_MS = 3 * MINUTE;
const RESTARTS = { atMost: 3, withinMs: 60 * MINUTE };

/** What follows from one reading: who is told what, and whether a restart is due. Pure. */
export function watchTunnels(before: Watch, reading: Reading, now: number, settings: WatchSettings): News {
  const known = new Map(before.tunnels.map((tunnel) => [tunnel.id, tunnel]));
  const there = new Map(reading.tunnels.map((tunnel) => [tunnel.id, tunnel]));
  const names = tunnelNames(reading.tunnels);
  const seen = reading.watched.flatMap(({ id, name }) => {
    const tunnel = known.get(id);
    const sight = { status: 'gone' as const, ...there.get(id), id, name: names.get(id) ?? name };
    return seeTunnel(tunnel, sight, now, settings.pollMs) ?? tunnel ?? [];
  });
  const restarts = before.restarts.filter(({ at }) => now - at < RESTARTS.withinMs);
  const due = settings.restartsItself ? dueForHealing(seen, known, { ...before, restarts }, now, settings) : [];
  const isSpent = restarts.length >= RESTARTS.atMost;
  const judged = seen.map((tunnel) =>
    isSpent && due.includes(tunnel)
      ? { ...tunnel, outage: tunnel.outage && { ...tunnel.outage, gaveUp: true } }
      : tunnel,
  );
  const watchedIds = new Set(reading.watched.map(({ id }) => id));
  const left = before.tunnels.filter(({ id }) => !watchedIds.has(id));
  const news = tellAll({ ...before, tunnels: judged, restarts }, now);
  return {
    ...news,
    posts: [...left.flatMap((tunnel) => leave(tunnel, now)), ...news.posts],
    ...(due.length === 0 || isSpent ? {} : { heal: healingOf(due, now) }),
  };
}

export type HealingOutcome =
  | { readonly kind: 'restarted'; readonly restart: Restart }
  /** It can't, and why, in a sentence. */
  | { readonly kind: 'refused'; readonly says: string };

/** What follows from a restart that was asked for, or could not be. Pure. */
export function afterHealing(before: Watch, { tunnelIds }: Healing, outcome: HealingOutcome, now: number): News {
  const tunnels = before.tunnels.map((tunnel) => {
    if (tunnel.outage === undefined || !tunnelIds.includes(tunnel.id)) return tunnel;
    const { outage } = tunnel;
    return {
      ...tunnel,
      outage:
        outcome.kind === 'restarted' ? withRestart(outage, outcome.restart) : { ...outage, problem: outcome.says },
    };
  });
  return tellAll(
    outcome.kind === 'restarted'
      ? { ...before, tunnels, restarts: [...before.restarts, outcome.restart] }
      : { ...before, tunnels, triedAt: now },
    now,
  );
}

/** Those that a restart may help: down for two minutes, and seen so twice in a row. */
function dueForHealing(
  seen: readonly WatchedTunnel[],
  known: ReadonlyMap<string, WatchedTunnel>,
  { restarts, triedAt }: Watch,
  now: number,
  settings: WatchSettings,
): WatchedTunnel[] {
  const lastTry = Math.max(triedAt ?? -Infinity, ...restarts.map(({ at }) => at));
  if (now - lastTry < HEAL_AGAIN_AFTER_MS) return [];
  return seen.filter(({ id, status, statusSince, seenAt, outage }) => {
    const before = known.get(id);
    const isSeenTwice = seenAt === now && before?.status === 'down' && !isTooOld(before, now, settings.pollMs);
    return status === 'down' && isSeenTwice && now - statusSince >= HEAL_AFTER_MS && outage?.gaveUp === false;
  });
}

function healingOf(due: readonly WatchedTunnel[], now: number): Healing {
  const longest = Math.min(...due.map(({ statusSince }) => statusSince));
  const names = due.map(({ name }) => name).join(', ');
  const which = due.length === 1 ? `The tunnel ${names} has` : `The tunnels ${names} have`;
  return {
    reason: `${which} been down for ${duration(now - longest)}.`,
    tunnelIds: due.map(({ id }) => id),
  };
}

function tellAll(watch: Watch, now: number): News {
  const told = watch.tunnels.map((tunnel) => {
    if (tunnel.outage === undefined) return { tunnel, posts: [], audit: [] };
    const { outage, posts, audit } = tell(tunnel, tunnel.outage, now);
    const { outage: _, ...rest } = tunnel;
    return { tunnel: isOver(outage, now) ? rest : { ...rest, outage }, posts, audit };
  });
  return {
    watch: { ...watch, tunnels: told.map(({ tunnel }) => tunnel) },
    posts: told.flatMap(({ posts }) => posts),
    audit: told.flatMap(({ audit }) => audit),
  };
}

/** Nobody watches it any more, so its message says no longer that it is not well. */
function leave({ outage, ...tunnel }: WatchedTunnel, now: number): readonly Post[] {
  if (outage?.dropSince === undefined || outage.told === undefined) return [];
  return tell(tunnel, endDrop(outage, now), now).posts;
}
