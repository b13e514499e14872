import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { type AuditEntry, verifyChain } from '../../src/core/audit.ts';
import { runCli } from '../../src/wiring/run-cli.ts';
import { collectAudit } from '../store/builders.ts';
import { cli, FIRST_AT, rewrite, storeEntries, useOwnLog } from './use-own-log.ts';

const log = useOwnLog();

async function exported(options = ''): Promise<AuditEntry[]> {
  const { code, out, err } = await cli(`audit export ${options}`, log.env);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditEntry);
}

const seqs = async (options: string) => (await exported(options)).map(({ seq }) => seq);

const said = async (options: string) => {
  const { code, out, err } = await cli(`audit export ${options}`, log.env);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  return err.trimEnd();
};

describe('audit export', () => {
  it('gives every entry just as it is stored, in order, so that the chain can be checked elsewhere', async () => {
    await storeEntries(log, 1700, (number) => ({
      says: `Line\nbreak “${number}” 🙂`,
      facts: { b: [1.5, null], a: {} },
    }));

    const entries = await exported();

    expect(entries).toEqual(await collectAudit(log.store));
    expect(verifyChain(entries)).toEqual({ ok: true, head: await log.store.auditHead() });
  });

  it('takes whole days in UTC, both included', async () => {
    await storeEntries(log, 5, (number) => ({ at: FIRST_AT + number * 12 * 60 * 60 * 1000 }));

    expect(await seqs('--since 2026-11-02')).toEqual([2, 3, 4, 5]);
    expect(await seqs('--until 2026-11-02')).toEqual([1, 2, 3]);
    expect(await seqs('--since 2026-11-02 --until 2026-11-02')).toEqual([2, 3]);
    expect(await seqs('--since 2026-12-01')).toEqual([]);
  });

  it('takes moments of any time zone, both included', async () => {
    await storeEntries(log, 3);

    expect(await seqs('--since 2026-11-02T02:00:00+02:00 --until 2026-11-02T00:00:00Z')).toEqual([2]);
    expect(await seqs('--since 2026-11-02T02:00:01+02:00')).toEqual([3]);
  });

  it('finds earlier times behind later ones, as clocks of several machines leave them', async () => {
    const times = ['2026-11-01T10:00:00Z', '2026-11-03T10:00:00Z', '2026-11-01T10:00:01Z'].map(Date.parse);
    await storeEntries(log, 3, (number) => ({ at: times[number - 1] ?? 0 }));

    expect(await seqs('--until 2026-11-02')).toEqual([1, 3]);
  });

  it('takes a request, a person, or both', async () => {
    const people = [['ana@lantern.example'], ['ben@lantern.example', 'ana@lantern.example'], [], []];
    await storeEntries(log, 4, (number) => ({
      people: people[number - 1] ?? [],
      requestId: number % 2 === 0 ? 'REQ-0142' : 'REQ-1420',
    }));

    expect(await seqs('--request req-0142')).toEqual([2, 4]);
    expect(await seqs('--person Ana@Lantern.example')).toEqual([1, 2]);
    expect(await seqs('--person ana@lantern.example --request REQ-0142')).toEqual([2]);
  });

  it('says how what it takes is written', async () => {
    expect(await said('--since yesterday')).toMatchInlineSnapshot(
      `"--since “yesterday” is not a date. The valid form is 2026-11-01, a whole day in UTC, or 2026-11-01T08:00:00Z."`,
    );
    expect(await said('--until 2026-02-30')).toMatchInlineSnapshot(
      `"--until “2026-02-30” is not a date. The valid form is 2026-11-01, a whole day in UTC, or 2026-11-01T08:00:00Z."`,
    );
    expect(await said('--until 2026-11-02T08:00:00')).toMatchInlineSnapshot(
      `"--until “2026-11-02T08:00:00” is not a date. The valid form is 2026-11-01, a whole day in UTC, or 2026-11-01T08:00:00Z."`,
    );
    expect(await said('--since 2026-11-02 --until 2026-11-01')).toMatchInlineSnapshot(
      `"--since is later than --until, so no entry is between them."`,
    );
    expect(await said('--request 142')).toMatchInlineSnapshot(
      `"--request “142” is not the number of a request. The valid form is REQ-0142."`,
    );
    expect(await said('--person ana')).toMatchInlineSnapshot(
      `"--person “ana” is not an e-mail address. The valid form is name@organisation.org."`,
    );
    expect(await said('november')).toMatchInlineSnapshot(
      `"Unexpected argument 'november'. \`ocs-access --help\` shows what there is."`,
    );
  });

  it('says which entry stopped it', async () => {
    await storeEntries(log, 3);
    await rewrite(log, (stored) => stored.map(([id, json]) => [id, id === '2-0' ? 'gone' : json]));

    const { code, out, err } = await cli('audit export', log.env);

    expect(out.split('\n').filter((line) => line !== '')).toHaveLength(1);
    expect({ code, err }).toMatchInlineSnapshot(`
      {
        "code": 2,
        "err": "Entry 2 of the audit log can't be read: it was altered in Redis.
      ",
      }
    `);
  });

  it('reads on only as fast as somebody takes the lines', async () => {
    await storeEntries(log, 4000);
    const out = new PassThrough({ highWaterMark: 1000 });
    const running = runCli(['audit', 'export'], { out, err: new PassThrough() }, log.env);
    await once(out, 'readable');
    expect(out.readableLength).toBeLessThan(20_000);

    const lines = (await Promise.all([text(out), running.then(() => out.end())]))[0].trimEnd().split('\n');

    expect(lines).toHaveLength(4000);
  });
});
