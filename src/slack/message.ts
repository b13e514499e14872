import type { KnownBlock } from '@slack/types';

/**
 * What the Web API takes. `text` alone says it all, for the notification on a phone and for a screen reader; the blocks
 * are within Slack's limits whatever people typed.
 */
export interface Message {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/** `chat.update` refuses longer texts, and every message of ours may be edited one day. In characters. */
export const TEXT_LIMIT = 3000;
