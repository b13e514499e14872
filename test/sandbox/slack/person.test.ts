/* oxlint-disable unicorn/require-post-message-target-origin -- Slack has a postMessage too; it takes no origin. */
import type { App, BlockAction, SlashCommand } from '@slack/bolt';
import type { KnownBlock } from '@slack/types';
import { afterEach, describe, expect, it } from 'vitest';
import type { SlackOptions } from '../../../sandbox/slack/start-slack.ts';
import { startBoth, type Running } from './bolt-app.ts';

let running: Running;
afterEach(() => running.stop());

const approvals = 'C05APPROVE1';
const plain = (text: string) => ({ type: 'plain_text' as const, text });
const buttons = (...labels: string[]): KnownBlock => ({
  type: 'actions',
  block_id: 'buttons',
  elements: labels.map((label) => ({ type: 'button', action_id: label.toLowerCase(), text: plain(label), value: 'v' })),
});

const view = (blocks: KnownBlock[]) => ({ type: 'home' as const, blocks });
const respond = (url: string, body: object) => fetch(url, { method: 'POST', body: JSON.stringify(body) });

const input = (id: string, more: object): KnownBlock => ({
  type: 'input',
  block_id: id,
  label: plain(id),
  element: { type: 'plain_text_input', action_id: id, max_length: 5 },
  ...more,
});

/** Starts an app that acknowledges every command and every press and keeps what came. */
async function keep(listen: (app: App) => void = () => {}, options: SlackOptions = {}) {
  const commands: SlashCommand[] = [];
  const pressed: BlockAction[] = [];
  running = await startBoth(
    'socket',
    (app) => {
      app.command('/ocs-access', async ({ ack, body }) => {
        commands.push(body);
        await ack();
      });
      app.action<BlockAction>(/.*/, async ({ ack, body }) => {
        pressed.push(body);
        await ack();
      });
      listen(app);
    },
    options,
  );
  const { slack, app } = running;
  return { slack, client: app.client, commands, pressed };
}

describe('a command', () => {
  it.each([
    ['add @ben', 'add <@U05BEN00001|ben>'],
    ['add @ben, please', 'add <@U05BEN00001|ben>, please'],
    ['add @nobody', 'add @nobody'],
    ['add @fay', 'add @fay'],
    ['ask @ocs-approvers', 'ask <!subteam^S05APPROVE1|@ocs-approvers>'],
    ['post #ocs-audit', 'post <#C05AUDIT001|ocs-audit>'],
    [
      'add ben.okafor@lanternhealth.example',
      'add <mailto:ben.okafor@lanternhealth.example|ben.okafor@lanternhealth.example>',
    ],
    ['see https://lanternhealth.example/a', 'see <https://lanternhealth.example/a>'],
    ['say <!channel> & go', 'say &lt;!channel&gt; &amp; go'],
    ['  spaced   out ', 'spaced   out'],
  ])('"%s" arrives as "%s"', async (typed, arrived) => {
    const { slack, commands } = await keep();
    await slack.as('ana').types(`/ocs-access ${typed}`);

    expect(commands[0]?.text).toBe(arrived);
  });

  it('arrives as it was typed when the manifest does not escape', async () => {
    const { slack, commands } = await keep(undefined, {
      seed: { app: { commands: [{ command: '/ocs-access', shouldEscape: false }] } },
    });
    await slack.as('ana').types('/ocs-access add @ben');

    expect(commands[0]?.text).toBe('add @ben');
  });

  it('does not tell the name of a private channel or a conversation', async () => {
    const { slack, commands } = await keep();
    const cara = slack.as('cara');
    await cara.types('/ocs-access');
    await cara.types('/ocs-access', { channel: 'ocs-audit' });
    await cara.types('/ocs-access', { channel: 'dm' });

    expect(commands.map((one) => one.channel_name)).toEqual(['general', 'privategroup', 'directmessage']);
    expect(commands[0]?.is_enterprise_install).toBe('false');
  });

  it('is not taken in a thread, nor where the person is not, nor when it is unknown', async () => {
    const { slack, commands } = await keep();
    const ana = slack.as('ana');

    expect(await ana.types('/ocs-access', { inThread: true })).toMatchObject({ sent: false });
    expect(ana.ephemerals().map(slack.text)).toEqual(['/ocs-access is not supported in threads. Sorry!']);
    await expect(ana.types('/ocs-access', { channel: 'ocs-audit' })).rejects.toThrow('ana is not in #ocs-audit');
    await expect(ana.types('/oops')).rejects.toThrow('/oops is not a valid command');
    expect(commands).toEqual([]);
  });

  it('of somebody from elsewhere carries their own team', async () => {
    const { slack, commands } = await keep();
    await slack.as('mika').types('/ocs-access');

    expect(commands[0]).toMatchObject({ user_id: 'U0HMIKA0001', team_id: 'T0HARBOURX1' });
  });
});

