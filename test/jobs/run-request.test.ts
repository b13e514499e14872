import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { verifyChain } from '../../src/core/audit.ts';
import { TransientError } from '../../src/core/errors.ts';
import { hashPlan } from '../../src/core/plan.ts';
import type { Status } from '../../src/core/request.ts';
import { named } from '../builders/a-house.ts';
import { aPolicy, email, everyone } from '../builders/a-policy.ts';
import { ANA, CARA } from '../builders/a-request.ts';
import { aRun, type Run } from '../builders/a-run.ts';
import { anEnrolment, anEnrolmentPolicy, aSnapshot } from '../builders/a-snapshot.ts';
import { aFuse, Killed } from '../builders/fuse.ts';
import { failing, NO_PERMISSION, rateLimited, refused, unavailable } from './failing.ts';

const SERIAL = 'C02XK0AZJG5J';
const ADD_SERIAL = `addToList list-serials ${SERIAL}`;
const REMOVE_SERIAL = `removeFromList list-serials ${SERIAL}`;
const edit = (present: boolean) => JSON.stringify({ part: 'include', present, emails: [ANA.email] });
const LET_ENROL = `writePolicy policy-enrol ${edit(true)}`;
const LET_IN = `writePolicy policy-team ${edit(true)}`;

/** What the account says about Ana. */
function access({ cloudflare }: Run) {
  return {
    serial: cloudflare.valuesOf('list-serials').filter((value) => value === SERIAL).length,
    enrols: cloudflare.peopleOf('policy-enrol').filter((address) => address === ANA.email).length,
    isIn: cloudflare.peopleOf('policy-team').filter((address) => address === ANA.email).length,
  };
}
const GRANTED = { serial: 1, enrols: 1, isIn: 1 };
const NOTHING = { serial: 0, enrols: 0, isIn: 0 };

/** The grant fails, and the serial number can't be taken back. */
async function stuck() {
  const run = await aRun();
  failing(run, LET_IN, refused);
  failing(run, REMOVE_SERIAL, refused);
  return { run, request: (await run.run()).request };
}

/** What counts in the end, whatever happened on the way. */
async function ending(run: Run) {
  const { status, direction, problem, steps } = await run.stored();
  return {
    access: access(run),
    writes: run.cloudflare.writes.toSorted(),
    status,
    direction,
    problem,
    steps: steps.map(({ state, changed, problem: because }) => ({ state, changed, because })),
    told: run.told().toSorted(),
    welcomes: run.posted.size,
    ends: named(run.store.effects).filter((effect) => !/card|homes/.test(effect)),
    chain: verifyChain(run.store.entries).ok,
    bugs: run.bugs.filter((bug) => !(bug instanceof Killed)),
  };
}

/** How many points there are at which a worker could be killed. */
async function pointsOf(story: () => Promise<Run>): Promise<number> {
  const run = await story();
  const fuse = aFuse(Infinity);
  await run.worker(fuse)('REQ-0001');
  return fuse.passed;
}

