import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { EmailAddress } from '../../core/person.ts';
import { checkSerial, type Platform } from '../../core/serial.ts';

/** One person of a list, and their device if the list is to name it. */
export interface ListLine {
  /** From 1, as the person who typed it counts. */
  readonly line: number;
  readonly email: string;
  readonly serial?: string;
  readonly platform?: Platform;
}

/** `problems`: a sentence for each line that can't be read; the others are in `lines` nevertheless. */
export interface ReadList {
  readonly lines: readonly ListLine[];
  readonly problems: readonly string[];
}

const Row = z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) });
type Row = z.infer<typeof Row>;

type Column = 'email' | 'serial' | 'platform';

/** By their headings, without spaces, dashes and capitals. */
const HEADINGS: Readonly<Record<string, Column>> = {
  email: 'email',
  mail: 'email',
  emailaddress: 'email',
  address: 'email',
  serial: 'serial',
  serialnumber: 'serial',
  serialno: 'serial',
  platform: 'platform',
  os: 'platform',
  operatingsystem: 'platform',
};
const WITHOUT_HEADINGS: readonly Column[] = ['email', 'serial', 'platform'];

const PLATFORMS: Readonly<Record<string, Platform>> = {
  macos: 'macos',
  mac: 'macos',
  osx: 'macos',
  windows: 'windows',
  win: 'windows',
  linux: 'linux',
  ubuntu: 'linux',
};

/**
 * A pasted list or the text of a CSV file: comma, semicolon or tab between the columns, with a line of headings in any
 * order or without one. Other columns, and without `withSerials` all but the address, are left alone.
 */
export function readList(text: string, { withSerials }: { readonly withSerials: boolean }): ReadList {
  const rows = readRows(text.replaceAll(/\r\n?/g, '\n'));
  if ('problem' in rows) return { lines: [], problems: [rows.problem] };
  const [first, ...rest] = rows;
  const headings = first?.record.map((cell) => HEADINGS[bare(cell)]) ?? [];
  const hasHeadings = headings.some((heading) => heading !== undefined);
  if (hasHeadings && !headings.includes('email')) {
    return { lines: [], problems: ['The line of headings names no column “email”.'] };
  }
  const columns = hasHeadings ? headings : WITHOUT_HEADINGS;
  const read = (hasHeadings ? rest : rows).map((row) => readRow(row, columns, withSerials));
  return {
    lines: read.flatMap((one) => (typeof one === 'string' ? [] : [one])),
    problems: read.filter((one) => typeof one === 'string'),
  };
}

function readRows(text: string): Row[] | { readonly problem: string } {
  try {
    const rows = parse(text, {
      delimiter: [',', ';', '\t'],
      bom: true,
      trim: true,
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
    });
    return z.array(Row).parse(rows);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = error.code === 'CSV_QUOTE_NOT_CLOSED' ? undefined : z.number().safeParse(error['lines']).data;
    return {
      problem: `${line === undefined ? 'The list can’t be read' : `Line ${line}`}: a quotation mark (") has no partner. Take it out.`,
    };
  }
}

/** A sentence if something is wrong with the line. */
function readRow(
  { record, info }: Row,
  columns: readonly (Column | undefined)[],
  withSerials: boolean,
): ListLine | string {
  const cell = (column: Column): string => record[columns.indexOf(column)] ?? '';
  const wrong = (says: string): string => `Line ${info.lines}: ${says}`;

  const typed = cell('email');
  const email = EmailAddress.safeParse(/<([^<>\s]+)>$/.exec(typed)?.[1] ?? typed);
  if (typed === '') return wrong('the e-mail address is missing.');
  if (!email.success) return wrong(`“${short(typed)}” is not an e-mail address.`);
  const person = { line: info.lines, email: email.data };
  if (!withSerials) return person;

  const system = cell('platform');
  const platform = PLATFORMS[bare(system)];
  if (system !== '' && platform === undefined) {
    return wrong(`“${short(system)}” is not an operating system that I know. Write macos, windows or linux.`);
  }
  const known = { ...person, ...(platform === undefined ? {} : { platform }) };
  if (cell('serial') === '') return known;
  const serial = checkSerial(cell('serial'), platform);
  return 'ok' in serial ? { ...known, serial: serial.ok } : wrong(serial.problem);
}

const TOLD = 5;

/** The first few, and how many there are beside them. Undefined: nothing is wrong. */
export function tellProblems(
  problems: readonly string[],
  { withSerials }: { readonly withSerials: boolean },
): string | undefined {
  if (problems.length === 0) return undefined;
  const rest = problems.length - TOLD;
  const more = rest > 0 ? [`And ${rest} more ${rest === 1 ? 'line' : 'lines'}.`] : [];
  const form = withSerials ? 'ana@organisation.org, C02XK0AZJG5J, macos' : 'ana@organisation.org';
  return [...problems.slice(0, TOLD), ...more, `The valid form of a line is: ${form}`].join(' ');
}

function bare(cell: string): string {
  return cell.toLowerCase().replaceAll(/[\s_.-]/g, '');
}

function short(cell: string): string {
  return cell.length > 40 ? `${cell.slice(0, 39)}…` : cell;
}
