import { z } from 'zod';
import type { LogKind, LogRows } from './log-row.ts';

/** A stretch of time of which no rows could be had. */
export const LogGap = z.object({ from: z.number(), to: z.number(), why: z.string() });
export type LogGap = z.infer<typeof LogGap>;

/** All that analytics know of logins, where it could not be had with their rows. */
const PulledDetails = z.object({
  /** They are still to be asked for. Both count in. */
  owed: z.object({ since: z.number(), until: z.number() }).optional(),
  /** Why there are none, in a sentence, and when they are asked for again. */
  none: z.object({ why: z.string(), askAt: z.number() }).optional(),
});

/** How far the log of one kind was read. */
export const Pulled = z.object({
  /** Epoch milliseconds: all that there was up to then is stored. */
  until: z.number(),
  /** The newest ones, oldest first. */
  gaps: z.array(LogGap),
  /** Why it can't be read now, in a sentence. */
  problem: z.string().optional(),
  /** When it is asked for again, where plan or token have no such data. */
  askAt: z.number().optional(),
  /** Time of the newest row that was ever stored: unlike `until` by the clock of Cloudflare. */
  newest: z.number().optional(),
  /** What analytics know of the rows, where something is left to do about that. */
  details: PulledDetails.optional(),
});
export type Pulled = z.infer<typeof Pulled>;

/** Rows that were dropped because there were too many, not for their age. */
export const DroppedRows = z.object({
  rows: z.number(),
  /** Epoch milliseconds: the newest of them. */
  upTo: z.number(),
});
export type DroppedRows = z.infer<typeof DroppedRows>;

/** What is kept of a day for long after its rows are gone. */
export const DayCounts = z.object({
  /** `2026-11-20`, in the operator's time zone. */
  day: z.string(),
  signIns: z.number(),
  denied: z.number(),
  people: z.number(),
  devices: z.number(),
  networkSessions: z.number(),
  sent: z.number(),
  received: z.number(),
  /** Milliseconds without a tunnel. */
  tunnelDown: z.number(),
});
export type DayCounts = z.infer<typeof DayCounts>;

/** Where and with what somebody was let in before: what is not in here is new. */
export const SeenBefore = z.object({
  email: z.string(),
  countries: z.array(z.string()),
  devices: z.array(z.string()),
  /** Epoch milliseconds of the last time that they were let in. */
  lastAt: z.number(),
});
export type SeenBefore = z.infer<typeof SeenBefore>;

export interface RowsQuery {
  /** Epoch milliseconds; `since` counts in, `until` does not. */
  readonly since: number;
  readonly until: number;
  readonly direction: 'oldest-first' | 'newest-first';
}

/** The rows of Cloudflare's logs that are kept, and what is counted of them. Throws like the store. */
export interface Logs {
  /**
   * Resolves to how many were new. A row that is there already gains the fields that it did not have, and of each count
   * the larger one stays.
   */
  addRows<Kind extends LogKind>(kind: Kind, rows: readonly LogRows[Kind][]): Promise<number>;
  /** Page after page, in order of time, as far as somebody reads on: memory does not grow with the rows. */
  rows<Kind extends LogKind>(kind: Kind, query: RowsQuery): AsyncIterable<readonly LogRows[Kind][]>;
  /** Drops the oldest rows until none is older than `before` (epoch milliseconds) and at most `most` are left, both kinds together. */
  dropRows(bounds: {
    readonly before: number;
    readonly most: number;
  }): Promise<{ readonly dropped: number; readonly upTo: number | undefined }>;
  /** Adds to what is noted of that day (`2026-11-20`). Kept for 400 days. */
  keepDropped(day: string, dropped: DroppedRows): Promise<void>;
  /** What is noted of each of these days, in their order. */
  dropped(days: readonly string[]): Promise<readonly (DroppedRows | undefined)[]>;
  /** The time of the oldest row of both kinds. Undefined: there is none. */
  oldestRow(): Promise<number | undefined>;
  pulled(kind: LogKind): Promise<Pulled | undefined>;
  keepPulled(kind: LogKind, pulled: Pulled): Promise<void>;
  /** Of days between two, both included, oldest first; days without counts are left out. */
  dayCounts(from: string, to: string): Promise<DayCounts[]>;
  /** Kept for 400 days. */
  keepDayCounts(counts: DayCounts): Promise<void>;
  seenBefore(emails: readonly string[]): Promise<SeenBefore[]>;
  keepSeen(seen: readonly SeenBefore[]): Promise<void>;
  /** Forgets who was not let in since then (epoch milliseconds). */
  dropSeen(before: number): Promise<void>;
}
