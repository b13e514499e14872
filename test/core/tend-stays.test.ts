import { describe, expect, it } from 'vitest';
import { PermanentError, TransientError } from '../../src/core/errors.ts';
import type { Post } from '../../src/core/post.ts';
import { SYSTEM } from '../../src/core/person.ts';
import { tendStay, tendStays } from '../../src/core/tend-stays.ts';
import { A_DAY, aHouse, named, type HouseOptions } from '../builders/a-house.ts';
import { aPolicy, email } from '../builders/a-policy.ts';
import { ANA, aRequest, ASKED_AT } from '../builders/a-request.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { createMemoryLocks } from '../builders/memory-locks.ts';
import type { Stay } from '../../src/core/stay.ts';

const NILS = { email: 'nils.holm@partner.example', name: 'Nils Holm' };
const END = ASKED_AT + 10 * A_DAY;
const HALF_AN_HOUR = 30 * 60_000;

function aStay(changes: Partial<Stay> = {}): Stay {
  return { person: ANA, endsAt: END, requestId: 'REQ-0100', since: ASKED_AT - 1000, told: [], ...changes };
}

/** The account lets Ana and Nils in; Ana's access ends in ten days unless told. */
async function aStayingHouse({ stays = [aStay()], ...options }: HouseOptions & { stays?: readonly Stay[] } = {}) {
  const allow = aPolicy({ include: [email(ANA.email), email(NILS.email), email('eve@lanternhealth.example')] });
  const house = aHouse({ snapshot: aSnapshot({ allow }), ...options });
  const { store, clock, ask } = house;
  for (const stay of stays) await store.putStay(stay);
  const timers = new Map<string, number>();
  const dependencies = {
    stays: store,
    store,
    clock,
    locks: createMemoryLocks(),
    ask: { ask },
    timers: {
      set: async (key: string, _timer: unknown, at: number) => void timers.set(key, at),
    },
  };
  const posts = (): Post[] => store.effects.flatMap((effect) => (effect.kind === 'post' ? [effect.post] : []));
  return {
    ...house,
    dependencies,
    timers,
    tend: () => tendStay(dependencies, ANA.email),
    notices: () => posts().filter(({ kind }) => kind === 'end-notice'),
    revocations: async () => (await store.unfinished()).filter(({ action }) => action === 'revoke'),
  };
}

