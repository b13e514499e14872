import { dayOf } from '../core/day.ts';
import { LOG_TITLES, type LogKind, type LogRows } from '../core/log-row.ts';
import { plainSection } from '../slack/blocks.ts';
import { escapeToFit } from '../slack/escape.ts';
import { accessLine, csvHeadings, jsonLine, networkLine, type SentFile } from '../slack/log-file.ts';
import { UserError } from '../core/errors.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { readAccount } from './log-account.ts';
import { isWanted, type LogView } from './log-pages.ts';
import { openLog } from './log-source.ts';
import { filtersOf, noteLook, viewOf } from './logs-table.ts';

export type FileFormat = 'csv' | 'ndjson';

const MOST_ROWS = 50_000;
/** Longer than for a page: all devices are read, and nobody waits at a form. */
const ACCOUNT_MS = 30_000;

/** All rows that were asked for, not the page alone, as a file in the direct messages of whoever presses. */
export async function downloadLog(desk: Desk, call: Call, format: FileFormat): Promise<void> {
  const { view, actor } = await viewOf(desk, call);
  const { lines, isCut, problems } = await readLines(desk, view, format);
  if (lines.length === 0) throw new UserError('There are no rows any more to put into a file.', { code: 'no-rows' });
  await noteLook(desk, actor, view, { says: 'took away, as a file,', facts: { format, rows: lines.length, isCut } });
  await desk.sendFile(call.userId, fileOf(desk, view, { format, lines, isCut, problems }));
  const says = `I sent you the file in a direct message: ${rowsInWords(lines.length)}${isCut ? ', cut there' : ''}.`;
  await call.reply({ text: escapeToFit(says, 500), blocks: [plainSection(says)] });
}

interface Read {
  /** One for each row, newest first. */
  readonly lines: readonly string[];
  /** There were more rows than a file takes. */
  readonly isCut: boolean;
  readonly problems: readonly string[];
}

async function readLines(desk: Desk, view: LogView, format: FileFormat): Promise<Read> {
  if (format === 'ndjson') return { ...(await collect(desk, view, view.kind, jsonLine)), problems: [] };
  const devicesOf = view.email === undefined ? 'all' : [view.email];
  const account = await readAccount(devicesOf, desk, performance.now() + ACCOUNT_MS);
  const { problems } = account;
  if (view.kind === 'access') {
    return { ...(await collect(desk, view, 'access', (row) => accessLine(account.seenAccess(row)))), problems };
  }
  return { ...(await collect(desk, view, 'network', (row) => networkLine(account.seenNetwork(row)))), problems };
}

async function collect<Kind extends LogKind>(
  desk: Desk,
  view: LogView,
  kind: Kind,
  write: (row: LogRows[Kind]) => string,
): Promise<Omit<Read, 'problems'>> {
  const source = await openLog(desk, kind);
  const lines: string[] = [];
  for await (const page of source.rows({ since: view.since, until: view.until })) {
    for (const row of page) {
      if (!isWanted(row, view)) continue;
      if (lines.length === MOST_ROWS) return { lines, isCut: true };
      lines.push(write(row));
    }
  }
  return { lines, isCut: false };
}

function fileOf(
  { settings, clock }: Pick<Desk, 'settings' | 'clock'>,
  view: LogView,
  { format, lines, isCut, problems }: Read & { readonly format: FileFormat },
): SentFile {
  const from = dayOf(view.since, settings.timeZone);
  const to = dayOf(clock.now(), settings.timeZone);
  const says = [
    `${LOG_TITLES[view.kind]} from ${from} to ${to}. ${filtersOf(view).join(', ')}: ${rowsInWords(lines.length)}, newest first.`,
    ...(isCut
      ? [`There are more: a file takes ${MOST_ROWS.toLocaleString('en')} rows. Ask for a shorter time to get the rest.`]
      : []),
    ...problems,
    'These are personal data: delete the file when you are done with it.',
  ];
  const head = format === 'csv' ? csvHeadings(view.kind) : '';
  return {
    name: `${view.kind === 'access' ? 'access' : 'gateway'}-log-${from}-to-${to}.${format}`,
    title: `${LOG_TITLES[view.kind]}, ${from} to ${to}`,
    content: `${head}${lines.join('')}`,
    says: escapeToFit(says.join(' '), 2000),
  };
}

function rowsInWords(count: number): string {
  return count === 1 ? '1 row' : `${count.toLocaleString('en')} rows`;
}
