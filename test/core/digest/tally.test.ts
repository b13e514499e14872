import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundsOf } from '../../../src/core/day.ts';
import { createTally, type Tallied, type TallyFacts } from '../../../src/core/digest/tally.ts';
import type { AccessRow, NetworkRow } from '../../../src/core/log-row.ts';
import { aNetworkRow, anAccessRow, anyAccessRows, anyNetworkRows, ROW_DAY, ROW_NOON } from '../../builders/any-rows.ts';

const ANA = 'ana.souza@lanternhealth.example';
const SECOND = 1000;
const UTC = { bounds: boundsOf(ROW_DAY, 'UTC'), timeZone: 'UTC', revoked: new Map() } satisfies TallyFacts;

function tallied(
  access: readonly AccessRow[],
  network: readonly NetworkRow[] = [],
  facts: Partial<TallyFacts> = {},
): Tallied {
  const tally = createTally({ ...UTC, ...facts });
  access.forEach((row) => tally.addAccess(row));
  network.forEach((row) => tally.addNetwork(row));
  return tally.result(10);
}

const sundayAt = (time: string): AccessRow => anAccessRow({ id: time, at: Date.parse(`2026-10-25T${time}Z`) });

const tryAt = (at: number, allowed: boolean): AccessRow => anAccessRow({ id: `${at}`, at: ROW_NOON + at, allowed });

const strange = (number: number): AccessRow =>
  anAccessRow({ id: `s${number}`, email: `${number}@elsewhere.example`, allowed: false });

function ofDay<Row extends { readonly at: number }>(rows: readonly Row[]): Row[] {
  return rows.filter(({ at }) => at >= UTC.bounds.from && at < UTC.bounds.to);
}

describe('counting', () => {
  it('equals counting the plain way', () => {
    fc.assert(
      fc.property(anyAccessRows(UTC.bounds), anyNetworkRows(UTC.bounds), (access, network) => {
        const result = tallied(access, network);

        const letIn = ofDay(access).filter(({ allowed }) => allowed);
        const denied = ofDay(access).filter(({ allowed }) => !allowed);
        const traffic = ofDay(network);
        const active = new Set([...letIn, ...traffic].map(({ email }) => email));
        active.delete('');
        const devices = new Set(letIn.flatMap(({ deviceId }) => deviceId ?? []));
        expect(result).toMatchObject({
          signIns: letIn.length,
          denied: denied.length,
          people: active.size,
          devices: Math.max(devices.size, new Set(traffic.map(({ device }) => device)).size),
          deniedPeople: new Set(denied.map(({ email }) => email)).size,
          isRough: false,
        });
        expect(denialsOf(result)).toEqual(countsOf(denied.map(({ email }) => [email, 1])));
        expect(lastDenialsOf(result)).toEqual(latestOf(denied));
        expect(placesOf(result, 'countries')).toEqual(firstOf(letIn, 'country'));
        expect(placesOf(result, 'devices')).toEqual(firstOf(letIn, 'deviceId'));
        expect(result.network).toMatchObject({
          sessions: sum(traffic.map(({ sessions }) => sessions)),
          sent: sum(traffic.map(({ sent = 0 }) => sent)),
          received: sum(traffic.map(({ received = 0 }) => received)),
        });
        const bytesBy = (key: (row: NetworkRow) => string) =>
          countsOf(traffic.map((row) => [key(row), (row.sent ?? 0) + (row.received ?? 0)]));
        expect(new Map(result.network.destinations.map(({ name, bytes }) => [name, bytes]))).toEqual(
          bytesBy(({ destination, port }) => `${destination}:${port}`),
        );
        const top = createTallyOfDevices(traffic);
        expect(new Map(top.map(({ name, email, bytes }) => [`${name} ${email}`, bytes]))).toEqual(
          bytesBy(({ device, email }) => `${device} ${email}`),
        );
      }),
    );
  });

  it.each(['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe'])(
    'has hours that add up to the day in %s, also when the clocks change',
    (timeZone) => {
      for (const day of ['2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25']) {
        const bounds = boundsOf(day, timeZone);
        fc.assert(
          fc.property(anyAccessRows(bounds), (access) => {
            const result = tallied(access, [], { bounds, timeZone });

            expect(sum(result.hours.map(({ signIns }) => signIns))).toBe(result.signIns);
            expect(sum(result.hours.map(({ denied }) => denied))).toBe(result.denied);
          }),
          { numRuns: 20 },
        );
      }
    },
  );

  it('does not depend on the order of the rows, but for travel', () => {
    const shuffled = anyAccessRows(UTC.bounds).chain((rows) =>
      fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
    );
    fc.assert(
      fc.property(shuffled, ([rows, others]) => {
        expect(comparable(tallied(others))).toEqual(comparable(tallied(rows)));
      }),
    );
  });

  it('leaves out a row that comes twice in a row', () => {
    expect(tallied([anAccessRow(), anAccessRow()], [aNetworkRow(), aNetworkRow()])).toMatchObject({
      signIns: 1,
      network: { sessions: 1 },
    });
  });

  it('takes rows without sizes, device and country', () => {
    const { id, at, email, destination, sessions } = aNetworkRow();

    expect(tallied([], [{ id, at, email, destination, sessions }])).toMatchObject({
      people: 1,
      devices: 0,
      network: {
        sessions: 1,
        sent: 0,
        received: 0,
        destinations: [{ name: 'ocs.lantern.internal', bytes: 0 }],
        devices: [],
      },
    });
  });

  it('tells ports of a destination apart', () => {
    const rows = [443, 22, 443].map((port, index) => aNetworkRow({ id: `${index}`, destination: 'fd00::2', port }));

    expect(tallied([], rows).network.destinations).toMatchObject([
      { name: '[fd00::2]:443', sessions: 2, bytes: 2000 },
      { name: '[fd00::2]:22', sessions: 1, bytes: 1000 },
    ]);
  });

  it('counts those who used the network without signing in as active', () => {
    expect(tallied([], [aNetworkRow()])).toMatchObject({ signIns: 0, people: 1, devices: 1 });
  });

  it('takes somebody without an address for nobody', () => {
    expect(tallied([anAccessRow({ email: '' })])).toMatchObject({ signIns: 1, people: 0 });
  });
});

