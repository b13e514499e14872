import { z } from 'zod';
import type { AuditEntry, AuditKind } from './audit.ts';
import { createAuditReading } from './digest/read-audit.ts';
import type { Store } from './ports.ts';
import { Given } from './review.ts';

/** What the audit log says of who was given access, up to an entry, as it is stored. */
export const GivenSoFar = z.object({
  /** Number of the first entry that was not read. */
  next: z.number().int(),
  /** By address. */
  given: z.array(z.tuple([z.string(), Given])),
  /** Requests under way that take away devices, and no access. */
  devicesOnly: z.array(z.string()),
});
export type GivenSoFar = z.infer<typeof GivenSoFar>;

export interface ReadGiven {
  readonly given: ReadonlyMap<string, Given>;
  readonly soFar: GivenSoFar;
  /** Weeks whose reviews were sent, of the entries that were read now. */
  readonly sent: ReadonlySet<string>;
  /** Why the rest could not be read, in a sentence. */
  readonly problem: string | undefined;
}

const START: GivenSoFar = { next: 1, given: [], devicesOnly: [] };

/**
 * Since when people have access: from the first request that gave it to them after it was last taken away. Reads on where
 * an earlier reading ended, or from the first entry on if the log does not reach that far any more. Throws like the store.
 */
export async function readGiven(
  store: Pick<Store, 'auditEntries' | 'auditHead'>,
  before: GivenSoFar = START,
): Promise<ReadGiven> {
  const known = before.next <= (await store.auditHead()).seq + 1 ? before : START;
  const given = new Map(known.given);
  const devicesOnly = new Set(known.devicesOnly);
  const sent = new Set<string>();
  let { next } = known;
  let problem: string | undefined;
  const log = createAuditReading(store, (says) => {
    problem = says;
  });
  for await (const entry of log.entriesBefore(Infinity, next)) {
    const { kind, facts } = entry;
    if (kind === 'review.sent' && typeof facts['week'] === 'string') sent.add(facts['week']);
    noteRequest(entry, given, devicesOnly);
    next = entry.seq + 1;
  }
  return { given, soFar: { next, given: [...given], devicesOnly: [...devicesOnly] }, sent, problem };
}

const GIVING = new Set(['add', 'add-many']);
const GIVING_BACK = 'restore';
const REVOKING = new Set(['revoke', 'revoke-many']);
const OVER: ReadonlySet<AuditKind> = new Set([
  'run.finished',
  'run.failed',
  'request.denied',
  'request.withdrawn',
  'request.expired',
]);

function noteRequest(entry: AuditEntry, given: Map<string, Given>, devicesOnly: Set<string>): void {
  const { kind, requestId = '', facts } = entry;
  if (kind === 'request.asked' && facts['scope'] === 'devices') devicesOnly.add(requestId);
  if (!devicesOnly.has(requestId)) notePeople(entry, given);
  if (OVER.has(kind)) devicesOnly.delete(requestId);
}

function notePeople({ kind, action = '', at, requestId, people }: AuditEntry, given: Map<string, Given>): void {
  const isDone = kind === 'run.finished';
  if (kind === 'stay.ended' || (isDone && REVOKING.has(action))) {
    for (const email of people) given.delete(email);
    return;
  }
  if (!isDone || requestId === undefined) return;
  for (const email of people) {
    const isNew = action === GIVING_BACK || (GIVING.has(action) && !given.has(email));
    if (isNew) given.set(email, { at, requestId });
  }
}
