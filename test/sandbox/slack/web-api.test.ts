import { WebClient } from '@slack/web-api';
import { afterEach, describe, expect, it } from 'vitest';
import { asText } from '../../../sandbox/slack/json.ts';
import { type Slack, type SlackOptions } from '../../../sandbox/slack/start-slack.ts';
import { startSlackWithFullApp } from './full-app.ts';
import { call } from './raw-app.ts';

let slack: Slack;
afterEach(() => slack.stop());

async function start(options: SlackOptions = {}): Promise<void> {
  slack = await startSlackWithFullApp(options);
}

const approvals = 'C05APPROVE1';
const limited = (all: number[]) => all.filter((status) => status === 429).length;
const openDm = () => call(slack, 'conversations.open', { users: 'U05ANA00001' });
const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });

describe('tokens and scopes', () => {
  it('tells who the bot is', async () => {
    await start();

    expect(await call(slack, 'auth.test')).toMatchObject({
      ok: true,
      team_id: slack.team.id,
      user_id: 'U05OCSBOT01',
      is_enterprise_install: false,
    });
  });

  it.each([
    ['', 'auth.test', 'not_authed'],
    ['xoxb-wrong', 'auth.test', 'invalid_auth'],
    ['xapp-sandbox-app-token', 'auth.test', 'not_allowed_token_type'],
    ['xoxb-sandbox-bot-token', 'apps.connections.open', 'not_allowed_token_type'],
    ['xoxb-sandbox-bot-token', 'chat.shout', 'unknown_method'],
  ])('the token "%s" on %s gives %s', async (token, method, error) => {
    await start();

    expect(await call(slack, method, {}, token)).toMatchObject({ ok: false, error });
  });

  it('names the scope that is missing and those that are there', async () => {
    await start({ seed: { app: { scopes: ['commands', 'chat:write'] } } });

    expect(await call(slack, 'users.info', { user: 'U05ANA00001' })).toMatchObject({
      ok: false,
      error: 'missing_scope',
      needed: 'users:read',
      provided: 'commands,chat:write',
    });
    expect(slack.takeFaultsSeen()).toEqual(['missing_scope: users:read']);
  });

  it('needs a scope by the kind of channel to look into it', async () => {
    await start({ seed: { app: { scopes: ['channels:read'] } } });

    expect(await call(slack, 'conversations.info', { channel: approvals })).toMatchObject({ ok: true });
    expect(await call(slack, 'conversations.info', { channel: 'C05AUDIT001' })).toMatchObject({
      error: 'missing_scope',
      needed: 'groups:read',
    });
    expect(await call(slack, 'conversations.members', { channel: approvals, limit: 2 })).toMatchObject({
      members: ['U05ANA00001', 'U05BEN00001'],
      response_metadata: { next_cursor: expect.stringMatching(/./) },
    });
  });

  it('keeps no token in its log of calls', async () => {
    await start();
    await call(slack, 'auth.test', { token: slack.botToken }, '');

    expect(slack.calls).toMatchObject([{ method: 'auth.test', ok: true, error: undefined }]);
    expect(JSON.stringify(slack.calls)).not.toContain(slack.botToken);
  });
});

