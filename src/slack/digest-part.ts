import type { KnownBlock, RichTextElement } from '@slack/types';
import type { Digest } from '../core/digest/digest.ts';
import { numberInWords } from './digest-words.ts';
import { escape } from './escape.ts';
import { firstWithin } from './first-within.ts';
import { bold, lengthOf, line, lines, list, rich, when, type Part } from './rich.ts';
import { TIME_FORMAT } from './time.ts';

/** One thing that a digest tells: once as blocks, and the same in words. */
export interface DigestPart {
  /** Ends with a colon if items follow, else with a full stop. */
  readonly line: readonly Part[];
  readonly items?: readonly (readonly Part[])[];
  /** After the items. */
  readonly rest?: readonly Part[] | undefined;
}

export function blockOf({ line: first, items = [], rest }: DigestPart): KnownBlock {
  if (items.length === 0) return lines(first, ...(rest === undefined ? [] : [rest]));
  return rich(line(...first), list('bullet', items), ...(rest === undefined ? [] : [line(...rest)]));
}

/** Several without items, each on a line of its own. */
export function linesOf(parts: readonly DigestPart[]): KnownBlock[] {
  return parts.length === 0 ? [] : [lines(...parts.map((part) => part.line))];
}

/** Of the 4,000 that are good for a message; the title and the small print take the rest. */
const TEXT_MAX = 3000;

/** The parts as sentences, as many as fit into the text of a message. */
export function textOf(parts: readonly DigestPart[]): string {
  const said: string[] = [];
  let left = TEXT_MAX;
  for (const sentence of parts.map(sentenceOf)) {
    if (sentence.length > left) continue;
    said.push(sentence);
    left -= sentence.length + 1;
  }
  return [...said, ...(said.length < parts.length ? ['Open the message for the rest.'] : [])].join(' ');
}

function sentenceOf({ line: first, items = [], rest = [] }: DigestPart): string {
  const listed = items.map((item) => wordsOf(item).replace(/\.$/, '')).join('; ');
  return [wordsOf(first), listed === '' ? '' : `${listed}.`, wordsOf(rest)].filter((words) => words !== '').join(' ');
}

function wordsOf(parts: readonly Part[]): string {
  return parts
    .map((part) => (typeof part === 'string' ? escape(part) : elementWords(part)))
    .join('')
    .trim();
}

function elementWords(part: RichTextElement): string {
  if (part.type === 'text') return escape(part.text);
  if (part.type === 'date') return `<!date^${part.timestamp}^${part.format}|${part.fallback ?? ''}>`;
  return '';
}

export interface More<T> {
  /** Characters for all of them. */
  readonly max: number;
  /** That are not even in the list. */
  readonly unlisted: number;
  readonly draw: (one: T) => readonly Part[];
}

const MOST_ITEMS = 20;

/** As many as fit, the others counted. None if there is nothing to list. */
export function moreOf<T>(title: string, all: readonly T[], { max, unlisted, draw }: More<T>): DigestPart[] {
  if (all.length === 0) return [];
  const { shown } = firstWithin(all.slice(0, MOST_ITEMS).map(draw), max, lengthOf);
  const left = all.length - shown.length + unlisted;
  return [
    {
      line: [bold(`${title}:`)],
      items: shown,
      rest: left === 0 ? undefined : [`And ${numberInWords(left)} more.`],
    },
  ];
}

/** A moment, without its date if it is in the day that the digest is about. */
export function momentOf(at: number, { from, to }: Pick<Digest, 'from' | 'to'>): Part {
  return when(at, at >= from && at < to ? '{time}' : TIME_FORMAT);
}
