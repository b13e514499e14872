import { type AuditEntry, CHAIN_START, type ChainFault, type ChainHead, faultIn } from './audit.ts';
import { PermanentError, UserError } from './errors.ts';
import type { Store } from './ports.ts';

export interface VerifyOptions {
  /** The first entry to check; the one before it is taken for given. */
  readonly from?: number;
  /** An entry as somebody wrote it down elsewhere. */
  readonly anchor?: ChainHead | undefined;
}

export type LogVerdict =
  /** `checked`: how many entries. `last`: undefined where there is no entry at all. */
  { readonly ok: true; readonly checked: number; readonly last: AuditEntry | undefined } | ChainFault;

export type AuditLog = Pick<Store, 'auditEntries' | 'auditHead'>;

/** Where the check has come to. */
interface Progress {
  head: ChainHead;
  last: AuditEntry | undefined;
}

/**
 * Checks the stored log in memory that does not grow with it, also while entries are added: the chain, its stored end,
 * and the anchor. A log of which nothing is stored is whole.
 *
 * @throws UserError if `from` is behind the end or the anchor before `from`; like the store.
 */
export async function verifyAuditLog(log: AuditLog, { from = 1, anchor }: VerifyOptions = {}): Promise<LogVerdict> {
  const first = Math.max(1, from - 1);
  if (anchor !== undefined && anchor.seq < first)
    throw new UserError(
      `Entry ${anchor.seq} is not looked at in a check from entry ${from} on. Check from entry ${anchor.seq + 1} or earlier.`,
      {
        code: 'anchor-before-from',
      },
    );
  const at: Progress = { head: { ...CHAIN_START, seq: first - 1 }, last: undefined };
  try {
    return (await readToEnd(log, at, anchor)) ?? faultOfAnchor(at, anchor) ?? whole(at, from);
  } catch (error) {
    const why = error instanceof PermanentError ? UNREADABLE[error.code] : undefined;
    if (why === undefined) throw error;
    const seq = at.head.seq + 1;
    return { ok: false, seq, why: why(seq) };
  }
}

/** By the code of the error of the store. */
const UNREADABLE: Readonly<Record<string, (seq: number) => string>> = {
  'audit-unreadable': (seq) => `what stands in the place of entry ${seq} can't be read: it was altered or put in`,
  'audit-head-unreadable': () => "the stored head can't be read: it was changed",
};

/** Follows the chain until it has come to the stored head. */
async function readToEnd(log: AuditLog, at: Progress, anchor: ChainHead | undefined): Promise<ChainFault | undefined> {
  for (let promised = 0; ;) {
    const fault = await readOn(log, at, anchor);
    if (fault !== undefined) return fault;
    const stored = await log.auditHead();
    // What is missing may have been stored after the reading; the next reading has to find it.
    const isPerhapsNew = stored.seq > at.head.seq && at.head.seq >= promised;
    if (!isPerhapsNew) return faultAtEnd(at, stored);
    promised = stored.seq;
  }
}

/** Follows the chain from where the check has come to up to its present end. */
async function readOn(log: AuditLog, at: Progress, anchor: ChainHead | undefined): Promise<ChainFault | undefined> {
  for await (const entry of log.auditEntries(at.head.seq + 1)) {
    const isGiven = at.last === undefined && at.head.seq > 0;
    const fault = faultIn(entry, isGiven ? { seq: at.head.seq, hash: entry.prev } : at.head);
    if (fault !== undefined) return fault;
    if (entry.seq === anchor?.seq && entry.hash !== anchor.hash)
      return {
        ok: false,
        seq: 1,
        why: `entry ${entry.seq} has another hash than was noted elsewhere: it, or an entry before it, was replaced`,
      };
    at.head = { seq: entry.seq, hash: entry.hash };
    at.last = entry;
  }
  return undefined;
}

function faultAtEnd({ head: { seq, hash }, last }: Progress, stored: ChainHead): ChainFault | undefined {
  // A check that began behind the end has read nothing.
  if (last === undefined && stored.seq < seq) return undefined;
  const orHead = 'or the stored head was changed';
  if (stored.seq > seq)
    return {
      ok: false,
      seq: seq + 1,
      why: `${range(seq + 1, stored.seq)} missing at the end: cut off, ${orHead}`,
    };
  if (stored.seq === 0 && seq > 0)
    return { ok: false, seq: 1, why: `there are entries up to ${seq}, but the stored head is gone` };
  if (stored.seq < seq)
    return {
      ok: false,
      seq: stored.seq + 1,
      why: `the log goes on past entry ${stored.seq}, which is its last one by the stored head: entries were put in at the end, ${orHead}`,
    };
  if (stored.hash !== hash)
    return { ok: false, seq, why: `entry ${seq} is not the one of the stored head: it was replaced, ${orHead}` };
  return undefined;
}

function range(first: number, last: number): string {
  return first === last ? `entry ${first} is` : `entries ${first} to ${last} are`;
}

function faultOfAnchor({ head }: Progress, anchor: ChainHead | undefined): ChainFault | undefined {
  if (anchor === undefined || anchor.seq <= head.seq) return undefined;
  return {
    ok: false,
    seq: head.seq + 1,
    why: `entry ${anchor.seq}, which was noted elsewhere, is gone: the log ends before it`,
  };
}

function whole({ head, last }: Progress, from: number): LogVerdict {
  if (from > 1 && head.seq < from) throw new UserError(`There is no entry ${from} yet.`, { code: 'no-such-entry' });
  return { ok: true, checked: head.seq - from + 1, last };
}
