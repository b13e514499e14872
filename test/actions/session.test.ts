import { describe, expect, it } from 'vitest';
import { session } from '../../src/actions/session.ts';
import type { PlanFacts } from '../../src/core/action.ts';
import { UserError } from '../../src/core/errors.ts';
import type { Sessions } from '../../src/core/sessions.ts';
import { planFacts, readPlan, readRefusal } from '../builders/a-plan.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { aSessions, HOUR_MS } from '../builders/memory-settings.ts';

const HOURS = (count: number): number => Math.round(count * HOUR_MS);
const FACTS = planFacts();

interface Typed {
  readonly app?: number;
  readonly warpSignIn?: number;
  readonly warpNetwork?: number;
}

/** In hours, as people think of them. */
function input({ app, warpSignIn, warpNetwork }: Typed): Record<string, unknown> {
  return {
    ...(app === undefined ? {} : { app: HOURS(app) }),
    ...(warpSignIn === undefined ? {} : { warpSignIn: HOURS(warpSignIn) }),
    ...(warpNetwork === undefined ? {} : { warpNetwork: HOURS(warpNetwork) }),
    reason: 'The on-call team works in 12 hour shifts.',
  };
}

function planOf(typed: Typed, sessions = aSessions(), facts: PlanFacts = FACTS) {
  return session.plan(input(typed), aSnapshot({ sessions }), facts);
}

const plan = (...given: Parameters<typeof planOf>): string => readPlan(planOf(...given));

/** With the button beside it. */
function refusal(...given: Parameters<typeof planOf>): string {
  const says = readRefusal(() => planOf(...given));
  const offer = offerOf(...given);
  return offer === undefined ? says : `${says} [${offer.label}: ${JSON.stringify(offer.values)}]`;
}

function offerOf(...given: Parameters<typeof planOf>) {
  try {
    planOf(...given);
  } catch (error) {
    if (error instanceof UserError) return error.offer;
    throw error;
  }
  throw new Error('It was planned.');
}

const limits = (app: readonly [number, number], warp: readonly [number, number]): PlanFacts =>
  planFacts({
    sessionLimits: {
      app: { least: HOURS(app[0]), most: HOURS(app[1]) },
      warp: { least: HOURS(warp[0]), most: HOURS(warp[1]) },
    },
  });

const [team] = aSessions().policies;
const [staff] = aSessions().warpNetwork;
if (team === undefined || staff === undefined) throw new Error('The builder changed.');

/** The policy has a length of its own, and serves two other applications too. */
const overridden = (ms: number): Sessions =>
  aSessions({ policies: [{ ...team, ms: HOURS(ms), sharedWith: ['Wiki', 'Grafana'] }] });
const used = (changes: Partial<Sessions> = {}): Sessions =>
  aSessions({ warpSignIn: { ms: HOURS(24), isUsed: true }, ...changes });
const warpOf = (signIn: number | undefined, network: number): Sessions =>
  aSessions({
    warpSignIn: { ms: signIn === undefined ? undefined : HOURS(signIn), isUsed: false },
    warpNetwork: [{ ...staff, ms: HOURS(network) }],
  });

