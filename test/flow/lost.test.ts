import { describe, expect, it, vi } from 'vitest';
import { useSandbox, type TestSandbox } from '../harness/use-sandbox.ts';
import { BEN, channelSays, letIn, tracesOf } from './leaving-driver.ts';
import {
  ANA,
  auditSorted,
  firstIn,
  modalOf,
  incidentSays,
  lostFormOpens,
  opensLost,
  picksDevice,
  reportsLost,
  threadSays,
} from './lost-driver.ts';
import { cardOf, cardSays, dmSays, withoutTimes } from './onboarding-driver.ts';

const start = useSandbox();
vi.setConfig({ testTimeout: 60_000 });

/** What a thief of this laptop has left, after it was opened and its client tried to register again by itself. */
function thiefOf({ cloudflare, clock }: TestSandbox, { email, serial }: typeof ANA) {
  const { account } = cloudflare;
  const staysSignedIn = account.hasSession(email);
  clock.forward(6 * 60_000); // The device check looks every five minutes.
  const enrolsAgain = account.clientWakesUp(serial);
  return { staysSignedIn, enrolsAgain, comesIn: account.login(email, serial) };
}

/** What keeps them out is the serial number. */
const OUT = { staysSignedIn: false, enrolsAgain: true, comesIn: false };

describe('the doors to the form', () => {
  it('are the command, the shortcut, the Home tab and the message of the panel', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    letIn(sandbox, ANA);
    const ana = slack.as('ana');
    await slack.as('cara').types('/ocs-access panel', { channel: 'ocs-security' });
    const panel = await channelSays(sandbox, 'ocs-security', /Report a lost device/);
    await ana.opensHome();
    await slack.until(() => ana.home(), { what: 'the Home tab' });
    const doors: (() => Promise<unknown>)[] = [
      () => ana.types('/ocs-access lost'),
      () => ana.runsShortcut('lost_device_global'),
      () => ana.clicks('home', 'Report a lost device'),
      () => ana.clicks(firstIn(sandbox, 'ocs-security'), 'Report a lost device'),
    ];

    const forms: string[] = [];
    for (const open of doors) {
      await open();
      await lostFormOpens(sandbox, 'ana');
      expect(await ana.suggestions('device.pick', '')).toEqual(['ana.souza-laptop · macOS · …JG5J']);
      forms.push(modalOf(sandbox, 'ana'));
      await ana.closes();
    }

    expect(panel).toMatchInlineSnapshot(`
      "Is a laptop lost or stolen? Press the button at once, at any hour: it is cut off from Open Chat Studio within seconds.
      [Report a lost device]"
    `);
    expect(forms[0]).toMatchInlineSnapshot(`
      "== Report a lost device ==
      Which device?: <Choose a device>
        Yours are listed at once. For somebody else’s type a part of its name, its serial number or its owner.
      What happened? (optional): <empty>
        Where and when it was last seen, if you know.
      [Cut it off now] [Cancel]"
    `);
    expect(new Set(forms).size).toBe(1);
  });

  it('turn a guest away in the modal, from the shortcut too, which has no channel to answer in', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    const gus = slack.as('gus');

    await gus.runsShortcut('lost_device_global');

    const shown = await slack.until(
      () => gus.view() && /Guests/.test(modalOf(sandbox, 'gus')) && modalOf(sandbox, 'gus'),
      { what: 'the refusal' },
    );
    expect(shown).toMatchInlineSnapshot(`
      "== You can’t use this ==
      Guests of this workspace can’t use ocs-access. Ask a full member to do it.
      [Close]"
    `);
  });

  it('are posted by approvers only, where the bot is', async () => {
    const sandbox = await start();
    const { slack } = sandbox;

    await slack.as('ben').types('/ocs-access panel', { channel: 'ocs-security' });
    await slack.as('cara').types('/ocs-access panel', { channel: 'general' });
    await slack.until(() => slack.as('cara').ephemerals().length > 0 && slack.as('ben').ephemerals().length > 0, {
      what: 'the answers',
    });

    expect(
      slack
        .as('ben')
        .ephemerals()
        .map(({ text }) => text),
    ).toMatchInlineSnapshot(`
      [
        "Only approvers can post the panel. Ask one of them to do it.",
      ]
    `);
    expect(
      slack
        .as('cara')
        .ephemerals()
        .map(({ text }) => text),
    ).toMatchInlineSnapshot(`
      [
        "I am not in this channel, so I can’t post here. Type \`/invite @ocs-access\` in it and then the command again.",
      ]
    `);
    expect(slack.messages('ocs-security')).toEqual([]);
  });
});

