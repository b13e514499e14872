import type { Button, DataTableBlock, KnownBlock } from '@slack/types';
import { LOG_TITLES, type LogKind } from '../core/log-row.ts';
import { button, buttons, header, note } from './blocks.ts';
import { escape, escapeToFit } from './escape.ts';
import { fit } from './fit.ts';
import { ids } from './ids.ts';
import { ACCESS_COLUMNS, lineOf, NETWORK_COLUMNS, type ShownRow } from './log-rows.ts';
import type { Message } from './message.ts';
import { bold, line, rich, when, type Part } from './rich.ts';
import { time } from './time.ts';

/** Of one kind of log, a page of rows as somebody asked for them. */
export interface LogsPage {
  readonly kind: LogKind;
  /** What was asked for beside the time, in words: `Everybody` or `ana@…`, `only those turned away`. */
  readonly filters: readonly string[];
  /** Epoch milliseconds. */
  readonly since: number;
  /** Up to when the log is known. Undefined: it was read just now, or could not be. */
  readonly asOf: number | undefined;
  /** Newest first. */
  readonly rows: readonly ShownRow[];
  /** From 1. */
  readonly number: number;
  /** The key that the buttons carry. */
  readonly key: string;
  readonly hasOlder: boolean;
  /** What is missing or to be known, in sentences. */
  readonly notes: readonly NoteLine[];
  /** False: there is nothing to put into a file. */
  readonly canDownload: boolean;
}

/** A sentence, with moments in it in the reader’s own time. */
export type NoteLine = readonly (string | { readonly at: number })[];

const COLUMNS: Readonly<Record<LogKind, readonly string[]>> = { access: ACCESS_COLUMNS, network: NETWORK_COLUMNS };
const TEXT_MAX = 3900;
const LINE_MAX = 210;
const MOST_NOTES = 6;
const NOTE_MAX = 400;

/** A page of a log, to one person. */
export function logsMessage(page: LogsPage): Message {
  const { kind, rows, notes } = page;
  return {
    text: textOf(page),
    blocks: [
      header(LOG_TITLES[kind]),
      rich(line(...introOf(page))),
      ...(rows.length === 0 ? [rich(line(bold(NONE)))] : [tableOf(page)]),
      ...notes.slice(0, MOST_NOTES).map((one) => rich(line(bold('Note:'), ' ', ...partsOf(one)))),
      ...(rows.some(({ hasReason }) => hasReason) ? [note(ABOUT_REASONS)] : []),
      ...buttonBlocks(page),
    ],
  };
}

const NONE = 'Nothing in the log matches.';

const ABOUT_REASONS =
  'Cloudflare’s log gives no reasons. These follow from the policies, lists and devices as they are now; “(likely)” means: not for certain.';

function introOf({ since, asOf, filters, number, rows, hasOlder }: LogsPage): Part[] {
  return [
    `${fit(filters.join(', '), 300)}, since `,
    when(since),
    ', as of ',
    ...(asOf === undefined ? ['now'] : [when(asOf)]),
    '.',
    ...(number > 1 || (hasOlder && rows.length > 0) ? [` Page ${number}.`] : []),
  ];
}

function tableOf({ kind, rows }: LogsPage): DataTableBlock {
  return {
    type: 'data_table',
    caption: `${LOG_TITLES[kind]}, newest first`,
    page_size: Math.max(1, rows.length),
    row_header_column_index: 0,
    rows: [
      COLUMNS[kind].map((text) => ({ type: 'raw_text' as const, text })),
      ...rows.map(({ cells }) => cells.map((parts) => rich(line(...parts)))),
    ],
  };
}

function partsOf(sentence: NoteLine): Part[] {
  return sentence.map((part) => (typeof part === 'string' ? part.slice(0, NOTE_MAX) : when(part.at)));
}

function buttonBlocks({ number, hasOlder, key, canDownload }: LogsPage): KnownBlock[] {
  const shown: Button[] = [
    ...(number > 1 ? [button('Newer', ids.logsNewer, key, { accessibility_label: 'Newer rows' })] : []),
    ...(hasOlder ? [button('Older', ids.logsOlder, key, { accessibility_label: 'Older rows' })] : []),
    ...(canDownload
      ? [
          button('Download CSV', ids.logsCsv, key, {
            accessibility_label: 'Download CSV: all rows, as a table in a file',
          }),
          button('Download NDJSON', ids.logsNdjson, key, {
            accessibility_label: 'Download NDJSON: all rows, raw, in a file',
          }),
        ]
      : []),
  ];
  return shown.length === 0 ? [] : [buttons(...shown)];
}

/** All of it in words, as far as it goes: for a phone’s notification, for a screen reader and where blocks are refused. */
function textOf({ kind, filters, since, asOf, rows, notes }: LogsPage): string {
  const head = `${LOG_TITLES[kind]}: ${escapeToFit(filters.join(', '), 300)}, since ${time(since)}, as of ${asOf === undefined ? 'now' : time(asOf)}:`;
  const lines = [
    head,
    ...(rows.length === 0 ? [NONE] : rows.map((row) => lineOf(row, LINE_MAX))),
    ...notes.slice(0, MOST_NOTES).map(noteText),
  ];
  let text = '';
  for (const one of lines) {
    if (text.length + one.length + 1 > TEXT_MAX) break;
    text += `${text === '' ? '' : '\n'}${one}`;
  }
  return text;
}

function noteText(sentence: NoteLine): string {
  return sentence.map((part) => (typeof part === 'string' ? escape(part.slice(0, NOTE_MAX)) : time(part.at))).join('');
}
