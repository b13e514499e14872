import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { type AuditEntry, type AuditFacts, chain, CHAIN_START, type ChainHead } from '../../src/core/audit.ts';
import { PermanentError } from '../../src/core/errors.ts';
import { verifyAuditLog } from '../../src/core/verify-audit-log.ts';
import { ASKED_AT, BEN } from '../builders/a-request.ts';

function anEntry(number: number): AuditFacts {
  return { kind: 'request.asked', at: ASKED_AT, actor: BEN, people: [], says: `Sentence ${number}.`, facts: {} };
}

/** A log that grows by `perPage` entries with each reading, up to `length`. */
function aGrowingLog({ length, perPage = length }: { length: number; perPage?: number }) {
  const entries: AuditEntry[] = [];
  const head = (): ChainHead => entries.at(-1) ?? CHAIN_START;
  const grow = () => {
    const goal = Math.min(length, entries.length + perPage);
    while (entries.length < goal) entries.push(chain(head(), anEntry(entries.length + 1)));
  };
  return {
    entries,
    async *auditEntries(from = 1) {
      const page = entries.slice(from - 1);
      grow();
      yield* page;
    },
    async auditHead() {
      return head();
    },
  };
}

describe('a check of the log', () => {
  it('includes what is stored while it is under way', async () => {
    const log = aGrowingLog({ length: 30, perPage: 7 });

    const verdict = await verifyAuditLog(log);

    expect(verdict).toEqual({ ok: true, checked: 30, last: log.entries[29] });
  });

  it('finds nothing wrong with a log in which there is nothing', async () => {
    expect(await verifyAuditLog(aGrowingLog({ length: 0 }))).toEqual({ ok: true, checked: 0, last: undefined });
  });

  it('leaves alone what is no statement about the log', async () => {
    const log = aGrowingLog({ length: 3 });
    const down = new PermanentError('Redis is not there.', { code: 'store-down' });

    await expect(verifyAuditLog({ ...log, auditHead: () => Promise.reject(down) })).rejects.toBe(down);
  });

  it('needs no more memory for a long log than for a short one', async () => {
    const short = await heapNeeded(2000);
    const long = await heapNeeded(40_000);

    // Kept, the longer one would take about 30 MB more.
    expect(long - short).toBeLessThan(5_000_000);
  });
});

/** The most bytes in use, garbage collected, while a log is checked whose entries are made one by one. */
async function heapNeeded(length: number): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  let head = CHAIN_START;
  let most = 0;
  const log = {
    async *auditEntries(from = 1) {
      for (let number = from; number <= length; number += 1) {
        const entry = chain(head, anEntry(number));
        head = { seq: entry.seq, hash: entry.hash };
        yield entry;
        if (number % 2000 > 0) continue;
        collectGarbage();
        most = Math.max(most, process.memoryUsage().heapUsed);
      }
    },
    auditHead: async () => head,
  };
  expect(await verifyAuditLog(log)).toMatchObject({ ok: true, checked: length });
  return most;
}
