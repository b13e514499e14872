import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { PermanentError, TransientError } from '../core/errors.ts';
import { asOurs } from './translate-error.ts';

export interface FileToSend {
  /** With its ending. */
  readonly name: string;
  readonly title: string;
  /** Not empty: Slack takes no empty file. */
  readonly content: string | Buffer;
  /** What is said beside it: mrkdwn, escaped by the caller. */
  readonly says: string;
  /** Of a picture: what it shows, for a screen reader. */
  readonly alt?: string;
}

export interface FilePlace {
  /** Id of a channel or of a direct message; Slack takes no person’s id here. */
  readonly channel: string;
  readonly threadTs?: string | undefined;
}

const TIME_OUT_MS = 10_000;
const MOST_ALT = 1000;
const Upload = z.object({ upload_url: z.url(), file_id: z.string() });

/**
 * A file as a message of its own. Slack’s three steps are taken one by one: the one call that its SDK has for them drops
 * what is meant for screen readers. TransientError if Slack does not take it now, PermanentError if it never will.
 */
export async function sendFile(
  client: Pick<WebClient, 'files'>,
  { channel, threadTs }: FilePlace,
  { name, title, content, says, alt }: FileToSend,
): Promise<void> {
  const bytes = Buffer.from(content);
  const described = alt === undefined ? {} : { alt_txt: alt.slice(0, MOST_ALT) };
  const announced = { filename: name, length: bytes.length, ...described };
  const { upload_url: address, file_id: id } = Upload.parse(await asOurs(client.files.getUploadURLExternal(announced)));
  await upload(address, name, bytes);
  const threaded = threadTs === undefined ? {} : { thread_ts: threadTs };
  await asOurs(
    client.files.completeUploadExternal({
      files: [{ id, title }],
      channel_id: channel,
      initial_comment: says,
      ...threaded,
    }),
  );
}

/** The address is a secret of its own; the token does not go there. */
async function upload(address: string, name: string, bytes: Buffer): Promise<void> {
  const body = new FormData();
  body.set('file', new Blob([new Uint8Array(bytes)]), name);
  const { ok, status } = await fetch(address, {
    method: 'POST',
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(TIME_OUT_MS),
  }).catch((error: unknown) => {
    throw new TransientError('Slack’s place for files can’t be reached from here.', {
      code: 'slack-unreachable',
      cause: error,
    });
  });
  if (ok) return;
  if (status >= 500 || status === 408 || status === 429) {
    throw new TransientError(`Slack does not take the file now (HTTP ${status}).`, { code: 'file-not-taken' });
  }
  throw new PermanentError(`Slack or something between us and Slack refuses the file (HTTP ${status}).`, {
    code: 'file-refused',
  });
}
