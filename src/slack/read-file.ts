import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { TransientError, UserError } from '../core/errors.ts';
import { asOurs, slackCode } from './translate-error.ts';

export interface ReadFileDependencies {
  readonly client: Pick<WebClient, 'files' | 'token' | 'slackApiUrl'>;
  readonly fetch: typeof globalThis.fetch;
}

const MOST_BYTES = 1_000_000;
const TIME_OUT_MS = 10_000;
const Answer = z.object({
  file: z.object({ size: z.number().optional(), url_private_download: z.string().optional() }),
});

/**
 * The text of a file that somebody put into a form. UserError for what they can put right, with the words for the form;
 * TransientError if Slack does not hand it out now.
 */
export async function readFile({ client, fetch }: ReadFileDependencies, fileId: string): Promise<string> {
  const { size = 0, url_private_download: address } = await describe(client, fileId);
  if (size > MOST_BYTES) throw tooLarge();
  if (address === undefined || !isOfSlack(address, client.slackApiUrl)) throw unreadable();
  const bytes = await download(fetch, address, client.token ?? '');
  return textOf(bytes);
}

async function describe(client: Pick<WebClient, 'files'>, fileId: string): Promise<z.infer<typeof Answer>['file']> {
  try {
    return Answer.parse(await asOurs(client.files.info({ file: fileId }))).file;
  } catch (error) {
    const code = slackCode(error);
    if (code !== 'file_not_found' && code !== 'file_deleted') throw error;
    throw new UserError('The file is not there any more. Choose it again.', { code: 'file-gone', cause: error });
  }
}

/** The token goes nowhere else, whatever the answer says. */
function isOfSlack(address: string, apiUrl: string): boolean {
  if (!URL.canParse(address)) return false;
  const { origin, protocol, hostname } = new URL(address);
  return origin === new URL(apiUrl).origin || (protocol === 'https:' && /(^|\.)slack\.com$/.test(hostname));
}

async function download(fetch: ReadFileDependencies['fetch'], address: string, token: string): Promise<Buffer> {
  const response = await fetch(address, {
    headers: { authorization: `Bearer ${token}` },
    // Without its permission Slack sends us to a page to sign in.
    redirect: 'manual',
    signal: AbortSignal.timeout(TIME_OUT_MS),
  }).catch((error: unknown) => {
    throw notNow(error);
  });
  if (response.status >= 500 || response.status === 429) throw notNow();
  if (!response.ok) throw unreadable();
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of response.body ?? []) {
      length += part.length;
      if (length > MOST_BYTES) throw tooLarge();
      parts.push(part);
    }
  } catch (error) {
    throw error instanceof UserError ? error : notNow(error);
  }
  return Buffer.concat(parts);
}

/** Spreadsheets save UTF-8, UTF-16 or, older ones on Windows, its own alphabet. */
function textOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes.includes(0)) {
    throw new UserError(
      'That is not a text file. In your spreadsheet choose “Save as” and “CSV”, and send that file.',
      {
        code: 'file-not-text',
      },
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function tooLarge(): UserError {
  return new UserError('The file is larger than 1 MB. Send only the lines with people in it.', {
    code: 'file-too-large',
  });
}

function unreadable(): UserError {
  return new UserError(
    'Slack does not let me read this file. Paste the list into the form instead, and tell your operator.',
    { code: 'file-unreadable' },
  );
}

function notNow(cause?: unknown): TransientError {
  return new TransientError('Slack does not hand out the file now.', { code: 'file-not-now', cause });
}
