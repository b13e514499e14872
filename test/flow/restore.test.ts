import { describe, expect, it, vi } from 'vitest';
import { useSandbox, type TestSandbox } from '../harness/use-sandbox.ts';
import { letIn, NO_TRACE, tracesOf } from './leaving-driver.ts';
import { ANA, firstIn, modalOf, incidentOf, incidentSays, opensLost, picksDevice, reportsLost } from './lost-driver.ts';
import { auditAll, auditOf, cardOf, cardSays, dmSays, withoutTimes } from './onboarding-driver.ts';

const start = useSandbox();
vi.setConfig({ testTimeout: 60_000 });

/** Ana’s laptop is reported and cut off; the incident has its buttons. */
async function isLost(sandbox: TestSandbox): Promise<void> {
  letIn(sandbox, ANA);
  await reportsLost(sandbox);
  await incidentSays(sandbox, /REQ-0001 is done/);
}

async function pressesOnIncident(sandbox: TestSandbox, who: string, what: string): Promise<string> {
  const { slack } = sandbox;
  await slack.as(who).clicks(incidentOf(sandbox), what);
  const view = await slack.until(
    () => {
      const shown = slack.as(who).view();
      return shown !== undefined && !/Loading|One moment/.test(slack.text(shown)) ? shown : undefined;
    },
    { what: 'the form', timeoutMs: 20_000 },
  );
  return withoutTimes(slack.text(view));
}

async function asksBack(sandbox: TestSandbox, who = 'cara'): Promise<void> {
  const { slack } = sandbox;
  await pressesOnIncident(sandbox, who, 'Device found');
  await slack.as(who).sets('reason', 'A cleaner found it in the office, still locked.');
  const { errors = {} } = await slack.as(who).submits();
  expect(errors).toEqual({});
}

