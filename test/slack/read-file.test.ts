import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSlack, type Slack } from '../../sandbox/slack/start-slack.ts';
import { createClients } from '../../src/slack/client.ts';
import { readFile } from '../../src/slack/read-file.ts';
import { quietLogger } from './quiet-logger.ts';

let slack: Slack;

beforeEach(async () => {
  slack = await startSlack();
});

afterEach(() => slack.stop());

/** The id of a file that Ben has chosen in a form. */
function chosen(body: Buffer | string): string {
  const bytes = Buffer.from(body);
  const file = { id: 'F05LIST0001', name: 'team.csv', length: bytes.length, alt: '', body: bytes, isShared: true };
  slack.workspace.files.set(file.id, file);
  return file.id;
}

function read(fileId: string, fetched: typeof fetch = fetch): Promise<string> {
  const { bulk } = createClients(slack.botToken, { apiUrl: slack.apiUrl, logger: quietLogger });
  return readFile({ client: bulk, fetch: fetched }, fileId);
}

function answering(answer: () => Response): typeof fetch {
  return async () => answer();
}

const unreachable: typeof fetch = async () => {
  throw new TypeError('fetch failed');
};

describe('a file in a form', () => {
  it('is read with our token', async () => {
    expect(await read(chosen('ana@lantern.example, C02XK0AZJG5J\n'))).toBe('ana@lantern.example, C02XK0AZJG5J\n');
  });

  it.each([
    ['UTF-8', Buffer.from('José, jose@lantern.example')],
    ['UTF-16', Buffer.from('\uFEFFJosé, jose@lantern.example', 'utf16le')],
    ['the alphabet of an old Windows', Buffer.from('José, jose@lantern.example', 'latin1')],
  ])('is text as spreadsheets save it: %s', async (_name, body) => {
    expect(await read(chosen(body))).toContain('José, jose@lantern.example');
  });

  it('may be empty', async () => {
    expect(await read(chosen(''))).toBe('');
  });

  it('that is no text is refused with what to do', async () => {
    const workbook = Buffer.from([0x50, 0x4b, 0x03, 0x04, 0x00, 0x00]);

    await expect(read(chosen(workbook))).rejects.toMatchObject({ name: 'UserError', code: 'file-not-text' });
  });

  it('that is too large is refused', async () => {
    await expect(read(chosen('x'.repeat(1_000_001)))).rejects.toMatchObject({
      name: 'UserError',
      code: 'file-too-large',
    });
  });

  it('is not read on when it is larger than Slack says', async () => {
    await expect(
      read(
        chosen('x'),
        answering(() => new Response('x'.repeat(2_000_000))),
      ),
    ).rejects.toMatchObject({ code: 'file-too-large' });
  });

  it('that is gone has to be chosen again', async () => {
    await expect(read('F0GONE00001')).rejects.toMatchObject({ name: 'UserError', code: 'file-gone' });
  });

  it('that Slack does not hand out now is tried again', async () => {
    await expect(
      read(
        chosen('x'),
        answering(() => new Response('', { status: 503 })),
      ),
    ).rejects.toMatchObject({ name: 'TransientError' });
    await expect(read(chosen('x'), unreachable)).rejects.toMatchObject({ name: 'TransientError' });
  });

  it('behind a page to sign in can’t be read', async () => {
    const page = answering(
      () => new Response('', { status: 302, headers: { location: 'https://lantern.slack.com/' } }),
    );

    await expect(read(chosen('x'), page)).rejects.toMatchObject({ name: 'UserError', code: 'file-unreadable' });
  });

  it('never takes our token to another place', async () => {
    const asked: unknown[] = [];
    const files = {
      info: async () => ({ ok: true, file: { url_private_download: 'https://slack.com.evil.example/x' } }),
    };
    const { bulk } = createClients(slack.botToken, { apiUrl: slack.apiUrl, logger: quietLogger });
    const client = Object.assign(Object.create(bulk), { files });
    const spy = async (address: unknown) => {
      asked.push(address);
      return new Response('');
    };

    await expect(readFile({ client, fetch: spy }, 'F1')).rejects.toMatchObject({ code: 'file-unreadable' });
    expect(asked).toEqual([]);
  });
});
