import { describe, expect, it } from 'vitest';
import { passTime } from '../harness/pass-time.ts';
import { useSandbox, type TestSandbox } from '../harness/use-sandbox.ts';
import {
  approves,
  asks,
  backUp,
  dateIn,
  DAY,
  givesAccess,
  HOUR,
  hourlyLook,
  isDone,
  leftOf,
  losesTimers,
  NEWCOMER,
  noticeSays,
  sendsWithEnd,
  staysOf,
} from './end-dates-driver.ts';
import { BEN, letIn, NO_TRACE, tracesOf } from './leaving-driver.ts';
import { auditAll, auditOf, dmSays, withoutTimes } from './onboarding-driver.ts';
import { revokes } from './revoke-driver.ts';

const start = useSandbox();

/** Ana has access for so long, and has connected her laptop and signed in. */
async function letsAnaIn(sandbox: TestSandbox, wanted: Parameters<typeof givesAccess>[1]): Promise<string> {
  const { cloudflare } = sandbox;
  const id = await givesAccess(sandbox, wanted);
  expect(cloudflare.account.enrol(NEWCOMER.email, NEWCOMER.serial)).toBeTruthy();
  await passTime(sandbox, 6 * 60_000); // The device check looks every five minutes.
  expect(cloudflare.account.login(NEWCOMER.email, NEWCOMER.serial)).toBe(true);
  return id;
}

/** What is left of a day name in texts whose day differs from run to run. */
function withoutDays(text: string): string {
  return withoutTimes(text)
    .replaceAll(
      /\b\d{1,2} (January|February|March|April|May|June|July|August|September|October|November|December) \d{4}/g,
      '24 December 2026',
    )
    .replaceAll(/\b\d{4}-\d\d-\d\d\b/g, '2026-12-24')
    .replaceAll(/Plan [0-9a-f]{12}/g, 'Plan 132173bd2265');
}

