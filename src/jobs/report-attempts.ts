import { z } from 'zod';
import { AccessEvent } from '../core/access-event.ts';
import { auditOf } from '../core/change-request.ts';
import { SYSTEM } from '../core/person.ts';
import { canonical } from '../core/plan.ts';
import type { Clock, Cloudflare, Store } from '../core/ports.ts';
import type { Request, StepRecord } from '../core/request.ts';
import type { Timer } from '../core/timer.ts';
import { watchAttempts } from '../steps/watch-attempts.ts';
import { indexedStages } from './indexed-stages.ts';

export interface AttemptsDependencies {
  readonly store: Pick<Store, 'load' | 'commit' | 'keep' | 'recall'>;
  readonly cloudflare: Pick<Cloudflare, 'accessEvents'>;
  readonly clock: Clock;
}

/** Longer than any timer of a request waits or is tried again. */
const REMEMBER_MS = 7 * 24 * 60 * 60 * 1000;

const Reported = z.array(AccessEvent);

/** Tells in the thread of a request who was at the door since it was cut off, each attempt once; nothing if nobody was. */
export async function reportAttempts(
  { store, cloudflare, clock }: AttemptsDependencies,
  { requestId, emails, since }: Extract<Timer, { kind: 'attempts' }>,
): Promise<void> {
  const request = await store.load(requestId);
  if (request === undefined) return;
  const cuts = cutsOf(request);
  const cutAt = Math.max(since, momentOf(cuts));
  const isPartly = cuts.some((step) => step?.state !== 'done');
  const found = await cloudflare.accessEvents({ email: emails, since, withCountries: true });
  const key = `attempts-reported:${requestId}`;
  const reported = Reported.safeParse(await store.recall(key)).data ?? [];
  const known = new Set(reported.map(identityOf));
  const events = found
    .filter((event) => event.at > cutAt && !known.has(identityOf(event)))
    .toSorted((one, other) => other.at - one.at);
  if (events.length === 0) return;
  await store.commit({
    audit: [auditOf(request, 'access.attempted', SYSTEM, clock.now(), inWords(request, events), countsOf(events))],
    effects: [{ kind: 'post', post: { kind: 'attempts', requestId, events, ...(isPartly ? { isPartly } : {}) } }],
  });
  // After a crash in between it is told twice rather than not at all.
  await store.keep(key, [...reported, ...events], REMEMBER_MS);
}

/** Without the country, which may become known later. */
function identityOf({ country: _country, ...event }: AccessEvent): string {
  return canonical(event);
}

/** What the watching waits for. */
function cutsOf({ plan, steps }: Request): (StepRecord | undefined)[] {
  const stages = plan === undefined ? [] : indexedStages(plan);
  const watching = stages.findIndex((stage) => stage.some(({ planned }) => planned.step === watchAttempts.id));
  return stages.slice(0, Math.max(0, watching)).flatMap((stage) => stage.map(({ index }) => steps[index]));
}

/** When the last of it had been changed: until then they may have come in by what was left. */
function momentOf(cuts: readonly (StepRecord | undefined)[]): number {
  return Math.max(0, ...cuts.map((step) => (step?.state === 'done' && step.changed ? (step.at ?? 0) : 0)));
}

function inWords({ id }: Request, events: readonly AccessEvent[]): string {
  const { allowed, refused } = countsOf(events);
  const times = events.length === 1 ? 'once' : `${events.length} times`;
  return `Since ${id} cut off access, somebody tried to come in ${times}: ${allowed} let in, ${refused} turned away.`;
}

function countsOf(events: readonly AccessEvent[]) {
  const allowed = events.filter((event) => event.allowed).length;
  return { allowed, refused: events.length - allowed };
}