describe('a request that was approved', () => {
  it('is carried out in the order of its plan, and told once it is true', async () => {
    const run = await aRun();

    const { request, goes } = await run.run();

    expect(goes).toBe(1);
    expect(access(run)).toEqual(GRANTED);
    expect(run.cloudflare.writes).toEqual([ADD_SERIAL, LET_ENROL, LET_IN]);
    expect(request).toMatchObject({ status: 'done', finishedAt: run.clock.now(), direction: 'forward' });
    expect(request.steps.map(({ state, changed }) => [state, changed])).toEqual([
      ...Array.from({ length: 4 }, () => ['done', true]),
      // No end date had to be taken away.
      ['done', false],
    ]);
    expect([...run.posted.keys()]).toEqual([`welcome-REQ-0001-${ANA.slackId}`]);
    expect(named(run.store.effects).slice(-2)).toEqual(['outcome REQ-0001', 'audit-summary REQ-0001']);
  });

  it('has every step in the audit log', async () => {
    const run = await aRun();

    await run.run();

    expect(run.told()).toMatchInlineSnapshot(`
      [
        "Began to carry out REQ-0001: Give Ana Souza access with their macOS device (serial number C02XK0AZJG5J).",
        "Done: Put serial C02XK0AZJG5J into the list “Laptops” (3 → 4 serials).",
        "Done: Let ana.souza@lanternhealth.example in by the policy “Enrol devices” (device enrolment) (2 → 3 people).",
        "Done: Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio) (2 → 3 people).",
        "Done: Send Ana Souza the steps to sign in.",
        "So already: Keep the access of Ana Souza without an end date.",
        "REQ-0001 is done: Give Ana Souza access with their macOS device (serial number C02XK0AZJG5J).",
      ]
    `);
    expect(run.store.entries.slice(2).map(({ kind }) => kind)).toEqual([
      'run.started',
      ...Array(5).fill('run.step'),
      'run.finished',
    ]);
    expect(verifyChain(run.store.entries)).toMatchObject({ ok: true });
  });

  it('reads back what it wrote before it says so', async () => {
    const run = await aRun();

    await run.run();

    const { calls } = run.cloudflare;
    expect(calls.filter((call) => call.includes('list-serials'))).toEqual([
      'readList list-serials',
      ADD_SERIAL,
      'readList list-serials',
    ]);
  });

  it('shows every change on its cards', async () => {
    const run = await aRun();

    await run.run();

    const cards = named(run.store.effects).filter((effect) => effect === 'approval-card REQ-0001');
    // Asked, approved, begun, two for each step that writes and one for that which finds it so, over.
    expect(cards).toHaveLength(2 + 1 + 2 * 4 + 1 + 1);
    // Home tabs say where it stands, not how far its steps are.
    expect(named(run.store.effects).filter((effect) => effect === 'homes REQ-0001')).toHaveLength(4);
  });

  it('is not run twice', async () => {
    const run = await aRun();
    await run.run();
    const { version } = await run.stored();

    await run.run();

    expect(await run.stored()).toMatchObject({ version });
    expect(run.cloudflare.writes).toHaveLength(3);
  });

  it.each<Status>(['waiting', 'pending', 'denied', 'withdrawn', 'expired'])(
    'is not run while it is %s',
    async (status) => {
      const run = await aRun();
      run.store.tamper('REQ-0001', (request) => ({ ...request, status }));

      expect(await run.runOnce()).toEqual({ kind: 'over' });
      expect(run.cloudflare.calls).toEqual([]);
    },
  );

  it('writes nothing where it is so already', async () => {
    const run = await aRun();
    run.cloudflare.put('list-serials', SERIAL, `Ana Souza <${ANA.email}>`);

    const { request } = await run.run();

    expect(run.cloudflare.writes).toEqual([LET_ENROL, LET_IN]);
    expect(request.steps[0]).toMatchObject({ state: 'done', changed: false });
    expect(run.told()).toContain(`So already: Put serial ${SERIAL} into the list “Laptops”.`);
  });
});

describe('a plan that is not the one that was approved', () => {
  it.each<[string, Parameters<Run['store']['tamper']>[1]]>([
    ['was changed', (request) => ({ ...request, plan: { stages: request.plan?.stages.slice(1) ?? [], warnings: [] } })],
    [
      'was changed together with its hash',
      (request) => {
        const plan = { stages: request.plan?.stages.slice(1) ?? [], warnings: [] };
        return { ...request, plan, planHash: hashPlan(plan) };
      },
    ],
    [
      'was changed where no approval was needed',
      (request) => ({ ...request, approvalsNeeded: 0, plan: { stages: [], warnings: [] } }),
    ],
    [
      'lost a warning',
      (request) => ({ ...request, plan: { stages: request.plan?.stages ?? [], warnings: ['None.'] } }),
    ],
    ['is gone', ({ plan: _gone, ...request }) => request],
    ['nobody approved', (request) => ({ ...request, approvals: [] })],
    ['needs one approval more', (request) => ({ ...request, approvalsNeeded: 2 })],
  ])('%s: nothing runs', async (_what, change) => {
    const run = await aRun();
    run.store.tamper('REQ-0001', change);

    const { request } = await run.run();

    expect(run.cloudflare.calls).toEqual([]);
    expect(run.posted.size).toBe(0);
    expect(request.status).toBe('failed');
    expect(run.store.entries.at(-1)?.says).toMatch(
      /^REQ-0001 failed: .* The stored plan is not the one that was approved, so nothing was run\.$/,
    );
    expect(run.store.effects.at(-1)).toMatchObject({
      post: { kind: 'operator-alert', says: expect.stringMatching(/Somebody altered it in Redis\.$/) },
    });
  });

  it('found out in the middle, is not said to have changed nothing', async () => {
    const run = await aRun();
    failing(run, LET_IN, () => rateLimited(1000), { times: 1 });
    await run.runOnce();
    run.store.tamper('REQ-0001', (request) => ({ ...request, approvals: [] }));

    const { request } = await run.run();

    expect(access(run)).toEqual({ ...GRANTED, isIn: 0 });
    expect(request.problem).toMatchInlineSnapshot(
      `"The stored plan is not the one that was approved, so nothing more was run."`,
    );
  });
});

