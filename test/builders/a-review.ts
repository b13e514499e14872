import type { Review, ReviewedPerson, ReviewList } from '../../src/core/review.ts';
import { ASKED_AT } from './a-request.ts';

export const WEEK = '2026-11-23';

/** Five people, and nothing to do. */
export function aReview(changes: Partial<Review> = {}): Review {
  return {
    week: WEEK,
    timeZone: 'Europe/Zurich',
    people: 5,
    ending: 0,
    leftovers: 0,
    unseen: [],
    moreUnseen: 0,
    serialList: 'Laptops',
    ownerless: [],
    moreOwnerless: 0,
    ownerlessInUse: 0,
    wide: [],
    moreWide: 0,
    notes: [],
    isLate: false,
    ...changes,
  };
}

export function aReviewedPerson(changes: Partial<ReviewedPerson> = {}): ReviewedPerson {
  return {
    email: 'ben.okafor@lanternhealth.example',
    name: 'Ben Okafor',
    since: { at: ASKED_AT, requestId: 'REQ-0007' },
    seen: { at: ASKED_AT, from: 'Access log' },
    devices: ['ben-thinkpad (5CG0917BEN)'],
    serials: ['5CG0917BEN'],
    policies: ['Team (Open Chat Studio): the rule for ben.okafor@lanternhealth.example'],
    ...changes,
  };
}

export function aReviewList(changes: Partial<ReviewList> = {}): ReviewList {
  return { madeAt: ASKED_AT, people: [aReviewedPerson()], ownerless: [], ...changes };
}
