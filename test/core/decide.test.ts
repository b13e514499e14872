import { describe, expect, it } from 'vitest';
import { verifyChain } from '../../src/core/audit.ts';
import type { UserError } from '../../src/core/errors.ts';
import { flatten } from '../../src/core/plan.ts';
import type { Request } from '../../src/core/request.ts';
import {
  A_DAY,
  aHouse,
  anAdd,
  anaActs,
  ASK_HER,
  type HouseOptions,
  named,
  presses,
  seen,
} from '../builders/a-house.ts';
import { ANA, BEN, CARA, DINA } from '../builders/a-request.ts';

/** Ben has asked for Ana, and the press of a button is to come. */
async function asked(options: HouseOptions = {}, by = BEN, changes: Record<string, unknown> = {}) {
  const house = aHouse(options);
  const request = await house.ask('add', anAdd(changes), by);
  return { ...house, request, plan: seen(request) };
}

/** Both halves of a refusal: what the person reads, and that the log had it first. */
async function refused(house: { store: { entries: readonly unknown[] } }, pressed: Promise<Request>): Promise<string> {
  const error = await pressed.then(
    () => undefined,
    (reason: UserError) => reason,
  );
  expect(error).toMatchObject({ name: 'UserError' });
  expect(house.store.entries.at(-1)).toMatchObject({
    kind: 'request.refused',
    facts: { code: error?.code },
    says: expect.stringContaining(error?.message ?? ''),
  });
  return error?.message ?? '';
}

describe('approving', () => {
  it('lets the worker run and shows it everywhere', async () => {
    const { approve, store, plan, clock } = await asked();

    const request = await approve('REQ-0001', plan, presses(CARA));

    expect(request).toMatchObject({ status: 'approved', decidedAt: clock.now(), approvals: [{ by: CARA }] });
    expect(named(store.effects).slice(3)).toEqual([
      'run REQ-0001',
      'approval-card REQ-0001',
      'requester-card REQ-0001',
      'homes REQ-0001',
    ]);
    expect(store.entries.at(-1)?.says).toMatchInlineSnapshot(
      `"Cara Lindqvist approved REQ-0001: Give Ana Souza access with their macOS device (serial number C02XK0AZJG5J)."`,
    );
  });

  it('keeps which plan was approved', async () => {
    const { approve, plan, request } = await asked();

    const { approvals } = await approve('REQ-0001', plan, presses(CARA));

    expect(approvals[0]?.planHash).toBe(request.planHash);
  });

  it('is not for whoever asked', async () => {
    const house = await asked({}, CARA);

    expect(await refused(house, house.approve('REQ-0001', house.plan, presses(CARA)))).toMatchInlineSnapshot(
      `"Nobody approves their own request. Ask another approver."`,
    );
    expect(await house.store.load('REQ-0001')).toMatchObject({ status: 'pending', approvals: [] });
  });

  it('is not for whoever gets access by it', async () => {
    const house = await asked();
    house.approvers.add(ANA.slackId);

    expect(await refused(house, house.approve('REQ-0001', house.plan, presses(anaActs)))).toMatchInlineSnapshot(
      `"Nobody approves access for themselves. Ask another approver."`,
    );
  });

  it('is not for whoever gets access, by their address alone', async () => {
    const house = await asked({}, BEN, { person: { email: 'Cara@LanternHealth.example' } });
    const cara = presses({ ...CARA, email: 'cara@lanternhealth.example' });

    expect(await refused(house, house.approve('REQ-0001', house.plan, cara))).toContain('access for themselves');
  });

  it('is not for somebody who was taken out of the group a second ago', async () => {
    const house = await asked();
    house.approvers.delete(CARA.slackId);

    expect(await refused(house, house.approve('REQ-0001', house.plan, presses(CARA)))).toMatchInlineSnapshot(
      `"Only approvers can decide, and you are not in their group (any more). Ask one of them: they all see this request."`,
    );
  });

  it.each([
    ['guest', 'Guests of this workspace can’t use ocs-access. Ask a full member to do it.'],
    ['bot', 'Bots can’t use ocs-access.'],
    ['deactivated', 'This account is deactivated.'],
    ['foreign', 'Only members of this workspace can use ocs-access, not people from a connected one.'],
  ] as const)('is not for a %s, even in the group', async (standing, because) => {
    const house = await asked();

    expect(await refused(house, house.approve('REQ-0001', house.plan, presses(CARA, standing)))).toBe(because);
  });

  it('comes too late at the end of the time, whether or not anybody swept', async () => {
    const house = await asked();
    house.clock.advance(A_DAY);

    expect(await refused(house, house.approve('REQ-0001', house.plan, presses(CARA)))).toMatchInlineSnapshot(
      `"REQ-0001 expired before it was decided. It has to be asked again."`,
    );
    expect(await house.store.load('REQ-0001')).toMatchObject({ status: 'pending' });
  });

  it('is in time one moment before', async () => {
    const { approve, clock, plan } = await asked();
    clock.advance(A_DAY - 1);

    expect(await approve('REQ-0001', plan, presses(CARA))).toMatchObject({ status: 'approved' });
  });

  it('is for the plan that the message showed', async () => {
    const house = await asked();

    expect(await refused(house, house.approve('REQ-0001', 'f'.repeat(16), presses(CARA)))).toMatchInlineSnapshot(
      `"REQ-0001 has changed since this message was written. Read its newest message, then decide."`,
    );
    expect(await refused(house, house.approve('REQ-0001', '', presses(CARA)))).toContain('has changed');
  });

  it('has nothing to approve while the serial number is missing', async () => {
    const house = await asked({}, BEN, { device: ASK_HER });

    expect(await refused(house, house.approve('REQ-0001', '', presses(CARA)))).toMatchInlineSnapshot(
      `"REQ-0001 waits for a serial number and can’t be decided yet."`,
    );
  });

  it('knows no request that was never asked', async () => {
    await expect(aHouse().approve('REQ-0404', 'f', presses(CARA))).rejects.toMatchObject({ code: 'no-such-request' });
  });
});

