import { z } from 'zod';
import { Ailment, beginDrop, endDrop, goOn, isOver, Outage } from './outage.ts';
import type { TunnelHealth } from './tunnel.ts';

/** What is known of one tunnel. Times are epoch milliseconds. */
export const WatchedTunnel = z.object({
  id: z.string(),
  name: z.string(),
  status: z.union([Ailment, z.literal('healthy')]),
  /** Since when it has this status. */
  statusSince: z.number(),
  /** When it was last seen to have it. */
  seenAt: z.number(),
  outage: Outage.optional(),
});
export type WatchedTunnel = z.infer<typeof WatchedTunnel>;

/** Without a reading for longer than this, nobody knows what happened in between. */
const BLIND_AFTER_MS = 5 * 60_000;

type Sight = Pick<TunnelHealth, 'id' | 'name' | 'activeAt' | 'inactiveAt'> & {
  readonly status: TunnelHealth['status'] | 'gone';
};

/** The tunnel after this sight of it, `pollMs` after the last one as a rule; undefined if there is no news in it. */
export function seeTunnel(
  before: WatchedTunnel | undefined,
  sight: Sight,
  now: number,
  pollMs: number,
): WatchedTunnel | undefined {
  const { id, name, status } = sight;
  if (status === 'unknown') return undefined;
  const isBlind = isTooOld(before, now, pollMs);
  const startedAt = startOf(before, sight, now);
  const outage =
    status === 'healthy'
      ? seenWell(before, sight, now, isBlind)
      : goOn(seenUnwell(before, { ...sight, status }, startedAt, isBlind), status, now);
  return {
    id,
    name,
    status,
    statusSince: before?.status === status ? Math.max(before.statusSince, outage?.dropSince ?? 0) : startedAt,
    seenAt: now,
    ...(outage === undefined ? {} : { outage }),
  };
}

/** The end is as Cloudflare says, or the moment of the reading; of what nobody saw, nothing is counted. */
function seenWell(
  before: WatchedTunnel | undefined,
  { activeAt }: Sight,
  now: number,
  isBlind: boolean,
): Outage | undefined {
  const outage = before?.outage;
  if (before === undefined || outage?.dropSince === undefined) return outage;
  const wasCutOff = before.status === 'down' || before.status === 'inactive';
  if (wasCutOff && activeAt !== undefined && activeAt > before.seenAt && activeAt <= now) {
    return endDrop(outage, activeAt, { isCertain: true });
  }
  return endDrop(outage, isBlind ? before.seenAt : now);
}

function seenUnwell(
  before: WatchedTunnel | undefined,
  { status, inactiveAt }: Sight & { readonly status: Ailment },
  startedAt: number,
  isBlind: boolean,
): Outage {
  const outage = before?.outage;
  if (before === undefined || outage === undefined || isOver(outage, startedAt)) {
    return beginDrop(undefined, startedAt, status);
  }
  if (outage.dropSince === undefined) return beginDrop(outage, startedAt, status);
  // Down then and now, but since later: it was well in between, from a moment on that nobody saw.
  const isDownSince = status === 'down' && before.status === 'down' ? inactiveAt : undefined;
  const wasWell = isBlind && isDownSince !== undefined && isDownSince > before.seenAt;
  return wasWell ? beginDrop(endDrop(outage, before.seenAt), startedAt, status) : outage;
}

/** Cloudflare knows better than a poll when the last connection went, but not more than was seen. */
function startOf(before: WatchedTunnel | undefined, { status, inactiveAt }: Sight, now: number): number {
  const said = status === 'down' ? Math.min(inactiveAt ?? now, now) : now;
  return Math.max(said, before?.seenAt ?? said);
}

/** Whether nobody knows what happened since it was seen last. */
export function isTooOld(before: WatchedTunnel | undefined, now: number, pollMs: number): boolean {
  return before === undefined || now - before.seenAt > Math.max(BLIND_AFTER_MS, 3 * pollMs);
}
