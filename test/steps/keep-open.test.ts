import { describe, expect, it } from 'vitest';
import { keepOpen } from '../../src/steps/keep-open.ts';
import { anAccount } from '../builders/an-account.ts';
import { aStay } from '../builders/a-plan.ts';
import { ANA } from '../builders/a-request.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';

const ben = { email: 'ben.okafor@lanternhealth.example', name: 'Ben Okafor' };
const one = keepOpen.bind({ people: [ANA] });
const both = keepOpen.bind({ people: [ANA, ben] });

describe('keeping access without an end', () => {
  it('says whose, and which record it writes where it is one', () => {
    expect([one.says, one.resources, both.says, both.resources]).toMatchInlineSnapshot(`
      [
        "Keep the access of Ana Souza without an end date",
        [
          "stay-ana.souza@lanternhealth.example",
        ],
        "Keep the access of 2 people without an end date",
        [],
      ]
    `);
  });

  it('holds where there is no end', async () => {
    const { context } = anAccount(aSnapshot());

    expect((await both.look(context)).holds).toBe(true);
  });

  it('drops the ends of these people and of nobody else', async () => {
    const ends = [
      aStay('2026-12-01'),
      aStay('2026-12-01', { person: ben }),
      aStay('2026-12-01', { person: { email: 'sam@partner.example' } }),
    ];
    const { context, stays } = anAccount(aSnapshot(), { stays: ends });

    const view = await both.look(context);
    await view.apply();

    expect(view.holds).toBe(false);
    expect([...stays.keys()]).toEqual(['sam@partner.example']);
    expect((await both.look(context)).holds).toBe(true);
  });
});
