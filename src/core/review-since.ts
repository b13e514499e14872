import { z } from 'zod';
import { accessChangeIn } from './access-change.ts';
import type { AuditEntry } from './audit.ts';
import { canReadOn, createAuditReading } from './digest/read-audit.ts';
import type { Store } from './ports.ts';
import { Given } from './review.ts';

/** What the audit log says of who was given access, up to an entry, as it is stored. */
export const GivenSoFar = z.object({
  /** Number of the first entry that was not read. */
  next: z.number().int(),
  /** By address. */
  given: z.array(z.tuple([z.string(), Given])),
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

const START: GivenSoFar = { next: 1, given: [] };

/**
 * Since when people have access: from the first request that gave it to them after it was last taken away. Reads on where
 * an earlier reading ended, or from the first entry on if the log does not reach that far any more. Throws like the store.
 */
export async function readGiven(
  store: Pick<Store, 'auditEntries' | 'auditHead'>,
  before: GivenSoFar = START,
): Promise<ReadGiven> {
  const known = (await canReadOn(store, before.next)) ? before : START;
  const given = new Map(known.given);
  const sent = new Set<string>();
  let { next } = known;
  let problem: string | undefined;
  const log = createAuditReading(store, (says) => {
    problem = says;
  });
  for await (const entry of log.entriesBefore(Infinity, next)) {
    const { kind, facts } = entry;
    if (kind === 'review.sent' && typeof facts['week'] === 'string') sent.add(facts['week']);
    noteAccess(entry, given);
    next = entry.seq + 1;
  }
  return { given, soFar: { next, given: [...given] }, sent, problem };
}

function noteAccess(entry: AuditEntry, given: Map<string, Given>): void {
  const told = accessChangeIn(entry);
  if (told?.isDone !== true) return;
  const { at, requestId, people } = entry;
  for (const email of people) {
    if (told.change === 'taken-away') given.delete(email);
    const isNew = told.change === 'given-back' || (told.change === 'given' && !given.has(email));
    if (isNew && requestId !== undefined) given.set(email, { at, requestId });
  }
}
