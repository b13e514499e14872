import type { AccessRow, NetworkRow } from '../log-row.ts';
import type { DayBounds } from '../day.ts';
import { createDistinct } from './distinct.ts';
import { createHeaviest } from './heaviest.ts';
import { hoursOf } from './hours.ts';
import type { Cut } from './standing.ts';
import { noteDenial, noteSignIn } from './visit.ts';
import { createVisitors, type Visitor } from './visitors.ts';

export interface TallyFacts {
  readonly bounds: DayBounds;
  readonly timeZone: string;
  /** By address. */
  readonly revoked: ReadonlyMap<string, Cut>;
  readonly limits?: TallyLimits;
}

/** How many of each are kept at most; what is beyond that is estimated, or summed up. */
export interface TallyLimits {
  /** People who were let in, used the network or lost their access. */
  readonly people: number;
  /** Addresses that were only ever turned away. */
  readonly strangers: number;
  readonly devices: number;
  /** Half of it is kept whatever comes. */
  readonly destinations: number;
}

const LIMITS: TallyLimits = { people: 20_000, strangers: 5_000, devices: 20_000, destinations: 5_000 };

const NO_PORT = -1;

export interface Tallied {
  readonly signIns: number;
  readonly denied: number;
  /** Who were let in or used the network. */
  readonly people: number;
  /** That people came with, or that used the network, whichever log tells of more: they name devices differently. */
  readonly devices: number;
  readonly hours: readonly { readonly label: string; readonly signIns: number; readonly denied: number }[];
  /** Those that are kept. */
  readonly visitors: readonly Visitor[];
  readonly deniedPeople: number;
  /** `deniedPeople` is an estimate, and denials of a single visitor are the least that they can be. */
  readonly isRough: boolean;
  readonly network: {
    readonly sessions: number;
    readonly sent: number;
    readonly received: number;
    /** The heaviest first. */
    readonly destinations: readonly Traffic[];
    readonly devices: readonly (Traffic & { readonly email: string })[];
  };
}

export interface Traffic {
  /** `ocs.lantern.internal:443` */
  readonly name: string;
  readonly sessions: number;
  readonly bytes: number;
}

/** Counts the rows of one day in one pass, in memory that does not grow with them. */
export interface Tally {
  /** In any order; only travel is seen in order of time alone. Rows of other days are left out, and a row that comes twice in a row. */
  addAccess(row: AccessRow): void;
  addNetwork(row: NetworkRow): void;
  /** With so many of the heaviest destinations and devices. */
  result(heaviest: number): Tallied;
}

export function createTally({ bounds, timeZone, revoked, limits = LIMITS }: TallyFacts): Tally {
  const { from, to } = bounds;
  const hours = hoursOf(bounds, timeZone);
  const signIns = new Float64Array(hours.labels.length);
  const denied = new Float64Array(hours.labels.length);
  const visitors = createVisitors(revoked, { known: limits.people, strangers: limits.strangers });
  const people = createDistinct(limits.people);
  const deniedPeople = createDistinct(limits.strangers);
  const devices = createDistinct(limits.devices);
  const networkDevices = createDistinct(limits.devices);
  const destinations = createHeaviest<number>(Math.ceil(limits.destinations / 2));
  const traffic = createHeaviest<string>(Math.ceil(limits.devices / 2));
  const sums = { sessions: 0, sent: 0, received: 0 };
  let lastAccess = '';
  let lastNetwork = '';

  function meet(email: string, isStranger: boolean): Visitor | undefined {
    const visitor = visitors.of(email, isStranger);
    if (email === '' || isStranger || visitor?.isActive === true) return visitor;
    people.add(email);
    if (visitor !== undefined) visitor.isActive = true;
    return visitor;
  }

  function letIn(row: AccessRow): void {
    const visitor = meet(row.email, false);
    const isNewDevice = visitor === undefined || noteSignIn(visitor, row);
    if (isNewDevice && row.deviceId !== undefined) devices.add(row.deviceId);
  }

  function turnAway(row: AccessRow): void {
    const visitor = meet(row.email, true);
    if (visitor === undefined || visitor.denied === 0) deniedPeople.add(row.email);
    if (visitor !== undefined) noteDenial(visitor, row);
  }

  return {
    addAccess(row) {
      const { id, at, allowed } = row;
      if (!(at >= from && at < to) || id === lastAccess) return;
      lastAccess = id;
      const hour = hours.placeOf(at);
      const counts = allowed ? signIns : denied;
      counts[hour] = (counts[hour] ?? 0) + 1;
      if (allowed) letIn(row);
      else turnAway(row);
    },

    addNetwork(row) {
      const { id, at, email, device, destination, sessions } = row;
      if (!(at >= from && at < to) || id === lastNetwork) return;
      lastNetwork = id;
      const sent = row.sent ?? 0;
      const received = row.received ?? 0;
      sums.sessions += sessions;
      sums.sent += sent;
      sums.received += received;
      destinations.add(destination, row.port ?? NO_PORT, sessions, sent + received);
      if (device === undefined || traffic.add(device, email, sessions, sent + received)) {
        meet(email, false);
        if (device !== undefined) networkDevices.add(device);
      }
    },

    result: (heaviest) => ({
      signIns: sumOf(signIns),
      denied: sumOf(denied),
      people: people.count(),
      devices: Math.max(devices.count(), networkDevices.count()),
      hours: hours.labels.map((label, hour) => ({ label, signIns: signIns[hour] ?? 0, denied: denied[hour] ?? 0 })),
      visitors: [...visitors.all()],
      deniedPeople: deniedPeople.count(),
      isRough: visitors.areRough() || !deniedPeople.isExact(),
      network: {
        ...sums,
        destinations: destinations
          .top(heaviest)
          .map(({ name, part, sessions, bytes }) => ({ name: withPort(name, part), sessions, bytes })),
        devices: traffic
          .top(heaviest)
          .map(({ name, part: email, sessions, bytes }) => ({ name, email, sessions, bytes })),
      },
    }),
  };
}

function sumOf(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function withPort(destination: string, port: number): string {
  if (port === NO_PORT) return destination;
  return destination.includes(':') ? `[${destination}]:${port}` : `${destination}:${port}`;
}