describe('hours', () => {
  it.each([
    ['Europe/Berlin', '2026-03-29', ['01:00', '03:00'], 23],
    ['Europe/Berlin', '2026-10-25', ['01:00', '02:00', '02:00 again', '03:00'], 25],
    ['Asia/Kathmandu', ROW_DAY, ['01:00', '02:00', '03:00'], 24],
    ['Australia/Lord_Howe', '2026-10-04', ['01:00', '02:30', '03:00'], 24],
    ['Australia/Lord_Howe', '2026-04-05', ['01:00', '01:30', '02:00', '03:00'], 25],
  ])('are those of the clocks in %s on %s', (timeZone, day, labels, count) => {
    const { hours } = tallied([], [], { bounds: boundsOf(day, timeZone), timeZone });

    expect(hours).toHaveLength(count);
    expect(hours.slice(1, labels.length + 1).map(({ label }) => label)).toEqual(labels);
  });

  it('hold the rows of their time', () => {
    const bounds = boundsOf('2026-10-25', 'Europe/Berlin');
    const { hours } = tallied(
      [sundayAt('00:30:00'), sundayAt('01:30:00'), sundayAt('01:59:59'), sundayAt('02:00:00')],
      [],
      {
        bounds,
        timeZone: 'Europe/Berlin',
      },
    );

    expect(hours.filter(({ signIns }) => signIns > 0)).toEqual([
      { label: '02:00', signIns: 1, denied: 0 },
      { label: '02:00 again', signIns: 2, denied: 0 },
      { label: '03:00', signIns: 1, denied: 0 },
    ]);
  });
});

