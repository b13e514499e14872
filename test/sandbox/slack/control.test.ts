import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '../../../sandbox/slack/json.ts';
import { startBoth, type Running } from './bolt-app.ts';
import { call } from './raw-app.ts';

let running: Running;
const blocks = [
  {
    type: 'actions',
    elements: [{ type: 'button', action_id: 'approve', text: { type: 'plain_text', text: 'Approve' } }],
  },
];

beforeEach(async () => {
  running = await startBoth('socket', (app) => {
    app.command('/ocs-access', async ({ ack, client, body }) => {
      await ack('at once');
      await client.views.open({
        trigger_id: body.trigger_id,
        view: {
          type: 'modal',
          callback_id: 'form',
          title: { type: 'plain_text', text: 'Form' },
          submit: { type: 'plain_text', text: 'Go' },
          blocks: [
            {
              type: 'input',
              block_id: 'name',
              label: { type: 'plain_text', text: 'Name' },
              element: { type: 'plain_text_input', action_id: 'text' },
            },
          ],
        },
      });
    });
    app.view('form', ({ ack }) => ack());
    app.action('approve', async ({ ack, client }) => {
      await ack();
      await client.views.publish({ user_id: 'U05CARA0001', view: { type: 'home', blocks: [{ type: 'divider' }] } });
    });
  });
});
afterEach(() => running.stop());

async function get(path: string, headers: Record<string, string> = {}): Promise<Json> {
  const response = await fetch(`${running.slack.controlUrl}${path}`, { headers });
  return (await response.json()) as Json;
}

async function post(path: string, body: object): Promise<Json> {
  const response = await fetch(`${running.slack.controlUrl}${path}`, { method: 'POST', body: JSON.stringify(body) });
  return (await response.json()) as Json;
}

const act = (person: string, name: string, more: object = {}) => post('act', { person, act: name, ...more });

describe('the control API', () => {
  it('lets a page do what a person does', async () => {
    const { slack } = running;
    expect(await act('ana', 'types', { text: '/ocs-access', channel: 'ocs-security' })).toMatchObject({ acked: true });
    await slack.until(() => slack.as('ana').view(), { what: 'the form' });
    expect(await get('ephemerals?person=ana')).toMatchObject([{ asText: 'at once' }]);
    expect(await get('views?person=ana')).toMatchObject([
      { title: 'Form', asText: expect.stringContaining('Name: <empty>') },
    ]);

    await act('ana', 'sets', { what: 'Name', value: 'x' });
    expect(await act('ana', 'submits')).toMatchObject({ acked: true });
    expect(await get('views?person=ana')).toEqual([]);

    const { ts } = await call(slack, 'chat.postMessage', { channel: 'C05APPROVE1', text: 'card', blocks });
    expect(await get('messages?channel=ocs-approvals')).toMatchObject([{ ts, asText: '[Approve]' }]);
    expect(await act('cara', 'clicks', { channel: 'ocs-approvals', ts, what: 'Approve' })).toMatchObject({
      acked: true,
    });
    await slack.until(() => slack.as('cara').home(), { what: 'the Home tab' });
    expect(await get('home?person=cara')).toMatchObject({ asText: '---' });
    expect(await get('faults-seen')).toEqual([]);
  });

  it('sets faults and changes groups', async () => {
    await post('faults', { add: { method: 'auth.test', times: 1, error: 'fatal_error' } });
    expect(await call(running.slack, 'auth.test')).toMatchObject({ error: 'fatal_error' });

    expect(await post('groups', { group: 'ocs-approvers', remove: 'cara', emit: false })).toEqual([
      'U05DINA0001',
      'U05OLU00001',
    ]);
  });

  it('explains what it does not know', async () => {
    expect(await get('weather')).toMatchObject({ ok: false, error: expect.stringContaining('there is: people') });
    expect(await act('ana', 'dances')).toMatchObject({ error: expect.stringContaining('no act "dances"') });
    expect(await act('zoe', 'home')).toMatchObject({ error: expect.stringContaining('no person "zoe"') });
  });

  it('tells of each change as it happens', async () => {
    const response = await fetch(`${running.slack.controlUrl}events`);
    const reader = response.body?.getReader();
    if (reader === undefined) throw new Error('no stream');
    await call(running.slack, 'chat.postMessage', { channel: 'C05APPROVE1', text: 'card' });
    let seen = '';
    while (!seen.includes('"kind":"message"')) seen += new TextDecoder().decode((await reader.read()).value);
    await reader.cancel();

    expect(response.headers.get('content-type')).toBe('text/event-stream');
  });

  it('is for this machine alone', async () => {
    expect(await get('people', { origin: 'https://elsewhere.example' })).toEqual({ ok: false, error: 'loopback only' });
    const near = await fetch(`${running.slack.controlUrl}people`, { headers: { origin: 'http://localhost:5173' } });

    expect(near.status).toBe(200);
    expect(near.headers.get('access-control-allow-origin')).toBe('http://localhost:5173');
  });
});
