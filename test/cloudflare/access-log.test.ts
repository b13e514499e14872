import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/cloudflare/faults.ts';
import { emailOf } from '../../sandbox/cloudflare/seed-people.ts';
import type { CloudflareOptions } from '../../sandbox/cloudflare/server.ts';
import { readAccessRow } from '../../src/cloudflare/access-log.ts';
import type { AccessRow } from '../../src/core/log-row.ts';
import type { Cloudflare } from '../../src/core/ports.ts';
import { failureOf, NOW, startAdapter, type Started } from './start-adapter.ts';

const AMINA = emailOf('Amina Diallo');
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let started: Started | undefined;
afterEach(async () => {
  await started?.cf.stop();
  started = undefined;
});

async function start(options: CloudflareOptions = {}): Promise<Started> {
  started = await startAdapter({ now: () => NOW, ...options });
  return started;
}

/** Page after page, until one is empty. */
async function readAll(cloudflare: Cloudflare, since: number, until: number): Promise<AccessRow[]> {
  const rows: AccessRow[] = [];
  for (let page = 1; ; page += 1) {
    // oxlint-disable-next-line no-await-in-loop -- the end is known only from the page before it
    const more = await cloudflare.accessRows({ since, until, page });
    if (more.length === 0) return rows;
    rows.push(...more);
  }
}

describe('the Access log of everybody', () => {
  it('is told oldest first, with e-mail addresses in lower case, one call for a page', async () => {
    const { cf, cloudflare, routes } = await start();
    cf.account.addAccessRows([
      { at: NOW - MINUTE, email: 'stranger@elsewhere.example', allowed: false, ip: '203.0.113.9', rayId: 'ray2' },
      { at: NOW - 2 * MINUTE + 400, email: AMINA.toUpperCase(), allowed: true, ip: '192.0.2.1', rayId: 'ray1' },
    ]);

    const rows = await cloudflare.accessRows({ since: NOW - HOUR, until: NOW, page: 1 });

    const same = { app: 'ocs.lantern.internal', method: 'onetimepin' };
    expect(rows).toEqual([
      { ...same, id: 'ray1', at: NOW - 2 * MINUTE, email: AMINA, allowed: true, ip: '192.0.2.1' },
      { ...same, id: 'ray2', at: NOW - MINUTE, email: 'stranger@elsewhere.example', allowed: false, ip: '203.0.113.9' },
    ]);
    expect(routes()).toEqual(['GET access/logs/access_requests']);
    await expect(cloudflare.accessRows({ since: NOW - HOUR, until: NOW, page: 2 })).resolves.toEqual([]);
  });

  it('counts both moments in, and a row in the very second from which on it is asked', async () => {
    const { cf, cloudflare } = await start();
    const at = [NOW - 3 * SECOND, NOW - 2 * SECOND, NOW - SECOND, NOW];
    cf.account.addAccessRows(at.map((moment) => ({ at: moment, email: AMINA, allowed: true })));

    const rows = await cloudflare.accessRows({ since: NOW - 2 * SECOND + 700, until: NOW - SECOND, page: 1 });

    expect(rows.map((row) => row.at)).toEqual([NOW - 2 * SECOND, NOW - SECOND]);
  });

  it('may repeat rows from page to page, and leaves none out', async () => {
    const { cf, cloudflare } = await start({ quirks: { accessLogRepeats: true } });
    cf.account.addAccessRows(
      Array.from({ length: 2500 }, (_, index) => ({ at: NOW - HOUR + index * SECOND, email: AMINA, allowed: true })),
    );

    const rows = await readAll(cloudflare, NOW - HOUR, NOW);

    expect(rows.length).toBeGreaterThan(2500);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(2500);
  });

  it('has a row later than its time where the log lags behind', async () => {
    let now = NOW;
    const { cf, cloudflare } = await start({ now: () => now, quirks: { accessLogLagMs: 5 * MINUTE } });
    cf.account.login(AMINA, 'C02FJ1XQMD6T');
    const read = () => cloudflare.accessRows({ since: NOW, until: now, page: 1 });

    now = NOW + 4 * MINUTE;
    await expect(read()).resolves.toEqual([]);
    now = NOW + 5 * MINUTE;
    await expect(read()).resolves.toHaveLength(1);
  });

  it('does not know what is older than the plan keeps', async () => {
    const { cf, cloudflare } = await start();
    cf.account.addAccessRows([DAY, DAY - SECOND].map((ago) => ({ at: NOW - ago, email: AMINA, allowed: true })));

    const rows = await cloudflare.accessRows({ since: NOW - 7 * DAY, until: NOW, page: 1 });

    expect(rows.map(({ at }) => at)).toEqual([NOW - DAY + SECOND]);
  });

  it.each<[string, Fault, string, string]>([
    ['may not be read', { status: 403 }, 'PermanentError', 'cloudflare-permission-missing'],
    ['is asked for too often', { status: 429, retryAfterSeconds: 300 }, 'TransientError', 'cloudflare-rate-limited'],
    ['is out of order', { status: 503 }, 'TransientError', 'cloudflare-unavailable'],
    ['breaks off', { dropConnection: true }, 'TransientError', 'cloudflare-unavailable'],
  ])('is not taken for empty where it %s', async (_how, fault, name, code) => {
    const { cf, cloudflare } = await start();
    cf.faults.add({ path: 'access_requests', ...fault });

    const failure = await failureOf(cloudflare.accessRows({ since: NOW - HOUR, until: NOW, page: 1 }));

    expect([failure.name, failure.code]).toEqual([name, code]);
  });
});

