import * as fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { verifyChain } from '../../src/core/audit.ts';
import { TransientError } from '../../src/core/errors.ts';
import { named } from '../builders/a-house.ts';
import { aLoss, aRevocation, leftOf, OUT, SERIAL } from '../builders/a-reduction.ts';
import { addresses, email, aPolicy } from '../builders/a-policy.ts';
import { ANA } from '../builders/a-request.ts';
import type { Run } from '../builders/a-run.ts';
import { aDevice, anItem, aSerialList, aSnapshot } from '../builders/a-snapshot.ts';
import { aFuse, Killed } from '../builders/fuse.ts';
import { failing, rateLimited, refused, unavailable } from './failing.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

const TAKE_SERIAL = `removeFromList list-serials ${SERIAL}`;
const END_SESSIONS = `revokeSessions ${ANA.email}`;
const WRITE_TEAM = 'writePolicy policy-team';

/** What is on record of the first step with these words in its sentence. */
async function recordOf(run: Run, words: string) {
  const { plan, steps } = await run.stored();
  const index = (plan?.stages ?? []).flat().findIndex(({ says }) => says.includes(words));
  return steps[index];
}

function calls(run: Run): number {
  return named(run.store.effects).filter((effect) => effect.startsWith('stuck')).length;
}

/** Takes the run up at every moment that it names, up to this one. */
async function runUntil(run: Run, at: number): Promise<number[]> {
  const begin = run.clock.now();
  const moments: number[] = [];
  for (;;) {
    moments.push(run.clock.now() - begin);
    const result = await run.runOnce();
    if (result.kind === 'over' || result.at > at) return moments;
    run.clock.advanceTo(result.at);
  }
}

/** The rule can’t be taken away at first. */
async function late(): Promise<Run> {
  const run = await aRevocation();
  failing(run, WRITE_TEAM, unavailable, { times: 3 });
  // She signs in again by the rule that still lets her, after each time that her sessions were ended.
  run.cloudflare.intercept('after', (call) => {
    if (call === END_SESSIONS && run.cloudflare.peopleOf('policy-team').includes(ANA.email)) {
      run.cloudflare.signIn('user-ana');
    }
  });
  return run;
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a reduction', () => {
  it.each([
    ['a stolen laptop', aLoss, { ...OUT, rules: 2 }],
    ['all access', aRevocation, OUT],
  ])('of %s is carried out in one go', async (_what, begin, expected) => {
    const run = await begin();

    expect((await run.run()).goes).toBe(1);
    expect(await leftOf(run)).toEqual(expected);
    expect(calls(run)).toBe(0);
  });

  it('keeps what its last look found, for the report', async () => {
    const run = await aRevocation();

    await run.run();

    expect((await recordOf(run, 'Read everything back'))?.notes).toMatchInlineSnapshot(`
      [
        "Read back at the end: no policy lets Ana Souza in, 0 devices, 0 sessions.",
      ]
    `);
  });

  it('has at most ten steps under way', async () => {
    const people = addresses(40);
    const run = await aRevocation({
      action: 'revoke-many',
      input: {
        people: people.map((address, index) => ({ line: index + 1, person: { email: address } })),
        scope: 'everything',
        reason: 'The project is over.',
      },
      snapshot: aSnapshot({ allow: aPolicy({ include: [ANA.email, ...people].map(email) }) }),
    });
    let [inside, most] = [0, 0];
    run.cloudflare.intercept('before', async (call) => {
      if (!call.startsWith('revokeSessions')) return;
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    });

    await run.run();

    expect(most).toBe(10);
    expect(run.cloudflare.writes.filter((call) => call.startsWith('revokeSessions'))).toHaveLength(40);
  });
});