describe('a device that is found', () => {
  it('comes back after a second pair of eyes: serial number, steps to connect it, and in again', async () => {
    const sandbox = await start();
    const { slack, cloudflare, clock } = sandbox;
    await isLost(sandbox);

    expect(await pressesOnIncident(sandbox, 'cara', 'Device found')).toMatchInlineSnapshot(`
      "== Give a found device back ==
      What happened?: <empty>
        Who has the device now, and how you know that nobody used it.
      [Ask for approval] [Cancel]"
    `);
    await slack.as('cara').sets('reason', 'A cleaner found it in the office, still locked.');
    await slack.as('cara').submits();
    expect(await cardSays(sandbox, /waiting for approval/)).toMatchInlineSnapshot(`
      "# 🔔 REQ-0002 is waiting for approval
      Let the device of Ana Souza in again that REQ-0001 cut off
      Asked by @cara
      For @ana (ana.souza@lanternhealth.example)
      Reason:
      > A cleaner found it in the office, still locked.
      What will be done, in 2 steps
      1. Put serial C02XK0AZJG5J into the list “Lantern laptops”: 15 → 16 serials
      2. Send Ana Souza the steps to connect the device
      ⚠️ Warning: Ana Souza has to connect the device with WARP again: its registration is gone. They are told how.
      [Approve] [Deny] [Details]
      (Asked 2026-11-21 12:04 UTC. Expires 2026-11-21 12:04 UTC if nobody decides.)"
    `);
    expect(tracesOf(sandbox, ANA).serialListed).toBe(false);
    await slack.as('cara').clicks(cardOf(sandbox), 'Approve');
    expect(cloudflare.account.serials()).not.toContain(ANA.serial);
    await slack.as('dina').clicks(cardOf(sandbox), 'Approve');

    expect(await cardSays(sandbox, /✅ REQ-0002/)).toMatchInlineSnapshot(`
      "# ✅ REQ-0002 is done
      Let the device of Ana Souza in again that REQ-0001 cut off
      Asked by @cara
      For @ana (ana.souza@lanternhealth.example)
      Reason:
      > A cleaner found it in the office, still locked.
      Approved by @dina, 2026-11-21 12:04 UTC
      Done in 1 s
      [x] Put serial C02XK0AZJG5J into the list “Lantern laptops”
          15 → 16 serials
      [x] Send Ana Souza the steps to connect the device
      ⚠️ Warning: Ana Souza has to connect the device with WARP again: its registration is gone. They are told how.
      [Details]
      (Asked 2026-11-21 12:04 UTC. Finished 2026-11-21 12:04 UTC after 1 s.)"
    `);
    expect(await dmSays(sandbox, 'ana', /WARP/)).toMatchInlineSnapshot(`
      "# 💻 Your device is let in now
      Once, on the computer whose serial number we have now. Everything else is as you know it.
      1. Download WARP from https://one.one.one.one, install it and open it.
      2. In WARP choose Preferences > Account > Login with Cloudflare Zero Trust, and type the team name lantern-health. A page opens. Type your e-mail ana.souza@lanternhealth.example. You get a code by e-mail: type it in. If it does not come, look in the spam folder, wait 60 seconds and press Resend code.
      3. Switch WARP on. It has to say Connected.
      If it doesn’t work
      • Wait up to ten minutes after switching WARP on: the first check of a computer can take that long.
      • Switch WARP off and on again, then reload the page.
      • Use the same e-mail in both places: ana.souza@lanternhealth.example.
      • The page can’t be found? It exists only while WARP says Connected. Type the whole address, with the number after the colon.
      • Make sure that this is the computer whose serial number we have: no other is let in.
      [I’m in] [It doesn’t work]"
    `);
    expect(await auditOf(sandbox, 'REQ-0002')).toMatchInlineSnapshot(`
      [
        "request.asked: Cara Lindqvist asked: Let the device of Ana Souza in again that REQ-0001 cut off. Reason: A cleaner found it in the office, still locked.",
        "request.refused: Cara Lindqvist could not decide REQ-0002: Nobody approves their own request. Ask another approver.",
        "request.approved: Dina Haddad approved REQ-0002: Let the device of Ana Souza in again that REQ-0001 cut off.",
        "run.started: Began to carry out REQ-0002: Let the device of Ana Souza in again that REQ-0001 cut off.",
        "run.step: Done: Put serial C02XK0AZJG5J into the list “Lantern laptops” (15 → 16 serials).",
        "run.step: Done: Send Ana Souza the steps to connect the device.",
        "run.finished: REQ-0002 is done: Let the device of Ana Souza in again that REQ-0001 cut off.",
      ]
    `);
    clock.forward(6 * 60_000);
    expect(cloudflare.account.clientWakesUp(ANA.serial)).toBe(true);
    expect(cloudflare.account.login(ANA.email, ANA.serial)).toBe(true);
    const item = cloudflare.account.state.lists
      .get(cloudflare.account.ids.serialList)
      ?.items.find(({ value }) => value === ANA.serial);
    expect(item?.description).toMatch(/ana\.souza@lanternhealth\.example/);
  });

  it('gets its owner the bar lifted that kept them out meanwhile', async () => {
    const sandbox = await start({ cloudflare: { requirePosture: false } });
    const { slack, cloudflare } = sandbox;
    await isLost(sandbox);
    expect(cloudflare.account.wouldAdmit(ANA.email, ANA.serial)).toBe(false);

    await asksBack(sandbox);
    expect(await cardSays(sandbox, /waiting for approval/)).toMatchInlineSnapshot(`
      "# 🔔 REQ-0002 is waiting for approval
      Let the device of Ana Souza in again that REQ-0001 cut off
      Asked by @cara
      For @ana (ana.souza@lanternhealth.example)
      Reason:
      > A cleaner found it in the office, still locked.
      What will be done, in 3 steps
      1. Put serial C02XK0AZJG5J into the list “Lantern laptops”: 15 → 16 serials
      2. Lift the bar on ana.souza@lanternhealth.example in the policy “Team access” (Open Chat Studio)
      3. Send Ana Souza the steps to connect the device
      ⚠️ Warning: The policy “Team access” does not require the device check “Lantern laptop”, so registering the serial protects nothing: Ana Souza gets in from any enrolled device.
      ⚠️ Warning: Ana Souza has to connect the device with WARP again: its registration is gone. They are told how.
      [Approve] [Deny] [Details]
      (Asked 2026-11-21 12:04 UTC. Expires 2026-11-21 12:04 UTC if nobody decides.)"
    `);
    await slack.as('dina').clicks(cardOf(sandbox), 'Approve');

    await cardSays(sandbox, /✅ REQ-0002/);
    expect(cloudflare.account.wouldAdmit(ANA.email, ANA.serial)).toBe(true);
    expect(cloudflare.account.serials()).toContain(ANA.serial);
  });

  it('is given back once, however many approvers press the button', async () => {
    const sandbox = await start();
    const { slack, cloudflare } = sandbox;
    await isLost(sandbox);
    await pressesOnIncident(sandbox, 'olu', 'Device found');
    await asksBack(sandbox);
    await cardSays(sandbox, /waiting for approval/);
    await slack.as('dina').clicks(cardOf(sandbox), 'Approve');
    await cardSays(sandbox, /✅ REQ-0002/);

    await slack.as('olu').sets('reason', 'It lay under a coat.');
    const { errors = {} } = await slack.as('olu').submits();

    const shown = [...Object.values(errors), modalOf(sandbox, 'olu')];
    expect(shown).toMatchInlineSnapshot(`
      [
        "== Give a found device back ==
      ⚠️ There is nothing to give back: what REQ-0001 took from Ana Souza is there again, or it took nothing that can be given back. If the device was reported more than once, press “Device found” on the message of the first report.
      What happened?: It lay under a coat.
        Who has the device now, and how you know that nobody used it.
      [Ask for approval] [Cancel]",
      ]
    `);
    expect(await auditOf(sandbox, 'REQ-0003')).toEqual([]);
    expect(cloudflare.account.serials().filter((serial) => serial === ANA.serial)).toHaveLength(1);
  });

  it('is given back by approvers only: anybody else is told whom to ask', async () => {
    const sandbox = await start();
    const { slack, cloudflare } = sandbox;
    await isLost(sandbox);

    expect(await pressesOnIncident(sandbox, 'ben', 'Device found')).toMatchInlineSnapshot(`
      "== You can’t use this ==
      Only approvers can use “Give a found device back”. Ask one of them to do it.
      [Close]"
    `);

    expect((await auditAll(sandbox)).filter((line) => line.includes('Ben'))).toMatchInlineSnapshot(`
      [
        "request.refused: Ben Okafor tried to use “restore” without being an approver.",
      ]
    `);
    expect(cloudflare.account.serials()).not.toContain(ANA.serial);
    expect(slack.messages('ocs-approvals')).toEqual([]);
  });
});

