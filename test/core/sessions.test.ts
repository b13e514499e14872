import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  appSessionOf,
  gapsIn,
  gapsLeftBy,
  gapsOpenedBy,
  inSafeOrder,
  isThere,
  lengthAt,
  withWrite,
  type Sessions,
  type SessionWrite,
} from '../../src/core/sessions.ts';
import { anyLength, anySessions, anyWrites, placesOf, widths } from '../builders/any-sessions.ts';
import { aSessions, HOUR_MS } from '../builders/memory-settings.ts';

const HOURS = (count: number): number => count * HOUR_MS;
const APP = { kind: 'app', id: 'app-ocs' } as const;
const TEAM = { kind: 'policy', policy: { kind: 'app', appId: 'app-ocs', id: 'policy-team' } } as const;
const SIGN_IN = { kind: 'warp-sign-in' } as const;
const NETWORK = { kind: 'warp-network', ruleId: 'rule-staff' } as const;

const to = (place: SessionWrite['place'], hours: number): SessionWrite => ({ place, ms: HOURS(hours) });

/** `8 h behind 12 h` for each gap. */
const gaps = (sessions: Sessions): string[] =>
  gapsIn(sessions).map(({ name, ms, appMs }) => `${name}: ${ms / HOUR_MS} h, app ${appMs / HOUR_MS} h`);

/** What to write and when, with the writes of each stage in any order. */
const anyStory = anySessions.chain((start) =>
  anyWrites(start).chain((writes) => fc.tuple(fc.constant(start), anyOrder(inSafeOrder(start, writes)))),
);

/** As the action does it: one length for the application and all policies with one of their own, one for each kind of WARP session. */
const anyChange = anySessions.chain((start) =>
  fc
    .record({ app: fc.option(anyLength), signIn: fc.option(anyLength), network: fc.option(anyLength) })
    .map(({ app, signIn, network }) =>
      placesOf(start).flatMap((place): SessionWrite[] => {
        if (place.kind === 'policy' && lengthAt(start, place) === undefined) return [];
        const ms = { app, policy: app, 'warp-sign-in': signIn, 'warp-network': network }[place.kind];
        return ms === null ? [] : [{ place, ms }];
      }),
    )
    .chain((writes) => fc.tuple(fc.constant(start), anyOrder(inSafeOrder(start, writes)))),
);

function anyOrder(stages: readonly SessionWrite[][]): fc.Arbitrary<SessionWrite[][]> {
  return fc.tuple(...stages.map((stage) => fc.shuffledSubarray(stage, { minLength: stage.length })));
}

/** The lengths before the first write, and after each. */
function momentsOf(start: Sessions, writes: readonly SessionWrite[]): Sessions[] {
  const moments = [start];
  for (const write of writes) moments.push(withWrite(moments.at(-1) ?? start, write));
  return moments;
}

describe('the rule that WARP lasts at least as long as the app', () => {
  it('compares both WARP sessions with the longest that any policy gives', () => {
    const [team] = aSessions().policies;
    const policies = team === undefined ? [] : [team, { ...team, ms: HOURS(30) }];

    expect(gaps(aSessions())).toEqual([]);
    expect(appSessionOf(aSessions({ policies }))).toBe(HOURS(30));
    expect(gaps(aSessions({ policies }))).toMatchInlineSnapshot(`
      [
        "the WARP sign-in session: 24 h, app 30 h",
        "the WARP network session of the Gateway rule “Staff to Open Chat Studio”: 24 h, app 30 h",
      ]
    `);
  });

  it('takes an override for what counts, also where the app session is longer', () => {
    const [team] = aSessions().policies;
    const policies = team === undefined ? [] : [{ ...team, ms: HOURS(12) }];

    expect(gaps(aSessions({ policies, app: { ...aSessions().app, ms: HOURS(100) } }))).toEqual([]);
  });

  it('holds for lengths that are equal', () => {
    expect(gaps(withWrite(aSessions(), to(APP, 24)))).toEqual([]);
  });

  it('compares nothing where people sign in by WARP, or where no length is set', () => {
    const long = { app: { ...aSessions().app, ms: HOURS(100) } };

    expect(gaps(aSessions({ ...long, warpSignIn: { ms: HOURS(1), isUsed: true } }))).toEqual([]);
    expect(gaps(aSessions({ ...long, warpSignIn: { ms: undefined, isUsed: false }, warpNetwork: [] }))).toEqual([]);
  });
});

describe('what a write would break', () => {
  it('is a gap that it opens or widens, and none that was there', () => {
    const short = withWrite(aSessions(), to(SIGN_IN, 6));

    expect(gapsOpenedBy(aSessions(), to(APP, 25))).toHaveLength(2);
    expect(gapsOpenedBy(aSessions(), to(SIGN_IN, 7))).toMatchObject([
      { place: SIGN_IN, ms: HOURS(7), appMs: HOURS(8) },
    ]);
    expect(gapsOpenedBy(short, to(APP, 9))).toHaveLength(1);
    expect(gapsOpenedBy(short, to(APP, 7))).toEqual([]);
    expect(gapsOpenedBy(short, to(SIGN_IN, 7))).toEqual([]);
    expect(gapsOpenedBy(short, to(NETWORK, 8))).toEqual([]);
  });

  it('is what a length breaks that is set for the first time', () => {
    const unset = aSessions({ warpSignIn: { ms: undefined, isUsed: false } });

    expect(gapsOpenedBy(unset, to(SIGN_IN, 7))).toHaveLength(1);
    expect(gapsOpenedBy(unset, to(SIGN_IN, 8))).toEqual([]);
  });
});