describe('an end date that is near', () => {
  it('is told to the person and to the approvers, 3 days before', async () => {
    const { tend, notices, store, clock } = await aStayingHouse();
    clock.advanceTo(END - 3 * A_DAY);

    await tend();

    const notice = { kind: 'end-notice', requestId: 'REQ-0100', person: ANA, endsAt: END, days: 3 };
    expect(notices()).toEqual([{ ...notice, slackId: ANA.slackId }, notice]);
    expect(await store.stayOf(ANA.email)).toMatchObject({ told: [3] });
    expect(store.entries).toMatchObject([
      { kind: 'stay.told', requestId: 'REQ-0100', people: [ANA.email], actor: { slackId: 'system' } },
    ]);
    expect(store.entries[0]?.says).toMatchInlineSnapshot(
      `"Ana Souza and the approvers were told that the access of Ana Souza ends within 3 days."`,
    );
  });

  it('is told again 1 day before, and no more than that', async () => {
    const { tend, notices, clock } = await aStayingHouse();
    for (const days of [3, 2, 1, 0.5]) {
      clock.advanceTo(END - days * A_DAY);
      await tend();
      await tend();
    }

    expect(notices().map((post) => 'days' in post && post.days)).toEqual([3, 3, 1, 1]);
  });

  it('is told to the approvers alone where the person is not in Slack', async () => {
    const { dependencies, notices, store, clock } = await aStayingHouse({ stays: [aStay({ person: NILS })] });
    clock.advanceTo(END - A_DAY);

    await tendStay(dependencies, NILS.email);

    expect(notices()).toEqual([{ kind: 'end-notice', requestId: 'REQ-0100', person: NILS, endsAt: END, days: 1 }]);
    expect(store.entries[0]?.says).toMatchInlineSnapshot(
      `"The approvers were told that the access of Nils Holm ends within 1 day."`,
    );
  });

  it('is told once although two processes look at the same moment', async () => {
    const { tend, notices, clock } = await aStayingHouse();
    clock.advanceTo(END - 3 * A_DAY);

    await Promise.all([tend(), tend()]);

    expect(notices()).toHaveLength(2);
  });

  it('is told at once after a pause in which a reminder was due, the last one only', async () => {
    const { tend, notices, clock } = await aStayingHouse();
    clock.advanceTo(END - A_DAY / 2);

    await tend();

    expect(notices().map((post) => 'days' in post && post.days)).toEqual([1, 1]);
  });

  it('is not told of a time that was over when the end was set', async () => {
    const { tend, notices, clock } = await aStayingHouse({ stays: [aStay({ since: END - 2 * A_DAY })] });
    clock.advanceTo(END - 2 * A_DAY);
    await tend();
    expect(notices()).toEqual([]);
    clock.advanceTo(END - A_DAY);

    await tend();

    expect(notices().map((post) => 'days' in post && post.days)).toEqual([1, 1]);
  });

  it('is told anew once it was moved', async () => {
    const { tend, notices, store, clock } = await aStayingHouse();
    clock.advanceTo(END - A_DAY);
    await tend();
    await store.putStay(aStay({ endsAt: END + 30 * A_DAY, since: clock.now(), requestId: 'REQ-0150' }));
    await tend();
    expect(notices()).toHaveLength(2);
    clock.advanceTo(END + 27 * A_DAY);

    await tend();

    expect(notices().at(-1)).toMatchObject({ requestId: 'REQ-0150', endsAt: END + 30 * A_DAY, days: 3 });
  });

  it('sets the alarms again each time, because a restored Redis has lost them', async () => {
    const { tend, timers } = await aStayingHouse();

    await tend();

    expect([...timers]).toEqual([END - 3 * A_DAY, END - A_DAY, END].map((at) => [`stay-${ANA.email}-${at}`, at]));
  });

  it('is nothing to do for somebody without an end date', async () => {
    const { tend, store, timers } = await aStayingHouse({ stays: [] });

    await tend();

    expect([store.entries, store.effects, [...timers]]).toEqual([[], [], []]);
  });
});