describe('approving where two are needed', () => {
  const two = { settings: { approvalsNeeded: 2 } };

  it('waits for the second and says how many are missing', async () => {
    const { approve, store, plan } = await asked(two);

    expect(await approve('REQ-0001', plan, presses(CARA))).toMatchObject({ status: 'pending' });
    expect(named(store.effects)).not.toContain('run REQ-0001');
    expect(store.entries.at(-1)?.says).toContain(' 1 more needed.');

    expect(await approve('REQ-0001', plan, presses(DINA))).toMatchObject({ status: 'approved' });
    expect(named(store.effects).filter((effect) => effect === 'run REQ-0001')).toHaveLength(1);
  });

  it('counts nobody twice', async () => {
    const house = await asked(two);
    await house.approve('REQ-0001', house.plan, presses(CARA));

    expect(await refused(house, house.approve('REQ-0001', house.plan, presses(CARA)))).toMatchInlineSnapshot(
      `"You have approved this already; it needs somebody else too."`,
    );
    expect(await house.store.load('REQ-0001')).toMatchObject({ status: 'pending', approvals: [{ by: CARA }] });
  });

  it('counts both when they press at the same moment', async () => {
    const { approve, store, plan } = await asked(two);

    await Promise.all([approve('REQ-0001', plan, presses(CARA)), approve('REQ-0001', plan, presses(DINA))]);

    expect(await store.load('REQ-0001')).toMatchObject({ status: 'approved', approvals: [{}, {}] });
    expect(named(store.effects).filter((effect) => effect === 'run REQ-0001')).toHaveLength(1);
  });

  it('counts a double click once', async () => {
    const { approve, store, plan } = await asked(two);

    await Promise.allSettled([approve('REQ-0001', plan, presses(CARA)), approve('REQ-0001', plan, presses(CARA))]);

    expect(await store.load('REQ-0001')).toMatchObject({ status: 'pending', approvals: [{ by: CARA }] });
  });
});

describe('two who decide at the same moment', () => {
  it('get one decision and one run, and the loser is told', async () => {
    const house = await asked();

    const [first, second] = await Promise.allSettled([
      house.approve('REQ-0001', house.plan, presses(CARA)),
      house.approve('REQ-0001', house.plan, presses(DINA)),
    ]);

    expect(first).toMatchObject({ status: 'fulfilled' });
    expect(second).toMatchObject({
      reason: { code: 'already-decided', message: 'REQ-0001 was already approved by Cara Lindqvist.' },
    });
    expect(named(house.store.effects).filter((effect) => effect === 'run REQ-0001')).toHaveLength(1);
    expect(house.store.entries.map(({ kind }) => kind)).toEqual([
      'request.asked',
      'request.approved',
      'request.refused',
    ]);
  });

  it('never get a run together with a denial', async () => {
    const house = await asked();

    await Promise.allSettled([
      house.deny('REQ-0001', 'Not now.', presses(DINA)),
      house.approve('REQ-0001', house.plan, presses(CARA)),
    ]);

    expect(await house.store.load('REQ-0001')).toMatchObject({ status: 'denied', approvals: [] });
    expect(named(house.store.effects)).not.toContain('run REQ-0001');
  });

  it('leave a log that holds, whoever presses what how often', async () => {
    const house = await asked({ settings: { approvalsNeeded: 2 } });
    const everybody = [CARA, DINA, BEN, CARA, DINA, BEN].map((actor) => presses(actor));

    await Promise.allSettled(
      everybody.flatMap((by) => [
        house.approve('REQ-0001', house.plan, by),
        house.withdraw('REQ-0001', by),
        house.deny('REQ-0001', 'No.', by),
      ]),
    );

    expect(verifyChain(house.store.entries)).toMatchObject({ ok: true });
    expect(house.store.entries).toHaveLength(1 + 3 * 6);
  });
});