describe('access with an end', () => {
  it('is given, told of twice before its end, and taken away by itself', async () => {
    const sandbox = await start();
    const { slack, cloudflare } = sandbox;
    const id = await letsAnaIn(sandbox, { duration: '30d' });
    expect(withoutDays(await isDone(sandbox, id))).toMatchInlineSnapshot(`
      "# ✅ REQ-0001 is done
      Give Ana Souza access with their device (serial number C02XK0AZJG5J)
      Action: add
      Asked by: @ben (U05BEN00001), 2026-12-24 12:04 UTC
      For: Ana Souza (ana.souza@lanternhealth.example)
      Approved by: @cara (U05CARA0001), 2026-12-24 12:04 UTC
      Outcome: done, 2026-12-24 12:04 UTC, 1 s after it started
      Reason given:
      > Joins the clinic team on Monday
      Steps
      1. Put serial C02XK0AZJG5J into the list “Lantern laptops”: done
      2. Let ana.souza@lanternhealth.example in by the policy “Who may enrol” (device enrolment): done
      3. Let the access of Ana Souza end on 24 December 2026: done
      4. Let ana.souza@lanternhealth.example in by the policy “Team access” (Open Chat Studio): done
      5. Send Ana Souza the steps to sign in: done
      (Plan 132173bd2265. Decided 1 s after it was asked. The audit log holds every step.)"
    `);

    await passTime(sandbox, (await leftOf(sandbox)) - 3 * DAY);
    const first = await noticeSays(sandbox, /Access ends soon/);
    expect(withoutDays(slack.text(first))).toMatchInlineSnapshot(`
      "# ⏳ Access ends soon
      The access of @ana (ana.souza@lanternhealth.example) ends 2026-12-24 12:04 UTC.
      [Extend]
      (The end was set by REQ-0001. After it, access is taken away by itself.)"
    `);
    expect(withoutDays(await dmSays(sandbox, 'ana', /Your access ends soon/))).toMatchInlineSnapshot(`
      "# ⏳ Your access ends soon
      Your access to Open Chat Studio ends 2026-12-24 12:04 UTC.
      If you need it longer, ask for a later end: an approver decides. If not, you need not do anything.
      [Extend]
      (The end was set by REQ-0001. After it, access is taken away by itself.)"
    `);
    await passTime(sandbox, 2 * DAY);
    await slack.until(
      () => slack.dms('ana').filter((message) => slack.text(message).includes('Your access ends soon')).length === 2,
      { what: 'the second notice', timeoutMs: 20_000 },
    );
    expect(tracesOf(sandbox, NEWCOMER)).toMatchObject({ canEnrol: true, serialListed: true });

    await passTime(sandbox, DAY);
    expect(withoutDays(await isDone(sandbox, 'REQ-0002'))).toMatchInlineSnapshot(`
      "# ✅ REQ-0002 is done
      Revoke all access of Ana Souza
      Action: revoke
      Asked by: ocs-access, 2026-12-24 12:04 UTC
      About: Ana Souza (ana.souza@lanternhealth.example)
      Approval: none needed
      Outcome: done, 2026-12-24 12:04 UTC, 1 s after it started
      Reason given:
      > The end date of their access was reached (REQ-0001).
      Steps
      1. Take ana.souza@lanternhealth.example out of the policy “Who may enrol” (device enrolment): done
      2. Take ana.souza@lanternhealth.example out of the policy “Team access” (Open Chat Studio): done
      3. Take serial C02XK0AZJG5J out of the list “Lantern laptops”: done
      4. Remove the device “ana.souza-laptop” (…JG5J): done
      5. End every WARP registration of ana.souza@lanternhealth.example: done
      6. End all sessions of ana.souza@lanternhealth.example: done
      7. Free the seat of ana.souza@lanternhealth.example: done
      8. Remove the end date of Ana Souza’s access: done
      9. Watch for attempts of ana.souza@lanternhealth.example to come in again: done
      10. Read everything back and make sure that Ana Souza can’t get in: checked
      What was found
      • Read back at the end: no policy lets Ana Souza in, 0 devices, 0 sessions.
      (Plan 132173bd2265. The audit log holds every step.)"
    `);
    expect(tracesOf(sandbox, NEWCOMER)).toEqual(NO_TRACE);
    expect(cloudflare.account.waysIn(NEWCOMER.email)).toEqual([]);
    expect(await staysOf(sandbox)).toEqual([]);
    expect(withoutDays((await auditOf(sandbox, 'REQ-0002')).slice(0, 2).join('\n'))).toMatchInlineSnapshot(`
      "request.asked: ocs-access asked: Revoke all access of Ana Souza. Reason: The end date of their access was reached (REQ-0001).
      run.started: Began to carry out REQ-0002: Revoke all access of Ana Souza."
    `);
    expect((await auditOf(sandbox, id)).slice(-2).map(withoutDays)).toMatchInlineSnapshot(`
      [
        "stay.told: Ana Souza and the approvers were told that the access of Ana Souza ends within 3 days.",
        "stay.told: Ana Souza and the approvers were told that the access of Ana Souza ends within 1 day.",
      ]
    `);
    expect(slack.dms('ana').map((message) => withoutDays(slack.text(message)).split('\n')[0])).toMatchInlineSnapshot(`
      [
        "# 👋 You have access to Open Chat Studio",
        "# ⏳ Your access ends soon",
        "# ⏳ Your access ends soon",
      ]
    `);
    expect(slack.messages('ocs-approvals').map((message) => withoutDays(slack.text(message)).split('\n')[0]))
      .toMatchInlineSnapshot(`
      [
        "# ✅ REQ-0001 is done",
        "# ⏳ Access ends soon",
        "# ⏳ Access ends soon",
        "# ✅ REQ-0002 is done",
      ]
    `);
  }, 60_000);
});

