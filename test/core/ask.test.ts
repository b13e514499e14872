import { describe, expect, it } from 'vitest';
import { hashPlan } from '../../src/core/plan.ts';
import { A_DAY, aHouse, anAdd, anaActs, ASK_HER, named, presses, refusal } from '../builders/a-house.ts';
import { ANA, ASKED_AT, BEN, CARA, DINA } from '../builders/a-request.ts';
import { anAction } from '../builders/an-action.ts';
import { aRestart } from '../builders/quick-actions.ts';

const TYPED = { kind: 'typed', platform: 'macos', serial: 'C02XK0AZJG5J' };

describe('asking', () => {
  it('stores the request with its plan and waits for approval', async () => {
    const { ask, store } = aHouse();

    const request = await ask('add', anAdd(), BEN);

    expect(request).toMatchObject({ id: 'REQ-0001', version: 1, status: 'pending', approvalsNeeded: 1 });
    expect(request.says).toMatchInlineSnapshot(
      `"Give Ana Souza access with their macOS device (serial number C02XK0AZJG5J)"`,
    );
    expect(request.planHash).toBe(request.plan && hashPlan(request.plan));
    expect(request.steps).toHaveLength(request.plan?.stages.flat().length ?? 0);
    expect(await store.load('REQ-0001')).toEqual(request);
  });

  it('writes down who asked what for whom, and what the plan is', async () => {
    const { ask, store } = aHouse();

    const { planHash } = await ask('add', anAdd(), BEN);

    expect(store.entries).toHaveLength(1);
    expect(store.entries[0]).toMatchObject({
      kind: 'request.asked',
      at: ASKED_AT,
      actor: BEN,
      requestId: 'REQ-0001',
      action: 'add',
      people: [ANA.email],
      facts: { planHash },
    });
    expect(store.entries[0]?.says).toMatchInlineSnapshot(
      `"Ben Okafor asked: Give Ana Souza access with their macOS device (serial number C02XK0AZJG5J). Reason: She joins the support team on Monday."`,
    );
    expect(store.entries[0]?.facts['steps']).toMatchInlineSnapshot(`
      [
        "Put serial C02XK0AZJG5J into the list “Laptops”",
        "Let ana.souza@lanternhealth.example in by the policy “Enrol devices” (device enrolment)",
        "Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio)",
        "Send Ana Souza the steps to sign in",
        "Keep the access of Ana Souza without an end date",
      ]
    `);
  });

  it('shows the request to approvers and to whoever asked', async () => {
    const { ask, store } = aHouse();

    await ask('add', anAdd(), BEN);

    expect(named(store.effects)).toEqual(['approval-card REQ-0001', 'requester-card REQ-0001', 'homes REQ-0001']);
  });

  it('runs at once what needs no approval', async () => {
    const { ask, store } = aHouse({ actions: [anAction({ approvals: () => 0 })] });

    expect(await ask('add', anAdd(), BEN)).toMatchObject({ status: 'approved', approvalsNeeded: 0 });
    expect(named(store.effects)).toContain('run REQ-0001');
  });

  it('dates the plan as the operator’s calendar does', async () => {
    const { ask, clock } = aHouse({ settings: { timeZone: 'Pacific/Auckland' } });
    clock.advanceTo(Date.UTC(2026, 10, 21, 12));

    const { plan } = await ask('add', anAdd(), BEN);

    expect(plan?.stages[0]?.[0]?.args['items']).toMatchObject([
      { description: 'Ana Souza <ana.souza@lanternhealth.example> · REQ-0001 · 2026-11-22' },
    ]);
  });

  it('has no answer to an action that does not exist', async () => {
    expect(await refusal(aHouse().ask('grant', {}, BEN))).toMatchObject({ code: 'no-such-action' });
  });

  it('uses up no number and stores nothing when there is no plan', async () => {
    const { ask, store } = aHouse();

    await refusal(ask('add', anAdd({ device: { ...TYPED, serial: 'PF1ABC01' } }), BEN));

    expect(await store.nextRequestId()).toBe('REQ-0001');
    expect(store.entries).toEqual([]);
  });

  it('writes down that somebody asked who may not, before telling them', async () => {
    const { ask, store } = aHouse({ actions: [anAction({ mayAsk: 'approver' })] });

    const told = await refusal(ask('add', anAdd(), BEN));

    expect(told.message).toMatchInlineSnapshot(`"Only approvers can use “add”. Ask one of them to do it."`);
    expect(store.entries).toMatchObject([{ kind: 'request.refused', actor: BEN, facts: { code: 'not-approver' } }]);
    expect(store.entries[0]?.says).toMatchInlineSnapshot(`"Ben Okafor tried to use “add” without being an approver."`);
  });
});

