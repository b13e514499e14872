import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, flatten, hashPlan, type Plan, withoutRepeats } from '../../src/core/plan.ts';
import { aPlan, aStep } from '../builders/a-request.ts';

describe('the hash of a plan', () => {
  it('does not depend on the order in which a database gives the members back', () => {
    const { warnings, stages } = aPlan;

    expect(hashPlan({ stages, warnings })).toBe(hashPlan({ warnings, stages }));
  });

  it('is another for whatever an approver could read in it', () => {
    const first = aStep({ says: 'Put serial C02XK0AZJG5J into the list “Laptops”' });
    const plans: Plan[] = [
      { stages: [[first]], warnings: [] },
      { stages: [[first]], warnings: ['Careful.'] },
      { stages: [[{ ...first, says: 'Put serial C02XK0AZJG5J into the list “Phones”' }]], warnings: [] },
      { stages: [[{ ...first, change: '15 → 16 serials' }]], warnings: [] },
      { stages: [[{ ...first, already: true }]], warnings: [] },
      { stages: [[{ ...first, args: { ...first.args, value: 'C02XK0AZJG5K' } }]], warnings: [] },
      { stages: [[first, first]], warnings: [] },
      { stages: [[first], [first]], warnings: [] },
    ];

    expect(new Set(plans.map(hashPlan)).size).toBe(plans.length);
  });

  it('survives being stored', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(canonical(JSON.parse(JSON.stringify(value)))).toBe(canonical(value));
      }),
    );
  });
});

describe('a plan with the same step twice', () => {
  it('runs it once, at its first place', () => {
    const one = aStep({ args: { listId: 'people', value: 'ana' } });
    const other = aStep({ args: { listId: 'serials', value: 'C02' } });
    const again = aStep({ args: { value: 'ana', listId: 'people' }, says: 'The same in other words' });

    expect(withoutRepeats({ stages: [[one, other], [again], [other, again]], warnings: ['Careful.'] })).toEqual({
      stages: [[one, other]],
      warnings: ['Careful.'],
    });
  });

  it('keeps steps that differ', () => {
    expect(flatten(withoutRepeats(aPlan))).toEqual(flatten(aPlan));
  });
});
