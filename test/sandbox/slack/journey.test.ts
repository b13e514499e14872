/* oxlint-disable unicorn/require-post-message-target-origin -- Slack has a postMessage too; it takes no origin. */
import type { App } from '@slack/bolt';
import { afterEach, describe, expect, it } from 'vitest';
import { startBoth, type Running } from './bolt-app.ts';

let running: Running;
afterEach(() => running.stop());

/** A small app with one of everything: command, modal, approval card, buttons, Home tab. */
function askForAccess(app: App): void {
  app.command('/ocs-access', async ({ ack, client, body }) => {
    await ack();
    await client.views.open({
      trigger_id: body.trigger_id,
      view: {
        type: 'modal',
        callback_id: 'add',
        title: { type: 'plain_text', text: 'Add access' },
        submit: { type: 'plain_text', text: 'Ask' },
        blocks: [
          {
            type: 'input',
            block_id: 'person',
            label: { type: 'plain_text', text: 'Person' },
            element: { type: 'users_select', action_id: 'user' },
          },
          {
            type: 'input',
            block_id: 'serial',
            label: { type: 'plain_text', text: 'Serial number' },
            element: { type: 'plain_text_input', action_id: 'text', max_length: 40 },
          },
        ],
      },
    });
  });
  app.view('add', async ({ ack, client, body, view }) => {
    const serial = view.state.values['serial']?.['text']?.value ?? '';
    const user = view.state.values['person']?.['user']?.selected_user ?? '';
    if (serial === '0') return ack({ response_action: 'errors', errors: { serial: 'That is not a serial number.' } });
    await ack();
    await client.chat.postMessage({
      channel: 'C05APPROVE1',
      text: `<@${body.user.id}> asks for access`,
      blocks: [
        { type: 'section', text: { type: 'mrkdwn', text: `*Add* <@${user}> with \`${serial}\`` } },
        {
          type: 'actions',
          block_id: 'decide',
          elements: [
            {
              type: 'button',
              action_id: 'approve',
              value: 'REQ-0001',
              style: 'primary',
              text: { type: 'plain_text', text: 'Approve' },
              confirm: {
                title: { type: 'plain_text', text: 'Approve?' },
                text: { type: 'mrkdwn', text: 'The laptop gets in.' },
                confirm: { type: 'plain_text', text: 'Approve' },
                deny: { type: 'plain_text', text: 'Back' },
              },
            },
          ],
        },
      ],
    });
    return undefined;
  });
  app.action('approve', async ({ ack, client, body, respond }) => {
    await ack();
    const channel = body.channel?.id ?? '';
    const ts = 'message' in body ? (body.message?.ts ?? '') : '';
    await client.chat.update({ channel, ts, text: `Approved by <@${body.user.id}>`, blocks: [] });
    await respond({ text: 'Thank you.', replace_original: false });
    const dm = await client.conversations.open({ users: 'U05ANA00001' });
    await client.chat.postMessage({ channel: dm.channel?.id ?? '', text: 'Your request was approved.' });
  });
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({
      user_id: event.user,
      view: { type: 'home', blocks: [{ type: 'header', text: { type: 'plain_text', text: 'Welcome' } }] },
    });
  });
}

describe.each(['socket', 'http'] as const)('a workspace over %s', (mode) => {
  it('carries a request from the command to the decision', async () => {
    running = await startBoth(mode, askForAccess);
    const { slack } = running;
    const [ana, cara] = [slack.as('ana'), slack.as('cara@lanternhealth.example'.replace('cara', 'cara.lindqvist'))];

    expect(await ana.types('/ocs-access add @ben')).toMatchObject({ acked: true });
    const form = await slack.until(() => ana.view(), { what: 'the form' });
    expect(slack.text(form)).toMatchInlineSnapshot(`
      "== Add access ==
      Person: <empty>
      Serial number: <empty>
      [Ask] [Cancel]"
    `);
    await ana.sets('Person', 'ben');
    await ana.sets('serial', '0');
    expect(await ana.submits()).toMatchObject({ acked: true, errors: { serial: 'That is not a serial number.' } });
    await ana.sets('serial', 'C02XK1ABCD');
    expect(await ana.submits()).toMatchObject({ acked: true, errors: undefined });
    expect(ana.view()).toBeUndefined();

    const card = await slack.until(() => slack.messages('ocs-approvals')[0], { what: 'the card' });
    expect(slack.text(card)).toMatchInlineSnapshot(`
      "Add @ben with C02XK1ABCD
      [Approve]"
    `);
    expect(await cara.clicks(card, 'Approve', { confirm: false })).toMatchObject({ sent: false });
    expect(await cara.clicks(card, 'Approve')).toMatchObject({ acked: true });
    const told = await slack.until(() => slack.dms('ana')[0], { what: 'the DM' });
    expect(told.text).toBe('Your request was approved.');
    expect(slack.messages('ocs-approvals').map(slack.text)).toEqual(['Approved by @cara']);
    expect(cara.ephemerals().map(slack.text)).toEqual(['Thank you.']);
    expect(slack.faultsSeen).toEqual([]);
  });

  it('shows the Home tab that the app publishes', async () => {
    running = await startBoth(mode, askForAccess);
    const ana = running.slack.as('ana');

    expect(ana.home()).toBeUndefined();
    await ana.opensHome();
    const home = await running.slack.until(() => ana.home(), { what: 'the Home tab' });

    expect(running.slack.text(home)).toBe('# Welcome');
  });
});
