import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebAPIPlatformError } from '@slack/web-api';
import { afterEach, describe, expect, it } from 'vitest';
import { PermanentError, TransientError } from '../../src/core/errors.ts';
import { createClients, type Use } from '../../src/slack/client.ts';
import { asOurs, slackCode, translateSlackError } from '../../src/slack/translate-error.ts';
import { quietLogger } from './quiet-logger.ts';

let server: Server | undefined;
let calls = 0;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A Slack that answers everything with this. */
async function answering(status: number, body: string, headers: Record<string, string> = {}): Promise<string> {
  calls = 0;
  const opened = createServer((_request, response) => {
    calls += 1;
    response.writeHead(status, headers).end(body);
  });
  server = opened;
  await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(opened.address() as AddressInfo).port}/api/`;
}

function call(apiUrl: string, use: Use = 'bulk'): Promise<unknown> {
  const client = createClients('xoxb-secret-token', { apiUrl, logger: quietLogger })[use];
  return asOurs(client.chat.postMessage({ channel: 'C1', text: 'x' }));
}

function refusal(error: string, more: Record<string, unknown> = {}): string {
  return JSON.stringify({ ok: false, error, ...more });
}

describe('what Slack answers', () => {
  it('429 is worth another try, after the wait', async () => {
    const apiUrl = await answering(429, '', { 'retry-after': '12' });

    await expect(call(apiUrl)).rejects.toMatchObject({
      name: 'TransientError',
      code: 'slack-rate-limited',
      retryAfterMs: 12_000,
    });
    expect(calls).toBe(1);
  });

  it.each([500, 503, 408])('%i is worth another try', async (status) => {
    await expect(call(await answering(status, ''))).rejects.toMatchObject({
      name: 'TransientError',
      code: 'slack-down',
    });
  });

  it('any other status is not', async () => {
    await expect(call(await answering(403, ''))).rejects.toMatchObject({ name: 'PermanentError' });
  });

  it.each(['internal_error', 'fatal_error', 'service_unavailable', 'ratelimited'])(
    '%s is worth another try',
    async (code) => {
      await expect(call(await answering(200, refusal(code)))).rejects.toBeInstanceOf(TransientError);
    },
  );

  it.each([
    ['not_in_channel', 'Type /invite @ocs-access in it.'],
    ['channel_not_found', 'Check the channel’s id'],
    ['is_archived', 'Unarchive it'],
    ['invalid_auth', 'SLACK_BOT_TOKEN'],
    ['token_revoked', 'Install the app again.'],
    ['user_disabled', 'deactivated'],
  ])('%s tells the operator what to do', async (code, advice) => {
    const error = await call(await answering(200, refusal(code))).catch((caught: unknown) => caught);

    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toMatchObject({
      code: `slack-${code.replaceAll('_', '-')}`,
      message: expect.stringContaining(advice),
    });
    expect(slackCode(error)).toBe(code);
  });

  it('a missing permission is named', async () => {
    const apiUrl = await answering(200, refusal('missing_scope', { needed: 'im:write', provided: 'chat:write' }));

    await expect(call(apiUrl)).rejects.toThrow('The app lacks the permission “im:write” in Slack.');
  });

  it('an unheard-of refusal is final and keeps Slack’s word', async () => {
    await expect(call(await answering(200, refusal('some_new_thing')))).rejects.toThrow(
      'Slack refuses what we asked of it (some_new_thing).',
    );
  });

  it('no answer is worth another try', async () => {
    await expect(call('http://127.0.0.1:9/api/')).rejects.toMatchObject({
      name: 'TransientError',
      code: 'slack-unreachable',
    });
  });

  it('never shows the token', async () => {
    const error = await call(await answering(200, refusal('invalid_auth'))).catch((caught: unknown) => caught);

    expect(String(error)).not.toContain('xoxb-secret');
  });
});

describe('a client', () => {
  it('for posts leaves trying again to its queue', async () => {
    await call(await answering(500, ''), 'bulk').catch(() => undefined);

    expect(calls).toBe(1);
  });

  it('for people who wait tries twice and no more', async () => {
    await call(await answering(500, ''), 'interactive').catch(() => undefined);

    expect(calls).toBe(2);
  });
});

describe('what is not Slack’s', () => {
  it('passes as it is: it is our bug', () => {
    const bug = new TypeError('x is not a function');

    expect(translateSlackError(bug)).toBe(bug);
    expect(slackCode(bug)).toBeUndefined();
  });

  it('is told from Slack’s own by class', () => {
    expect(slackCode(new WebAPIPlatformError({ ok: false, error: 'not_in_channel' }))).toBe('not_in_channel');
  });
});