describe('travel', () => {
  it.each([
    [59 * 60, true],
    [60 * 60, false],
  ])('is seen %i seconds after another country: %s', (seconds, isTravel) => {
    const rows = [
      anAccessRow({ id: '1', country: 'DE' }),
      anAccessRow({ id: '2', at: ROW_NOON + SECOND }),
      anAccessRow({ id: '3', country: 'KE', at: ROW_NOON + seconds * SECOND }),
    ];

    const [visitor] = tallied(rows).visitors;

    const travel = { from: 'DE', fromAt: ROW_NOON, to: 'KE', at: ROW_NOON + seconds * SECOND };
    expect(visitor?.travel).toEqual(isTravel ? travel : undefined);
  });

  it('is no matter of denials, of others and of unknown countries', () => {
    const rows = [
      anAccessRow({ id: '1', country: 'DE' }),
      anAccessRow({ id: '2', country: 'KE', allowed: false }),
      anAccessRow({ id: '3', country: 'KE', email: 'ben@lanternhealth.example' }),
      anAccessRow({ id: '4', country: 'XX' }),
      anAccessRow({ id: '5', country: 'DE' }),
    ];

    expect(tallied(rows).visitors.every(({ travel }) => travel === undefined)).toBe(true);
  });
});

describe('tries after access was taken away', () => {
  const rows = [tryAt(0, true), tryAt(10, false), tryAt(20, true), tryAt(30, false)];

  it.each([
    ['count from then on', { requestId: 'REQ-0001', at: ROW_NOON + 10 }, [3, 1]],
    ['end when access was given again', { requestId: 'REQ-0001', at: ROW_NOON, until: ROW_NOON + 20 }, [2, 1]],
    [
      'are denials alone where a device was lost',
      { requestId: 'REQ-0001', at: ROW_NOON, because: 'lost' as const },
      [2, 0],
    ],
  ])('%s', (_name, cut, [tries, triesLetIn]) => {
    const [visitor] = tallied(rows, [], { revoked: new Map([[ANA, cut]]) }).visitors;

    expect(visitor).toMatchObject({ tries, triesLetIn });
  });
});

