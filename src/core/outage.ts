import { z } from 'zod';
import type { AuditFacts } from './audit.ts';
import { duration } from './duration.ts';
import { SYSTEM, signatureOf } from './person.ts';
import { canonical } from './plan.ts';
import type { Post } from './post.ts';

export const Ailment = z.enum(['inactive', 'degraded', 'down', 'gone']);
export type Ailment = z.infer<typeof Ailment>;

export const Restart = z.object({ requestId: z.string(), at: z.number() });
export type Restart = z.infer<typeof Restart>;

/** What one message tells: a tunnel that is not well, until it has been well for ten minutes. Times are epoch milliseconds. */
export const Outage = z.object({
  /** When it stopped being well for the first time. */
  since: z.number(),
  /** When it stopped being well the last time. Undefined: it is well. */
  dropSince: z.number().optional(),
  /** When it was well again the last time. */
  endedAt: z.number().optional(),
  drops: z.number().int(),
  /** Of the drops that are over. */
  downMs: z.number(),
  /** When the last drops began, oldest first, as many as make it flapping. */
  starts: z.array(z.number()),
  was: z.array(Ailment),
  /** Long enough, or often enough, for people to hear of it. */
  isSerious: z.boolean(),
  restarts: z.array(Restart),
  gaveUp: z.boolean(),
  problem: z.string().optional(),
  /** What people have been told last. */
  told: z.object({ seq: z.number().int(), shown: z.string(), isWell: z.boolean() }).optional(),
});
export type Outage = z.infer<typeof Outage>;

type TunnelAlert = Extract<Post, { kind: 'tunnel-alert' }>;

const MINUTE = 60_000;
const ALERT_AFTER_MS = MINUTE;
const WELL_AFTER_MS = 10 * MINUTE;
const FLAPPING = { drops: 3, withinMs: 10 * MINUTE };
/** More than an outage has room for in its message. */
const RESTARTS_KEPT = 20;

/** It stopped being well at `since`, in an outage that is not over or in a new one. */
export function beginDrop(outage: Outage | undefined, since: number, ailment: Ailment): Outage {
  const before = outage ?? anOutage(since);
  const starts = [...before.starts, since].slice(-FLAPPING.drops);
  const isFlapping = starts.filter((at) => since - at < FLAPPING.withinMs).length >= FLAPPING.drops;
  return {
    ...withAilment(before, ailment),
    dropSince: since,
    endedAt: undefined,
    drops: before.drops + 1,
    starts,
    isSerious: before.isSerious || isFlapping,
  };
}

/** It is still not well. */
export function goOn(outage: Outage, ailment: Ailment, now: number): Outage {
  const lasted = outage.dropSince === undefined ? 0 : now - outage.dropSince;
  return { ...withAilment(outage, ailment), isSerious: outage.isSerious || lasted >= ALERT_AFTER_MS };
}

/** It was well at `endedAt`. `isCertain`: it was not well until that very moment. */
export function endDrop(outage: Outage, endedAt: number, { isCertain = false } = {}): Outage {
  const lasted = Math.max(0, endedAt - (outage.dropSince ?? endedAt));
  return {
    ...outage,
    dropSince: undefined,
    endedAt,
    downMs: outage.downMs + lasted,
    isSerious: outage.isSerious || (isCertain && lasted >= ALERT_AFTER_MS),
  };
}

/** Well for so long that the next time is another outage, with a message of its own. */
export function isOver({ dropSince, endedAt }: Outage, now: number): boolean {
  return dropSince === undefined && endedAt !== undefined && now - endedAt >= WELL_AFTER_MS;
}

export function withRestart(outage: Outage, restart: Restart): Outage {
  return { ...outage, restarts: [...outage.restarts, restart].slice(-RESTARTS_KEPT), problem: undefined };
}

interface Patient {
  readonly id: string;
  readonly name: string;
  readonly status: Ailment | 'healthy';
}

export interface Told {
  readonly outage: Outage;
  readonly posts: readonly TunnelAlert[];
  readonly audit: readonly AuditFacts[];
}

/** Tells people of an outage that is serious, and of what has changed in it since they were told last. */
export function tell(patient: Patient, outage: Outage, now: number): Told {
  const picture = pictureOf(patient, outage);
  const shown = canonical(picture);
  if (!outage.isSerious || shown === outage.told?.shown) return { outage, posts: [], audit: [] };
  const seq = (outage.told?.seq ?? 0) + 1;
  return {
    outage: { ...outage, told: { seq, shown, isWell: patient.status === 'healthy' } },
    posts: [{ ...picture, seq }],
    audit: auditOfChange(patient, outage, now),
  };
}

/** Beginnings and ends alternate in the log; of what was over before it was told of, it has both. */
function auditOfChange(patient: Patient, outage: Outage, now: number): AuditFacts[] {
  const isWell = patient.status === 'healthy';
  const wasTold = outage.told !== undefined && !outage.told.isWell;
  const down = () => auditOf(patient, outage, now, 'tunnel.down', beginningInWords(patient, outage));
  const back = () => auditOf(patient, outage, now, 'tunnel.back', endInWords(patient, outage));
  if (!isWell) return wasTold ? [] : [down()];
  if (wasTold) return [back()];
  return outage.told === undefined ? [down(), back()] : [];
}

function pictureOf({ id, name, status }: Patient, outage: Outage): Omit<TunnelAlert, 'seq'> {
  const { since, dropSince, endedAt, drops, downMs, was, restarts, gaveUp, problem } = outage;
  return {
    kind: 'tunnel-alert',
    alertId: `${id}-${since}`,
    tunnel: { id, name },
    status,
    since,
    ...(dropSince === undefined || drops === 1 ? {} : { again: dropSince }),
    ...(endedAt === undefined ? {} : { endedAt }),
    was,
    drops,
    downMs,
    restarts,
    gaveUp,
    ...(problem === undefined ? {} : { problem }),
  };
}

function auditOf(
  { id, name, status }: Patient,
  { since, drops, downMs }: Outage,
  at: number,
  kind: 'tunnel.down' | 'tunnel.back',
  says: string,
): AuditFacts {
  const facts = { alertId: `${id}-${since}`, tunnelId: id, tunnel: name, status, since, drops, downMs };
  return { kind, at, actor: signatureOf(SYSTEM), people: [], says, facts };
}

function beginningInWords({ name, status }: Patient, { was, drops }: Outage): string {
  const what = status === 'healthy' ? `was ${inWords(was)}` : `is ${status}`;
  const often = drops === 1 ? '' : ` It stopped being well ${drops} times by now.`;
  return `The tunnel ${name} ${what}.${often}`;
}

function endInWords({ name }: Patient, { was, drops, downMs }: Outage): string {
  const long = drops === 1 ? `for ${duration(downMs)}` : `${drops} times, ${duration(downMs)} in all`;
  return `The tunnel ${name} is well again. It was ${inWords(was)} ${long}.`;
}

function inWords(was: readonly Ailment[]): string {
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(was);
}

function withAilment(outage: Outage, ailment: Ailment): Outage {
  return outage.was.includes(ailment) ? outage : { ...outage, was: [...outage.was, ailment] };
}

function anOutage(since: number): Outage {
  return { since, drops: 0, downMs: 0, starts: [], was: [], isSerious: false, restarts: [], gaveUp: false };
}
