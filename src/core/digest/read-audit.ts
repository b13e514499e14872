import { z } from 'zod';
import type { AuditEntry } from '../audit.ts';
import { PermanentError } from '../errors.ts';
import type { Store } from '../ports.ts';
import { standingAt, type Standing } from './standing.ts';
import { unlessAltered } from '../unless-altered.ts';

/** What the audit log says of a moment, and where it goes on from there. */
export interface Bookmark {
  /** Undefined: the log is read from its first entry on. */
  readonly standing: Standing | undefined;
  /** Number of the first entry of that moment or later. */
  readonly next: number;
}

const START: Bookmark = { standing: undefined, next: 1 };

const StoredCut = z
  .object({
    requestId: z.string().optional(),
    at: z.number(),
    until: z.number().exactOptional(),
    because: z.literal('lost').exactOptional(),
  })
  .transform(({ requestId, ...cut }) => ({ requestId, ...cut }));

/** A bookmark as it is stored. */
export const StoredBookmark = z.object({
  moment: z.number(),
  next: z.number().int(),
  revoked: z.array(z.tuple([z.string(), StoredCut])),
  down: z.array(z.tuple([z.string(), z.object({ alertId: z.string(), name: z.string(), since: z.number() })])),
});
type StoredBookmark = z.input<typeof StoredBookmark>;

/** Without those who had access again by then: for later moments they are like everybody else. */
export function storedBookmark({ standing, next }: Bookmark): StoredBookmark | undefined {
  if (standing === undefined) return undefined;
  const { moment, revoked, down } = standing;
  return {
    moment,
    next,
    revoked: [...revoked].filter(([, { until = Infinity }]) => until > moment),
    down: [...down],
  };
}

export function readBookmark({ moment, next, revoked, down }: z.output<typeof StoredBookmark>): Bookmark {
  const standing = { moment, revoked: new Map(revoked), down: new Map(down) };
  return { standing, next };
}

/** Clocks of two processes differ, so an entry may stand behind one that is later by less than this. */
const SKEW_MS = 60 * 60 * 1000;

/** Whether the log still reaches to that entry: it may have been replaced by a shorter one. Taken on trust where nobody can tell. */
export async function canReadOn(store: Pick<Store, 'auditHead'>, next: number): Promise<boolean> {
  const head = await unlessAltered(() => store.auditHead());
  return head === undefined || next <= head.seq + 1;
}

type AuditReader = Pick<Store, 'auditEntries' | 'auditHead'>;

/**
 * The audit log for digests. Where an entry can’t be read, what follows is left out, and `onUnreadable` is told why.
 * Otherwise throws like the store.
 */
export function createAuditReading(store: AuditReader, onUnreadable: (says: string) => void) {
  async function* entries(from: number): AsyncIterable<AuditEntry> {
    try {
      yield* store.auditEntries(from);
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      onUnreadable(error.message);
    }
  }

  /** From a number on, as long as they are of before `moment`. */
  async function* entriesBefore(moment: number, from: number): AsyncIterable<AuditEntry> {
    for await (const entry of entries(from)) {
      if (entry.at >= moment + SKEW_MS) return;
      yield entry;
    }
  }

  return {
    entriesBefore,

    /** Reads on from the bookmark; from the first entry if that is of a later moment, or behind the end of the log. */
    async bookmarkAt(moment: number, known: Bookmark = START): Promise<Bookmark> {
      const isOfUse = (known.standing?.moment ?? -Infinity) <= moment && (await canReadOn(store, known.next));
      const { standing, next: from } = isOfUse ? known : START;
      let next: number | undefined;
      let last = from - 1;
      async function* noted(): AsyncIterable<AuditEntry> {
        for await (const entry of entriesBefore(moment, from)) {
          if (entry.at >= moment) next ??= entry.seq;
          last = entry.seq;
          yield entry;
        }
      }
      const after = await standingAt(moment, noted(), standing);
      return { standing: after, next: next ?? last + 1 };
    },
  };
}
