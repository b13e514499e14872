import type { AuditEntry, ChainHead } from '../audit.ts';
import type { AccessRow, NetworkRow } from '../log-row.ts';
import type { DayCounts, LogGap, Logs, SeenBefore } from '../logs.ts';
import type { Stay } from '../stay.ts';
import { botDay } from './bot-day.ts';
import { boundsOf, type DayBounds } from '../day.ts';
import type { Basis, Digest } from './digest.ts';
import type { Drop } from './outages.ts';
import type { Cut } from './standing.ts';
import { createTally, type Tallied, type TallyLimits } from './tally.ts';
import { denialsOf, revokedOf } from './turned-away.ts';
import { isSomebodyLetIn, seenWith, unusualOf } from './unusual.ts';

export interface DigestFacts {
  /** `2026-11-20` */
  readonly day: string;
  /** IANA name. */
  readonly timeZone: string;
  /** Of the day, oldest first; what is of other days is left out. */
  readonly access: AsyncIterable<readonly AccessRow[]>;
  readonly network: AsyncIterable<readonly NetworkRow[]>;
  /** Of the day; entries of other days are left out. */
  readonly audit: AsyncIterable<AuditEntry>;
  /** As `standingAt` the end of the day has it. */
  readonly revoked: ReadonlyMap<string, Cut>;
  /** As `standingAt` the beginning of the day has it. */
  readonly down?: ReadonlyMap<string, Drop>;
  /** What was seen before this day. */
  readonly seenBefore: Logs['seenBefore'];
  readonly weekBefore: readonly DayCounts[];
  /** Those that end in the next 7 days. */
  readonly stays: readonly Pick<Stay, 'person' | 'endsAt'>[];
  /** Requests that are not over. */
  readonly open: Digest['bot']['open'];
  readonly gaps: readonly LogGap[];
  /** Why a log can’t be read, in a sentence. */
  readonly problems?: { readonly access?: string | undefined; readonly network?: string | undefined };
  readonly dropped?: Digest['dropped'];
  readonly head: ChainHead | undefined;
  /** Why somebody was turned away. */
  readonly explain: (row: AccessRow) => { readonly reason: string; readonly basis: Basis };
  /** What people call a device that a row of the Access log names. */
  readonly deviceName?: (deviceId: string) => string | undefined;
  readonly limits?: TallyLimits;
}

export type BuiltDigest = Digest & {
  /** To be kept. */
  readonly counts: DayCounts;
  readonly seen: readonly SeenBefore[];
};

/** How many of each the digest holds; what is beyond that is a number. */
const SHOWN = { people: 25, traffic: 10, outages: 20, requests: 50, ending: 100, gaps: 20 };
const ASKED_AT_ONCE = 500;

/** All that the digest of one day tells. Every stream is read once. Throws like the streams and `seenBefore`. */
export async function buildDigest(facts: DigestFacts): Promise<BuiltDigest> {
  const bounds = boundsOf(facts.day, facts.timeZone);
  const tallied = await tallyOf(facts, bounds);
  const { bot, tunnel } = await botDay(facts.audit, facts.down ?? new Map<string, Drop>(), bounds);
  const before = await seenBeforeOf(tallied, facts.seenBefore);
  const ending = facts.stays.toSorted((one, other) => one.endsAt - other.endsAt);
  const gaps = facts.gaps.filter(({ from, to }) => from < bounds.to && to > bounds.from);
  return {
    day: facts.day,
    timeZone: facts.timeZone,
    ...bounds,
    access: accessOf(tallied, facts),
    ...denialsOf(tallied, facts.explain, SHOWN.people),
    ...revokedOf(tallied, SHOWN.people),
    ...worthALook(tallied, before, facts),
    network: networkOf(tallied, facts.problems?.network),
    tunnel: { down: tunnel.down, outages: tunnel.outages.slice(-SHOWN.outages) },
    bot: { ...bot, open: facts.open.slice(0, SHOWN.requests), moreOpen: beyond(facts.open, SHOWN.requests) },
    ending: ending.slice(0, SHOWN.ending).map(({ person, endsAt }) => ({ person, endsAt })),
    moreEnding: beyond(ending, SHOWN.ending),
    gaps: gaps.slice(-SHOWN.gaps),
    ...(facts.dropped === undefined ? {} : { dropped: facts.dropped }),
    ...(facts.head === undefined ? {} : { head: { seq: facts.head.seq, hash: facts.head.hash } }),
    counts: countsOf(facts.day, tallied, tunnel.down),
    seen: seenWith(tallied.visitors, before),
  };
}

async function tallyOf(facts: DigestFacts, bounds: DayBounds): Promise<Tallied> {
  const { access, network, timeZone, revoked, limits } = facts;
  const tally = createTally({ bounds, timeZone, revoked, ...(limits === undefined ? {} : { limits }) });
  for await (const rows of access) for (const row of rows) tally.addAccess(row);
  for await (const rows of network) for (const row of rows) tally.addNetwork(row);
  return tally.result(SHOWN.traffic);
}

async function seenBeforeOf(
  { visitors }: Tallied,
  seenBefore: Logs['seenBefore'],
): Promise<ReadonlyMap<string, SeenBefore>> {
  const emails = visitors.filter(isSomebodyLetIn).map(({ email }) => email);
  const before = new Map<string, SeenBefore>();
  for (let at = 0; at < emails.length; at += ASKED_AT_ONCE) {
    for (const seen of await seenBefore(emails.slice(at, at + ASKED_AT_ONCE))) before.set(seen.email, seen);
  }
  return before;
}

function accessOf(
  { signIns, denied, people, devices, hours }: Tallied,
  { weekBefore, problems }: DigestFacts,
): Digest['access'] {
  const before = meanOf(weekBefore);
  return {
    signIns,
    denied,
    people,
    devices,
    ...(before === undefined ? {} : { before }),
    hours: [...hours],
    ...(problems?.access === undefined ? {} : { problem: problems.access }),
  };
}

/** To one decimal; undefined if no day was counted. */
function meanOf(days: readonly DayCounts[]): Digest['access']['before'] {
  if (days.length === 0) return undefined;
  const mean = (key: 'signIns' | 'denied' | 'people' | 'devices'): number =>
    Math.round((10 * days.reduce((sum, day) => sum + day[key], 0)) / days.length) / 10;
  return { signIns: mean('signIns'), denied: mean('denied'), people: mean('people'), devices: mean('devices') };
}

function worthALook(
  { visitors }: Tallied,
  before: ReadonlyMap<string, SeenBefore>,
  { deviceName = () => undefined }: DigestFacts,
): Pick<Digest, 'unusual' | 'moreUnusual'> {
  const unusual = unusualOf(visitors, before, deviceName);
  return { unusual: unusual.slice(0, SHOWN.people), moreUnusual: beyond(unusual, SHOWN.people) };
}

function networkOf({ network }: Tallied, problem: string | undefined): Digest['network'] {
  const { sessions, sent, received } = network;
  return {
    sessions,
    sent,
    received,
    destinations: [...network.destinations],
    devices: network.devices.map(({ name, email, bytes }) => ({ name, email, bytes })),
    ...(problem === undefined ? {} : { problem }),
  };
}

function countsOf(day: string, { signIns, denied, people, devices, network }: Tallied, tunnelDown: number): DayCounts {
  const { sessions, sent, received } = network;
  return { day, signIns, denied, people, devices, networkSessions: sessions, sent, received, tunnelDown };
}

function beyond(list: readonly unknown[], shown: number): number {
  return Math.max(0, list.length - shown);
}
