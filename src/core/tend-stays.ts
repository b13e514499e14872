import type { Ask } from './ask.ts';
import type { AuditFacts } from './audit.ts';
import { callOperatorOnce } from './call-operator.ts';
import { PermanentError, UserError } from './errors.ts';
import { isSystem, nameOf, signatureOf, SYSTEM } from './person.ts';
import type { Clock, Effect, Locks, Stays, Store, Timers } from './ports.ts';
import type { Request } from './request.ts';
import { dueReminder, momentsOf, stayLock, stayTimer, type Stay } from './stay.ts';

export interface TendDependencies {
  readonly stays: Stays;
  readonly store: Store;
  readonly locks: Locks;
  readonly timers: Timers;
  readonly clock: Clock;
  readonly ask: Pick<Ask, 'ask'>;
}

/** After this long an end that led to nothing is tried again. */
const TRY_AGAIN_MS = 30 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/**
 * Does what is due at the end date of one person: tells them and the approvers that it is near, or has their access revoked
 * once it is reached. Harmless to run at any moment, in several processes; what fails is done by a later run.
 */
export async function tendStay(dependencies: TendDependencies, email: string): Promise<void> {
  await dependencies.locks.hold(stayLock(email), async () => {
    const stay = await dependencies.stays.stayOf(email);
    if (stay !== undefined) await tend(dependencies, stay);
  });
}

/** Every end date that there is. Goes on after one that fails, and throws the first error at the end. */
export async function tendStays(dependencies: TendDependencies): Promise<void> {
  const failures: unknown[] = [];
  for (const { person } of await dependencies.stays.stays()) {
    try {
      await tendStay(dependencies, person.email);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

async function tend(dependencies: TendDependencies, stay: Stay): Promise<void> {
  const now = dependencies.clock.now();
  // Anew each time: they are gone if Redis was restored from an old copy.
  const { email } = stay.person;
  const moments = momentsOf(stay, now).filter((at) => at > now);
  await Promise.all(moments.map((at) => dependencies.timers.set(stayTimer(email, at), { kind: 'stay', email }, at)));
  const days = dueReminder(stay, now);
  if (days !== undefined) await tell(dependencies, stay, days, now);
  if (stay.endsAt <= now) await end(dependencies, stay);
}

async function tell({ store, stays }: TendDependencies, stay: Stay, days: number, now: number): Promise<void> {
  const { person, endsAt, requestId } = stay;
  const notice = { kind: 'end-notice' as const, requestId, person, endsAt, days };
  const toPerson: Effect[] =
    person.slackId === undefined ? [] : [{ kind: 'post', post: { ...notice, slackId: person.slackId } }];
  const told = person.slackId === undefined ? 'The approvers' : `${nameOf(person)} and the approvers`;
  const left = days === 1 ? '1 day' : `${days} days`;
  const says = `${told} were told that the access of ${nameOf(person)} ends within ${left}.`;
  await store.commit({
    audit: [auditOfStay(stay, 'stay.told', now, says, { days, endsAt })],
    effects: [...toPerson, { kind: 'post', post: notice }],
  });
  // After a crash in between, they are told twice rather than not at all.
  await stays.putStay({ ...stay, told: [...stay.told, days] });
}

/** The end date itself goes with the rest: a step of the plan drops it. */
async function end(dependencies: TendDependencies, stay: Stay): Promise<void> {
  const { store, ask, stays, clock } = dependencies;
  const { person, endsAt, requestId } = stay;
  const running = (await store.unfinished()).some((request) => isOurEnd(request, person.email));
  const claim = `stay-end:${person.email}:${endsAt}`;
  if (running || !(await store.claim(claim, TRY_AGAIN_MS))) return;
  try {
    const reason = `The end date of their access was reached (${requestId}).`;
    await ask.ask('revoke', { person, scope: 'everything', reason }, SYSTEM);
  } catch (error) {
    await store.release(claim);
    if (error instanceof PermanentError) await callOperator(dependencies, stay, error);
    if (!(error instanceof UserError && error.code === 'no-access')) throw error;
    const says = `The end date of ${nameOf(person)}’s access was reached, and there was no access left to revoke.`;
    await store.commit({
      audit: [auditOfStay(stay, 'stay.ended', clock.now(), says, { endsAt })],
      effects: [],
    });
    await stays.dropStay(person.email);
  }
}

/** Once a day: trying again does not help, and somebody who should be out is still in. */
async function callOperator({ store }: TendDependencies, stay: Stay, { message }: PermanentError): Promise<void> {
  const { person, requestId } = stay;
  const says = `The access of ${nameOf(person)} has reached its end date (${requestId}) and could not be revoked: ${message} It is tried again every hour.`;
  await callOperatorOnce(store, { key: `stay-refused:${person.email}`, forMs: DAY_MS, says, requestId });
}

function isOurEnd({ action, requester, about }: Request, email: string): boolean {
  return action === 'revoke' && isSystem(requester) && about.some((person) => person.email === email);
}

function auditOfStay(
  { person, requestId }: Stay,
  kind: AuditFacts['kind'],
  at: number,
  says: string,
  facts: AuditFacts['facts'],
): AuditFacts {
  return { kind, at, actor: signatureOf(SYSTEM), requestId, people: [person.email], says, facts };
}