describe('one’s own laptop', () => {
  it('is cut off at once, and whoever holds it stays out', async () => {
    const sandbox = await start();
    const { cloudflare, clock } = sandbox;
    letIn(sandbox, ANA);
    clock.forward(60_000);
    cloudflare.account.login(ANA.email, ANA.serial, undefined, { ip: '203.0.113.9', country: 'BR' });
    clock.forward(60_000);
    cloudflare.account.login(ANA.email, 'ANOTHERONE1', undefined, { ip: '203.0.113.10', country: 'NG' });

    const sent = await reportsLost(sandbox, { what: 'Left on the bus.' });

    expect(sent).toMatchInlineSnapshot(`
      "== Sent ==
      It is being cut off now.
      REQ-0001: Cut off Ana Souza’s Mac (ana.souza-laptop, …JG5J).
      Follow it in #ocs-security. You get a direct message when it is done.
      [Close]"
    `);
    expect(await incidentSays(sandbox, /is done/)).toMatchInlineSnapshot(`
      "# 🚨 Ana Souza’s Mac was reported lost
      Reported by: @ana, 2026-11-21 12:04 UTC
      Device: ana.souza-laptop, macOS, serial number C02XK0AZJG5J
      Owner: @ana (ana.souza@lanternhealth.example)
      What happened:
      > Left on the bus.
      ✅ REQ-0001 is done: the device is cut off, and that was read back.
      What was done
      • 2026-11-21 12:04 UTC: End all sessions of ana.souza@lanternhealth.example
      • 2026-11-21 12:04 UTC: Make sure that no session of ana.souza@lanternhealth.example is left: checked
      • 2026-11-21 12:04 UTC: Remove the device “ana.souza-laptop” (…JG5J)
      • 2026-11-21 12:04 UTC: Report who came in as ana.souza@lanternhealth.example in the last 24 hours
      • 2026-11-21 12:04 UTC: Take serial C02XK0AZJG5J out of the list “Lantern laptops”
      • 2026-11-21 12:04 UTC: Watch for attempts of ana.souza@lanternhealth.example to come in again
      What was found
      • Read back: 0 sessions of ana.souza@lanternhealth.example.
      Left to do by hand
      • Lock or erase the device from afar: with your device management, or the finder of its maker.
      • Change the passwords that were saved on it, and sign the owner out everywhere at your sign-in provider.
      • Tell the police and the insurance, as your rules say.
      [Device found] [Also revoke the person] [Details]
      (REQ-0001. Reported 2026-11-21 12:04 UTC. The thread has who came in before it, and whoever tries to since.)"
    `);
    expect(await threadSays(sandbox, /Who came in/)).toMatchInlineSnapshot(`
      "Who came in with this address: ana.souza@lanternhealth.example
      2 times let in, 1 time turned away, from 3 addresses.
      • 2026-11-21 12:04 UTC: turned away, from 203.0.113.10 (NG), ocs.lantern.internal
      • 2026-11-21 12:04 UTC: let in, from 203.0.113.9 (BR), ocs.lantern.internal
      • 2026-11-21 12:04 UTC: let in, from 198.51.100.77 (DE), ocs.lantern.internal
      Ask the owner which of these were theirs. If one was not, revoke the person too.
      (From 2026-11-21 12:04 UTC until it was cut off. An attempt of the last minute may be missing.)"
    `);
    expect(await dmSays(sandbox, 'ana', /It took/)).toMatchInlineSnapshot(`
      "✅ REQ-0001 is done: Cut off Ana Souza’s Mac (ana.souza-laptop, …JG5J).
      What was done
      • Take serial C02XK0AZJG5J out of the list “Lantern laptops”
      • Remove the device “ana.souza-laptop” (…JG5J)
      • End all sessions of ana.souza@lanternhealth.example
      • Report who came in as ana.souza@lanternhealth.example in the last 24 hours
      • Make sure that no session of ana.souza@lanternhealth.example is left: checked
      • Watch for attempts of ana.souza@lanternhealth.example to come in again
      What was found
      • Read back: 0 sessions of ana.souza@lanternhealth.example.
      Left to do by hand
      • Lock or erase the device from afar: with your device management, or the finder of its maker.
      • Change the passwords that were saved on it, and sign the owner out everywhere at your sign-in provider.
      • Tell the police and the insurance, as your rules say.
      (It took 1 s, and everything was checked afterwards.)"
    `);
    expect(await channelSays(sandbox, 'ocs-audit', /REQ-0001 is done/)).toMatchInlineSnapshot(`
      "# ✅ REQ-0001 is done
      Cut off Ana Souza’s Mac (ana.souza-laptop, …JG5J)
      Action: lost
      Asked by: @ana (U05ANA00001), 2026-11-21 12:04 UTC
      About: Ana Souza (ana.souza@lanternhealth.example)
      Approval: none needed
      Outcome: done, 2026-11-21 12:04 UTC, 1 s after it started
      Reason given:
      > Left on the bus.
      Steps
      1. Take serial C02XK0AZJG5J out of the list “Lantern laptops”: done
      2. Remove the device “ana.souza-laptop” (…JG5J): done
      3. End all sessions of ana.souza@lanternhealth.example: done
      4. Report who came in as ana.souza@lanternhealth.example in the last 24 hours: done
      5. Make sure that no session of ana.souza@lanternhealth.example is left: checked
      6. Watch for attempts of ana.souza@lanternhealth.example to come in again: done
      What was found
      • Read back: 0 sessions of ana.souza@lanternhealth.example.
      (Plan b04d55291a5c. The audit log holds every step.)"
    `);
    expect(await auditSorted(sandbox)).toMatchInlineSnapshot(`
      [
        "request.asked: Ana Souza asked: Cut off Ana Souza’s Mac (ana.souza-laptop, …JG5J). Reason: Left on the bus.",
        "run.started: Began to carry out REQ-0001: Cut off Ana Souza’s Mac (ana.souza-laptop, …JG5J).",
        "run.step: Checked: Make sure that no session of ana.souza@lanternhealth.example is left. Read back: 0 sessions of ana.souza@lanternhealth.example.",
        "run.step: Done: End all sessions of ana.souza@lanternhealth.example.",
        "run.step: Done: Remove the device “ana.souza-laptop” (…JG5J).",
        "run.step: Done: Report who came in as ana.souza@lanternhealth.example in the last 24 hours.",
        "run.step: Done: Take serial C02XK0AZJG5J out of the list “Lantern laptops” (16 → 15 serials).",
        "run.step: Done: Watch for attempts of ana.souza@lanternhealth.example to come in again.",
        "run.finished: REQ-0001 is done: Cut off Ana Souza’s Mac (ana.souza-laptop, …JG5J).",
      ]
    `);
    expect(tracesOf(sandbox, ANA)).toMatchObject({ hasSession: false, registrations: 0, serialListed: false });
    expect(thiefOf(sandbox, ANA)).toEqual(OUT);
    expect(sandbox.slack.messages('ocs-approvals')).toEqual([]);
  });

  it('is known by its serial number too, before it was ever connected', async () => {
    const sandbox = await start();
    const { cloudflare, slack } = sandbox;
    const { account } = cloudflare;
    account.addPerson(ANA.email);
    account.addListItem(account.ids.serialList, ANA.serial, `${ANA.name} <${ANA.email}>`);

    await opensLost(sandbox, 'ana');
    expect(await picksDevice(sandbox, 'ana')).toMatchInlineSnapshot(`"C02XK0AZJG5J"`);
    await slack.as('ana').submits();

    await incidentSays(sandbox, /is done/);
    expect(account.serials()).not.toContain(ANA.serial);
  });

  it('goes from the form to the cut while the queue of the others is busy', async () => {
    const sandbox = await start({ env: { WORKER_CONCURRENCY: '1' } });
    const { slack, cloudflare } = sandbox;
    letIn(sandbox, ANA);
    letIn(sandbox, BEN);
    // Whoever is taken out of a policy waits for as long as Cloudflare lets the worker wait.
    cloudflare.faults.add({ method: 'PUT', path: /policies/, latencyMs: 6_000, times: Infinity });
    const cara = slack.as('cara');
    await cara.types('/ocs-access revoke @ben');
    await slack.until(() => cara.view()?.submit, { what: 'the form' });
    await cara.sets('reason', 'Leaves today');
    await cara.submits();
    await slack.until(() => cara.view()?.submit, { what: 'the plan' });
    await cara.submits();
    await cardSays(sandbox, /REQ-0001 is in progress/);

    await reportsLost(sandbox);
    await incidentSays(sandbox, /REQ-0002 is done/);

    expect(tracesOf(sandbox, ANA)).toMatchObject({ hasSession: false, registrations: 0, serialListed: false });
    expect(slack.text(cardOf(sandbox))).not.toMatch(/REQ-0001 is done/);
  });
});

