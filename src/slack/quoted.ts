import type { RichTextPreformatted, RichTextSection } from '@slack/types';
import { fit, fitLines } from './fit.ts';
import { line, type Part } from './rich.ts';

/** A text whose lines that begin with four blanks are quoted from elsewhere, such as the end of a log. */
interface Split {
  readonly says: string;
  /** Empty if nothing is quoted. */
  readonly quoted: readonly string[];
}

const QUOTED = /^ {4}/;

/** What is said, and what is quoted, each in its order. */
export function splitQuoted(text: string): Split {
  const lines = text.split('\n');
  return {
    says: lines.filter((one) => !QUOTED.test(one)).join('\n'),
    quoted: lines.filter((one) => QUOTED.test(one)).map((one) => one.slice(4)),
  };
}

/** A text as a paragraph, and below it what it quotes, as it was written. */
export function quotingLines(
  before: readonly Part[],
  text: string,
  max: number,
): (RichTextSection | RichTextPreformatted)[] {
  const { says } = splitQuoted(text);
  return [line(...before, fitLines(says, max)), ...quotedLines(text)];
}

/** What a text quotes, as it was written. */
export function quotedLines(text: string): RichTextPreformatted[] {
  const { quoted } = splitQuoted(text);
  if (quoted.length === 0) return [];
  const shown = quoted.slice(0, 20).map((one) => fit(one, 250));
  return [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: shown.join('\n') || '–' }] }];
}