it('the end of somebody who is not in Slack is told to the approvers alone', async () => {
  const sandbox = await start();
  const { slack, cloudflare } = sandbox;
  await givesAccess(sandbox, { command: '/ocs-access add sam@partner.example FVFG7NEW01', duration: '9d' });
  const told = slack.dms('ben').length;
  await untilSoon(sandbox);
  expect(slack.text(await noticeSays(sandbox, /Access ends soon/))).toMatch(/sam@partner\.example/);
  expect(slack.dms('ben')).toHaveLength(told);
  await passTime(sandbox, 3 * DAY);
  await isDone(sandbox, 'REQ-0002');
  expect(cloudflare.account.couldEnrol('sam@partner.example')).toBe(false);
}, 60_000);

describe('an end in the form', () => {
  it.each([
    ['a day that is over', { date: '2020-01-01' }, 'until.date'],
    ['a day too far away', { date: '2099-01-01' }, 'until.date'],
    ['a word', { duration: 'soon' }, 'until.duration'],
    ['no time at all', { duration: '0d' }, 'until.duration'],
    ['a minus', { duration: '-3d' }, 'until.duration'],
    ['two answers', { date: '2030-01-01', duration: '30d' }, 'until.duration'],
  ])('that is %s is marked at its field, and nothing is asked', async (_what, wanted, field) => {
    const sandbox = await start();
    const errors = await sendsWithEnd(sandbox, wanted);
    expect(Object.keys(errors)).toEqual([field]);
    expect(errors[field]).toMatch(/\.$/);
    expect(sandbox.slack.messages('ocs-approvals')).toEqual([]);
  });

  it('may be typed with the command', async () => {
    const sandbox = await start();
    await givesAccess(sandbox, { command: `/ocs-access add until ${dateIn(sandbox, 40)}` });
    const [stay] = await staysOf(sandbox);
    expect(new Date(stay?.endsAt ?? 0).toISOString()).toBe(`${dateIn(sandbox, 40)}T23:59:59.999Z`);
  });
});

/** Presses Extend under a notice and sends the form. Resolves to what Slack marks at its fields. */
async function extendsIt(
  { slack }: TestSandbox,
  by: string,
  notice: Parameters<ReturnType<TestSandbox['slack']['as']>['clicks']>[0],
  wanted: { readonly duration?: string; readonly date?: string },
) {
  const person = slack.as(by);
  await person.clicks(notice, 'Extend');
  await slack.until(() => person.view()?.submit, { what: 'the form', timeoutMs: 20_000 });
  if (wanted.date !== undefined) await person.sets('until.date', wanted.date);
  if (wanted.duration !== undefined) await person.sets('until.duration', wanted.duration);
  await person.sets('reason', 'The study goes on');
  return (await person.submits()).errors ?? {};
}

async function untilSoon(sandbox: TestSandbox): Promise<void> {
  await passTime(sandbox, (await leftOf(sandbox)) - 3 * DAY);
  await noticeSays(sandbox, /Access ends soon/);
}

async function cardOfRequest(sandbox: TestSandbox, id: string) {
  return noticeSays(sandbox, new RegExp(`${id}.*waiting for approval`, 's'));
}