describe('a grant that fails half-way', () => {
  it('is taken back, newest first, and says so', async () => {
    const run = await aRun();
    failing(run, LET_IN, refused);

    const { request } = await run.run();

    expect(access(run)).toEqual(NOTHING);
    expect(run.cloudflare.writes.slice(2)).toEqual([`writePolicy policy-enrol ${edit(false)}`, REMOVE_SERIAL]);
    expect(request).toMatchObject({ status: 'failed', direction: 'back', problem: NO_PERMISSION });
    expect(run.told()).toMatchInlineSnapshot(`
      [
        "Began to carry out REQ-0001: Give Ana Souza access with their macOS device (serial number C02XK0AZJG5J).",
        "Done: Put serial C02XK0AZJG5J into the list “Laptops” (3 → 4 serials).",
        "Done: Let ana.souza@lanternhealth.example in by the policy “Enrol devices” (device enrolment) (2 → 3 people).",
        "Failed: Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio). Cloudflare does not allow our token to write policies.",
        "Nothing was left of: Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio).",
        "Taken back: Let ana.souza@lanternhealth.example in by the policy “Enrol devices” (device enrolment).",
        "Taken back: Put serial C02XK0AZJG5J into the list “Laptops”.",
        "REQ-0001 failed: Give Ana Souza access with their macOS device (serial number C02XK0AZJG5J). Cloudflare does not allow our token to write policies. What it had changed was taken back.",
      ]
    `);
    expect(run.posted.size).toBe(0);
  });

  it('keeps which step failed, and why, apart from what was taken back', async () => {
    const run = await aRun();
    failing(run, LET_IN, refused);

    const { request } = await run.run();

    expect(request.steps.map(({ state, problem }) => [state, problem])).toEqual([
      ['undone', undefined],
      ['undone', undefined],
      ['failed', NO_PERMISSION],
      ['skipped', undefined],
      ['skipped', undefined],
    ]);
  });

  it('says nothing of taking back when nothing had been given', async () => {
    const run = await aRun();
    failing(run, 'addToList', refused);
    failing(run, 'writePolicy', refused);

    const { request } = await run.run();

    expect(request.steps.map(({ state, changed }) => [state, changed])).toEqual([
      ['failed', false],
      ['failed', false],
      ['skipped', false],
      ['skipped', false],
      ['skipped', false],
    ]);
    expect(run.store.entries.at(-1)?.says).toMatchInlineSnapshot(
      `"REQ-0001 failed: Give Ana Souza access with their macOS device (serial number C02XK0AZJG5J). Cloudflare does not allow our token to write policies."`,
    );
    expect(run.told().filter((says) => says.startsWith('Taken back'))).toEqual([]);
  });

  it('lets the other steps of the stage finish first', async () => {
    const run = await aRun();
    failing(run, 'addToList', refused);

    await run.run();

    expect(run.cloudflare.writes).toEqual([LET_ENROL, `writePolicy policy-enrol ${edit(false)}`]);
  });

  it('leaves alone what was so before', async () => {
    const run = await aRun();
    run.cloudflare.put('list-serials', SERIAL, `Ana Souza <${ANA.email}>`);
    failing(run, LET_IN, refused);

    await run.run();

    expect(access(run)).toEqual({ ...NOTHING, serial: 1 });
    expect(run.cloudflare.writes).not.toContain(REMOVE_SERIAL);
  });

  it('takes back a write that went through although it was said to have failed', async () => {
    const run = await aRun();
    failing(run, LET_IN, refused, { when: 'after', times: 1 });

    const { request } = await run.run();

    expect(access(run)).toEqual(NOTHING);
    expect(request.steps[2]).toMatchObject({ state: 'undone', changed: true });
  });

  it('takes back once although the answer to that got lost', async () => {
    const run = await aRun();
    failing(run, LET_IN, refused);
    failing(run, REMOVE_SERIAL, unavailable, { when: 'after', times: 1 });

    const { request } = await run.run();

    expect(request.steps[0]).toMatchObject({ state: 'undone', changed: true });
    expect(run.told()).toContain(`Taken back: Put serial ${SERIAL} into the list “Laptops”.`);
    expect(run.cloudflare.writes.filter((call) => call === REMOVE_SERIAL)).toHaveLength(1);
  });

  it('takes back what another step of the stage was about to write', async () => {
    const run = await aRun();
    failing(run, 'writePolicy policy-enrol', refused);
    failing(run, ADD_SERIAL, unavailable, { when: 'after', times: 1 });

    await run.run();

    expect(access(run)).toEqual(NOTHING);
  });

  it('does not call failed what was only about to be written', async () => {
    const run = await aRun();
    failing(run, 'writePolicy policy-enrol', refused);
    failing(run, ADD_SERIAL, unavailable);

    const { request } = await run.run();

    expect(request.steps[0]).toMatchObject({ state: 'skipped', changed: false });
  });

  it('finds that somebody else has taken back a part already', async () => {
    const run = await aRun();
    run.cloudflare.intercept('before', async (call) => {
      // Between our write and our taking it back.
      if (call === LET_IN) await run.cloudflare.removeFromList('list-serials', [SERIAL]);
    });
    failing(run, LET_IN, refused);

    const { request } = await run.run();

    expect(request.steps[0]).toMatchObject({ state: 'undone' });
    expect(run.told()).toContain(`Gone already: Put serial ${SERIAL} into the list “Laptops”.`);
    expect(run.cloudflare.writes.filter((call) => call === REMOVE_SERIAL)).toHaveLength(1);
  });

  it('does not put somebody in who was registered to another meanwhile', async () => {
    const run = await aRun();
    run.cloudflare.put('list-serials', SERIAL, 'Nils Holm <nils@lanternhealth.example> · REQ-0007');

    const { request } = await run.run();

    expect(access(run)).toEqual({ ...NOTHING, serial: 1 });
    expect(request.problem).toMatchInlineSnapshot(
      `"C02XK0AZJG5J has been registered meanwhile, to Nils Holm <nils@lanternhealth.example> · REQ-0007."`,
    );
  });

  it('is tried again for a while before it is given up', async () => {
    const run = await aRun();
    const begin = run.clock.now();
    failing(run, LET_IN, unavailable);

    const { request, goes } = await run.run();

    expect(goes).toBe(6);
    expect(run.clock.now() - begin).toBe((2 + 4 + 8 + 16 + 30) * 1000);
    expect(request.problem).toMatchInlineSnapshot(`"Cloudflare does not answer. Tried 6 times."`);
    expect(access(run)).toEqual(NOTHING);
  });
});

