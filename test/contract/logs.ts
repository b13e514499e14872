import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccessRow, LogKind, LogRows, NetworkRow } from '../../src/core/log-row.ts';
import type { DayCounts, Logs, Pulled, RowsQuery, SeenBefore } from '../../src/core/logs.ts';

export interface OpenLogs {
  /** Empty. */
  readonly logs: Logs;
  close(): Promise<void>;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** 2026-11-20, 23:50 UTC, so that an hour reaches over the end of a day. */
export const EVENING = Date.UTC(2026, 10, 20, 23, 50);

export function aRow(changes: Partial<AccessRow> = {}): AccessRow {
  return {
    id: 'ray-1',
    at: EVENING,
    email: 'ana.souza@lanternhealth.example',
    allowed: true,
    app: 'ocs.lantern.internal',
    ip: '203.0.113.17',
    ...changes,
  };
}

/** Everything that a row can have. */
export function aWholeRow(): AccessRow {
  return {
    ...aRow({ email: 'zoë.“quoted”\\@lanternhealth.example', allowed: false }),
    method: 'onetimepin',
    country: 'DE',
    deviceId: 'd3b07384-d9a0-4c9e-8f3a-2b1c0d9e8f7a',
    withWarp: false,
    policyId: 'f174e90a-fafe-4643-bbbc-4a0ed4fc8415',
  };
}

export function aNetworkRow(changes: Partial<NetworkRow> = {}): NetworkRow {
  return {
    id: 'sessions-1',
    at: EVENING - (EVENING % HOUR),
    email: 'ana.souza@lanternhealth.example',
    destination: '10.20.0.5',
    sessions: 3,
    ...changes,
  };
}

export function aWholeNetworkRow(): NetworkRow {
  return {
    ...aNetworkRow(),
    device: 'ana-laptop',
    port: 8000,
    transport: 'tcp',
    action: 'allow',
    sent: 9_007_199_254_740_991,
    received: 0,
  };
}

/** Rows with ids `0000`, `0001`, … */
export function manyRows(count: number, everyMs: number, from: number = EVENING): AccessRow[] {
  return Array.from({ length: count }, (_, index) =>
    aRow({ id: String(index).padStart(6, '0'), at: from + index * everyMs }),
  );
}

export async function collect<Kind extends LogKind>(
  logs: Pick<Logs, 'rows'>,
  kind: Kind,
  query: Partial<RowsQuery> = {},
): Promise<LogRows[Kind][]> {
  const rows: LogRows[Kind][] = [];
  const whole: RowsQuery = { since: 0, until: Number.MAX_SAFE_INTEGER, direction: 'oldest-first', ...query };
  for await (const page of logs.rows(kind, whole)) rows.push(...page);
  return rows;
}

/** Of both kinds. */
export async function rowStats(logs: Logs): Promise<{ rows: number; oldest: number | undefined }> {
  const [access, network] = [await collect(logs, 'access'), await collect(logs, 'network')];
  return { rows: access.length + network.length, oldest: await logs.oldestRow() };
}

const ids = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);