describe('where the operator lets people approve their own requests', () => {
  const alone = { settings: { allowSelfApproval: true } };

  it('the log says that it was one’s own', async () => {
    const { approve, store, plan } = await asked(alone, CARA);

    const { approvals } = await approve('REQ-0001', plan, presses(CARA));

    expect(approvals).toMatchObject([{ by: CARA, ownRequest: true }]);
    expect(store.entries.at(-1)).toMatchObject({ facts: { ownRequest: true } });
    expect(store.entries.at(-1)?.says).toMatchInlineSnapshot(
      `"Cara Lindqvist approved REQ-0001, their own request: Give Ana Souza access with their macOS device (serial number C02XK0AZJG5J)."`,
    );
  });

  it('the log says so of access for oneself too', async () => {
    const { approve, approvers, store, plan } = await asked(alone);
    approvers.add(ANA.slackId);

    await approve('REQ-0001', plan, presses(anaActs));

    expect(store.entries.at(-1)).toMatchObject({ facts: { ownRequest: true } });
  });

  it('others’ approvals are not marked', async () => {
    const { approve, plan } = await asked(alone);

    expect((await approve('REQ-0001', plan, presses(CARA))).approvals).toMatchObject([{ ownRequest: false }]);
  });
});

describe('denying', () => {
  it('ends the request with the reason, and tells everybody', async () => {
    const { deny, store, clock } = await asked();

    expect(await deny('REQ-0001', 'She starts in March.', presses(CARA))).toMatchObject({
      status: 'denied',
      denial: { by: CARA, reason: 'She starts in March.' },
      finishedAt: clock.now(),
    });
    expect(named(store.effects).slice(3)).toEqual([
      'approval-card REQ-0001',
      'requester-card REQ-0001',
      'homes REQ-0001',
      'audit-summary REQ-0001',
      'outcome REQ-0001',
    ]);
    expect(store.entries.at(-1)?.says).toMatchInlineSnapshot(
      `"Cara Lindqvist denied REQ-0001: Give Ana Souza access with their macOS device (serial number C02XK0AZJG5J). Reason: She starts in March."`,
    );
  });

  it('is not for others than approvers', async () => {
    const house = await asked();

    expect(await refused(house, house.deny('REQ-0001', 'No.', presses(BEN)))).toContain('Only approvers can decide, ');
  });

  it('comes too late after an approval', async () => {
    const house = await asked();
    await house.approve('REQ-0001', house.plan, presses(CARA));

    expect(await refused(house, house.deny('REQ-0001', 'No.', presses(DINA)))).toMatchInlineSnapshot(
      `"REQ-0001 was already approved by Cara Lindqvist."`,
    );
  });
});

describe('withdrawing', () => {
  it('is for whoever asked, and tells the approvers', async () => {
    const { withdraw, store } = await asked();

    expect(await withdraw('REQ-0001', presses(BEN))).toMatchObject({ status: 'withdrawn' });
    expect(named(store.effects).slice(3)).toEqual([
      'approval-card REQ-0001',
      'requester-card REQ-0001',
      'homes REQ-0001',
      'audit-summary REQ-0001',
    ]);
  });

  it('takes the form from the colleague who was to type something', async () => {
    const { withdraw, store } = await asked({}, BEN, { device: ASK_HER });

    await withdraw('REQ-0001', presses(BEN));

    expect(named(store.effects).at(-1)).toBe('invite REQ-0001');
  });

  it('is not for others', async () => {
    const house = await asked();

    expect(await refused(house, house.withdraw('REQ-0001', presses(CARA)))).toMatchInlineSnapshot(
      `"Only Ben Okafor can withdraw REQ-0001."`,
    );
  });

  it('is not for somebody who has become a guest', async () => {
    const house = await asked();

    expect(await refused(house, house.withdraw('REQ-0001', presses(BEN, 'guest')))).toContain('Guests');
  });

  it('comes too late after the decision', async () => {
    const house = await asked();
    await house.deny('REQ-0001', 'No.', presses(CARA));

    expect(await refused(house, house.withdraw('REQ-0001', presses(BEN)))).toMatchInlineSnapshot(
      `"REQ-0001 was already denied by Cara Lindqvist."`,
    );
  });

  it('can’t be approved after', async () => {
    const house = await asked();
    await house.withdraw('REQ-0001', presses(BEN));

    expect(await refused(house, house.approve('REQ-0001', house.plan, presses(CARA)))).toMatchInlineSnapshot(
      `"REQ-0001 was withdrawn by Ben Okafor."`,
    );
  });
});

it('a stored plan has as many records as steps, through every decision', async () => {
  const { approve, plan } = await asked();

  const request = await approve('REQ-0001', plan, presses(CARA));

  expect(request.steps).toHaveLength(request.plan === undefined ? 0 : flatten(request.plan).length);
});
