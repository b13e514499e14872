import { describe, expect, it } from 'vitest';
import { useSandbox, type TestSandbox } from '../harness/use-sandbox.ts';
import { asksForAna, auditAll, auditOf, cardOf, cardSays, dmSays } from './onboarding-driver.ts';
import {
  asksFor,
  besidesLengths,
  brokenMoments,
  historyOf,
  lengthsIn,
  opensSession,
  sends,
  setsInDashboard,
  type Lengths,
} from './session-driver.ts';
import { writesIn } from './sign-in-driver.ts';
import { ends } from './tunnel-driver.ts';

const start = useSandbox();

const READ_ONLY = [
  'Access: Apps and Policies Read',
  'Access: Organizations, Identity Providers, and Groups Write',
  'Zero Trust Write',
];

/** Dina presses *Approve*; the request has ended as soon as time has passed for all its tries. */
async function approved(sandbox: TestSandbox, requestId = 'REQ-0001'): Promise<string> {
  await sandbox.slack.as('dina').clicks(cardOf(sandbox), 'Approve');
  return ends(sandbox, requestId);
}

/** Waits until so many requests are approved, although no worker carries anything out or tells anybody. */
async function areApproved(sandbox: TestSandbox, count: number): Promise<void> {
  const giveUpAt = Date.now() + 20_000;
  for (;;) {
    const approvals = (await auditAll(sandbox)).filter((entry) => entry.startsWith('request.approved'));
    if (approvals.length >= count) return;
    if (Date.now() > giveUpAt) throw new Error(`${approvals.length} of ${count} approvals`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('somebody works in the dashboard meanwhile', () => {
  it('and has set the very length since the plan was made: it is left as they set it', async () => {
    const sandbox = await start({ parts: ['bot'] });
    const worker = await sandbox.start(['worker']);
    await asksFor(sandbox, { app: '12h' });
    await worker.stop();
    await sandbox.slack.as('dina').clicks(cardOf(sandbox), 'Approve');
    await areApproved(sandbox, 1);
    setsInDashboard(sandbox, 'app', '10h');
    sandbox.cloudflare.clearCalls();

    await sandbox.start(['worker']);
    await ends(sandbox);

    expect(await dmSays(sandbox, 'cara', /could not be done/)).toMatchInlineSnapshot(`
      "❌ REQ-0001 could not be done: Set the app session to 12 h.
      What failed
      • Set the app session to 12 h: Somebody changed the app session since this was planned: it was 8 h and is 10 h now. Look again, and ask anew.
      Nothing has been changed."
    `);
    expect(lengthsIn(sandbox)).toBe('app 10, policy –, sign-in 24, network 24');
    expect(writesIn(sandbox)).toEqual([]);
  });

  it('and has set it to just that: there is nothing left to do', async () => {
    const sandbox = await start();
    await asksFor(sandbox, { app: '12h' });
    setsInDashboard(sandbox, 'app', '12h');

    expect(await approved(sandbox)).toContain('is done');

    expect(await auditOf(sandbox, 'REQ-0001')).toContain('run.step: So already: Set the app session to 12 h.');
  });

  it('and has lowered WARP half-way, so that the app session would outlast it: what was changed is put back', async () => {
    const sandbox = await start();
    await asksFor(sandbox, { app: '24h', warpNetwork: '48h' });
    sandbox.cloudflare.after('PUT', 'gateway/rules', () => setsInDashboard(sandbox, 'signIn', '12h'));

    await approved(sandbox);

    expect(await cardSays(sandbox, /failed/)).toMatchInlineSnapshot(`
      "# ❌ REQ-0001 could not be done
      Set the app session to 24 h and the WARP network session to 48 h
      Asked by @cara
      Reason:
      > The on-call team works in shifts of 12 hours.
      Approved by @dina, 2026-11-21 12:04 UTC
      Failed: what it had changed was put back
      [!] Put back: Set the WARP network session of the Gateway rule “Staff to Open Chat Studio” to 48 h
      [!] Failed: Set the app session to 24 h
      What failed
      The WARP sign-in session (12 h) would be shorter than the app session (24 h): somebody changed a length since this was planned. Look again, and ask anew.
      [Details]
      (Asked 2026-11-21 12:04 UTC. Finished 2026-11-21 12:04 UTC after 1 s.)"
    `);
    expect(historyOf(sandbox)).toMatchInlineSnapshot(`
      [
        "seed: app 8, policy –, sign-in 24, network 24",
        "api: app 8, policy –, sign-in 24, network 48",
        "dashboard: app 8, policy –, sign-in 12, network 48",
        "api: app 8, policy –, sign-in 12, network 24",
      ]
    `);
    expect(brokenMoments(sandbox)).toEqual([]);
    expect(await auditOf(sandbox, 'REQ-0001')).toMatchInlineSnapshot(`
      [
        "request.asked: Cara Lindqvist asked: Set the app session to 24 h and the WARP network session to 48 h. Reason: The on-call team works in shifts of 12 hours.",
        "request.approved: Dina Haddad approved REQ-0001: Set the app session to 24 h and the WARP network session to 48 h.",
        "run.started: Began to carry out REQ-0001: Set the app session to 24 h and the WARP network session to 48 h.",
        "run.step: Done: Set the WARP network session of the Gateway rule “Staff to Open Chat Studio” to 48 h (24 h → 48 h).",
        "run.step: Failed: Set the app session to 24 h. The WARP sign-in session (12 h) would be shorter than the app session (24 h): somebody changed a length since this was planned. Look again, and ask anew.",
        "run.undone: There was nothing to put back: Set the app session to 24 h.",
        "run.undone: Put back: Set the WARP network session of the Gateway rule “Staff to Open Chat Studio” to 48 h.",
        "run.failed: REQ-0001 failed: Set the app session to 24 h and the WARP network session to 48 h. The WARP sign-in session (12 h) would be shorter than the app session (24 h): somebody changed a length since this was planned. Look again, and ask anew. What it had changed was put back.",
      ]
    `);
  });

  it('and has raised the app half-way, so that putting back would break the rule: it is left, and said', async () => {
    const sandbox = await start();
    await asksFor(sandbox, { app: '24h', warpNetwork: '48h' });
    sandbox.cloudflare.after('PUT', 'gateway/rules', () => setsInDashboard(sandbox, 'app', '36h'));

    await approved(sandbox);

    expect(await dmSays(sandbox, 'cara', /could not be done/)).toMatchInlineSnapshot(`
      "❌ REQ-0001 could not be done: Set the app session to 24 h and the WARP network session to 48 h.
      What failed
      • Set the app session to 24 h: Somebody changed the app session since this was planned: it was 8 h and is 36 h now. Look again, and ask anew.
      Do this by hand:
      • Undo: Set the WARP network session of the Gateway rule “Staff to Open Chat Studio” to 48 h. The WARP network session of the Gateway rule “Staff to Open Chat Studio” (24 h) would then be shorter than the app session (36 h), so the WARP network session of the Gateway rule “Staff to Open Chat Studio” stays at 48 h. Decide first which of the two is right. By hand: Zero Trust dashboard → Traffic policies → Firewall policies → Staff to Open Chat Studio → Enforce WARP client session duration (it was 24 h)."
    `);
    expect(lengthsIn(sandbox)).toBe('app 36, policy –, sign-in 24, network 48');
    expect(historyOf(sandbox).filter((entry) => entry.startsWith('api'))).toHaveLength(1);
  });

  it('and has switched the Gateway rule off', async () => {
    const sandbox = await start();
    const { account } = sandbox.cloudflare;
    await asksFor(sandbox, { warpNetwork: '48h' });
    account.editGatewayRule(account.ids.gatewayRule, (body) => {
      body.enabled = false;
    });
    const before = besidesLengths(sandbox);

    await approved(sandbox);

    expect(await dmSays(sandbox, 'cara', /could not be done/)).toMatchInlineSnapshot(`
      "❌ REQ-0001 could not be done: Set the WARP network session to 48 h.
      What failed
      • Set the WARP network session of the Gateway rule “Staff to Open Chat Studio” to 48 h: The Gateway rule “Staff to Open Chat Studio” is off, gone, or does not ask people to sign in to WARP any more: somebody changed that since this was planned. Look again, and ask anew.
      Nothing has been changed."
    `);
    expect(besidesLengths(sandbox)).toEqual(before);
  });
});

/** Cara and Olu ask, Dina approves both, and two workers begin. */
async function both(one: Lengths, other: Lengths): Promise<TestSandbox> {
  const sandbox = await start({ parts: ['bot'] });
  const { slack } = sandbox;
  const worker = await sandbox.start(['worker']);
  await asksFor(sandbox, one);
  await opensSession(sandbox, '', 'olu');
  expect(await sends(sandbox, other, { by: 'olu' })).toEqual({});
  await cardSays(sandbox, /REQ-0002 is waiting for approval/);
  await worker.stop();
  await Promise.all(slack.messages('ocs-approvals').map((card) => slack.as('dina').clicks(card, 'Approve')));
  await areApproved(sandbox, 2);
  await Promise.all([sandbox.start(['worker']), sandbox.start(['worker'])]);
  await ends(sandbox, 'REQ-0001');
  await ends(sandbox, 'REQ-0002');
  return sandbox;
}

/** How each ended: `done`, or the code of what stopped it. */
async function outcomes(sandbox: TestSandbox): Promise<string[]> {
  const entries = await auditAll(sandbox);
  return ['REQ-0001', 'REQ-0002'].map((id) => {
    const end = entries.find((entry) => entry.startsWith(`run.failed: ${id}`));
    if (end === undefined) return 'done';
    return /would be shorter/.test(end) ? 'would break the rule' : /Somebody changed/.test(end) ? 'changed' : end;
  });
}

describe('two requests at the same moment, with two workers', () => {
  it('for the same length: one is done, and the other says that it was changed', async () => {
    const sandbox = await both({ app: '12h' }, { app: '16h' });

    const ended = await outcomes(sandbox);

    expect(ended.toSorted()).toEqual(['changed', 'done']);
    expect(lengthsIn(sandbox)).toBe(`app ${ended[0] === 'done' ? 12 : 16}, policy –, sign-in 24, network 24`);
    expect(historyOf(sandbox)).toHaveLength(2);
  });

  it('which together would break the rule: whichever comes first is done, and the rule holds', async () => {
    const sandbox = await both({ app: '24h' }, { warpSignIn: '12h', warpNetwork: '12h' });

    expect(brokenMoments(sandbox)).toEqual([]);
    expect((await outcomes(sandbox)).toSorted()).toEqual(['done', 'would break the rule']);
    expect(['app 24, policy –, sign-in 24, network 24', 'app 8, policy –, sign-in 12, network 12']).toContain(
      lengthsIn(sandbox),
    );
  });
});

it('a colleague is let in by the very policy at the same moment: neither write is lost', async () => {
  const sandbox = await start({ cloudflare: { policySession: '6h' } });
  const { slack, cloudflare } = sandbox;
  await sandbox.start(['worker']);
  await asksFor(sandbox, { app: '12h' });
  await asksForAna(sandbox);
  await cardSays(sandbox, /REQ-0002 is waiting for approval/);
  // Long enough for one to read and write what the other is about to overwrite, if nothing kept them apart.
  cloudflare.faults.add({ method: 'PUT', path: `policies/${cloudflare.account.ids.policy}`, latencyMs: 600 });

  await Promise.all(slack.messages('ocs-approvals').map((card) => slack.as('dina').clicks(card, 'Approve')));
  expect(await ends(sandbox, 'REQ-0001')).toContain('is done');
  expect(await ends(sandbox, 'REQ-0002')).toContain('is done');

  expect(lengthsIn(sandbox)).toBe('app 12, policy 12, sign-in 24, network 24');
  expect(cloudflare.account.emails()).toContain('ana.souza@lanternhealth.example');
});

describe('Cloudflare fails half-way', () => {
  const EVERY = { appSession: '12h', policySession: '12h', warpSession: '24h', networkSession: '24h' } as const;

  it('because the token lost a permission: what was made longer is put back, WARP last', async () => {
    const sandbox = await start({ cloudflare: { ...EVERY, warpSession: '12h', networkSession: '12h' } });
    const { account } = sandbox.cloudflare;
    const before = besidesLengths(sandbox);
    await asksFor(sandbox, { app: '24h', warpSignIn: '36h', warpNetwork: '36h' });
    // The policy is written, and the app can't be.
    sandbox.cloudflare.after('PUT', 'policies', () => account.setPermissions(READ_ONLY));

    // With what the token may again once somebody has mended it, for the policy to be put back.
    sandbox.cloudflare.after('PUT', /access\/apps\/[^/]+$/, () =>
      account.setPermissions([...READ_ONLY, 'Access: Apps and Policies Write']),
    );
    await approved(sandbox);

    expect(await cardSays(sandbox, /failed/)).toMatchInlineSnapshot(`
      "# ❌ REQ-0001 could not be done
      Set the app session to 24 h, the WARP sign-in session to 36 h, and the WARP network session to 36 h
      Asked by @cara
      Reason:
      > The on-call team works in shifts of 12 hours.
      Approved by @dina, 2026-11-21 12:04 UTC
      Failed: what it had changed was put back
      [!] Put back: Set the WARP sign-in session to 36 h
      [!] Put back: Set the WARP network session of the Gateway rule “Staff to Open Chat Studio” to 36 h
      [!] Put back: Set the session of the policy “Team access” to 24 h
      [!] Failed: Set the app session to 24 h
      What failed
      The Cloudflare API token lacks the permission “Access: Apps and Policies → Edit”, which is needed to write an application (PUT access/apps/:id, HTTP 403, error 10000, cf-ray 0a1b2c3d-FRA). Add it at dash.cloudflare.com → My Profile (or Manage Account, if the account owns the token) → API Tokens → Edit. If it is there, CLOUDFLARE_ACCOUNT_ID names an account that the token is not for.
      [Details]
      (Asked 2026-11-21 12:04 UTC. Finished 2026-11-21 12:04 UTC after 1 s.)"
    `);
    const history = historyOf(sandbox);
    expect(history.slice(-3)).toEqual([
      'api: app 12, policy 12, sign-in 36, network 36',
      'api: app 12, policy 12, sign-in 36, network 12',
      'api: app 12, policy 12, sign-in 12, network 12',
    ]);
    expect(brokenMoments(sandbox)).toEqual([]);
    expect(besidesLengths(sandbox)).toEqual(before);
  });

  it('because the token lost a permission: what was made shorter is put back, WARP first', async () => {
    const sandbox = await start({ cloudflare: EVERY });
    const { account } = sandbox.cloudflare;
    await asksFor(sandbox, { app: '8h', warpSignIn: '8h', warpNetwork: '8h' });
    sandbox.cloudflare.after('PUT', /access\/apps\/[^/]+$/, () =>
      account.removePermission('Access: Organizations, Identity Providers, and Groups Write'),
    );
    // A token that may not even read could see nothing of what it did.
    account.state.token.permissions.add('Access: Organizations, Identity Providers, and Groups Read');

    await approved(sandbox);

    expect(await dmSays(sandbox, 'cara', /could not be done/)).toMatchInlineSnapshot(`
      "❌ REQ-0001 could not be done: Set the app session to 8 h, the WARP sign-in session to 8 h, and the WARP network session to 8 h.
      What failed
      • Set the WARP sign-in session to 8 h: The Cloudflare API token lacks the permission “Access: Organizations, Identity Providers, and Groups → Edit”, which is needed to write the Zero Trust organisation (PUT access/organizations, HTTP 403, error 10000, cf-ray 0a1b2c3d-FRA). Add it at dash.cloudflare.com → My Profile (or Manage Account, if the account owns the token) → API Tokens → Edit. If it is there, CLOUDFLARE_ACCOUNT_ID names an account that the token is not for.
      What was put back
      • Set the session of the policy “Team access” to 8 h (12 h → 8 h)
      • Set the app session to 8 h (12 h → 8 h)
      • Set the WARP network session of the Gateway rule “Staff to Open Chat Studio” to 8 h (24 h → 8 h)"
    `);
    expect(historyOf(sandbox).at(-1)).toBe('api: app 12, policy 12, sign-in 24, network 24');
    expect(brokenMoments(sandbox)).toEqual([]);
  });

  it('and it can’t even put back: what is left is to be done by hand, with what it was', async () => {
    const sandbox = await start({ cloudflare: { warpSession: '12h' } });
    const { account } = sandbox.cloudflare;
    await asksFor(sandbox, { app: '24h', warpSignIn: '24h' });
    sandbox.cloudflare.after('PUT', 'access/organizations', () =>
      account.setPermissions([
        'Access: Apps and Policies Read',
        'Access: Organizations, Identity Providers, and Groups Read',
        'Zero Trust Read',
      ]),
    );

    await approved(sandbox);

    expect(await dmSays(sandbox, 'cara', /could not be done/)).toMatchInlineSnapshot(`
      "❌ REQ-0001 could not be done: Set the app session to 24 h and the WARP sign-in session to 24 h.
      What failed
      • Set the app session to 24 h: The Cloudflare API token lacks the permission “Access: Apps and Policies → Edit”, which is needed to write an application (PUT access/apps/:id, HTTP 403, error 10000, cf-ray 0a1b2c3d-FRA). Add it at dash.cloudflare.com → My Profile (or Manage Account, if the account owns the token) → API Tokens → Edit. If it is there, CLOUDFLARE_ACCOUNT_ID names an account that the token is not for.
      Do this by hand:
      • Undo: Set the WARP sign-in session to 24 h. The Cloudflare API token lacks the permission “Access: Organizations, Identity Providers, and Groups → Edit”, which is needed to write the Zero Trust organisation (PUT access/organizations, HTTP 403, error 10000, cf-ray 0a1b2c3d-FRA). Add it at dash.cloudflare.com → My Profile (or Manage Account, if the account owns the token) → API Tokens → Edit. If it is there, CLOUDFLARE_ACCOUNT_ID names an account that the token is not for. By hand: Zero Trust dashboard → Team & Resources → Devices → Management → Device enrollment permissions → Login methods → Session duration (it was 12 h)."
    `);
    expect(lengthsIn(sandbox)).toBe('app 8, policy –, sign-in 24, network 24');
    expect(brokenMoments(sandbox)).toEqual([]);
  });

  it.each([
    ['a 500 after the write', { status: 500, afterWrite: true }],
    ['the connection cut after the write', { dropConnection: true, afterWrite: true }],
    ['a 500 before the write', { status: 500 }],
    ['a 429 that asks for half a minute', { retryAfterSeconds: 30 }],
  ] as const)('with %s, at each of four writes: it goes on, and nothing is written twice', async (_what, fault) => {
    const sandbox = await start({ cloudflare: { ...EVERY, warpSession: '12h', networkSession: '12h' } });
    await asksFor(sandbox, { app: '24h', warpSignIn: '36h', warpNetwork: '36h' });
    for (const path of ['access/organizations', 'gateway/rules', 'policies', /access\/apps\/[^/]+$/]) {
      sandbox.cloudflare.faults.add({ ...fault, method: 'PUT', path });
    }
    sandbox.cloudflare.clearCalls();

    expect(await approved(sandbox)).toContain('is done');

    expect(historyOf(sandbox)).toHaveLength(5);
    expect(historyOf(sandbox).at(-1)).toBe('api: app 24, policy 24, sign-in 36, network 36');
    expect(brokenMoments(sandbox)).toEqual([]);
    const isWritten = 'afterWrite' in fault;
    expect(writesIn(sandbox)).toHaveLength(isWritten ? 4 : 8);
  });

  it('for good: after six tries it stops and puts back', async () => {
    const sandbox = await start({ cloudflare: { warpSession: '12h' } });
    await asksFor(sandbox, { app: '24h', warpSignIn: '24h' });
    sandbox.cloudflare.faults.add({ method: 'PUT', path: /access\/apps\/[^/]+$/, status: 503, times: Infinity });

    await approved(sandbox);

    expect(await dmSays(sandbox, 'cara', /could not be done/)).toMatchInlineSnapshot(`
      "❌ REQ-0001 could not be done: Set the app session to 24 h and the WARP sign-in session to 24 h.
      What failed
      • Set the app session to 24 h: Cloudflare could not write an application just now (PUT access/apps/:id, HTTP 503, error 10500, cf-ray 0a1b2c3d-FRA). Tried 6 times.
      What was put back
      • Set the WARP sign-in session to 24 h (12 h → 24 h)"
    `);
    expect(lengthsIn(sandbox)).toBe('app 8, policy –, sign-in 12, network 24');
    expect(brokenMoments(sandbox)).toEqual([]);
  });
});
