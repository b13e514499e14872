import { expect, it } from 'vitest';
import { useSandbox, type TestSandbox } from '../harness/use-sandbox.ts';
import {
  asksForAna,
  auditOf,
  cardOf,
  cardSays,
  dmSays,
  fillsForm,
  hasCard,
  SERIAL,
  newestDm,
  withoutTimes,
} from './onboarding-driver.ts';

const start = useSandbox();
const ANA = 'ana.souza@lanternhealth.example';

it('lets a colleague in: asked by a member, approved, done, told', async () => {
  const sandbox = await start();
  const { slack, cloudflare } = sandbox;
  expect(cloudflare.account.wouldAdmit(ANA, SERIAL)).toBe(false);

  const id = await asksForAna(sandbox);
  await slack.as('cara').clicks(cardOf(sandbox), 'Approve');

  await cardSays(sandbox, /✅ REQ-0001/);
  sandbox.clock.forward(6 * 60_000); // The device check looks every five minutes.
  expect(cloudflare.account.wouldAdmit(ANA, SERIAL)).toBe(true);
  expect(cloudflare.account.couldEnrol(ANA)).toBe(true);
  expect(await dmSays(sandbox, 'ana', /Welcome|sign in/)).toMatchInlineSnapshot(`
    "# 👋 You have access to Open Chat Studio
    It is not on the open internet: a small program called WARP brings your computer to it. Once, on the computer whose serial number we have:
    1. Download WARP from https://one.one.one.one, install it and open it.
    2. In WARP choose Preferences > Account > Login with Cloudflare Zero Trust, and type the team name lantern-health.
    3. A page opens. Type your e-mail ana.souza@lanternhealth.example. You get a code by e-mail: type it in. If it does not come, look in the spam folder, wait 60 seconds and press Resend code.
    4. Switch WARP on. It has to say Connected.
    5. In your browser open http://ocs.lantern.internal:8000 and sign in with the same e-mail.
    If it doesn’t work
    • Wait up to ten minutes after switching WARP on: the first check of a computer can take that long.
    • Switch WARP off and on again, then reload the page.
    • Use the same e-mail in both places: ana.souza@lanternhealth.example.
    • The page can’t be found? It exists only while WARP says Connected. Type the whole address, with the number after the colon.
    • Make sure that this is the computer whose serial number we have: no other is let in.
    [I’m in] [It doesn’t work]"
  `);
  expect(await dmSays(sandbox, 'ben', /It took/)).toMatchInlineSnapshot(`
    "✅ REQ-0001 is done: Give Ana Souza access with their device (serial number C02XK0AZJG5J).
    What was done
    • Put serial C02XK0AZJG5J into the list “Lantern laptops”
    • Let ana.souza@lanternhealth.example in by the policy “Who may enrol” (device enrolment)
    • Let ana.souza@lanternhealth.example in by the policy “Team access” (Open Chat Studio)
    • Send Ana Souza the steps to sign in
    • Keep the access of Ana Souza without an end date: was so already
    (It took 1 s, and everything was checked afterwards.)"
  `);
  expect(await dmSays(sandbox, 'ben', /# ✅/)).toMatchInlineSnapshot(`
    "# ✅ REQ-0001 is done
    Give Ana Souza access with their device (serial number C02XK0AZJG5J)
    Everything is done and checked. A message below says what.
    Approved by @cara, 2026-11-21 12:04 UTC"
  `);
  const summary = await slack.until(() => slack.messages('ocs-audit').at(-1), { what: 'the audit summary' });
  expect(withoutTimes(slack.text(summary))).toMatchInlineSnapshot(`
    "# ✅ REQ-0001 is done
    Give Ana Souza access with their device (serial number C02XK0AZJG5J)
    Action: add
    Asked by: @ben (U05BEN00001), 2026-11-21 12:04 UTC
    For: Ana Souza (ana.souza@lanternhealth.example)
    Approved by: @cara (U05CARA0001), 2026-11-21 12:04 UTC
    Outcome: done, 2026-11-21 12:04 UTC, 1 s after it started
    Reason given:
    > Joins the clinic team on Monday
    Steps
    1. Put serial C02XK0AZJG5J into the list “Lantern laptops”: done
    2. Let ana.souza@lanternhealth.example in by the policy “Who may enrol” (device enrolment): done
    3. Let ana.souza@lanternhealth.example in by the policy “Team access” (Open Chat Studio): done
    4. Send Ana Souza the steps to sign in: done
    5. Keep the access of Ana Souza without an end date: was so already
    (Plan f23245134568. Decided 1 s after it was asked. The audit log holds every step.)"
  `);
  expect(await auditOf(sandbox, id)).toMatchInlineSnapshot(`
    [
      "request.asked: Ben Okafor asked: Give Ana Souza access with their device (serial number C02XK0AZJG5J). Reason: Joins the clinic team on Monday",
      "request.approved: Cara Lindqvist approved REQ-0001: Give Ana Souza access with their device (serial number C02XK0AZJG5J).",
      "run.started: Began to carry out REQ-0001: Give Ana Souza access with their device (serial number C02XK0AZJG5J).",
      "run.step: Done: Put serial C02XK0AZJG5J into the list “Lantern laptops” (15 → 16 serials).",
      "run.step: Done: Let ana.souza@lanternhealth.example in by the policy “Who may enrol” (device enrolment) (14 → 15 people).",
      "run.step: Done: Let ana.souza@lanternhealth.example in by the policy “Team access” (Open Chat Studio) (14 → 15 people).",
      "run.step: Done: Send Ana Souza the steps to sign in.",
      "run.step: So already: Keep the access of Ana Souza without an end date.",
      "run.finished: REQ-0001 is done: Give Ana Souza access with their device (serial number C02XK0AZJG5J).",
    ]
  `);
});

it('uses the e-mail list where the policy reads one, and rewrites no policy', async () => {
  const sandbox = await start({ cloudflare: { emailList: true } });
  const { cloudflare } = sandbox;

  await asksForAna(sandbox);
  cloudflare.clearCalls();
  await sandbox.slack.as('cara').clicks(cardOf(sandbox), 'Approve');
  await cardSays(sandbox, /✅ REQ-0001/);

  expect(cloudflare.account.emails()).toContain(ANA);
  const rewritten = cloudflare.calls.filter(({ method }) => method === 'PUT').map(({ path }) => path);
  expect(rewritten.filter((path) => !path.includes(cloudflare.account.ids.enrolmentApp))).toEqual([]);
});

it('takes an address for somebody outside Slack, and gives the steps to whoever asked', async () => {
  const sandbox = await start();
  const { slack, cloudflare } = sandbox;

  await fillsForm(sandbox, { email: 'Sam@Partner.example', serial: '5CD8841QRT' });
  await slack.as('ben').submits();
  await cardSays(sandbox, /waiting for approval/);
  await slack.as('dina').clicks(cardOf(sandbox), 'Approve');
  await cardSays(sandbox, /✅ REQ-0001/);

  expect(cloudflare.account.emails()).toContain('sam@partner.example');
  expect(await dmSays(sandbox, 'ben', /Download WARP/)).toMatchInlineSnapshot(`
    "# 👋 sam@partner.example has access: please pass this on
    I can’t reach sam@partner.example in Slack. Please send them what follows, to sam@partner.example.
    ---
    You have access to Open Chat Studio. Once, on the computer whose serial number we have:
    1. Download WARP from https://one.one.one.one, install it and open it.
    2. In WARP choose Preferences > Account > Login with Cloudflare Zero Trust, and type the team name lantern-health.
    3. A page opens. Type your e-mail sam@partner.example. You get a code by e-mail: type it in. If it does not come, look in the spam folder, wait 60 seconds and press Resend code.
    4. Switch WARP on. It has to say Connected.
    5. In your browser open http://ocs.lantern.internal:8000 and sign in with the same e-mail.
    If it doesn’t work
    • Wait up to ten minutes after switching WARP on: the first check of a computer can take that long.
    • Switch WARP off and on again, then reload the page.
    • Use the same e-mail in both places: sam@partner.example.
    • The page can’t be found? It exists only while WARP says Connected. Type the whole address, with the number after the colon.
    • Make sure that this is the computer whose serial number we have: no other is let in."
  `);
});

it('asks the colleague for their serial, waits, and goes on when they have typed it', async () => {
  const sandbox = await start();
  const { slack, cloudflare } = sandbox;
  const ana = slack.as('ana');

  await fillsForm(sandbox, { person: 'ana', ask: true });
  await slack.as('ben').submits();
  const invitation = await slack.until(() => slack.dms('ana').at(-1), { what: 'the invitation' });
  expect(withoutTimes(slack.text(invitation))).toMatchInlineSnapshot(`
    "@ben has asked that you get access to Open Chat Studio.
    The reason given:
    > Joins the clinic team on Monday
    Only computers that we know are let in, so I need the serial number of yours. The form says where to find it. It takes about a minute.
    [Type my serial number]
    (REQ-0001. Please answer before 2026-11-21 12:04 UTC; after that it has to be asked again.)"
  `);
  expect(hasCard(sandbox)).toBe(false);

  await ana.clicks(invitation, 'invite-open');
  await slack.until(() => ana.view()?.submit, { what: 'the form for the device' });
  await ana.sets('device.platform', 'linux');
  await ana.sets('device.serial', 'To be filled by O.E.M.');
  const refused = await ana.submits();
  expect(refused.errors).toMatchInlineSnapshot(`
    {
      "device.serial": "“TO BE FILLED BY O.E.M.” is what a computer says when its maker left the serial number out: thousands of devices share it, so it can’t tell this one apart. Look for the number on the label underneath the device or on its invoice.",
    }
  `);
  await ana.sets('device.serial', SERIAL.toLowerCase());
  expect((await ana.submits()).errors ?? {}).toEqual({});

  await cardSays(sandbox, /waiting for approval/);
  await slack.as('olu').clicks(cardOf(sandbox), 'Approve');
  await cardSays(sandbox, /✅ REQ-0001/);
  expect(cloudflare.account.serials()).toContain(SERIAL);
  expect(await auditOf(sandbox, 'REQ-0001')).toContain(
    'request.completed: Ana Souza typed what REQ-0001 waited for: Give Ana Souza access with their Linux device (serial number C02XK0AZJG5J).',
  );
});

it('brings “I’m in” and “It doesn’t work” back to whoever asked', async () => {
  const sandbox = await start();
  const { slack } = sandbox;
  await asksForAna(sandbox);
  await slack.as('cara').clicks(cardOf(sandbox), 'Approve');
  await dmSays(sandbox, 'ana', /Connected/);
  const welcome = newestDm(sandbox, 'ana');

  await slack.as('ana').clicks(welcome, 'welcome-stuck');
  expect(await dmSays(sandbox, 'ben', /does not work|doesn’t work/)).toMatchInlineSnapshot(`
    "🆘 It does not work yet: @ana can’t get in (REQ-0001).
    Please get in touch with them, and go through this:
    1. Has it been less than ten minutes since they switched WARP on? The first check of a computer can take that long.
    2. Does WARP say Connected, and did they sign in with the address that you gave?
    3. Is the serial number that they read off their computer the one in the request?
    If it still does not work, tell your operator the number of the request."
  `);
  await slack.as('ana').clicks(welcome, 'welcome-in');
  expect(await dmSays(sandbox, 'ben', /is in/)).toMatchInlineSnapshot(
    `"🎉 It works: @ana is in. Your request REQ-0001 has done its work."`,
  );
  expect(
    slack
      .as('ana')
      .ephemerals()
      .map((one) => one.text),
  ).toMatchInlineSnapshot(`
    [
      "Sorry about that. Ben Okafor knows and will get in touch with you.",
      "Good to have you in. Ben Okafor knows.",
    ]
  `);
});

it('asks two approvers where two are needed', async () => {
  const sandbox = await start({ env: { APPROVALS_NEEDED: '2' } });
  const { slack, cloudflare } = sandbox;
  await asksForAna(sandbox);

  await slack.as('cara').clicks(cardOf(sandbox), 'Approve');
  await cardSays(sandbox, /1 of 2/);
  expect(cloudflare.account.serials()).not.toContain(SERIAL);
  await slack.as('cara').clicks(cardOf(sandbox), 'Approve');
  await slack.until(() => slack.as('cara').ephemerals().at(-1));
  expect(slack.as('cara').ephemerals().at(-1)?.text).toBe(
    'You have approved this already; it needs somebody else too.',
  );
  await slack.as('dina').clicks(cardOf(sandbox), 'Approve');

  await cardSays(sandbox, /✅ REQ-0001/);
});

it('denies with a reason that the requester reads', async () => {
  const sandbox = await start();
  const { cloudflare } = sandbox;
  const before = cloudflare.calls.length;
  await asksForAna(sandbox);
  const asked = cloudflare.calls.length;

  await deny(sandbox, 'cara', 'Ana leaves next week');

  expect(await cardSays(sandbox, /denied/i)).toContain('Ana leaves next week');
  expect(cardOf(sandbox)?.blocks.some((block) => JSON.stringify(block).includes('"Approve"'))).toBe(false);
  expect(await dmSays(sandbox, 'ben', /denied[\s\S]*Ana leaves next week/i)).toMatchInlineSnapshot(`
    "🚫 REQ-0001 was denied by Cara Lindqvist: Give Ana Souza access with their device (serial number C02XK0AZJG5J).
    The reason:
    > Ana leaves next week"
  `);
  expect(asked).toBeGreaterThan(before);
  expect(cloudflare.calls.length).toBe(asked);
  expect(await auditOf(sandbox, 'REQ-0001')).toMatchInlineSnapshot(`
    [
      "request.asked: Ben Okafor asked: Give Ana Souza access with their device (serial number C02XK0AZJG5J). Reason: Joins the clinic team on Monday",
      "request.denied: Cara Lindqvist denied REQ-0001: Give Ana Souza access with their device (serial number C02XK0AZJG5J). Reason: Ana leaves next week",
    ]
  `);
});

it('lets whoever asked withdraw, and nobody else', async () => {
  const sandbox = await start();
  const { slack } = sandbox;
  await asksForAna(sandbox);
  const mine = await slack.until(() => slack.dms('ben').at(-1));

  await slack.as('ben').clicks(mine, 'withdraw');

  await cardSays(sandbox, /withdrawn/i);
  await slack.as('cara').clicks(cardOf(sandbox), 'details');
  await slack.until(
    () =>
      slack.as('cara').view()?.title !== undefined && /withdrawn/i.test(slack.text(slack.as('cara').view() ?? never())),
  );
});

async function deny({ slack, ...rest }: TestSandbox, who: string, reason: string): Promise<void> {
  const approver = slack.as(who);
  await approver.clicks(cardOf({ slack, ...rest }), 'Deny');
  await slack.until(() => approver.view()?.submit, { what: 'the form for the reason' });
  await approver.sets('deny-reason', reason);
  await approver.submits();
}

function never(): never {
  throw new Error('there is no modal');
}