describe('a button', () => {
  it('in a message carries its message, its channel and what was picked beside it', async () => {
    const { slack, client, pressed } = await keep();
    const blocks: KnownBlock[] = [
      {
        type: 'actions',
        block_id: 'why',
        elements: [
          {
            type: 'static_select',
            action_id: 'reason',
            placeholder: plain('Reason'),
            options: [
              { text: plain('New laptop'), value: 'new' },
              { text: plain('Other'), value: 'other' },
            ],
          },
        ],
      },
      buttons('Approve'),
    ];
    await client.chat.postMessage({ channel: approvals, text: 'card', blocks });
    const [card] = slack.messages('ocs-approvals');
    if (card === undefined) throw new Error('no card');
    const cara = slack.as('cara');
    expect(await cara.sets('Reason', 'New laptop', { in: card })).toMatchObject({ sent: true });
    await cara.clicks(card, 'Approve');

    const [picked, press] = pressed;
    expect(picked?.actions).toMatchObject([{ type: 'static_select', selected_option: { value: 'new' } }]);
    expect(press).toMatchObject({
      user: { id: 'U05CARA0001', team_id: slack.team.id },
      channel: { id: approvals, name: 'ocs-approvals' },
      container: { type: 'message', message_ts: card.ts, channel_id: approvals, is_ephemeral: false },
      message: { ts: card.ts, text: 'card', user: 'U05OCSBOT01', bot_id: 'B05OCSBOT01' },
      state: { values: { why: { reason: { selected_option: { value: 'new' } } } } },
      response_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:/),
      trigger_id: expect.stringMatching(/./),
      actions: [{ action_id: 'approve', block_id: 'buttons', value: 'v', type: 'button' }],
    });
  });

  it('in a modal or the Home tab has no message, no channel and no response address', async () => {
    const { slack, client, pressed } = await keep();
    await client.views.publish({ user_id: 'U05ANA00001', view: { type: 'home', blocks: [buttons('Lost')] } });
    await slack.as('ana').clicks('home', 'Lost');

    expect(pressed[0]).toMatchObject({ container: { type: 'view' }, view: { type: 'home', state: { values: {} } } });
    for (const absent of ['message', 'channel', 'response_url']) expect(pressed[0]).not.toHaveProperty(absent);
  });

  it('of an ephemeral message does not carry the message', async () => {
    const { slack, client, pressed } = await keep();
    await client.chat.postEphemeral({ channel: approvals, user: 'U05ANA00001', text: 'psst', blocks: [buttons('Go')] });
    const [whisper] = slack.as('ana').ephemerals();
    if (whisper === undefined) throw new Error('no whisper');
    await slack.as('ana').clicks(whisper, 'Go');

    expect(pressed[0]).toMatchObject({ container: { is_ephemeral: true } });
    expect(pressed[0]).not.toHaveProperty('message');
  });

  it('that is gone cannot be pressed, except by somebody whose client has not seen it go', async () => {
    const { slack, client, pressed } = await keep();
    const { ts = '' } = await client.chat.postMessage({
      channel: approvals,
      text: 'card',
      blocks: [buttons('Approve', 'Deny')],
    });
    const [card] = slack.messages('ocs-approvals');
    if (card === undefined) throw new Error('no card');
    await client.chat.update({ channel: approvals, ts, text: 'decided', blocks: [buttons('Details')] });
    const cara = slack.as('cara');

    await expect(cara.clicks(card, 'Approve')).rejects.toThrow('nothing called "Approve" here; there is: Details');
    expect(await cara.clicks(card, 'Approve', { stale: true })).toMatchObject({ acked: true });
    expect(pressed.map((one) => one.actions[0]?.action_id)).toEqual(['approve']);
  });

  it('is not for people who cannot see the channel', async () => {
    const { slack, client } = await keep();
    await client.chat.postMessage({ channel: approvals, text: 'card', blocks: [buttons('Approve')] });
    const [card] = slack.messages('ocs-approvals');
    if (card === undefined) throw new Error('no card');

    await expect(slack.as('mika').clicks(card, 'Approve')).rejects.toThrow('mika is not in #ocs-approvals');
    slack.channels.invite('ocs-approvals', 'mika');
    expect(await slack.as('mika').clicks(card, 'Approve')).toMatchObject({ acked: true });
  });
});

