import { describe, expect, it } from 'vitest';
import { useSandbox, type TestSandbox } from '../harness/use-sandbox.ts';
import { homeOf, homeSays, homeStopsSaying, opensHome, publishedFor } from './home-driver.ts';
import { BEN, letIn } from './leaving-driver.ts';
import { reportsLost } from './lost-driver.ts';
import { asksForAna, auditOf, cardOf, cardSays, dmSays, fillsForm, SERIAL } from './onboarding-driver.ts';

const start = useSandbox();
const WAITS = /Waiting for a decision\nREQ-0001/;

/** Opens the form of an action with what is typed, and sets a field in it. */
async function sends({ slack }: TestSandbox, who: string, set: Readonly<Record<string, string>>): Promise<void> {
  const person = slack.as(who);
  await slack.until(() => person.view()?.submit, { what: `the form of ${who}`, timeoutMs: 20_000 });
  for (const [field, value] of Object.entries(set)) await person.sets(field, value);
  expect((await person.submits()).errors ?? {}).toEqual({});
}

describe('the Home tab', () => {
  it('explains the bot to a member in three lines, and shows what is theirs', async () => {
    const sandbox = await start();
    letIn(sandbox, BEN);

    expect(await opensHome(sandbox, 'ana')).toMatchInlineSnapshot(`
      "I give people and their computers access to Open Chat Studio, and take it away again.
      Ask here or with /ocs-access help. An approver decides about whatever lets somebody in.
      Is your laptop lost or stolen? Press the red button at once, at any hour: for your own it needs nobody’s approval.
      [Report a lost device] [Add a colleague]
      # Your devices
      None is known. Once one of yours is registered or connected, it shows up here.
      # Your open requests
      None. What you ask for shows up here until it is done."
    `);
    expect(await opensHome(sandbox, 'ben')).toMatchInlineSnapshot(`
      "I give people and their computers access to Open Chat Studio, and take it away again.
      Ask here or with /ocs-access help. An approver decides about whatever lets somebody in.
      Is your laptop lost or stolen? Press the red button at once, at any hour: for your own it needs nobody’s approval.
      [Report a lost device] [Add a colleague]
      # Your devices
      • ben.okafor-laptop · macOS · …7BEN
      No end date is set for your access.
      # Your open requests
      None. What you ask for shows up here until it is done."
    `);
  });

  it('shows an approver what waits for them as well', async () => {
    const sandbox = await start();
    await asksForAna(sandbox);
    sandbox.cloudflare.account.setTunnelStatus('down');

    expect(await opensHome(sandbox, 'cara')).toMatchInlineSnapshot(`
      "I give people and their computers access to Open Chat Studio, and take it away again.
      Ask here or with /ocs-access help. An approver decides about whatever lets somebody in.
      Is your laptop lost or stolen? Press the red button at once, at any hour: for your own it needs nobody’s approval.
      [Report a lost device] [Add a colleague]
      # Your devices
      • cara-laptop · macOS · …W6RD
      No end date is set for your access.
      # Your open requests
      None. What you ask for shows up here until it is done.
      ---
      # Waiting for a decision
      REQ-0001: Give Ana Souza access with their device (serial number C02XK0AZJG5J).
      Asked by Ben Okafor.
      Reason: Joins the clinic team on Monday
      [Approve] [Deny] [Details]
      (5 steps; Details shows them. Asked 2026-11-21 12:04 UTC. Expires 2026-11-21 12:04 UTC if nobody decides.)
      # Access that ends within 14 days
      Nobody’s access ends soon.
      # The tunnel to Open Chat Studio
      • “lantern-ocs” ❌ is down: nobody can reach the app through it
      [Restart]"
    `);
  });

  it('tells somebody who may do nothing here whom to turn to', async () => {
    const sandbox = await start();
    const guest = await opensHome(sandbox, 'gus');
    const stranger = await opensHome(sandbox, 'mika');
    expect(guest).toMatchInlineSnapshot(`
      "I give people and their computers access to Open Chat Studio, and take it away again.
      Guests of this workspace can’t use ocs-access. Ask a full member to do it.
      Is a laptop with access lost or stolen? Tell a full member at once: they can report it for you."
    `);
    expect(stranger).toContain('Only members of this workspace can use ocs-access');
    expect([guest, stranger].join()).not.toContain('[');
  });
});

