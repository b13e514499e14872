import type { KnownBlock } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { PermanentError } from '../core/errors.ts';
import type { ChartBlock } from './chart.ts';
import type { Message } from './message.ts';
import { plainly, textOnly } from './plainly.ts';
import { asOurs, slackCode } from './translate-error.ts';

/** How much of a message Slack took: everything, everything but the chart, old blocks only, or the text. */
export const Look = z.enum(['full', 'chartless', 'plain', 'text']);
export type Look = z.infer<typeof Look>;

/** As it is sent. */
export interface Drawn {
  readonly text: string;
  readonly blocks: (KnownBlock | ChartBlock)[];
}

const DRAW: Record<Look, (message: Message) => Drawn> = {
  full: withChart,
  chartless: ({ text, blocks }) => ({ text, blocks }),
  plain: plainly,
  text: textOnly,
};

/** Slack's words for “these blocks I do not show”. */
const BLOCK_REFUSALS = new Set(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'block_mismatch']);

const Sent = z.object({ channel: z.string(), ts: z.string() });
export interface Delivered {
  readonly channel: string;
  readonly ts: string;
  readonly look: Look;
}

export interface Place {
  readonly channel: string;
  /** The message to edit; undefined: a new one. Always a string: as a number it would lose digits. */
  readonly ts?: string | undefined;
  /** Of a new message: it stands in the thread of this one. */
  readonly thread?: { readonly ts: string; readonly isBroadcast: boolean } | undefined;
}

/** Whether Slack would take the same words in an older form. */
export function refusesLook(error: unknown): boolean {
  return BLOCK_REFUSALS.has(slackCode(error) ?? '');
}

/** The same message in each form, the newest first. */
export function looksOf(message: Message): Drawn[] {
  return looksFor(message).map((look) => DRAW[look](message));
}

function looksFor({ chart }: Message, from: Look = 'full'): Look[] {
  const looks = Look.options.slice(Look.options.indexOf(from));
  return chart === undefined ? looks.filter((look) => look !== 'chartless') : looks;
}

function withChart({ text, blocks, chart }: Message): Drawn {
  if (chart === undefined) return { text, blocks };
  return { text, blocks: [...blocks.slice(0, chart.after), chart.block, ...blocks.slice(chart.after)] };
}

/**
 * Posts or edits. Blocks that Slack refuses are sent again in an older form, at last as text alone: a look that Slack does
 * not know yet must not keep a message from arriving. `from`: the look to begin with.
 */
export async function deliverMessage(
  client: Pick<WebClient, 'chat'>,
  place: Place,
  message: Message,
  from: Look = 'full',
): Promise<Delivered> {
  for (const look of looksFor(message, from)) {
    try {
      const { channel, ts } = await send(client, place, DRAW[look](message));
      return { channel, ts, look };
    } catch (error) {
      if (look === 'text' || !refusesLook(error)) throw error;
    }
  }
  throw new PermanentError('Slack takes this message in no form.', { code: 'slack-refuses-message' });
}

async function send(
  client: Pick<WebClient, 'chat'>,
  { channel, ts, thread }: Place,
  { text, blocks }: Drawn,
): Promise<z.infer<typeof Sent>> {
  // Nothing that somebody typed is fetched and shown as a preview.
  const content = { channel, text, blocks, unfurl_links: false, unfurl_media: false };
  if (ts === undefined) {
    const threaded = thread === undefined ? {} : { thread_ts: thread.ts, reply_broadcast: thread.isBroadcast };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Slack's method, not the browser's
    return Sent.parse(await asOurs(client.chat.postMessage({ ...content, ...threaded })));
  }
  return Sent.parse(await asOurs(client.chat.update({ channel, ts, text, blocks })));
}