/** Serial numbers that were not in the list from the start. */
function newSerials({ cloudflare }: Run): string[] {
  return cloudflare.valuesOf('list-serials').filter((value) => !value.startsWith('PF1'));
}

describe('a grant for several people that fails', () => {
  const NILS = 'nils.holm@lanternhealth.example';
  const HIS = 'PF2NILS7';

  /** Two colleagues, one of whom has the laptop registered already; the policy refuses them. */
  async function several(): Promise<Run> {
    const people = [
      { line: 1, person: ANA, serial: SERIAL, platform: 'macos' },
      { line: 2, person: { email: NILS, name: 'Nils Holm' }, serial: HIS, platform: 'windows' },
    ];
    const run = await aRun({ action: 'add-many', input: { people, reason: 'They begin on Monday.' } });
    failing(run, LET_IN.slice(0, 'writePolicy policy-team'.length), refused);
    return run;
  }

  it('is taken back as far as it had changed something, by what was written down before the write', async () => {
    const run = await several();
    run.cloudflare.put('list-serials', HIS, `Nils Holm <${NILS}>`);

    const { request } = await run.run();

    expect(request.steps[0]).toMatchObject({ state: 'undone', touched: [SERIAL] });
    expect(newSerials(run)).toEqual([HIS]);
  });

  it('is taken back whole, although somebody took one of them out meanwhile', async () => {
    const run = await several();
    run.cloudflare.intercept('before', async (call) => {
      if (call === 'readPolicy policy-team') await run.cloudflare.removeFromList('list-serials', [HIS]);
    });

    const { request } = await run.run();

    expect(request.steps[0]).toMatchObject({ state: 'undone', touched: [SERIAL, HIS] });
    expect(newSerials(run)).toEqual([]);
  });

  it('remembers what an earlier try had written', async () => {
    const run = await several();
    // The answer to the write is lost, and one of the two is gone at the next look.
    failing(run, 'addToList', unavailable, { when: 'after', times: 1 });
    await run.runOnce();
    await run.cloudflare.removeFromList('list-serials', [HIS]);

    const { request } = await run.run();

    expect(request.steps[0]).toMatchObject({ state: 'undone', touched: [SERIAL, HIS] });
    expect(newSerials(run)).toEqual([]);
  });
});

