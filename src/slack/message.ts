import type { KnownBlock } from '@slack/types';
import type { ChartBlock } from './chart.ts';

/**
 * What the Web API takes. `text` alone says it all, for the notification on a phone and for a screen reader; the blocks
 * are within Slack's limits whatever people typed.
 */
export interface Message {
  readonly text: string;
  readonly blocks: KnownBlock[];
  /** Stands after that many of the blocks, where Slack takes charts. */
  readonly chart?: { readonly block: ChartBlock; readonly after: number };
}
