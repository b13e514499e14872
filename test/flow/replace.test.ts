import { describe, expect, it } from 'vitest';
import { useSandbox, type TestSandbox } from '../harness/use-sandbox.ts';
import { BEN, channelSays, letIn, tracesOf, type Insider } from './leaving-driver.ts';
import { auditAll, auditOf, cardOf, cardSays, dmSays, withoutTimes } from './onboarding-driver.ts';
import { inStages } from './revoke-driver.ts';

const start = useSandbox();

const NEW_SERIAL = 'FVFG7NEW01';
const ANA: Insider = {
  who: 'ana',
  name: 'Ana Souza',
  email: 'ana.souza@lanternhealth.example',
  serial: 'C02XK0AZJG5J',
};

interface Wish {
  readonly by?: string;
  /** What is typed into the picker; nothing: one’s own. */
  readonly typed?: string;
  readonly serial?: string;
  readonly lost?: boolean;
}

/** Fills in the form and sends it. Resolves to what Slack marks at its fields. */
async function replaces({ slack }: TestSandbox, { by = 'ben', typed = '', serial = NEW_SERIAL, lost = false }: Wish) {
  const person = slack.as(by);
  await person.types('/ocs-access replace');
  await slack.until(() => person.view()?.submit, { what: 'the form', timeoutMs: 20_000 });
  const [first] = await person.suggestions('device.pick', typed);
  if (first === undefined) throw new Error(`nothing is offered to ${by} for “${typed}”`);
  await person.sets('device.pick', first);
  await person.sets('serial.serial', serial);
  if (lost) await person.sets('lost', ['lost']);
  await person.sets('reason', 'The old one is five years old');
  return (await person.submits()).errors ?? {};
}

function serialsOf({ cloudflare }: TestSandbox, ...wanted: string[]): string[] {
  return cloudflare.account.serials().filter((serial) => wanted.includes(serial));
}

