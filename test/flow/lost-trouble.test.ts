import { expect, it, vi } from 'vitest';
import { useSandbox } from '../harness/use-sandbox.ts';
import { passTime } from '../harness/pass-time.ts';
import { letIn, tracesOf } from './leaving-driver.ts';
import {
  ANA,
  auditSorted,
  modalOf,
  incidentOf,
  incidentSays,
  opensLost,
  picksDevice,
  reportsLost,
  threadSays,
} from './lost-driver.ts';
import { auditOf, dmSays } from './onboarding-driver.ts';

const start = useSandbox();

vi.setConfig({ testTimeout: 60_000 });

const MINUTE = 60_000;

it('keeps the thief out where no policy asks for a known device: the owner is barred, and that is said', async () => {
  const sandbox = await start({ cloudflare: { requirePosture: false } });
  const { account } = sandbox.cloudflare;
  letIn(sandbox, ANA);

  await reportsLost(sandbox);

  expect(await incidentSays(sandbox, /is done/)).toMatchInlineSnapshot(`
    "# 🚨 Ana Souza’s Mac was reported lost
    Reported by: @ana, 2026-11-21 12:04 UTC
    Device: ana.souza-laptop, macOS, serial number C02XK0AZJG5J
    Owner: @ana (ana.souza@lanternhealth.example)
    ✅ REQ-0001 is done: the device is cut off, and that was read back.
    What was done
    • 2026-11-21 12:04 UTC: Bar ana.souza@lanternhealth.example from the policy “Team access” (Open Chat Studio)
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
    ⚠️ Warning: The policy “Team access” asks for no known device, so a serial number alone keeps nobody out: Ana Souza is barred from Open Chat Studio by an exclude rule until an approver lifts it.
    [Device found] [Also revoke the person] [Details]
    (REQ-0001. Reported 2026-11-21 12:04 UTC. The thread has who came in before it, and whoever tries to since.)"
  `);
  sandbox.clock.forward(6 * MINUTE);
  expect(account.clientWakesUp(ANA.serial)).toBe(true); // It enrols again by itself, and that helps nobody:
  expect(account.login(ANA.email, ANA.serial)).toBe(false);
  expect(account.waysIn(ANA.email).filter((way) => way.startsWith('policy') || way.startsWith('session'))).toEqual([]);
});

it('tells a minute later in the thread that the thief tried, once, and once more a quarter of an hour later', async () => {
  const sandbox = await start();
  const { account } = sandbox.cloudflare;
  letIn(sandbox, ANA);
  await reportsLost(sandbox);
  await incidentSays(sandbox, /is done/);

  sandbox.clock.forward(20_000);
  expect(account.login(ANA.email, ANA.serial, undefined, { ip: '203.0.113.66', country: 'NG' })).toBe(false);
  await passTime(sandbox, MINUTE);

  expect(await threadSays(sandbox, /203\.0\.113\.66/)).toMatchInlineSnapshot(`
    "🛡️ Turned away: since it was cut off, somebody tried to come in as ana.souza@lanternhealth.example.
    • 2026-11-21 12:04 UTC: turned away, from 203.0.113.66 (NG), ocs.lantern.internal
    It holds. There is nothing to do, but the owner may want to know."
  `);
  await passTime(sandbox, 5 * MINUTE);
  account.login(ANA.email, ANA.serial, undefined, { ip: '203.0.113.77', country: 'NG' });
  await passTime(sandbox, 10 * MINUTE);
  const second = await threadSays(sandbox, /203\.0\.113\.77/);
  expect(second).not.toMatch(/203\.0\.113\.66/);
  expect((await auditOf(sandbox, 'REQ-0001')).filter((line) => line.startsWith('access'))).toMatchInlineSnapshot(`
    [
      "access.attempted: Since REQ-0001 cut off access, somebody tried to come in once: 0 let in, 1 turned away.",
      "access.attempted: Since REQ-0001 cut off access, somebody tried to come in once: 0 let in, 1 turned away.",
    ]
  `);
});

