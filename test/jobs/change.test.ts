import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { verifyChain } from '../../src/core/audit.ts';
import { PermanentError } from '../../src/core/errors.ts';
import {
  gapsIn,
  gapsOpenedBy,
  SessionPlace,
  withWrite,
  type Sessions,
  type SessionWrite,
} from '../../src/core/sessions.ts';
import { presses, seen } from '../builders/a-house.ts';
import { CARA, DINA } from '../builders/a-request.ts';
import { aRun, type Run } from '../builders/a-run.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { anyLength, anySoundSessions, placesOf } from '../builders/any-sessions.ts';
import { aFuse, Killed } from '../builders/fuse.ts';
import { aSessions, HOUR_MS } from '../builders/memory-settings.ts';
import { failing, unavailable } from './failing.ts';

const HOURS = (count: number): number => count * HOUR_MS;
const WRITE = 'writeSessionLength';
const POLICY = { kind: 'reusable', id: 'policy-team' } as const;

/** A policy with a length of its own and two Gateway rules: a step for each of five places. */
const before: Sessions = aSessions({
  policies: [{ ref: POLICY, name: 'Team', ms: HOURS(8), sharedWith: [] }],
  warpNetwork: [
    { ruleId: 'rule-staff', name: 'Staff', ms: HOURS(12) },
    { ruleId: 'rule-admin', name: 'Admins', ms: HOURS(24) },
  ],
});
const LONGER = { app: HOURS(24), warpSignIn: HOURS(48), warpNetwork: HOURS(36) };
const SHORTER = { app: HOURS(4), warpSignIn: HOURS(8), warpNetwork: HOURS(10) };

type Lengths = Partial<typeof LONGER>;

const inputOf = (lengths: Lengths) => ({ ...lengths, reason: 'The on-call team works in 12 hour shifts.' });

function aChange(lengths: Lengths, sessions: Sessions): Promise<Run> {
  return aRun({ action: 'session', input: inputOf(lengths), by: DINA, snapshot: aSnapshot({ sessions }) });
}

const Written = z.object({ place: SessionPlace, ms: z.number() });

/** `writeSessionLength {…}` */
function writeIn(call: string): SessionWrite | undefined {
  return call.startsWith(`${WRITE} `) ? Written.parse(JSON.parse(call.slice(WRITE.length + 1))) : undefined;
}

/** Follows the account write by write, with the lengths after each, beginning with those that were. */
function watch({ cloudflare }: Run, start: Sessions) {
  const moments = [start];
  const broken: SessionWrite[] = [];
  const now = (): Sessions => moments.at(-1) ?? start;
  cloudflare.intercept('after', (call) => {
    const write = writeIn(call);
    if (write === undefined) return;
    if (gapsOpenedBy(now(), write).length > 0) broken.push(write);
    moments.push(withWrite(now(), write));
  });
  return {
    moments,
    /** Our own writes that made a WARP session shorter than the application's. */
    broken,
    now,
    /** Somebody sets it in the dashboard. */
    edit(write: SessionWrite) {
      moments.push(withWrite(now(), write));
      cloudflare.setSessions(now());
    },
  };
}

/** `app 8`, `policy 8`, `sign-in 24`, `rule-staff 12` */
function inWords({ place, ms }: SessionWrite): string {
  const what = { app: 'app', policy: 'policy', 'warp-sign-in': 'sign-in', 'warp-network': 'network' }[place.kind];
  return `${place.kind === 'warp-network' ? place.ruleId : what} ${ms / HOUR_MS}`;
}

const refusedByCloudflare = () => new PermanentError('Cloudflare does not allow that.', { code: 'cloudflare-refused' });

/** Of this place, in hours. */
const written = (place: SessionPlace, hours: number): string =>
  `${WRITE} ${JSON.stringify({ place, ms: HOURS(hours) })}`;