describe('a step of a reduction that fails', () => {
  it.each([
    ['for the moment', unavailable],
    ['for good', refused],
    ['by a bug', () => new TypeError('secret is undefined')],
  ])('%s does not hold up the others, in its stage and after', async (_how, error) => {
    const run = await aRevocation();
    failing(run, TAKE_SERIAL, error);

    await run.runOnce();

    expect(await leftOf(run)).toEqual({ ...OUT, status: 'running', open: 2, serials: 1 });
  });

  it('stays visible with its reason and the place to do it by hand', async () => {
    const run = await aRevocation();
    failing(run, TAKE_SERIAL, refused);

    const result = await run.runOnce();

    expect(await recordOf(run, SERIAL)).toEqual({
      state: 'todo',
      changed: true,
      touched: [SERIAL],
      tries: 1,
      at: run.clock.now(),
      retryAt: run.clock.now() + 2 * SECOND,
      problem:
        'Cloudflare does not allow our token to write policies. By hand: Zero Trust dashboard → Reusable components → Lists → Laptops.',
    });
    expect(result).toEqual({ kind: 'again', at: run.clock.now() + 2 * SECOND });
    expect(await run.stored()).toMatchObject({ failingSince: run.clock.now() });
  });

  it('is tried again until it holds, and nothing is left of the failing', async () => {
    const run = await aRevocation();
    failing(run, TAKE_SERIAL, refused, { times: 4 });

    await run.run();

    expect(await leftOf(run)).toEqual(OUT);
    const record = await recordOf(run, SERIAL);
    expect(record).toMatchObject({ state: 'done', tries: 0, changed: true });
    expect(record?.problem).toBeUndefined();
    expect(record?.retryAt).toBeUndefined();
    expect(await run.stored()).not.toHaveProperty('failingSince');
  });

  it('is tried after longer and longer pauses, up to a minute', async () => {
    const run = await aLoss();
    failing(run, TAKE_SERIAL, unavailable);

    const moments = await runUntil(run, run.clock.now() + 5 * MINUTE);

    const expected = [0, 2, 6, 14, 30, 60, 120, 180, 240, 300];
    expect(moments).toEqual(expected.map((seconds) => seconds * SECOND));
  });

  it('holds once somebody did it by hand', async () => {
    const run = await aRevocation();
    let isByHand = false;
    run.cloudflare.intercept('before', (call) => {
      if (call === TAKE_SERIAL && !isByHand) throw refused();
    });
    await runUntil(run, run.clock.now() + 10 * MINUTE);

    isByHand = true;
    await run.cloudflare.removeFromList('list-serials', [SERIAL]);
    isByHand = false;
    await run.run();

    expect(await leftOf(run)).toEqual(OUT);
  });

  it('is given up after a day, when everything else is done', async () => {
    const run = await aRevocation();
    const begin = run.clock.now();
    failing(run, TAKE_SERIAL, refused);

    const { request } = await run.run({ atMost: 5000 });

    expect(run.clock.now() - begin).toBeGreaterThanOrEqual(DAY);
    expect(run.clock.now() - begin).toBeLessThan(DAY + 2 * MINUTE);
    expect(request.status).toBe('failed');
    expect(await leftOf(run)).toEqual({ ...OUT, status: 'failed', open: 2, serials: 1 });
    expect(request.problem).toMatchInlineSnapshot(
      `"Cloudflare does not allow our token to write policies. Tried for 24 hours. By hand: Zero Trust dashboard → Reusable components → Lists → Laptops."`,
    );
    expect(run.told().slice(-1)).toMatchInlineSnapshot(`
      [
        "REQ-0001 failed: Revoke all access of Ana Souza. Cloudflare does not allow our token to write policies. Tried for 24 hours. By hand: Zero Trust dashboard → Reusable components → Lists → Laptops.",
      ]
    `);
    expect(calls(run)).toBe(1);
  });

  it('by a bug is told to us once, and not with every try', async () => {
    const run = await aRevocation();
    failing(run, TAKE_SERIAL, () => new TypeError('secret is undefined'), { times: 5 });

    await run.run();

    expect(run.bugs).toMatchObject([{ message: 'secret is undefined' }]);
    expect(JSON.stringify([await run.stored(), run.store.entries])).not.toContain('secret is undefined');
  });

  it('because this version does not know it waits for one that does', async () => {
    const known = (await import('../../src/steps/registry.ts')).steps;
    const old = await aLoss({ steps: known.filter(({ id }) => id !== 'cut-off') });

    await old.runOnce();

    expect((await recordOf(old, 'no session'))?.problem).toBe('This version knows no step “cut-off”.');
    expect(await leftOf(old)).toMatchObject({ status: 'running', open: 1, serials: 0, sessions: 0 });
  });

  it('because Redis is down stops the run, which goes on when that is back', async () => {
    const run = await aRevocation();
    const down = new TransientError('Redis does not answer.', { code: 'store-down' });
    vi.spyOn(run.store, 'commit').mockRejectedValueOnce(down);

    await expect(run.runOnce()).rejects.toBe(down);
    await run.run();

    expect(await leftOf(run)).toEqual(OUT);
  });
});