it('does the other steps when one fails, tries it again, calls the approvers after two minutes, and ends when Cloudflare mends', async () => {
  const sandbox = await start();
  const { slack, cloudflare } = sandbox;
  letIn(sandbox, ANA);
  const broken = cloudflare.faults.add({ method: 'PATCH', path: /gateway\/lists/, status: 500, times: Infinity });

  await reportsLost(sandbox);

  expect(await incidentSays(sandbox, /trying again/)).toMatchInlineSnapshot(`
    "# 🚨 Ana Souza’s Mac was reported lost
    Reported by: @ana, 2026-11-21 12:04 UTC
    Device: ana.souza-laptop, macOS, serial number C02XK0AZJG5J
    Owner: @ana (ana.souza@lanternhealth.example)
    ⏳ REQ-0001 is trying again what has not worked yet
    What was done
    • 2026-11-21 12:04 UTC: End all sessions of ana.souza@lanternhealth.example
    • 2026-11-21 12:04 UTC: Make sure that no session of ana.souza@lanternhealth.example is left: checked
    • 2026-11-21 12:04 UTC: Remove the device “ana.souza-laptop” (…JG5J)
    • 2026-11-21 12:04 UTC: Report who came in as ana.souza@lanternhealth.example in the last 24 hours
    • 2026-11-21 12:04 UTC: Watch for attempts of ana.souza@lanternhealth.example to come in again
    What has not worked yet, and is tried again
    • Take serial C02XK0AZJG5J out of the list “Lantern laptops”: Cloudflare could not remove an entry from a list just now (PATCH gateway/lists/:id, HTTP 500, error 10500, cf-ray 0a1b2c3d-FRA). By hand: Zero Trust dashboard → Reusable components → Lists → Lantern laptops.
    What was found
    • Read back: 0 sessions of ana.souza@lanternhealth.example.
    Left to do by hand
    • Lock or erase the device from afar: with your device management, or the finder of its maker.
    • Change the passwords that were saved on it, and sign the owner out everywhere at your sign-in provider.
    • Tell the police and the insurance, as your rules say.
    [Device found] [Also revoke the person] [Details]
    (REQ-0001. Reported 2026-11-21 12:04 UTC. The thread has who came in before it, and whoever tries to since.)"
  `);
  await slack.until(
    () => !cloudflare.account.hasSession(ANA.email) && cloudflare.account.registrations(ANA.email) === 0,
    { what: 'the other cuts', timeoutMs: 20_000 },
  );
  await passTime(sandbox, 2 * MINUTE);
  expect(await threadSays(sandbox, /by hand/)).toMatchInlineSnapshot(`
    "🆘 @ocs-approvers access is not taken away yet: 1 step keeps failing since 2026-11-21 12:04 UTC. Please do it by hand.
    REQ-0001: Cut off Ana Souza’s Mac (ana.souza-laptop, …JG5J).
    • Take serial C02XK0AZJG5J out of the list “Lantern laptops”: Cloudflare could not remove an entry from a list just now (PATCH gateway/lists/:id, HTTP 500, error 10500, cf-ray 0a1b2c3d-FRA). By hand: Zero Trust dashboard → Reusable components → Lists → Lantern laptops.
    (Everything else goes on, and these are tried again until they hold. What you do by hand is noticed.)"
  `);
  await passTime(sandbox, 2 * MINUTE);
  broken.remove();
  await passTime(sandbox, 2 * MINUTE);

  expect(await incidentSays(sandbox, /is done/)).toMatch(
    /Take serial C02XK0AZJG5J out of the list “Lantern laptops”$/m,
  );
  expect(tracesOf(sandbox, ANA)).toMatchObject({ hasSession: false, registrations: 0, serialListed: false });
  const calls = incidentOf(sandbox).replies.filter(
    (reply) => /by hand/.test(slack.text(reply)) && /ocs-approvers/.test(slack.text(reply)),
  );
  expect(calls).toHaveLength(1);
  expect(await auditSorted(sandbox)).toMatchInlineSnapshot(`
    [
      "request.asked: Ana Souza asked: Cut off Ana Souza’s Mac (ana.souza-laptop, …JG5J).",
      "run.started: Began to carry out REQ-0001: Cut off Ana Souza’s Mac (ana.souza-laptop, …JG5J).",
      "run.step: Checked: Make sure that no session of ana.souza@lanternhealth.example is left. Read back: 0 sessions of ana.souza@lanternhealth.example.",
      "run.step: Checked: Make sure that no session of ana.souza@lanternhealth.example is left. Read back: 0 sessions of ana.souza@lanternhealth.example.",
      "run.step: Done: End all sessions of ana.souza@lanternhealth.example.",
      "run.step: Done: Remove the device “ana.souza-laptop” (…JG5J).",
      "run.step: Done: Report who came in as ana.souza@lanternhealth.example in the last 24 hours.",
      "run.step: Done: Report who came in as ana.souza@lanternhealth.example in the last 24 hours.",
      "run.step: Done: Take serial C02XK0AZJG5J out of the list “Lantern laptops” (16 → 15 serials).",
      "run.step: Done: Watch for attempts of ana.souza@lanternhealth.example to come in again.",
      "run.step: Done: Watch for attempts of ana.souza@lanternhealth.example to come in again.",
      "run.stuck: The approvers were called to REQ-0001: 1 step has kept failing for 2 minutes.",
      "run.finished: REQ-0001 is done: Cut off Ana Souza’s Mac (ana.souza-laptop, …JG5J).",
    ]
  `);
});