describe('what could not be taken back', () => {
  it('is told with the place where a person does it by hand', async () => {
    const { run, request } = await stuck();

    expect(request.steps[0]).toMatchObject({ state: 'undo-failed', changed: true });
    expect(request.steps[0]?.problem).toMatchInlineSnapshot(
      `"Cloudflare does not allow our token to write policies. By hand: Zero Trust dashboard → Reusable components → Lists → Laptops."`,
    );
    expect(run.told().slice(-2)).toMatchInlineSnapshot(`
      [
        "Could not take back: Put serial C02XK0AZJG5J into the list “Laptops”. Cloudflare does not allow our token to write policies. By hand: Zero Trust dashboard → Reusable components → Lists → Laptops.",
        "REQ-0001 failed: Give Ana Souza access with their macOS device (serial number C02XK0AZJG5J). Cloudflare does not allow our token to write policies. 1 of its changes could not be taken back.",
      ]
    `);
  });

  it('does not keep the rest from being taken back', async () => {
    const { run } = await stuck();

    expect(access(run)).toEqual({ ...NOTHING, serial: 1 });
  });

  it('is told to the operator', async () => {
    const { run } = await stuck();

    expect(named(run.store.effects).slice(-3)).toEqual([
      'outcome REQ-0001',
      'audit-summary REQ-0001',
      'operator-alert REQ-0001',
    ]);
    expect(run.store.effects.at(-1)).toMatchObject({
      post: {
        says: 'REQ-0001 failed and 1 of its changes could not be taken back. The audit channel says which, and where to do it by hand.',
      },
    });
  });

  it('was tried for about ten minutes', async () => {
    const run = await aRun();
    failing(run, LET_IN, refused);
    failing(run, REMOVE_SERIAL, unavailable);
    const begin = run.clock.now();

    const { request } = await run.run();

    expect(request.steps[0]?.problem).toContain('Tried 24 times. By hand: Zero Trust dashboard');
    expect((run.clock.now() - begin) / 60_000).toBeCloseTo(10, 0);
  });
});

describe('when Cloudflare asks to wait', () => {
  it('the request is put back until then, and the worker and its locks are free', async () => {
    const run = await aRun();
    failing(run, ADD_SERIAL, () => rateLimited(60_000), { times: 1 });
    const until = run.clock.now() + 60_000;

    expect(await run.runOnce()).toEqual({ kind: 'again', at: until });
    expect(await run.stored()).toMatchObject({ status: 'running', waitingUntil: until });
    expect(run.locks.held.size).toBe(0);
  });

  it('it goes on by itself and the waiting is over', async () => {
    const run = await aRun();
    failing(run, ADD_SERIAL, () => rateLimited(60_000), { times: 1 });

    const { request, goes } = await run.run();

    expect(goes).toBe(2);
    expect(request.status).toBe('done');
    expect(request).not.toHaveProperty('waitingUntil');
    expect(run.cloudflare.writes).toEqual([LET_ENROL, ADD_SERIAL, LET_IN]);
  });

  it('however often, it is not given up', async () => {
    const run = await aRun();
    failing(run, ADD_SERIAL, () => rateLimited(60_000), { times: 30 });

    expect((await run.run()).request.status).toBe('done');
  });

  it('the longest wait of a stage counts', async () => {
    const run = await aRun();
    failing(run, ADD_SERIAL, () => rateLimited(60_000), { times: 1 });
    failing(run, LET_ENROL, () => rateLimited(90_000), { times: 1 });

    expect(await run.runOnce()).toEqual({ kind: 'again', at: run.clock.now() + 90_000 });
  });

  it('a wait while taking back is told too', async () => {
    const run = await aRun();
    failing(run, LET_IN, refused);
    failing(run, REMOVE_SERIAL, () => rateLimited(60_000), { times: 1 });

    const result = await run.runOnce();

    expect(await run.stored()).toMatchObject({ direction: 'back', waitingUntil: result.kind === 'again' && result.at });
    await run.run();
    expect(access(run)).toEqual(NOTHING);
  });
});

