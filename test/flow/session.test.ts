import { describe, expect, it } from 'vitest';
import { useSandbox, type TestSandbox } from '../harness/use-sandbox.ts';
import { auditAll, cardOf, cardSays, dmSays, hasCard } from './onboarding-driver.ts';
import {
  approves,
  asksFor,
  besidesLengths,
  brokenMoments,
  historyOf,
  lengthsIn,
  opensSession,
  partsOf,
  refused,
  sends,
  type Lengths,
} from './session-driver.ts';
import { writesIn } from './sign-in-driver.ts';
import { viewSays } from './tunnel-driver.ts';

const start = useSandbox();

it('Cara looks, asks for a longer app session, and Dina approves it', async () => {
  const sandbox = await start();
  const { slack, cloudflare } = sandbox;
  const before = besidesLengths(sandbox);

  expect(await opensSession(sandbox)).toMatchInlineSnapshot(`
    "== Session lengths ==
    (How it is now:)
    App session: 8 h
    After that people need a new code.
    WARP sign-in session: 24 h
    Not used: people can’t sign in to the app by WARP.
    WARP network session: 24 h
    Gateway rule “Staff to Open Chat Studio”: after that people sign in to WARP again.
    ---
    App session (optional): <empty>
      How long the app knows people before they need a new code. Leave it empty to keep it as it is.
    WARP sign-in session (optional): <empty>
      For signing in to the app by WARP. At least as long as the app session.
    WARP network session (optional): <empty>
      After that people sign in to WARP again to use the network. At least as long as the app session.
    Why?: <empty>
      The approver and, months later, an auditor read this.
    [Ask for approval] [Cancel]"
  `);
  expect(await sends(sandbox, { app: '12h' })).toEqual({});
  expect(await viewSays(sandbox, 'cara', /REQ-0001/)).toMatchInlineSnapshot(`
    "== Sent ==
    REQ-0001 is on its way.
    Set the app session to 12 h.
    The approvers see it now. You get a direct message when they have decided, and can withdraw it there.
    [Close]"
  `);
  expect(await cardSays(sandbox, /waiting for approval/)).toMatchInlineSnapshot(`
    "# 🔔 REQ-0001 is waiting for approval
    Set the app session to 12 h
    Asked by @cara
    Reason:
    > The on-call team works in shifts of 12 hours.
    What will be done
    1. Set the app session to 12 h: 8 h → 12 h
    ⚠️ Warning: People are asked for a code less often: after 12 h and no longer after 8 h. This begins with their next sign-in: a session that runs keeps the end that it was given.
    [Approve] [Deny] [Details]
    (Asked 2026-11-21 12:04 UTC. Expires 2026-11-21 12:04 UTC if nobody decides.)"
  `);

  await slack.as('cara').clicks(cardOf(sandbox), 'Approve');
  expect(await isTold(sandbox, 'cara')).toMatchInlineSnapshot(
    `"Nobody approves their own request. Ask another approver."`,
  );
  expect(lengthsIn(sandbox)).toBe('app 8, policy –, sign-in 24, network 24');

  cloudflare.clearCalls();
  await approves(sandbox);
  expect(lengthsIn(sandbox)).toBe('app 12, policy –, sign-in 24, network 24');
  expect(writesIn(sandbox)).toMatchInlineSnapshot(`
    [
      "PUT access/apps/42785677-980f-447f-a520-50920159b1af 200",
    ]
  `);
  expect(besidesLengths(sandbox)).toEqual(before);
  expect(await cardSays(sandbox, /is done/)).toMatchInlineSnapshot(`
    "# ✅ REQ-0001 is done
    Set the app session to 12 h
    Asked by @cara
    Reason:
    > The on-call team works in shifts of 12 hours.
    Approved by @dina, 2026-11-21 12:04 UTC
    Done in 1 s
    [x] Set the app session to 12 h
        8 h → 12 h
    [Details]
    (Asked 2026-11-21 12:04 UTC. Finished 2026-11-21 12:04 UTC after 1 s.)"
  `);
  expect(await dmSays(sandbox, 'cara', /It took/)).toMatchInlineSnapshot(`
    "✅ REQ-0001 is done: Set the app session to 12 h.
    What was done
    • Set the app session to 12 h
    From now on
    • People are asked for a code less often: after 12 h and no longer after 8 h. This begins with their next sign-in: a session that runs keeps the end that it was given.
    (It took 1 s, and everything was checked afterwards.)"
  `);
  expect(await auditAll(sandbox)).toMatchInlineSnapshot(`
    [
      "request.asked: Cara Lindqvist asked: Set the app session to 12 h. Reason: The on-call team works in shifts of 12 hours.",
      "request.refused: Cara Lindqvist could not decide REQ-0001: Nobody approves their own request. Ask another approver.",
      "request.approved: Dina Haddad approved REQ-0001: Set the app session to 12 h.",
      "run.started: Began to carry out REQ-0001: Set the app session to 12 h.",
      "run.step: Done: Set the app session to 12 h (8 h → 12 h).",
      "run.finished: REQ-0001 is done: Set the app session to 12 h.",
    ]
  `);

  expect(partsOf(await opensSession(sandbox)).intro).toContain('App session: 12 h');
});