it('ends the session of a thief who came in before the serial number could be struck, and shows that they did', async () => {
  const sandbox = await start();
  const { cloudflare, clock } = sandbox;
  const { account } = cloudflare;
  letIn(sandbox, ANA);
  const broken = cloudflare.faults.add({ method: 'PATCH', path: /gateway\/lists/, status: 500, times: Infinity });
  await reportsLost(sandbox);
  await incidentSays(sandbox, /trying again/);
  clock.forward(6 * MINUTE);
  expect(account.clientWakesUp(ANA.serial)).toBe(true);
  clock.forward(MINUTE);
  expect(account.login(ANA.email, ANA.serial, undefined, { ip: '203.0.113.66', country: 'NG' })).toBe(true);

  broken.remove();
  await passTime(sandbox, 2 * MINUTE);

  await incidentSays(sandbox, /is done/);
  expect(account.hasSession(ANA.email)).toBe(false);
  expect(await threadSays(sandbox, /^Who came in.*203\.0\.113\.66/s)).toMatchInlineSnapshot(`
    "Who came in with this address: ana.souza@lanternhealth.example
    3 times let in, 0 times turned away, from 2 addresses.
    • 2026-11-21 12:04 UTC: let in, from 203.0.113.66 (NG), ocs.lantern.internal
    • 2026-11-21 12:04 UTC: let in, from 198.51.100.77 (DE), lantern-health.cloudflareaccess.com/warp
    • 2026-11-21 12:04 UTC: let in, from 198.51.100.77 (DE), ocs.lantern.internal
    Ask the owner which of these were theirs. If one was not, revoke the person too.
    (From 2026-11-21 12:04 UTC until it was cut off. An attempt of the last minute may be missing.)"
  `);
  clock.forward(6 * MINUTE);
  expect(account.login(ANA.email, ANA.serial)).toBe(false);
  // What is tried after the late cut is watched for anew.
  await passTime(sandbox, MINUTE);
  expect(await threadSays(sandbox, /Turned away/)).toMatchInlineSnapshot(`
    "🛡️ Turned away: since it was cut off, somebody tried to come in as ana.souza@lanternhealth.example.
    • 2026-11-21 12:04 UTC: turned away, from 198.51.100.77 (DE), ocs.lantern.internal
    It holds. There is nothing to do, but the owner may want to know."
  `);
});