describe('changing session lengths', () => {
  it('sets a longer app session, and says what people notice', () => {
    expect(plan({ app: 12 })).toMatchInlineSnapshot(`
      "1. Set the app session to 12 h [8 h → 12 h]
      !  People are asked for a code less often: after 12 h and no longer after 8 h. This begins with their next sign-in: a session that runs keeps the end that it was given."
    `);
  });

  it('sets a shorter one', () => {
    expect(plan({ app: 4 })).toMatchInlineSnapshot(`
      "1. Set the app session to 4 h [8 h → 4 h]
      !  People are asked for a code more often: after 4 h and no longer after 8 h. This begins with their next sign-in: a session that runs keeps the end that it was given."
    `);
  });

  it('raises WARP before the app, and lowers it after the app', () => {
    expect(plan({ app: 24, warpSignIn: 48, warpNetwork: 36 })).toMatchInlineSnapshot(`
      "1. Set the WARP sign-in session to 48 h [24 h → 48 h]
      1. Set the WARP network session of the Gateway rule “Staff to Open Chat Studio” to 36 h [24 h → 36 h]
      2. Set the app session to 24 h [8 h → 24 h]
      !  People can’t sign in to the app by WARP at present, so the WARP sign-in session has no effect on the app until that is switched on.
      !  People are asked for a code less often: after 24 h and no longer after 8 h. This begins with their next sign-in: a session that runs keeps the end that it was given.
      !  WARP asks people to sign in again after 36 h and no longer after 24 h. To pick that up, they have to reconnect WARP: switch it off and on."
    `);
    expect(
      plan({ app: 8, warpSignIn: 12, warpNetwork: 8 }, { ...aSessions(), app: { ...aSessions().app, ms: HOURS(24) } }),
    ).toMatchInlineSnapshot(`
      "1. Set the app session to 8 h [24 h → 8 h]
      2. Set the WARP sign-in session to 12 h [24 h → 12 h]
      2. Set the WARP network session of the Gateway rule “Staff to Open Chat Studio” to 8 h [24 h → 8 h]
      !  People can’t sign in to the app by WARP at present, so the WARP sign-in session has no effect on the app until that is switched on.
      !  People are asked for a code more often: after 8 h and no longer after 24 h. This begins with their next sign-in: a session that runs keeps the end that it was given.
      !  WARP asks people to sign in again after 8 h and no longer after 24 h. To pick that up, they have to reconnect WARP: switch it off and on."
    `);
  });

  it('sets the length that a policy has of its own too, because that would win', () => {
    expect(plan({ app: 12 }, overridden(6))).toMatchInlineSnapshot(`
      "1. Set the session of the policy “Team access” to 12 h [6 h → 12 h]
      2. Set the app session to 12 h [8 h → 12 h]
      !  The policy “Team access” has a session length of its own, which would win over the app session, so it is set as well. It is also used by Wiki and Grafana, where the length changes too.
      !  People are asked for a code less often: after 12 h and no longer after 6 h. This begins with their next sign-in: a session that runs keeps the end that it was given."
    `);
  });

  it('leaves a policy alone that follows the app, or has that length already', () => {
    expect(planOf({ app: 12 }, overridden(12)).stages.flat()).toHaveLength(1);
    expect(planOf({ app: 12 }).stages.flat()).toHaveLength(1);
  });

  it('tells those apart who get more and who get less', () => {
    const other = {
      ...team,
      ref: { kind: 'reusable' as const, id: 'policy-partners' },
      name: 'Partners',
      ms: HOURS(20),
    };

    expect(plan({ app: 12 }, aSessions({ policies: [team, other] }))).toMatchInlineSnapshot(`
      "1. Set the session of the policy “Partners” to 12 h [20 h → 12 h]
      2. Set the app session to 12 h [8 h → 12 h]
      !  The policy “Partners” has a session length of its own, which would win over the app session, so it is set as well.
      !  People are asked for a code more often: after 12 h and no longer after 20 h. People are asked for a code less often: after 12 h and no longer after 8 h. This begins with their next sign-in: a session that runs keeps the end that it was given."
    `);
  });

  it('sets every Gateway rule that asks people to sign in again', () => {
    const rules = [staff, { ruleId: 'rule-admin', name: 'Admin consoles', ms: HOURS(12) }];

    expect(plan({ warpNetwork: 48 }, aSessions({ warpNetwork: rules }))).toMatchInlineSnapshot(`
      "1. Set the WARP network session of the Gateway rule “Staff to Open Chat Studio” to 48 h [24 h → 48 h]
      1. Set the WARP network session of the Gateway rule “Admin consoles” to 48 h [12 h → 48 h]
      !  2 Gateway rules ask people to sign in to WARP again, and all get the same length: “Staff to Open Chat Studio” and “Admin consoles”.
      !  WARP asks people to sign in again after 48 h and no longer after 12 h or 24 h. To pick that up, they have to reconnect WARP: switch it off and on."
    `);
  });

  it('says what it was that was not set, and sets that last', () => {
    expect(plan({ app: 12, warpSignIn: 24, warpNetwork: 12 }, warpOf(undefined, 24))).toMatchInlineSnapshot(`
      "1. Set the app session to 12 h [8 h → 12 h]
      2. Set the WARP network session of the Gateway rule “Staff to Open Chat Studio” to 12 h [24 h → 12 h]
      3. Set the WARP sign-in session to 24 h [not set → 24 h]
      !  People can’t sign in to the app by WARP at present, so the WARP sign-in session has no effect on the app until that is switched on.
      !  People are asked for a code less often: after 12 h and no longer after 8 h. This begins with their next sign-in: a session that runs keeps the end that it was given.
      !  WARP asks people to sign in again after 12 h and no longer after 24 h. To pick that up, they have to reconnect WARP: switch it off and on."
    `);
  });

  it('leaves out what is so already, and says that it is', () => {
    const { stages, warnings } = planOf({ app: 12, warpSignIn: 24, warpNetwork: 24 });

    expect(stages.flat()).toHaveLength(1);
    expect(warnings.slice(0, 2)).toMatchInlineSnapshot(`
      [
        "The WARP sign-in session is 24 h already, so nothing is changed about it.",
        "The WARP network session is 24 h already, so nothing is changed about it.",
      ]
    `);
    expect(planOf({ app: 8, warpSignIn: 36 }).warnings[0]).toMatchInlineSnapshot(
      `"The app session is 8 h already, so nothing is changed about it."`,
    );
    expect(planOf({ app: 12 }, overridden(12)).warnings.join(' ')).not.toContain('already');
  });

  it('keeps what was, to put it back', () => {
    const { stages } = planOf({ app: 12, warpSignIn: 24 }, warpOf(undefined, 24));

    expect(stages.flat().map(({ args }) => args['from'])).toEqual([HOURS(8), null]);
  });

  it('tells again afterwards what people notice, and nothing else', () => {
    const { warnings, afterwards = [] } = planOf({ app: 12, warpSignIn: 48, warpNetwork: 48 });

    expect(afterwards).toHaveLength(2);
    expect(warnings).toHaveLength(3);
    expect(warnings).toEqual(expect.arrayContaining(afterwards));
    expect(planOf({ warpSignIn: 48 }).afterwards).toBeUndefined();
  });
});