describe('a WARP session that would end before the app session', () => {
  it('is refused at the field with the smallest length that works, and raised by a button, before the app', async () => {
    const sandbox = await start({ cloudflare: { warpSession: '12h' } });
    const before = besidesLengths(sandbox);
    await opensSession(sandbox);
    expect(await refused(sandbox, { app: '24h' })).toMatchInlineSnapshot(
      `"App session: With an app session of 24 h, the WARP sign-in session (now 12 h) must be at least 24 h too. It is not in use now, but whoever switches sign-in by WARP on would otherwise cut everybody’s session short. [Raise both to 24 h]"`,
    );
    expect(hasCard(sandbox)).toBe(false);

    await sandbox.slack.as('cara').clicks('modal', 'Raise both');
    expect(await cardSays(sandbox, /waiting for approval/)).toMatchInlineSnapshot(`
      "# 🔔 REQ-0001 is waiting for approval
      Set the app session to 24 h and the WARP sign-in session to 24 h
      Asked by @cara
      Reason:
      > The on-call team works in shifts of 12 hours.
      What will be done, in 2 steps
      1. Set the WARP sign-in session to 24 h: 12 h → 24 h
      2. Set the app session to 24 h: 8 h → 24 h
      ⚠️ Warning: People can’t sign in to the app by WARP at present, so the WARP sign-in session has no effect on the app until that is switched on.
      ⚠️ Warning: People are asked for a code less often: after 24 h and no longer after 8 h. This begins with their next sign-in: a session that runs keeps the end that it was given.
      [Approve] [Deny] [Details]
      (Asked 2026-11-21 12:04 UTC. Expires 2026-11-21 12:04 UTC if nobody decides.)"
    `);
    await approves(sandbox);
    expect(historyOf(sandbox)).toMatchInlineSnapshot(`
      [
        "seed: app 8, policy –, sign-in 12, network 24",
        "api: app 8, policy –, sign-in 24, network 24",
        "api: app 24, policy –, sign-in 24, network 24",
      ]
    `);
    expect(brokenMoments(sandbox)).toEqual([]);
    expect(besidesLengths(sandbox)).toEqual(before);
  });

  it('is raised once, however often the button is pressed', async () => {
    const sandbox = await start({ cloudflare: { warpSession: '12h' } });
    const cara = sandbox.slack.as('cara');
    await opensSession(sandbox);
    expect(await refused(sandbox, { app: '24h' })).toContain('[Raise both to 24 h]');

    // The second press is already there when the first one is answered.
    await Promise.all([cara.clicks('modal', 'Raise both'), cara.clicks('modal', 'Raise both')]);
    expect(await viewSays(sandbox, 'cara', /REQ-0001/)).toContain('and the WARP sign-in session to 24 h');
    await cardSays(sandbox, /waiting for approval/);
    expect(sandbox.slack.messages('ocs-approvals')).toHaveLength(1);
  });

  it('is asked for although the window is closed while the button works', async () => {
    const sandbox = await start({ cloudflare: { warpSession: '12h' } });
    const cara = sandbox.slack.as('cara');
    await opensSession(sandbox);
    expect(await refused(sandbox, { app: '24h' })).toContain('[Raise both to 24 h]');

    sandbox.cloudflare.latency(150);
    await cara.clicks('modal', 'Raise both');
    await cara.closes();

    expect(await cardSays(sandbox, /REQ-0001 is waiting for approval/)).toContain('WARP sign-in session to 24 h');
    expect(await dmSays(sandbox, 'cara', /REQ-0001/)).toContain('Set the app session to 24 h');
  });

  it('is kept with everything typed when the window is closed, and offered again', async () => {
    const sandbox = await start({ cloudflare: { warpSession: '12h' } });
    const cara = sandbox.slack.as('cara');
    await opensSession(sandbox);
    expect(await refused(sandbox, { app: '24h' })).toContain('[Raise both to 24 h]');
    await cara.closes();

    expect(partsOf(await opensSession(sandbox)).fields).toContain('App session (optional): 24h');
    expect(await refused(sandbox, {})).toContain('[Raise both to 24 h]');
    await cara.clicks('modal', 'Raise both');
    expect(await cardSays(sandbox, /REQ-0001 is waiting for approval/)).toContain('WARP sign-in session to 24 h');
  });

  it('is raised in all its places', async () => {
    const sandbox = await start({ cloudflare: { warpSession: '12h', networkSession: '10h', policySession: '6h' } });
    await opensSession(sandbox);
    expect(await refused(sandbox, { app: '24h' })).toMatchInlineSnapshot(
      `"App session: With an app session of 24 h, the WARP sign-in session (now 12 h) and the WARP network session (now 10 h) must be at least 24 h too. People would otherwise lose the network while the app still knows them. [Raise all three to 24 h]"`,
    );

    await sandbox.slack.as('cara').clicks('modal', 'Raise all three');
    await cardSays(sandbox, /waiting for approval/);
    await approves(sandbox);
    const history = historyOf(sandbox);
    expect(history.at(0)).toBe('seed: app 8, policy 6, sign-in 12, network 10');
    // Those of one stage are written side by side.
    expect(history.at(2)).toBe('api: app 8, policy 6, sign-in 24, network 24');
    expect(history.slice(3)).toEqual([
      'api: app 8, policy 24, sign-in 24, network 24',
      'api: app 24, policy 24, sign-in 24, network 24',
    ]);
    expect(brokenMoments(sandbox)).toEqual([]);
  });

  it('is refused when it is WARP that is made shorter, and lowered after the app', async () => {
    const sandbox = await start({ cloudflare: { appSession: '12h' } });
    await opensSession(sandbox);
    expect(await refused(sandbox, { warpSignIn: '8h' })).toMatchInlineSnapshot(
      `"WARP sign-in session: The WARP sign-in session must be at least 12 h, because the app session is 12 h. It is not in use now, but whoever switches sign-in by WARP on would otherwise cut everybody’s session short. [Raise it to 12 h]"`,
    );
    expect(await refused(sandbox, { app: '10h', warpSignIn: '8h', warpNetwork: '8h' })).toMatchInlineSnapshot(
      `"WARP sign-in session: The WARP sign-in session and the WARP network session must be at least 10 h, because the app session is 10 h. People would otherwise lose the network while the app still knows them. [Raise both to 10 h]"`,
    );

    expect(await sends(sandbox, { app: '8h', warpSignIn: '8h', warpNetwork: '8h' })).toEqual({});
    await cardSays(sandbox, /waiting for approval/);
    await approves(sandbox);
    const history = historyOf(sandbox);
    expect(history[1]).toBe('api: app 8, policy –, sign-in 24, network 24');
    expect(history.at(-1)).toBe('api: app 8, policy –, sign-in 8, network 8');
    expect(brokenMoments(sandbox)).toEqual([]);
    expect(await dmSays(sandbox, 'cara', /It took/)).toMatchInlineSnapshot(`
      "✅ REQ-0001 is done: Set the app session to 8 h, the WARP sign-in session to 8 h, and the WARP network session to 8 h.
      What was done
      • Set the app session to 8 h
      • Set the WARP sign-in session to 8 h
      • Set the WARP network session of the Gateway rule “Staff to Open Chat Studio” to 8 h
      From now on
      • People are asked for a code more often: after 8 h and no longer after 12 h. This begins with their next sign-in: a session that runs keeps the end that it was given.
      • WARP asks people to sign in again after 8 h and no longer after 24 h. To pick that up, they have to reconnect WARP: switch it off and on.
      (It took 1 s, and everything was checked afterwards.)"
    `);
  });
});

