import { z } from 'zod';
import { LogGap } from '../logs.ts';
import { Person } from '../person.ts';

const Numbers = z.object({ signIns: z.number(), denied: z.number(), people: z.number(), devices: z.number() });

/** Whether something is in what was read, or follows from it with some likelihood. */
export const Basis = z.enum(['fact', 'inference']);
export type Basis = z.infer<typeof Basis>;

/** What happened on one day, as it is told the next morning. Lists are cut to what can be shown; the counts are whole. */
export const Digest = z.object({
  /** `2026-11-20` */
  day: z.string(),
  /** IANA name. */
  timeZone: z.string(),
  /** Epoch milliseconds: the day’s first moment and the next day’s: 23, 24 or 25 hours. */
  from: z.number(),
  to: z.number(),
  access: z.object({
    ...Numbers.shape,
    /** The mean of a day in the week before; undefined if none of its days was counted. */
    before: Numbers.optional(),
    /** One for each hour of the day. */
    hours: z.array(z.object({ label: z.string(), signIns: z.number(), denied: z.number() })),
    /** Why the log could not be read, in a sentence. */
    problem: z.string().optional(),
  }),
  denials: z.array(
    z.object({ email: z.string(), count: z.number(), reason: z.string(), basis: Basis, lastAt: z.number() }),
  ),
  /** People with denials that are not in the list. */
  moreDenials: z.number(),
  /** Their denials. */
  moreTries: z.number().optional(),
  /** True: so many addresses tried that `moreDenials` is an estimate, and a `count` the least that it can be. */
  denialsAreRough: z.boolean().optional(),
  /** Tries of people whose access was revoked before. */
  revoked: z.array(
    z.object({
      email: z.string(),
      count: z.number(),
      /** How many of them were let in. */
      letIn: z.number(),
      requestId: z.string().optional(),
      /** `lost`: a device of theirs was reported lost, and only denials are counted. Undefined: their access was revoked. */
      because: z.literal('lost').optional(),
      lastAt: z.number(),
    }),
  ),
  /** Such people who are not in the list. */
  moreRevoked: z.number().optional(),
  /** Worth a look: sentences with their basis. */
  unusual: z.array(
    z.object({
      kind: z.enum(['first-country', 'first-device', 'impossible-travel']),
      email: z.string(),
      says: z.string(),
      basis: Basis,
      at: z.number(),
    }),
  ),
  moreUnusual: z.number(),
  network: z.object({
    sessions: z.number(),
    /** Bytes. */
    sent: z.number(),
    received: z.number(),
    destinations: z.array(z.object({ name: z.string(), sessions: z.number(), bytes: z.number() })),
    devices: z.array(z.object({ name: z.string(), email: z.string(), bytes: z.number() })),
    problem: z.string().optional(),
  }),
  tunnel: z.object({
    /** Milliseconds of the day. */
    down: z.number(),
    outages: z.array(z.object({ name: z.string(), from: z.number(), to: z.number().optional() })),
  }),
  bot: z.object({
    asked: z.number(),
    done: z.number(),
    denied: z.number(),
    failed: z.number(),
    /** Not over when the digest was made. */
    open: z.array(z.object({ id: z.string(), says: z.string() })),
    /** That are not in the list. */
    moreOpen: z.number().optional(),
  }),
  /** Whose access ends in the next 7 days, soonest first. */
  ending: z.array(z.object({ person: Person, endsAt: z.number() })),
  /** People who are not in the list. */
  moreEnding: z.number().optional(),
  /** When the log could not be read, as far as it touches the day. */
  gaps: z.array(LogGap),
  /** What else has to be known of it, in sentences: `The day is not over yet.` */
  notes: z.array(z.string()).optional(),
  /** Only if it comes late: epoch milliseconds at which it should have come. */
  dueAt: z.number().optional(),
  /** Rows that were dropped because there were too many. */
  dropped: z.object({ rows: z.number(), upTo: z.number() }).optional(),
  /** Of the audit log when the digest was made: Slack keeps it for us. Undefined: somebody altered it so that it can’t be read. */
  head: z.object({ seq: z.number(), hash: z.string() }).optional(),
});
export type Digest = z.infer<typeof Digest>;
