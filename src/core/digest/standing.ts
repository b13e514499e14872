import { accessChangeIn, type ToldChange } from '../access-change.ts';
import type { AuditEntry } from '../audit.ts';
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
}

const FROM_THE_BEGINNING: Standing = { moment: -Infinity, revoked: new Map(), down: new Map() };

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
  for await (const entry of entries) {
    // Not the end: clocks of two processes differ.
    if (entry.at >= moment || entry.at < before.moment) continue;
    noteAccess(entry, revoked);
    noteTunnel(entry, down);
  }
  const believed = [...down].filter(([, { since }]) => moment - since < DROP_BELIEVED_MS);
  return { moment, revoked, down: new Map(believed) };
}

function noteAccess(entry: AuditEntry, revoked: Map<string, Cut>): void {
  const told = accessChangeIn(entry);
  if (told === undefined) return;
  for (const email of entry.people) {
    const cut = cutAfter(entry, told, revoked.get(email));
    if (cut !== undefined) revoked.set(email, cut);
  }
}

/** Undefined: nothing changes. */
function cutAfter(
  { requestId, at }: AuditEntry,
  { change, isDone }: ToldChange,
  before: Cut | undefined,
): Cut | undefined {
  if (change === 'taken-away') return { requestId, at };
  if (change === 'device-lost') return isRevoked(before) ? undefined : { requestId, at, because: 'lost' };
  return isDone ? ended(before, at) : undefined;
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