describe('on the Home tab', () => {
  it('an approver approves, and everybody whom it concerns sees it', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    for (const who of ['ana', 'ben', 'cara']) await opensHome(sandbox, who);
    await asksForAna(sandbox);
    await homeSays(sandbox, 'cara', WAITS);
    expect(await homeSays(sandbox, 'ben', /REQ-0001/)).toContain('[Withdraw] [Details]');

    await slack.as('cara').clicks('home', 'Approve REQ-0001');

    await cardSays(sandbox, /✅ REQ-0001/);
    expect(await homeSays(sandbox, 'ana', /registered, not connected yet/)).toContain(SERIAL);
    expect(await homeStopsSaying(sandbox, 'ben', /REQ-0001/)).toContain('None. What you ask for shows up here');
    expect(await homeStopsSaying(sandbox, 'cara', /REQ-0001/)).toContain('Nothing waits for you.');
    expect(slack.dms('cara')).toEqual([]);
    expect(publishedFor(sandbox, 'dina')).toBe(0);
  });

  it('an approver denies with a reason', async () => {
    const sandbox = await start();
    const cara = sandbox.slack.as('cara');
    await asksForAna(sandbox);
    await opensHome(sandbox, 'cara');

    await cara.clicks('home', 'Deny REQ-0001');
    await sends(sandbox, 'cara', { 'deny-reason': 'Not before the contract is signed' });

    expect(await dmSays(sandbox, 'ben', /Not before the contract is signed/)).toContain('REQ-0001');
    await homeSays(sandbox, 'cara', /Nothing waits for you/);
  });

  it('each button is about its own request', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    await asksForAna(sandbox);
    await slack.as('ben').closes({ all: true });
    await fillsForm(sandbox, { email: 'sam@partner.example', serial: 'C02ZZ0AZJG9Z' });
    await slack.as('ben').submits();
    await opensHome(sandbox, 'cara');
    await homeSays(sandbox, 'cara', /REQ-0002/);

    await slack.as('cara').clicks('home', 'Approve REQ-0002');

    await cardSays(sandbox, /✅ REQ-0002/);
    expect(await homeStopsSaying(sandbox, 'cara', /REQ-0002/)).toMatch(WAITS);
  });

  it('whoever asked withdraws, and the approvers see it', async () => {
    const sandbox = await start();
    for (const who of ['ben', 'cara']) await opensHome(sandbox, who);
    await asksForAna(sandbox);
    await homeSays(sandbox, 'cara', WAITS);

    await homeSays(sandbox, 'ben', /REQ-0001/);
    await sandbox.slack.as('ben').clicks('home', 'Withdraw REQ-0001');

    await cardSays(sandbox, /withdrawn by Ben Okafor/);
    await homeStopsSaying(sandbox, 'ben', /REQ-0001/);
    await homeStopsSaying(sandbox, 'cara', /REQ-0001/);
    expect(await auditOf(sandbox, 'REQ-0001')).toContainEqual(expect.stringMatching(/^request\.withdrawn: Ben Okafor/));
  });

  it('the red button opens the form for a lost device', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    letIn(sandbox, BEN);
    await opensHome(sandbox, 'ben');

    await slack.as('ben').clicks('home', 'Report a lost device');

    await slack.until(() => slack.as('ben').view()?.submit, { what: 'the form' });
    expect(await slack.as('ben').suggestions('device.pick', '')).toEqual(['ben.okafor-laptop · macOS · …7BEN']);
  });

  it('a press is judged by what is so now, and the refusal comes as a direct message', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    await asksForAna(sandbox);
    await opensHome(sandbox, 'cara');
    await homeSays(sandbox, 'cara', WAITS);
    await slack.groups.remove('ocs-approvers', 'cara', { emit: false });

    await slack.as('cara').clicks('home', 'Approve REQ-0001');

    expect(await dmSays(sandbox, 'cara', /./)).toMatchInlineSnapshot(
      `"Only approvers can decide, and you are not in their group (any more). Ask one of them: they all see this request."`,
    );
    await cardSays(sandbox, /waiting for approval/);
    expect(await auditOf(sandbox, 'REQ-0001')).toContainEqual(
      expect.stringMatching(/^request\.refused: Cara Lindqvist could not decide REQ-0001/),
    );
  });

  it('a press on what was decided meanwhile says so', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    await asksForAna(sandbox);
    await opensHome(sandbox, 'cara');
    await homeSays(sandbox, 'cara', WAITS);
    const stale = slack.as('cara').home();
    if (stale === undefined) throw new Error('no Home tab');
    await slack.as('dina').clicks(cardOf(sandbox), 'Approve');
    await cardSays(sandbox, /✅ REQ-0001/);

    await slack.as('cara').clicks(stale, 'Approve REQ-0001', { stale: true });

    expect(await dmSays(sandbox, 'cara', /./)).toMatchInlineSnapshot(`"REQ-0001 was already approved by Dina Haddad."`);
  });

  it('an approver is not offered what they asked for themselves', async () => {
    const sandbox = await start();
    await asksForAna(sandbox, { by: 'cara' });
    await opensHome(sandbox, 'cara');
    await opensHome(sandbox, 'dina');

    expect(homeOf(sandbox, 'cara')).toMatch(/Your open requests\n.*REQ-0001/s);
    expect(homeOf(sandbox, 'cara')).toContain('Nothing waits for you.');
    expect(homeOf(sandbox, 'dina')).toMatch(WAITS);
  });
});