describe('what is typed', () => {
  it('fills the form from the words of the command', async () => {
    const sandbox = await start();
    const form = await opensSession(sandbox, 'app 12h warp 36 hours network 48h because the shifts are longer now');
    expect(partsOf(form).fields).toMatchInlineSnapshot(`
      "App session (optional): 12h
        How long the app knows people before they need a new code. Leave it empty to keep it as it is.
      WARP sign-in session (optional): 36 hours
        For signing in to the app by WARP. At least as long as the app session.
      WARP network session (optional): 48h
        After that people sign in to WARP again to use the network. At least as long as the app session.
      Why?: because the shifts are longer now
        The approver and, months later, an auditor read this.
      [Ask for approval] [Cancel]"
    `);

    expect((await sandbox.slack.as('cara').submits()).errors ?? {}).toEqual({});
    expect(await cardSays(sandbox, /waiting for approval/)).toMatch(/> because the shifts are longer now/);
    await approves(sandbox);
    expect(lengthsIn(sandbox)).toBe('app 12, policy –, sign-in 36, network 48');
  });

  it.each(['8h', '8 hours', '480m', '8', '7h60m', ' 8 H '])('“%s” is eight hours', async (typed) => {
    const sandbox = await start({ cloudflare: { appSession: '12h' } });
    expect(await asksFor(sandbox, { app: typed })).toContain('1. Set the app session to 8 h: 12 h → 8 h');
  });

  it('is refused at its field, and nothing is kept of it', async () => {
    const sandbox = await start();
    await opensSession(sandbox);
    const said: string[] = [];
    const wrong: Lengths[] = [
      ...['twelve', '0', '0h', '3h', '2h30m', '25h', '-5', '8x', '4.0001h', '1h 1h', '999999h', '8:30'].map((app) => ({
        app,
      })),
      { app: '', warpSignIn: '200h' },
      { app: '', warpSignIn: '', warpNetwork: '7' },
      { app: '', warpSignIn: '', warpNetwork: '' },
    ];
    for (const lengths of wrong) said.push(`${Object.values(lengths).at(-1)} → ${await refused(sandbox, lengths)}`);

    expect(said).toMatchInlineSnapshot(`
      [
        "twelve → App session: That is not a length of time. Type hours, such as 8h, or minutes, such as 480m.",
        "0 → App session: It has to be longer than nothing. Type hours, such as 8h, or minutes, such as 480m.",
        "0h → App session: It has to be longer than nothing. Type hours, such as 8h, or minutes, such as 480m.",
        "3h → App session: Here, the app session can last from 4 h to 24 h. Type a length within that, such as 4h.",
        "2h30m → App session: Here, the app session can last from 4 h to 24 h. Type a length within that, such as 4h.",
        "25h → App session: Here, the app session can last from 4 h to 24 h. Type a length within that, such as 24h.",
        "-5 → App session: A length of time can’t be negative. Type hours, such as 8h, or minutes, such as 480m.",
        "8x → App session: I don’t know the unit “x”. Type hours, such as 8h, or minutes, such as 480m.",
        "4.0001h → App session: That has too many decimals: it is no whole number of minutes. Type hours, such as 8h, or minutes, such as 480m.",
        "1h 1h → App session: Here, the app session can last from 4 h to 24 h. Type a length within that, such as 4h.",
        "999999h → App session: That is longer than a year. Type hours, such as 8h, or minutes, such as 480m.",
        "8:30 → App session: That is not a length of time. Type hours, such as 8h, or minutes, such as 480m.",
        "200h → WARP sign-in session: Here, the WARP sign-in session can last from 8 h to 168 h. Type a length within that, such as 168h.",
        "7 → WARP network session: Here, the WARP network session can last from 8 h to 168 h. Type a length within that, such as 8h.",
        " → App session: Type at least one length, such as 12h. What you leave empty stays as it is.",
      ]
    `);
    expect(hasCard(sandbox)).toBe(false);
    expect(await auditAll(sandbox)).toEqual([]);
    expect(historyOf(sandbox)).toHaveLength(1);
  });

  it('is refused when it is so already', async () => {
    const sandbox = await start();
    await opensSession(sandbox);
    expect(await sends(sandbox, { app: '8h', warpNetwork: '24h' })).toEqual({});
    expect(await viewSays(sandbox, 'cara', /nothing to change/)).toMatchInlineSnapshot(`
      "== Session lengths ==
      ⚠️ All of that is so already, so there is nothing to change.
      (How it is now:)
      App session: 8 h
      After that people need a new code.
      WARP sign-in session: 24 h
      Not used: people can’t sign in to the app by WARP.
      WARP network session: 24 h
      Gateway rule “Staff to Open Chat Studio”: after that people sign in to WARP again.
      ---
      App session (optional): 8h
        How long the app knows people before they need a new code. Leave it empty to keep it as it is.
      WARP sign-in session (optional): <empty>
        For signing in to the app by WARP. At least as long as the app session.
      WARP network session (optional): 24h
        After that people sign in to WARP again to use the network. At least as long as the app session.
      Why?: The on-call team works in shifts of 12 hours.
        The approver and, months later, an auditor read this.
      [Ask for approval] [Cancel]"
    `);
    expect(hasCard(sandbox)).toBe(false);
  });
});

