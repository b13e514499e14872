import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonical } from './plan.ts';

export const AuditKind = z.enum([
  'request.asked',
  'request.completed',
  'request.approved',
  'request.denied',
  'request.withdrawn',
  'request.expired',
  'request.refused',
  'request.reminded',
  'run.started',
  'run.step',
  'run.undone',
  'run.finished',
  'run.failed',
  'run.stuck',
  'stay.told',
  'stay.ended',
  'access.attempted',
  'sign-in.checked',
  'tunnel.down',
  'tunnel.back',
  'logs.read',
  'audit.read',
  'digest.sent',
  'review.sent',
  'feedback',
]);
export type AuditKind = z.infer<typeof AuditKind>;

/** Who, what, for whom, when, with which outcome. `says` is a full sentence that an auditor reads months later. */
export const AuditFacts = z.object({
  kind: AuditKind,
  /** Epoch milliseconds. */
  at: z.number(),
  actor: z.object({ slackId: z.string(), teamId: z.string(), name: z.string() }),
  requestId: z.string().optional(),
  action: z.string().optional(),
  /** Addresses of the people that it is about. */
  people: z.array(z.string()),
  says: z.string(),
  facts: z.record(z.string(), z.json()),
});
export type AuditFacts = z.infer<typeof AuditFacts>;

export const AuditEntry = AuditFacts.extend({
  /** From 1, without gaps. */
  seq: z.number().int(),
  /** Hash of the entry before; 64 zeros for the first. */
  prev: z.string(),
  /** SHA-256, hex, over the canonical JSON of everything else. */
  hash: z.string(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

export const CHAIN_START: ChainHead = { seq: 0, hash: '0'.repeat(64) };

/** The entry that follows `head`. */
export function chain(head: ChainHead, facts: AuditFacts): AuditEntry {
  const body = { ...facts, seq: head.seq + 1, prev: head.hash };
  return { ...body, hash: hashOf(body) };
}

export interface ChainFault {
  readonly ok: false;
  /** The first entry in doubt, counted from 1; those before it are whole. */
  readonly seq: number;
  /** Without capital and full stop. */
  readonly why: string;
}

export type ChainVerdict = { readonly ok: true; readonly head: ChainHead } | ChainFault;

/** Checks entries from the first on, in order. Says which is the first that was altered, removed or put in. */
export function verifyChain(entries: Iterable<AuditEntry>): ChainVerdict {
  let head = CHAIN_START;
  for (const entry of entries) {
    const fault = faultIn(entry, head);
    if (fault !== undefined) return fault;
    head = { seq: entry.seq, hash: entry.hash };
  }
  return { ok: true, head };
}

/** What is wrong with an entry as the one that follows `head`; undefined if nothing is. */
export function faultIn(entry: AuditEntry, head: ChainHead): ChainFault | undefined {
  const seq = head.seq + 1;
  if (entry.seq > seq)
    return { ok: false, seq, why: `entry ${seq} is missing: entry ${entry.seq} stands in its place` };
  if (entry.seq < seq) return surplus(entry, head);
  const { hash, ...body } = entry;
  if (hashOf(body) !== hash) return { ok: false, seq, why: `entry ${seq} was altered` };
  if (entry.prev === head.hash) return undefined;
  if (head.seq === 0) return { ok: false, seq, why: 'entry 1 continues another entry, and there is none before it' };
  return { ok: false, seq: head.seq, why: `entry ${head.seq} was replaced: entry ${seq} continues another one` };
}

/** Of an entry whose number has been there already. */
function surplus(entry: AuditEntry, head: ChainHead): ChainFault {
  const seq = head.seq + 1;
  if (entry.seq !== head.seq || head.seq === 0)
    return { ok: false, seq, why: `entry ${seq} was put in: it says that it is entry ${entry.seq}` };
  if (entry.hash === head.hash) return { ok: false, seq, why: `entry ${head.seq} was put in a second time` };
  // Each of the two may continue the entry before it: only what follows could tell which was there first.
  return { ok: false, seq: head.seq, why: `one of two was put in: both say that they are entry ${head.seq}` };
}

function hashOf(body: Omit<AuditEntry, 'hash'>): string {
  return createHash('sha256').update(canonical(body)).digest('hex');
}
