import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuditEntry, type AuditFacts, chain, CHAIN_START, verifyChain } from '../../src/core/audit.ts';
import { ASKED_AT, BEN } from '../builders/a-request.ts';

function anEntry(changes: Partial<AuditFacts> = {}): AuditFacts {
  return {
    kind: 'request.asked',
    at: ASKED_AT,
    actor: BEN,
    requestId: 'REQ-0142',
    action: 'add',
    people: ['ana.souza@lanternhealth.example'],
    says: 'Ben Okafor asked.',
    facts: { steps: ['one', 'two'] },
    ...changes,
  };
}

function aChain(length: number): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (let number = 1; number <= length; number += 1) {
    entries.push(chain(entries.at(-1) ?? CHAIN_START, anEntry({ says: `Sentence ${number}.` })));
  }
  return entries;
}

describe('the chain of the audit log', () => {
  it('holds when nobody touched it, and tells its end', () => {
    const entries = aChain(4);

    expect(verifyChain(entries)).toEqual({ ok: true, head: { seq: 4, hash: entries[3]?.hash } });
    expect(verifyChain([])).toEqual({ ok: true, head: CHAIN_START });
  });

  it('does not depend on the order in which a database gives the members back', () => {
    const reversed = aChain(3).map((entry) => Object.fromEntries(Object.entries(entry).toReversed()) as AuditEntry);

    expect(verifyChain(reversed).ok).toBe(true);
  });

  it('names the first entry that was altered', () => {
    const entries = aChain(4).map((entry) => (entry.seq >= 2 ? { ...entry, says: 'Nothing happened.' } : entry));

    expect(verifyChain(entries)).toMatchInlineSnapshot(`
      {
        "ok": false,
        "seq": 2,
        "why": "entry 2 was altered",
      }
    `);
  });

  it('names the place where one was removed', () => {
    const entries = aChain(4).filter(({ seq }) => seq !== 3);

    expect(verifyChain(entries)).toMatchInlineSnapshot(`
      {
        "ok": false,
        "seq": 3,
        "why": "entry 3 is missing: entry 4 stands in its place",
      }
    `);
  });

  it('names the place where one was put in', () => {
    const entries = aChain(4);
    const forged = chain(CHAIN_START, anEntry({ says: 'Cara Lindqvist approved everything.' }));

    expect(verifyChain(entries.toSpliced(2, 0, forged))).toMatchInlineSnapshot(`
      {
        "ok": false,
        "seq": 3,
        "why": "entry 3 was put in: it says that it is entry 1",
      }
    `);
  });

  it('names both where one was put in with great care', () => {
    const entries = aChain(4);
    const forged = chain(entries[1] ?? CHAIN_START, anEntry({ says: 'Cara Lindqvist approved everything.' }));

    expect(verifyChain(entries.toSpliced(2, 0, forged))).toMatchInlineSnapshot(`
      {
        "ok": false,
        "seq": 3,
        "why": "one of two was put in: both say that they are entry 3",
      }
    `);
  });

  it('names one that was written anew with a hash of its own', () => {
    const entries = aChain(4);
    const forged = chain(entries[1] ?? CHAIN_START, anEntry({ says: 'Cara Lindqvist approved everything.' }));

    expect(verifyChain(entries.with(2, forged))).toMatchInlineSnapshot(`
      {
        "ok": false,
        "seq": 3,
        "why": "entry 3 was replaced: entry 4 continues another one",
      }
    `);
  });

  it('notices a chain that does not begin at the beginning', () => {
    const forged = chain({ seq: 0, hash: '1'.repeat(64) }, anEntry());

    expect(verifyChain([forged])).toMatchInlineSnapshot(`
      {
        "ok": false,
        "seq": 1,
        "why": "entry 1 continues another entry, and there is none before it",
      }
    `);
  });

  it('notices members that no entry has', () => {
    const entries = aChain(3).map((entry) => (entry.seq === 2 ? { ...entry, note: 'harmless' } : entry));

    expect(verifyChain(entries)).toMatchObject({ ok: false, seq: 2 });
  });

  it('finds any single meddling at its place', () => {
    const meddling = fc.record({
      length: fc.integer({ min: 2, max: 12 }),
      at: fc.nat(),
      how: fc.constantFrom('says', 'at', 'actor', 'facts', 'hash', 'prev', 'seq', 'remove', 'swap', 'repeat'),
    });
    fc.assert(
      fc.property(meddling, ({ length, at, how }) => {
        const entries = aChain(length);
        const place = at % (length - 1);
        const verdict = verifyChain(meddle(entries, place, how));
        // What was repeated is whole itself; the break is behind it.
        expect(verdict).toMatchObject({ ok: false, seq: place + (how === 'repeat' ? 2 : 1) });
      }),
      { numRuns: 300 },
    );
  });
});

function meddle(entries: readonly AuditEntry[], place: number, how: string): AuditEntry[] {
  const [entry, next] = entries.slice(place);
  if (entry === undefined || next === undefined) throw new Error('Meddles with one that has a next one.');
  switch (how) {
    case 'remove':
      return entries.toSpliced(place, 1);
    case 'swap':
      return entries.with(place, next).with(place + 1, entry);
    case 'repeat':
      return entries.toSpliced(place, 0, entry);
    case 'says':
      return entries.with(place, { ...entry, says: `${entry.says} ` });
    case 'at':
      return entries.with(place, { ...entry, at: entry.at + 1 });
    case 'actor':
      return entries.with(place, { ...entry, actor: { ...entry.actor, slackId: 'U05CARA0001' } });
    case 'facts':
      return entries.with(place, { ...entry, facts: { steps: ['two', 'one'] } });
    case 'hash':
      return entries.with(place, { ...entry, hash: next.hash });
    case 'prev':
      return entries.with(place, { ...entry, prev: next.prev });
    case 'seq':
      return entries.with(place, { ...entry, seq: entry.seq + 1 });
    default:
      throw new Error(`Nobody meddles like that: ${how}`);
  }
}
