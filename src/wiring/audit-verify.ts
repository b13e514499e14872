import { parseArgs } from 'node:util';
import type { AuditEntry, ChainHead } from '../core/audit.ts';
import { capital } from '../core/capital.ts';
import { UserError } from '../core/errors.ts';
import { type LogVerdict, verifyAuditLog, type VerifyOptions } from '../core/verify-audit-log.ts';
import type { Run } from './cli-command.ts';
import { printLines } from './print-lines.ts';

/** `audit verify`: one line that says whether the chain is whole, or where it is not. */
export function readVerify(words: string[]): Run {
  const { values } = parseArgs({ args: words, options: { from: { type: 'string' }, head: { type: 'string' } } });
  const options: VerifyOptions = {
    from: values.from === undefined ? 1 : readFrom(values.from),
    anchor: values.head === undefined ? undefined : readAnchor(values.head),
  };
  return async (log, { out }) => {
    const verdict = await verifyAuditLog(log, options);
    if (verdict.ok && verdict.last === undefined)
      throw new UserError(
        'There is nothing to check: no audit entry is stored. Nobody has asked for anything yet, or REDIS_URL or REDIS_PREFIX names another place, or everything was deleted.',
        { code: 'no-audit-log' },
      );
    await printLines([`${describeVerdict(verdict, options)}\n`], out);
    return verdict.ok ? 0 : 1;
  };
}

function readFrom(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new UserError(`--from “${text}” is not the number of an entry. The valid form is 1205.`, { code: 'bad-from' });
}

function readAnchor(text: string): ChainHead {
  const [, seq, hash] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/i.exec(text) ?? [];
  if (seq !== undefined && hash !== undefined) return { seq: Number(seq), hash: hash.toLowerCase() };
  throw new UserError(
    `--head “${text}” is not an entry. The valid form is its number, a colon and its whole hash of 64 characters: 1204:3f2a….`,
    { code: 'bad-head' },
  );
}

function describeVerdict(verdict: LogVerdict, { from = 1, anchor }: VerifyOptions): string {
  if (!verdict.ok) {
    return ['Not whole.', `${capital(verdict.why)}.`, ...describeWhole(from, verdict.seq - 1)].join(' ');
  }
  const { checked, last } = verdict;
  const entries = `${new Intl.NumberFormat('en-US').format(checked)} ${checked === 1 ? 'entry' : 'entries'}`;
  return [
    from === 1 ? `${entries}, whole.` : `${entries} from entry ${from} on, whole; those before were not checked.`,
    ...(anchor === undefined ? [] : [`Entry ${anchor.seq} is the one that was noted.`]),
    ...(last === undefined ? [] : [describeLast(last)]),
  ].join(' ');
}

function describeWhole(first: number, last: number): string[] {
  if (last < first) return [];
  return [first === last ? `Entry ${first} is whole.` : `Entries ${first} to ${last} are whole.`];
}

function describeLast({ seq, at, hash }: AuditEntry): string {
  const time = new Date(at);
  const when = Number.isNaN(time.getTime()) ? 'at no possible time' : time.toISOString();
  return `Last: entry ${seq}, ${when}, hash ${hash}`;
}