describe('a change', () => {
  it('is carried out in the order of its plan', async () => {
    const run = await aChange(LONGER, before);
    const { moments } = watch(run, before);

    const { request } = await run.run();

    expect(request.status).toBe('done');
    expect(run.cloudflare.writes.map((call) => inWords(writeIn(call) ?? never()))).toEqual([
      'sign-in 48',
      'rule-staff 36',
      'rule-admin 36',
      'policy 24',
      'app 24',
    ]);
    expect(moments.flatMap(gapsIn)).toEqual([]);
    expect(run.told()).toMatchInlineSnapshot(`
      [
        "Began to carry out REQ-0001: Set the app session to 24 h, the WARP sign-in session to 48 h, and the WARP network session to 36 h.",
        "Done: Set the WARP sign-in session to 48 h (24 h → 48 h).",
        "Done: Set the WARP network session of the Gateway rule “Staff” to 36 h (12 h → 36 h).",
        "Done: Set the WARP network session of the Gateway rule “Admins” to 36 h (24 h → 36 h).",
        "Done: Set the session of the policy “Team” to 24 h (8 h → 24 h).",
        "Done: Set the app session to 24 h (8 h → 24 h).",
        "REQ-0001 is done: Set the app session to 24 h, the WARP sign-in session to 48 h, and the WARP network session to 36 h.",
      ]
    `);
  });

  it('that fails half-way stops, and what it had changed is put back, newest first', async () => {
    const run = await aChange(LONGER, before);
    failing(run, written({ kind: 'app', id: 'app-ocs' }, 24), refusedByCloudflare);

    const { request } = await run.run();

    expect(request).toMatchObject({ status: 'failed', direction: 'back', problem: 'Cloudflare does not allow that.' });
    expect(await run.cloudflare.sessionLengths()).toEqual(before);
    expect(run.cloudflare.writes.slice(4).map((call) => inWords(writeIn(call) ?? never()))).toEqual([
      'policy 8',
      'rule-admin 24',
      'rule-staff 12',
      'sign-in 24',
    ]);
    expect(run.told().slice(5)).toMatchInlineSnapshot(`
      [
        "Failed: Set the app session to 24 h. Cloudflare does not allow that.",
        "There was nothing to put back: Set the app session to 24 h.",
        "Put back: Set the session of the policy “Team” to 24 h.",
        "Put back: Set the WARP network session of the Gateway rule “Admins” to 36 h.",
        "Put back: Set the WARP network session of the Gateway rule “Staff” to 36 h.",
        "Put back: Set the WARP sign-in session to 48 h.",
        "REQ-0001 failed: Set the app session to 24 h, the WARP sign-in session to 48 h, and the WARP network session to 36 h. Cloudflare does not allow that. What it had changed was put back.",
      ]
    `);
    expect(verifyChain(run.store.entries).ok).toBe(true);
  });

  it('is put back with as much patience as a grant', async () => {
    const run = await aChange({ app: HOURS(24), warpSignIn: HOURS(48) }, { ...before, warpNetwork: [] });
    failing(run, written({ kind: 'app', id: 'app-ocs' }, 24), refusedByCloudflare);
    failing(run, written({ kind: 'warp-sign-in' }, 24), unavailable);
    const begin = run.clock.now();

    const { request } = await run.run();

    expect((run.clock.now() - begin) / 60_000).toBeCloseTo(10, 0);
    expect(request.steps.map(({ state }) => state)).toEqual(['undo-failed', 'undone', 'failed']);
    expect(run.told().slice(-2)).toMatchInlineSnapshot(`
      [
        "Could not put back: Set the WARP sign-in session to 48 h. Cloudflare does not answer. Tried 24 times. By hand: Zero Trust dashboard → Team & Resources → Devices → Management → Device enrollment permissions → Login methods → Session duration (it was 24 h).",
        "REQ-0001 failed: Set the app session to 24 h and the WARP sign-in session to 48 h. Cloudflare does not allow that. 1 of its changes could not be put back.",
      ]
    `);
    expect(run.store.effects.at(-1)).toMatchObject({
      post: {
        says: 'REQ-0001 failed and 1 of its changes could not be put back. The audit channel says which, and where to do it by hand.',
      },
    });
  });

  it('leaves alone what somebody else has set since, and says so', async () => {
    const run = await aChange(LONGER, before);
    const account = watch(run, before);
    run.cloudflare.intercept('before', (call) => {
      if (!call.startsWith(written({ kind: 'app', id: 'app-ocs' }, 24))) return;
      account.edit({ place: { kind: 'warp-sign-in' }, ms: HOURS(72) });
      throw refusedByCloudflare();
    });

    const { request } = await run.run();

    expect(request.steps[0]).toMatchObject({ state: 'undone' });
    expect(request.steps[0]?.notes).toMatchInlineSnapshot(`
      [
        "Left as it is, because somebody else has changed it meanwhile: Set the WARP sign-in session to 48 h.",
      ]
    `);
    expect((await run.cloudflare.sessionLengths()).warpSignIn.ms).toBe(HOURS(72));
  });

  it('is refused once it would break the rule by now, and put back', async () => {
    const run = await aChange(LONGER, before);
    const account = watch(run, before);
    run.cloudflare.intercept('after', (call) => {
      const write = writeIn(call);
      if (write?.place.kind === 'warp-network' && write.place.ruleId === 'rule-admin' && write.ms === HOURS(36)) {
        account.edit({ place: { kind: 'warp-sign-in' }, ms: HOURS(10) });
      }
    });

    const { request } = await run.run();

    expect(request.problem).toMatchInlineSnapshot(
      `"The WARP sign-in session (10 h) would be shorter than the app session (24 h): somebody changed a length since this was planned. Look again, and ask anew."`,
    );
    expect(account.broken).toEqual([]);
    expect(await run.cloudflare.sessionLengths()).toEqual({
      ...before,
      warpSignIn: { ...before.warpSignIn, ms: HOURS(10) },
    });
  });
});