describe('where people sign in to the app by WARP', () => {
  it('nothing is compared, and what has no effect is said', () => {
    expect(plan({ app: 12, warpSignIn: 8 }, used())).toMatchInlineSnapshot(`
      "1. Set the app session to 12 h [8 h → 12 h]
      2. Set the WARP sign-in session to 8 h [24 h → 8 h]
      !  People sign in to the app by WARP, and the WARP sign-in session then takes the place of the app session. The new app session has no effect on them.
      !  People who sign in by WARP do so again after 8 h and no longer after 24 h."
    `);
  });

  it('a network session that ends before it is said', () => {
    expect(plan({ warpNetwork: 12 }, used())).toMatchInlineSnapshot(`
      "1. Set the WARP network session of the Gateway rule “Staff to Open Chat Studio” to 12 h [24 h → 12 h]
      !  The WARP network session of the Gateway rule “Staff to Open Chat Studio” (12 h) ends before the WARP sign-in session (24 h), so people lose the network while the app still knows them.
      !  WARP asks people to sign in again after 12 h and no longer after 24 h. To pick that up, they have to reconnect WARP: switch it off and on."
    `);
  });
});

describe('a WARP session shorter than the app session', () => {
  it('is refused in the field that was typed, with the smallest that works and a button', () => {
    expect([
      refusal({ app: 24 }, warpOf(12, 24)),
      refusal({ app: 24 }, warpOf(12, 10)),
      refusal({ app: 24, warpSignIn: 12 }),
      refusal({ app: 24, warpNetwork: 12 }, warpOf(12, 24)),
      refusal({ warpSignIn: 8, warpNetwork: 10 }, overridden(12)),
      refusal({ warpSignIn: 8 }, overridden(12)),
      refusal({ app: 10.5 }, warpOf(8, 24)),
    ]).toMatchInlineSnapshot(`
      [
        "warp-shorter-than-app (app): With an app session of 24 h, the WARP sign-in session (now 12 h) must be at least 24 h too. It is not in use now, but whoever switches sign-in by WARP on would otherwise cut everybody’s session short. [Raise both to 24 h: {"app":"24h","warpSignIn":"24h"}]",
        "warp-shorter-than-app (app): With an app session of 24 h, the WARP sign-in session (now 12 h) and the WARP network session (now 10 h) must be at least 24 h too. People would otherwise lose the network while the app still knows them. [Raise all three to 24 h: {"app":"24h","warpSignIn":"24h","warpNetwork":"24h"}]",
        "warp-shorter-than-app (warpSignIn): The WARP sign-in session must be at least 24 h, because the app session is 24 h. It is not in use now, but whoever switches sign-in by WARP on would otherwise cut everybody’s session short. [Raise both to 24 h: {"app":"24h","warpSignIn":"24h"}]",
        "warp-shorter-than-app (warpNetwork): The WARP sign-in session and the WARP network session must be at least 24 h, because the app session is 24 h. People would otherwise lose the network while the app still knows them. [Raise all three to 24 h: {"app":"24h","warpSignIn":"24h","warpNetwork":"24h"}]",
        "warp-shorter-than-app (warpSignIn): The WARP sign-in session and the WARP network session must be at least 12 h, because the app session is 12 h. People would otherwise lose the network while the app still knows them. [Raise both to 12 h: {"warpSignIn":"12h","warpNetwork":"12h"}]",
        "warp-shorter-than-app (warpSignIn): The WARP sign-in session must be at least 12 h, because the app session is 12 h. It is not in use now, but whoever switches sign-in by WARP on would otherwise cut everybody’s session short. [Raise it to 12 h: {"warpSignIn":"12h"}]",
        "warp-shorter-than-app (app): With an app session of 10 h 30 min, the WARP sign-in session (now 8 h) must be at least 10 h 30 min too. It is not in use now, but whoever switches sign-in by WARP on would otherwise cut everybody’s session short. [Raise both to 10 h 30 min: {"app":"10h30m","warpSignIn":"10h30m"}]",
      ]
    `);
  });

  it('has an offer that is planned when it is taken', () => {
    const sessions = warpOf(12, 10);
    const offer = offerOf({ app: 24 }, sessions);

    expect(offer?.values).toEqual({ app: '24h', warpSignIn: '24h', warpNetwork: '24h' });
    expect(() => planOf({ app: 24, warpSignIn: 24, warpNetwork: 24 }, sessions)).not.toThrow();
  });

  it('is refused without an offer where the house does not allow what it would take', () => {
    const facts = limits([4, 200], [8, 168]);
    const long = aSessions({ app: { ...aSessions().app, ms: HOURS(720) } });

    expect([
      refusal({ app: 200 }, aSessions(), facts),
      refusal({ warpSignIn: 20 }, overridden(190)),
      refusal({ warpSignIn: 12 }, long),
    ]).toMatchInlineSnapshot(`
      [
        "warp-shorter-than-app (app): With an app session of 200 h, the WARP sign-in session (now 24 h) and the WARP network session (now 24 h) must be at least 200 h too. People would otherwise lose the network while the app still knows them. Here, a WARP session can last 168 h at most, so type an app session of 168 h or less.",
        "warp-shorter-than-app (warpSignIn): The WARP sign-in session must be at least 190 h, because the app session is 190 h. It is not in use now, but whoever switches sign-in by WARP on would otherwise cut everybody’s session short. Here, a WARP session can last 168 h at most, so type an app session of 24 h or less.",
        "warp-shorter-than-app (warpSignIn): The WARP sign-in session must be at least 720 h, because the app session is 720 h. It is not in use now, but whoever switches sign-in by WARP on would otherwise cut everybody’s session short. Here, a WARP session can last 168 h at most, so type an app session of 24 h or less.",
      ]
    `);
  });

  it('is raised to what the house allows at least', () => {
    expect(refusal({ app: 9 }, warpOf(8, 24), limits([4, 24], [10, 168]))).toMatchInlineSnapshot(
      `"warp-shorter-than-app (app): With an app session of 9 h, the WARP sign-in session (now 8 h) must be at least 10 h too. It is not in use now, but whoever switches sign-in by WARP on would otherwise cut everybody’s session short. [Raise it to 10 h: {"warpSignIn":"10h"}]"`,
    );
  });

  it('that was so before and gets no worse is said, and does not refuse', () => {
    expect(plan({ warpSignIn: 10 }, { ...warpOf(8, 24), app: { ...aSessions().app, ms: HOURS(12) } }))
      .toMatchInlineSnapshot(`
        "1. Set the WARP sign-in session to 10 h [8 h → 10 h]
        !  People can’t sign in to the app by WARP at present, so the WARP sign-in session has no effect on the app until that is switched on.
        !  The WARP sign-in session (10 h) stays shorter than the app session (12 h), as it is now. At least 12 h would mend that."
      `);
    expect(plan({ app: 10 }, { ...warpOf(8, 24), app: { ...aSessions().app, ms: HOURS(12) } })).toMatchInlineSnapshot(`
      "1. Set the app session to 10 h [12 h → 10 h]
      !  The WARP sign-in session (8 h) stays shorter than the app session (10 h), as it is now. At least 10 h would mend that.
      !  People are asked for a code more often: after 10 h and no longer after 12 h. This begins with their next sign-in: a session that runs keeps the end that it was given."
    `);
  });

  it('that was so before is refused when a write on the way would open it anew', () => {
    const short = { ...warpOf(14, 24), app: { ...aSessions().app, ms: HOURS(24) } };

    expect(refusal({ app: 16, warpSignIn: 12 }, short)).toMatchInlineSnapshot(
      `"warp-shorter-than-app (warpSignIn): The WARP sign-in session must be at least 16 h, because the app session is 16 h. It is not in use now, but whoever switches sign-in by WARP on would otherwise cut everybody’s session short. [Raise it to 16 h: {"warpSignIn":"16h"}]"`,
    );
  });
});

