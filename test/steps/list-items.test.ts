import { describe, expect, it } from 'vitest';
import { listItems } from '../../src/steps/list-items.ts';
import { anAccount } from '../builders/an-account.ts';
import { ANA } from '../builders/a-request.ts';
import { anItem, aSerialList, aSnapshot } from '../builders/a-snapshot.ts';

const HERS = anItem('C02XK0AZJG5J', `Ana Souza <${ANA.email}> · REQ-0142 · 2026-11-21`);
const SECOND = anItem('PF2NILS7', 'Nils Holm <nils@lanternhealth.example> · REQ-0142 · 2026-11-21');

function bound(present: boolean, ...items: ReturnType<typeof anItem>[]) {
  return listItems.bind({ listId: 'list-serials', listName: 'Laptops', what: 'serial', present, items });
}

function holding(...items: ReturnType<typeof anItem>[]) {
  return anAccount(
    aSnapshot({ posture: { ruleId: 'posture-serials', name: 'Known laptops', list: aSerialList(items) } }),
  );
}

describe('what it says', () => {
  it('of one and of several, in and out', () => {
    const steps = [bound(true, HERS), bound(true, HERS, SECOND), bound(false, HERS), bound(false, HERS, SECOND)];

    expect(steps.map(({ says }) => says)).toMatchInlineSnapshot(`
      [
        "Put serial C02XK0AZJG5J into the list “Laptops”",
        "Put 2 serials into the list “Laptops”",
        "Take serial C02XK0AZJG5J out of the list “Laptops”",
        "Take 2 serials out of the list “Laptops”",
      ]
    `);
  });

  it('where it writes and where a person would', () => {
    expect([bound(true, HERS).resources, bound(true, HERS).byHand]).toMatchInlineSnapshot(`
      [
        [
          "list-list-serials",
        ],
        "Zero Trust dashboard → Reusable components → Lists → Laptops",
      ]
    `);
  });
});

describe('putting serial numbers into a list', () => {
  const both = bound(true, HERS, SECOND);

  it('puts in those that are missing, in one write, and nothing else changes', async () => {
    const { context, cloudflare } = holding(anItem('PF1ABC01', 'Person 1'), HERS);

    const view = await both.look(context);
    await view.apply();

    expect(view.touches).toEqual([SECOND.value]);
    expect((await cloudflare.readList('list-serials')).items).toEqual([anItem('PF1ABC01', 'Person 1'), HERS, SECOND]);
    expect(cloudflare.writes).toHaveLength(1);
    expect((await both.look(context)).holds).toBe(true);
  });

  it.each(['C02XK0AZJG5J', 'c02xk0azjg5j', ' C02XK0AZJG5J '])('finds %j there already', async (value) => {
    const { context } = holding(anItem(value));

    expect(await bound(true, HERS).look(context)).toMatchObject({ holds: true, touches: [] });
  });

  it('refuses one that was registered to somebody else meanwhile', async () => {
    const { context } = holding(anItem('C02XK0AZJG5J', 'Nils Holm <nils@lanternhealth.example>'));

    await expect(both.look(context)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[PermanentError: C02XK0AZJG5J has been registered meanwhile, to Nils Holm <nils@lanternhealth.example>.]`,
    );
  });

  it('takes back those that it put there and no other', async () => {
    const { context, cloudflare } = holding(anItem('PF1ABC01'), HERS, SECOND);

    await (await both.look(context)).undo([SECOND.value]);

    expect(cloudflare.valuesOf('list-serials')).toEqual(['PF1ABC01', HERS.value]);
    expect((await both.look(context)).holds).toBe(false);
  });

  it('takes back nothing that is gone by then', async () => {
    const { context, cloudflare } = holding(anItem('PF1ABC01'));

    await (await both.look(context)).undo([SECOND.value]);

    expect(cloudflare.writes).toEqual([]);
  });
});

describe('taking serial numbers out of a list', () => {
  it('takes out those that are there, as the list spells them', async () => {
    const { context, cloudflare } = holding(anItem('PF1ABC01'), anItem(' c02xk0azjg5j '));
    const both = bound(false, HERS, SECOND);

    const view = await both.look(context);
    await view.apply();

    expect(view.touches).toEqual([' c02xk0azjg5j ']);
    expect(cloudflare.valuesOf('list-serials')).toEqual(['PF1ABC01']);
    expect((await both.look(context)).holds).toBe(true);
  });

  it.each([
    ['serial', ' c02xk0azjg5j ', 'C02XK0AZJG5J'],
    ['address', 'Ana@x.org ', 'ana@x.org'],
  ] as const)('takes out every spelling of one %s in one write', async (what, odd, value) => {
    const { context, cloudflare } = holding(anItem('PF1ABC01'), anItem(odd), anItem(value));
    const args = { listId: 'list-serials', listName: 'Laptops', what, present: false };
    const step = listItems.bind({ ...args, items: [anItem(value)] });

    await (await step.look(context)).apply();

    expect(cloudflare.valuesOf('list-serials')).toEqual(['PF1ABC01']);
    expect(cloudflare.writes).toHaveLength(1);
  });

  it('takes them out whoever is written there', async () => {
    const { context } = holding(anItem('C02XK0AZJG5J', 'Nils Holm <nils@lanternhealth.example>'));

    expect((await bound(false, HERS).look(context)).holds).toBe(false);
  });

  it('puts back what it took, with what it said', async () => {
    const { context, cloudflare } = holding();
    const both = bound(false, HERS, SECOND);

    await (await both.look(context)).undo([HERS.value]);

    expect((await cloudflare.readList('list-serials')).items).toEqual([HERS]);
    expect((await both.look(context)).holds).toBe(false);
  });
});