describe('asking for what is done one at a time', () => {
  it('at the same moment as somebody else is refused with their request', async () => {
    const { ask, store } = aHouse({ actions: [aRestart()] });

    const [first, second] = await Promise.allSettled([
      ask('engine-restart', {}, CARA),
      ask('engine-restart', {}, DINA),
    ]);

    expect(first).toMatchObject({ value: { id: 'REQ-0001', status: 'approved' } });
    expect(second).toMatchObject({ reason: { name: 'UserError', code: 'under-way' } });
    expect(await store.unfinished()).toHaveLength(1);
  });

  it('holds a lock of its own meanwhile, and gives it back', async () => {
    const held: string[] = [];
    const house = aHouse({ actions: [aRestart()], whileLooking: () => void held.push(...house.locks.held) });

    await house.ask('engine-restart', {}, CARA);

    expect(held).toEqual(['asking-engine-restart']);
    expect([...house.locks.held]).toEqual([]);
  });

  it('stores nothing once somebody else may have had their turn', async () => {
    const { ask, locks, store } = aHouse({ actions: [aRestart()] });
    locks.lose('asking-engine-restart');

    await expect(ask('engine-restart', {}, CARA)).rejects.toMatchObject({ name: 'TransientError', code: 'lock-lost' });

    expect([await store.unfinished(), store.entries, store.effects]).toEqual([[], [], []]);
  });
});

describe('asking when nobody can approve', () => {
  it('says so at once instead of letting the request expire', async () => {
    const { ask, approvers, store } = aHouse();
    approvers.clear();

    const told = await refusal(ask('add', anAdd(), BEN));

    expect(told.message).toMatchInlineSnapshot(
      `"This needs an approver who neither asks nor gains by it, and there is nobody. Ask your operator to add approvers to the group."`,
    );
    expect(store.effects).toEqual([]);
  });

  it('does not count the asking approver, nor the one who gets access', async () => {
    const { ask } = aHouse();

    const told = await refusal(ask('add', anAdd({ person: { ...ANA, slackId: DINA.slackId } }), CARA));

    expect(told.code).toBe('nobody-can-approve');
  });

  it('counts how many are needed', async () => {
    const { ask } = aHouse({ settings: { approvalsNeeded: 3 } });

    expect((await refusal(ask('add', anAdd(), BEN))).message).toMatchInlineSnapshot(
      `"This needs 3 approvers who neither asks nor gains by it, and there are only 2. Ask your operator to add approvers to the group."`,
    );
  });

  it('is no question where the operator lets people approve their own requests', async () => {
    const { ask, approvers } = aHouse({ settings: { allowSelfApproval: true } });
    approvers.delete(DINA.slackId);

    expect(await ask('add', anAdd(), CARA)).toMatchObject({ status: 'pending' });
  });
});

