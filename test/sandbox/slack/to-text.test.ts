import { afterEach, expect, it } from 'vitest';
import type { JsonObject } from '../../../sandbox/slack/json.ts';
import { startSlack, type Slack } from '../../../sandbox/slack/start-slack.ts';
import { call } from './raw-app.ts';

let slack: Slack;
afterEach(() => slack.stop());

async function read(blocks: JsonObject[]): Promise<string> {
  slack = await startSlack();
  const answer = await call(slack, 'chat.postMessage', { channel: 'C05APPROVE1', text: 'notification', blocks });
  expect(answer).toMatchObject({ ok: true });
  return slack.messages('ocs-approvals').map(slack.text).join('\n');
}

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const rich = (...elements: JsonObject[]) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements }],
});

it('reads a card as a person reads it', async () => {
  const text = await read([
    { type: 'header', text: plain('REQ-0142') },
    {
      type: 'section',
      text: mrkdwn('*<@U05ANA00001>* asks <!subteam^S05APPROVE1> in <#C05AUDIT001>\n_because_ a &lt; b'),
    },
    {
      type: 'section',
      fields: [mrkdwn('*Until*\n<!date^1790000000^{date_short_pretty}|21 Sep 2026>'), mrkdwn('`C02XK1ABCD`')],
    },
    { type: 'divider' },
    { type: 'context', elements: [mrkdwn('snake_case_stays'), mrkdwn('<https://lanternhealth.example|the guide>')] },
    {
      type: 'actions',
      elements: [
        { type: 'button', text: plain('Approve') },
        { type: 'button', text: plain('Deny') },
      ],
    },
  ]);

  expect(text).toMatchInlineSnapshot(`
    "# REQ-0142
    @ana asks @ocs-approvers in #ocs-audit
    because a < b
    Until
    21 Sep 2026
    C02XK1ABCD
    ---
    (snake_case_stays · the guide)
    [Approve] [Deny]"
  `);
});

it('reads plans, tables, charts and rich text', async () => {
  const text = await read([
    {
      type: 'plan',
      title: 'Adding Ben',
      tasks: [
        {
          type: 'task_card',
          task_id: 'a',
          title: 'Serial',
          status: 'complete',
          details: rich({ type: 'text', text: '14 -> 15' }),
        },
        { type: 'task_card', task_id: 'b', title: 'E-mail', status: 'in_progress' },
        { type: 'task_card', task_id: 'c', title: 'Check', status: 'pending' },
      ],
    },
    {
      type: 'data_table',
      caption: 'Devices',
      rows: [
        [
          { type: 'raw_text', text: 'Owner' },
          { type: 'raw_text', text: 'Days' },
        ],
        [rich({ type: 'user', user_id: 'U05BEN00001' }), { type: 'raw_number', value: 3, text: '3' }],
      ],
    },
    {
      type: 'data_visualization',
      title: 'Logins',
      chart: {
        type: 'line',
        series: [{ name: 'ok', data: [{ label: 'Mon', value: 3 }] }],
        axis_config: { categories: ['Mon'] },
      },
    },
    {
      type: 'rich_text',
      elements: [
        {
          type: 'rich_text_list',
          style: 'ordered',
          elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'Install WARP' }] }],
        },
      ],
    },
    { type: 'container', title: plain('More'), child_blocks: [{ type: 'section', text: mrkdwn('inside') }] },
  ]);

  expect(text).toMatchInlineSnapshot(`
    "Adding Ben
    [x] Serial
        14 -> 15
    [>] E-mail
    [ ] Check
    Devices
    Owner | Days
    @ben | 3
    Logins
      Mon
      ok: 3
    1. Install WARP
    More
      inside"
  `);
});