describe('a rule that could be taken away only late', () => {
  it('has her sessions ended again, in the pass in which it went', async () => {
    const run = await late();

    await run.run();

    expect(await leftOf(run)).toEqual(OUT);
    const writes = run.cloudflare.writes.map((call) => call.split(' {')[0]);
    expect(writes.lastIndexOf(END_SESSIONS)).toBeGreaterThan(writes.lastIndexOf(WRITE_TEAM));
  });

  it('sets the steps after it back in the commit that says that it went', async () => {
    const run = await late();
    const commit = run.store.commit.bind(run.store);
    const seen: (string | undefined)[] = [];
    vi.spyOn(run.store, 'commit').mockImplementation(async (change) => {
      const stored = await commit(change);
      const index = (stored?.plan?.stages ?? []).flat().findIndex(({ says }) => says.includes('End all sessions'));
      const [entry] = change.audit;
      if (entry?.says.includes('“Team”')) seen.push(stored?.steps[index]?.state);
      return stored;
    });

    await run.run();

    expect(seen).toEqual(['todo']);
  });

  it('comes to the same end after a kill at any point', async () => {
    await survivesKills(late);
  });
});

describe('a proof that does not come', () => {
  it('has the steps before it run again: a laptop that was on enrolled itself once more', async () => {
    const run = await aRevocation();
    let times = 1;
    run.cloudflare.intercept('after', (call) => {
      if (!call.startsWith('freeSeats') || times === 0) return;
      times -= 1;
      run.cloudflare.enrol(aDevice({ id: 'device-2' }));
      run.cloudflare.signIn('user-ana');
    });
    const begin = run.clock.now();

    await run.run();

    expect(await leftOf(run)).toEqual(OUT);
    expect(run.clock.now() - begin).toBeLessThan(MINUTE);
    expect(calls(run)).toBe(0);
  });

  it('is never said to have changed anything: it looks only', async () => {
    const run = await aRevocation();
    failing(run, WRITE_TEAM, unavailable, { times: 2 });

    await run.run();

    expect(await recordOf(run, 'Read everything back')).toMatchObject({ state: 'done', changed: false, tries: 0 });
    expect(run.told().filter((says) => says.includes('Read everything back'))).toEqual([
      expect.stringMatching(/^Checked: Read everything back/),
    ]);
  });

  it('because of what the bot can’t take away does not end the same sessions without end', async () => {
    const run = await aRevocation();
    run.cloudflare.intercept('before', (call) => {
      if (call.startsWith('freeSeats'))
        run.cloudflare.change('policy-team', { include: [email(ANA.email)], exclude: [] });
    });

    await runUntil(run, run.clock.now() + 2 * 60 * MINUTE);

    expect(run.cloudflare.writes.filter((call) => call === END_SESSIONS).length).toBeLessThanOrEqual(3);
  });
});

