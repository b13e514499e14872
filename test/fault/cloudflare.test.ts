import { expect, it } from 'vitest';
import { asksForAna, auditOf, cardOf, cardSays, dmSays, fillsForm, SERIAL } from '../flow/onboarding-driver.ts';
import { spawnHouse } from '../harness/spawn-house.ts';
import { useSandbox, type TestSandbox } from '../harness/use-sandbox.ts';

const start = useSandbox();
const ANA = 'ana.souza@lanternhealth.example';

async function approve(sandbox: TestSandbox, who = 'cara'): Promise<void> {
  await sandbox.slack.as(who).clicks(cardOf(sandbox), 'Approve');
}

function writes({ cloudflare }: TestSandbox): string[] {
  return cloudflare.calls
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${path.split('/')[3] ?? ''}`);
}

/** A policy without the time of its last change, its rules in no particular order. */
function asSet(policy: unknown): unknown {
  const {
    updatedAt: _at,
    body,
    ...rest
  } = structuredClone(policy) as { updatedAt: unknown; body: { include: unknown[] } };
  return { ...rest, body: { ...body, include: body.include.map((rule) => JSON.stringify(rule)).toSorted() } };
}

it('keeps what somebody changed in the dashboard between the plan and the write', async () => {
  const sandbox = await start();
  const { account } = sandbox.cloudflare;
  await asksForAna(sandbox);

  account.addPerson('new.in.dashboard@lanternhealth.example');
  await approve(sandbox);

  await cardSays(sandbox, /✅ REQ-0001/);
  expect(account.emails()).toContain(ANA);
  expect(account.emails()).toContain('new.in.dashboard@lanternhealth.example');
});

it('writes again when somebody’s edit in the dashboard swallowed its own', async () => {
  const sandbox = await start();
  const { account } = sandbox.cloudflare;
  await asksForAna(sandbox);
  // They had the page open from before, press Save right after our write, and so write us out.
  sandbox.cloudflare.after('PUT', account.ids.policy, () => {
    account.removePerson(ANA);
    account.addPerson('typed.meanwhile@lanternhealth.example');
  });

  await approve(sandbox);

  await cardSays(sandbox, /✅ REQ-0001/);
  expect(account.emails()).toContain(ANA);
  expect(account.emails()).toContain('typed.meanwhile@lanternhealth.example');
});

it('changes nothing in the policy but the one rule', async () => {
  const sandbox = await start();
  const { account } = sandbox.cloudflare;
  const policyBefore = structuredClone(account.state.policies.get(account.ids.policy));
  await asksForAna(sandbox);

  await approve(sandbox);

  await cardSays(sandbox, /✅ REQ-0001/);
  const policyAfter = structuredClone(account.state.policies.get(account.ids.policy));
  account.removePerson(ANA);
  const withoutAna = account.state.policies.get(account.ids.policy);
  expect(asSet(withoutAna)).toEqual(asSet(policyBefore));
  expect(asSet(policyAfter)).not.toEqual(asSet(policyBefore));
});

it('waits out a 429 without holding the worker, and says until when', async () => {
  const sandbox = await start({ env: { WORKER_CONCURRENCY: '1' } });
  const { slack, cloudflare } = sandbox;
  await asksForAna(sandbox);
  const first = cardOf(sandbox);
  cloudflare.faults.add({ method: 'GET', path: /gateway\/lists/, status: 429, retryAfterSeconds: 60 });

  await approve(sandbox);
  await slack.until(() => /until/.test(slack.text(slack.messages('ocs-approvals')[0] ?? first)), { what: 'the wait' });

  await slack.as('ben').closes({ all: true });
  await fillsForm(sandbox, { person: 'dina', serial: '5CD0000XYZ' });
  await slack.as('ben').submits();
  await cardSays(sandbox, /REQ-0002[\s\S]*waiting for approval/);
  await approve(sandbox);
  await cardSays(sandbox, /✅ REQ-0002/);
  expect(slack.text(slack.messages('ocs-approvals')[0] ?? first)).toMatch(/Cloudflare[\s\S]*until/);
});

it('goes on by itself after a short 429', async () => {
  const sandbox = await start();
  await asksForAna(sandbox);
  sandbox.cloudflare.faults.add({ method: 'PATCH', path: /gateway\/lists/, status: 429, retryAfterSeconds: 1 });

  await approve(sandbox);

  await cardSays(sandbox, /✅ REQ-0001/);
  expect(sandbox.cloudflare.account.serials().filter((one) => one === SERIAL)).toHaveLength(1);
});

it('looks before it writes again after a 500 that had written', async () => {
  const sandbox = await start();
  await asksForAna(sandbox);
  sandbox.cloudflare.faults.add({ method: 'PATCH', path: /gateway\/lists/, status: 500, afterWrite: true });
  sandbox.cloudflare.faults.add({ method: 'PUT', path: /policies/, dropConnection: true, afterWrite: true });

  await approve(sandbox);

  await cardSays(sandbox, /✅ REQ-0001/);
  expect(writes(sandbox).filter((write) => write.startsWith('PATCH'))).toHaveLength(1);
  expect(writes(sandbox).filter((write) => write.startsWith('PUT'))).toHaveLength(2);
});

it('believes no 200 that says success: false', async () => {
  const sandbox = await start();
  await asksForAna(sandbox);
  sandbox.cloudflare.faults.add({ method: 'PATCH', path: /gateway\/lists/, successFalse: true, times: Infinity });

  await approve(sandbox);

  expect(await cardSays(sandbox, /could not be done/)).toMatchInlineSnapshot(`
    "# ❌ REQ-0001 could not be done
    Give Ana Souza access with their device (serial number C02XK0AZJG5J)
    Asked by @ben
    For @ana (ana.souza@lanternhealth.example)
    Reason:
    > Joins the clinic team on Monday
    Approved by @cara, 2026-11-21 12:04 UTC
    Failed: what it had given was taken back
    [!] Failed: Put serial C02XK0AZJG5J into the list “Lantern laptops”
    [!] Taken back: Let ana.souza@lanternhealth.example in by the policy “Who may enrol” (device enrolment)
    [ ] Not done: Let ana.souza@lanternhealth.example in by the policy “Team access” (Open Chat Studio)
    [ ] Not done: Send Ana Souza the steps to sign in
    [ ] Not done: Keep the access of Ana Souza without an end date
    What failed
    Cloudflare refused to add an entry to a list (PATCH gateway/lists/:id, HTTP 200, error 10500, cf-ray 0a1b2c3d-FRA).
    [Details]
    (Asked 2026-11-21 12:04 UTC. Finished 2026-11-21 12:04 UTC after 1 s.)"
  `);
  expect(sandbox.cloudflare.account.serials()).not.toContain(SERIAL);
  expect(sandbox.cloudflare.account.couldEnrol(ANA)).toBe(false);
  expect(sandbox.cloudflare.account.emails()).not.toContain(ANA);
});

it('takes back what it had granted when a later step fails, and says so', async () => {
  const sandbox = await start();
  const { cloudflare } = sandbox;
  await asksForAna(sandbox);
  cloudflare.faults.add({ method: 'PUT', path: cloudflare.account.ids.policy, status: 403, times: Infinity });

  await approve(sandbox);

  expect(await cardSays(sandbox, /could not be done/)).toMatchInlineSnapshot(`
    "# ❌ REQ-0001 could not be done
    Give Ana Souza access with their device (serial number C02XK0AZJG5J)
    Asked by @ben
    For @ana (ana.souza@lanternhealth.example)
    Reason:
    > Joins the clinic team on Monday
    Approved by @cara, 2026-11-21 12:04 UTC
    Failed: what it had given was taken back
    [!] Taken back: Put serial C02XK0AZJG5J into the list “Lantern laptops”
    [!] Taken back: Let ana.souza@lanternhealth.example in by the policy “Who may enrol” (device enrolment)
    [!] Failed: Let ana.souza@lanternhealth.example in by the policy “Team access” (Open Chat Studio)
    [ ] Not done: Send Ana Souza the steps to sign in
    [ ] Not done: Keep the access of Ana Souza without an end date
    What failed
    The Cloudflare API token lacks the permission “Access: Apps and Policies → Edit”, which is needed to write a policy (PUT access/apps/:id/policies/:id, HTTP 403, error 10500, cf-ray 0a1b2c3d-FRA). Add it at dash.cloudflare.com → My Profile (or Manage Account, if the account owns the token) → API Tokens → Edit. If it is there, CLOUDFLARE_ACCOUNT_ID names an account that the token is not for.
    [Details]
    (Asked 2026-11-21 12:04 UTC. Finished 2026-11-21 12:04 UTC after 1 s.)"
  `);
  expect(await dmSays(sandbox, 'ben', /# ❌/)).toContain('A message below says why.');
  expect(await dmSays(sandbox, 'ben', /What failed/)).toMatchInlineSnapshot(`
    "❌ REQ-0001 could not be done: Give Ana Souza access with their device (serial number C02XK0AZJG5J).
    What failed
    • Let ana.souza@lanternhealth.example in by the policy “Team access” (Open Chat Studio): The Cloudflare API token lacks the permission “Access: Apps and Policies → Edit”, which is needed to write a policy (PUT access/apps/:id/policies/:id, HTTP 403, error 10500, cf-ray 0a1b2c3d-FRA). Add it at dash.cloudflare.com → My Profile (or Manage Account, if the account owns the token) → API Tokens → Edit. If it is there, CLOUDFLARE_ACCOUNT_ID names an account that the token is not for.
    What was taken back
    • Put serial C02XK0AZJG5J into the list “Lantern laptops”
    • Let ana.souza@lanternhealth.example in by the policy “Who may enrol” (device enrolment)
    What was not done
    • Send Ana Souza the steps to sign in
    • Keep the access of Ana Souza without an end date"
  `);
  expect(cloudflare.account.serials()).not.toContain(SERIAL);
  expect(cloudflare.account.couldEnrol(ANA)).toBe(false);
  expect(sandbox.slack.dms('ana')).toEqual([]);
  expect(await auditOf(sandbox, 'REQ-0001')).toMatchInlineSnapshot(`
    [
      "request.asked: Ben Okafor asked: Give Ana Souza access with their device (serial number C02XK0AZJG5J). Reason: Joins the clinic team on Monday",
      "request.approved: Cara Lindqvist approved REQ-0001: Give Ana Souza access with their device (serial number C02XK0AZJG5J).",
      "run.started: Began to carry out REQ-0001: Give Ana Souza access with their device (serial number C02XK0AZJG5J).",
      "run.step: Done: Put serial C02XK0AZJG5J into the list “Lantern laptops” (15 → 16 serials).",
      "run.step: Done: Let ana.souza@lanternhealth.example in by the policy “Who may enrol” (device enrolment) (14 → 15 people).",
      "run.step: Failed: Let ana.souza@lanternhealth.example in by the policy “Team access” (Open Chat Studio). The Cloudflare API token lacks the permission “Access: Apps and Policies → Edit”, which is needed to write a policy (PUT access/apps/:id/policies/:id, HTTP 403, error 10500, cf-ray 162975c396bf88e1-FRA). Add it at dash.cloudflare.com → My Profile (or Manage Account, if the account owns the token) → API Tokens → Edit. If it is there, CLOUDFLARE_ACCOUNT_ID names an account that the token is not for.",
      "run.undone: Nothing was left of: Let ana.souza@lanternhealth.example in by the policy “Team access” (Open Chat Studio).",
      "run.undone: Taken back: Let ana.souza@lanternhealth.example in by the policy “Who may enrol” (device enrolment).",
      "run.undone: Taken back: Put serial C02XK0AZJG5J into the list “Lantern laptops”.",
      "run.failed: REQ-0001 failed: Give Ana Souza access with their device (serial number C02XK0AZJG5J). The Cloudflare API token lacks the permission “Access: Apps and Policies → Edit”, which is needed to write a policy (PUT access/apps/:id/policies/:id, HTTP 403, error 10500, cf-ray 162975c396bf88e1-FRA). Add it at dash.cloudflare.com → My Profile (or Manage Account, if the account owns the token) → API Tokens → Edit. If it is there, CLOUDFLARE_ACCOUNT_ID names an account that the token is not for. What it had changed was taken back.",
    ]
  `);
});

it('says at once that Cloudflare does not answer, and keeps what was typed', async () => {
  const sandbox = await start();
  const { slack, cloudflare } = sandbox;
  await fillsForm(sandbox, { person: 'ana', serial: SERIAL });
  cloudflare.faults.add({ status: 503, times: Infinity });

  await slack.as('ben').submits();
  const answer = await slack.until(() => slack.as('ben').view(), { what: 'the answer' });
  expect(slack.text(answer)).toMatchInlineSnapshot(`
    "== Add a colleague ==
    ⚠️ That did not work right now. Cloudflare could not read the applications just now (GET access/apps, HTTP 503, error 10500, cf-ray d84090bbbe6d8177-FRA). Nothing was changed unless a message here says so; please try again in a minute.
    Several people at once?  [Paste a list]
    Who gets access?
    One of these two is enough.
    Pick them in Slack (optional): @ana
    …or type their e-mail, if they are not in Slack (optional): <name@organisation.org>
      Their sign-in code goes to this address.
    Their device
    Type its serial number, or let them type it.
    What does their computer run? (optional): <macOS, Windows or Linux>
    Choose above, and this place says where the serial number is found.
    Its serial number (optional): C02XK0AZJG5J
      Usually 7 to 14 letters and digits. Capitals don’t matter.
    …or let them type it (optional): <empty>
    Until when?
    A day or a duration, or neither for no end.
    Last day (optional): <Choose a day>
      Their access ends by itself after that day. Leave it empty for access without an end.
    …or for how long (optional): <30d>
      30d for 30 days, 2w for 2 weeks, 3m for 3 months.
    Why?: Joins the clinic team on Monday
      The approver and, months later, an auditor read this.
    [Ask for approval] [Cancel]"
  `);

  cloudflare.faults.clear();
  await slack.as('ben').closes({ all: true });
  await slack.as('ben').types('/ocs-access add');
  await slack.until(() => slack.as('ben').view()?.submit, { what: 'the form' });
  expect(JSON.stringify(slack.as('ben').view()?.values)).toContain(SERIAL);
});

it('answers in time although Cloudflare is slow, and shows the result later', async () => {
  const sandbox = await start();
  const { slack, cloudflare } = sandbox;
  await fillsForm(sandbox, { person: 'ana', serial: SERIAL });
  cloudflare.latency(1500);

  const sent = await slack.as('ben').submits();

  expect(sent.acked).toBe(true);
  expect(sent.ackMs).toBeLessThan(3000);
  await slack.until(() => slack.text(slack.as('ben').view() ?? cardOf(sandbox)).includes('REQ-0001'), {
    what: 'the result',
    timeoutMs: 10_000,
  });
});

it('resumes at the recorded step when the worker is killed between the serial and the address', async () => {
  const sandbox = await start({ parts: ['bot'] });
  const { slack, cloudflare } = sandbox;
  const worker = await spawnHouse(['worker'], sandbox.env);
  await asksForAna(sandbox);
  const killed = new Promise<void>((resolve) => {
    cloudflare.after('PATCH', /gateway\/lists/, () => void worker.kill().then(resolve));
  });

  await approve(sandbox);
  await killed;
  expect(cloudflare.account.serials()).toContain(SERIAL);
  expect(cloudflare.account.emails()).not.toContain(ANA);
  const second = await spawnHouse(['worker'], sandbox.env);

  await slack.until(() => /✅ REQ-0001/.test(slack.text(cardOf(sandbox))), { what: 'the end', timeoutMs: 60_000 });
  await second.kill();
  expect(cloudflare.account.emails()).toContain(ANA);
  expect(cloudflare.account.serials().filter((one) => one === SERIAL)).toHaveLength(1);
  expect(writes(sandbox).filter((write) => write.startsWith('PATCH'))).toHaveLength(1);
}, 90_000);

it('runs a request once although three workers stand by', async () => {
  const sandbox = await start();
  await sandbox.start(['worker']);
  await sandbox.start(['worker']);
  await asksForAna(sandbox);

  await approve(sandbox);

  await cardSays(sandbox, /✅ REQ-0001/);
  expect(writes(sandbox)).toHaveLength(3);
  expect((await auditOf(sandbox, 'REQ-0001')).filter((line) => line.startsWith('run.finished'))).toHaveLength(1);
});
