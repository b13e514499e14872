import type { AuditFacts } from '../core/audit.ts';
import { boundsOf } from '../core/day.ts';
import type { Digest } from '../core/digest/digest.ts';
import { MOST_MADE_UP, type DueDay } from '../core/digest/due.ts';
import { gatherDigest, type GatheredDigest } from '../core/digest/gather.ts';
import { createAuditReading } from '../core/digest/read-audit.ts';
import { keepDigest, recallDigests, rememberDigests } from '../core/digest/remembered.ts';
import { signatureOf, SYSTEM } from '../core/person.ts';
import type { Effect, Lock } from '../core/ports.ts';
import type { DigestDependencies } from './digest.ts';

/** From then on the digest says that it is late. */
const LATE_MS = 2 * 60 * 60 * 1000;
/** People whose countries and devices are stored by one command. */
const SEEN_AT_ONCE = 500;

/**
 * Tells one day, once, and settles it. Whatever is broken off is begun again, in this order: what is new on that day is
 * told before it is kept as seen, and the day is settled last. Whether it was told already is in the audit log.
 */
export async function tellDay(
  dependencies: DigestDependencies,
  lock: Lock,
  { day, dueAt }: DueDay,
  { skipped }: { readonly skipped: number },
): Promise<void> {
  const { store, logs, clock, log } = dependencies;
  const remembered = await recallDigests(store);
  const { lastDay, bookmark } = remembered;
  const isFirst = lastDay === undefined;
  const oldest = await logs.oldestRow();
  if (isFirst && !(await wasRead(dependencies, day, oldest))) {
    await lock.confirm();
    return rememberDigests(store, { ...remembered, lastDay: day });
  }
  const gathered = await gatherDigest(dependencies, day, { bookmark, ...(isFirst ? { beganAt: oldest } : {}) });
  if (!(await wasTold(dependencies, day, gathered))) {
    const digest = withDelay(gathered.digest, { dueAt, now: clock.now(), skipped });
    await lock.confirm();
    await keepDigest(store, digest);
    await lock.confirm();
    await store.commit({ audit: [auditOf(digest, gathered, clock.now())], effects: effectsOf(digest) });
    log.info({ day }, 'A digest was sent');
  }
  await lock.confirm();
  await logs.keepDayCounts(gathered.counts);
  for (let at = 0; at < gathered.seen.length; at += SEEN_AT_ONCE) {
    await lock.confirm();
    await logs.keepSeen(gathered.seen.slice(at, at + SEEN_AT_ONCE));
  }
  await lock.confirm();
  await rememberDigests(store, { ...remembered, lastDay: day, bookmark: gathered.bookmark });
}

/** Whether there are logs of that day at all: the bot may have begun after it. */
async function wasRead(
  { logs, settings }: DigestDependencies,
  day: string,
  oldest: number | undefined,
): Promise<boolean> {
  const isPulled = (await logs.pulled('access')) !== undefined;
  return isPulled && oldest !== undefined && oldest < boundsOf(day, settings.timeZone).to;
}

/** By a look that was broken off. What can’t be read is taken for nothing: the message is known by its day as well. */
async function wasTold({ store }: DigestDependencies, day: string, { bookmark }: GatheredDigest): Promise<boolean> {
  const log = createAuditReading(store, () => undefined);
  for await (const { kind, facts } of log.entriesBefore(Infinity, bookmark.next)) {
    if (kind === 'digest.sent' && facts['day'] === day) return true;
  }
  return false;
}

function withDelay(
  digest: Digest,
  { dueAt, now, skipped }: { readonly dueAt: number; readonly now: number; readonly skipped: number },
): Digest {
  const leftOut = skipped === 1 ? 'The day before has' : `The ${skipped} days before have`;
  const notes = [
    ...(digest.notes ?? []),
    ...(skipped > 0 ? [`${leftOut} no digest: ${MOST_MADE_UP} days at most are made up for.`] : []),
  ];
  return {
    ...digest,
    ...(notes.length === 0 ? {} : { notes }),
    ...(now - dueAt >= LATE_MS ? { dueAt } : {}),
  };
}

function auditOf({ day, head, dueAt }: Digest, { counts }: GatheredDigest, at: number): AuditFacts {
  const { signIns, denied, people, devices, networkSessions, tunnelDown } = counts;
  return {
    kind: 'digest.sent',
    at,
    actor: signatureOf(SYSTEM),
    people: [],
    says: `The digest of ${day} was sent. Sign-ins: ${signIns}. Turned away: ${denied}.`,
    facts: {
      day,
      counts: { signIns, denied, people, devices, networkSessions, tunnelDown },
      ...(head === undefined ? {} : { head: { ...head } }),
      isLate: dueAt !== undefined,
    },
  };
}

function effectsOf(data: Digest): Effect[] {
  const { day } = data;
  return [
    { kind: 'post', post: { kind: 'digest', day, data } },
    { kind: 'post', post: { kind: 'digest-details', day, data } },
  ];
}
