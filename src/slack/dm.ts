import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { asOurs } from './translate-error.ts';
import { KEPT_MS, type MessageStore } from './posted.ts';

const Opened = z.object({ channel: z.object({ id: z.string() }) });

/** The channel of the DM with a person: asked once, then remembered. Throws PermanentError for people who can't be written to. */
export function createDms(client: Pick<WebClient, 'conversations'>, store: MessageStore) {
  return {
    async channelOf(slackId: string): Promise<string> {
      const known = z.string().safeParse(await store.recall(keyOf(slackId)));
      if (known.success) return known.data;
      const { channel } = Opened.parse(await asOurs(client.conversations.open({ users: slackId })));
      await store.keep(keyOf(slackId), channel.id, KEPT_MS);
      return channel.id;
    },
    forget: (slackId: string) => store.forget(keyOf(slackId)),
  };
}

function keyOf(slackId: string): string {
  return `dm:${slackId}`;
}