describe('a request that waits for a serial number', () => {
  it('asks the colleague and is not planned yet', async () => {
    const { ask, store } = aHouse();

    const request = await ask('add', anAdd({ device: ASK_HER }), BEN);

    expect(request).toMatchObject({ status: 'waiting', waitsFor: { field: 'device', from: ANA }, steps: [] });
    expect(request.plan).toBeUndefined();
    expect(named(store.effects)).toEqual(['invite REQ-0001', 'requester-card REQ-0001', 'homes REQ-0001']);
  });

  it('is planned and put to the approvers once she typed it', async () => {
    const { ask, complete, store } = aHouse();
    await ask('add', anAdd({ device: ASK_HER }), BEN);

    const request = await complete('REQ-0001', TYPED, anaActs);

    expect(request).toMatchObject({ status: 'pending', version: 2, input: { device: TYPED } });
    expect(request.says).toMatchInlineSnapshot(
      `"Give Ana Souza access with their macOS device (serial number C02XK0AZJG5J)"`,
    );
    expect(named(store.effects).slice(3)).toEqual([
      'invite REQ-0001',
      'approval-card REQ-0001',
      'requester-card REQ-0001',
      'homes REQ-0001',
    ]);
    expect(store.entries.at(-1)?.says).toMatchInlineSnapshot(
      `"Ana Souza typed what REQ-0001 waited for: Give Ana Souza access with their macOS device (serial number C02XK0AZJG5J)."`,
    );
  });

  it('has its whole time again from then on', async () => {
    const { ask, complete, clock } = aHouse();
    await ask('add', anAdd({ device: ASK_HER }), BEN);
    clock.advance(A_DAY - 1);

    expect((await complete('REQ-0001', TYPED, anaActs)).expiresAt).toBe(clock.now() + A_DAY);
  });

  it('waits for her and nobody else', async () => {
    const { ask, complete, store } = aHouse();
    await ask('add', anAdd({ device: ASK_HER }), BEN);

    expect((await refusal(complete('REQ-0001', TYPED, BEN))).message).toMatchInlineSnapshot(
      `"REQ-0001 waits for Ana Souza, not for you."`,
    );
    expect(await store.load('REQ-0001')).toMatchObject({ status: 'waiting' });
  });

  it('waits on when her serial number is somebody else’s', async () => {
    const { ask, complete, store } = aHouse();
    await ask('add', anAdd({ device: ASK_HER }), BEN);

    const told = await refusal(complete('REQ-0001', { ...TYPED, serial: 'PF1ABC01' }, anaActs));

    expect(told).toMatchObject({ code: 'serial-taken', field: 'device.serial' });
    expect(await store.load('REQ-0001')).toMatchObject({ status: 'waiting' });
  });

  it('waits on when she answers with another question', async () => {
    const { ask, complete, store } = aHouse();
    await ask('add', anAdd({ device: ASK_HER }), BEN);

    expect(await refusal(complete('REQ-0001', ASK_HER, anaActs))).toMatchObject({ code: 'still-missing' });
    expect(await store.load('REQ-0001')).toMatchObject({ status: 'waiting' });
  });

  it('is not planned when its time is over', async () => {
    const { ask, complete, clock } = aHouse();
    await ask('add', anAdd({ device: ASK_HER }), BEN);
    clock.advance(A_DAY);

    expect(await refusal(complete('REQ-0001', TYPED, anaActs))).toMatchObject({ code: 'expired' });
  });

  it('takes the serial number once when the form is sent twice', async () => {
    const { ask, complete, store } = aHouse();
    await ask('add', anAdd({ device: ASK_HER }), BEN);

    const [first, second] = await Promise.allSettled([
      complete('REQ-0001', TYPED, anaActs),
      complete('REQ-0001', { ...TYPED, serial: 'C02XK0AZJG5K' }, anaActs),
    ]);

    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ reason: { name: 'UserError', code: 'not-waiting' } });
    expect(store.entries.map(({ kind }) => kind)).toEqual(['request.asked', 'request.completed']);
  });

  it('says that it waits no more when it was withdrawn while the account was read', async () => {
    const house = aHouse({
      whileLooking: async () => {
        await house.withdraw('REQ-0001', presses(BEN));
      },
    });
    await house.ask('add', anAdd({ device: ASK_HER }), BEN);

    expect((await refusal(house.complete('REQ-0001', TYPED, anaActs))).message).toMatchInlineSnapshot(
      `"REQ-0001 does not wait for anything any more."`,
    );
  });

  it('is planned with the name of whoever asked, not of her', async () => {
    const { ask, complete } = aHouse({
      actions: [
        anAction({
          missing: ({ person, device }) => (device.kind === 'ask' ? { field: 'device', from: person } : undefined),
          plan: (_input, _snapshot, { requester }) => ({ stages: [], warnings: [requester.name] }),
        }),
      ],
    });
    await ask('add', anAdd({ device: ASK_HER }), BEN);

    expect((await complete('REQ-0001', TYPED, anaActs)).plan?.warnings).toEqual(['Ben Okafor']);
  });
});
