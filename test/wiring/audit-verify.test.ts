import { describe, expect, it } from 'vitest';
import { type AuditEntry, chain } from '../../src/core/audit.ts';
import { anEntry, collectAudit } from '../store/builders.ts';
import { cli, rewrite, type Stored, storeEntries, useOwnLog } from './use-own-log.ts';

const log = useOwnLog();

async function entryAt(seq: number): Promise<AuditEntry> {
  const entry = (await collectAudit(log.store))[seq - 1];
  if (entry === undefined) throw new Error(`There is no entry ${seq}.`);
  return entry;
}

function withoutHashes(line: string): string {
  return line.replace(/[0-9a-f]{64}/g, '<hash>').trimEnd();
}

async function verify(options = ''): Promise<string> {
  const { code, out, err } = await cli(`audit verify ${options}`, log.env);
  return withoutHashes(`${code}: ${out}${err}`);
}

/** The entry of this number with other words, and a hash that is right for them. */
function forge(stored: Stored, seq: number): Stored {
  const before: unknown = JSON.parse(stored[seq - 2]?.[1] ?? '');
  const { hash } = before as AuditEntry;
  const forged = chain({ seq: seq - 1, hash }, anEntry({ says: 'Cara approved everything.' }));
  return stored.toSpliced(seq - 1, 1, [`${seq}-0`, JSON.stringify(forged)]);
}

