import type { AuditEntry, AuditKind } from '../audit.ts';
import { type Drop, readTunnelChange } from './outages.ts';

/** Somebody’s access, or a device of theirs, was taken away. Times are epoch milliseconds. */
export interface Cut {
  readonly requestId: string | undefined;
  readonly at: number;
  /** When access was given to them again. */
  readonly until?: number;
  /** `lost`: only a device was, which was reported lost. Undefined: access was revoked. */
  readonly because?: 'lost';
}

/** What the audit log says of a moment. */
export interface Standing {
  /** Epoch milliseconds. */
  readonly moment: number;
  /** By address: everybody whose access was taken away, also those who have it again. */
  readonly revoked: ReadonlyMap<string, Cut>;
  /** Tunnels that were not well, by their ids. */
  readonly down: ReadonlyMap<string, Drop>;
  /** Requests under way that take away devices, and no access. */
  readonly devicesOnly: ReadonlySet<string>;
}

const FROM_THE_BEGINNING: Standing = { moment: -Infinity, revoked: new Map(), down: new Map(), devicesOnly: new Set() };

const REVOKING = new Set(['revoke', 'revoke-many']);
const GIVING = new Set(['add', 'add-many', 'restore', 'replace']);
const LOSING = 'lost';
const OVER: ReadonlySet<AuditKind> = new Set([
  'run.finished',
  'run.failed',
  'request.denied',
  'request.withdrawn',
  'request.expired',
]);
/** A tunnel that nobody watches any more has no entry that says that it is well. */
const DROP_BELIEVED_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Reads the audit log from its first entry on, or, given what it said of an earlier moment, from an entry of that moment on;
 * what was entered at `moment` or later is left out.
 */
export async function standingAt(
  moment: number,
  entries: AsyncIterable<AuditEntry>,
  before: Standing = FROM_THE_BEGINNING,
): Promise<Standing> {
  const revoked = new Map(before.revoked);
  const down = new Map(before.down);
  const devicesOnly = new Set(before.devicesOnly);
  for await (const entry of entries) {
    // Not the end: clocks of two processes differ.
    if (entry.at >= moment || entry.at < before.moment) continue;
    noteRequest(entry, revoked, devicesOnly);
    noteTunnel(entry, down);
  }
  const believed = [...down].filter(([, { since }]) => moment - since < DROP_BELIEVED_MS);
  return { moment, revoked, down: new Map(believed), devicesOnly };
}

function noteRequest(entry: AuditEntry, revoked: Map<string, Cut>, devicesOnly: Set<string>): void {
  const { kind, requestId = '', people, facts } = entry;
  if (kind === 'request.asked' && facts['scope'] === 'devices') devicesOnly.add(requestId);
  if (devicesOnly.has(requestId)) {
    if (OVER.has(kind)) devicesOnly.delete(requestId);
    return;
  }
  for (const email of people) {
    const cut = cutAfter(entry, revoked.get(email));
    if (cut !== undefined) revoked.set(email, cut);
  }
}

/** Undefined: nothing changes. */
function cutAfter({ kind, action = '', requestId, at }: AuditEntry, before: Cut | undefined): Cut | undefined {
  if (kind === 'stay.ended') return { requestId, at };
  if (kind !== 'run.started' && kind !== 'run.finished') return undefined;
  if (REVOKING.has(action)) return { requestId, at };
  if (action === LOSING) return isRevoked(before) ? undefined : { requestId, at, because: 'lost' };
  return kind === 'run.finished' && GIVING.has(action) ? ended(before, at) : undefined;
}

function isRevoked(cut: Cut | undefined): boolean {
  return cut !== undefined && cut.until === undefined && cut.because === undefined;
}

function ended(cut: Cut | undefined, at: number): Cut | undefined {
  return cut === undefined || cut.until !== undefined ? undefined : { ...cut, until: at };
}

function noteTunnel(entry: AuditEntry, down: Map<string, Drop>): void {
  const change = readTunnelChange(entry);
  if (change === undefined) return;
  const { tunnelId, alertId, name, at } = change;
  if (change.isBack) down.delete(tunnelId);
  else down.set(tunnelId, { alertId, name, since: at });
}
