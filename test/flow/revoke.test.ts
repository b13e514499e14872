import { expect, it } from 'vitest';
import { passTime } from '../harness/pass-time.ts';
import { useSandbox } from '../harness/use-sandbox.ts';
import { BEN, channelSays, letIn, NO_TRACE, tracesOf } from './leaving-driver.ts';
import { auditOf, cardOf, cardSays, dmSays } from './onboarding-driver.ts';
import { ends, fillsRevoke, inStages, readsPlan, revokes } from './revoke-driver.ts';

const start = useSandbox();

it('an approver takes everything from a leaver, reads the plan first, and gets the proof', async () => {
  const sandbox = await start();
  const { slack, cloudflare } = sandbox;
  letIn(sandbox, BEN);
  expect(tracesOf(sandbox, BEN)).not.toEqual(NO_TRACE);

  const plan = await revokes(sandbox);
  expect(plan).toMatchInlineSnapshot(`
    "== Revoke access ==
    Revoke all access of Ben Okafor?
    What will be done, in 9 steps
    1. Take ben.okafor@lanternhealth.example out of the policy “Who may enrol” (device enrolment): 15 → 14 people
    2. Take ben.okafor@lanternhealth.example out of the policy “Team access” (Open Chat Studio): 15 → 14 people
    3. Take serial 5CG0917BEN out of the list “Lantern laptops”: 16 → 15 serials
    4. Remove the device “ben.okafor-laptop” (…7BEN)
    5. End every WARP registration of ben.okafor@lanternhealth.example
    6. End all sessions of ben.okafor@lanternhealth.example
    7. Free the seat of ben.okafor@lanternhealth.example
    8. Watch for attempts of ben.okafor@lanternhealth.example to come in again
    9. Read everything back and make sure that Ben Okafor can’t get in
    (Nothing has been done yet. It needs nobody’s approval and begins when you press the button.)
    [Revoke now] [Cancel]"
  `);
  await ends(sandbox);

  expect(tracesOf(sandbox, BEN)).toEqual(NO_TRACE);
  expect(cloudflare.account.waysIn(BEN.email)).toEqual([]);
  expect(cloudflare.account.hasSeat(BEN.email)).toBe(false);
  expect(await dmSays(sandbox, 'cara', /It took/)).toMatchInlineSnapshot(`
    "✅ REQ-0001 is done: Revoke all access of Ben Okafor.
    What was done
    • Take ben.okafor@lanternhealth.example out of the policy “Who may enrol” (device enrolment)
    • Take ben.okafor@lanternhealth.example out of the policy “Team access” (Open Chat Studio)
    • Take serial 5CG0917BEN out of the list “Lantern laptops”
    • Remove the device “ben.okafor-laptop” (…7BEN)
    • End every WARP registration of ben.okafor@lanternhealth.example
    • End all sessions of ben.okafor@lanternhealth.example
    • Free the seat of ben.okafor@lanternhealth.example
    • Watch for attempts of ben.okafor@lanternhealth.example to come in again
    • Read everything back and make sure that Ben Okafor can’t get in
    What was found
    • Read back at the end: no policy lets Ben Okafor in, 0 devices, 0 sessions.
    (It took 1 s, and everything was checked afterwards.)"
  `);
  expect(await channelSays(sandbox, 'ocs-audit', /REQ-0001 is done/)).toMatchInlineSnapshot(`
    "# ✅ REQ-0001 is done
    Revoke all access of Ben Okafor
    Action: revoke
    Asked by: @cara (U05CARA0001), 2026-11-21 12:04 UTC
    About: Ben Okafor (ben.okafor@lanternhealth.example)
    Approval: none needed
    Outcome: done, 2026-11-21 12:04 UTC, 1 s after it started
    Reason given:
    > Leaves today
    Steps
    1. Take ben.okafor@lanternhealth.example out of the policy “Who may enrol” (device enrolment): done
    2. Take ben.okafor@lanternhealth.example out of the policy “Team access” (Open Chat Studio): done
    3. Take serial 5CG0917BEN out of the list “Lantern laptops”: done
    4. Remove the device “ben.okafor-laptop” (…7BEN): done
    5. End every WARP registration of ben.okafor@lanternhealth.example: done
    6. End all sessions of ben.okafor@lanternhealth.example: done
    7. Free the seat of ben.okafor@lanternhealth.example: done
    8. Watch for attempts of ben.okafor@lanternhealth.example to come in again: done
    9. Read everything back and make sure that Ben Okafor can’t get in: checked
    What was found
    • Read back at the end: no policy lets Ben Okafor in, 0 devices, 0 sessions.
    (Plan c750ac12389a. The audit log holds every step.)"
  `);
  expect(inStages(await auditOf(sandbox, 'REQ-0001'), [3, 3, 2, 1])).toMatchInlineSnapshot(`
    [
      "request.asked: Cara Lindqvist asked: Revoke all access of Ben Okafor. Reason: Leaves today",
      "run.started: Began to carry out REQ-0001: Revoke all access of Ben Okafor.",
      "run.step: Done: Take ben.okafor@lanternhealth.example out of the policy “Team access” (Open Chat Studio) (15 → 14 people).",
      "run.step: Done: Take ben.okafor@lanternhealth.example out of the policy “Who may enrol” (device enrolment) (15 → 14 people).",
      "run.step: Done: Take serial 5CG0917BEN out of the list “Lantern laptops” (16 → 15 serials).",
      "run.step: Done: End all sessions of ben.okafor@lanternhealth.example.",
      "run.step: Done: End every WARP registration of ben.okafor@lanternhealth.example.",
      "run.step: Done: Remove the device “ben.okafor-laptop” (…7BEN).",
      "run.step: Done: Free the seat of ben.okafor@lanternhealth.example.",
      "run.step: Done: Watch for attempts of ben.okafor@lanternhealth.example to come in again.",
      "run.step: Checked: Read everything back and make sure that Ben Okafor can’t get in. Read back at the end: no policy lets Ben Okafor in, 0 devices, 0 sessions.",
      "run.finished: REQ-0001 is done: Revoke all access of Ben Okafor.",
    ]
  `);
  expect(slack.dms('ben')).toEqual([]);
});