describe('Extend', () => {
  it('in the message of the person asks for a new end, with one approval; the old end cuts nothing', async () => {
    const sandbox = await start();
    const { slack, cloudflare } = sandbox;
    await letsAnaIn(sandbox, { duration: '30d' });
    await untilSoon(sandbox);
    const before = await leftOf(sandbox);
    const notice = slack.dms('ana').findLast((message) => slack.text(message).includes('ends soon'));
    if (notice === undefined) throw new Error('no notice');

    expect(await extendsIt(sandbox, 'ana', notice, { duration: '2m' })).toEqual({});
    const card = await cardOfRequest(sandbox, 'REQ-0002');
    expect(withoutDays(slack.text(card))).toMatchInlineSnapshot(`
      "# 🔔 REQ-0002 is waiting for approval
      Extend the access of Ana Souza
      Asked by @ana
      For @ana (ana.souza@lanternhealth.example)
      Reason:
      > The study goes on
      What will be done
      1. Move the end of Ana Souza’s access to 24 December 2026: 24 December 2026 → 24 December 2026
      [Approve] [Deny] [Details]
      (Asked 2026-12-24 12:04 UTC. Expires 2026-12-24 12:04 UTC if nobody decides.)"
    `);
    expect(await leftOf(sandbox)).toBeLessThanOrEqual(before);
    await approves(sandbox, 'REQ-0002', 'dina');
    expect(await leftOf(sandbox)).toBeGreaterThan(50 * DAY);
    expect(withoutDays(await dmSays(sandbox, 'ana', /REQ-0002 is done/))).toMatchInlineSnapshot(`
      "✅ REQ-0002 is done: Extend the access of Ana Souza.
      What was done
      • Move the end of Ana Souza’s access to 24 December 2026
      (It took 1 s, and everything was checked afterwards.)"
    `);

    await passTime(sandbox, 4 * DAY);
    await hourlyLook(sandbox);
    expect(cloudflare.account.couldEnrol(NEWCOMER.email)).toBe(true);
    await passTime(sandbox, (await leftOf(sandbox)) - DAY);
    await noticeSays(sandbox, /The end was set by REQ-0002/);
    await passTime(sandbox, DAY);
    await isDone(sandbox, 'REQ-0003');
    expect(tracesOf(sandbox, NEWCOMER)).toEqual(NO_TRACE);
    expect(await auditOf(sandbox, 'REQ-0003')).toContainEqual(expect.stringContaining('was reached (REQ-0002)'));
  }, 60_000);

  it('in the approvals channel is for approvers, another one decides, and a denial leaves the old end', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    await letsAnaIn(sandbox, { duration: '30d' });
    await untilSoon(sandbox);

    expect(
      await extendsIt(sandbox, 'dina', await noticeSays(sandbox, /Access ends soon/), { duration: '30d' }),
    ).toEqual({});
    const card = await cardOfRequest(sandbox, 'REQ-0002');
    await slack.as('cara').clicks(card, 'Deny');
    await slack.until(() => slack.as('cara').view()?.submit, { what: 'the question why', timeoutMs: 20_000 });
    await slack.as('cara').sets('Why do you deny it?', 'The study is over');
    await slack.as('cara').submits();
    await noticeSays(sandbox, /REQ-0002.*denied/is);

    await passTime(sandbox, await leftOf(sandbox));
    await isDone(sandbox, 'REQ-0003');
    expect(tracesOf(sandbox, NEWCOMER)).toEqual(NO_TRACE);
  }, 60_000);

  it('that is approved only after the end says that it came too late, and gives nothing', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    await letsAnaIn(sandbox, { duration: '30d' });
    await untilSoon(sandbox);
    await passTime(sandbox, (await leftOf(sandbox)) - HOUR);
    expect(
      await extendsIt(sandbox, 'dina', await noticeSays(sandbox, /Access ends soon/), { duration: '30d' }),
    ).toEqual({});
    const card = await cardOfRequest(sandbox, 'REQ-0002');
    await passTime(sandbox, HOUR);
    await isDone(sandbox, 'REQ-0003');

    await slack.as('cara').clicks(card, 'Approve');

    expect(withoutDays(await dmSays(sandbox, 'dina', /can’t be moved/))).toMatchInlineSnapshot(`
      "❌ REQ-0002 could not be done: Extend the access of Ana Souza.
      What failed
      • Move the end of Ana Souza’s access to 24 December 2026: The end date of Ana Souza’s access was reached or taken away before this was approved, so it can’t be moved. If they still need access, use “add”.
      Nothing has been changed."
    `);
    expect(await staysOf(sandbox)).toEqual([]);
    expect(tracesOf(sandbox, NEWCOMER)).toEqual(NO_TRACE);
  }, 60_000);

  it.each([
    ['has no end', async (sandbox: TestSandbox) => letIn(sandbox, BEN), '/ocs-access extend @ben 30d', /no end date/],
    ['has no access', async () => undefined, '/ocs-access extend gus.moreau@lanternhealth.example 30d', /no access/],
    [
      'ends later already',
      async (sandbox: TestSandbox) => givesAccess(sandbox, { duration: '60d' }),
      '/ocs-access extend @ana 30d',
      /already/,
    ],
  ])('for somebody whose access %s is refused at the field', async (_what, prepare, command, words) => {
    const sandbox = await start();
    const { slack } = sandbox;
    await prepare(sandbox);
    const asked = slack.messages('ocs-approvals').length;
    const dina = slack.as('dina');
    await dina.types(command);
    await slack.until(() => dina.view()?.submit, { what: 'the form', timeoutMs: 20_000 });
    await dina.sets('reason', 'The study goes on');
    const { errors = {} } = await dina.submits();
    expect(Object.values(errors).join(' ')).toMatch(words);
    expect(slack.messages('ocs-approvals')).toHaveLength(asked);
  });
});

