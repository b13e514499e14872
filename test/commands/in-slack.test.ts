import { describe, expect, it } from 'vitest';
import { useSandbox, type TestSandbox } from '../harness/use-sandbox.ts';

/** The commands behind the real Slack library: what only shows where payloads are real. */
const start = useSandbox();

const ANA = 'ana.souza@lanternhealth.example';
const SERIAL = 'C02XK0AZJG5J';

/** Ana has access and has connected her laptop. */
function letAnaIn({ cloudflare }: TestSandbox): void {
  const { account } = cloudflare;
  account.addPerson(ANA);
  account.addPerson(ANA, account.ids.enrolmentPolicy);
  account.addListItem(account.ids.serialList, SERIAL, `Ana Souza <${ANA}>`);
  if (!account.enrol(ANA, SERIAL)) throw new Error('Ana could not connect the laptop');
}

async function viewSays({ slack }: TestSandbox, who: string, words: RegExp): Promise<string> {
  return slack.until(
    () => {
      const view = slack.as(who).view();
      const text = view === undefined ? '' : slack.text(view);
      return words.test(text) ? text : undefined;
    },
    { what: `a view of ${who} that says ${String(words)}`, timeoutMs: 10_000 },
  );
}

async function formOf(sandbox: TestSandbox, who: string): Promise<void> {
  await sandbox.slack.until(() => sandbox.slack.as(who).view()?.submit, { what: 'the form' });
}

describe('revoking', () => {
  it('offers who has access, shows the plan, and starts it when it is confirmed', async () => {
    const sandbox = await start({ parts: ['bot'] });
    letAnaIn(sandbox);
    const cara = sandbox.slack.as('cara');
    await cara.types('/ocs-access revoke');
    await formOf(sandbox, 'cara');

    expect(await cara.suggestions('person.pick', 'ana.sou')).toEqual([expect.stringContaining(ANA)]);
    await cara.sets('person.pick', ANA);
    await cara.sets('reason', 'Left the team');
    await cara.submits();
    await viewSays(sandbox, 'cara', /Revoke all access of Ana Souza\?/);
    await cara.submits();

    await viewSays(sandbox, 'cara', /REQ-0001 is on its way/);
  });

  it('becomes the form for several people and back, and takes a file', async () => {
    const sandbox = await start({ parts: ['bot'] });
    letAnaIn(sandbox);
    const cara = sandbox.slack.as('cara');
    await cara.types('/ocs-access revoke @ana');
    await formOf(sandbox, 'cara');
    await cara.sets('reason', 'The project ended');

    await cara.clicks('modal', 'switch:revoke-many');
    expect(await viewSays(sandbox, 'cara', /one person a line/)).toMatch(/The project ended/);
    await cara.clicks('modal', 'switch:revoke');
    expect(await viewSays(sandbox, 'cara', /among those who have access/)).toMatch(ANA);
    await cara.clicks('modal', 'switch:revoke-many');
    await viewSays(sandbox, 'cara', /one person a line/);
    await cara.attaches('people.file', { name: 'team.csv', text: `E-Mail;Name\n${ANA};Ana\nfoo;Foo` });
    expect((await cara.submits()).errors).toEqual({
      'people.file': 'Line 3: “foo” is not an e-mail address. The valid form of a line is: ana@organisation.org',
    });
    await cara.attaches('people.file', { name: 'team.csv', text: `E-Mail;Name\n${ANA};Ana` });
    await cara.submits();
    await viewSays(sandbox, 'cara', /Revoke all access of 1 person\?/);
  });
});

describe('a lost device', () => {
  it('is reported by the shortcut, with one’s own devices at once', async () => {
    const sandbox = await start({ parts: ['bot'] });
    letAnaIn(sandbox);
    const ana = sandbox.slack.as('ana');
    await ana.runsShortcut('lost_device_global');
    await formOf(sandbox, 'ana');

    const [own = ''] = await ana.suggestions('device.pick', '');
    expect(own).toMatch(/…JG5J$/);
    await ana.sets('device.pick', own);
    await ana.submits();

    await viewSays(sandbox, 'ana', /It is being cut off now/);
  });

  it('says in a direct message what went wrong with a shortcut, which has no other place', async () => {
    const sandbox = await start({ parts: ['bot'] });
    const { slack } = sandbox;
    slack.faults.add({ method: 'views.open', error: 'expired_trigger_id' });
    await slack.as('ana').runsShortcut('lost_device_global');
    const said = await slack.until(() => slack.dms('ana').at(-1), { what: 'a message' });
    expect(said.text).toBe('That took too long, so Slack did not let me open the form. Please try again.');
  });

  it('has a button that an approver posts, where the bot is', async () => {
    const sandbox = await start({ parts: ['bot'] });
    const { slack } = sandbox;
    await slack.as('cara').types('/ocs-access panel', { channel: 'ocs-approvals' });
    const panel = await slack.until(() => slack.messages('ocs-approvals').at(-1), { what: 'the panel' });
    expect(slack.text(panel)).toContain('[Report a lost device]');
    await slack.as('cara').clicks(panel, 'Report a lost device');
    await formOf(sandbox, 'cara');
  });

  it('tells an approver how to get the button into a channel where the bot is not', async () => {
    const sandbox = await start({ parts: ['bot'] });
    const { slack } = sandbox;
    await slack.as('cara').types('/ocs-access panel', { channel: 'general' });
    const said = await slack.until(() => slack.as('cara').ephemerals().at(-1), { what: 'an answer' });
    expect(said.text).toBe(
      'I am not in this channel, so I can’t post here. Type `/invite @ocs-access` in it and then the command again.',
    );
    slack.takeFaultsSeen(/not_in_channel/);
  });
});

it('the Home tab is drawn for whoever opens it', async () => {
  const sandbox = await start();
  letAnaIn(sandbox);
  const ana = sandbox.slack.as('ana');
  await ana.opensHome();
  const home = await sandbox.slack.until(() => ana.home(), { what: 'the Home tab', timeoutMs: 10_000 });
  expect(sandbox.slack.text(home)).toMatch(/Your devices/);
});

describe('session lengths', () => {
  it('are shown above the form; a refusal offers what works, and one press sends the form with it', async () => {
    const sandbox = await start({ parts: ['bot'] });
    const cara = sandbox.slack.as('cara');
    await cara.types('/ocs-access session app=12h People sign in twice a day');
    expect(await viewSays(sandbox, 'cara', /Why\?: People sign in twice a day/)).toMatch(
      /How it is now:[^]*App session: [^]*App session \(optional\): 12h/,
    );
    await cara.sets('warpNetwork', '8h');
    expect((await cara.submits()).errors).toBeUndefined();
    const refused = await viewSays(sandbox, 'cara', /⚠️/);
    expect(refused).toMatch(
      /How it is now:[^]*WARP network session \(optional\): 8h[^]*⚠️ .* at least 12 h[^]*\[Raise both to 12 h\]/,
    );

    await cara.sets('reason', 'People sign in three times a day');
    await cara.clicks('modal', 'offer');
    await viewSays(sandbox, 'cara', /REQ-0001 is on its way/);
    expect(await viewSays(sandbox, 'cara', /12 h/)).not.toMatch(/8 h/);
  });

  it('can’t be changed by somebody who is no approver', async () => {
    const sandbox = await start({ parts: ['bot'] });
    await sandbox.slack.as('ben').types('/ocs-access session app 12h');
    await viewSays(sandbox, 'ben', /You can’t use this/);
  });
});