/** What all logs have to do, whatever they keep rows in. */
export function describeLogs(name: string, open: () => Promise<OpenLogs>): void {
  describe(name, () => {
    let opened: OpenLogs;
    let logs: Logs;
    beforeEach(async () => {
      opened = await open();
      logs = opened.logs;
    });
    afterEach(() => opened.close());

    describe('rows that are added', () => {
      it('come back as they were, with all that they have', async () => {
        expect(await logs.addRows('access', [aWholeRow(), aRow({ id: 'bare', email: '' })])).toBe(2);
        expect(await logs.addRows('network', [aWholeNetworkRow(), aNetworkRow({ id: 'bare' })])).toBe(2);

        expect(await collect(logs, 'access')).toEqual([aRow({ id: 'bare', email: '' }), aWholeRow()]);
        expect(await collect(logs, 'network')).toEqual([aNetworkRow({ id: 'bare' }), aWholeNetworkRow()]);
      });

      it('are each stored once, however often they come', async () => {
        const twice = [aRow(), aRow({ id: 'ray-2' }), aRow()];

        expect(await logs.addRows('access', twice)).toBe(2);
        expect(await logs.addRows('access', twice)).toBe(0);
        expect(ids(await collect(logs, 'access'))).toEqual(['ray-1', 'ray-2']);
        expect(await logs.addRows('access', [])).toBe(0);
      });

      it('gain what they did not have, and lose nothing', async () => {
        await logs.addRows('access', [aRow()]);
        await logs.addRows('access', [aRow({ country: 'DE' }), aRow({ withWarp: false })]);
        await logs.addRows('access', [aRow({ country: 'FR', policyId: 'team' })]);
        await logs.addRows('access', [aRow()]);

        expect(await collect(logs, 'access')).toEqual([aRow({ country: 'DE', withWarp: false, policyId: 'team' })]);
      });

      it('keep the larger of two counts', async () => {
        await logs.addRows('network', [aNetworkRow({ sessions: 3, sent: 500 })]);
        await logs.addRows('network', [aNetworkRow({ sessions: 7, sent: 400, received: 20 })]);
        await logs.addRows('network', [aNetworkRow({ sessions: 1 })]);

        expect(await collect(logs, 'network')).toEqual([aNetworkRow({ sessions: 7, sent: 500, received: 20 })]);
      });

      it('are told apart however strange their ids are', async () => {
        const strange = ['', 'a', 'a b', 'a","b', 'a\\', 'a/b', '~', 'é'];
        const rows = strange.map((id) => aRow({ id }));

        expect(await logs.addRows('access', rows)).toBe(8);
        expect(await logs.addRows('access', rows)).toBe(0);
        expect(ids(await collect(logs, 'access')).toSorted()).toEqual(strange.toSorted());
      });

      it('by several at once are all there, with what each of them knew', async () => {
        const rows = manyRows(300, 1000);
        const added = await Promise.all([
          logs.addRows('access', rows),
          logs.addRows(
            'access',
            rows.map((row) => ({ ...row, country: 'DE' })),
          ),
          logs.addRows(
            'access',
            rows.map((row) => ({ ...row, method: 'onetimepin' })),
          ),
        ]);

        expect(added.reduce((sum, one) => sum + one, 0)).toBe(300);
        expect(await collect(logs, 'access')).toEqual(
          rows.map((row) => ({ ...row, country: 'DE', method: 'onetimepin' })),
        );
      });
    });

    describe('reading', () => {
      it('goes by time over the ends of days, both ways, and equal times by id', async () => {
        const rows = [
          aRow({ id: 'c', at: EVENING + HOUR }),
          aRow({ id: 'b', at: EVENING }),
          aRow({ id: 'a', at: EVENING }),
          aRow({ id: 'd', at: EVENING - DAY }),
        ];
        await logs.addRows('access', rows);

        expect(ids(await collect(logs, 'access'))).toEqual(['d', 'a', 'b', 'c']);
        expect(ids(await collect(logs, 'access', { direction: 'newest-first' }))).toEqual(['c', 'b', 'a', 'd']);
      });

      it('begins with the first moment and ends before the last', async () => {
        await logs.addRows('access', manyRows(5, 1000));
        const query = { since: EVENING + 1000, until: EVENING + 3000 };

        expect(ids(await collect(logs, 'access', query))).toEqual(['000001', '000002']);
        expect(ids(await collect(logs, 'access', { ...query, direction: 'newest-first' }))).toEqual([
          '000002',
          '000001',
        ]);
        expect(await collect(logs, 'access', { since: EVENING, until: EVENING })).toEqual([]);
        expect(await collect(logs, 'network')).toEqual([]);
      });

      it('comes in pages, and neither loses nor doubles a row between them', async () => {
        // Many more than a page, and whole pages of one and the same second.
        const rows = manyRows(5000, 1).map((row) => ({ ...row, at: EVENING + Math.floor(row.at / 2500) * 1000 }));
        await logs.addRows('access', rows);

        for (const direction of ['oldest-first', 'newest-first'] as const) {
          const found = await collect(logs, 'access', { direction });
          const expected = direction === 'oldest-first' ? rows : rows.toReversed();
          expect(ids(found)).toEqual(ids(expected));
        }
        let pages = 0;
        for await (const page of logs.rows('access', { since: 0, until: 2 * EVENING, direction: 'oldest-first' })) {
          expect(page.length).toBeGreaterThan(0);
          expect(page.length).toBeLessThanOrEqual(1000);
          pages += 1;
        }
        expect(pages).toBeGreaterThanOrEqual(5);
      });

      it('can be ended after any page', async () => {
        await logs.addRows('access', manyRows(3000, 1000));
        let rows = 0;
        for await (const page of logs.rows('access', { since: 0, until: 2 * EVENING, direction: 'newest-first' })) {
          rows += page.length;
          break;
        }

        expect(rows).toBeLessThanOrEqual(1000);
      });
    });

    describe('rows that are dropped', () => {
      it('are those that are too old', async () => {
        await logs.addRows('access', [...manyRows(3000, 1000), aRow({ id: 'new', at: EVENING + DAY })]);
        await logs.addRows('network', [aNetworkRow()]);

        const done = await logs.dropRows({ before: EVENING + 2999 * 1000, most: 1e9 });

        expect(done).toEqual({ dropped: 3000, upTo: EVENING + 2998 * 1000 });
        expect(ids(await collect(logs, 'access'))).toEqual(['002999', 'new']);
        expect(await collect(logs, 'network')).toEqual([]);
      });

      it('are the oldest of both kinds, if there are too many', async () => {
        await logs.addRows('access', manyRows(4000, 60_000, EVENING));
        await logs.addRows(
          'network',
          Array.from({ length: 10 }, (_, index) => aNetworkRow({ id: `n${index}`, at: EVENING + index * 60_000 - 1 })),
        );

        expect(await logs.dropRows({ before: 0, most: 4005 })).toEqual({ dropped: 5, upTo: EVENING + 120_000 - 1 });
        expect((await collect(logs, 'network'))[0]?.id).toBe('n3');
        expect((await collect(logs, 'access'))[0]?.id).toBe('000002');
        expect(await logs.dropRows({ before: 0, most: 100 })).toMatchObject({ dropped: 3905 });
        expect(await rowStats(logs)).toEqual({ rows: 100, oldest: EVENING + 3900 * 60_000 });
      });

      it('are none where nothing is too old and there is room', async () => {
        await logs.addRows('access', manyRows(10, 1000));

        expect(await logs.dropRows({ before: EVENING, most: 10 })).toEqual({ dropped: 0, upTo: undefined });
        expect(await rowStats(logs)).toEqual({ rows: 10, oldest: EVENING });
      });

      it('can be all of them', async () => {
        await logs.addRows('access', manyRows(10, 1000));

        expect(await logs.dropRows({ before: 0, most: 0 })).toEqual({ dropped: 10, upTo: EVENING + 9000 });
        expect(await rowStats(logs)).toEqual({ rows: 0, oldest: undefined });
      });

      it('are dropped by several at once without dropping too many', async () => {
        await logs.addRows('access', manyRows(5000, 1000));

        const done = await Promise.all([1, 2, 3].map(() => logs.dropRows({ before: 0, most: 1500 })));

        expect(done.reduce((sum, { dropped }) => sum + dropped, 0)).toBe(3500);
        expect(await rowStats(logs)).toEqual({ rows: 1500, oldest: EVENING + 3500 * 1000 });
      });

      it('are noted by day, and add up', async () => {
        await logs.keepDropped('2026-11-20', { rows: 10, upTo: EVENING });
        await logs.keepDropped('2026-11-20', { rows: 5, upTo: EVENING - HOUR });

        expect(await logs.dropped(['2026-11-21', '2026-11-20', '2026-11-19'])).toEqual([
          undefined,
          { rows: 15, upTo: EVENING },
          undefined,
        ]);
        expect(await logs.dropped([])).toEqual([]);
      });
    });

    describe('what is kept beside the rows', () => {
      it('is how far each log was read', async () => {
        const pulled: Pulled = {
          until: EVENING,
          gaps: [{ from: EVENING - DAY, to: EVENING - HOUR, why: 'The bot did not run.' }],
          problem: 'The token may not read the Access log.',
        };
        await logs.keepPulled('access', pulled);
        await logs.keepPulled('access', { ...pulled, until: EVENING + HOUR });

        expect(await logs.pulled('access')).toEqual({ ...pulled, until: EVENING + HOUR });
        expect(await logs.pulled('network')).toBeUndefined();
      });

      it('is the counts of days, for 400 days', async () => {
        for (const day of ['2025-10-16', '2025-10-15', '2026-11-19']) await logs.keepDayCounts(aDay({ day }));
        await logs.keepDayCounts(aDay({ day: '2026-11-19', signIns: 8 }));
        await logs.keepDayCounts(aDay({ day: '2026-11-20' }));

        expect(await logs.dayCounts('2025-01-01', '2026-11-19')).toEqual([
          aDay({ day: '2025-10-16' }),
          aDay({ day: '2026-11-19', signIns: 8 }),
        ]);
        expect(await logs.dayCounts('2026-11-21', '2026-11-30')).toEqual([]);
      });

      it('is where people were let in before, until they are forgotten', async () => {
        const ana: SeenBefore = { email: 'ana@x.example', countries: ['DE'], devices: [], lastAt: EVENING };
        const ben: SeenBefore = { email: 'ben@x.example', countries: ['CH'], devices: ['d1'], lastAt: EVENING - 1 };
        await logs.keepSeen([ana, ben]);
        await logs.keepSeen([{ ...ana, devices: ['d2'] }]);
        await logs.keepSeen([]);

        expect(await logs.seenBefore([])).toEqual([]);
        expect(await logs.seenBefore([ben.email, 'nobody@x.example', ana.email])).toEqual([
          ben,
          { ...ana, devices: ['d2'] },
        ]);
        await logs.dropSeen(EVENING);
        expect(await logs.seenBefore([ana.email, ben.email])).toEqual([{ ...ana, devices: ['d2'] }]);
      });
    });
  });
}

function aDay(changes: Partial<DayCounts>): DayCounts {
  return {
    day: '2026-11-20',
    signIns: 5,
    denied: 1,
    people: 3,
    devices: 3,
    networkSessions: 40,
    sent: 1000,
    received: 2000,
    tunnelDown: 0,
    ...changes,
  };
}
