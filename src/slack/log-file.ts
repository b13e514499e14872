import type { AccessRow, LogKind, LogRows, NetworkRow } from '../core/log-row.ts';
import type { SeenAccess, SeenNetwork } from './log-rows.ts';

/** A file for one person. */
export interface SentFile {
  /** With its ending. */
  readonly name: string;
  readonly title: string;
  readonly content: string;
  /** What is said beside it. */
  readonly says: string;
}

type Cell = string | number | boolean | undefined;

/** One line of a table, with its end. What a spreadsheet would take for a formula is made text by an apostrophe. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: Cell): string {
  if (typeof cell !== 'string') return cell === undefined ? '' : String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Also behind blanks, and in the wide forms that some spreadsheets read alike. */
const FORMULA = /^[\s\p{Cc}]*[=+\-@＝＋－＠]|^[\t\r\n]/u;

const ACCESS_HEADINGS = [
  'time_utc',
  'person',
  'allowed',
  'reason',
  'reason_basis',
  'ip',
  'country',
  'method',
  'application',
  'device',
  'serial_number',
  'warp',
  'policy_id',
  'ray_id',
];

const NETWORK_HEADINGS = [
  'time_utc',
  'person',
  'destination',
  'port',
  'transport',
  'action',
  'sessions',
  'bytes_sent',
  'bytes_received',
  'device',
  'serial_number',
];

export function csvHeadings(kind: LogKind): string {
  return csvLine(kind === 'access' ? ACCESS_HEADINGS : NETWORK_HEADINGS);
}

export function accessLine({ row, device, reason }: SeenAccess): string {
  return csvLine([
    stamp(row),
    row.email,
    row.allowed,
    reason?.reason,
    reason?.basis,
    row.ip,
    row.country,
    row.method,
    row.app,
    device?.name ?? row.deviceId,
    device?.serial,
    row.withWarp,
    row.policyId,
    row.id,
  ]);
}

export function networkLine({ row, device }: SeenNetwork): string {
  return csvLine([
    stamp(row),
    row.email,
    row.destination,
    row.port,
    row.transport,
    row.action,
    row.sessions,
    row.sent,
    row.received,
    device?.name ?? row.device,
    device?.serial,
  ]);
}

/** One row as it is kept, as one line of JSON, with its end. */
export function jsonLine(row: LogRows[LogKind]): string {
  return `${JSON.stringify(row)}\n`;
}

function stamp({ at }: AccessRow | NetworkRow): string {
  return new Date(at).toISOString();
}