describe('audit verify', () => {
  it('says that a log is whole, and how it ends', async () => {
    await storeEntries(log, 1204);

    const { code, out, err } = await cli('audit verify', log.env);

    expect({ code, out, err }).toEqual({
      code: 0,
      out: `1,204 entries, whole. Last: entry 1204, 2030-02-16T00:00:00.000Z, hash ${(await entryAt(1204)).hash}\n`,
      err: '',
    });
  });

  it('does not say so where there is nothing', async () => {
    expect(await verify()).toMatchInlineSnapshot(
      `"2: There is nothing to check: no audit entry is stored. Nobody has asked for anything yet, or REDIS_URL or REDIS_PREFIX names another place, or everything was deleted."`,
    );
  });

  it('checks from an entry on, and says that it did not check the others', async () => {
    await storeEntries(log, 6);
    await rewrite(log, (stored) =>
      stored.map(([id, json]) => [id, id === '2-0' ? json.replace('tence', 'TENCE') : json]),
    );

    expect(await verify()).toMatchInlineSnapshot(`"1: Not whole. Entry 2 was altered. Entry 1 is whole."`);
    expect(await verify('--from 4')).toMatchInlineSnapshot(
      `"0: 3 entries from entry 4 on, whole; those before were not checked. Last: entry 6, 2026-11-06T00:00:00.000Z, hash <hash>"`,
    );
    expect(await verify('--from 3')).toMatchInlineSnapshot(`"1: Not whole. Entry 2 was altered."`);
    expect(await verify('--from 7')).toMatchInlineSnapshot(`"2: There is no entry 7 yet."`);
  });

  it('finds an entry that was altered, among thousands', async () => {
    await storeEntries(log, 3000);
    await rewrite(log, (stored) =>
      stored.map(([id, json]) => [id, json.replace('Sentence 2100.', 'Cara approved everything.')]),
    );

    expect(await verify()).toMatchInlineSnapshot(
      `"1: Not whole. Entry 2100 was altered. Entries 1 to 2099 are whole."`,
    );
  });

  it.for<[string, (stored: Stored) => Stored, string]>([
    [
      'altered, with a new hash',
      (stored) => forge(stored, 3),
      'Entry 3 was replaced: entry 4 continues another one. Entries 1 to 2 are whole.',
    ],
    [
      'the last one altered, with a new hash',
      (stored) => forge(stored, 5),
      'Entry 5 is not the one of the stored head: it was replaced, or the stored head was changed. Entries 1 to 4 are whole.',
    ],
    [
      'the first altered',
      (stored) => stored.map(([id, json]) => [id, json.replace('Sentence 1', 'Sentence 7')]),
      'Entry 1 was altered.',
    ],
    [
      'deleted',
      (stored) => stored.filter(([id]) => id !== '3-0'),
      'Entry 3 is missing: entry 4 stands in its place. Entries 1 to 2 are whole.',
    ],
    ['the first deleted', (stored) => stored.slice(1), 'Entry 1 is missing: entry 2 stands in its place.'],
    [
      'the tail cut off',
      (stored) => stored.slice(0, 3),
      'Entries 4 to 5 are missing at the end: cut off, or the stored head was changed. Entries 1 to 3 are whole.',
    ],
    [
      'the last cut off',
      (stored) => stored.slice(0, 4),
      'Entry 5 is missing at the end: cut off, or the stored head was changed. Entries 1 to 4 are whole.',
    ],
    [
      'everything deleted but the head',
      () => [],
      'Entries 1 to 5 are missing at the end: cut off, or the stored head was changed.',
    ],
    [
      'put in, a copy',
      (stored) => stored.toSpliced(3, 0, ['3-1', stored[0]?.[1] ?? '']),
      'Entry 4 was put in: it says that it is entry 1. Entries 1 to 3 are whole.',
    ],
    [
      'put in twice',
      (stored) => stored.toSpliced(3, 0, ['3-1', stored[2]?.[1] ?? '']),
      'Entry 3 was put in a second time. Entries 1 to 3 are whole.',
    ],
    [
      'put in with great care',
      (stored) => stored.toSpliced(2, 0, ['2-1', forge(stored, 3)[2]?.[1] ?? '']),
      'One of two was put in: both say that they are entry 3. Entries 1 to 2 are whole.',
    ],
    [
      'put in before the first',
      (stored) => [['0-1', stored[0]?.[1] ?? ''], ...stored],
      'Entry 1 was put in a second time. Entry 1 is whole.',
    ],
    [
      'put in, no entry at all',
      (stored) => stored.toSpliced(3, 0, ['3-1', '"Cara approved everything."']),
      "What stands in the place of entry 4 can't be read: it was altered or put in. Entries 1 to 3 are whole.",
    ],
    [
      'put in at the end',
      (stored) => forge(stored, 6),
      'The log goes on past entry 5, which is its last one by the stored head: entries were put in at the end, or the stored head was changed. Entries 1 to 5 are whole.',
    ],
    [
      'reordered',
      (stored) => stored.with(1, ['2-0', stored[2]?.[1] ?? '']).with(2, ['3-0', stored[1]?.[1] ?? '']),
      'Entry 2 is missing: entry 3 stands in its place. Entry 1 is whole.',
    ],
    [
      'no JSON any more',
      (stored) => stored.map(([id, json]) => [id, id === '3-0' ? 'gone' : json]),
      "What stands in the place of entry 3 can't be read: it was altered or put in. Entries 1 to 2 are whole.",
    ],
  ])('names what happened: %s', async ([, change, says]) => {
    await storeEntries(log, 5);
    await rewrite(log, change);

    expect(await verify()).toBe(`1: Not whole. ${says}`);
  });

  it('names an entry to which a field of the stream was added', async () => {
    await storeEntries(log, 1);
    await log.redis.call('XADD', log.keys.audit, '2-0', 'note', 'Cara approved everything.');

    expect(await verify()).toMatchInlineSnapshot(
      `"1: Not whole. What stands in the place of entry 2 can't be read: it was altered or put in. Entry 1 is whole."`,
    );
  });

  it.for([
    [
      'set back',
      ['HSET', 'seq', '3'],
      'The log goes on past entry 3, which is its last one by the stored head: entries were put in at the end, or the stored head was changed. Entries 1 to 3 are whole.',
    ],
    [
      'with another hash',
      ['HSET', 'hash', '0'.repeat(64)],
      'Entry 5 is not the one of the stored head: it was replaced, or the stored head was changed. Entries 1 to 4 are whole.',
    ],
    [
      'with a number that is none',
      ['HSET', 'seq', 'many'],
      "The stored head can't be read: it was changed. Entries 1 to 5 are whole.",
    ],
    [
      'with a hash that is none',
      ['HSET', 'hash', 'many'],
      "The stored head can't be read: it was changed. Entries 1 to 5 are whole.",
    ],
    ['without a hash', ['HDEL', 'hash'], "The stored head can't be read: it was changed. Entries 1 to 5 are whole."],
    ['of another kind', ['SET', 'many'], "The stored head can't be read: it was changed. Entries 1 to 5 are whole."],
    ['deleted', ['DEL'], 'There are entries up to 5, but the stored head is gone.'],
  ] as const)('notices a head that was changed: %s', async ([, [command, ...words], says]) => {
    await storeEntries(log, 5);
    await log.redis.call(command, log.keys.auditHead, ...words);

    expect(await verify()).toBe(`1: Not whole. ${says}`);
  });

  it('says that something else is in the place of the log', async () => {
    await storeEntries(log, 1);
    await log.redis.call('SET', log.keys.audit, 'many');

    expect(await verify()).toMatchInlineSnapshot(
      `"1: Not whole. What stands in the place of entry 1 can't be read: it was altered or put in."`,
    );
  });

  it('finds nothing when everything was written anew, unless an entry was noted elsewhere', async () => {
    await storeEntries(log, 5);
    const noted = await entryAt(4);
    expect(await verify(`--head 4:${noted.hash.toUpperCase()}`)).toMatchInlineSnapshot(
      `"0: 5 entries, whole. Entry 4 is the one that was noted. Last: entry 5, 2026-11-05T00:00:00.000Z, hash <hash>"`,
    );
    await log.redis.call('DEL', log.keys.audit, log.keys.auditHead);
    await storeEntries(log, 5, (number) => (number === 2 ? { says: 'Cara approved everything.' } : {}));

    expect(await verify()).toMatch(/^0: 5 entries, whole/);
    expect(await verify(`--head 4:${noted.hash}`)).toMatchInlineSnapshot(
      `"1: Not whole. Entry 4 has another hash than was noted elsewhere: it, or an entry before it, was replaced."`,
    );
  });

  it('notices by what was noted that the end was cut off together with the head', async () => {
    await storeEntries(log, 3);
    const noted = `9:${'ab'.repeat(32)}`;

    expect(await verify(`--head ${noted}`)).toMatchInlineSnapshot(
      `"1: Not whole. Entry 9, which was noted elsewhere, is gone: the log ends before it. Entries 1 to 3 are whole."`,
    );
    await log.redis.call('DEL', log.keys.audit, log.keys.auditHead);
    expect(await verify(`--head ${noted}`)).toMatchInlineSnapshot(
      `"1: Not whole. Entry 9, which was noted elsewhere, is gone: the log ends before it."`,
    );
  });

  it('says how what it takes is written', async () => {
    expect(await verify('--from last')).toMatchInlineSnapshot(
      `"2: --from “last” is not the number of an entry. The valid form is 1205."`,
    );
    expect(await verify('--head 4:3f2a')).toMatchInlineSnapshot(
      `"2: --head “4:3f2a” is not an entry. The valid form is its number, a colon and its whole hash of 64 characters: 1204:3f2a…."`,
    );
    expect(await verify(`--from 9 --head 4:${'ab'.repeat(32)}`)).toMatchInlineSnapshot(
      `"2: Entry 4 is not looked at in a check from entry 9 on. Check from entry 5 or earlier."`,
    );
    expect(await verify('--form 9')).toMatchInlineSnapshot(
      `"2: Unknown option '--form'. \`ocs-access --help\` shows what there is."`,
    );
    expect(await verify('--from')).toMatchInlineSnapshot(
      `"2: Option '--from <value>' argument missing. \`ocs-access --help\` shows what there is."`,
    );
  });
});
