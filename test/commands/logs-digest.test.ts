import { describe, expect, it } from 'vitest';
import type { Desk } from '../../src/commands/desk.ts';
import { slash } from '../../src/commands/slash.ts';
import { keepDigest, recallDigests } from '../../src/core/digest/remembered.ts';
import { aCall, aDesk } from '../builders/a-desk.ts';
import { refusal } from '../builders/a-house.ts';
import { aVisit, digestsIn, readUpTo } from '../builders/a-morning.ts';
import { ANA, BEN, CARA, DINA } from '../builders/a-request.ts';

/** 21 November, noon in Berlin. Rows are there from 18 November on. */
async function aHouse() {
  const house = aDesk();
  await house.logs.addRows('access', [
    aVisit('2026-11-18T09:00Z'),
    aVisit('2026-11-20T09:00Z', { country: 'BR' }),
    aVisit('2026-11-21T09:00Z'),
  ]);
  await house.logs.keepSeen([{ email: ANA.email, countries: ['DE'], devices: [], lastAt: 0 }]);
  await readUpTo(house.logs, '2026-11-21T10:55Z');
  return house;
}

async function types(desk: Desk, words: string, who: { readonly slackId: string } = CARA): Promise<string[]> {
  const { call, replies } = aCall(who, words);
  await slash(desk, call);
  return replies.map(({ text }) => text);
}

describe('`logs digest`', () => {
  it('answers at once, and sends the digest of yesterday with its details to whoever asked', async () => {
    const { desk, store } = await aHouse();

    expect(await types(desk, 'logs digest')).toEqual([
      'I am making the digest of 2026-11-20. It comes as a direct message.',
    ]);

    expect(store.effects).toMatchObject([
      { post: { kind: 'digest', day: '2026-11-20', askedBy: CARA.slackId, data: { access: { signIns: 1 } } } },
      { post: { kind: 'digest-details', day: '2026-11-20', askedBy: CARA.slackId } },
    ]);
    expect(store.entries).toMatchObject([
      {
        kind: 'logs.read',
        actor: { slackId: CARA.slackId },
        says: 'Cara Lindqvist asked for the digest of 2026-11-20.',
        facts: { log: 'digest', day: '2026-11-20' },
      },
    ]);
  });

  it.each([
    ['yesterday', '2026-11-20'],
    ['Today', '2026-11-21'],
    ['2026-11-18', '2026-11-18'],
    ['3d', '2026-11-18'],
  ])('makes that of %j', async (word, day) => {
    const { desk, store } = await aHouse();

    await types(desk, `logs digest ${word}`);

    expect(digestsIn(store)).toMatchObject([{ day, data: { day, access: { signIns: 1 } } }]);
  });

  it('changes nothing that is remembered', async () => {
    const { desk, store, logs } = await aHouse();

    await types(desk, 'logs digest');
    await types(desk, 'logs digest');

    expect(digestsIn(store).map(({ data }) => data.unusual.length)).toEqual([1, 1]);
    expect(await logs.dayCounts('2026-01-01', '2026-12-31')).toEqual([]);
    expect(await logs.seenBefore([ANA.email])).toMatchObject([{ countries: ['DE'] }]);
    expect((await recallDigests(store)).lastDay).toBeUndefined();
  });

  it('gives a day as it was told, each time as a message of its own', async () => {
    const { desk, store } = await aHouse();
    const told = { ...(await desk.digestOf('2026-11-20')), dueAt: 1 };
    await keepDigest(store, told);

    await types(desk, 'logs digest');
    await types(desk, 'logs digest', DINA);

    const [first, second] = digestsIn(store);
    expect(first?.data).toEqual(told);
    expect(second?.data).toEqual({ ...told, head: { seq: 1, hash: store.entries[0]?.hash } });
  });

  it.each([
    [
      'rubbish',
      '“rubbish” is not a day that I can read. Valid are `yesterday`, `today` or a day such as `2026-11-20`.',
    ],
    [
      '2026-02-30',
      '“2026-02-30” is not a time that I can read. Valid are `yesterday`, `today` or a day such as `2026-11-20`.',
    ],
    ['2026-11-22', '“2026-11-22” is still to come. Valid are `yesterday`, `today` or a day such as `2026-11-20`.'],
    [
      '2026-11-18 2026-11-19',
      'I can make the digest of one day at a time. Valid are `yesterday`, `today` or a day such as `2026-11-20`.',
    ],
    ['2026-10-01', 'There is no digest of 2026-10-01 any more: rows of the logs are kept for 30 days.'],
    ['2026-11-16', 'There is no digest of 2026-11-16: the oldest row of the logs that is kept is of 2026-11-18.'],
  ])('says what is wrong with %j', async (words, says) => {
    const { desk, store } = await aHouse();
    const { call } = aCall(CARA, `logs digest ${words}`);

    expect((await refusal(slash(desk, call))).message).toBe(says);
    expect(store.effects).toEqual([]);
  });

  it('is for approvers, and who is none is written down', async () => {
    const { desk, store } = await aHouse();
    const { call, replies } = aCall(BEN, 'logs digest');

    expect((await refusal(slash(desk, call))).message).toBe(
      'Only approvers can ask for a digest. Your own access is under `/ocs-access whoami`.',
    );
    expect(replies).toEqual([]);
    expect(store.entries).toMatchObject([{ kind: 'request.refused', facts: { code: 'not-approver' } }]);
  });

  it('of the first day that is partly kept says what is missing', async () => {
    const { desk, store, clock, logs } = await aHouse();
    clock.advance(29 * 24 * 60 * 60 * 1000);
    await readUpTo(logs, new Date(clock.now()).toISOString());

    await types(desk, 'logs digest 2026-11-20');

    expect(digestsIn(store)[0]?.data.gaps).toMatchObject([{ why: 'Rows are kept for 30 days.' }]);
  });
});