describe('the Home tab is drawn again', () => {
  it('when a device goes, whoever reported it', async () => {
    const sandbox = await start();
    letIn(sandbox, BEN);
    expect(await opensHome(sandbox, 'ben')).toContain('ben.okafor-laptop');

    await reportsLost(sandbox, { by: 'cara', typed: '7BEN' });

    expect(await homeStopsSaying(sandbox, 'ben', /7BEN/)).toContain('None is known.');
  });

  it('when somebody who was named by address alone loses everything', async () => {
    const sandbox = await start();
    letIn(sandbox, BEN);
    await opensHome(sandbox, 'ben');
    const cara = sandbox.slack.as('cara');

    await cara.types(`/ocs-access revoke ${BEN.email}`);
    await sends(sandbox, 'cara', { reason: 'Leaves today' });
    await sends(sandbox, 'cara', {});

    await cardSays(sandbox, /✅ REQ-0001/);
    await homeStopsSaying(sandbox, 'ben', /7BEN/);
  });

  it('when an end is set and when it is moved, for the person and the approvers', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    for (const who of ['ana', 'cara']) await opensHome(sandbox, who);
    await fillsForm(sandbox, { person: 'ana', serial: SERIAL });
    await sends(sandbox, 'ben', { 'until.duration': '10d' });
    await cardSays(sandbox, /waiting for approval/);
    await slack.as('cara').clicks(cardOf(sandbox), 'Approve');

    expect(await homeSays(sandbox, 'ana', /Your access ends/)).toContain('[Extend]');
    expect(await homeSays(sandbox, 'cara', /Ana Souza: ends/)).toContain('[Extend]');

    await slack.as('ana').clicks('home', 'Extend');
    await sends(sandbox, 'ana', { 'until.duration': '30d', reason: 'The project goes on' });
    await homeSays(sandbox, 'cara', /Waiting for a decision\nREQ-0002: Extend the access of Ana Souza/);
    await slack.as('cara').clicks('home', 'Approve REQ-0002');

    // Further away than what an approver has to think of now.
    await homeStopsSaying(sandbox, 'cara', /Ana Souza/);
    expect(await homeSays(sandbox, 'ana', /Your access ends/)).toContain('None. What you ask for shows up here');
  });

  it('never for somebody who has not opened it, nor when nothing on it has changed', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    for (const who of ['ana', 'dina']) await opensHome(sandbox, who);
    await asksForAna(sandbox);
    await homeSays(sandbox, 'dina', WAITS);

    // Nothing on hers.
    for (const who of ['dina', 'dina', 'ana']) await slack.as(who).opensHome();
    await slack.as('dina').clicks(cardOf(sandbox), 'Deny');
    await sends(sandbox, 'dina', { 'deny-reason': 'Not yet' });
    await homeStopsSaying(sandbox, 'dina', /REQ-0001/);

    expect(['ana', 'ben', 'cara', 'dina'].map((who) => publishedFor(sandbox, who))).toEqual([1, 0, 0, 3]);
  });

  it('once Slack takes it again', async () => {
    const sandbox = await start();
    sandbox.slack.faults.add({ method: 'views.publish', error: 'ratelimited', retryAfterSeconds: 1, times: 1 });

    expect(await opensHome(sandbox, 'ana')).toContain('Your devices');
    expect(publishedFor(sandbox, 'ana')).toBe(2);
  });

  it('says what can’t be read while Cloudflare does not answer, and keeps no message waiting', async () => {
    const sandbox = await start();
    const { slack, cloudflare } = sandbox;
    await asksForAna(sandbox);
    cloudflare.faults.add({ method: 'GET', latencyMs: 60_000, times: Infinity });
    const began = Date.now();

    for (const who of ['ana', 'cara']) await slack.as(who).opensHome();
    await slack.as('ben').closes({ all: true });
    await slack.as('dina').clicks(cardOf(sandbox), 'Deny');
    await sends(sandbox, 'dina', { 'deny-reason': 'Not yet' });
    await cardSays(sandbox, /denied by Dina/);

    expect(Date.now() - began).toBeLessThan(15_000);
    expect(await homeSays(sandbox, 'ana', /Your devices/)).toContain('I can’t read your devices from Cloudflare now.');
    expect(await homeSays(sandbox, 'cara', /The tunnel/)).toContain('I can’t read it from Cloudflare now.');
    cloudflare.faults.clear();
    await slack.as('ana').opensHome();
    await homeStopsSaying(sandbox, 'ana', /can’t read/);
  }, 40_000);
});
