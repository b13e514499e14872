import type { WebClient } from '@slack/web-api';
import { isKnownError, PermanentError, TransientError } from '../core/errors.ts';
import { chartInWords, type ChartBlock } from './chart.ts';
import { chartPng } from './chart-png.ts';
import type { Delivered } from './deliver-message.ts';
import type { Drawing } from './drawing.ts';
import { KEPT_MS, type MessageStore } from './posted.ts';
import { sendFile } from './send-file.ts';

/** Longer than drawing and sending can take. */
const SENDING_MS = 60_000;

/**
 * Where Slack took a message without its chart, the chart goes into the thread as a picture, once. Throws TransientError if
 * it can be sent later, and PermanentError, with the words for the operator, if not: the message itself stands.
 */
export function createChartPictures(
  client: Pick<WebClient, 'files'>,
  store: Pick<MessageStore, 'keep' | 'recall' | 'claim' | 'release'>,
) {
  return async function followUp({ key, message }: Drawing, { channel, ts, look }: Delivered): Promise<void> {
    if (message.chart === undefined || look === 'full') return;
    const name = `picture:${key}`;
    if ((await store.recall(name)) === true) return;
    if (!(await store.claim(name, SENDING_MS))) {
      throw new TransientError(`Another process is sending the picture of ${key}.`, {
        code: 'message-busy',
        retryAfterMs: 500,
      });
    }
    try {
      await sendPicture(client, { channel, threadTs: ts }, message.chart.block);
      await store.keep(name, true, KEPT_MS);
    } finally {
      await store.release(name);
    }
  };
}

async function sendPicture(
  client: Pick<WebClient, 'files'>,
  place: { readonly channel: string; readonly threadTs: string },
  chart: ChartBlock,
): Promise<void> {
  const words = chartInWords(chart);
  try {
    await sendFile(client, place, {
      name: 'chart.png',
      title: chart.title,
      content: await chartPng(chart),
      says: 'The chart as a picture: Slack does not show charts in messages here yet.',
      alt: `${chart.title}. ${words}`,
    });
  } catch (cause) {
    if (cause instanceof TransientError) throw cause;
    const why = isKnownError(cause) ? cause.message : 'The picture could not be drawn on this server.';
    throw new PermanentError(`The message is there, but its chart could not be added as a picture: ${why}`, {
      code: 'chart-not-sent',
      cause,
    });
  }
}
