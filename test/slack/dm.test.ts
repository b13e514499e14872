import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSlack, type Slack } from '../../sandbox/slack/start-slack.ts';
import { createClients } from '../../src/slack/client.ts';
import { createDms } from '../../src/slack/dm.ts';
import { sendFile } from '../../src/slack/send-file.ts';
import { createMemoryStore, type MemoryStore } from '../builders/memory-store.ts';
import { quietLogger } from './quiet-logger.ts';

const BEN = 'U05BEN00001';
const FAY = 'U05FAY00001';
const CSV = { name: 'log.csv', title: 'Access log', content: 'who,what\r\n', says: '2 rows.' };

let slack: Slack;
let store: MemoryStore;
beforeEach(async () => {
  slack = await startSlack();
  store = createMemoryStore({ now: () => Date.now() });
});
afterEach(() => slack.stop());

function aSender() {
  const { bulk } = createClients(slack.botToken, { apiUrl: slack.apiUrl, logger: quietLogger });
  const dms = createDms(bulk, store);
  return { sends: (to = BEN) => dms.send(to, (channel) => sendFile(bulk, { channel }, CSV)) };
}

const opened = () => slack.calls.filter(({ method }) => method === 'conversations.open').length;
const filesOfBen = () => slack.dms('ben').flatMap(({ files }) => files.map(({ name }) => name));

describe('a file in a direct message', () => {
  it('opens the channel once', async () => {
    const { sends } = aSender();
    await sends();
    await aSender().sends();

    expect(filesOfBen()).toEqual(['log.csv', 'log.csv']);
    expect(opened()).toBe(1);
  });

  it.each(['channel_not_found', 'not_in_channel', 'is_archived'])(
    'goes into a channel that is opened anew where the remembered one is gone: %s',
    async (error) => {
      await store.keep(`dm:${BEN}`, 'D0GONE00001', 60_000);
      slack.faults.add({ method: 'files.completeUploadExternal', error, times: 1 });

      await aSender().sends();
      await aSender().sends();

      expect(filesOfBen()).toEqual(['log.csv', 'log.csv']);
      expect(opened()).toBe(1);
    },
  );

  it('is tried in a new channel once, and not for another reason', async () => {
    await store.keep(`dm:${BEN}`, 'D0GONE00001', 60_000);
    slack.faults.add({ method: 'files.completeUploadExternal', error: 'channel_not_found', times: 2 });

    await expect(aSender().sends()).rejects.toMatchObject({ code: 'slack-channel-not-found' });
    slack.faults.add({ method: 'files.completeUploadExternal', error: 'internal_error', times: 1 });
    await expect(aSender().sends()).rejects.toMatchObject({ name: 'TransientError' });

    expect(opened()).toBe(1);
    expect(filesOfBen()).toEqual([]);
  });

  it('says that somebody can’t be written to any more, also where their channel is remembered', async () => {
    await store.keep(`dm:${FAY}`, 'D0GONE00001', 60_000);

    await expect(aSender().sends(FAY)).rejects.toMatchObject({ name: 'PermanentError', code: 'slack-user-disabled' });
  });
});
