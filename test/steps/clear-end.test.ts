import { describe, expect, it } from 'vitest';
import { clearEnd } from '../../src/steps/clear-end.ts';
import { anAccount } from '../builders/an-account.ts';
import { aStay } from '../builders/a-plan.ts';
import { ANA } from '../builders/a-request.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';

const previous = aStay('2026-12-01', { told: [3] });
const bound = clearEnd.bind({ email: ANA.email, previous });

describe('removing an end', () => {
  it('says whose, and which record it writes', () => {
    expect([bound.says, clearEnd.bind({ email: ANA.email }).says, bound.resources]).toMatchInlineSnapshot(`
      [
        "Remove the end date of Ana Souza’s access",
        "Remove the end date of ana.souza@lanternhealth.example’s access",
        [
          "stay-ana.souza@lanternhealth.example",
        ],
      ]
    `);
  });

  it('leaves none', async () => {
    const { context, stays } = anAccount(aSnapshot(), { stays: [previous] });

    const view = await bound.look(context);
    await view.apply();

    expect(view.holds).toBe(false);
    expect(stays.size).toBe(0);
    expect((await bound.look(context)).holds).toBe(true);
  });

  it('puts it back as it was when the rest fails', async () => {
    const { context, stays } = anAccount(aSnapshot());

    await (await bound.look(context)).undo([]);

    expect(stays.get(ANA.email)).toEqual(previous);
  });
});
