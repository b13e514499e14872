import type { KnownBlock, RichTextBlock, RichTextElement, TaskCardBlock } from '@slack/types';
import { plainSection, section } from './blocks.ts';
import { escape } from './escape.ts';
import type { Message } from './message.ts';
import { plainTable } from './plain-table.ts';
import { saysOutcome } from './progress.ts';

/**
 * The same message out of the oldest blocks only: Slack refuses a whole message for one block type that it has not
 * rolled out to this workspace yet.
 */
export function plainly({ text, blocks }: Message): Message {
  return { text, blocks: blocks.flatMap(plainBlock) };
}

/** The last resort: the text says it all. */
export function textOnly({ text }: Message): Message {
  return { text, blocks: [] };
}

function plainBlock(block: KnownBlock): KnownBlock[] {
  if (block.type === 'rich_text') return block.elements.flatMap(plainRich);
  if (block.type === 'plan') {
    const tasks = (block.tasks ?? []).filter((task): task is TaskCardBlock => task['type'] === 'task_card');
    return [plainSection(block.title, 300), ...inBatches(tasks.map(plainTask))];
  }
  if (block.type === 'data_table' || block.type === 'table') return plainTable(block);
  return [block];
}

const SIGNS: Record<TaskCardBlock['status'], { readonly sign: string; readonly word: string }> = {
  pending: { sign: '⚪', word: 'To do: ' },
  in_progress: { sign: '⏳', word: 'In progress: ' },
  complete: { sign: '✅', word: 'Done: ' },
  error: { sign: '❌', word: '' },
};

function plainTask({ status, title, details, output }: TaskCardBlock): string {
  const { sign, word } = SIGNS[status];
  const change = details === undefined ? '' : ` (${readable(details)})`;
  const problem = output === undefined ? [] : [readable(output)];
  // Whatever ended otherwise than it began says so in its title.
  return [`${sign} ${saysOutcome(title) ? '' : word}${title}${change}`, ...problem].join('\n');
}

/** As few sections as hold all lines. */
function inBatches(texts: readonly string[]): KnownBlock[] {
  const batches: string[] = [];
  for (const text of texts) {
    const last = batches.at(-1);
    if (last !== undefined && last.length + text.length < 2500) batches[batches.length - 1] = `${last}\n${text}`;
    else batches.push(text);
  }
  return batches.map((batch) => plainSection(batch));
}

function readable(block: RichTextBlock): string {
  return block.elements.map((element) => partsOf(element).map(wordsOf).join('')).join('\n');
}

type RichElement = RichTextBlock['elements'][number];

function partsOf(element: RichElement): RichTextElement[] {
  if (element.type !== 'rich_text_list') return element.elements;
  return element.elements.flatMap((item, index) => [
    { type: 'text', text: `${index === 0 ? '' : '\n'}${element.style === 'ordered' ? `${index + 1}.` : '•'} ` },
    ...item.elements,
  ]);
}

/** What holds mentions and times needs mrkdwn; everything else stays uninterpreted. */
function plainRich(element: RichElement): KnownBlock[] {
  const parts = partsOf(element);
  if (parts.length === 0) return [];
  const isLive = parts.some(({ type }) => type === 'user' || type === 'date' || type === 'link');
  const words = parts.map(wordsOf).join('');
  if (!isLive) return [plainSection(element.type === 'rich_text_quote' ? `“${words}”` : words)];
  return [section(parts.map(mrkdwnOf).join('').trim().slice(0, 2900))];
}

function wordsOf(part: RichTextElement): string {
  if (part.type === 'text') return part.text;
  if (part.type === 'link') return part.text ?? part.url;
  if (part.type === 'date') return part.fallback ?? '';
  return '';
}

function mrkdwnOf(part: RichTextElement): string {
  if (part.type === 'user') return `<@${part.user_id}>`;
  if (part.type === 'link') return `<${part.url}>`;
  if (part.type === 'date') return `<!date^${part.timestamp}^${part.format}|${part.fallback ?? ''}>`;
  return escape(wordsOf(part));
}
