import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { AuditEntry } from '../core/audit.ts';
import { UserError } from '../core/errors.ts';
import { EmailAddress } from '../core/person.ts';
import type { AuditLog } from '../core/verify-audit-log.ts';
import type { Run } from './cli-command.ts';
import { printLines } from './print-lines.ts';

const DAY = 24 * 60 * 60 * 1000;

interface Filter {
  /** Epoch milliseconds, the first that counts. */
  readonly since: number;
  /** Epoch milliseconds, the first that counts no more. */
  readonly until: number;
  readonly request: string | undefined;
  readonly person: string | undefined;
}

/** `audit export`: the entries just as they are stored, one a line. */
export function readExport(words: string[]): Run {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args: words, options: { since: text, until: text, request: text, person: text } });
  const filter: Filter = {
    since: values.since === undefined ? -Infinity : readMoment('--since', values.since).first,
    until: values.until === undefined ? Infinity : readMoment('--until', values.until).end,
    request: values.request === undefined ? undefined : readRequest(values.request),
    person: values.person === undefined ? undefined : readPerson(values.person),
  };
  if (filter.since >= filter.until)
    throw new UserError('--since is later than --until, so no entry is between them.', { code: 'bad-range' });
  return async (log, { out }) => {
    await printLines(linesOf(log, filter), out);
    return 0;
  };
}

async function* linesOf(log: AuditLog, filter: Filter): AsyncGenerator<string> {
  for await (const entry of log.auditEntries()) if (matches(entry, filter)) yield `${JSON.stringify(entry)}\n`;
}

/** Every entry is looked at: the clocks of several machines differ, so later entries can have earlier times. */
function matches({ at, requestId, people }: AuditEntry, { since, until, request, person }: Filter): boolean {
  if (at < since || at >= until) return false;
  if (request !== undefined && requestId !== request) return false;
  return person === undefined || people.some((address) => address.toLowerCase() === person);
}

/** A day is all of it; a moment is that millisecond. `end` is the first millisecond behind it. */
function readMoment(option: string, text: string): { readonly first: number; readonly end: number } {
  const first = Date.parse(text);
  if (z.iso.date().safeParse(text).success) return { first, end: first + DAY };
  if (z.iso.datetime({ offset: true }).safeParse(text).success) return { first, end: first + 1 };
  throw new UserError(
    `${option} “${text}” is not a date. The valid form is 2026-11-01, a whole day in UTC, or 2026-11-01T08:00:00Z.`,
    { code: 'bad-date' },
  );
}

function readRequest(text: string): string {
  const id = text.toUpperCase();
  if (/^REQ-\d{4,}$/.test(id)) return id;
  throw new UserError(`--request “${text}” is not the number of a request. The valid form is REQ-0142.`, {
    code: 'bad-request-id',
  });
}

function readPerson(text: string): string {
  const address = EmailAddress.safeParse(text);
  if (address.success) return address.data.toLowerCase();
  throw new UserError(`--person “${text}” is not an e-mail address. The valid form is name@organisation.org.`, {
    code: 'bad-person',
  });
}
