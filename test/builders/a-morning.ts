import type { AuditFacts } from '../../src/core/audit.ts';
import type { TimeOfDay } from '../../src/core/day.ts';
import type { AccessRow, NetworkRow } from '../../src/core/log-row.ts';
import type { Logs } from '../../src/core/logs.ts';
import type { Post } from '../../src/core/post.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import type { DigestDependencies } from '../../src/jobs/digest.ts';
import { aLog } from '../jobs/builders.ts';
import { aClock } from './a-clock.ts';
import { ANA, CARA } from './a-request.ts';
import { aSnapshot } from './a-snapshot.ts';
import { createMemoryCloudflare } from './memory-cloudflare.ts';
import { createMemoryLocks } from './memory-locks.ts';
import { createMemoryLogs } from './memory-logs.ts';
import { createMemoryStore } from './memory-store.ts';

export interface MorningOptions {
  /** `2026-11-21T08:00Z` */
  readonly now?: string;
  readonly timeZone?: string;
  readonly at?: TimeOfDay;
  readonly retentionDays?: number;
  readonly snapshot?: Snapshot;
}

/** All that a digest is made of, in memory. Nothing was told yet. */
export function aMorning({
  now = '2026-11-21T08:00Z',
  timeZone = 'UTC',
  at = { hour: 8, minute: 0 },
  retentionDays = 30,
  snapshot = aSnapshot(),
}: MorningOptions = {}) {
  const clock = aClock(Date.parse(now));
  const store = createMemoryStore(clock);
  const logs = createMemoryLogs();
  const cloudflare = createMemoryCloudflare(snapshot);
  const log = aLog();
  const locks = createMemoryLocks();
  const settings = { timeZone, at, retentionDays };
  const dependencies: DigestDependencies = { store, stays: store, logs, cloudflare, locks, clock, log, settings };
  return { ...dependencies, dependencies, clock, store, logs, cloudflare, log, locks };
}

let rows = 0;

/** Ana comes in from Germany. `at`: `2026-11-20T09:00Z`. */
export function aVisit(at: string, changes: Partial<Omit<AccessRow, 'at'>> = {}): AccessRow {
  rows += 1;
  return {
    id: `ray-${rows}`,
    at: Date.parse(at),
    email: ANA.email,
    allowed: true,
    app: 'ocs.lantern.example',
    ip: '203.0.113.7',
    method: 'onetimepin',
    country: 'DE',
    ...changes,
  };
}

export function aSession(at: string, changes: Partial<Omit<NetworkRow, 'at'>> = {}): NetworkRow {
  rows += 1;
  return {
    id: `session-${rows}`,
    at: Date.parse(at),
    email: ANA.email,
    destination: '10.20.0.5',
    sessions: 3,
    sent: 1000,
    received: 8000,
    ...changes,
  };
}

/** Both logs are read up to a moment. */
export async function readUpTo(logs: Pick<Logs, 'keepPulled'>, moment: string): Promise<void> {
  const until = Date.parse(moment);
  await logs.keepPulled('access', { until, gaps: [] });
  await logs.keepPulled('network', { until, gaps: [] });
}

/** What happened, as the audit log has it. */
export function anAuditEntry(at: string, changes: Partial<Omit<AuditFacts, 'at'>> = {}): AuditFacts {
  return {
    kind: 'run.finished',
    at: Date.parse(at),
    actor: CARA,
    requestId: 'REQ-0007',
    action: 'revoke',
    people: [ANA.email],
    says: 'Access was revoked.',
    facts: { access: 'taken-away' },
    ...changes,
  };
}

type DigestPost = Extract<Post, { kind: 'digest' }>;

/** The digests among what is to be shown, in order. */
export function digestsIn({ effects }: Pick<ReturnType<typeof createMemoryStore>, 'effects'>): DigestPost[] {
  return effects.flatMap((one) => (one.kind === 'post' && one.post.kind === 'digest' ? [one.post] : []));
}

/** What the operators are told. */
export function alertsIn({ effects }: Pick<ReturnType<typeof createMemoryStore>, 'effects'>): string[] {
  return effects.flatMap((one) => (one.kind === 'post' && one.post.kind === 'operator-alert' ? [one.post.says] : []));
}
