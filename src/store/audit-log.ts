import { z } from 'zod';
import { AuditEntry, CHAIN_START, type ChainHead } from '../core/audit.ts';
import { PermanentError } from '../core/errors.ts';
import type { Store } from '../core/ports.ts';
import type { Keys } from './keys.ts';
import { readHead } from './audit-head.ts';
import { isOtherKind, type RedisCall } from './redis-call.ts';

const PAGE = 500;
/** Mostly somebody wants to see the newest few. */
const PAGE_BACK = 100;

const Page = z.array(z.tuple([z.string(), z.array(z.string())]));
const Head = z.tuple([z.string().nullable(), z.string().nullable()]);

/** Reads the audit log, a stream in Redis whose entries are found by their number. */
export function createAuditReader(
  call: RedisCall,
  keys: Keys,
): Pick<Store, 'auditEntries' | 'auditEntriesBack' | 'auditHead'> {
  /** Whoever can write to Redis can put something of another kind there. */
  async function read([command, ...args]: Parameters<RedisCall>, altered: () => PermanentError): Promise<unknown> {
    return call(command, ...args).catch((error: unknown) => {
      throw isOtherKind(error) ? altered() : error;
    });
  }

  return {
    async *auditEntries(from = 1) {
      // From the very beginning, so that nothing hides before the first entry.
      let next = from <= 1 ? '-' : `${from}-0`;
      for (;;) {
        const page = Page.parse(await read(['XRANGE', keys.audit, next, '+', 'COUNT', PAGE], noLog));
        for (const [id, fields] of page) yield readEntry(id, fields);
        const last = page.at(-1);
        if (last === undefined || page.length < PAGE) return;
        next = after(last[0]);
      }
    },

    async *auditEntriesBack(from) {
      let next = from === undefined ? '+' : String(from);
      for (let size = PAGE_BACK; ; size = PAGE) {
        const page = Page.parse(await read(['XREVRANGE', keys.audit, next, '-', 'COUNT', size], noLog));
        for (const [id, fields] of page) yield readEntry(id, fields);
        const last = page.at(-1);
        if (last === undefined || page.length < size) return;
        next = before(last[0]);
      }
    },

    async auditHead(): Promise<ChainHead> {
      const fields = Head.parse(await read(['HMGET', keys.auditHead, 'seq', 'hash'], headUnreadable));
      const head = fields.every((field) => field === null) ? CHAIN_START : readHead(fields);
      if (head === undefined) throw headUnreadable();
      return head;
    },
  };
}

/** The smallest id behind this one. Redis before 6.2 has no way to say “from here on, but without this one”. */
function after(id: string): string {
  const [number = '0', rest = '0'] = id.split('-');
  return `${number}-${BigInt(rest) + 1n}`;
}

/** The greatest id in front of this one. A number alone stands for the last one that has it. */
function before(id: string): string {
  const [number = '0', rest = '0'] = id.split('-');
  return rest === '0' ? String(Math.max(0, Number(number) - 1)) : `${number}-${BigInt(rest) - 1n}`;
}

/** The entry just as it is stored, members that no entry has included: leaving them out would hide them from the check. */
function readEntry(id: string, fields: readonly string[]): AuditEntry {
  const [name, json = '', ...rest] = fields;
  const entry = name === 'entry' && rest.length === 0 ? parseJson(json) : undefined;
  if (isAuditEntry(entry)) return entry;
  throw unreadable(`Entry ${id.split('-')[0]} of the audit log`, 'audit-unreadable');
}

function noLog(): PermanentError {
  return unreadable('The audit log', 'audit-unreadable');
}

function headUnreadable(): PermanentError {
  return unreadable('The stored head of the audit log', 'audit-head-unreadable');
}

function unreadable(what: string, code: string): PermanentError {
  return new PermanentError(`${what} can't be read: it was altered in Redis.`, { code });
}

function isAuditEntry(value: unknown): value is AuditEntry {
  return AuditEntry.safeParse(value).success;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