describe('two grants for one person', () => {
  it('the later end wins, whichever is carried out first', async () => {
    const sandbox = await start();
    const short = await asks(sandbox, { duration: '10d' });
    const long = await asks(sandbox, { duration: '40d', by: 'dina' });
    await approves(sandbox, long);
    await approves(sandbox, short);
    expect((await leftOf(sandbox)) / DAY).toBeGreaterThan(39);

    await passTime(sandbox, 11 * DAY);
    await hourlyLook(sandbox);
    expect(sandbox.cloudflare.account.couldEnrol(NEWCOMER.email)).toBe(true);
    await passTime(sandbox, 30 * DAY);
    await isDone(sandbox, 'REQ-0003');
    expect(tracesOf(sandbox, NEWCOMER)).toEqual(NO_TRACE);
  }, 60_000);

  it('a later one that fails leaves the end of the earlier one', async () => {
    const sandbox = await start();
    const { slack, cloudflare } = sandbox;
    const short = await asks(sandbox, { duration: '10d' });
    const long = await asks(sandbox, { duration: '40d', by: 'dina', serial: 'FVFG7NEW01' });
    await approves(sandbox, short);
    cloudflare.account.removePerson(NEWCOMER.email);
    cloudflare.faults.add({ method: 'PUT', path: /policies/, status: 403, times: 3 });
    await slack.as('cara').clicks(await cardOfRequest(sandbox, long), 'Approve');
    await noticeSays(sandbox, new RegExp(`${long} failed|${long} could`));

    expect((await staysOf(sandbox)).map(({ requestId }) => requestId)).toEqual([short]);
    expect((await leftOf(sandbox)) / DAY).toBeLessThan(12);
  }, 60_000);

  it('an earlier end is told to the approver, and cuts nothing', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    await letsAnaIn(sandbox, { duration: '40d' });
    const id = await asks(sandbox, { duration: '5d', serial: 'FVFG7NEW01', by: 'dina' });
    const text = slack.text(await cardOfRequest(sandbox, id));
    expect(text).toMatch(/ends later than .* already\. The later end date stays/);
    await approves(sandbox, id);
    await passTime(sandbox, 7 * DAY);
    await hourlyLook(sandbox);
    expect((await leftOf(sandbox)) / DAY).toBeGreaterThan(30);
    expect(sandbox.cloudflare.account.couldEnrol(NEWCOMER.email)).toBe(true);
  }, 60_000);

  it('one without an end takes the end away, and the approver reads that', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    await letsAnaIn(sandbox, { duration: '10d' });
    const id = await asks(sandbox, { by: 'dina' });
    const text = slack.text(await cardOfRequest(sandbox, id));
    expect(withoutDays(text)).toMatch(/had an end date. This takes it away: there is no end date any more/);
    await approves(sandbox, id);
    expect(await staysOf(sandbox)).toEqual([]);
    await passTime(sandbox, 20 * DAY);
    await hourlyLook(sandbox);
    expect(tracesOf(sandbox, NEWCOMER)).toMatchObject({ canEnrol: true, serialListed: true });
    expect(slack.messages('ocs-approvals')).toHaveLength(2);
  }, 60_000);

  it('one without an end wins over an end that was given while it waited', async () => {
    const sandbox = await start();
    const open = await asks(sandbox, {});
    const short = await asks(sandbox, { duration: '10d', by: 'dina' });
    await approves(sandbox, short);
    expect(await staysOf(sandbox)).toHaveLength(1);
    await approves(sandbox, open);

    expect(await staysOf(sandbox)).toEqual([]);
    await passTime(sandbox, 20 * DAY);
    await hourlyLook(sandbox);
    expect(tracesOf(sandbox, NEWCOMER)).toMatchObject({ canEnrol: true, serialListed: true });
  }, 60_000);

  it('somebody who was let in by hand, without an end, is never cut by one', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    letIn(sandbox, BEN);
    const id = await asks(sandbox, { person: 'ben', by: 'dina', serial: 'FVFG7NEW01', duration: '10d' });
    expect(slack.text(await cardOfRequest(sandbox, id))).toMatch(/has access without an end date already/);
    await approves(sandbox, id);
    expect(await staysOf(sandbox)).toEqual([]);
    await passTime(sandbox, 20 * DAY);
    await hourlyLook(sandbox);
    expect(tracesOf(sandbox, BEN)).toMatchObject({ canEnrol: true, serialListed: true });
  }, 60_000);

  it('an end asked for somebody who is let in by hand before it is approved cuts nothing', async () => {
    const sandbox = await start();
    const id = await asks(sandbox, { duration: '10d' });
    sandbox.cloudflare.account.addPerson(NEWCOMER.email);
    await approves(sandbox, id);
    expect(await staysOf(sandbox)).toEqual([]);
    expect(await isDone(sandbox, id)).toMatch(/was given access without an end date meanwhile/);
  });
});