describe('after two minutes of failing', () => {
  it('the approvers are called, once', async () => {
    const run = await aRevocation();
    const begin = run.clock.now();
    failing(run, TAKE_SERIAL, refused);

    await runUntil(run, begin + 2 * MINUTE - 1);
    expect(calls(run)).toBe(0);
    await runUntil(run, begin + 2 * MINUTE);
    expect(calls(run)).toBe(1);
    await runUntil(run, begin + 60 * MINUTE);

    expect(calls(run)).toBe(1);
    expect(await run.stored()).toMatchObject({ calledAt: begin + 2 * MINUTE, failingSince: begin });
    expect(run.store.entries.find(({ kind }) => kind === 'run.stuck')).toMatchObject({
      says: 'The approvers were called to REQ-0001: 2 steps have kept failing for 2 minutes.',
    });
  });

  it('is not said of what held before', async () => {
    const run = await aRevocation();
    failing(run, TAKE_SERIAL, unavailable, { times: 5 });

    await run.run();

    expect(calls(run)).toBe(0);
  });

  it('counts from anew when something fails after everything held', async () => {
    const run = await aLoss();
    failing(run, TAKE_SERIAL, unavailable, { times: 3 });
    failing(run, 'accessEvents', unavailable, { times: 2 });

    await run.run();

    expect(await run.stored()).not.toHaveProperty('failingSince');
  });

  it('is told although Cloudflare asked to wait longer, and the wait is kept', async () => {
    const run = await aLoss();
    const begin = run.clock.now();
    failing(run, TAKE_SERIAL, () => rateLimited(10 * MINUTE), { times: 1 });

    expect(await run.runOnce()).toEqual({ kind: 'again', at: begin + 2 * MINUTE });
    expect(await run.stored()).toMatchObject({ waitingUntil: begin + 10 * MINUTE });
    run.clock.advance(2 * MINUTE);
    const before = run.cloudflare.calls.length;

    expect(await run.runOnce()).toEqual({ kind: 'again', at: begin + 10 * MINUTE });
    expect(calls(run)).toBe(1);
    expect(run.cloudflare.calls).toHaveLength(before);
    expect(await run.stored()).toMatchObject({ waitingUntil: begin + 10 * MINUTE });

    await run.run();
    expect(run.clock.now()).toBe(begin + 10 * MINUTE);
    expect(await run.stored()).not.toHaveProperty('waitingUntil');
    expect(await leftOf(run)).toEqual({ ...OUT, rules: 2 });
  });

  it('is told in time although a step waits for an answer', async () => {
    const run = await aLoss();
    const begin = run.clock.now();
    failing(run, TAKE_SERIAL, unavailable);
    await runUntil(run, begin + MINUTE);
    vi.useFakeTimers();
    const answers: (() => void)[] = [];
    run.cloudflare.intercept('before', (call) =>
      call.startsWith('readList') ? new Promise<void>((resolve) => answers.push(resolve)) : undefined,
    );
    // A second before it is due.
    run.clock.advanceTo(begin + 2 * MINUTE - SECOND);
    run.store.tamper('REQ-0001', (request) => ({
      ...request,
      steps: request.steps.map((step) => ({ ...step, retryAt: 0 })),
    }));
    const going = run.runOnce();
    await vi.advanceTimersByTimeAsync(500);
    expect(calls(run)).toBe(0);

    run.clock.advance(SECOND);
    await vi.advanceTimersByTimeAsync(500);
    expect(calls(run)).toBe(1);

    for (const answer of answers) answer();
    await going;
    expect(calls(run)).toBe(1);
  });
});

