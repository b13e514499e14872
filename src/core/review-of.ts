import { UNSEEN_DAYS, type Review, type ReviewedPerson, type ReviewList } from './review.ts';
import { ownerlessSerials, reviewPeople, type ReviewFacts } from './review-people.ts';
import { widePolicies } from './review-wide.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** From then on it says that it is late. */
const LATE_MS = 2 * 60 * 60 * 1000;

const UNSEEN = 10;
const OWNERLESS = 10;
const WIDE = 3;

export interface ReviewedWeek {
  readonly week: string;
  readonly timeZone: string;
  /** Epoch milliseconds, both. */
  readonly dueAt: number;
  readonly now: number;
  readonly notes: readonly string[];
}

/** What the message shows, and the whole list. */
export function reviewOf(
  facts: ReviewFacts,
  { week, timeZone, dueAt, now, notes }: ReviewedWeek,
): { readonly review: Review; readonly list: ReviewList } {
  const { snapshot } = facts;
  const all = reviewPeople(facts);
  const people = all.filter(({ policies }) => policies.length > 0);
  const unseen = unseenAmong(people, now - UNSEEN_DAYS * DAY_MS);
  const ownerless = ownerlessSerials(snapshot);
  const used = ownerless.filter(({ usedBy }) => usedBy.length > 0);
  const unused = ownerless.filter(({ usedBy }) => usedBy.length === 0);
  const wide = widePolicies(snapshot);
  const review: Review = {
    week,
    timeZone,
    people: people.length,
    ending: people.filter(({ endsAt }) => endsAt !== undefined).length,
    leftovers: all.length - people.length,
    unseen: unseen.slice(0, UNSEEN).map(({ email, name, since, seen }) => ({ email, name, since, seen })),
    moreUnseen: Math.max(0, unseen.length - UNSEEN),
    serialList: snapshot.posture?.list.name,
    ownerless: [...unused, ...used].slice(0, OWNERLESS).map(({ serial }) => serial),
    moreOwnerless: Math.max(0, ownerless.length - OWNERLESS),
    ownerlessInUse: used.length,
    wide: wide.slice(0, WIDE),
    moreWide: Math.max(0, wide.length - WIDE),
    notes: [...notes],
    isLate: now - dueAt >= LATE_MS,
  };
  return { review, list: { madeAt: now, people: all, ownerless } };
}

/** Whoever was given access after that had no time to come yet. The longest unseen first. */
function unseenAmong(people: readonly ReviewedPerson[], after: number): ReviewedPerson[] {
  return people
    .filter(({ seen, since }) => (seen?.at ?? -Infinity) < after && (since?.at ?? -Infinity) < after)
    .toSorted((one, other) => compare(one.seen?.at, other.seen?.at) || compare(one.since?.at, other.since?.at));
}

/** What is unknown comes first. */
function compare(one: number | undefined, other: number | undefined): number {
  return one === other ? 0 : (one ?? -Infinity) - (other ?? -Infinity);
}