/** The next answer has these rows in place of its own. */
function answerWith({ cf }: Started, rows: readonly unknown[], times = 1): void {
  const body = { success: true, errors: [], messages: [], result: rows };
  cf.faults.add({ path: 'access_requests', times, mangle: () => body });
}

describe('a page with rows that are not what they were', () => {
  const whole = { created_at: '2026-03-02T08:00:00Z', ray_id: 'ray1', allowed: true, user_email: AMINA };

  it('leaves out what has no time, and reads the rest as far as it goes', async () => {
    const house = await start();
    answerWith(house, [
      { ...whole, created_at: null },
      { ...whole, created_at: 'soon' },
      { created_at: '2026-03-02T08:00:00.750Z', ray_id: 'ray2', allowed: 'perhaps', user_email: 7, country: 'ke' },
      null,
      'row',
      whole,
    ]);

    const rows = await house.cloudflare.accessRows({ since: NOW - HOUR, until: NOW, page: 1 });
    house.cf.violations.length = 0;

    const at = Date.parse('2026-03-02T08:00:00Z');
    expect(rows).toEqual([
      { id: 'ray2', at, email: '', allowed: false, app: '', ip: '', country: 'KE' },
      { id: 'ray1', at, email: AMINA, allowed: true, app: '', ip: '' },
    ]);
  });

  it('is not taken for the last page where it has nothing else', async () => {
    const house = await start();
    house.cf.account.addAccessRows(
      Array.from({ length: 1500 }, (_, index) => ({ at: NOW - 1500 + index, email: AMINA, allowed: true })),
    );
    answerWith(house, [{ ...whole, created_at: null }]);

    const rows = await house.cloudflare.accessRows({ since: NOW - HOUR, until: NOW, page: 1 });
    house.cf.violations.length = 0;

    expect(rows).toHaveLength(500);
  });

  it('comes to an end where nothing can be read at all', async () => {
    const house = await start();
    answerWith(house, [{ time: 'unknown' }], Infinity);

    await expect(house.cloudflare.accessRows({ since: NOW - HOUR, until: NOW, page: 1 })).resolves.toEqual([]);
    house.cf.violations.length = 0;
    expect(house.routes()).toHaveLength(10);
  });

  it('gives rows without a ray the same id each time, and different rows different ones', () => {
    const row = { created_at: '2026-03-02T08:00:00Z', user_email: AMINA, allowed: true, ray_id: '' };

    const first = readAccessRow(row);

    expect(first?.id).toMatch(/^[0-9a-f]{16}$/);
    expect(readAccessRow({ ...row, ray_id: null, user_email: AMINA.toUpperCase(), new_field: 1 })?.id).toBe(first?.id);
    expect(readAccessRow({ ...row, allowed: false })?.id).not.toBe(first?.id);
  });

  it('is read whatever is in it', () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.string(),
      fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }).map((date) => date.toISOString()),
    );
    const known = [
      'created_at',
      'ray_id',
      'allowed',
      'user_email',
      'app_domain',
      'ip_address',
      'connection',
      'country',
    ];
    const row = fc
      .tuple(fc.dictionary(fc.string(), value), fc.subarray(known), fc.array(value, { minLength: 8, maxLength: 8 }))
      .map(([more, names, values]) => ({
        ...more,
        ...Object.fromEntries(names.map((name, at) => [name, values[at]])),
      }));
    let read = 0;
    fc.assert(
      fc.property(fc.array(fc.oneof(row, fc.jsonValue())), (page) => {
        const rows = page.flatMap((raw) => readAccessRow(raw) ?? []);
        read += rows.length;
        return rows.every(
          ({ id, at, email }) => Number.isFinite(at) && at % 1000 === 0 && id !== '' && email === email.toLowerCase(),
        );
      }),
      { numRuns: 2000 },
    );
    expect(read).toBeGreaterThan(300);
  });
});

describe('100,000 sign-ins in a day', () => {
  const BUDGET = 1200;

  it('are 101 calls when a whole day is made up, far below the limit of five minutes', async () => {
    const { cf, cloudflare } = await start({ quirks: { enforceBudget: true } });
    cf.account.generateDay('busy', { from: NOW - DAY, to: NOW, people: 1000, signIns: 100_000, networkSessions: 0 });

    const rows = await readAll(cloudflare, NOW - DAY, NOW);

    expect(new Set(rows.map(({ id }) => id)).size).toBe(100_000);
    expect(cf.calls).toHaveLength(101);
    expect(cf.calls.length).toBeLessThan(BUDGET / 10);
  });

  it('are a handful of calls for each quarter of an hour, at the busiest time of the day', async () => {
    let now = NOW;
    const { cf, cloudflare } = await start({ now: () => now });
    cf.account.generateDay('busy', { from: NOW, to: NOW + DAY, people: 1000, signIns: 100_000, networkSessions: 0 });
    now = NOW + DAY / 2;

    const rows = await readAll(cloudflare, now - 15 * MINUTE, now);

    expect(rows.length).toBeGreaterThan(100_000 / 96);
    expect(cf.calls.length).toBeLessThan(BUDGET * 0.05 * 0.1);
  });
});