/** What counts in the end, whatever happened on the way. */
async function ending(run: Run) {
  const { status, direction, problem, steps } = await run.stored();
  return {
    sessions: await run.cloudflare.sessionLengths(),
    status,
    direction,
    problem,
    steps: steps.map(({ state, changed, problem: because }) => ({ state, changed, because })),
    told: run.told().toSorted(),
    chain: verifyChain(run.store.entries).ok,
  };
}

describe('a worker that is killed while it changes session lengths', () => {
  const lengths = { 'makes them longer': LONGER, 'makes them shorter': SHORTER };
  const failures = ['nothing fails', ...Array.from({ length: 5 }, (_, index) => index)];
  const stories = Object.entries(lengths).flatMap(([name, wanted]) =>
    failures.map((failure) => ({ name, wanted, failure })),
  );

  it.each(stories)('$name: at any point, while write $failure fails for good', async ({ wanted, failure }) => {
    async function story() {
      const run = await aChange(wanted, before);
      const writes = (run.request.plan?.stages.flat() ?? []).map(({ args }) => Written.parse(args));
      const refused = typeof failure === 'number' ? writes[failure] : undefined;
      if (refused !== undefined) failing(run, `${WRITE} ${JSON.stringify(refused)}`, refusedByCloudflare);
      return { run, ...watch(run, before) };
    }
    const undisturbed = await story();
    await undisturbed.run.run();
    const expected = await ending(undisturbed.run);
    expect(expected.status).toBe(failure === 'nothing fails' ? 'done' : 'failed');
    if (expected.status === 'failed') expect(expected.sessions).toEqual(before);
    const counting = await story();
    const fuse = aFuse(Infinity);
    await counting.run.worker(fuse)('REQ-0001');

    for (let at = 1; at <= fuse.passed; at += 1) {
      const { run, moments, broken } = await story();
      await expect(run.worker(aFuse(at))('REQ-0001'), `killed at ${at}`).rejects.toBeInstanceOf(Killed);
      await run.run();

      expect({ at, ...(await ending(run)) }).toEqual({ at, ...expected });
      expect({ at, gaps: moments.flatMap(gapsIn), broken }).toEqual({ at, gaps: [], broken: [] });
    }
  });

  it('several times, with any lengths and any write failing: the rule holds at every moment if it held at the start', async () => {
    await fc.assert(
      fc.asyncProperty(
        anySoundSessions,
        anyLengths,
        fc.option(fc.nat({ max: 6 })),
        fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 4 }),
        async (sessions, wanted, failure, kills) => {
          const run = await aChange(wanted, sessions).catch(() => undefined);
          // What breaks the rule, and what can't be asked, is refused.
          fc.pre(run !== undefined);
          if (run === undefined) return;
          const { moments, broken } = watch(run, sessions);
          const writes = (run.request.plan?.stages.flat() ?? []).map(({ args }) => Written.parse(args));
          const refused = failure === null ? undefined : writes[failure];
          if (refused !== undefined) failing(run, `${WRITE} ${JSON.stringify(refused)}`, refusedByCloudflare);

          for (const at of kills) {
            await run
              .worker(aFuse(at))('REQ-0001')
              .catch(() => {});
          }
          const { request } = await run.run();

          expect(request.status).toBe(refused === undefined ? 'done' : 'failed');
          expect(moments.flatMap(gapsIn)).toEqual([]);
          expect(broken).toEqual([]);
          if (request.status === 'failed') expect(await run.cloudflare.sessionLengths()).toEqual(sessions);
        },
      ),
      { numRuns: 150 },
    );
  });
});