describe('a device is replaced', () => {
  it('the new one is let in, then the old one goes, and the owner reads how to connect it', async () => {
    const sandbox = await start();
    const { slack, cloudflare, clock } = sandbox;
    letIn(sandbox, BEN);

    expect(await replaces(sandbox, {})).toEqual({});
    expect(await cardSays(sandbox, /waiting for approval/)).toMatchInlineSnapshot(`
      "# 🔔 REQ-0001 is waiting for approval
      Replace ben.okafor-laptop of Ben Okafor with a new device (serial number FVFG7NEW01)
      Asked by @ben
      For @ben (ben.okafor@lanternhealth.example)
      Reason:
      > The old one is five years old
      What will be done, in 4 steps
      1. Put serial FVFG7NEW01 into the list “Lantern laptops”: 16 → 17 serials
      2. Take serial 5CG0917BEN out of the list “Lantern laptops”: 17 → 16 serials
      3. Remove the device “ben.okafor-laptop” (…7BEN)
      4. Send Ben Okafor the steps to connect the device
      [Approve] [Deny] [Details]
      (Asked 2026-11-21 12:04 UTC. Expires 2026-11-21 12:04 UTC if nobody decides.)"
    `);
    expect(serialsOf(sandbox, BEN.serial, NEW_SERIAL)).toEqual([BEN.serial]);
    await slack.as('cara').clicks(cardOf(sandbox), 'Approve');
    expect(await channelSays(sandbox, 'ocs-audit', /REQ-0001 is done/)).toMatchInlineSnapshot(`
      "# ✅ REQ-0001 is done
      Replace ben.okafor-laptop of Ben Okafor with a new device (serial number FVFG7NEW01)
      Action: replace
      Asked by: @ben (U05BEN00001), 2026-11-21 12:04 UTC
      For: Ben Okafor (ben.okafor@lanternhealth.example)
      Approved by: @cara (U05CARA0001), 2026-11-21 12:04 UTC
      Outcome: done, 2026-11-21 12:04 UTC, 1 s after it started
      Reason given:
      > The old one is five years old
      Steps
      1. Put serial FVFG7NEW01 into the list “Lantern laptops”: done
      2. Take serial 5CG0917BEN out of the list “Lantern laptops”: done
      3. Remove the device “ben.okafor-laptop” (…7BEN): done
      4. Send Ben Okafor the steps to connect the device: done
      (Plan 8c263e6690c6. Decided 1 s after it was asked. The audit log holds every step.)"
    `);

    expect(serialsOf(sandbox, BEN.serial, NEW_SERIAL)).toEqual([NEW_SERIAL]);
    expect(cloudflare.account.registrations(BEN.email)).toBe(0);
    expect(await dmSays(sandbox, 'ben', /let in now/)).toMatchInlineSnapshot(`
      "# 💻 Your device is let in now
      Once, on the computer whose serial number we have now. Everything else is as you know it.
      1. Download WARP from https://one.one.one.one, install it and open it.
      2. In WARP choose Preferences > Account > Login with Cloudflare Zero Trust, and type the team name lantern-health. A page opens. Type your e-mail ben.okafor@lanternhealth.example. You get a code by e-mail: type it in. If it does not come, look in the spam folder, wait 60 seconds and press Resend code.
      3. Switch WARP on. It has to say Connected.
      If it doesn’t work
      • Wait up to ten minutes after switching WARP on: the first check of a computer can take that long.
      • Switch WARP off and on again, then reload the page.
      • Use the same e-mail in both places: ben.okafor@lanternhealth.example.
      • The page can’t be found? It exists only while WARP says Connected. Type the whole address, with the number after the colon.
      • Make sure that this is the computer whose serial number we have: no other is let in.
      [I’m in] [It doesn’t work]"
    `);
    expect(inStages(await auditOf(sandbox, 'REQ-0001'), [1, 2, 1])).toMatchInlineSnapshot(`
      [
        "request.asked: Ben Okafor asked: Replace ben.okafor-laptop of Ben Okafor with a new device (serial number FVFG7NEW01). Reason: The old one is five years old",
        "request.approved: Cara Lindqvist approved REQ-0001: Replace ben.okafor-laptop of Ben Okafor with a new device (serial number FVFG7NEW01).",
        "run.started: Began to carry out REQ-0001: Replace ben.okafor-laptop of Ben Okafor with a new device (serial number FVFG7NEW01).",
        "run.step: Done: Put serial FVFG7NEW01 into the list “Lantern laptops” (16 → 17 serials).",
        "run.step: Done: Remove the device “ben.okafor-laptop” (…7BEN).",
        "run.step: Done: Take serial 5CG0917BEN out of the list “Lantern laptops” (17 → 16 serials).",
        "run.step: Done: Send Ben Okafor the steps to connect the device.",
        "run.finished: REQ-0001 is done: Replace ben.okafor-laptop of Ben Okafor with a new device (serial number FVFG7NEW01).",
      ]
    `);
    expect(cloudflare.account.enrol(BEN.email, NEW_SERIAL)).toBeTruthy();
    clock.forward(6 * 60_000); // The device check looks every five minutes.
    expect(cloudflare.account.wouldAdmit(BEN.email, NEW_SERIAL)).toBe(true);
    expect(cloudflare.account.wouldAdmit(BEN.email, BEN.serial)).toBe(false);
  });

  it('a colleague asks for the owner, who gets the steps', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    letIn(sandbox, BEN);

    expect(await replaces(sandbox, { by: 'ana', typed: 'ben.okafor' })).toEqual({});
    await cardSays(sandbox, /waiting for approval/);
    await slack.as('cara').clicks(cardOf(sandbox), 'Approve');
    await channelSays(sandbox, 'ocs-audit', /REQ-0001 is done/);
    expect(await dmSays(sandbox, 'ben', /WARP/)).toMatch(/Your device is let in now/);
    expect(slack.dms('ana').some((message) => slack.text(message).includes('Download'))).toBe(false);
  });

  it('the owner cannot approve it themselves', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    const cara: Insider = {
      who: 'cara',
      name: 'Cara Lindqvist',
      email: 'cara.lindqvist@lanternhealth.example',
      serial: '5CG0917CAR',
    };
    letIn(sandbox, cara);
    expect(await replaces(sandbox, { by: 'ben', typed: '5CG0917CAR' })).toEqual({});
    await cardSays(sandbox, /waiting for approval/);
    await slack.as('cara').clicks(cardOf(sandbox), 'Approve');
    await slack.until(() => slack.as('cara').ephemerals().length > 0, { what: 'the refusal', timeoutMs: 20_000 });
    expect(serialsOf(sandbox, cara.serial, NEW_SERIAL)).toEqual([cara.serial]);
  });
});

