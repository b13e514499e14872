import { describe, expect, it } from 'vitest';
import type { PlanFacts } from '../../src/core/action.ts';
import { hashPlan } from '../../src/core/plan.ts';
import { aStay } from '../builders/a-plan.ts';
import { aHouse, anAdd, anaActs, ASK_HER, named, refusal } from '../builders/a-house.ts';
import { ANA, ASKED_AT, aStep, BEN, CARA } from '../builders/a-request.ts';
import { aCut, anAction } from '../builders/an-action.ts';

describe('a plan', () => {
  it('is made from what the action wants to know of the account, and nothing more', async () => {
    const { ask, scopes } = aHouse({ actions: [aCut(), anAction()] });

    await ask('lost', anAdd(), anaActs);
    await ask('add', anAdd(), BEN);

    expect(scopes).toEqual([{ devicesOf: [ANA.email], undecided: 'first' }, {}]);
  });

  it('narrows the request to what remains where it leaves lines of a list out', async () => {
    const list = anAction({
      describe: () => 'Give 2 people access',
      beneficiaries: () => [ANA, { email: 'ben.okafor@lanternhealth.example' }],
      plan: () => ({
        stages: [],
        warnings: [],
        leftOut: [{ line: 'Line 2, Ben Okafor', why: 'It says the same as line 1.' }],
        remaining: { says: 'Give 1 person access', people: [ANA] },
      }),
    });
    const { ask, preview } = aHouse({ actions: [list] });

    expect((await preview('add', anAdd(), CARA)).says).toBe('Give 1 person access');
    expect(await ask('add', anAdd(), CARA)).toMatchObject({
      says: 'Give 1 person access (1 line of the list is left out)',
      beneficiaries: [{ email: ANA.email }],
      about: [{ email: ANA.email }],
    });
  });

  it('knows the end dates of the people it is about, the hour and the rules of the house', async () => {
    const seen: PlanFacts[] = [];
    const cut = aCut({
      plan: (_input, _snapshot, facts) => {
        seen.push(facts);
        return { stages: [], warnings: [] };
      },
    });
    const { ask, store } = aHouse({ actions: [cut], settings: { revokeSeat: false } });
    const stay = aStay('2026-12-24');
    await store.putStay(stay);
    await store.putStay(aStay('2026-12-31', { person: { email: 'nils.holm@lanternhealth.example' } }));

    await ask('lost', anAdd(), anaActs);

    expect(seen.at(-1)).toMatchObject({
      requestId: 'REQ-0001',
      today: '2026-11-21',
      now: ASKED_AT,
      timeZone: 'Europe/Berlin',
      stays: [stay],
      revokeSeat: false,
    });
  });

  it('goes into the request with whom it is about', async () => {
    const { ask, store } = aHouse({ actions: [aCut()] });

    expect(await ask('lost', anAdd(), anaActs)).toMatchObject({ about: [ANA], beneficiaries: [], isUrgent: true });
    expect(store.entries[0]?.people).toEqual([ANA.email]);
  });
});

describe('what is urgent', () => {
  it('runs in a queue of its own before anybody is shown anything', async () => {
    const { ask, store } = aHouse({ actions: [aCut()] });

    await ask('lost', anAdd(), anaActs);

    expect(store.effects[0]).toEqual({ kind: 'run', requestId: 'REQ-0001', isUrgent: true });
    expect(named(store.effects)).toEqual([
      'run REQ-0001',
      'incident-card REQ-0001',
      'requester-card REQ-0001',
      'homes REQ-0001',
    ]);
  });

  it('calls the approvers at once where it needs one', async () => {
    const { ask, store } = aHouse({ actions: [aCut()] });

    await ask('lost', anAdd(), BEN);

    expect(store.effects.at(-1)).toEqual({
      kind: 'post',
      post: { kind: 'reminder', requestId: 'REQ-0001', isFirst: true },
    });
    expect(named(store.effects)).toContain('approval-card REQ-0001');
  });

  it('asks Slack, Cloudflare and Redis side by side', async () => {
    const waiting: (() => void)[] = [];
    // Each waits until the other has begun: one after the other would never end.
    const meet = (): Promise<void> =>
      new Promise((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 2) for (const goOn of waiting) goOn();
      });
    const { ask } = aHouse({ actions: [aCut()], whileLooking: meet, beforeApprovers: meet });

    expect(await ask('lost', anAdd(), anaActs)).toMatchObject({ status: 'approved' });
  });
});

describe('a plan that somebody reads before they ask', () => {
  const counting = aCut({
    isUrgent: false,
    plan: (_input, snapshot) => ({
      stages: [[aStep({ change: `${snapshot.posture?.list.items.length} serials` })]],
      warnings: [],
    }),
  });

  it('is the one that asking would store, and nothing is stored', async () => {
    const { ask, preview, store } = aHouse({ actions: [counting] });

    const previewed = await preview('lost', anAdd(), CARA);

    expect(previewed).toMatchObject({ says: 'Cut off the device of Ana Souza', approvalsNeeded: 0 });
    expect(previewed.planHash).toBe(hashPlan(previewed.plan));
    expect([store.entries, store.effects]).toEqual([[], []]);
    expect(await ask('lost', anAdd(), CARA, { onlyPlan: previewed.planHash })).toMatchObject({
      id: 'REQ-0001',
      planHash: previewed.planHash,
    });
  });

  it('says how many approvals it will need', async () => {
    const { preview } = aHouse({ actions: [counting] });

    expect(await preview('lost', anAdd(), BEN)).toMatchObject({ approvalsNeeded: 1 });
  });

  it('is not carried out once it would be another', async () => {
    const { preview, ask, store, change } = aHouse({ actions: [counting] });
    const { planHash } = await preview('lost', anAdd(), CARA);
    change((snapshot) => ({ ...snapshot, posture: undefined }));

    const told = await refusal(ask('lost', anAdd(), CARA, { onlyPlan: planHash }));

    expect(`${told.code}: ${told.message}`).toMatchInlineSnapshot(
      `"plan-changed: Things changed since you read this. Look again."`,
    );
    expect(store.entries).toEqual([]);
    expect(await store.nextRequestId()).toBe('REQ-0001');
  });

  it('is refused to somebody who may not ask, and that is written down', async () => {
    const { preview, store } = aHouse({ actions: [aCut({ mayAsk: 'approver' })] });

    expect((await refusal(preview('lost', anAdd(), BEN))).code).toBe('not-approver');
    expect(store.entries).toMatchObject([{ kind: 'request.refused' }]);
  });

  it('is not there while a colleague has to type something', async () => {
    const { preview } = aHouse();

    expect((await refusal(preview('add', anAdd({ device: ASK_HER }), BEN))).code).toBe('no-plan-yet');
  });
});