describe('when it is unknown whether a write went through', () => {
  it.each([
    ['an error after having written', ADD_SERIAL],
    ['no answer after having written a policy', LET_ENROL],
  ])('%s: it is looked at, and not written twice', async (_what, call) => {
    const run = await aRun();
    failing(run, call, unavailable, { when: 'after', times: 1 });

    const { request, goes } = await run.run();

    expect(goes).toBe(2);
    expect(run.cloudflare.writes.filter((write) => write === call)).toHaveLength(1);
    expect(request.steps.slice(0, 4).every(({ state, changed }) => state === 'done' && changed)).toBe(true);
  });

  it('what somebody else overwrote in the same moment is written again', async () => {
    const run = await aRun();
    let times = 0;
    run.cloudflare.intercept('before', async (call) => {
      if (call !== LET_IN || times > 0) return;
      times += 1;
      const file = await run.cloudflare.readPolicy({ kind: 'reusable', id: 'policy-team' });
      // The one whose dashboard was open all the time saves a moment after us.
      run.cloudflare.intercept('after', async (done) => {
        if (done !== LET_IN || times > 1) return;
        times += 1;
        await run.cloudflare.writePolicy(file, {
          part: 'include',
          emails: ['nils@lanternhealth.example'],
          present: true,
        });
      });
    });

    const { request } = await run.run();

    expect(request.status).toBe('done');
    expect(access(run)).toEqual(GRANTED);
    expect(run.cloudflare.peopleOf('policy-team')).toContain('nils@lanternhealth.example');
  });

  it('a short trouble is over after a try or two', async () => {
    const run = await aRun();
    failing(run, 'read', unavailable, { times: 3 });

    const { request } = await run.run();

    expect(request.status).toBe('done');
    expect(request.steps.map(({ tries }) => tries)).toEqual([0, 0, 0, 0, 0]);
  });

  it('a store that is down stops the run, and it goes on when that is back', async () => {
    const run = await aRun();
    const down = new TransientError('Redis does not answer.', { code: 'store-down' });
    const commit = run.store.commit.bind(run.store);
    vi.spyOn(run.store, 'commit').mockImplementation(async (change) => {
      // Whatever is to be said about the second stage is lost at first.
      const isLost = change.request?.steps[2]?.state === 'applying';
      if (!isLost) return commit(change);
      vi.restoreAllMocks();
      throw down;
    });

    await expect(run.runOnce()).rejects.toBe(down);
    expect(await run.stored()).toMatchObject({ status: 'running', direction: 'forward' });
    expect((await run.run()).request.status).toBe('done');
    expect(run.cloudflare.writes.toSorted()).toEqual([ADD_SERIAL, LET_ENROL, LET_IN].toSorted());
  });

  it('somebody else who is changing the same thing is waited for, without a word to people', async () => {
    const run = await aRun();
    const locked = new TransientError('Somebody else is changing it.', { code: 'locked', retryAfterMs: 700 });
    vi.spyOn(run.locks, 'hold').mockRejectedValueOnce(locked);

    expect(await run.runOnce()).toEqual({ kind: 'again', at: run.clock.now() + 700 });
    expect(await run.stored()).not.toHaveProperty('waitingUntil');
    expect((await run.run()).request.status).toBe('done');
  });

  it('a lock that was lost keeps it from writing', async () => {
    const run = await aRun();
    run.locks.lose('list-list-serials');

    await run.runOnce();

    expect(run.cloudflare.writes).not.toContain(ADD_SERIAL);
  });
});

