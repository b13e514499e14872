import { describe, expect, it } from 'vitest';
import { PermanentError, UserError } from '../../src/core/errors.ts';
import { aHouse, anAdd, anaActs, refusal } from '../builders/a-house.ts';
import { ANA, BEN } from '../builders/a-request.ts';
import { aCut, anAction } from '../builders/an-action.ts';

/** A new device, once the old one is cut off. */
const replace = anAction({ id: 'replace', first: (input) => ({ action: 'lost', input }) });

describe('a request that another one goes before', () => {
  it('is asked second, by the same person, and says so', async () => {
    const { ask, store } = aHouse({ actions: [aCut(), replace] });

    expect(await ask('replace', anAdd(), anaActs)).toMatchObject({ id: 'REQ-0002', status: 'pending' });

    expect(await store.load('REQ-0001')).toMatchObject({ action: 'lost', status: 'approved', requester: ANA });
    expect(store.entries.at(-1)).toMatchObject({ requestId: 'REQ-0002', facts: { first: 'REQ-0001' } });
    expect(store.entries.at(-1)?.says).toMatchInlineSnapshot(
      `"Ana Souza asked: Give Ana Souza access with their macOS device (serial number C02XK0AZJG5J). REQ-0001 was asked before it and does not wait for it. Reason: She joins the support team on Monday."`,
    );
  });

  it('is asked alone where there is nothing to do before', async () => {
    const nothing = aCut({
      plan: () => {
        throw new UserError('It is gone already.', { code: 'nothing-to-do' });
      },
    });
    const { ask, store } = aHouse({ actions: [nothing, replace] });

    const { id } = await ask('replace', anAdd(), anaActs);

    expect((await store.unfinished()).map((request) => request.id)).toEqual([id]);
    expect(store.entries.at(-1)?.facts).not.toHaveProperty('first');
  });

  it('is not asked when the one before it can’t be', async () => {
    const broken = aCut({
      plan: () => {
        throw new PermanentError('There are two posture rules.', { code: 'ambiguous' });
      },
    });
    const { ask, store } = aHouse({ actions: [broken, replace] });

    await expect(ask('replace', anAdd(), anaActs)).rejects.toMatchObject({ code: 'ambiguous' });
    expect(await store.unfinished()).toEqual([]);
  });

  it('lets the device be cut off although its own plan can’t be made, and only once when the form is sent again', async () => {
    let isTaken = true;
    const picky = anAction({
      id: 'replace',
      first: ({ person }) => ({ action: 'lost', input: anAdd({ person }) }),
      plan: () => {
        if (isTaken) throw new UserError('That serial is taken.', { code: 'serial-taken', field: 'device.serial' });
        return { stages: [], warnings: [] };
      },
    });
    const { ask, store } = aHouse({ actions: [aCut(), picky] });

    expect((await refusal(ask('replace', anAdd(), anaActs))).code).toBe('serial-taken');
    isTaken = false;
    await ask('replace', anAdd(), anaActs);

    const asked = (await store.unfinished()).map(({ action }) => action);
    expect(asked.toSorted()).toEqual(['lost', 'replace']);
    expect(store.entries.at(-1)?.facts).toMatchObject({ first: 'REQ-0001' });
  });

  it('is asked again for somebody else', async () => {
    const { ask, store } = aHouse({ actions: [aCut(), replace] });

    await ask('replace', anAdd(), anaActs);
    await ask('replace', anAdd(), BEN);

    expect((await store.unfinished()).filter(({ action }) => action === 'lost')).toHaveLength(2);
  });
});