describe('how the account may be', () => {
  it('a policy with a length of its own, which wins, and which another application uses too', async () => {
    const sandbox = await start({ cloudflare: { policySession: '6h', reusable: true, appCount: 2 } });
    const before = besidesLengths(sandbox);
    expect(partsOf(await opensSession(sandbox)).intro).toMatchInlineSnapshot(`
      "== Session lengths ==
      (How it is now:)
      App session: 8 h
      It has no effect: every policy has a length of its own.
      Policy “Team access”: 6 h
      Its own length wins over the app session. Also used by Wiki.
      WARP sign-in session: 24 h
      Not used: people can’t sign in to the app by WARP.
      WARP network session: 24 h
      Gateway rule “Staff to Open Chat Studio”: after that people sign in to WARP again.
      ---
      "
    `);

    expect(await sends(sandbox, { app: '12h' })).toEqual({});
    expect(await cardSays(sandbox, /waiting for approval/)).toMatchInlineSnapshot(`
      "# 🔔 REQ-0001 is waiting for approval
      Set the app session to 12 h
      Asked by @cara
      Reason:
      > The on-call team works in shifts of 12 hours.
      What will be done, in 2 steps
      1. Set the session of the policy “Team access” to 12 h: 6 h → 12 h
      2. Set the app session to 12 h: 8 h → 12 h
      ⚠️ Warning: The policy “Team access” has a session length of its own, which would win over the app session, so it is set as well. It is also used by Wiki, where the length changes too.
      ⚠️ Warning: People are asked for a code less often: after 12 h and no longer after 6 h. This begins with their next sign-in: a session that runs keeps the end that it was given.
      [Approve] [Deny] [Details]
      (Asked 2026-11-21 12:04 UTC. Expires 2026-11-21 12:04 UTC if nobody decides.)"
    `);
    await approves(sandbox);
    expect(historyOf(sandbox)).toMatchInlineSnapshot(`
      [
        "seed: app 8, policy 6, sign-in 24, network 24",
        "api: app 8, policy 12, sign-in 24, network 24",
        "api: app 12, policy 12, sign-in 24, network 24",
      ]
    `);
    expect(besidesLengths(sandbox)).toEqual(before);
  });

  it('people sign in by WARP, so that nothing is compared', async () => {
    const sandbox = await start({
      cloudflare: { authenticateViaWarp: true, warpSession: '12h', networkSession: '10h' },
    });
    expect(partsOf(await opensSession(sandbox)).intro).toMatchInlineSnapshot(`
      "== Session lengths ==
      (How it is now:)
      App session: 8 h
      The WARP sign-in session takes its place for people who sign in by WARP.
      WARP sign-in session: 12 h
      People can sign in to the app by WARP; it then takes the place of the app session.
      WARP network session: 10 h
      Gateway rule “Staff to Open Chat Studio”: after that people sign in to WARP again. It ends before the WARP sign-in session (12 h).
      ---
      "
    `);

    expect(await sends(sandbox, { app: '24h', warpSignIn: '36h' })).toEqual({});
    expect(await cardSays(sandbox, /waiting for approval/)).toMatchInlineSnapshot(`
      "# 🔔 REQ-0001 is waiting for approval
      Set the app session to 24 h and the WARP sign-in session to 36 h
      Asked by @cara
      Reason:
      > The on-call team works in shifts of 12 hours.
      What will be done, in 2 steps
      1. Set the WARP sign-in session to 36 h: 12 h → 36 h
      2. Set the app session to 24 h: 8 h → 24 h
      ⚠️ Warning: People sign in to the app by WARP, and the WARP sign-in session then takes the place of the app session. The new app session has no effect on them.
      ⚠️ Warning: The WARP network session of the Gateway rule “Staff to Open Chat Studio” (10 h) ends before the WARP sign-in session (36 h), so people lose the network while the app still knows them.
      ⚠️ Warning: People who sign in by WARP do so again after 36 h and no longer after 12 h.
      [Approve] [Deny] [Details]
      (Asked 2026-11-21 12:04 UTC. Expires 2026-11-21 12:04 UTC if nobody decides.)"
    `);
    await approves(sandbox);
    expect(lengthsIn(sandbox)).toBe('app 24, policy –, sign-in 36, network 10');
    expect(await dmSays(sandbox, 'cara', /It took/)).toMatchInlineSnapshot(`
      "✅ REQ-0001 is done: Set the app session to 24 h and the WARP sign-in session to 36 h.
      What was done
      • Set the WARP sign-in session to 36 h
      • Set the app session to 24 h
      From now on
      • People who sign in by WARP do so again after 36 h and no longer after 12 h.
      (It took 1 s, and everything was checked afterwards.)"
    `);
  });

  it('no Gateway rule: the network session can’t be set, and the place is named where one is made', async () => {
    const sandbox = await start({ cloudflare: { networkSession: 'none', warpSession: 'none' } });
    expect(partsOf(await opensSession(sandbox)).intro).toMatchInlineSnapshot(`
      "== Session lengths ==
      (How it is now:)
      App session: 8 h
      After that people need a new code.
      WARP sign-in session: not set
      Not used: people can’t sign in to the app by WARP.
      WARP network session: never ends
      No Gateway rule asks people to sign in to WARP again.
      ---
      "
    `);
    expect(await refused(sandbox, { app: '24h', warpNetwork: '24h' })).toMatchInlineSnapshot(
      `"WARP network session: No Gateway rule asks people to sign in to WARP again, so the network session never ends and there is no length to set. Make one first: Zero Trust dashboard → Traffic policies → Firewall policies → Network, in a rule with the action Allow: Enforce WARP client session duration."`,
    );

    expect(await sends(sandbox, { app: '24h', warpNetwork: '', warpSignIn: '24h' })).toEqual({});
    await cardSays(sandbox, /waiting for approval/);
    await approves(sandbox);
    expect(historyOf(sandbox)).toMatchInlineSnapshot(`
      [
        "seed: app 8, policy –, sign-in –",
        "api: app 24, policy –, sign-in –",
        "api: app 24, policy –, sign-in 24",
      ]
    `);
  });

  it('two Gateway rules: both get the same length', async () => {
    const sandbox = await start();
    const { account } = sandbox.cloudflare;
    const check = { check_session: { enforce: true, duration: '12h' } };
    account.addGatewayRule('Admin consoles', { filters: ['http'], rule_settings: { ...check, untouched: 'yes' } });
    account.addGatewayRule('Switched off', { enabled: false, rule_settings: check });
    const before = besidesLengths(sandbox);
    expect(partsOf(await opensSession(sandbox)).intro).toMatchInlineSnapshot(`
      "== Session lengths ==
      (How it is now:)
      App session: 8 h
      After that people need a new code.
      WARP sign-in session: 24 h
      Not used: people can’t sign in to the app by WARP.
      WARP network session: 24 h
      Gateway rule “Staff to Open Chat Studio”: after that people sign in to WARP again.
      WARP network session: 12 h
      Gateway rule “Admin consoles”: after that people sign in to WARP again.
      ---
      "
    `);

    expect(await sends(sandbox, { warpNetwork: '36h' })).toEqual({});
    expect(await cardSays(sandbox, /waiting for approval/)).toMatchInlineSnapshot(`
      "# 🔔 REQ-0001 is waiting for approval
      Set the WARP network session to 36 h
      Asked by @cara
      Reason:
      > The on-call team works in shifts of 12 hours.
      What will be done, in 2 steps
      1. Set the WARP network session of the Gateway rule “Staff to Open Chat Studio” to 36 h: 24 h → 36 h
      2. Set the WARP network session of the Gateway rule “Admin consoles” to 36 h: 12 h → 36 h
      ⚠️ Warning: 2 Gateway rules ask people to sign in to WARP again, and all get the same length: “Staff to Open Chat Studio” and “Admin consoles”.
      ⚠️ Warning: WARP asks people to sign in again after 36 h and no longer after 12 h or 24 h. To pick that up, they have to reconnect WARP: switch it off and on.
      [Approve] [Deny] [Details]
      (Asked 2026-11-21 12:04 UTC. Expires 2026-11-21 12:04 UTC if nobody decides.)"
    `);
    await approves(sandbox);
    expect(lengthsIn(sandbox)).toBe('app 8, policy –, sign-in 24, network 36, network 36');
    expect(besidesLengths(sandbox)).toEqual(before);
    expect(await dmSays(sandbox, 'cara', /It took/)).toMatchInlineSnapshot(`
      "✅ REQ-0001 is done: Set the WARP network session to 36 h.
      What was done
      • Set the WARP network session of the Gateway rule “Staff to Open Chat Studio” to 36 h
      • Set the WARP network session of the Gateway rule “Admin consoles” to 36 h
      From now on
      • WARP asks people to sign in again after 36 h and no longer after 12 h or 24 h. To pick that up, they have to reconnect WARP: switch it off and on.
      (It took 1 s, and everything was checked afterwards.)"
    `);
  });

  it('lengths that break the rule already are shown, and mended', async () => {
    const sandbox = await start({ cloudflare: { appSession: '48h', warpSession: '12h' } });
    expect(partsOf(await opensSession(sandbox)).intro).toMatchInlineSnapshot(`
      "== Session lengths ==
      (How it is now:)
      App session: 48 h
      After that people need a new code.
      WARP sign-in session: 12 h
      Not used: people can’t sign in to the app by WARP. Too short: it must be at least as long as the app session (48 h).
      WARP network session: 24 h
      Gateway rule “Staff to Open Chat Studio”: after that people sign in to WARP again. Too short: it must be at least as long as the app session (48 h).
      ---
      "
    `);

    expect(await sends(sandbox, { warpSignIn: '36h' })).toEqual({});
    expect(await cardSays(sandbox, /waiting for approval/)).toMatchInlineSnapshot(`
      "# 🔔 REQ-0001 is waiting for approval
      Set the WARP sign-in session to 36 h
      Asked by @cara
      Reason:
      > The on-call team works in shifts of 12 hours.
      What will be done
      1. Set the WARP sign-in session to 36 h: 12 h → 36 h
      ⚠️ Warning: People can’t sign in to the app by WARP at present, so the WARP sign-in session has no effect on the app until that is switched on.
      ⚠️ Warning: The WARP sign-in session (36 h) stays shorter than the app session (48 h), as it is now. At least 48 h would mend that.
      ⚠️ Warning: The WARP network session of the Gateway rule “Staff to Open Chat Studio” (24 h) stays shorter than the app session (48 h), as it is now. At least 48 h would mend that.
      [Approve] [Deny] [Details]
      (Asked 2026-11-21 12:04 UTC. Expires 2026-11-21 12:04 UTC if nobody decides.)"
    `);
    await approves(sandbox);
    expect(lengthsIn(sandbox)).toBe('app 48, policy –, sign-in 36, network 24');
  });
});

