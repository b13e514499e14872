import { afterEach, expect, it } from 'vitest';
import type { KnownBlock } from '@slack/types';
import type { ViewSubmitAction } from '@slack/bolt';
import { asObject, asText, objectsOf } from '../../../sandbox/slack/json.ts';
import type { SlackOptions } from '../../../sandbox/slack/start-slack.ts';
import { lanternHealth } from '../../../sandbox/slack/seed.ts';
import { startBoth, type Running } from './bolt-app.ts';
import { call } from './raw-app.ts';

let running: Running;
afterEach(() => running.stop());

const LIST = 'ana@lanternhealth.example, C02XK0AZJG5J\n';

const field: KnownBlock = {
  type: 'input',
  block_id: 'people.file',
  label: { type: 'plain_text', text: 'A CSV file' },
  element: { type: 'file_input', action_id: 'people.file', filetypes: ['csv'], max_files: 1 },
};

/** Ben has a form before him that takes a file; what he sends is kept. */
async function openForm(options: SlackOptions = {}) {
  const sent: ViewSubmitAction[] = [];
  running = await startBoth(
    'socket',
    (app) => {
      app.command('/ocs-access', async ({ ack, body, client }) => {
        await ack();
        await client.views.open({
          trigger_id: body.trigger_id,
          view: {
            type: 'modal',
            callback_id: 'list',
            title: { type: 'plain_text', text: 'List' },
            submit: { type: 'plain_text', text: 'Send' },
            blocks: [field],
          },
        });
      });
      app.view<ViewSubmitAction>('list', async ({ ack, body }) => {
        sent.push(body);
        await ack();
      });
    },
    options,
  );
  const { slack } = running;
  const ben = slack.as('ben');
  await ben.types('/ocs-access add');
  await slack.until(() => ben.view());
  return { slack, ben, sent };
}

it('a file that a person picks reaches the app, which reads it with its token alone', async () => {
  const { slack, ben, sent } = await openForm();
  await ben.attaches('people.file', { name: 'team.csv', text: LIST });
  await ben.submits();

  const picked = objectsOf(asObject(sent[0]?.view.state.values['people.file']?.['people.file'])['files'])[0];
  const { file } = await call(slack, 'files.info', { file: asText(picked?.['id']) });
  expect(file).toMatchObject({ name: 'team.csv', filetype: 'csv', size: LIST.length, user: ben.id });
  const address = asText(asObject(file)['url_private_download']);
  const headers = { authorization: `Bearer ${slack.botToken}` };
  expect(await (await fetch(address, { headers })).text()).toBe(LIST);

  const without = await fetch(address);
  expect([without.status, await without.text()]).toEqual([200, expect.stringContaining('Sign in')]);
  expect(slack.takeFaultsSeen(/without a token/)).toHaveLength(1);
});

it('only files of the kinds that the field names can be picked', async () => {
  const { ben } = await openForm();
  await expect(ben.attaches('people.file', { name: 'team.xlsx', text: 'PK' })).rejects.toThrow('only csv');
});

it('an app without files:read gets no file and no facts about one', async () => {
  const scopes = lanternHealth.app.scopes.filter((scope) => scope !== 'files:read');
  const { slack, ben } = await openForm({ seed: { app: { ...lanternHealth.app, scopes } } });
  await expect(ben.attaches('people.file', { name: 'team.csv', text: LIST })).rejects.toThrow('may not read files');
  expect(await call(slack, 'files.info', { file: 'F1' })).toMatchObject({ ok: false, error: 'missing_scope' });
});

it('a file that there is not is refused', async () => {
  const { slack } = await openForm();
  expect(await call(slack, 'files.info', { file: 'F1' })).toMatchObject({ ok: false, error: 'file_not_found' });
});

it('an address takes one file once, and the file goes nowhere but into a conversation', async () => {
  running = await startBoth('socket', () => undefined);
  const { slack } = running;
  const { file_id: id, upload_url: url } = await call(slack, 'files.getUploadURLExternal', {
    filename: 'chart.png',
    length: '3',
    alt_txt: 'Three bars',
  });
  const upload = (body: string) => fetch(asText(url), { method: 'POST', body });
  const complete = (place: Record<string, unknown>) =>
    call(slack, 'files.completeUploadExternal', { files: [{ id }], ...place });

  expect((await upload('PNG')).status).toBe(200);
  expect((await upload('PNG')).status).toBe(404);
  expect(await complete({ channel_id: 'U05CARA0001' })).toMatchObject({ error: 'channel_not_found' });
  expect(await complete({ channel_id: 'C05AUDIT001', thread_ts: '1.000001' })).toMatchObject({
    error: 'invalid_thread_ts',
  });
  expect(await complete({ channel_id: 'C05AUDIT001' })).toMatchObject({ ok: true });
  expect(await complete({ channel_id: 'C05AUDIT001' })).toMatchObject({ error: 'file_not_found' });

  const [message] = slack.messages('ocs-audit');
  expect(message?.files).toMatchObject([
    { name: 'chart.png', alt: 'Three bars', picture: 'data:image/png;base64,UE5H' },
  ]);
  expect(message && slack.text(message)).toContain('(picture: chart.png; Three bars)');
});
