import { describe, expect, it } from 'vitest';
import { useSandbox, type TestSandbox } from '../harness/use-sandbox.ts';
import { withoutTimes } from './onboarding-driver.ts';

const start = useSandbox();

/** What the bot answers to a typed line, as the person reads it. */
async function answer({ slack }: TestSandbox, who: string, line: string): Promise<string> {
  const person = slack.as(who);
  const before = person.ephemerals().length;
  await person.types(line);
  const said = await slack.until(() => person.ephemerals()[before], {
    what: `an answer to ${line}`,
    timeoutMs: 10_000,
  });
  return withoutTimes(slack.text(said));
}

describe('/ocs-access', () => {
  it('says what a member can do, with examples and buttons', async () => {
    const sandbox = await start();
    const help = await answer(sandbox, 'ben', '/ocs-access help');

    expect(help).toContain('• /ocs-access add [@person|e-mail] [serial]');
    expect(help).toContain('Give a colleague access to Open Chat Studio with their device. An approver decides.');
    expect(help).toContain('For example: /ocs-access add @ana C02XK0AZJG5J or /ocs-access add sam@partner.example');
    expect(help).toContain('[Add a colleague]');
    expect(help).not.toContain('You are an approver');
    expect(await answer(sandbox, 'ben', '/ocs-access')).toBe(help);
  });

  it('tells approvers about their part', async () => {
    const sandbox = await start();
    expect(await answer(sandbox, 'cara', '/ocs-access help')).toMatch(/You are an approver/);
  });

  it('opens a form from a button of help', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    const ben = slack.as('ben');
    await ben.types('/ocs-access help');
    const help = await slack.until(() => ben.ephemerals().at(-1), { what: 'help' });

    await ben.clicks(help, 'open:add');

    await slack.until(() => ben.view()?.submit, { what: 'the form' });
    expect(ben.view()?.title).toBe('Add a colleague');
  });

  it.each([
    ['/ocs-access ad @ana', 'I don’t know “ad”. Did you mean /ocs-access add?'],
    ['/ocs-access hlep', 'I don’t know “hlep”. Did you mean /ocs-access help?'],
    ['/ocs-access brew coffee', 'I don’t know “brew”. Type /ocs-access help to see what I can do.'],
  ])('answers “%s” with the nearest command', async (line, words) => {
    const sandbox = await start();
    expect(await answer(sandbox, 'ben', line)).toBe(words);
  });

  it('lets nobody mention people or fake a link through a word that it repeats', async () => {
    const sandbox = await start();
    const said = await answer(sandbox, 'ben', '/ocs-access <!channel>&<http://evil.example|add>');
    expect(JSON.stringify(sandbox.slack.as('ben').ephemerals().at(-1)?.text)).not.toMatch(/<!channel>|<http/);
    expect(said).toMatch(/^I don’t know/);
  });

  it('shows how everything is', async () => {
    const sandbox = await start();
    const status = await answer(sandbox, 'ben', '/ocs-access status');
    expect(status.replaceAll(/\d+ ms/g, '7 ms').replace(/\d+\.\d+\.\d+/, '1.2.3')).toMatchInlineSnapshot(`
      "# ✅ Everything works
      • ✅ Slack: well, Socket Mode, answers in 7 ms
      • ✅ Redis: well, answers in 7 ms
      • ✅ Audit log: well, goes on behind entry 0
      • ✅ Cloudflare token: well, The Cloudflare API token is active.
      • ✅ Tunnel: well, lantern-ocs is healthy
      • ✅ Queues: well, waiting: runs 0, emergency 0, posts 0, timers 0
      • ✅ Version: well, 1.2.3"
    `);
  });

  it('says what is not well', async () => {
    const sandbox = await start();
    sandbox.cloudflare.account.setTunnelStatus('down');
    sandbox.cloudflare.faults.add({ path: /tokens\/verify/, status: 401, times: Infinity });

    expect(
      (await answer(sandbox, 'ben', '/ocs-access status'))
        .replaceAll(/\d+ ms/g, '7 ms')
        .replace(/\d+\.\d+\.\d+/, '1.2.3'),
    ).toMatchInlineSnapshot(`
      "# ⚠️ 2 of 7 are not well.
      • ❌ Cloudflare token: not well, Cloudflare does not accept the API token (GET user/tokens/verify, HTTP 401, error 10500, cf-ray 0a1b2c3d-FRA). It may have expired or been rolled or deleted: look at dash.cloudflare.com → My Profile (or Manage Account) → API Tokens, and put the right one into CLOUDFLARE_API_TOKEN.
      • ❌ Tunnel: not well, lantern-ocs is down
      • ✅ Slack: well, Socket Mode, answers in 7 ms
      • ✅ Redis: well, answers in 7 ms
      • ✅ Audit log: well, goes on behind entry 0
      • ✅ Queues: well, waiting: runs 0, emergency 0, posts 0, timers 0
      • ✅ Version: well, 1.2.3
      (Tell your operator about what is not well.)"
    `);
  });

  it('fills the form with the words that were typed', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    const ben = slack.as('ben');

    await ben.types('/ocs-access add @ana c02xk0azjg5j starts on Monday');

    await slack.until(() => ben.view()?.submit, { what: 'the form' });
    expect(withoutTimes(slack.text(ben.view() ?? neverOpen()))).toMatchInlineSnapshot(`
      "== Add a colleague ==
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
      Why?: starts on Monday
        The approver and, months later, an auditor read this.
      [Ask for approval] [Cancel]"
    `);
  });

  it('shows the way to the serial number for the system that is picked, and keeps what was typed', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    const ben = slack.as('ben');
    await ben.types('/ocs-access add');
    await slack.until(() => ben.view()?.submit, { what: 'the form' });
    await ben.sets('reason', 'New colleague');

    for (const [system, way] of [
      ['macos', 'About This Mac'],
      ['windows', '(Get-CimInstance Win32_BIOS).SerialNumber'],
      ['linux', 'dmidecode -s system-serial-number'],
    ] as const) {
      await ben.sets('device.platform', system);
      await slack.until(() => slack.text(ben.view() ?? neverOpen()).includes(way), { what: `the way on ${system}` });
    }
    expect(slack.text(ben.view() ?? neverOpen())).toContain('New colleague');
  });
});

function neverOpen(): never {
  throw new Error('no modal is open');
}
