import type { RichTextBlock, RichTextElement, RichTextList, RichTextQuote, RichTextSection } from '@slack/types';
import { fit, fitLines } from './fit.ts';
import { seconds, TIME_FORMAT, utc } from './time.ts';

/**
 * Rich text interprets nothing: what people typed stays what they typed. A bare string is such text.
 */
export type Part = string | RichTextElement;

export function bold(text: string): RichTextElement {
  return { type: 'text', text: fit(text, 300) || '–', style: { bold: true } };
}

export function code(text: string): RichTextElement {
  return { type: 'text', text: fit(text, 300) || '–', style: { code: true } };
}

export function link(url: string, text = url): RichTextElement {
  return { type: 'link', url, text };
}

/** A mention; without a Slack id, the name. */
export function who(person: { readonly slackId?: string | undefined; readonly name: string }): Part {
  const { slackId, name } = person;
  return isSlackId(slackId) ? { type: 'user', user_id: slackId } : fit(name, 60) || 'somebody';
}

export function isSlackId(id: string | undefined): id is string {
  return id !== undefined && /^[UW][A-Z0-9]{2,}$/.test(id);
}

/** A moment, in the reader's own time zone. `at`: epoch milliseconds. */
export function when(at: number, format = TIME_FORMAT): RichTextElement {
  return { type: 'date', timestamp: seconds(at), format, fallback: utc(at) };
}

export function line(...parts: readonly Part[]): RichTextSection {
  return { type: 'rich_text_section', elements: elementsOf(parts) };
}

export function quote(text: string, max = 600): RichTextQuote {
  return { type: 'rich_text_quote', elements: elementsOf([fitLines(text, max)]) };
}

export function list(style: RichTextList['style'], items: readonly (readonly Part[])[]): RichTextList {
  return { type: 'rich_text_list', style, elements: items.map((parts) => line(...parts)) };
}

export function rich(...elements: RichTextBlock['elements']): RichTextBlock {
  return { type: 'rich_text', elements };
}

/** Lines of one block. */
export function lines(...each: readonly (readonly Part[])[]): RichTextBlock {
  return rich(line(...each.flatMap((parts, index) => (index === 0 ? parts : ['\n', ...parts]))));
}

/** About how many characters a reader sees. */
export function lengthOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : partLength(part)), 0);
}

function partLength(part: RichTextElement): number {
  if (part.type === 'text') return part.text.length;
  if (part.type === 'link') return (part.text ?? part.url).length;
  return 25;
}

function elementsOf(parts: readonly Part[]): RichTextElement[] {
  const elements = parts
    .filter((part) => part !== '')
    .map((part): RichTextElement => (typeof part === 'string' ? { type: 'text', text: part } : part));
  // Slack refuses what is empty.
  return elements.length === 0 ? [{ type: 'text', text: '–' }] : elements;
}