describe('what this version of the bot can’t run', () => {
  it('an unknown step fails and everything is taken back', async () => {
    const known = (await import('../../src/steps/registry.ts')).steps;
    const run = await aRun({ steps: known.filter(({ id }) => id !== 'send-welcome') });

    const { request } = await run.run();

    expect(request.problem).toMatchInlineSnapshot(`"This version knows no step “send-welcome”."`);
    expect(access(run)).toEqual(NOTHING);
  });

  it('arguments that the step does not know fail like a step', async () => {
    const run = await aRun();
    const plan = {
      stages: (run.request.plan?.stages ?? []).map((stage) => stage.map((step) => ({ ...step, args: {} }))),
      warnings: [],
    };
    const planHash = hashPlan(plan);
    run.store.tamper('REQ-0001', (request) => ({
      ...request,
      plan,
      planHash,
      approvals: request.approvals.map((approval) => ({ ...approval, planHash })),
    }));

    const { request } = await run.run();

    expect(request.status).toBe('failed');
    expect(run.bugs).toHaveLength(2);
    expect(run.cloudflare.calls).toEqual([]);
  });

  it('a bug is told as such, with nothing of what it said', async () => {
    const run = await aRun();
    failing(run, LET_IN, () => new TypeError('secret is undefined'));

    const { request } = await run.run();

    expect(run.bugs).toMatchObject([{ message: 'secret is undefined' }]);
    expect(request.problem).toMatchInlineSnapshot(
      `"Something broke in ocs-access itself; the log has it under this request’s id."`,
    );
    expect(JSON.stringify([await run.stored(), run.store.entries])).not.toContain('secret is undefined');
  });
});

describe('two workers with one request', () => {
  it('write everything once and tell it once', async () => {
    const run = await aRun();
    const [one, other] = [run.worker(), run.worker()];

    const results = await Promise.all([one('REQ-0001'), other('REQ-0001')]);
    for (const result of results) if (result.kind === 'again') run.clock.advanceTo(result.at);
    const { request } = await run.run();

    expect(request.status).toBe('done');
    expect(run.cloudflare.writes.toSorted()).toEqual([ADD_SERIAL, LET_ENROL, LET_IN].toSorted());
    expect(run.store.entries.filter(({ kind }) => kind === 'run.finished')).toHaveLength(1);
    expect(run.store.entries.filter(({ kind }) => kind === 'run.step')).toHaveLength(5);
  });

  it('take back everything once', async () => {
    const run = await aRun();
    failing(run, LET_IN, refused);
    const workers = [run.worker(), run.worker(), run.worker()];

    await Promise.all(workers.map((worker) => worker('REQ-0001')));
    await run.run();

    expect(access(run)).toEqual(NOTHING);
    expect(run.cloudflare.writes.filter((call) => call === REMOVE_SERIAL)).toHaveLength(1);
  });
});

describe('a worker that is killed', () => {
  const stories: Record<string, () => Promise<Run>> = {
    'while it grants': () => aRun(),
    'while it takes back': async () => {
      const run = await aRun();
      failing(run, LET_IN, refused);
      return run;
    },
    'while it fails at once': async () => {
      const run = await aRun();
      failing(run, 'addToList', refused);
      return run;
    },
    'while it takes back in vain': async () => {
      const run = await aRun();
      failing(run, LET_IN, refused);
      failing(run, REMOVE_SERIAL, refused);
      return run;
    },
    'where half of it is so already': async () => {
      const run = await aRun({
        snapshot: aSnapshot({
          allow: aPolicy({ include: [email(ANA.email)] }),
          enrolment: anEnrolment(anEnrolmentPolicy({ include: [everyone] })),
        }),
      });
      failing(run, 'readPolicy policy-team', refused);
      return run;
    },
  };

  describe.each(Object.entries(stories))('%s', (_name, story) => {
    it('comes to the same end after a kill at any point', async () => {
      const undisturbed = await story();
      await undisturbed.run();
      const expected = await ending(undisturbed);
      const points = await pointsOf(story);
      expect(points).toBeGreaterThan(15);

      for (let at = 1; at <= points; at += 1) {
        const run = await story();
        const fuse = aFuse(at);
        await expect(run.worker(fuse)('REQ-0001'), `killed at ${at}`).rejects.toBeInstanceOf(Killed);
        await run.run();

        expect({ at, ...(await ending(run)) }).toEqual({ at, ...expected });
      }
    });

    it('comes to the same end after several kills', async () => {
      const undisturbed = await story();
      await undisturbed.run();
      const expected = await ending(undisturbed);
      const points = await pointsOf(story);

      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 1, max: points }), { minLength: 2, maxLength: 5 }),
          async (kills) => {
            const run = await story();
            for (const at of kills)
              await run
                .worker(aFuse(at))('REQ-0001')
                .catch(() => {});
            await run.run();

            expect(await ending(run)).toEqual(expected);
          },
        ),
        { numRuns: 40 },
      );
    });
  });
});

it('an approver is named in the log of what ran', async () => {
  const run = await aRun();

  await run.run();

  expect(run.store.entries[1]).toMatchObject({ kind: 'request.approved', actor: { slackId: CARA.slackId } });
});
