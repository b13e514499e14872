import * as fc from 'fast-check';
import type { AccessRow, NetworkRow } from '../../src/core/log-row.ts';
import type { DayBounds } from '../../src/core/day.ts';

export const ROW_DAY = '2026-11-20';
/** Noon of that day, in UTC. */
export const ROW_NOON = Date.UTC(2026, 10, 20, 12);

/** Ana was let in at noon. */
export function anAccessRow(changes: Partial<AccessRow> = {}): AccessRow {
  return {
    id: 'ray-1',
    at: ROW_NOON,
    email: 'ana.souza@lanternhealth.example',
    allowed: true,
    app: 'ocs.lantern.internal',
    ip: '198.51.100.7',
    method: 'onetimepin',
    ...changes,
  };
}

/** Ana used the application from noon on. */
export function aNetworkRow(changes: Partial<NetworkRow> = {}): NetworkRow {
  return {
    id: 'net-1',
    at: ROW_NOON,
    email: 'ana.souza@lanternhealth.example',
    device: 'ana-laptop',
    destination: 'ocs.lantern.internal',
    port: 443,
    sessions: 1,
    sent: 100,
    received: 900,
    ...changes,
  };
}

const anEmail = fc.constantFrom('', 'ana@a.example', 'ben@a.example', 'cara@a.example', 'x@b.example', 'y@b.example');
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** Few people, countries and devices, so that they come again; most rows within the bounds, some just outside. In no order, each with an id of its own. */
export function anyAccessRows(bounds: DayBounds): fc.Arbitrary<AccessRow[]> {
  const row = fc.record({
    at: aMoment(bounds),
    email: anEmail,
    allowed: fc.boolean(),
    country: maybe(fc.constantFrom('DE', 'KE', 'US')),
    deviceId: maybe(fc.constantFrom('device-1', 'device-2', 'device-3')),
  });
  return fc.array(row).map((rows) => rows.map((one, index) => anAccessRow({ ...defined(one), id: `ray-${index}` })));
}

export function anyNetworkRows(bounds: DayBounds): fc.Arbitrary<NetworkRow[]> {
  const row = fc.record({
    at: aMoment(bounds),
    email: anEmail,
    device: fc.constantFrom('laptop', 'phone', 'server'),
    destination: fc.constantFrom('ocs.lantern.internal', '10.20.0.1', '10.20.0.2'),
    port: fc.constantFrom(22, 443),
    sessions: fc.integer({ min: 1, max: 9 }),
    sent: fc.nat(1000),
    received: fc.nat(1000),
  });
  return fc.array(row).map((rows) => rows.map((one, index) => aNetworkRow({ ...one, id: `net-${index}` })));
}

function aMoment({ from, to }: DayBounds): fc.Arbitrary<number> {
  const within = fc.integer({ min: 0, max: (to - from) / 1000 - 1 });
  const beside = fc.constantFrom(-3600, -1, (to - from) / 1000, (to - from) / 1000 + 3600);
  return fc.oneof({ weight: 20, arbitrary: within }, { weight: 1, arbitrary: beside }).map((s) => from + s * 1000);
}

/** Without the fields that are undefined, as rows are. */
function defined<T extends object>(row: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}
