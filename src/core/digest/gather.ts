import { isKnownError } from '../errors.ts';
import { denialExplainer, deviceFinder } from '../explain-denial.ts';
import type { DayCounts, LogGap, Logs, SeenBefore } from '../logs.ts';
import type { Clock, Cloudflare, Stays, Store } from '../ports.ts';
import type { Snapshot } from '../snapshot.ts';
import { buildDigest, type DigestFacts } from './build-digest.ts';
import { boundsOf, dayBefore, dayOf, daysBefore, type DayBounds } from '../day.ts';
import type { Digest } from './digest.ts';
import { droppedSince, logStateOf } from './log-state.ts';
import { createAuditReading, type Bookmark } from './read-audit.ts';
import { unlessAltered } from '../unless-altered.ts';

export interface GatherDependencies {
  readonly logs: Pick<Logs, 'rows' | 'pulled' | 'dropped' | 'dayCounts' | 'seenBefore'>;
  readonly store: Pick<Store, 'auditEntries' | 'auditHead' | 'unfinished'>;
  readonly stays: Pick<Stays, 'stays'>;
  readonly cloudflare: Pick<Cloudflare, 'snapshot'>;
  readonly clock: Clock;
  readonly settings: GatherSettings;
}

export interface GatherSettings {
  /** IANA name. */
  readonly timeZone: string;
  /** For how long rows are kept. */
  readonly retentionDays: number;
}

export interface GatherOptions {
  /** What the audit log said of an earlier moment. Without it the log is read from its first entry on. */
  readonly bookmark?: Bookmark | undefined;
  /** Epoch milliseconds: the bot has read logs from then on only. */
  readonly beganAt?: number | undefined;
}

export interface GatheredDigest {
  readonly digest: Digest;
  /** To be kept once the digest is told. */
  readonly counts: DayCounts;
  readonly seen: readonly SeenBefore[];
  /** At the end of the day. */
  readonly bookmark: Bookmark;
}

const WEEK = 7;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Makes the digest of a day, which changes nothing. What can’t be had is said in it; throws like the store. */
export async function gatherDigest(
  dependencies: GatherDependencies,
  day: string,
  { bookmark, beganAt = -Infinity }: GatherOptions = {},
): Promise<GatheredDigest> {
  const { logs, store, cloudflare, clock, settings } = dependencies;
  const now = clock.now();
  const bounds = boundsOf(day, settings.timeZone);
  const notes = new Set(now < bounds.to ? ['The day is not over yet.'] : []);
  const audit = await auditFacts(store, bounds, { bookmark, tell: (says) => notes.add(`${AUDIT_UNREADABLE} ${says}`) });
  const [state, account, others] = await Promise.all([
    logStateOf(logs, bounds, now),
    readAccount(cloudflare),
    otherFacts(dependencies, day, bounds),
  ]);
  const rows = { since: bounds.from, until: bounds.to, direction: 'oldest-first' } as const;
  const kept = now - settings.retentionDays * DAY_MS;
  const { counts, seen, ...digest } = await buildDigest({
    day,
    timeZone: settings.timeZone,
    access: logs.rows('access', rows),
    network: logs.rows('network', rows),
    ...audit.facts,
    ...others,
    gaps: [
      ...missing(bounds, kept, `Rows are kept for ${daysInWords(settings.retentionDays)}.`),
      ...missing(bounds, beganAt, 'The bot had not begun to read the logs.'),
      ...state.gaps,
    ],
    problems: state.problems,
    ...explaining(account),
  });
  for (const one of state.notes) notes.add(one);
  if (account.problem !== undefined && asksForAccount(digest)) notes.add(account.problem);
  const noted = notes.size === 0 ? {} : { notes: [...notes] };
  return { digest: { ...digest, ...noted }, counts, seen, bookmark: audit.end };
}

const AUDIT_UNREADABLE = 'What the bot did, and who was revoked, is not known to the end.';

interface AuditOptions {
  readonly bookmark: Bookmark | undefined;
  /** Told why an entry can’t be read. */
  readonly tell: (says: string) => void;
}

async function auditFacts(
  store: GatherDependencies['store'],
  { from, to }: DayBounds,
  { bookmark, tell }: AuditOptions,
): Promise<{ readonly facts: Pick<DigestFacts, 'audit' | 'revoked' | 'down'>; readonly end: Bookmark }> {
  const log = createAuditReading(store, tell);
  const begin = await log.bookmarkAt(from, bookmark);
  const end = await log.bookmarkAt(to, begin);
  const facts = {
    audit: log.entriesBefore(to, begin.next),
    revoked: end.standing?.revoked ?? new Map<string, never>(),
    down: begin.standing?.down ?? new Map<string, never>(),
  };
  return { facts, end };
}

type OtherFacts = Pick<DigestFacts, 'seenBefore' | 'weekBefore' | 'stays' | 'open' | 'dropped' | 'head'>;

async function otherFacts(
  { logs, store, stays, clock, settings }: GatherDependencies,
  day: string,
  { from }: DayBounds,
): Promise<OtherFacts> {
  const now = clock.now();
  const ends = await stays.stays();
  return {
    seenBefore: logs.seenBefore,
    weekBefore: await logs.dayCounts(daysBefore(day, WEEK), dayBefore(day)),
    stays: ends.filter(({ endsAt }) => endsAt > now && endsAt <= now + WEEK * DAY_MS),
    open: (await store.unfinished()).map(({ id, says }) => ({ id, says })),
    dropped: await droppedSince(logs, day, { from, today: dayOf(now, settings.timeZone) }),
    head: await unlessAltered(() => store.auditHead()),
  };
}

interface Account {
  readonly snapshot: Snapshot | undefined;
  readonly problem?: string;
}

async function readAccount(cloudflare: Pick<Cloudflare, 'snapshot'>): Promise<Account> {
  try {
    return { snapshot: await cloudflare.snapshot({ devicesOf: 'all', loginMethods: true, undecided: 'first' }) };
  } catch (error) {
    if (!isKnownError(error)) throw error;
    return { snapshot: undefined, problem: `Reasons and names of devices are missing. ${error.message}` };
  }
}

function explaining(account: Account): Pick<DigestFacts, 'explain' | 'deviceName'> {
  const find = deviceFinder(account.snapshot?.devices ?? []);
  return { explain: denialExplainer(account), deviceName: (deviceId) => find({ deviceId })?.name };
}

function asksForAccount({ denials, unusual }: Pick<Digest, 'denials' | 'unusual'>): boolean {
  return denials.length > 0 || unusual.some(({ kind }) => kind === 'first-device');
}

/** The part of the day before a moment. */
function missing({ from, to }: DayBounds, before: number, why: string): LogGap[] {
  return before > from ? [{ from, to: Math.min(before, to), why }] : [];
}

function daysInWords(days: number): string {
  return days === 1 ? '1 day' : `${days} days`;
}