describe('somebody else’s laptop', () => {
  it('is cut off at once for an approver, who finds it by typing, and its owner is told', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    letIn(sandbox, ANA);

    await opensLost(sandbox, 'cara');
    expect(await slack.as('cara').suggestions('device.pick', 'souza')).toMatchInlineSnapshot(`
      [
        "ana.souza-laptop · macOS · …JG5J · ana.souza@lanternhealth.example",
      ]
    `);
    await picksDevice(sandbox, 'cara', 'souza');
    await slack.as('cara').submits();

    await incidentSays(sandbox, /is done/);
    expect(await dmSays(sandbox, 'ana', /reported/)).toMatchInlineSnapshot(`
      "# 🚨 Your Mac was reported lost
      @cara reported it, so it is cut off from Open Chat Studio. You can’t get in with it any more.
      ana.souza-laptop, macOS, serial number C02XK0AZJG5J
      If it is gone
      1. Change the passwords that were saved on it, the one of your e-mail first.
      2. Tell your IT people, so that they lock or erase it.
      3. To work on another computer, ask for a replacement here: /ocs-access replace.
      If you have it
      • Tell an approver. They press “Device found”, and you are let in again after a second look.
      (REQ-0001. Reported 2026-11-21 12:04 UTC.)"
    `);
    expect(thiefOf(sandbox, ANA)).toEqual(OUT);
    expect(await auditSorted(sandbox)).toMatchInlineSnapshot(`
      [
        "request.asked: Cara Lindqvist asked: Cut off Ana Souza’s Mac (ana.souza-laptop, …JG5J).",
        "run.started: Began to carry out REQ-0001: Cut off Ana Souza’s Mac (ana.souza-laptop, …JG5J).",
        "run.step: Checked: Make sure that no session of ana.souza@lanternhealth.example is left. Read back: 0 sessions of ana.souza@lanternhealth.example.",
        "run.step: Done: End all sessions of ana.souza@lanternhealth.example.",
        "run.step: Done: Remove the device “ana.souza-laptop” (…JG5J).",
        "run.step: Done: Report who came in as ana.souza@lanternhealth.example in the last 24 hours.",
        "run.step: Done: Take serial C02XK0AZJG5J out of the list “Lantern laptops” (16 → 15 serials).",
        "run.step: Done: Tell the owner that the device was reported lost.",
        "run.step: Done: Watch for attempts of ana.souza@lanternhealth.example to come in again.",
        "run.finished: REQ-0001 is done: Cut off Ana Souza’s Mac (ana.souza-laptop, …JG5J).",
      ]
    `);
  });

  it('needs one approver if somebody else reports it: they are called at once, and nothing is cut off before', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    letIn(sandbox, ANA);

    expect(await reportsLost(sandbox, { by: 'ben', typed: 'souza', what: 'Her bag is gone.' })).toMatchInlineSnapshot(`
      "== Sent ==
      The approvers are being called now.
      REQ-0001: Cut off Ana Souza’s Mac (ana.souza-laptop, …JG5J).
      It is not yours, so one of them has to say yes. If nobody answers, ring one of them up. You get a direct message when they have decided.
      [Close]"
    `);
    expect(await cardSays(sandbox, /waiting for approval/)).toMatchInlineSnapshot(`
      "# 🔔 REQ-0001 is waiting for approval
      Cut off Ana Souza’s Mac (ana.souza-laptop, …JG5J)
      Asked by @ben
      About @ana (ana.souza@lanternhealth.example)
      Reason:
      > Her bag is gone.
      What will be done, in 7 steps
      1. Take serial C02XK0AZJG5J out of the list “Lantern laptops”: 16 → 15 serials
      2. Remove the device “ana.souza-laptop” (…JG5J)
      3. End all sessions of ana.souza@lanternhealth.example
      4. Report who came in as ana.souza@lanternhealth.example in the last 24 hours
      5. Make sure that no session of ana.souza@lanternhealth.example is left
      6. Tell the owner that the device was reported lost
      7. Watch for attempts of ana.souza@lanternhealth.example to come in again
      [Approve] [Deny] [Details]
      (Asked 2026-11-21 12:04 UTC. Expires 2026-11-21 12:04 UTC if nobody decides.)"
    `);
    const called = await slack.until(() => slack.messages('ocs-approvals')[0]?.replies.at(0), {
      what: 'the call for the approvers',
    });
    expect(withoutTimes(slack.text(called))).toMatchInlineSnapshot(`
      "🚨 @ocs-approvers this can’t wait. Please decide now.
      REQ-0001: Cut off Ana Souza’s Mac (ana.souza-laptop, …JG5J).
      (Asked by Ben Okafor 2026-11-21 12:04 UTC. Expires 2026-11-21 12:04 UTC if nobody decides. The buttons are on the message that this answers.)"
    `);
    expect(await incidentSays(sandbox, /waiting/)).toMatchInlineSnapshot(`
      "# 🚨 Ana Souza’s Mac was reported lost
      Reported by: @ben, 2026-11-21 12:04 UTC
      Device: ana.souza-laptop, macOS, serial number C02XK0AZJG5J
      Owner: @ana (ana.souza@lanternhealth.example)
      What happened:
      > Her bag is gone.
      🔔 REQ-0001 is waiting for approval. It is not the reporter’s own, so an approver has to say yes in the approvals channel. Nothing is cut off yet.
      What it would do
      • Take serial C02XK0AZJG5J out of the list “Lantern laptops”
      • Remove the device “ana.souza-laptop” (…JG5J)
      • End all sessions of ana.souza@lanternhealth.example
      • Report who came in as ana.souza@lanternhealth.example in the last 24 hours
      • Make sure that no session of ana.souza@lanternhealth.example is left
      • Tell the owner that the device was reported lost
      • Watch for attempts of ana.souza@lanternhealth.example to come in again
      [Details]
      (REQ-0001. Reported 2026-11-21 12:04 UTC.)"
    `);
    expect(tracesOf(sandbox, ANA)).toMatchObject({ hasSession: true, registrations: 1, serialListed: true });
    expect(slack.dms('ana')).toEqual([]);

    await slack.as('dina').clicks(firstIn(sandbox, 'ocs-approvals'), 'Approve');

    await incidentSays(sandbox, /is done/);
    await dmSays(sandbox, 'ana', /reported it/);
    expect(thiefOf(sandbox, ANA)).toEqual(OUT);
    expect(await auditSorted(sandbox)).toMatchInlineSnapshot(`
      [
        "request.asked: Ben Okafor asked: Cut off Ana Souza’s Mac (ana.souza-laptop, …JG5J). Reason: Her bag is gone.",
        "request.approved: Dina Haddad approved REQ-0001: Cut off Ana Souza’s Mac (ana.souza-laptop, …JG5J).",
        "run.started: Began to carry out REQ-0001: Cut off Ana Souza’s Mac (ana.souza-laptop, …JG5J).",
        "run.step: Checked: Make sure that no session of ana.souza@lanternhealth.example is left. Read back: 0 sessions of ana.souza@lanternhealth.example.",
        "run.step: Done: End all sessions of ana.souza@lanternhealth.example.",
        "run.step: Done: Remove the device “ana.souza-laptop” (…JG5J).",
        "run.step: Done: Report who came in as ana.souza@lanternhealth.example in the last 24 hours.",
        "run.step: Done: Take serial C02XK0AZJG5J out of the list “Lantern laptops” (16 → 15 serials).",
        "run.step: Done: Tell the owner that the device was reported lost.",
        "run.step: Done: Watch for attempts of ana.souza@lanternhealth.example to come in again.",
        "run.finished: REQ-0001 is done: Cut off Ana Souza’s Mac (ana.souza-laptop, …JG5J).",
      ]
    `);
  });

  it('is cut off at once by anybody who works on it too, and ends the sessions of all of them', async () => {
    const sandbox = await start();
    const { account } = sandbox.cloudflare;
    letIn(sandbox, ANA);
    letIn(sandbox, BEN);
    account.enrol(BEN.email, ANA.serial);

    expect(await reportsLost(sandbox, { typed: 'JG5J' })).toMatch(/being cut off now/);

    expect(await incidentSays(sandbox, /is done/)).toMatchInlineSnapshot(`
      "# 🚨 Ben Okafor’s Mac was reported lost
      Reported by: @ana, 2026-11-21 12:04 UTC
      Device: ana.souza-laptop, macOS, serial number C02XK0AZJG5J
      Owner: @ben (ben.okafor@lanternhealth.example)
      ✅ REQ-0001 is done: the device is cut off, and that was read back.
      What was done
      • 2026-11-21 12:04 UTC: End all sessions of ana.souza@lanternhealth.example
      • 2026-11-21 12:04 UTC: End all sessions of ben.okafor@lanternhealth.example
      • 2026-11-21 12:04 UTC: Make sure that no session of ana.souza@lanternhealth.example is left: checked
      • 2026-11-21 12:04 UTC: Make sure that no session of ben.okafor@lanternhealth.example is left: checked
      • 2026-11-21 12:04 UTC: Remove the device “ana.souza-laptop” (…JG5J)
      • 2026-11-21 12:04 UTC: Report who came in as ana.souza@lanternhealth.example in the last 24 hours
      • 2026-11-21 12:04 UTC: Report who came in as ben.okafor@lanternhealth.example in the last 24 hours
      • 2026-11-21 12:04 UTC: Take serial C02XK0AZJG5J out of the list “Lantern laptops”
      • 2026-11-21 12:04 UTC: Tell the owner that the device was reported lost
      • 2026-11-21 12:04 UTC: Watch for attempts of 2 people to come in again
      What was found
      • Read back: 0 sessions of ben.okafor@lanternhealth.example.
      • Read back: 0 sessions of ana.souza@lanternhealth.example.
      Left to do by hand
      • Lock or erase the device from afar: with your device management, or the finder of its maker.
      • Change the passwords that were saved on it, and sign the owner out everywhere at your sign-in provider.
      • Tell the police and the insurance, as your rules say.
      ⚠️ Warning: ana.souza@lanternhealth.example uses this device too: their sessions end as well, and they can sign in again with another device.
      [Device found] [Also revoke the person] [Details]
      (REQ-0001. Reported 2026-11-21 12:04 UTC. The thread has who came in before it, and whoever tries to since.)"
    `);
    await dmSays(sandbox, 'ben', /reported it/);
    expect(account.hasSession(ANA.email) || account.hasSession(BEN.email)).toBe(false);
    expect(account.registrations(ANA.email)).toBe(0);
    sandbox.clock.forward(6 * 60_000);
    expect(account.login(BEN.email, BEN.serial)).toBe(true); // His own laptop is not concerned.
  });

  it('stays as it is when the approver says no, and the incident says so', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    letIn(sandbox, ANA);
    await reportsLost(sandbox, { by: 'ben', typed: 'souza' });
    await cardSays(sandbox, /waiting for approval/);

    const dina = slack.as('dina');
    await dina.clicks(firstIn(sandbox, 'ocs-approvals'), 'Deny');
    await slack.until(() => dina.view()?.submit, { what: 'the question for the reason' });
    await dina.sets('deny-reason', 'It lies on her desk.');
    await dina.submits();

    expect(await incidentSays(sandbox, /denied/)).toMatchInlineSnapshot(`
      "# 🚨 Ana Souza’s Mac was reported lost
      Reported by: @ben, 2026-11-21 12:04 UTC
      Device: ana.souza-laptop, macOS, serial number C02XK0AZJG5J
      Owner: @ana (ana.souza@lanternhealth.example)
      🚫 REQ-0001 was denied by Dina Haddad. Nothing was cut off.
      Denied by @dina, 2026-11-21 12:04 UTC
      Reason of the denial:
      > It lies on her desk.
      What it would do
      • Take serial C02XK0AZJG5J out of the list “Lantern laptops”
      • Remove the device “ana.souza-laptop” (…JG5J)
      • End all sessions of ana.souza@lanternhealth.example
      • Report who came in as ana.souza@lanternhealth.example in the last 24 hours
      • Make sure that no session of ana.souza@lanternhealth.example is left
      • Tell the owner that the device was reported lost
      • Watch for attempts of ana.souza@lanternhealth.example to come in again
      [Details]
      (REQ-0001. Reported 2026-11-21 12:04 UTC.)"
    `);
    expect(tracesOf(sandbox, ANA)).toMatchObject({ hasSession: true, registrations: 1, serialListed: true });
    expect(slack.dms('ana')).toEqual([]);
  });

  it('is found by the serial number that was registered for them and never connected', async () => {
    const sandbox = await start();
    const { account } = sandbox.cloudflare;
    account.addPerson(ANA.email);
    account.addListItem(account.ids.serialList, ANA.serial, `${ANA.name} <${ANA.email}>`);

    await reportsLost(sandbox, { by: 'cara', typed: ANA.serial.toLowerCase() });

    expect(await incidentSays(sandbox, /is done/)).toMatch(/serial number C02XK0AZJG5J/);
    expect(account.serials()).not.toContain(ANA.serial);
  });
});
