import type { AuditFacts } from '../core/audit.ts';
import { callOperatorOnce, whyOf } from '../core/call-operator.ts';
import type { TimeOfDay } from '../core/day.ts';
import { TransientError } from '../core/errors.ts';
import { insidersOf } from '../core/insiders.ts';
import type { Logs, SeenBefore } from '../core/logs.ts';
import { signatureOf, SYSTEM } from '../core/person.ts';
import type { Clock, Cloudflare, Lock, Locks, Stays, Store } from '../core/ports.ts';
import { dueReview, type DueReview } from '../core/review-due.ts';
import { keepReviewList } from '../core/review-list.ts';
import { reviewOf } from '../core/review-of.ts';
import type { ReviewFacts } from '../core/review-people.ts';
import { recallReviews, rememberReviews } from '../core/review-remembered.ts';
import { readGiven } from '../core/review-since.ts';
import { UNSEEN_DAYS, type Review } from '../core/review.ts';
import { inTurn } from './in-turn.ts';
import { codeOf, type Log } from './log.ts';
import { startRepeating, type Repeating, type RepeatingOptions } from './repeat.ts';

export interface ReviewDependencies {
  readonly store: Pick<Store, 'auditEntries' | 'auditHead' | 'claim' | 'commit' | 'keep' | 'recall'>;
  readonly stays: Pick<Stays, 'stays'>;
  readonly logs: Pick<Logs, 'seenBefore'>;
  readonly cloudflare: Pick<Cloudflare, 'snapshot'>;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: {
    /** IANA name. */
    readonly timeZone: string;
    /** When it is told on Mondays. */
    readonly at: TimeOfDay;
  };
}

export interface ReviewsDependencies extends ReviewDependencies, Pick<RepeatingOptions, 'connection' | 'prefix'> {
  readonly everyMs?: number;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** People whose last sign-ins are read by one command. */
const ASKED_AT_ONCE = 500;

/** Looks at the start and every five minutes whether a review is due, in one of the processes that live, whichever it is. */
export function startReviews(dependencies: ReviewsDependencies): Promise<Repeating> {
  const { connection, prefix, log, everyMs = 5 * MINUTE } = dependencies;
  return startRepeating({ connection, prefix, log, name: 'review', everyMs, work: () => sendReview(dependencies) });
}

/** Tells who has access, once a week, if that is due. What fails for now is left to the next look. */
export async function sendReview(dependencies: ReviewDependencies): Promise<void> {
  const turn = { resource: 'review', ifNotNow: 'A review could not be sent; the next look is near' };
  await inTurn(dependencies, turn, (lock) => sendDue(dependencies, lock));
}

type DueWeek = Extract<DueReview, { kind: 'due' }>;

async function sendDue(dependencies: ReviewDependencies, lock: Lock): Promise<void> {
  const { store, clock, settings } = dependencies;
  const remembered = await recallReviews(store);
  const due = dueReview({ ...settings, now: clock.now(), lastWeek: remembered.lastWeek });
  if (due.kind === 'not-due') return;
  if (due.kind === 'first-look') {
    await lock.confirm();
    return rememberReviews(store, { ...remembered, lastWeek: due.settled });
  }
  try {
    await tellWeek(dependencies, lock, due);
  } catch (error) {
    if (error instanceof TransientError) throw error;
    await callOperator(dependencies, due, error);
  }
}

/** Tells it and settles the week, in this order; whether it was told by a look that was broken off is in the audit log. */
async function tellWeek(dependencies: ReviewDependencies, lock: Lock, { week, dueAt }: DueWeek): Promise<void> {
  const { store, clock, log, settings } = dependencies;
  const { soFar: before } = await recallReviews(store);
  const { given, soFar, sent, problem } = await readGiven(store, before);
  if (!sent.has(week)) {
    const facts = { ...(await readFacts(dependencies)), given };
    const notes = problem === undefined ? [] : [`Since when people have access may be out of date. ${problem}`];
    const { review, list } = reviewOf(facts, {
      week,
      dueAt,
      timeZone: settings.timeZone,
      now: clock.now(),
      notes,
    });
    await lock.confirm();
    await keepReviewList(store, week, list);
    await lock.confirm();
    await store.commit({
      audit: [auditOf(review, clock.now())],
      effects: [{ kind: 'post', post: { kind: 'review', data: review } }],
    });
    log.info({ week }, 'A review was sent');
  }
  await lock.confirm();
  await rememberReviews(store, { lastWeek: week, soFar });
}

async function readFacts({ cloudflare, logs, stays }: ReviewDependencies): Promise<Omit<ReviewFacts, 'given'>> {
  const snapshot = await cloudflare.snapshot({ users: 'all', devicesOf: 'all', undecided: 'first' });
  const insiders = insidersOf(snapshot);
  const emails = insiders.map(({ email }) => email);
  const seenBefore: SeenBefore[] = [];
  for (let at = 0; at < emails.length; at += ASKED_AT_ONCE) {
    seenBefore.push(...(await logs.seenBefore(emails.slice(at, at + ASKED_AT_ONCE))));
  }
  return { snapshot, insiders, seenBefore, stays: await stays.stays() };
}

function auditOf(review: Review, at: number): AuditFacts {
  const { week, people, leftovers, isLate } = review;
  const unseen = review.unseen.length + review.moreUnseen;
  const ownerless = review.ownerless.length + review.moreOwnerless;
  return {
    kind: 'review.sent',
    at,
    actor: signatureOf(SYSTEM),
    people: [],
    says: `The review of the week of ${week} was sent. Can come in: ${people}. Of them not seen in ${UNSEEN_DAYS} days: ${unseen}. Serial numbers without an owner: ${ownerless}.`,
    facts: { week, counts: { people, leftovers, unseen, ownerless }, isLate },
  };
}

/** Once a day. */
async function callOperator({ store, log }: ReviewDependencies, { week }: DueWeek, error: unknown): Promise<void> {
  log.error({ week, ...codeOf(error) }, 'A review can’t be made');
  const says = `The weekly review of ${week} could not be made: ${whyOf(error)} It is tried again every five minutes until Sunday.`;
  await callOperatorOnce(store, { key: `review-failed:${week}`, forMs: DAY, says });
}