describe('whom it is for', () => {
  it('approvers: Ben is told so, and that he tried is on record', async () => {
    const sandbox = await start();
    await sandbox.slack.as('ben').types('/ocs-access session app 12h');
    expect(await viewSays(sandbox, 'ben', /approvers/)).toMatchInlineSnapshot(`
      "== You can’t use this ==
      Only approvers can use “Session lengths”. Ask one of them to do it.
      [Close]"
    `);
    expect(await auditAll(sandbox)).toMatchInlineSnapshot(`
      [
        "request.refused: Ben Okafor tried to use “session” without being an approver.",
      ]
    `);
    expect(sandbox.cloudflare.calls.filter(({ path }) => path.includes('gateway/rules'))).toEqual([]);
  });

  it('the form opens even if the account can’t be read, and says why it shows nothing', async () => {
    const sandbox = await start();
    const fault = sandbox.cloudflare.faults.add({ path: 'gateway/rules', status: 503, times: Infinity });
    expect(partsOf(await opensSession(sandbox, 'app 12h')).intro).toMatchInlineSnapshot(`
      "== Session lengths ==
      ⚠️ Cloudflare could not read the Gateway rules just now (GET gateway/rules, HTTP 503, error 10500, cf-ray 0a1b2c3d-FRA). So I can’t show how it is now. You can fill in the form all the same.
      "
    `);
    expect(await sends(sandbox, {})).toEqual({});
    expect(await viewSays(sandbox, 'cara', /⚠️.*\n|could not/i)).toMatchInlineSnapshot(`
      "== Session lengths ==
      ⚠️ That did not work right now. Cloudflare could not read the Gateway rules just now (GET gateway/rules, HTTP 503, error 10500, cf-ray 0a1b2c3d-FRA). Nothing was changed unless a message here says so; please try again in a minute.
      App session (optional): 12h
        How long the app knows people before they need a new code. Leave it empty to keep it as it is.
      WARP sign-in session (optional): <empty>
        For signing in to the app by WARP. At least as long as the app session.
      WARP network session (optional): <empty>
        After that people sign in to WARP again to use the network. At least as long as the app session.
      Why?: The on-call team works in shifts of 12 hours.
        The approver and, months later, an auditor read this.
      [Ask for approval] [Cancel]"
    `);

    fault.remove();
    expect(await sends(sandbox, {})).toEqual({});
    expect(await cardSays(sandbox, /waiting for approval/)).toContain('8 h → 12 h');
  });

  it('the token may not read the Gateway rules', async () => {
    const sandbox = await start();
    const { account } = sandbox.cloudflare;
    account.removePermission('Zero Trust Write');
    expect(partsOf(await opensSession(sandbox)).intro).toMatchInlineSnapshot(`
      "== Session lengths ==
      ⚠️ The Cloudflare API token lacks the permission “Zero Trust → Read”, which is needed to read the device posture rules (GET devices/posture, HTTP 403, error 10000, cf-ray 0a1b2c3d-FRA). Add it at dash.cloudflare.com → My Profile (or Manage Account, if the account owns the token) → API Tokens → Edit. If it is there, CLOUDFLARE_ACCOUNT_ID names an account that the token is not for. So I can’t show how it is now. You can fill in the form all the same.
      "
    `);
  });
});

/** What only they see. */
async function isTold({ slack }: TestSandbox, who: string): Promise<string> {
  const said = await slack.until(() => slack.as(who).ephemerals().at(-1), { what: `a word to ${who}` });
  return slack.text(said);
}