it('ends when a person did it by hand', async () => {
  const sandbox = await start();
  const { cloudflare } = sandbox;
  letIn(sandbox, ANA);
  cloudflare.faults.add({ method: 'PATCH', path: /gateway\/lists/, status: 403, times: Infinity });
  await reportsLost(sandbox);
  await incidentSays(sandbox, /trying again/);
  await passTime(sandbox, 2 * MINUTE);
  expect(await threadSays(sandbox, /by hand/)).toMatchInlineSnapshot(`
    "🆘 @ocs-approvers access is not taken away yet: 1 step keeps failing since 2026-11-21 12:04 UTC. Please do it by hand.
    REQ-0001: Cut off Ana Souza’s Mac (ana.souza-laptop, …JG5J).
    • Take serial C02XK0AZJG5J out of the list “Lantern laptops”: The Cloudflare API token lacks the permission “Zero Trust → Edit”, which is needed to remove an entry from a list (PATCH gateway/lists/:id, HTTP 403, error 10500, cf-ray 0a1b2c3d-FRA). Add it at dash.cloudflare.com → My Profile (or Manage Account, if the account owns the token) → API Tokens → Edit. If it is there, CLOUDFLARE_ACCOUNT_ID names an account that the token is not for. By hand: Zero Trust dashboard → Reusable components → Lists → Lantern laptops.
    (Everything else goes on, and these are tried again until they hold. What you do by hand is noticed.)"
  `);

  cloudflare.account.removeListItem(cloudflare.account.ids.serialList, ANA.serial);
  await passTime(sandbox, 2 * MINUTE);

  expect(await incidentSays(sandbox, /is done/)).toMatchInlineSnapshot(`
    "# 🚨 Ana Souza’s Mac was reported lost
    Reported by: @ana, 2026-11-21 12:04 UTC
    Device: ana.souza-laptop, macOS, serial number C02XK0AZJG5J
    Owner: @ana (ana.souza@lanternhealth.example)
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
});

it('waits five minutes for the one call that Cloudflare puts off, and for none of the others', async () => {
  const sandbox = await start();
  const { slack, cloudflare } = sandbox;
  letIn(sandbox, ANA);
  cloudflare.faults.add({ method: 'POST', path: /revoke_user/, status: 429, retryAfterSeconds: 300 });

  await reportsLost(sandbox);

  expect(await incidentSays(sandbox, /trying again|until/)).toMatchInlineSnapshot(`
    "# 🚨 Ana Souza’s Mac was reported lost
    Reported by: @ana, 2026-11-21 12:04 UTC
    Device: ana.souza-laptop, macOS, serial number C02XK0AZJG5J
    Owner: @ana (ana.souza@lanternhealth.example)
    ⏳ REQ-0001 is trying again what has not worked yet. Waiting for Cloudflare until 2026-11-21 12:04 UTC; it goes on by itself.
    What was done
    • 2026-11-21 12:04 UTC: Make sure that no session of ana.souza@lanternhealth.example is left
    • 2026-11-21 12:04 UTC: Remove the device “ana.souza-laptop” (…JG5J)
    • 2026-11-21 12:04 UTC: Report who came in as ana.souza@lanternhealth.example in the last 24 hours
    • 2026-11-21 12:04 UTC: Take serial C02XK0AZJG5J out of the list “Lantern laptops”
    • 2026-11-21 12:04 UTC: Watch for attempts of ana.souza@lanternhealth.example to come in again
    What has not worked yet, and is tried again
    • End all sessions of ana.souza@lanternhealth.example: Cloudflare is asked too often and wants a pause of 300 seconds. By hand: Zero Trust dashboard → Team & Resources → Users → ana.souza@lanternhealth.example → Revoke sessions.
    What was found
    • Read back: 0 sessions of ana.souza@lanternhealth.example.
    Left to do by hand
    • Lock or erase the device from afar: with your device management, or the finder of its maker.
    • Change the passwords that were saved on it, and sign the owner out everywhere at your sign-in provider.
    • Tell the police and the insurance, as your rules say.
    [Device found] [Also revoke the person] [Details]
    (REQ-0001. Reported 2026-11-21 12:04 UTC. The thread has who came in before it, and whoever tries to since.)"
  `);
  await slack.until(() => !tracesOf(sandbox, ANA).serialListed && tracesOf(sandbox, ANA).registrations === 0, {
    what: 'the other cuts',
  });
  await passTime(sandbox, 5 * MINUTE);
  await incidentSays(sandbox, /is done/);
  expect(tracesOf(sandbox, ANA)).toMatchObject({ hasSession: false, registrations: 0, serialListed: false });
});

it('cuts off while Slack is down, and tells it later', async () => {
  const sandbox = await start();
  const { slack } = sandbox;
  letIn(sandbox, ANA);
  await opensLost(sandbox, 'ana');
  await picksDevice(sandbox, 'ana');
  slack.faults.add({ method: 'chat.postMessage', status: 503 });
  slack.faults.add({ method: 'chat.update', status: 503 });
  slack.faults.add({ method: 'users.info', status: 503 });
  slack.faults.add({ method: 'usergroups.users.list', status: 503 });

  await slack.as('ana').submits();
  await slack.until(
    () =>
      !tracesOf(sandbox, ANA).serialListed &&
      !tracesOf(sandbox, ANA).hasSession &&
      tracesOf(sandbox, ANA).registrations === 0,
    { what: 'the cut', timeoutMs: 20_000 },
  );
  expect(slack.messages('ocs-security')).toEqual([]);
  slack.faults.clear();
  await passTime(sandbox, MINUTE);

  await incidentSays(sandbox, /is done/);
  await threadSays(sandbox, /Who came in/);
  await dmSays(sandbox, 'ana', /It took/);
  slack.faultsSeen.splice(0);
});

it('cuts off what was reported just before Slack went away for good, and tells it when it is back', async () => {
  const sandbox = await start();
  const { slack } = sandbox;
  letIn(sandbox, ANA);
  await opensLost(sandbox, 'ana');
  await picksDevice(sandbox, 'ana');

  await slack.as('ana').submits();
  slack.faults.down(true);
  await slack.until(() => !tracesOf(sandbox, ANA).serialListed && !tracesOf(sandbox, ANA).hasSession, {
    what: 'the cut',
    timeoutMs: 20_000,
  });
  slack.faults.down(false);
  await passTime(sandbox, MINUTE);

  await incidentSays(sandbox, /is done/);
  await threadSays(sandbox, /Who came in/);
  slack.faultsSeen.splice(0);
});

it('makes one report of a form that is sent twice at once', async () => {
  const sandbox = await start();
  const { slack } = sandbox;
  letIn(sandbox, ANA);
  await opensLost(sandbox, 'ana');
  await picksDevice(sandbox, 'ana');
  slack.faults.duplicateDeliveries(1);

  await slack.as('ana').submits();

  await incidentSays(sandbox, /is done/);
  expect(slack.messages('ocs-security')).toHaveLength(1);
  expect((await auditOf(sandbox, 'REQ-0001')).filter((line) => line.startsWith('request.asked'))).toHaveLength(1);
  expect(await auditOf(sandbox, 'REQ-0002')).toEqual([]);
});

it('ends the sessions of a laptop that somebody removed while the form was open', async () => {
  const sandbox = await start();
  const { slack, cloudflare } = sandbox;
  letIn(sandbox, ANA);
  await opensLost(sandbox, 'ana');
  await picksDevice(sandbox, 'ana');
  const { devices, registrations } = cloudflare.account.state;
  const [device] = cloudflare.account.devicesOf(ANA.email);
  devices.delete(device?.id ?? '');
  for (const one of registrations.values()) if (one.deviceId === device?.id) registrations.delete(one.id);

  await slack.as('ana').submits();

  expect(await incidentSays(sandbox, /is done/)).toMatch(/was gone from Cloudflare already/);
  expect(tracesOf(sandbox, ANA)).toMatchObject({ hasSession: false, registrations: 0, serialListed: false });
});

it('says so when it is reported a second time by somebody else who had the form open', async () => {
  const sandbox = await start();
  const { slack } = sandbox;
  letIn(sandbox, ANA);
  await opensLost(sandbox, 'cara');
  await picksDevice(sandbox, 'cara', 'souza');
  await reportsLost(sandbox);
  await incidentSays(sandbox, /REQ-0001 is done/);

  expect((await slack.as('cara').submits()).errors ?? {}).toEqual({});

  expect(await incidentSays(sandbox, /REQ-0002 is done/)).toMatchInlineSnapshot(`
    "# 🚨 Ana Souza’s Mac was reported lost
    Reported by: @cara, 2026-11-21 12:04 UTC
    Device: ana.souza-laptop, macOS, serial number C02XK0AZJG5J
    Owner: @ana (ana.souza@lanternhealth.example)
    ✅ REQ-0002 is done: the device is cut off, and that was read back.
    What was done
    • 2026-11-21 12:04 UTC: End all sessions of ana.souza@lanternhealth.example
    • 2026-11-21 12:04 UTC: Make sure that no session of ana.souza@lanternhealth.example is left: checked
    • 2026-11-21 12:04 UTC: Report who came in as ana.souza@lanternhealth.example in the last 24 hours
    • 2026-11-21 12:04 UTC: Tell the owner that the device was reported lost
    • 2026-11-21 12:04 UTC: Watch for attempts of ana.souza@lanternhealth.example to come in again
    What was found
    • Read back: 0 sessions of ana.souza@lanternhealth.example.
    Left to do by hand
    • Lock or erase the device from afar: with your device management, or the finder of its maker.
    • Change the passwords that were saved on it, and sign the owner out everywhere at your sign-in provider.
    • Tell the police and the insurance, as your rules say.
    ⚠️ Warning: Its serial number C02XK0AZJG5J is not in the list “Lantern laptops”, so there is none to take out.
    ⚠️ Warning: The device “ana.souza-laptop” was gone from Cloudflare already. The sessions end all the same.
    [Device found] [Also revoke the person] [Details]
    (REQ-0002. Reported 2026-11-21 12:04 UTC. The thread has who came in before it, and whoever tries to since.)"
  `);
  expect(modalOf(sandbox, 'cara')).toMatchInlineSnapshot(`
    "== Sent ==
    It is being cut off now.
    REQ-0002: Cut off Ana Souza’s Mac (ana.souza-laptop, …JG5J).
    Follow it in #ocs-security. You get a direct message when it is done.
    [Close]"
  `);
});