describe('the old one is lost', () => {
  it('goes at once, as a request of its own, and only the new one waits', async () => {
    const sandbox = await start();
    const { slack, cloudflare } = sandbox;
    letIn(sandbox, BEN);

    expect(await replaces(sandbox, { lost: true })).toEqual({});
    await channelSays(sandbox, 'ocs-audit', /REQ-0001 is done/);
    expect(await channelSays(sandbox, 'ocs-security', /REQ-0001/)).toMatchInlineSnapshot(`
      "# 🚨 Ben Okafor’s Mac was reported lost
      Reported by: @ben, 2026-11-21 12:04 UTC
      Device: ben.okafor-laptop, macOS, serial number 5CG0917BEN
      Owner: @ben (ben.okafor@lanternhealth.example)
      What happened:
      > The old one is five years old
      ✅ REQ-0001 is done: the device is cut off, and that was read back.
      What was done
      • 2026-11-21 12:04 UTC: End all sessions of ben.okafor@lanternhealth.example
      • 2026-11-21 12:04 UTC: Remove the device “ben.okafor-laptop” (…7BEN)
      • 2026-11-21 12:04 UTC: Take serial 5CG0917BEN out of the list “Lantern laptops”
      • 2026-11-21 12:04 UTC: Make sure that no session of ben.okafor@lanternhealth.example is left: checked
      • 2026-11-21 12:04 UTC: Watch for attempts of ben.okafor@lanternhealth.example to come in again
      • 2026-11-21 12:04 UTC: Report who came in as ben.okafor@lanternhealth.example in the last 24 hours
      What was found
      • Read back: 0 sessions of ben.okafor@lanternhealth.example.
      Left to do by hand
      • Lock or erase the device from afar: with your device management, or the finder of its maker.
      • Change the passwords that were saved on it, and sign the owner out everywhere at your sign-in provider.
      • Tell the police and the insurance, as your rules say.
      [Device found] [Also revoke the person] [Details]
      (REQ-0001. Reported 2026-11-21 12:04 UTC. The thread has who came in before it, and whoever tries to since.)
        | Who came in with this address: ben.okafor@lanternhealth.example
        | 1 time let in, 0 times turned away, from 1 address.
        | • 2026-11-21 12:04 UTC: let in, from 198.51.100.77 (DE), ocs.lantern.internal
        | Ask the owner which of these were theirs. If one was not, revoke the person too.
        | (From 2026-11-21 12:04 UTC until it was cut off. An attempt of the last minute may be missing.)"
    `);
    expect(tracesOf(sandbox, BEN)).toMatchObject({ hasSession: false, registrations: 0, serialListed: false });
    const card = await cardSays(sandbox, /waiting for approval/);
    expect(card).toMatchInlineSnapshot(`
      "# 🔔 REQ-0002 is waiting for approval
      Replace the lost device ben.okafor-laptop of Ben Okafor with a new device (serial number FVFG7NEW01)
      Asked by @ben
      For @ben (ben.okafor@lanternhealth.example)
      Reason:
      > The old one is five years old
      What will be done, in 2 steps
      1. Put serial FVFG7NEW01 into the list “Lantern laptops”: 16 → 17 serials
      2. Send Ben Okafor the steps to connect the device
      [Approve] [Deny] [Details]
      (Asked 2026-11-21 12:04 UTC. Expires 2026-11-21 12:04 UTC if nobody decides.)"
    `);
    expect(serialsOf(sandbox, NEW_SERIAL)).toEqual([]);

    await slack.as('cara').clicks(cardOf(sandbox), 'Approve');
    await channelSays(sandbox, 'ocs-audit', /REQ-0002 is done/);
    expect(serialsOf(sandbox, BEN.serial, NEW_SERIAL)).toEqual([NEW_SERIAL]);
    expect(cloudflare.account.couldEnrol(BEN.email)).toBe(true);
    expect((await auditAll(sandbox)).filter((entry) => entry.startsWith('request.asked'))).toMatchInlineSnapshot(`
      [
        "request.asked: Ben Okafor asked: Cut off Ben Okafor’s Mac (ben.okafor-laptop, …7BEN). Reason: The old one is five years old",
        "request.asked: Ben Okafor asked: Replace the lost device ben.okafor-laptop of Ben Okafor with a new device (serial number FVFG7NEW01). REQ-0001 was asked before it and does not wait for it. Reason: The old one is five years old",
      ]
    `);
  });

  it('and the new one is denied: the old one stays out', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    letIn(sandbox, BEN);
    await replaces(sandbox, { lost: true });
    await channelSays(sandbox, 'ocs-audit', /REQ-0001 is done/);
    await cardSays(sandbox, /REQ-0002.*waiting for approval/s);
    await slack.as('cara').clicks(cardOf(sandbox), 'Deny');
    await slack.until(() => slack.as('cara').view()?.submit, { what: 'the question why', timeoutMs: 20_000 });
    await slack.as('cara').sets('Why do you deny it?', 'Ask IT first');
    await slack.as('cara').submits();
    await cardSays(sandbox, /REQ-0002.*denied/s);
    expect(serialsOf(sandbox, BEN.serial, NEW_SERIAL)).toEqual([]);
  });

  it('and the new serial has a slip: the field is marked before anything is cut off', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    letIn(sandbox, BEN);
    const errors = await replaces(sandbox, { lost: true, serial: '??' });
    expect(Object.keys(errors)).toEqual(['serial.serial']);
    expect(slack.messages('ocs-security')).toEqual([]);
  });

  it('and the new serial is taken: the old one is cut off all the same, once, however often the form is sent', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    letIn(sandbox, BEN);
    letIn(sandbox, ANA);
    const errors = await replaces(sandbox, { lost: true, serial: ANA.serial });
    expect(errors).toMatchInlineSnapshot(`
      {
        "serial.serial": "C02XK0AZJG5J is registered already, as “Ana Souza <ana.souza@lanternhealth.example>”. Check the number. If the device really is Ben Okafor’s now, have the old entry removed first. REQ-0001 was asked all the same and does not wait for this.",
      }
    `);
    await slack.as('ben').sets('serial.serial', NEW_SERIAL);
    expect((await slack.as('ben').submits()).errors ?? {}).toEqual({});
    await cardSays(sandbox, /waiting for approval/);
    await channelSays(sandbox, 'ocs-audit', /REQ-0001 is done/);
    const asked = (await auditAll(sandbox)).filter((entry) => entry.startsWith('request.asked'));
    expect(asked.map((entry) => /asked: (.*?) \(/.exec(entry)?.[1])).toMatchInlineSnapshot(`
      [
        "Ben Okafor asked: Cut off Ben Okafor’s Mac",
        "Ben Okafor asked: Replace the lost device ben.okafor-laptop of Ben Okafor with a new device",
      ]
    `);
  });

  it('of a colleague who reports it: the report waits for an approver, and so does the new one', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    letIn(sandbox, BEN);
    expect(await replaces(sandbox, { by: 'ana', typed: 'ben.okafor', lost: true })).toEqual({});
    await slack.until(
      () =>
        slack.messages('ocs-approvals').filter((message) => /waiting for approval/.test(slack.text(message))).length ===
        2,
      { what: 'two cards', timeoutMs: 20_000 },
    );
    expect(tracesOf(sandbox, BEN).hasSession).toBe(true);
  });
});

