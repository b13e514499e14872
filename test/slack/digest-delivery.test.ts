import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lanternHealth } from '../../sandbox/slack/seed.ts';
import { startSlack, type Slack, type SlackOptions } from '../../sandbox/slack/start-slack.ts';
import type { Notifier } from '../../src/core/ports.ts';
import type { Post } from '../../src/core/post.ts';
import { createClients } from '../../src/slack/client.ts';
import { createDirectory } from '../../src/slack/directory.ts';
import { createNotifier } from '../../src/slack/notifier.ts';
import { aBusyDigest, aDigest } from '../builders/a-digest.ts';
import { CARA } from '../builders/a-request.ts';
import { createMemoryStore } from '../builders/memory-store.ts';
import { quietLogger } from './quiet-logger.ts';

const AUDIT = 'C05AUDIT001';
const digest: Post = { kind: 'digest', day: '2026-11-20', data: aBusyDigest() };
const details: Post = { kind: 'digest-details', day: '2026-11-20', data: aBusyDigest() };

let slack: Slack;
let notifier: Notifier;

async function start(options: SlackOptions = {}): Promise<void> {
  slack = await startSlack(options);
  const { bulk } = createClients(slack.botToken, { apiUrl: slack.apiUrl, logger: quietLogger });
  const clock = { now: () => Date.now() };
  notifier = createNotifier({
    client: bulk,
    store: createMemoryStore(clock),
    directory: createDirectory({
      client: bulk,
      approvers: { kind: 'users', ids: [CARA.slackId] },
      teamId: slack.team.id,
      clock,
    }),
    channels: { approvals: 'C05APPROVE1', audit: AUDIT, ops: AUDIT, security: AUDIT, digest: AUDIT },
    homesOf: async () => ({ homes: [], failures: [] }),
  });
}

beforeEach(() => start());
afterEach(async () => {
  const seen = [...slack.faultsSeen];
  await slack.stop();
  expect(seen).toEqual([]);
});

const posted = () => slack.messages('ocs-audit');
const kindsOf = (blocks: readonly object[] = []) => blocks.map((block) => ('type' in block ? block.type : ''));
const callsOf = (method: string) => slack.calls.filter((call) => call.method === method);
const pictures = () => posted()[0]?.replies.flatMap(({ files }) => files) ?? [];

describe('a digest', () => {
  it('is one message with Slack’s own chart, and its details are in the thread', async () => {
    await notifier.deliver(digest);
    await notifier.deliver(details);
    await notifier.deliver(digest);

    expect(posted()).toHaveLength(1);
    expect(kindsOf(posted()[0]?.blocks)).toContain('data_visualization');
    expect(posted()[0]?.replies.map(({ text }) => text)).toEqual([expect.stringMatching(/^More about Friday/)]);
    expect(callsOf('files.getUploadURLExternal')).toEqual([]);
  });

  it('of a quiet day is three lines without a chart, also where charts are refused', async () => {
    slack.faults.refuseBlock('data_visualization');
    await notifier.deliver({ ...digest, data: aDigest() });

    expect(kindsOf(posted()[0]?.blocks)).toEqual(['header', 'rich_text', 'context']);
    expect(callsOf('chat.postMessage')).toHaveLength(1);
  });

  it('that somebody asked for goes to them alone, with its picture', async () => {
    slack.faults.refuseBlock('data_visualization');
    await notifier.deliver({ ...digest, askedBy: CARA.slackId });
    await notifier.deliver({ ...details, askedBy: CARA.slackId });

    expect(posted()).toEqual([]);
    expect(slack.dms('cara')[0]?.replies.map(({ files }) => files.length)).toEqual([1, 0]);
  });
});

describe('where Slack refuses charts, the digest', () => {
  it('arrives without it and loses nothing else, and the chart follows as a picture', async () => {
    slack.faults.refuseBlock('data_visualization');
    await notifier.deliver(digest);

    const kinds = kindsOf(posted()[0]?.blocks);
    expect(kinds).not.toContain('data_visualization');
    expect(kinds).toContain('rich_text');
    expect(callsOf('chat.postMessage')).toHaveLength(2);
    expect(pictures()).toMatchObject([
      {
        name: 'chart.png',
        title: 'Sign-ins and denials on Friday 20 November',
        alt: expect.stringContaining('08–10: 53 signed in, 16 turned away'),
        picture: expect.stringMatching(/^data:image\/png;base64,iVBOR/),
      },
    ]);
  });

  it('is not posted again when the picture has to wait, and has it once', async () => {
    slack.faults.refuseBlock('data_visualization');
    slack.faults.add({ method: 'upload', status: 503, times: 1 });
    await expect(notifier.deliver(digest)).rejects.toMatchObject({ name: 'TransientError' });
    await notifier.deliver(digest);
    await notifier.deliver(digest);

    expect(posted()).toHaveLength(1);
    expect(pictures()).toHaveLength(1);
  });

  it('stands without the picture where the app may not send files, and the operator is told how to allow it', async () => {
    await slack.stop();
    await start({ seed: { app: { scopes: lanternHealth.app.scopes.filter((scope) => scope !== 'files:write') } } });
    slack.faults.refuseBlock('data_visualization');

    await expect(notifier.deliver(digest)).rejects.toMatchObject({
      name: 'PermanentError',
      message: expect.stringMatching(/^The message is there, but its chart .*“files:write”/),
    });
    expect(posted()[0]?.text).toContain('08–10: 53 signed in, 16 turned away');
    expect(slack.takeFaultsSeen(/missing_scope/)).toHaveLength(1);
  });

  it('is words alone where Slack takes no new block at all, and has its picture too', async () => {
    for (const type of ['data_visualization', 'rich_text', 'header']) slack.faults.refuseBlock(type);
    await notifier.deliver(digest);

    expect(posted()[0]?.blocks).toEqual([]);
    expect(posted()[0]?.text).toContain('10.20.0.5:443');
    expect(pictures()).toHaveLength(1);
  });
});