describe('a field', () => {
  it('takes what its kind takes', async () => {
    const { slack, client, pressed } = await keep();
    const elements = [
      { type: 'users_select', action_id: 'who' },
      { type: 'datepicker', action_id: 'day' },
      {
        type: 'checkboxes',
        action_id: 'which',
        options: ['a', 'b'].map((value) => ({ text: plain(value.toUpperCase()), value })),
      },
      { type: 'multi_users_select', action_id: 'several', max_selected_items: 2 },
      { type: 'conversations_select', action_id: 'where' },
    ] as const;
    await client.views.publish({
      user_id: 'U05ANA00001',
      view: view([{ type: 'actions', block_id: 'all', elements: [...elements] }]),
    });
    const ana = slack.as('ana');
    await ana.sets('who', 'ben.okafor@lanternhealth.example', { in: 'home' });
    await ana.sets('day', '2026-12-24', { in: 'home' });
    await ana.sets('which', ['b', 'A'], { in: 'home' });
    await ana.sets('several', ['ben', 'U05CARA0001'], { in: 'home' });
    await ana.sets('where', '#ocs-audit', { in: 'home' });

    expect(ana.home()?.values['all']).toMatchObject({
      who: { selected_user: 'U05BEN00001' },
      day: { selected_date: '2026-12-24' },
      which: { selected_options: [{ value: 'b' }, { value: 'a' }] },
      several: { selected_users: ['U05BEN00001', 'U05CARA0001'] },
      where: { selected_conversation: 'C05AUDIT001' },
    });
    expect(pressed).toHaveLength(5);
    await expect(ana.sets('day', '24.12.2026', { in: 'home' })).rejects.toThrow('YYYY-MM-DD');
    await expect(ana.sets('which', ['c'], { in: 'home' })).rejects.toThrow('no option "c"; there is: A · B');
    await expect(ana.sets('several', ['ana', 'ben', 'cara'], { in: 'home' })).rejects.toThrow('at most 2');
    await expect(ana.sets('nowhere', 'x', { in: 'home' })).rejects.toThrow('nothing called "nowhere"');
  });

  it('of an input block is told only where the app asked to be told at once', async () => {
    const { slack, client, pressed } = await keep();
    await client.views.publish({
      user_id: 'U05ANA00001',
      view: view([input('quiet', {}), input('loud', { dispatch_action: true })]),
    });
    const ana = slack.as('ana');
    await ana.sets('quiet', 'a', { in: 'home' });
    await ana.sets('loud', 'b', { in: 'home' });

    expect(pressed.map((one) => one.actions[0])).toMatchObject([{ action_id: 'loud', value: 'b' }]);
    await expect(ana.sets('quiet', 'sixsix', { in: 'home' })).rejects.toThrow('at most 5 characters');
    await expect(ana.sets('quiet', 'a\nb', { in: 'home' })).rejects.toThrow('one line');
  });

  it('can be filled from what the app suggests', async () => {
    const { slack, client } = await keep((app) =>
      app.options('device', async ({ ack, payload }) => {
        await ack({ options: [{ text: plain(`${payload.value}-laptop`), value: 'd1' }] });
      }),
    );
    await client.views.publish({
      user_id: 'U05ANA00001',
      view: view([
        { type: 'actions', elements: [{ type: 'external_select', action_id: 'device', min_query_length: 2 }] },
      ]),
    });
    const ana = slack.as('ana');

    await expect(ana.sets('device', 'd1', { in: 'home' })).rejects.toThrow('no option');
    expect(await ana.suggestions('device', 'a', { in: 'home' })).toEqual([]);
    expect(await ana.suggestions('device', 'ana', { in: 'home' })).toEqual(['ana-laptop']);
    expect(await ana.sets('device', 'd1', { in: 'home' })).toMatchObject({ acked: true });
  });
});