/** What counts in the end, whatever happened on the way. */
async function ending(run: Run) {
  const { steps } = await run.stored();
  return {
    left: await leftOf(run),
    steps: steps.map(({ state, problem }) => [state, problem]),
    // A device takes its registrations along: which of two steps wrote that depends on who comes first.
    told: [...new Set(run.told().map((says) => says.replace(/^(Done|So already): /, '')))].toSorted(),
    posted: [...run.posted.keys()],
    timers: [...run.timersSet.keys()],
    finished: run.store.entries.filter(({ kind }) => kind === 'run.finished').length,
    chain: verifyChain(run.store.entries).ok,
    bugs: run.bugs.filter((bug) => !(bug instanceof Killed)),
  };
}

async function survivesKills(story: () => Promise<Run>): Promise<void> {
  const undisturbed = await story();
  await undisturbed.run();
  const expected = await ending(undisturbed);
  // Also in the passes after the first: the fuse goes along with the run.
  const counted = aFuse(Infinity);
  const one = await story();
  await runWith(one, counted);
  expect(counted.passed).toBeGreaterThan(30);

  for (let at = 1; at <= counted.passed; at += 1) {
    const run = await story();
    await expect(runWith(run, aFuse(at)), `killed at ${at}`).rejects.toBeInstanceOf(Killed);
    await run.run();
    expect({ at, ...(await ending(run)) }).toEqual({ at, ...expected });
  }
}

/** One process that takes it up again and again. */
async function runWith(run: Run, fuse: ReturnType<typeof aFuse>): Promise<void> {
  const worker = run.worker(fuse);
  for (;;) {
    const result = await worker('REQ-0001');
    if (result.kind === 'over') return;
    run.clock.advanceTo(result.at);
  }
}

describe('a worker that is killed', () => {
  const stories: Record<string, () => Promise<Run>> = {
    'while it cuts off a stolen laptop': () => aLoss(),
    'while it revokes': () => aRevocation(),
    'while a step fails': async () => {
      const run = await aLoss();
      failing(run, TAKE_SERIAL, refused, { times: 2 });
      return run;
    },
    'while nobody answers it for more than two minutes': async () => {
      const run = await aLoss();
      const back = run.clock.now() + 3 * MINUTE;
      run.cloudflare.intercept('before', () => {
        if (run.clock.now() < back) throw unavailable();
      });
      return run;
    },
    'after half of it was so already': () =>
      aRevocation({
        snapshot: aSnapshot({
          allow: aPolicy({ include: [...addresses(2), ANA.email].map(email) }),
          posture: { ruleId: 'posture-serials', name: 'Known laptops', list: aSerialList([anItem('PF1ABC01')]) },
        }),
        sessions: {},
      }),
  };

  describe.each(Object.entries(stories))('%s', (_name, story) => {
    it('comes to the same end after a kill at any point', () => survivesKills(story));

    it('comes to the same end after several kills', async () => {
      const undisturbed = await story();
      await undisturbed.run();
      const expected = await ending(undisturbed);

      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 2, maxLength: 5 }), async (kills) => {
          const run = await story();
          for (const at of kills)
            await run
              .worker(aFuse(at))('REQ-0001')
              .catch(() => {});
          await run.run();

          expect(await ending(run)).toEqual(expected);
        }),
        { numRuns: 25 },
      );
    });
  });
});

it('two workers with one reduction come to the same end', async () => {
  const run = await aRevocation();
  const [one, other] = [run.worker(), run.worker()];

  const results = await Promise.all([one('REQ-0001'), other('REQ-0001')]);
  for (const result of results) if (result.kind === 'again') run.clock.advanceTo(result.at);
  await run.run();

  expect(await leftOf(run)).toEqual(OUT);
  expect(run.store.entries.filter(({ kind }) => kind === 'run.finished')).toHaveLength(1);
});

it('a plan that was altered takes nothing away', async () => {
  const run = await aLoss();
  run.store.tamper('REQ-0001', (request) => ({ ...request, plan: { stages: [], warnings: [] } }));

  const { request } = await run.run();

  expect(run.cloudflare.calls).toEqual([]);
  expect(request.status).toBe('failed');
});