describe('messages', () => {
  it.each([
    [{ channel: 'C05NOWHERE1', text: 'a' }, 'channel_not_found'],
    [{ channel: 'ocs-approvals', text: 'a' }, 'channel_not_found'],
    [{ channel: 'C05GENERAL1', text: 'a' }, 'not_in_channel'],
    [{ channel: approvals }, 'no_text'],
    [{ channel: approvals, text: 'a', blocks: '{' }, 'invalid_json'],
    [{ channel: approvals, text: 'a', blocks: { type: 'section' } }, 'invalid_blocks_format'],
    [{ channel: approvals, text: 'a', blocks: [section('')] }, 'invalid_blocks'],
    [
      { channel: approvals, text: 'a', blocks: Array.from({ length: 6 }, () => section('x'.repeat(2999))) },
      'msg_blocks_too_long',
    ],
    [{ channel: approvals, text: 'a', thread_ts: '1.000001' }, 'cannot_reply_to_message'],
    [{ channel: 'U05FAY00001', text: 'a' }, 'channel_not_found'],
    [{ text: 'a' }, 'invalid_arguments'],
  ])('%j is refused with %s', async (args, error) => {
    await start();

    expect(await call(slack, 'chat.postMessage', args)).toMatchObject({ ok: false, error, status: 200 });
    expect(slack.messages('ocs-approvals')).toEqual([]);
  });

  it('says which block is wrong', async () => {
    await start();
    const answer = await call(slack, 'chat.postMessage', { channel: approvals, text: 'a', blocks: [section('')] });
    const messages = ['[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]'];

    expect(answer).toMatchObject({ response_metadata: { messages } });
    expect(slack.takeFaultsSeen(/invalid_blocks/)).toHaveLength(1);
  });

  it('are not taken by an archived channel, nor by a private one without the bot', async () => {
    await start();
    slack.channels.archive('ocs-security');
    slack.channels.remove('ocs-audit', 'bot');

    expect(await call(slack, 'chat.postMessage', { channel: 'C05SECURE01', text: 'a' })).toMatchObject({
      error: 'is_archived',
    });
    expect(await call(slack, 'chat.postMessage', { channel: 'C05AUDIT001', text: 'a' })).toMatchObject({
      error: 'channel_not_found',
    });
  });

  it('lose their blocks when they are updated with text alone', async () => {
    await start();
    const { ts } = await call(slack, 'chat.postMessage', { channel: approvals, text: 'a', blocks: [section('*a*')] });
    await call(slack, 'chat.update', { channel: approvals, ts, text: 'b' });

    expect(slack.messages('ocs-approvals')).toMatchObject([{ ts, text: 'b', blocks: [], isEdited: true }]);
  });

  it('are not updated with a long text, when they are somebody else’s, or when they are not there', async () => {
    await start();
    const own = await call(slack, 'chat.postMessage', { channel: approvals, text: 'a' });
    const other = slack.as('ana').says('hello', { channel: 'ocs-approvals' });
    const update = (args: object) => call(slack, 'chat.update', { channel: approvals, text: 'b', ...args });

    expect(await update({ ts: own['ts'], text: 'x'.repeat(4001) })).toMatchObject({ error: 'msg_too_long' });
    expect(await update({ ts: other.ts })).toMatchObject({ error: 'cant_update_message' });
    expect(await update({ ts: '1.000001' })).toMatchObject({ error: 'message_not_found' });
    expect(await call(slack, 'chat.delete', { channel: approvals, ts: other.ts })).toMatchObject({
      error: 'cant_delete_message',
    });
  });

  it('keep their thread together', async () => {
    await start();
    const { ts } = await call(slack, 'chat.postMessage', { channel: approvals, text: 'card' });
    const reply = await call(slack, 'chat.postMessage', { channel: approvals, text: 'one', thread_ts: ts });
    await call(slack, 'chat.postMessage', { channel: approvals, text: 'two', thread_ts: reply['ts'] });

    expect(slack.messages('ocs-approvals').map(slack.text)).toEqual(['card\n  | one\n  | two']);
  });

  it('for one person alone need that person in the channel and cannot be updated', async () => {
    await start();
    const whisper = (user: string) => call(slack, 'chat.postEphemeral', { channel: approvals, user, text: 'psst' });

    expect(await whisper('U05GUS00001')).toMatchObject({ error: 'user_not_in_channel' });
    const { message_ts: ts } = await whisper('U05ANA00001');
    expect(slack.as('ana').ephemerals()).toMatchObject([{ ts, text: 'psst', isEphemeral: true }]);
    const { ts: thread_ts } = await call(slack, 'chat.postMessage', { channel: approvals, text: 'card' });
    await call(slack, 'chat.postEphemeral', { channel: approvals, user: 'U05ANA00001', text: 'there', thread_ts });
    expect(slack.as('ana').ephemerals().at(-1)).toMatchObject({ text: 'there', threadTs: thread_ts });
    expect(slack.messages('ocs-approvals').map(slack.text)).toEqual(['card']);
    expect(await call(slack, 'chat.update', { channel: approvals, ts, text: 'b' })).toMatchObject({
      error: 'message_not_found',
    });
  });

  it('have timestamps that are never the same, even when the clock stands still', async () => {
    await start({ now: () => 1_790_000_000_000 });
    const first = await call(slack, 'chat.postMessage', { channel: approvals, text: 'a' });
    const second = await call(slack, 'chat.postMessage', { channel: approvals, text: 'b' });

    expect([first['ts'], second['ts']]).toEqual(['1790000000.000000', '1790000000.000001']);
  });

  it('have an address', async () => {
    await start();
    const { ts } = await call(slack, 'chat.postMessage', { channel: approvals, text: 'a' });

    expect(await call(slack, 'chat.getPermalink', { channel: approvals, message_ts: ts })).toMatchObject({
      permalink: `https://lanternhealth.slack.com/archives/${approvals}/p${asText(ts).replace('.', '')}`,
    });
  });

  it('without a text beside the blocks are noted, as a phone would show nothing', async () => {
    await start();
    await call(slack, 'chat.postMessage', { channel: approvals, blocks: [section('a')] });

    expect(slack.takeFaultsSeen()).toEqual([expect.stringContaining('no text beside the blocks')]);
  });
});

