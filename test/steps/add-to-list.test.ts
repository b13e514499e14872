import { describe, expect, it } from 'vitest';
import { addToList } from '../../src/steps/add-to-list.ts';
import { ANA } from '../builders/a-request.ts';
import { aContext } from '../builders/a-context.ts';
import { anItem } from '../builders/a-snapshot.ts';

const bound = addToList.bind({
  listId: 'list-serials',
  listName: 'Laptops',
  what: 'serial',
  value: 'C02XK0AZJG5J',
  description: `Ana Souza <${ANA.email}> · REQ-0142 · 2026-11-21`,
});

describe('putting a serial number into a list', () => {
  it('says what it does, where it writes and where a person would', () => {
    expect([bound.says, bound.resource, bound.byHand]).toMatchInlineSnapshot(`
      [
        "Put serial C02XK0AZJG5J into the list “Laptops”",
        "list-list-serials",
        "Zero Trust dashboard → Reusable components → Lists → Laptops",
      ]
    `);
  });

  it('puts it there with its owner, and nothing else changes', async () => {
    const { context, cloudflare } = aContext({ serials: [anItem('PF1ABC01', 'Person 1')] });

    await (await bound.look(context)).apply();

    expect((await cloudflare.readList('list-serials')).items).toEqual([
      anItem('PF1ABC01', 'Person 1'),
      anItem('C02XK0AZJG5J', `Ana Souza <${ANA.email}> · REQ-0142 · 2026-11-21`),
    ]);
    expect((await bound.look(context)).holds).toBe(true);
  });

  it.each(['C02XK0AZJG5J', 'c02xk0azjg5j', ' C02XK0AZJG5J '])('finds %j there already', async (value) => {
    const { context } = aContext({ serials: [anItem(value)] });

    expect((await bound.look(context)).holds).toBe(true);
  });

  it('refuses one that was registered to somebody else meanwhile', async () => {
    const { context } = aContext({ serials: [anItem('C02XK0AZJG5J', 'Nils Holm <nils@lanternhealth.example>')] });

    await expect(bound.look(context)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[PermanentError: C02XK0AZJG5J has been registered meanwhile, to Nils Holm <nils@lanternhealth.example>.]`,
    );
  });

  it('takes back this one and no other', async () => {
    const { context, cloudflare } = aContext({ serials: [anItem('PF1ABC01'), anItem('C02XK0AZJG5J')] });

    await (await bound.look(context)).undo();

    expect(cloudflare.valuesOf('list-serials')).toEqual(['PF1ABC01']);
    expect((await bound.look(context)).holds).toBe(false);
  });
});