describe('a device that is found too soon or twice', () => {
  it('is not given back while it is still being cut off', async () => {
    const sandbox = await start();
    letIn(sandbox, ANA);
    sandbox.cloudflare.faults.add({ method: 'PATCH', path: /gateway\/lists/, status: 500, times: Infinity });
    await reportsLost(sandbox);
    await incidentSays(sandbox, /trying again/);

    expect(await pressesOnIncident(sandbox, 'cara', 'Device found')).toMatchInlineSnapshot(`
      "== That did not work ==
      ⚠️ REQ-0001 is still cutting the device off, so it would be taken away again. Press “Device found” when the message says that REQ-0001 is over.
      [Close]"
    `);
  });

  it('that was reported twice is given back from the first report, and the second one says so', async () => {
    const sandbox = await start();
    const { slack, cloudflare } = sandbox;
    letIn(sandbox, ANA);
    await opensLost(sandbox, 'cara');
    await picksDevice(sandbox, 'cara', 'souza');
    await reportsLost(sandbox);
    await incidentSays(sandbox, /REQ-0001 is done/);
    const first = firstIn(sandbox, 'ocs-security');
    await slack.as('cara').submits();
    await incidentSays(sandbox, /REQ-0002 is done/);

    await slack.as('cara').closes({ all: true });
    await pressesOnIncident(sandbox, 'cara', 'Device found');
    await slack.as('cara').sets('reason', 'It was in her bag.');
    await slack.as('cara').submits();
    expect(modalOf(sandbox, 'cara')).toMatch(/on the message of the first report/);

    await slack.as('cara').closes({ all: true });
    await slack.as('cara').clicks(first, 'Device found');
    await slack.until(() => slack.as('cara').view()?.submit, { what: 'the form' });
    await slack.as('cara').sets('reason', 'It was in her bag.');
    await slack.as('cara').submits();
    await cardSays(sandbox, /waiting for approval/);
    await slack.as('dina').clicks(cardOf(sandbox), 'Approve');
    await cardSays(sandbox, /✅ REQ-0003/);
    expect(cloudflare.account.serials()).toContain(ANA.serial);
  });
});

