import { z } from 'zod';
import type { AuditEntry } from '../audit.ts';
import type { DayBounds } from '../day.ts';
import type { Digest } from './digest.ts';

/** A tunnel stopped being well and is not well yet. Times are epoch milliseconds. */
export interface Drop {
  /** Of the message that tells of it, which may tell of several drops. */
  readonly alertId: string;
  readonly name: string;
  readonly since: number;
}

interface TunnelChange {
  readonly tunnelId: string;
  readonly alertId: string;
  readonly name: string;
  readonly isBack: boolean;
  readonly at: number;
  /** When the first of its drops began. */
  readonly since: number;
}

const Facts = z.object({
  alertId: z.string(),
  tunnelId: z.string(),
  tunnel: z.string(),
  since: z.number(),
  drops: z.number(),
  downMs: z.number(),
});

/** Undefined for an entry about something else. */
export function readTunnelChange({ kind, at, facts }: AuditEntry): TunnelChange | undefined {
  if (kind !== 'tunnel.down' && kind !== 'tunnel.back') return undefined;
  const read = Facts.safeParse(facts);
  if (!read.success) return undefined;
  const { tunnelId, alertId, tunnel: name, since, drops, downMs } = read.data;
  const isBack = kind === 'tunnel.back';
  // Of the first drop the log knows when it was; of later ones, when people were told, which is at once.
  const first = isBack ? since + downMs : since;
  return { tunnelId, alertId, name, isBack, at: drops === 1 ? first : at, since };
}

interface Stretch {
  readonly alertId: string;
  readonly name: string;
  from: number;
  /** Undefined: it goes on. */
  to: number | undefined;
}

/** What a day had of outages, from its own entries and what was not well before them (by tunnel). */
export function createOutages(before: ReadonlyMap<string, Drop>, { from, to }: DayBounds) {
  const stretches: Stretch[] = [];
  const open = new Map<string, Stretch>();

  function begin(tunnelId: string, { alertId, name, since }: Drop): Stretch {
    const stretch: Stretch = { alertId, name, from: since, to: undefined };
    stretches.push(stretch);
    open.set(tunnelId, stretch);
    return stretch;
  }

  for (const [tunnelId, drop] of before) if (drop.since < from) begin(tunnelId, drop);

  return {
    add(entry: AuditEntry): void {
      const change = readTunnelChange(entry);
      if (change === undefined) return;
      const { tunnelId, alertId, name, isBack, at, since } = change;
      const running = open.get(tunnelId);
      if (!isBack) {
        if (running === undefined) begin(tunnelId, { alertId, name, since: at });
        return;
      }
      const ended = running ?? begin(tunnelId, { alertId, name, since });
      // Over before anybody was told: beginning and end were entered at once.
      if (ended.from >= at) ended.from = since;
      ended.to = at;
      open.delete(tunnelId);
    },
    /** Milliseconds of the day in which any tunnel was not well, and each outage with all of its drops. */
    result(): Digest['tunnel'] {
      const ofDay = stretches.filter((stretch) => stretch.from < to && (stretch.to ?? to) > from);
      return { down: unionOf(ofDay, { from, to }), outages: outagesOf(ofDay) };
    },
  };
}

function unionOf(stretches: readonly Stretch[], { from, to }: DayBounds): number {
  let total = 0;
  let counted = from;
  for (const stretch of stretches.toSorted((one, other) => one.from - other.from)) {
    const end = Math.min(stretch.to ?? to, to);
    total += Math.max(0, end - Math.max(stretch.from, counted));
    counted = Math.max(counted, end);
  }
  return total;
}

/** One for each message that told of it. */
function outagesOf(stretches: readonly Stretch[]): Digest['tunnel']['outages'] {
  const byAlert = new Map<string, Stretch>();
  for (const stretch of stretches) {
    const before = byAlert.get(stretch.alertId) ?? stretch;
    byAlert.set(stretch.alertId, {
      ...before,
      from: Math.min(before.from, stretch.from),
      to: laterEnd(before, stretch),
    });
  }
  return [...byAlert.values()]
    .toSorted((one, other) => one.from - other.from)
    .map(({ name, from, to }) => ({ name, from, ...(to === undefined ? {} : { to }) }));
}

function laterEnd(one: Stretch, other: Stretch): number | undefined {
  return one.to === undefined || other.to === undefined ? undefined : Math.max(one.to, other.to);
}