describe('people', () => {
  it('are told with what an app must refuse', async () => {
    await start();
    const about = async (user: string) => (await call(slack, 'users.info', { user }))['user'];

    expect(await about('U05ANA00001')).toMatchObject({
      team_id: slack.team.id,
      deleted: false,
      is_bot: false,
      is_ultra_restricted: false,
      tz: 'America/Sao_Paulo',
      tz_offset: -10_800,
      profile: { email: 'ana.souza@lanternhealth.example' },
    });
    expect(await about('U05GUS00001')).toMatchObject({ is_restricted: true, is_ultra_restricted: true });
    expect(await about('U05FAY00001')).toMatchObject({ deleted: true });
    expect(await about('U05FAY00001')).not.toHaveProperty('tz');
    expect(await about('U05DEPLOY01')).toMatchObject({ is_bot: true });
    expect(await about('U0HMIKA0001')).toMatchObject({ is_stranger: true, team_id: 'T0HARBOURX1' });
    expect(await call(slack, 'users.info', { user: 'U05NOBODY01' })).toMatchObject({ error: 'user_not_found' });
  });

  it('hide their e-mail without its scope', async () => {
    await start({ seed: { app: { scopes: ['users:read'] } } });

    expect(JSON.stringify(await call(slack, 'users.list'))).not.toContain('lanternhealth.example');
  });

  it.each([
    ['ana.souza@lanternhealth.example', { ok: true, user: { id: 'U05ANA00001' } }],
    ['ANA.Souza@lanternhealth.example', { ok: true, user: { id: 'U05ANA00001' } }],
    ['nobody@lanternhealth.example', { error: 'users_not_found' }],
    ['fay.whitlock@lanternhealth.example', { error: 'users_not_found' }],
    ['mika@harbourworks.example', { error: 'users_not_found' }],
  ])('%s is looked up', async (email, answer) => {
    await start();

    expect(await call(slack, 'users.lookupByEmail', { email })).toMatchObject(answer);
  });

  it('come in pages, Slackbot among them', async () => {
    await start();
    const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
    const ids: string[] = [];
    for await (const page of client.paginate('users.list', { limit: 4 })) {
      ids.push(...((page as { members?: { id: string }[] }).members ?? []).map((one) => one.id));
    }

    expect(ids).toHaveLength(11);
    expect(new Set(ids).size).toBe(11);
    expect(ids).toContain('USLACKBOT');
  });

  it('stand in groups', async () => {
    await start();

    expect(await call(slack, 'usergroups.list', { include_users: 'true' })).toMatchObject({
      usergroups: [
        { id: 'S05APPROVE1', handle: 'ocs-approvers', users: ['U05CARA0001', 'U05DINA0001', 'U05OLU00001'] },
      ],
    });
    expect(await call(slack, 'usergroups.users.list', { usergroup: 'S05NONE0001' })).toMatchObject({
      error: 'no_such_subteam',
    });
    await slack.groups.remove('ocs-approvers', 'cara', { emit: false });
    expect(await call(slack, 'usergroups.users.list', { usergroup: 'S05APPROVE1' })).toMatchObject({
      users: ['U05DINA0001', 'U05OLU00001'],
    });
  });

  it.each([
    ['U05FAY00001', 'user_disabled'],
    ['U05DEPLOY01', 'cannot_dm_bot'],
    ['U05NOBODY01', 'user_not_found'],
    ['U05ANA00001,U05BEN00001', 'missing_scope'],
    ['', 'users_list_not_supplied'],
  ])('a conversation with "%s" gives %s', async (users, error) => {
    await start();

    expect(await call(slack, 'conversations.open', { users })).toMatchObject({ ok: false, error });
  });

  it('a conversation is opened once and found again', async () => {
    await start();

    expect(await openDm()).toMatchObject({ channel: { id: 'D05ANA00001' } });
    expect(await openDm()).toMatchObject({ channel: { id: 'D05ANA00001' }, already_open: true });
  });
});