it('a member asks, an approver decides, and nothing happens before', async () => {
  const sandbox = await start();
  const { slack } = sandbox;
  letIn(sandbox, BEN);

  await fillsRevoke(sandbox, 'ana', '/ocs-access revoke @ben');
  await slack.as('ana').submits();
  await cardSays(sandbox, /waiting for approval/);
  expect(tracesOf(sandbox, BEN).hasSession).toBe(true);
  await slack.as('dina').clicks(cardOf(sandbox), 'Approve');
  await ends(sandbox);

  expect(tracesOf(sandbox, BEN)).toEqual(NO_TRACE);
});

it('bars a leaver whom a domain rule would let in, and says why', async () => {
  const sandbox = await start({ cloudflare: { enrolmentDomain: true } });
  letIn(sandbox, BEN);

  const plan = await revokes(sandbox);
  expect(plan).toMatch(/everybody at lanternhealth\.example.*would still let Ben Okafor in/s);
  await ends(sandbox);

  expect(tracesOf(sandbox, BEN)).toEqual(NO_TRACE);
});

it('reports an attempt after the revocation in the thread, a minute later', async () => {
  const sandbox = await start();
  const { slack, cloudflare, clock } = sandbox;
  letIn(sandbox, BEN);
  await revokes(sandbox);
  await ends(sandbox);

  clock.forward(20_000);
  expect(cloudflare.account.login(BEN.email, BEN.serial)).toBe(false);
  await passTime(sandbox, 60_000);

  const card = await slack.until(() => slack.messages('ocs-approvals').find(({ replies }) => replies.length > 0), {
    what: 'a reply in the thread',
    timeoutMs: 20_000,
  });
  expect(slack.text(card)).toMatch(/refused|turned away/);
});

