import { describe, expect, it } from 'vitest';
import { auditOf, changeRequest } from '../../src/core/change-request.ts';
import { TransientError } from '../../src/core/errors.ts';
import { aClock } from '../builders/a-clock.ts';
import { ANA, aRequest, ASKED_AT, BEN } from '../builders/a-request.ts';
import { createMemoryStore } from '../builders/memory-store.ts';

async function aStore() {
  const store = createMemoryStore(aClock());
  await store.commit({ request: aRequest({ version: 0, approvalsNeeded: 0 }), audit: [], effects: [] });
  return store;
}

describe('a change of a request', () => {
  it('is decided again on what somebody else stored first', async () => {
    const store = await aStore();
    const one = () =>
      changeRequest(store, 'REQ-0142', (request) => ({
        request: { ...request, approvalsNeeded: request.approvalsNeeded + 1 },
        audit: [],
        effects: [],
      }));

    await Promise.all(Array.from({ length: 20 }, one));

    expect(await store.load('REQ-0142')).toMatchObject({ approvalsNeeded: 20, version: 21 });
  });

  it('is given up when somebody else is always first', async () => {
    const store = await aStore();
    let tries = 0;
    const busy = {
      ...store,
      commit: async () => {
        tries += 1;
        throw new TransientError('Changed by somebody else.', { code: 'conflict' });
      },
    };

    await expect(
      changeRequest(busy, 'REQ-0142', (request) => ({ request, audit: [], effects: [] })),
    ).rejects.toMatchObject({ code: 'conflict' });
    expect(tries).toBe(25);
  });

  it('is not tried again when the store is down', async () => {
    const store = await aStore();
    let tries = 0;
    const down = {
      ...store,
      commit: async () => {
        tries += 1;
        throw new TransientError('Redis does not answer.', { code: 'store-down' });
      },
    };

    await expect(
      changeRequest(down, 'REQ-0142', (request) => ({ request, audit: [], effects: [] })),
    ).rejects.toMatchObject({ code: 'store-down' });
    expect(tries).toBe(1);
  });

  it('may be none', async () => {
    const store = await aStore();

    expect(await changeRequest(store, 'REQ-0142', () => undefined)).toMatchObject({ version: 1 });
  });
});

function peopleIn(changes: Parameters<typeof aRequest>[0]): string[] {
  return auditOf(aRequest(changes), 'request.asked', BEN, ASKED_AT, 'Ben asked.').people;
}

describe('the audit entry of a request', () => {
  it('names whom it is about, gain or not', () => {
    expect(peopleIn({ beneficiaries: [], about: [ANA] })).toEqual([ANA.email]);
  });

  it('names who gains where the request is from before that was kept', () => {
    expect(peopleIn({ beneficiaries: [ANA], about: [] })).toEqual([ANA.email]);
  });
});