describe('the form refuses at the field', () => {
  it.each([
    ['the serial of the old one', BEN.serial, 'serial.serial'],
    ['the same, typed in small letters', BEN.serial.toLowerCase(), 'serial.serial'],
    ['the serial of a colleague', ANA.serial, 'serial.serial'],
    ['something that is no serial', 'To be filled by O.E.M.', 'serial.serial'],
  ])('%s', async (_what, serial, field) => {
    const sandbox = await start();
    const { slack } = sandbox;
    letIn(sandbox, BEN);
    letIn(sandbox, ANA);
    const errors = await replaces(sandbox, { serial });
    expect(Object.keys(errors)).toEqual([field]);
    expect(slack.messages('ocs-approvals')).toEqual([]);
    expect(serialsOf(sandbox, BEN.serial)).toEqual([BEN.serial]);
  });

  it('somebody who has lost access meanwhile', async () => {
    const sandbox = await start();
    letIn(sandbox, BEN);
    sandbox.cloudflare.account.removePerson(BEN.email);
    const errors = await replaces(sandbox, {});
    expect(Object.keys(errors)).toEqual(['device.pick']);
    expect(errors['device.pick']).toMatch(/no access now.*“add”/);
  });
});

describe('with bad luck', () => {
  it('fails half-way: what was done is taken back, the old one works on', async () => {
    const sandbox = await start();
    const { slack, cloudflare } = sandbox;
    letIn(sandbox, BEN);
    await replaces(sandbox, {});
    await cardSays(sandbox, /waiting for approval/);
    cloudflare.faults.add({ method: 'DELETE', path: /devices/, status: 403, times: Infinity });
    await slack.as('cara').clicks(cardOf(sandbox), 'Approve');
    expect(await channelSays(sandbox, 'ocs-audit', /REQ-0001 (could|was)/)).toMatchInlineSnapshot(`
      "# ❌ REQ-0001 could not be done
      Replace ben.okafor-laptop of Ben Okafor with a new device (serial number FVFG7NEW01)
      Action: replace
      Asked by: @ben (U05BEN00001), 2026-11-21 12:04 UTC
      For: Ben Okafor (ben.okafor@lanternhealth.example)
      Approved by: @cara (U05CARA0001), 2026-11-21 12:04 UTC
      Outcome: failed, 2026-11-21 12:04 UTC, 1 s after it started
      Reason given:
      > The old one is five years old
      Steps
      1. Put serial FVFG7NEW01 into the list “Lantern laptops”: done, then taken back
      2. Take serial 5CG0917BEN out of the list “Lantern laptops”: done, then taken back
      3. Remove the device “ben.okafor-laptop” (…7BEN): failed
      4. Send Ben Okafor the steps to connect the device: not done
      Why it failed: The Cloudflare API token lacks the permission “Zero Trust → Edit”, which is needed to delete a device (DELETE devices/physical-devices/:id, HTTP 403, error 10500, cf-ray 0a1b2c3d-FRA). Add it at dash.cloudflare.com → My Profile (or Manage Account, if the account owns the token) → API Tokens → Edit. If it is there, CLOUDFLARE_ACCOUNT_ID names an account that the token is not for.
      (Plan 8c263e6690c6. Decided 1 s after it was asked. The audit log holds every step.)"
    `);
    expect(serialsOf(sandbox, BEN.serial, NEW_SERIAL)).toEqual([BEN.serial]);
    expect(cloudflare.account.registrations(BEN.email)).toBe(1);
    const [entry] =
      cloudflare.account.state.lists
        .get(cloudflare.account.ids.serialList)
        ?.items.filter(({ value }) => value === BEN.serial) ?? [];
    expect(entry?.description).toBe(`${BEN.name} <${BEN.email}>`);
    expect(slack.dms('ben').some((message) => slack.text(message).includes('Download WARP'))).toBe(false);
  });

  it('fails at the new one: the old one is not touched', async () => {
    const sandbox = await start();
    const { slack, cloudflare } = sandbox;
    letIn(sandbox, BEN);
    await replaces(sandbox, {});
    await cardSays(sandbox, /waiting for approval/);
    cloudflare.faults.add({ method: 'PATCH', path: /lists/, status: 403, times: Infinity });
    await slack.as('cara').clicks(cardOf(sandbox), 'Approve');
    await channelSays(sandbox, 'ocs-audit', /REQ-0001 could not be done/);
    expect(serialsOf(sandbox, BEN.serial, NEW_SERIAL)).toEqual([BEN.serial]);
    expect(tracesOf(sandbox, BEN)).toMatchObject({ isAdmitted: true, registrations: 1 });
  });

  it('the old one is gone from Cloudflare by the time it is approved: it is done all the same', async () => {
    const sandbox = await start();
    const { slack, cloudflare } = sandbox;
    letIn(sandbox, BEN);
    await replaces(sandbox, {});
    await cardSays(sandbox, /waiting for approval/);
    cloudflare.account.removeListItem(cloudflare.account.ids.serialList, BEN.serial);
    await slack.as('cara').clicks(cardOf(sandbox), 'Approve');
    expect(withoutTimes(await channelSays(sandbox, 'ocs-audit', /REQ-0001 is done/))).toMatch(/so already/i);
    expect(serialsOf(sandbox, BEN.serial, NEW_SERIAL)).toEqual([NEW_SERIAL]);
  });
});