it('takes the devices only, and leaves the person their access', async () => {
  const sandbox = await start();
  const { slack, cloudflare } = sandbox;
  letIn(sandbox, BEN);

  const cara = slack.as('cara');
  await fillsRevoke(sandbox, 'cara', '/ocs-access revoke @ben');
  await cara.sets('scope', 'devices');
  await readsPlan(sandbox, 'cara');
  await cara.submits();
  await ends(sandbox);

  expect(tracesOf(sandbox, BEN)).toMatchObject({
    registrations: 0,
    serialListed: false,
    hasSession: false,
    canEnrol: true,
  });
  expect(cloudflare.account.emails()).toContain(BEN.email);
});

it.each([
  ['somebody without access', 'gus.moreau@lanternhealth.example', /has no access here/],
  ['an address with a slip', 'ben.okafr@lanternhealth.example', /has no access here/],
])('refuses %s at the field, and stores nothing', async (_what, email, words) => {
  const sandbox = await start();
  const { slack } = sandbox;
  letIn(sandbox, BEN);
  const cara = slack.as('cara');
  await fillsRevoke(sandbox, 'cara', `/ocs-access revoke ${email}`);
  const { errors = {} } = await cara.submits();
  expect(Object.values(errors).join(' ')).toMatch(words);
  expect(slack.messages('ocs-approvals')).toEqual([]);
});

it('tells a plan that has changed since it was read, and runs nothing', async () => {
  const sandbox = await start();
  const { slack, cloudflare } = sandbox;
  letIn(sandbox, BEN);
  const cara = slack.as('cara');
  await fillsRevoke(sandbox, 'cara', '/ocs-access revoke @ben');
  await readsPlan(sandbox, 'cara');
  cloudflare.account.addPolicy(cloudflare.account.ids.app, {
    name: 'Contractors',
    include: [{ email: { email: BEN.email } }],
  });
  await cara.submits();

  const view = await slack.until(() => cara.view(), { what: 'the new plan' });
  expect(slack.text(view)).toMatch(/changed/);
  expect(slack.text(view)).toMatch(/Contractors/);
  expect(tracesOf(sandbox, BEN).hasSession).toBe(true);
  await cara.submits();
  await ends(sandbox);
  expect(cloudflare.account.waysIn(BEN.email)).toEqual([]);
});

it('goes on with the others when a step fails, calls the approvers after two minutes, and ends when it is mended by hand', async () => {
  const sandbox = await start();
  const { slack, cloudflare } = sandbox;
  letIn(sandbox, BEN);
  cloudflare.faults.add({ method: 'PUT', path: /policies/, status: 403, times: Infinity });
  await revokes(sandbox);
  await slack.until(() => !cloudflare.account.hasSession(BEN.email), {
    what: 'the sessions to end',
    timeoutMs: 20_000,
  });
  expect(cloudflare.account.serials()).not.toContain(BEN.serial);

  await passTime(sandbox, 2 * 60_000);
  const called = await slack.until(
    () =>
      slack
        .messages('ocs-approvals')
        .flatMap(({ replies }) => replies)
        .find((reply) => /by hand/i.test(slack.text(reply))),
    { what: 'the call for the approvers', timeoutMs: 20_000 },
  );
  expect(slack.text(called)).toMatch(/@ocs-approvers/);
  expect(slack.text(called)).toMatch(/Zero Trust dashboard/);

  cloudflare.account.removePerson(BEN.email);
  cloudflare.account.removePerson(BEN.email, cloudflare.account.ids.enrolmentPolicy);
  await passTime(sandbox, 60_000);
  await channelSays(sandbox, 'ocs-audit', /REQ-0001 is done/);
  expect(tracesOf(sandbox, BEN)).toEqual(NO_TRACE);
  expect(await dmSays(sandbox, 'cara', /It took/)).toMatch(/What was done/);
  const calls = (await auditOf(sandbox, 'REQ-0001')).filter((entry) => entry.startsWith('run.stuck'));
  expect(calls).toEqual(['run.stuck: The approvers were called to REQ-0001: 3 steps have kept failing for 2 minutes.']);
}, 60_000);
