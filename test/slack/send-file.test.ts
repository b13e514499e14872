import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lanternHealth } from '../../sandbox/slack/seed.ts';
import { startSlack, type Slack, type SlackOptions } from '../../sandbox/slack/start-slack.ts';
import { PermanentError, TransientError } from '../../src/core/errors.ts';
import { webClientOptions } from '../../src/slack/client.ts';
import { sendFile } from '../../src/slack/send-file.ts';

let slack: Slack;
let client: WebClient;
beforeEach(() => start());
afterEach(() => slack.stop());

async function start(options: SlackOptions = {}) {
  slack = await startSlack(options);
  client = new WebClient(slack.botToken, webClientOptions('bulk', { apiUrl: slack.apiUrl }));
}

const AUDIT = 'C05AUDIT001';
const CSV = { name: 'log.csv', title: 'Access log', content: 'who,what\r\nZoë,“in”\r\n', says: '2 rows.' };

const sent = () => sendFile(client, { channel: AUDIT }, CSV).catch((error: unknown) => error);

describe('a file', () => {
  it('is a message with what is said beside it', async () => {
    await sendFile(client, { channel: AUDIT }, CSV);

    const [message] = slack.messages('ocs-audit');
    expect(message).toMatchObject({
      text: '2 rows.',
      files: [{ name: 'log.csv', title: 'Access log', text: CSV.content }],
    });
    expect(slack.faultsSeen).toEqual([]);
  });

  it('stands in the thread that is named', async () => {
    const { ts } = await client.chat.postMessage({ channel: AUDIT, text: 'The digest' });
    await sendFile(client, { channel: AUDIT, threadTs: ts }, CSV);

    expect(slack.messages('ocs-audit').map(({ replies }) => replies.map(({ files }) => files[0]?.name))).toEqual([
      ['log.csv'],
    ]);
  });

  it('that is a picture keeps its bytes, and says what it shows to a screen reader', async () => {
    const content = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00]);
    await sendFile(client, { channel: AUDIT }, { ...CSV, name: 'chart.png', content, alt: 'Bars'.repeat(400) });

    const file = slack.messages('ocs-audit')[0]?.files[0];
    expect(file?.picture).toBe(`data:image/png;base64,${content.toString('base64')}`);
    expect(file?.alt).toHaveLength(1000);
    expect(slack.faultsSeen).toEqual([]);
  });

  it('reaches a person by their direct message', async () => {
    const { channel } = await client.conversations.open({ users: 'U05CARA0001' });
    await sendFile(client, { channel: channel?.id ?? '' }, CSV);
    expect(slack.dms('cara')[0]?.files).toMatchObject([{ name: 'log.csv' }]);
  });
});

describe('a file that can’t be sent', () => {
  it('for want of a permission or a place says what the operator has to do', async () => {
    await slack.stop();
    const scopes = lanternHealth.app.scopes.filter((scope) => scope !== 'files:write');
    await start({ seed: { app: { scopes } } });
    const withoutScope = await sent();
    expect(withoutScope).toBeInstanceOf(PermanentError);
    expect(withoutScope).toMatchObject({ message: expect.stringContaining('“files:write”') });

    await slack.stop();
    await start();
    const notIn = await sendFile(client, { channel: 'C05GENERAL1' }, CSV).catch((error: unknown) => error);
    expect(notIn).toBeInstanceOf(PermanentError);
    expect(notIn).toMatchObject({ code: 'slack-not-in-channel' });
    expect(slack.messages('ocs-audit')).toEqual([]);
  });

  it('at any of the three steps is an error that trying again can help', async () => {
    for (const [method, fault] of [
      ['files.getUploadURLExternal', { status: 503 }],
      ['files.completeUploadExternal', { error: 'ratelimited', retryAfterSeconds: 7 }],
    ] as const) {
      slack.faults.add({ method, times: 1, ...fault });
      expect(await sent(), method).toBeInstanceOf(TransientError);
    }
    slack.faults.add({ method: 'upload', times: 1, status: 502 });
    expect(await sent()).toMatchObject({ name: 'TransientError', code: 'file-not-taken' });
    slack.faults.add({ method: 'upload', times: 1, status: 403 });
    expect(await sent()).toMatchObject({ name: 'PermanentError', code: 'file-refused' });
    expect(slack.messages('ocs-audit')).toEqual([]);
  });
});