it('a replaced device keeps the end, and the new one goes with it', async () => {
  const sandbox = await start();
  const { slack, cloudflare } = sandbox;
  await letsAnaIn(sandbox, { duration: '30d' });
  const ana = slack.as('ana');
  await ana.types('/ocs-access replace');
  await slack.until(() => ana.view()?.submit, { what: 'the form', timeoutMs: 20_000 });
  const [old = ''] = await ana.suggestions('device.pick', '');
  await ana.sets('device.pick', old);
  await ana.sets('serial.serial', 'FVFG7NEW01');
  await ana.sets('reason', 'The old one is broken');
  await ana.submits();
  await cardOfRequest(sandbox, 'REQ-0002');
  await approves(sandbox, 'REQ-0002');
  expect(cloudflare.account.serials()).toContain('FVFG7NEW01');

  await passTime(sandbox, await leftOf(sandbox));
  await isDone(sandbox, 'REQ-0003');
  expect(cloudflare.account.serials()).not.toContain('FVFG7NEW01');
  expect(tracesOf(sandbox, NEWCOMER)).toEqual(NO_TRACE);
}, 60_000);

describe('with bad luck', () => {
  it('every timer is lost: the hourly look tells, and ends', async () => {
    const sandbox = await start();
    await letsAnaIn(sandbox, { duration: '30d' });
    await losesTimers(sandbox);
    sandbox.clock.forward((await leftOf(sandbox)) - DAY);
    await hourlyLook(sandbox);
    await noticeSays(sandbox, /Access ends soon/);
    await losesTimers(sandbox);
    sandbox.clock.forward(DAY + 1);
    await hourlyLook(sandbox);
    await isDone(sandbox, 'REQ-0002');
    expect(tracesOf(sandbox, NEWCOMER)).toEqual(NO_TRACE);
  }, 60_000);

  it('the clock jumps over the end: the hourly look ends it', async () => {
    const sandbox = await start();
    await letsAnaIn(sandbox, { duration: '30d' });
    sandbox.clock.forward(45 * DAY);
    await hourlyLook(sandbox);
    await isDone(sandbox, 'REQ-0002');
    expect(tracesOf(sandbox, NEWCOMER)).toEqual(NO_TRACE);
    expect(await staysOf(sandbox)).toEqual([]);
  }, 60_000);

  it('no worker lives at the end: the next one does it when it starts', async () => {
    const sandbox = await start({ parts: ['bot'] });
    const worker = await sandbox.start(['worker']);
    await letsAnaIn(sandbox, { duration: '30d' });
    await worker.stop();
    await passTime(sandbox, 33 * DAY);
    expect(sandbox.cloudflare.account.couldEnrol(NEWCOMER.email)).toBe(true);
    await sandbox.start(['worker']);
    await isDone(sandbox, 'REQ-0002');
    expect(tracesOf(sandbox, NEWCOMER)).toEqual(NO_TRACE);
  }, 60_000);

  it('no worker lives and the timers are lost: the next one does it when it starts', async () => {
    const sandbox = await start({ parts: ['bot'] });
    const worker = await sandbox.start(['worker']);
    await letsAnaIn(sandbox, { duration: '30d' });
    await worker.stop();
    await losesTimers(sandbox);
    sandbox.clock.forward(33 * DAY);
    await sandbox.start(['worker']);
    await isDone(sandbox, 'REQ-0002');
    expect(tracesOf(sandbox, NEWCOMER)).toEqual(NO_TRACE);
  }, 60_000);

  it('Redis comes back from before the end: it is looked at again, and nothing is left to revoke', async () => {
    const sandbox = await start();
    await letsAnaIn(sandbox, { duration: '30d' });
    const putBack = await backUp(sandbox);
    await passTime(sandbox, await leftOf(sandbox));
    await isDone(sandbox, 'REQ-0002');
    await putBack();
    expect(await staysOf(sandbox)).toHaveLength(1);
    await hourlyLook(sandbox);
    await expect.poll(() => staysOf(sandbox), { timeout: 20_000 }).toEqual([]);
    expect((await auditAll(sandbox)).slice(-1)).toMatchInlineSnapshot(`
      [
        "stay.ended: The end date of Ana Souza’s access was reached, and there was no access left to revoke.",
      ]
    `);
  }, 60_000);

  it('two workers and every timer at once: it ends once', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    await sandbox.start(['worker']);
    await letsAnaIn(sandbox, { duration: '30d' });
    await hourlyLook(sandbox);
    await passTime(sandbox, await leftOf(sandbox));
    await hourlyLook(sandbox);
    await isDone(sandbox, 'REQ-0002');
    await passTime(sandbox, DAY);
    await hourlyLook(sandbox);
    expect(slack.messages('ocs-audit').filter((message) => slack.text(message).includes('REQ-0003'))).toEqual([]);
    expect(await auditOf(sandbox, 'REQ-0003')).toEqual([]);
  }, 60_000);

  it('Cloudflare is away at the end: it ends when Cloudflare is back', async () => {
    const sandbox = await start();
    const { cloudflare } = sandbox;
    await letsAnaIn(sandbox, { duration: '30d' });
    cloudflare.faults.add({ status: 503, times: Infinity });
    await passTime(sandbox, await leftOf(sandbox));
    expect(cloudflare.account.couldEnrol(NEWCOMER.email)).toBe(true);
    cloudflare.faults.clear();
    await passTime(sandbox, 10 * 60_000);
    await hourlyLook(sandbox);
    await isDone(sandbox, 'REQ-0002');
    expect(tracesOf(sandbox, NEWCOMER)).toEqual(NO_TRACE);
  }, 60_000);

  it('revoked by hand before the end: the end is forgotten, and cuts no later access', async () => {
    const sandbox = await start();
    await letsAnaIn(sandbox, { duration: '30d' });
    await revokes(sandbox, 'cara', '/ocs-access revoke @ana');
    await isDone(sandbox, 'REQ-0002');
    expect(await staysOf(sandbox)).toEqual([]);

    await givesAccess(sandbox);
    await passTime(sandbox, 40 * DAY);
    await hourlyLook(sandbox);
    expect(sandbox.cloudflare.account.couldEnrol(NEWCOMER.email)).toBe(true);
    expect(await auditOf(sandbox, 'REQ-0004')).toEqual([]);
  }, 60_000);
});