describe('an end date that is reached', () => {
  it('has everything revoked by the bot, and says why', async () => {
    const { tend, store, clock } = await aStayingHouse();
    clock.advanceTo(END);

    await tend();

    expect(await store.load('REQ-0001')).toMatchObject({
      action: 'revoke',
      status: 'approved',
      requester: SYSTEM,
      about: [ANA],
      input: { scope: 'everything' },
    });
    expect(store.entries[0]?.says).toMatchInlineSnapshot(
      `"ocs-access asked: Revoke all access of Ana Souza. Reason: The end date of their access was reached (REQ-0100)."`,
    );
    expect(named(store.effects)).toContain('run REQ-0001');
  });

  it('is not reached one moment before', async () => {
    const { tend, revocations, clock } = await aStayingHouse();
    clock.advanceTo(END - 1);

    await tend();

    expect(await revocations()).toEqual([]);
  });

  it('is kept until the plan drops it, so that a lost job only delays it', async () => {
    const { tend, store, clock } = await aStayingHouse();
    clock.advanceTo(END);

    await tend();

    expect((await store.load('REQ-0001'))?.plan?.stages.flat().map(({ step }) => step)).toContain('clear-end');
    expect(await store.stayOf(ANA.email)).toEqual(aStay());
  });

  it('is asked for once by many looks, also while the worker stands still for hours', async () => {
    const { tend, revocations, clock } = await aStayingHouse();
    clock.advanceTo(END);

    await Promise.all([tend(), tend()]);
    clock.advance(5 * HALF_AN_HOUR);
    await tend();

    expect(await revocations()).toHaveLength(1);
  });

  it('is asked for again when the revocation is over and access is still there', async () => {
    const { tend, store, clock } = await aStayingHouse();
    clock.advanceTo(END);
    await tend();
    store.tamper('REQ-0001', (request) => ({ ...request, status: 'failed' }));
    await tend();
    expect(await store.load('REQ-0002')).toBeUndefined();
    clock.advance(HALF_AN_HOUR);

    await tend();

    expect(await store.load('REQ-0002')).toMatchObject({ action: 'revoke', status: 'approved' });
  });

  it('is not held up by a request of a colleague that waits for approval', async () => {
    const { tend, store, clock } = await aStayingHouse();
    await store.commit({
      request: aRequest({ id: 'REQ-0099', version: 0, action: 'revoke', about: [ANA] }),
      audit: [],
      effects: [],
    });
    clock.advanceTo(END);

    await tend();

    expect(await store.load('REQ-0001')).toMatchObject({ action: 'revoke', requester: SYSTEM });
  });

  it('is tried again at the next look when Cloudflare does not answer', async () => {
    let isDown = true;
    const { tend, revocations, clock } = await aStayingHouse({
      whileLooking: () => {
        if (isDown) throw new TransientError('Cloudflare does not answer.', { code: 'cloudflare-down' });
      },
    });
    clock.advanceTo(END);
    await expect(tend()).rejects.toMatchObject({ code: 'cloudflare-down' });
    isDown = false;

    await tend();

    expect(await revocations()).toHaveLength(1);
  });

  it('calls the operator once a day when Cloudflare refuses for good, and is tried again at each look', async () => {
    let refusals = 0;
    const { tend, store, clock } = await aStayingHouse({
      whileLooking: async () => {
        refusals += 1;
        throw new PermanentError('The token lacks a permission.', { code: 'cloudflare-forbidden' });
      },
    });
    clock.advanceTo(END);
    const alerts = () =>
      store.effects.flatMap((effect) =>
        effect.kind === 'post' && effect.post.kind === 'operator-alert' ? [effect.post] : [],
      );

    await expect(tend()).rejects.toThrow('lacks a permission');
    await expect(tend()).rejects.toThrow('lacks a permission');

    expect(refusals).toBe(2);
    expect(alerts().map(({ says }) => says)).toEqual([
      'The access of Ana Souza has reached its end date (REQ-0100) and could not be revoked: The token lacks a permission. It is tried again every hour.',
    ]);
    expect(await store.stayOf(ANA.email)).toMatchObject({ endsAt: END });
  });

  it('is closed where nothing is left to revoke', async () => {
    const { tend, store, clock } = await aStayingHouse({ snapshot: aSnapshot() });
    clock.advanceTo(END);

    await tend();

    expect(await store.stayOf(ANA.email)).toBeUndefined();
    expect(store.entries).toMatchObject([{ kind: 'stay.ended', people: [ANA.email], requestId: 'REQ-0100' }]);
    expect(store.entries[0]?.says).toMatchInlineSnapshot(
      `"The end date of Ana Souza’s access was reached, and there was no access left to revoke."`,
    );
  });

  it('waits for whoever is moving it at this moment, and is not reached then', async () => {
    const { tend, dependencies, store, revocations, clock } = await aStayingHouse();
    clock.advanceTo(END);

    await Promise.all([
      dependencies.locks.hold(`stay-${ANA.email}`, async () => {
        await store.putStay(aStay({ endsAt: END + A_DAY }));
      }),
      tend(),
    ]);

    expect(await revocations()).toEqual([]);
  });
});

describe('the look at all end dates', () => {
  it('goes on after one that fails, and says so at the end', async () => {
    const { dependencies, store, clock } = await aStayingHouse({
      stays: [aStay(), aStay({ person: NILS })],
      whileLooking: async () => {
        if (await store.claim('the first look', A_DAY)) {
          throw new TransientError('Cloudflare does not answer.', { code: 'cloudflare-down' });
        }
      },
    });
    clock.advanceTo(END);

    await expect(tendStays(dependencies)).rejects.toMatchObject({ code: 'cloudflare-down' });

    expect(await store.load('REQ-0001')).toMatchObject({ about: [NILS] });
  });
});