describe('files', () => {
  it('go up with the real SDK and land in the thread', async () => {
    await start();
    const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
    const { ts } = await client.chat['postMessage']({ channel: approvals, text: 'export' });
    await client.filesUploadV2({
      channel_id: approvals,
      thread_ts: ts ?? '',
      filename: 'audit.csv',
      title: 'Audit',
      content: 'who,what\nana,add\n',
      initial_comment: 'Here it is.',
    });

    const [message] = slack.messages('ocs-approvals');
    expect(message && slack.text(message)).toBe('export\n  | Here it is.\n  | (file: Audit)');
    expect(message?.replies[0]?.files).toMatchObject([{ name: 'audit.csv', text: 'who,what\nana,add\n' }]);
    expect(slack.faultsSeen).toEqual([]);
  });

  it('are not shared before they are there, nor into a channel without the bot', async () => {
    await start();
    const { file_id: id, upload_url: url } = await call(slack, 'files.getUploadURLExternal', {
      filename: 'a.txt',
      length: '3',
    });
    const complete = (channel: string) =>
      call(slack, 'files.completeUploadExternal', { files: [{ id }], channel_id: channel });

    expect(await complete(approvals)).toMatchObject({ error: 'file_upload_incomplete' });
    expect((await fetch(asText(url), { method: 'POST', body: 'four' })).status).toBe(400);
    expect(slack.takeFaultsSeen()).toEqual(['upload of a.txt: 4 bytes, announced 3']);
    expect((await fetch(asText(url), { method: 'POST', body: 'abc' })).status).toBe(200);
    expect(await complete('C05GENERAL1')).toMatchObject({ error: 'not_in_channel' });
    expect(await complete(approvals)).toMatchObject({ ok: true });
    expect(await complete(approvals)).toMatchObject({ error: 'file_not_found' });
  });
});

describe('bad luck', () => {
  it('answers 429 with a time to wait, as often as asked', async () => {
    await start();
    slack.faults.add({ method: 'auth.test', times: 1, error: 'ratelimited', retryAfterSeconds: 7 });

    expect(await call(slack, 'auth.test')).toMatchObject({ status: 429, error: 'ratelimited', retryAfter: '7' });
    expect(await call(slack, 'auth.test')).toMatchObject({ status: 200, ok: true });
  });

  it('refuses a block type that is not rolled out, without blaming the app', async () => {
    await start();
    slack.faults.refuseBlock('plan');
    const blocks = [{ type: 'plan', title: 'a' }];
    const post = () => call(slack, 'chat.postMessage', { channel: approvals, text: 'a', blocks });

    expect(await post()).toMatchObject({ error: 'invalid_blocks' });
    expect(slack.faultsSeen).toEqual([]);
    slack.faults.clear();
    expect(await post()).toMatchObject({ ok: true });
  });

  it('can do the write and lose the answer', async () => {
    await start();
    slack.faults.add({ method: 'chat.postMessage', times: 1, status: 500, afterwards: true });

    expect(await call(slack, 'chat.postMessage', { channel: approvals, text: 'a' })).toMatchObject({ status: 500 });
    expect(slack.messages('ocs-approvals')).toHaveLength(1);
  });

  it('answers nothing useful while it is down', async () => {
    await start();
    slack.faults.down(true);
    expect(await call(slack, 'auth.test')).toMatchObject({ status: 503 });

    slack.faults.down(false);
    expect(await call(slack, 'auth.test')).toMatchObject({ ok: true });
  });

  it('enforces the tiers and one message a second in a channel, when asked', async () => {
    await start({ enforceRateLimits: true });
    const statuses = async (count: number, method: string, args: (index: number) => object) =>
      Promise.all(
        Array.from({ length: count }, async (_, index) => (await call(slack, method, { ...args(index) })).status),
      );

    expect(limited(await statuses(22, 'usergroups.list', () => ({})))).toBe(2);
    expect(limited(await statuses(5, 'chat.postMessage', () => ({ channel: approvals, text: 'a' })))).toBe(2);
    expect(limited(await statuses(1, 'chat.postMessage', () => ({ channel: 'C05SECURE01', text: 'a' })))).toBe(0);
    expect(await call(slack, 'usergroups.list')).toMatchObject({ retryAfter: expect.stringMatching(/^(59|60)$/) });
  });
});