const anyLengths = fc.record(
  { app: anyHours(4), warpSignIn: anyHours(8), warpNetwork: anyHours(8) },
  { requiredKeys: [] },
);

function anyHours(least: number): fc.Arbitrary<number> {
  return fc.integer({ min: least, max: 16 }).map(HOURS);
}

describe('two changes at once, and somebody in the dashboard', () => {
  const anyTwo = anySoundSessions.chain((sessions) =>
    fc.record({
      sessions: fc.constant(sessions),
      one: anyLengths,
      other: anyLengths,
      edits: fc.array(fc.option(fc.constantFrom(...placesOf(sessions))), { maxLength: 8 }),
      to: anyLength,
    }),
  );

  it('never open a gap by a write of ours, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(anyTwo, fc.scheduler(), async ({ sessions, one, other, edits, to }, scheduler) => {
        const run = await aChange(one, sessions).catch(() => undefined);
        const second = await run?.ask('session', inputOf(other), CARA).catch(() => undefined);
        fc.pre(run !== undefined && second !== undefined);
        if (run === undefined || second === undefined) return;
        await run.approve(second.id, seen(second), presses(DINA));
        const account = watch(run, sessions);
        let looks = 0;
        run.cloudflare.intercept('before', async (call) => {
          await scheduler.schedule(Promise.resolve(call));
          if (!call.startsWith('sessionLengths')) return;
          // Just before somebody looks: between a look and the write that follows from it nobody can help it.
          const place = edits[looks];
          looks += 1;
          if (place !== undefined && place !== null) account.edit({ place, ms: to });
        });

        const ids = [run.request.id, second.id];
        await scheduler.waitFor(Promise.all(ids.map((id) => toTheEnd(run, id))));

        const over = await Promise.all(ids.map((id) => run.store.load(id)));
        expect(over.map((request) => ['done', 'failed'].includes(request?.status ?? ''))).toEqual([true, true]);
        expect(account.broken).toEqual([]);
        if (edits.every((place) => place === null)) expect(account.moments.flatMap(gapsIn)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

/** As often as it wants to be taken up again. */
async function toTheEnd(run: Run, id: string): Promise<void> {
  const worker = run.worker();
  for (let goes = 1; goes <= 50; goes += 1) {
    const result = await worker(id);
    if (result.kind === 'over') return;
    run.clock.advanceTo(result.at);
  }
  throw new Error('The run does not end.');
}

function never(): never {
  throw new Error('It is no write of a session length.');
}