describe('a place', () => {
  it('is there, and has the length that was written last', () => {
    fc.assert(
      fc.property(
        anySessions.chain((start) => fc.tuple(fc.constant(start), anyWrites(start))),
        ([start, writes]) => {
          const end = writes.reduce(withWrite, start);

          for (const { place, ms } of writes) expect([isThere(start, place), lengthAt(end, place)]).toEqual([true, ms]);
        },
      ),
    );
  });

  it('that is gone is not there, and writing to it changes nothing', () => {
    const without = aSessions({ policies: [], warpNetwork: [], app: { ...aSessions().app, id: 'app-other' } });

    for (const place of [APP, TEAM, NETWORK]) {
      expect([isThere(without, place), lengthAt(without, place)]).toEqual([false, undefined]);
      expect(withWrite(without, to(place, 12))).toEqual(without);
    }
  });
});

describe('the order of writes', () => {
  it('raises WARP, then policies, then the app, lowers WARP, and sets what was not set last', () => {
    const [team] = aSessions().policies;
    const start = aSessions({
      policies: team === undefined ? [] : [{ ...team, ms: HOURS(8) }],
      warpSignIn: { ms: undefined, isUsed: false },
      warpNetwork: [
        { ruleId: 'rule-staff', name: 'Staff', ms: HOURS(8) },
        { ruleId: 'rule-admin', name: 'Admins', ms: HOURS(24) },
      ],
    });
    const admins = { kind: 'warp-network', ruleId: 'rule-admin' } as const;
    const wanted = [to(APP, 12), to(SIGN_IN, 12), to(admins, 12), to(NETWORK, 12), to(TEAM, 12)];

    expect(inSafeOrder(start, wanted).map((stage) => stage.map(({ place }) => place))).toEqual([
      [NETWORK],
      [TEAM],
      [APP],
      [admins],
      [SIGN_IN],
    ]);
  });

  it('comes to what was wanted, and writes nothing that is so already', () => {
    fc.assert(
      fc.property(
        anySessions.chain((start) => fc.tuple(fc.constant(start), anyWrites(start))),
        ([start, writes]) => {
          const ordered = inSafeOrder(start, writes).flat();

          expect(ordered.reduce(withWrite, start)).toEqual(writes.reduce(withWrite, start));
          expect(ordered.every(({ place, ms }) => lengthAt(start, place) !== ms)).toBe(true);
        },
      ),
    );
  });

  it('never has a gap in between that is wider than both at the start and at the end', () => {
    fc.assert(
      fc.property(anyStory, ([start, stages]) => {
        const moments = momentsOf(start, stages.flat());
        const [first, last] = [widths(start), widths(moments.at(-1) ?? start)];

        for (const moment of moments) {
          for (const [place, width] of widths(moment)) {
            expect(width).toBeLessThanOrEqual(Math.max(first.get(place) ?? 0, last.get(place) ?? 0));
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('can be undone from any moment on, newest first, without a gap that was not there at the start', () => {
    fc.assert(
      fc.property(anyStory, fc.nat(), ([start, stages], stop) => {
        const writes = stages.flat();
        const moments = momentsOf(start, writes);
        fc.pre(gapsIn(start).length === 0 && gapsIn(moments.at(-1) ?? start).length === 0);

        let now = moments[stop % moments.length] ?? start;
        for (const { place } of writes.slice(0, stop % moments.length).toReversed()) {
          const ms = lengthAt(start, place);
          // What was not set stays set, and comes last.
          if (ms === undefined) return;
          now = withWrite(now, { place, ms });
          expect(gapsIn(now)).toEqual([]);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the gaps that a change leaves', () => {
  it('are the only ones that any of its writes opens, whatever the order within a stage', () => {
    fc.assert(
      fc.property(anyChange, ([start, stages]) => {
        fc.pre(gapsLeftBy(start, stages).length === 0);
        const moments = momentsOf(start, stages.flat());

        for (const [index, write] of stages.flat().entries()) {
          expect(gapsOpenedBy(moments[index] ?? start, write)).toEqual([]);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('are open at the end', () => {
    fc.assert(
      fc.property(anyChange, ([start, stages]) => {
        const end = widths(stages.flat().reduce(withWrite, start));

        for (const { place } of gapsLeftBy(start, stages)) {
          expect(end.has(place.kind === 'warp-network' ? place.ruleId : place.kind)).toBe(true);
        }
      }),
    );
  });

  it('are none where the rule holds at the end', () => {
    fc.assert(
      fc.property(anyChange, ([start, stages]) => {
        fc.pre(gapsIn(stages.flat().reduce(withWrite, start)).length === 0);

        expect(gapsLeftBy(start, stages)).toEqual([]);
      }),
    );
  });
});
