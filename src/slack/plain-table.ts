import type { DataTableBlock, KnownBlock, RichTextBlock, RichTextElement, TableBlock } from '@slack/types';
import { section } from './blocks.ts';
import { escape } from './escape.ts';

type Cell = (DataTableBlock | TableBlock)['rows'][number][number];

const SECTION_MAX = 2800;
/** Over all sections: a message holds about 13,000 characters. */
const MOST = 9_000;

/** A table as lines of text, one for each row but the heading, with its moments in the reader’s own time. */
export function plainTable({ rows }: DataTableBlock | TableBlock): KnownBlock[] {
  const sections: string[] = [];
  let length = 0;
  for (const [index, row] of rows.slice(1).entries()) {
    const text = lineOf(row);
    if (length + text.length > MOST) {
      sections.push(`… and ${rows.length - 1 - index} more.`);
      break;
    }
    length += text.length;
    const last = sections.at(-1);
    if (last !== undefined && last.length + text.length < SECTION_MAX)
      sections[sections.length - 1] = `${last}\n${text}`;
    else sections.push(text);
  }
  return sections.map(section);
}

/** A row too long for a section keeps its beginning; half an entity or a time at its end would be refused by nobody. */
function lineOf(row: readonly Cell[]): string {
  return row.map(textOf).join(' · ').slice(0, SECTION_MAX);
}

function textOf(cell: Cell): string {
  if (cell.type === 'rich_text') return cell.elements.flatMap(partsOf).map(partText).join('');
  return escape(cell.text);
}

function partsOf(element: RichTextBlock['elements'][number]): RichTextElement[] {
  return element.type === 'rich_text_list' ? element.elements.flatMap((item) => item.elements) : element.elements;
}

function partText(part: RichTextElement): string {
  if (part.type === 'text') return escape(part.text);
  if (part.type === 'date') return `<!date^${part.timestamp}^${part.format}|${part.fallback ?? ''}>`;
  if (part.type === 'user') return `<@${part.user_id}>`;
  if (part.type === 'link') return escape(part.text ?? part.url);
  return '';
}