describe('what can’t be asked', () => {
  it('is refused in its field, with the valid form', () => {
    expect([
      refusal({}),
      refusal({ app: 3 }),
      refusal({ app: 25 }),
      refusal({ warpSignIn: 7 }),
      refusal({ warpNetwork: 169 }),
      refusal({ app: 8 + 1 / 3600 }),
      refusal({ warpNetwork: 24 }, aSessions({ warpNetwork: [] })),
      refusal({ app: 8, warpSignIn: 24 }),
    ]).toMatchInlineSnapshot(`
      [
        "nothing-typed (app): Type at least one length, such as 12h. What you leave empty stays as it is.",
        "out-of-range (app): Here, the app session can last from 4 h to 24 h. Type a length within that, such as 4h.",
        "out-of-range (app): Here, the app session can last from 4 h to 24 h. Type a length within that, such as 24h.",
        "out-of-range (warpSignIn): Here, the WARP sign-in session can last from 8 h to 168 h. Type a length within that, such as 8h.",
        "out-of-range (warpNetwork): Here, the WARP network session can last from 8 h to 168 h. Type a length within that, such as 168h.",
        "not-whole-minutes (app): Type whole hours or minutes, from 4 h to 24 h, such as 4h or 4h 30m.",
        "no-network-session (warpNetwork): No Gateway rule asks people to sign in to WARP again, so the network session never ends and there is no length to set. Make one first: Zero Trust dashboard → Traffic policies → Firewall policies → Network, in a rule with the action Allow: Enforce WARP client session duration.",
        "nothing-to-do (undefined): All of that is so already, so there is nothing to change.",
      ]
    `);
  });
});

