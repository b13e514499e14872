import type {
  ActionsBlock,
  Button,
  ContextBlock,
  HeaderBlock,
  KnownBlock,
  PlainTextElement,
  SectionBlock,
} from '@slack/types';
import { fit, fitLines } from './fit.ts';

/** The few blocks that all messages and views are made of, each within its limit. */

/** Text as it is: nothing in it is interpreted. */
export function plain(text: string, max: number): PlainTextElement {
  return { type: 'plain_text', text: fit(text, max) || '–', emoji: false };
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plain(text, 150) };
}

/** Anything that a person may have typed. */
export function plainSection(text: string, max = 2900): SectionBlock {
  return { type: 'section', text: { type: 'plain_text', text: fitLines(text, max) || '–', emoji: false } };
}

/** Our own words with mrkdwn in them; anything else in it is escaped by the caller. */
export function section(mrkdwn: string): SectionBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: mrkdwn, verbatim: true } };
}

/** Small print: our own words, with mrkdwn and times. */
export function note(mrkdwn: string): ContextBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text: mrkdwn, verbatim: true }] };
}

/** A line of its own that can't be overlooked; the sign never stands without the word. */
export function warning(text: string): SectionBlock {
  return plainSection(`⚠️ Warning: ${fit(text, 500)}`);
}

export function button(
  text: string,
  actionId: string,
  value: string,
  look: Pick<Button, 'style' | 'confirm' | 'accessibility_label'> = {},
): Button {
  return { type: 'button', text: plain(text, 75), action_id: actionId, value, ...look };
}

export function buttons(...elements: Button[]): ActionsBlock {
  return { type: 'actions', elements };
}

/** The first blocks; if there are more than a message or view can hold, the last one says so. */
export function capped(blocks: readonly KnownBlock[], max: number, rest: string): KnownBlock[] {
  return blocks.length <= max ? [...blocks] : [...blocks.slice(0, max - 1), note(rest)];
}
