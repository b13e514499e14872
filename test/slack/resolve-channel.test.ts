import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSlack, type Slack } from '../../sandbox/slack/start-slack.ts';
import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { createClients } from '../../src/slack/client.ts';
import { resolveChannel } from '../../src/slack/resolve-channel.ts';
import { quietLogger } from './quiet-logger.ts';

const SCOPES = ['channels:read', 'groups:read'];

describe('a channel given by id', () => {
  let slack: Slack;
  let client: WebClient;

  async function start(scopes: string[]): Promise<void> {
    slack = await startSlack({ seed: { app: { scopes } } });
    client = createClients(slack.botToken, { apiUrl: slack.apiUrl, logger: quietLogger }).interactive;
  }

  beforeEach(() => start(SCOPES));
  afterEach(() => slack.stop());

  it.each(['C05APPROVE1', 'C05AUDIT001', ' C05AUDIT001 '])('is good if the bot is in it: %s', async (id) => {
    expect(await resolveChannel(client, id, 'AUDIT_CHANNEL')).toBe(id.trim());
  });

  it('is no good without the bot in it', async () => {
    await expect(resolveChannel(client, 'C05GENERAL1', 'AUDIT_CHANNEL')).rejects.toThrow(
      'The bot is not in #general (AUDIT_CHANNEL). Type /invite @ocs-access in it.',
    );
  });

  it('is no good when it is archived', async () => {
    slack.channels.archive('ocs-audit');

    await expect(resolveChannel(client, 'C05AUDIT001', 'AUDIT_CHANNEL')).rejects.toMatchObject({
      code: 'channel-archived',
    });
  });

  it('is no good when Slack does not know it, or hides it from us', async () => {
    slack.channels.remove('ocs-audit', 'bot');

    await expect(resolveChannel(client, 'C05AUDIT001', 'AUDIT_CHANNEL')).rejects.toMatchObject({
      code: 'channel-not-found',
    });
    await expect(resolveChannel(client, 'C05NOSUCH01', 'AUDIT_CHANNEL')).rejects.toMatchObject({
      code: 'channel-not-found',
    });
  });

  it('is taken as it is by an app that may not look', async () => {
    await slack.stop();
    await start(['chat:write']);

    expect(await resolveChannel(client, 'C05NOSUCH01', 'AUDIT_CHANNEL')).toBe('C05NOSUCH01');
  });
});

describe('a channel given by name', () => {
  const pages = [
    { channels: [{ id: 'C1', name: 'general' }], response_metadata: { next_cursor: 'more' } },
    { channels: [{ id: 'C2', name: 'ocs-audit' }], response_metadata: { next_cursor: '' } },
  ];
  const asked: unknown[] = [];

  function aClient(answer: (cursor: string | undefined) => Promise<unknown>) {
    const conversations = (args: { readonly cursor?: string }) => {
      asked.push(args);
      return answer(args.cursor);
    };
    return { users: { conversations } } as unknown as WebClient;
  }

  const paged = aClient(async (cursor) => pages[cursor === undefined ? 0 : 1]);

  it('is looked for among the channels that the bot is in, page by page', async () => {
    expect(await resolveChannel(paged, '#ocs-audit', 'AUDIT_CHANNEL')).toBe('C2');
    expect(asked).toMatchObject([
      { types: 'public_channel,private_channel', exclude_archived: true },
      { cursor: 'more' },
    ]);
  });

  it('is not found if the bot is not in it', async () => {
    await expect(resolveChannel(paged, 'ocs-ops', 'OPS_CHANNEL')).rejects.toThrow(
      'The bot is in no channel #ocs-ops (OPS_CHANNEL). Create the channel if it is missing, and type /invite @ocs-access in it.',
    );
  });

  it('has to be an id for an app that may not look', async () => {
    const blind = aClient(async () => {
      throw new WebAPIPlatformError({ ok: false, error: 'missing_scope' });
    });

    await expect(resolveChannel(blind, '#ocs-audit', 'AUDIT_CHANNEL')).rejects.toMatchObject({
      code: 'channel-name-not-readable',
    });
  });
});
