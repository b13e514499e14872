import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { KEPT_MS, type MessageStore } from './posted.ts';
import { asOurs, slackCode } from './translate-error.ts';

const Opened = z.object({ channel: z.object({ id: z.string() }) });

/** Slack’s words for a channel that is there no more, or no more for us. */
const GONE = new Set(['channel_not_found', 'not_in_channel', 'is_archived']);

/** Direct messages. Their channels are asked for once, then remembered. */
export function createDms(
  client: Pick<WebClient, 'conversations'>,
  store: Pick<MessageStore, 'keep' | 'recall' | 'forget'>,
) {
  async function open(slackId: string): Promise<string> {
    const { channel } = Opened.parse(await asOurs(client.conversations.open({ users: slackId })));
    await store.keep(keyOf(slackId), channel.id, KEPT_MS);
    return channel.id;
  }

  return {
    /**
     * Does something in the channel of the DM with a person; if the remembered one is gone, again from the beginning in the
     * one that is opened then. Throws like `work`, and PermanentError for people who can't be written to.
     */
    async send<T>(slackId: string, work: (channel: string) => Promise<T>): Promise<T> {
      const known = z.string().safeParse(await store.recall(keyOf(slackId)));
      if (!known.success) return work(await open(slackId));
      try {
        return await work(known.data);
      } catch (error) {
        if (!GONE.has(slackCode(error) ?? '')) throw error;
        await store.forget(keyOf(slackId));
        return work(await open(slackId));
      }
    },
  };
}

function keyOf(slackId: string): string {
  return `dm:${slackId}`;
}