function lines(sessions: Sessions): string[] {
  return (session.intro?.lines(aSnapshot({ sessions })) ?? []).map(
    ({ label, value, detail }) => `${label}: ${value}. ${detail ?? ''}`,
  );
}

describe('the form', () => {
  it('shows the lengths as they are, and which of them counts', () => {
    expect(session.intro?.scope).toEqual({ sessions: true });
    expect(lines(aSessions())).toMatchInlineSnapshot(`
      [
        "App session: 8 h. After that people need a new code.",
        "WARP sign-in session: 24 h. Not used: people can’t sign in to the app by WARP.",
        "WARP network session: 24 h. Gateway rule “Staff to Open Chat Studio”: after that people sign in to WARP again.",
      ]
    `);
    expect(lines({ ...overridden(12), warpSignIn: { ms: undefined, isUsed: false }, warpNetwork: [] }))
      .toMatchInlineSnapshot(`
        [
          "App session: 8 h. It has no effect: every policy has a length of its own.",
          "Policy “Team access”: 12 h. Its own length wins over the app session. Also used by Wiki and Grafana.",
          "WARP sign-in session: not set. Not used: people can’t sign in to the app by WARP.",
          "WARP network session: never ends. No Gateway rule asks people to sign in to WARP again.",
        ]
      `);
    expect(lines(used())).toMatchInlineSnapshot(`
      [
        "App session: 8 h. The WARP sign-in session takes its place for people who sign in by WARP.",
        "WARP sign-in session: 24 h. People can sign in to the app by WARP; it then takes the place of the app session.",
        "WARP network session: 24 h. Gateway rule “Staff to Open Chat Studio”: after that people sign in to WARP again.",
      ]
    `);
  });

  it('shows that the network ends before people who sign in by WARP do', () => {
    const [short, long] = [12, 24].map((hours) => {
      const sessions = used({ warpNetwork: [{ ...staff, ms: HOURS(hours) }] });
      return session.intro?.lines(aSnapshot({ sessions })).at(-1)?.detail;
    });

    expect(short).toMatchInlineSnapshot(
      `"Gateway rule “Staff to Open Chat Studio”: after that people sign in to WARP again. It ends before the WARP sign-in session (24 h)."`,
    );
    expect(long).not.toContain('ends before');
  });

  it('shows what is wrong with them', () => {
    expect(lines({ ...warpOf(8, 10), app: { ...aSessions().app, ms: HOURS(12) } })).toMatchInlineSnapshot(`
      [
        "App session: 12 h. After that people need a new code.",
        "WARP sign-in session: 8 h. Not used: people can’t sign in to the app by WARP. Too short: it must be at least as long as the app session (12 h).",
        "WARP network session: 10 h. Gateway rule “Staff to Open Chat Studio”: after that people sign in to WARP again. Too short: it must be at least as long as the app session (12 h).",
      ]
    `);
  });

  it('says what is asked for', () => {
    expect([
      session.describe(input({ app: 12, warpSignIn: 24 })),
      session.describe(input({ app: 4.5, warpSignIn: 24, warpNetwork: 168 })),
      session.describe(input({})),
    ]).toMatchInlineSnapshot(`
      [
        "Set the app session to 12 h and the WARP sign-in session to 24 h",
        "Set the app session to 4 h 30 min, the WARP sign-in session to 24 h, and the WARP network session to 168 h",
        "Change the session lengths",
      ]
    `);
  });
});