describe('“Also revoke the person”', () => {
  it('opens the form of a revocation with the person in it, and takes everything once the plan is confirmed', async () => {
    const sandbox = await start();
    const { slack, cloudflare } = sandbox;
    await isLost(sandbox);

    expect(await pressesOnIncident(sandbox, 'cara', 'Also revoke the person')).toMatchInlineSnapshot(`
      "== Revoke access ==
      Several people at once?  [Paste a list]
      Whose access?
      One of these two is enough. If you fill in both, what you typed counts.
      Find them among those who have access (optional): ana.souza@lanternhealth.example
        Everybody who has access now, read from Cloudflare.
      …or type their e-mail (optional): <name@organisation.org>
      What is taken away?: Everything
      Why?: <empty>
        Months later, an auditor reads this.
      [Next] [Cancel]"
    `);
    const cara = slack.as('cara');
    await cara.sets('reason', 'The events were not hers.');
    await cara.submits();
    const plan = await slack.until(() => (cara.view()?.submit === 'Revoke now' ? cara.view() : undefined), {
      what: 'the plan',
    });
    expect(withoutTimes(slack.text(plan))).toMatchInlineSnapshot(`
      "== Revoke access ==
      Revoke all access of Ana Souza?
      What will be done, in 7 steps
      1. Take ana.souza@lanternhealth.example out of the policy “Who may enrol” (device enrolment): 15 → 14 people
      2. Take ana.souza@lanternhealth.example out of the policy “Team access” (Open Chat Studio): 15 → 14 people
      3. End every WARP registration of ana.souza@lanternhealth.example
      4. End all sessions of ana.souza@lanternhealth.example
      5. Free the seat of ana.souza@lanternhealth.example
      6. Watch for attempts of ana.souza@lanternhealth.example to come in again
      7. Read everything back and make sure that Ana Souza can’t get in
      (Nothing has been done yet. It needs nobody’s approval and begins when you press the button.)
      [Revoke now] [Cancel]"
    `);
    await cara.submits();

    await cardSays(sandbox, /✅ REQ-0002/);
    expect(tracesOf(sandbox, ANA)).toEqual(NO_TRACE);
    expect(cloudflare.account.waysIn(ANA.email)).toEqual([]);
  });

  it('needs an approval if somebody presses it who is no approver', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    await isLost(sandbox);

    await pressesOnIncident(sandbox, 'ben', 'Also revoke the person');
    await slack.as('ben').sets('reason', 'I do not trust this.');
    await slack.as('ben').submits();

    await cardSays(sandbox, /REQ-0002 is waiting for approval/);
    expect(tracesOf(sandbox, ANA).canEnrol).toBe(true);
  });
});