describe('a shortcut', () => {
  it('on a message carries the message; an unknown one does not exist', async () => {
    const seen: object[] = [];
    const { slack } = await keep((app) =>
      app.shortcut('diagnose_message', async ({ ack, body }) => {
        seen.push(body);
        await ack();
      }),
    );
    const ana = slack.as('ana');
    const message = ana.says('I cannot get in', { channel: 'ocs-security' });

    expect(await ana.runsShortcut('diagnose_message', { message })).toMatchObject({ acked: true });
    expect(seen).toMatchObject([{ type: 'message_action', message: { text: 'I cannot get in', user: ana.id } }]);
    await expect(ana.runsShortcut('diagnose_message')).rejects.toThrow('no global shortcut "diagnose_message"');
  });
});

describe('a response address', () => {
  it('shows to the person alone, or to all, and is spent after five', async () => {
    const { slack, commands } = await keep();
    await slack.as('ana').types('/ocs-access', { channel: 'ocs-security' });
    const url = commands[0]?.response_url ?? '';
    const statuses: number[] = [];
    statuses.push((await respond(url, { text: 'to all', response_type: 'in_channel' })).status);
    for (const text of ['2', '3', '4', '5', '6']) statuses.push((await respond(url, { text })).status);

    expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
    expect(slack.messages('ocs-security').map(slack.text)).toEqual(['to all']);
    expect(slack.as('ana').ephemerals().map(slack.text)).toEqual(['2', '3', '4', '5']);
    expect(slack.takeFaultsSeen()).toEqual(['response_url: used_url']);
  });

  it('is dead after half an hour, and unknown ones never lived', async () => {
    let time = 1_790_000_000_000;
    const { slack, commands } = await keep(undefined, { now: () => time });
    await slack.as('ana').types('/ocs-access');
    const url = commands[0]?.response_url ?? '';
    time += 30 * 60_000;
    expect((await respond(url, { text: 'a' })).status).toBe(200);
    time += 1;

    expect(await (await respond(url, { text: 'a' })).json()).toEqual({ ok: false, error: 'expired_url' });
    expect((await respond(url.replace(/[^/]+$/, 'made-up'), { text: 'a' })).status).toBe(404);
    expect(slack.takeFaultsSeen()).toEqual(['response_url: expired_url', 'response_url: expired_url']);
  });

  it('of a press can replace or delete what was pressed', async () => {
    const { slack, client, pressed } = await keep();
    await client.chat.postMessage({ channel: approvals, text: 'card', blocks: [buttons('Approve')] });
    const [card] = slack.messages('ocs-approvals');
    if (card === undefined) throw new Error('no card');
    await slack.as('cara').clicks(card, 'Approve');
    const url = pressed[0]?.response_url ?? '';

    await respond(url, { text: 'decided', replace_original: true });
    expect(slack.messages('ocs-approvals').map(slack.text)).toEqual(['decided']);
    expect((await respond(url, { text: '' })).status).toBe(400);
    await respond(url, { delete_original: true });
    expect(slack.messages('ocs-approvals')).toEqual([]);
  });
});

describe('waiting', () => {
  it('in vain ends with a picture of how things stand', async () => {
    const { slack, client } = await keep();
    await client.chat.postMessage({ channel: approvals, text: 'card' });
    const waiting = slack.until(() => slack.dms('ana')[0], { what: 'the DM', timeoutMs: 20 });

    await expect(waiting).rejects.toThrow(/waited 20 ms for the DM[\s\S]*#ocs-approvals\n {2}card/);
  });
});
