import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/core/plan.ts';
import { confirmView, readConfirmMetadata } from '../../src/slack/confirm-view.ts';
import { ids } from '../../src/slack/ids.ts';
import { anAction } from '../builders/an-action.ts';
import { aStep } from '../builders/a-request.ts';
import { readView } from './read.ts';

const people = Array.from({ length: 12 }, (_, index) => `C02XK0AZJG${index} (Person ${index})`);
const plan: Plan = {
  stages: [
    [aStep({ says: 'Take 12 serials out of the list “Laptops”', items: people, change: '14 → 2 serials' })],
    [aStep({ says: 'End every session of 12 people' })],
  ],
  warnings: ['The rule for everybody at lanternhealth.example would still let Ana in, so she is barred.'],
  leftOut: [{ line: 'Line 3, Gus', why: 'Gus has no access here.' }],
};
const given = {
  action: anAction({ id: 'revoke-many', title: 'Revoke for several people' }),
  says: 'Revoke all access of 12 people',
  plan,
  planHash: 'a'.repeat(64),
  approvalsNeeded: 0,
  draftId: 'draft-1',
};

describe('the question before something that needs nobody else', () => {
  it('shows whoever presses exactly what happens', () => {
    expect(readView(confirmView(given))).toMatchInlineSnapshot(`
      "== Revoke for several peop… ==
      Revoke all access of 12 people?
      ⚠️ Warning: The rule for everybody at lanternhealth.example would still let Ana in, so she is barred.
      What will be done, in 2 steps
      1. Take 12 serials out of the list “Laptops”: 14 → 2 serials (C02XK0AZJG0 (Person 0), C02XK0AZJG1 (Person 1), C02XK0AZJG2 (Person 2) and 9 more)
      2. End every session of 12 people: 14 → 15 serials
      1 line is left out
      • Line 3, Gus: Gus has no access here.
      (Nothing has been done yet. It needs nobody’s approval and begins when you press the button.)
      [Revoke now] [Cancel]"
    `);
  });

  it('carries the draft and the plan that was read', () => {
    const view = confirmView(given);

    expect(view.callback_id).toBe(ids.confirmSubmit);
    expect(readConfirmMetadata(view.private_metadata ?? '')).toEqual({
      draftId: 'draft-1',
      action: 'revoke-many',
      planHash: 'a'.repeat(64),
    });
    expect(() => readConfirmMetadata('{"draftId":"x"}')).toThrow();
  });

  it.each([
    [1, 'An approver decides: it begins when they have said yes.'],
    [2, '2 approvers decide: it begins when all of them have said yes.'],
  ])('says who decides where %d approvals are needed', (approvalsNeeded, words) => {
    const text = readView(confirmView({ ...given, approvalsNeeded }));

    expect(text).toContain(`(Nothing has been done yet. ${words})`);
    expect(text).toContain('[Ask for approval] [Cancel]');
  });

  it('carries what stood above the fields, for when the form is shown again', () => {
    const intro = [{ label: 'App', value: '8 h', detail: 'After that people need a new code.' }];

    expect(readConfirmMetadata(confirmView({ ...given, intro }).private_metadata ?? '').intro).toEqual(intro);
  });

  it('says above it when it had to be asked again', () => {
    const notice = 'Things changed since you read this. Look again.';

    expect(readView(confirmView({ ...given, notice }))).toContain(`⚠️ ${notice}`);
  });
});
