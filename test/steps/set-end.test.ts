import { describe, expect, it } from 'vitest';
import type { Stay } from '../../src/core/stay.ts';
import { setEnd } from '../../src/steps/set-end.ts';
import { anAccount } from '../builders/an-account.ts';
import { aPolicy, email, emailList } from '../builders/a-policy.ts';
import { aStay, endOf } from '../builders/a-plan.ts';
import { ANA, ASKED_AT } from '../builders/a-request.ts';
import { anEmailList, anItem, aSnapshot } from '../builders/a-snapshot.ts';

const ENDS = { person: ANA, endsAt: endOf('2026-12-24'), day: '24 December 2026' };
const bound = setEnd.bind(ENDS);

function account(...stays: Stay[]) {
  return anAccount(aSnapshot(), { stays });
}

describe('setting an end', () => {
  it('says what it does, and which record it writes', () => {
    const moved = setEnd.bind({ ...ENDS, previous: aStay('2026-12-01') });

    expect([bound.says, moved.says, bound.resources]).toMatchInlineSnapshot(`
      [
        "Let the access of Ana Souza end on 24 December 2026",
        "Move the end of Ana Souza’s access to 24 December 2026",
        [
          "stay-ana.souza@lanternhealth.example",
        ],
      ]
    `);
  });

  it('keeps the end, with the request that set it, and is called at each moment that matters', async () => {
    const { context, stays, timers } = account();

    await (await bound.look(context)).apply();

    expect(stays.get(ANA.email)).toEqual({
      person: ANA,
      endsAt: ENDS.endsAt,
      requestId: 'REQ-0142',
      since: ASKED_AT,
      told: [],
    });
    expect([...timers.values()].map(({ at, timer }) => `${new Date(at).toISOString()} ${JSON.stringify(timer)}`))
      .toMatchInlineSnapshot(`
      [
        "2026-12-21T22:59:59.999Z {"kind":"stay","email":"ana.souza@lanternhealth.example"}",
        "2026-12-23T22:59:59.999Z {"kind":"stay","email":"ana.souza@lanternhealth.example"}",
        "2026-12-24T22:59:59.999Z {"kind":"stay","email":"ana.souza@lanternhealth.example"}",
      ]
    `);
    expect((await bound.look(context)).holds).toBe(true);
  });

  it('sets one timer for one moment, however often it is run', async () => {
    const { context, timers } = account();

    await (await bound.look(context)).apply();
    await (await bound.look(context)).apply();

    expect(timers.size).toBe(3);
  });

  it('calls for no reminder of a day that is over', async () => {
    const { context, timers, clock } = account();
    clock.advanceTo(endOf('2026-12-22'));

    await (await bound.look(context)).apply();

    expect([...timers.values()].map(({ at }) => at)).toEqual([endOf('2026-12-23'), ENDS.endsAt]);
  });

  it('moves an earlier end, and people are told anew', async () => {
    const { context, stays } = account(aStay('2026-12-01', { told: [3] }));

    await (await bound.look(context)).apply();

    expect(stays.get(ANA.email)).toMatchObject({ endsAt: ENDS.endsAt, told: [] });
  });

  it('leaves an end alone that is later by now', async () => {
    const { context } = account(aStay('2027-01-31'));

    expect((await bound.look(context)).holds).toBe(true);
  });
});

describe('somebody who was let in without an end meanwhile', () => {
  const byPolicy = setEnd.bind({
    ...ENDS,
    entrance: { kind: 'policy', policy: { kind: 'reusable', id: 'policy-team' } },
  });
  const byList = setEnd.bind({ ...ENDS, entrance: { kind: 'list', listId: 'list-people' } });

  it('keeps that, by a policy', async () => {
    const { context } = anAccount(aSnapshot({ allow: aPolicy({ include: [email(ANA.email)] }) }));

    const { holds, notes } = await byPolicy.look(context);

    expect(holds).toBe(true);
    expect(notes).toMatchInlineSnapshot(`
      [
        "Ana Souza was given access without an end date meanwhile, so no end date is set.",
      ]
    `);
  });

  it('keeps that, by a list', async () => {
    const snapshot = aSnapshot({
      allow: aPolicy({ include: [emailList('list-people')] }),
      emailLists: [anEmailList([anItem('Ana.Souza@lanternhealth.example')])],
    });

    expect((await byList.look(anAccount(snapshot).context)).holds).toBe(true);
  });

  it('is nobody as long as they are not in there', async () => {
    const snapshot = aSnapshot({ emailLists: [anEmailList()] });

    expect((await byPolicy.look(anAccount(snapshot).context)).holds).toBe(false);
    expect((await byList.look(anAccount(snapshot).context)).holds).toBe(false);
  });
});

describe('an end that is only to be moved', () => {
  const moved = setEnd.bind({ ...ENDS, previous: aStay('2026-12-01'), onlyMoves: true });

  it('is moved as long as it is to come', async () => {
    const { context, stays } = account(aStay('2026-12-01'));

    await (await moved.look(context)).apply();

    expect((await moved.look(context)).holds).toBe(true);
    expect(stays.get(ANA.email)).toMatchObject({ endsAt: ENDS.endsAt });
  });

  it('is not set anew once it was taken away, or reached', async () => {
    const { context: without } = account();
    const { context: late, clock } = account(aStay('2026-12-01'));
    clock.advanceTo(endOf('2026-12-01'));

    await expect(moved.look(without)).rejects.toMatchObject({ code: 'end-is-over' });
    await expect(moved.look(late)).rejects.toMatchObject({ code: 'end-is-over' });
  });
});

describe('taking an end back', () => {
  it('leaves none where there was none', async () => {
    const { context, stays } = account();
    await (await bound.look(context)).apply();

    await (await bound.look(context)).undo([]);

    expect(stays.size).toBe(0);
  });

  it('puts the end back that was', async () => {
    const previous = aStay('2026-12-01');
    const { context, stays } = account(previous);
    const moved = setEnd.bind({ ...ENDS, previous });
    await (await moved.look(context)).apply();

    await (await moved.look(context)).undo([]);

    expect(stays.get(ANA.email)).toEqual(previous);
    expect((await moved.look(context)).holds).toBe(false);
  });

  it('puts the end back that another request had set since it was planned', async () => {
    const meanwhile = aStay('2026-12-10', { requestId: 'REQ-0141' });
    const { context, stays } = account(meanwhile);
    await (await bound.look(context)).apply();

    await (await bound.look(context)).undo([]);

    expect(stays.get(ANA.email)).toEqual(meanwhile);
  });

  it('leaves alone what another request has set since', async () => {
    const later = aStay('2027-01-31', { requestId: 'REQ-0150' });
    const { context, stays } = account(later);

    await (await bound.look(context)).undo([]);

    expect(stays.get(ANA.email)).toEqual(later);
  });
});
