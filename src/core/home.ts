import { decideApproval, refusesStanding } from './approval.ts';
import type { Decider } from './decide.ts';
import type { EnrolledDevice } from './fields.ts';
import { enrolledDevicesOf } from './insiders.ts';
import { isSystem } from './person.ts';
import type { Clock, Cloudflare, Directory, Stays, Store } from './ports.ts';
import type { Request } from './request.ts';
import type { Settings } from './settings.ts';
import type { Snapshot } from './snapshot.ts';
import type { Stay } from './stay.ts';
import type { TunnelHealth } from './tunnel.ts';

/** What the Home tab of one person shows. `undefined`: it could not be read just now. */
export interface HomeFacts {
  readonly slackId: string;
  readonly isApprover: boolean;
  readonly devices: readonly EnrolledDevice[] | undefined;
  /** Epoch milliseconds. Undefined: their access ends by nothing, or they have none. */
  readonly endsAt: number | undefined;
  /** What they asked for and isn’t over, oldest first. */
  readonly own: readonly Request[];
  /** For an approver: what waits for their decision, oldest first. Empty for everybody else, like `ending`. */
  readonly waiting: readonly Request[];
  /** For an approver: whose access ends within 14 days, soonest first. */
  readonly ending: readonly Stay[];
  /** For an approver. */
  readonly tunnels: readonly TunnelHealth[] | undefined;
  /** Epoch milliseconds: when it was read. */
  readonly at: number;
}

/** Somebody who may do nothing here: a guest, or a person from another workspace. */
export interface HomeRefusal {
  readonly slackId: string;
  /** A sentence or two. */
  readonly refusal: string;
}

export interface HomeDependencies {
  readonly store: Pick<Store, 'recall' | 'unfinished'>;
  readonly stays: Pick<Stays, 'stayOf' | 'stays'>;
  readonly cloudflare: Pick<Cloudflare, 'snapshot' | 'tunnels'>;
  readonly directory: Pick<Directory, 'find' | 'approvers'>;
  readonly clock: Clock;
  readonly settings: Pick<Settings, 'allowSelfApproval'>;
}

const DAY = 24 * 60 * 60 * 1000;
const SOON = 14 * DAY;
/** Counted from the last time that they opened it. */
const REMEMBERED = 365 * DAY;

export function rememberHome(store: Pick<Store, 'keep'>, slackId: string): Promise<void> {
  return store.keep(keyOf(slackId), true, REMEMBERED);
}

export interface Homes {
  /** Of those who have ever opened theirs, in no order. */
  readonly homes: readonly (HomeFacts | HomeRefusal)[];
  /** Why those of others could not be read. */
  readonly failures: readonly unknown[];
}

/**
 * What the Home tabs of these people show, from one reading of the account; none is made for people who have never opened
 * theirs. Throws where Redis does not answer, or Slack about the approvers.
 */
export async function gatherHomes(dependencies: HomeDependencies, slackIds: readonly string[]): Promise<Homes> {
  const { store, stays, directory, cloudflare, clock } = dependencies;
  const opened = await Promise.all(slackIds.map(async (slackId) => (await store.recall(keyOf(slackId))) !== undefined));
  const viewers = slackIds.filter((_, index) => opened[index]);
  if (viewers.length === 0) return { homes: [], failures: [] };
  const [found, approvers, unfinished] = await Promise.all([
    Promise.allSettled(viewers.map((slackId) => directory.find(slackId))),
    directory.approvers(),
    store.unfinished(),
  ]);
  const known = found.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failures = found.flatMap((one): unknown[] => (one.status === 'rejected' ? [one.reason] : []));
  const emails = known.flatMap(({ actor, member }) =>
    refusesStanding(member) === undefined ? (actor.email?.toLowerCase() ?? []) : [],
  );
  const isForApprover = known.some(({ actor }) => approvers.has(actor.slackId));
  const [snapshot, tunnels, ends] = await Promise.all([
    emails.length === 0 ? undefined : orUndefined(cloudflare.snapshot({ devicesOf: emails, undecided: 'first' })),
    isForApprover ? orUndefined(cloudflare.tunnels()) : undefined,
    isForApprover ? stays.stays() : [],
  ]);
  const read = { approvers, unfinished, snapshot, tunnels, ends, at: clock.now() };
  return { homes: await Promise.all(known.map((viewer) => homeOf(dependencies, viewer, read))), failures };
}

interface Read {
  readonly approvers: ReadonlySet<string>;
  readonly unfinished: readonly Request[];
  readonly snapshot: Snapshot | undefined;
  readonly tunnels: readonly TunnelHealth[] | undefined;
  readonly ends: readonly Stay[];
  readonly at: number;
}

async function homeOf(
  { stays, settings }: HomeDependencies,
  { actor, member }: Decider,
  { approvers, unfinished, snapshot, tunnels, ends, at }: Read,
): Promise<HomeFacts | HomeRefusal> {
  const { slackId } = actor;
  const refusal = refusesStanding(member)?.because;
  if (refusal !== undefined) return { slackId, refusal };
  const isApprover = approvers.has(slackId);
  const email = actor.email?.toLowerCase();
  const stay = email === undefined ? undefined : await stays.stayOf(email);
  const isTheirs = (request: Request): boolean => {
    const planSeen = request.planHash ?? '';
    const { allowSelfApproval } = settings;
    return (
      decideApproval({ request, clicker: actor, member, approvers, planSeen, now: at, allowSelfApproval }).kind ===
      'approved'
    );
  };
  return {
    slackId,
    isApprover,
    devices: email === undefined || snapshot === undefined ? undefined : enrolledDevicesOf(snapshot, email),
    endsAt: stay?.endsAt,
    own: unfinished.filter(({ requester }) => requester.slackId === slackId),
    waiting: unfinished.filter(isTheirs),
    ending: isApprover ? endingSoon(ends, at) : [],
    tunnels: isApprover ? tunnels : undefined,
    at,
  };
}

function endingSoon(ends: readonly Stay[], now: number): Stay[] {
  return ends.filter(({ endsAt }) => endsAt - now <= SOON).toSorted((one, other) => one.endsAt - other.endsAt);
}

/** Slack ids of everybody on whose Home tab a request is, or was until just now. */
export function concernedBy(
  { requester, about, beneficiaries }: Pick<Request, 'requester' | 'about' | 'beneficiaries'>,
  approvers: Iterable<string>,
): string[] {
  const people = [...about, ...beneficiaries].flatMap(({ slackId }) => slackId ?? []);
  return [...new Set([...(isSystem(requester) ? [] : [requester.slackId]), ...people, ...approvers])];
}

function keyOf(slackId: string): string {
  return `home-opened:${slackId}`;
}

/** A page with a gap is better than none. */
function orUndefined<T>(reading: Promise<T>): Promise<T | undefined> {
  return reading.catch(() => undefined);
}
