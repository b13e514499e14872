import { describe, expect, it } from 'vitest';
import { extend } from '../../src/actions/extend.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { aPolicy, email } from '../builders/a-policy.ts';
import { aStay, endOf, planFacts, readPlan, readRefusal } from '../builders/a-plan.ts';
import { ANA, aRequest, CARA } from '../builders/a-request.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';

const inside = aSnapshot({ allow: aPolicy({ include: [email(ANA.email)] }) });

function input(day: string): Record<string, unknown> {
  return { person: ANA, until: endOf(day), reason: 'The course goes on.' };
}

function refusal(day: string, snapshot: Snapshot, facts = planFacts({ stays: [aStay('2026-12-24')] })): string {
  return readRefusal(() => extend.plan(input(day), snapshot, facts));
}

describe('extending access', () => {
  it('moves the end, and says from when to when', () => {
    const facts = planFacts({ stays: [aStay('2026-12-24')] });

    expect(readPlan(extend.plan(input('2027-02-01'), inside, facts))).toMatchInlineSnapshot(
      `"1. Move the end of Ana Souza’s access to 1 February 2027 [24 December 2026 → 1 February 2027]"`,
    );
  });

  it('keeps the end that was, to put it back', () => {
    const stay = aStay('2026-12-24', { told: [3] });
    const { stages } = extend.plan(input('2027-02-01'), inside, planFacts({ stays: [stay] }));

    expect(stages[0]?.[0]?.args['previous']).toEqual(stay);
  });

  it('is refused where it makes no sense, with what would', () => {
    expect([
      refusal('2027-02-01', inside, planFacts()),
      refusal('2026-12-24', inside),
      refusal('2026-12-01', inside),
      refusal('2026-11-01', inside),
      refusal('2027-02-01', aSnapshot()),
      refusal('2027-02-01', inside, planFacts({ stays: [aStay('2026-12-24')], now: endOf('2026-12-24') })),
    ]).toMatchInlineSnapshot(`
      [
        "no-end-date (person.pick): The access of Ana Souza has no end date, so there is nothing to extend.",
        "not-later (until.date): The access of Ana Souza lasts until 24 December 2026 already. Choose a later day.",
        "not-later (until.date): The access of Ana Souza lasts until 24 December 2026 already. Choose a later day.",
        "end-is-past (until.date): The end date 1 November 2026 is over. Choose a day that is still to come.",
        "no-access (person.pick): Ana Souza has no access now, so there is nothing to extend. Use “add” to give them access.",
        "end-is-over (person.pick): The access of Ana Souza ended on 24 December 2026 and is being taken away. Use “add” to give them access again.",
      ]
    `);
  });

  it('says whose access', () => {
    expect(extend.describe(input('2027-02-01'))).toBe('Extend the access of Ana Souza');
  });
});

describe('extending from the message of a request', () => {
  it('starts with the person whom it was about', () => {
    expect(extend.from?.(aRequest({ about: [ANA] }))).toEqual({ values: { person: { email: ANA.email } } });
  });

  it('leaves the person to be picked when it was about several', () => {
    const cara = { email: 'cara@lanternhealth.example', name: CARA.name };

    expect(extend.from?.(aRequest({ about: [ANA, cara] }))).toEqual({ values: {} });
  });
});