describe('a day that is too big', () => {
  const limits = { people: 50, strangers: 100, devices: 50, destinations: 100 };

  it('keeps few of many strangers, all that is counted, and those who try most', () => {
    const tally = createTally({
      ...UTC,
      revoked: new Map([['gus@a.example', { requestId: undefined, at: 0 }]]),
      limits,
    });
    tally.addAccess(anAccessRow());
    for (let number = 0; number < 200_000; number += 1) {
      tally.addAccess(strange(number));
      if (number % 1000 === 500) {
        tally.addAccess(anAccessRow({ id: `a${number}`, allowed: false }));
        tally.addAccess(anAccessRow({ id: `g${number}`, email: 'gus@a.example', allowed: false }));
        for (const again of [1, 2, 3, 4, 5]) {
          tally.addAccess(anAccessRow({ id: `m${number}-${again}`, email: 'mallory@b.example', allowed: false }));
        }
      }
    }
    const result = tally.result(10);

    expect(result).toMatchObject({ signIns: 1, denied: 201_400, isRough: true });
    expect(result.visitors.length).toBeLessThanOrEqual(limits.people + limits.strangers);
    expect(Math.abs(result.deniedPeople / 200_003 - 1)).toBeLessThan(0.05);
    const denials = denialsOf(result);
    expect(denials.get(ANA)).toBe(200);
    expect(denials.get('gus@a.example')).toBe(200);
    const mallory = denials.get('mallory@b.example') ?? 0;
    expect(mallory).toBeGreaterThan(900);
    expect(mallory).toBeLessThanOrEqual(1000);
  });

  it('never says that somebody tried more often than they did', () => {
    const tries = fc.array(fc.nat(300), { minLength: 200, maxLength: 2000 });
    fc.assert(
      fc.property(tries, (numbers) => {
        const rows = numbers.map((number, index) => ({ ...strange(number), id: `${index}` }));

        const kept = tallied(rows, [], { limits: { ...limits, strangers: 20 } }).visitors;

        const truth = countsOf(rows.map(({ email }) => [email, 1]));
        expect(kept.length).toBeLessThanOrEqual(20);
        for (const { email, denied, forgotten } of kept) {
          expect(denied).toBeLessThanOrEqual(truth.get(email) ?? 0);
          expect(denied + forgotten).toBeGreaterThanOrEqual(truth.get(email) ?? 0);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('estimates people and devices beyond what it keeps', () => {
    const tally = createTally({ ...UTC, limits });
    for (let number = 0; number < 20_000; number += 1) {
      tally.addAccess(anAccessRow({ id: `${number}`, email: `${number}@a.example`, deviceId: `device-${number}` }));
    }
    const { visitors, people, devices } = tally.result(10);

    expect(visitors).toHaveLength(50);
    expect(Math.abs(people / 20_000 - 1)).toBeLessThan(0.05);
    expect(Math.abs(devices / 20_000 - 1)).toBeLessThan(0.05);
  });

  it('finds the heaviest of many destinations and devices', () => {
    const tally = createTally({ ...UTC, limits });
    for (let number = 0; number < 50_000; number += 1) {
      const heavy = { sent: 1000, device: 'ana-laptop', destination: 'ocs.lantern.internal' };
      const light = { sent: 1, device: `device-${number}`, destination: `10.0.0.${number}` };
      tally.addNetwork(aNetworkRow({ id: `${number}`, received: 0, ...(number % 100 === 0 ? heavy : light) }));
    }
    const { network } = tally.result(1);

    expect(network.sent).toBe(500 * 1000 + 49_500);
    expect(network.destinations).toMatchObject([{ name: 'ocs.lantern.internal:443', sessions: 500, bytes: 500_000 }]);
    expect(network.devices).toMatchObject([{ name: 'ana-laptop', email: ANA, bytes: 500_000 }]);
  });
});

/** With room for all of them. */
function createTallyOfDevices(network: readonly NetworkRow[]): Tallied['network']['devices'] {
  const tally = createTally(UTC);
  network.forEach((row) => tally.addNetwork(row));
  return tally.result(100).network.devices;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function countsOf(pairs: readonly (readonly [string, number])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [key, count] of pairs) counts.set(key, (counts.get(key) ?? 0) + count);
  return counts;
}

function denialsOf({ visitors }: Tallied): Map<string, number> {
  return new Map(visitors.filter(({ denied }) => denied > 0).map(({ email, denied }) => [email, denied]));
}

function lastDenialsOf({ visitors }: Tallied): Map<string, number> {
  return new Map(visitors.filter(({ denied }) => denied > 0).map(({ email, lastDeniedAt }) => [email, lastDeniedAt]));
}

function latestOf(rows: readonly AccessRow[]): Map<string, number> {
  const latest = new Map<string, number>();
  for (const { email, at } of rows) latest.set(email, Math.max(latest.get(email) ?? 0, at));
  return latest;
}

function placesOf({ visitors }: Tallied, key: 'countries' | 'devices'): Map<string, number> {
  return new Map(visitors.flatMap((visitor) => visitor[key].map(({ name, at }) => [`${visitor.email} ${name}`, at])));
}

/** When somebody was first there. */
function firstOf(rows: readonly AccessRow[], key: 'country' | 'deviceId'): Map<string, number> {
  const first = new Map<string, number>();
  for (const row of rows) {
    const name = row[key];
    if (name === undefined) continue;
    first.set(`${row.email} ${name}`, Math.min(first.get(`${row.email} ${name}`) ?? Infinity, row.at));
  }
  return first;
}

/** All that is the same for the same rows in another order. */
function comparable(result: Tallied): unknown {
  const { visitors, network: _network, ...counts } = result;
  return {
    ...counts,
    denials: denialsOf(result),
    lastDenials: lastDenialsOf(result),
    countries: placesOf(result, 'countries'),
    devices: placesOf(result, 'devices'),
    lastIn: new Map(visitors.map(({ email, lastIn }) => [email, lastIn])),
  };
}
