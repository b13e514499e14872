import { z } from 'zod';
import { AccessEvent } from './access-event.ts';
import { Digest } from './digest/digest.ts';
import { Person } from './person.ts';
import { Review } from './review.ts';

/**
 * Something to be shown in Slack, as data in the outbox. Cards are drawn from the request as it is when they are
 * delivered, so a late or repeated delivery shows the truth.
 */
export const Post = z.discriminatedUnion('kind', [
  /** The one message of a request in the approvals channel, posted or edited. */
  z.object({ kind: z.literal('approval-card'), requestId: z.string() }),
  /** The one message of a request in the requester's DM, posted or edited. */
  z.object({ kind: z.literal('requester-card'), requestId: z.string() }),
  /** A new DM to the requester, once it is over: edits notify nobody. */
  z.object({ kind: z.literal('outcome'), requestId: z.string() }),
  /** The DM that asks a colleague for what is missing, posted or edited. */
  z.object({ kind: z.literal('invite'), requestId: z.string() }),
  /** How to get in, for the new colleague. */
  z.object({
    kind: z.literal('welcome'),
    requestId: z.string(),
    slackId: z.string(),
    /** False: `slackId` is the requester, who passes it on to somebody outside Slack. */
    isForReader: z.boolean(),
    email: z.string(),
    name: z.string(),
    teamName: z.string(),
    appUrl: z.string(),
    /** The new device of somebody who has access: they know the rest. */
    isReplacement: z.boolean().default(false),
    /** Several who are not in Slack, for the requester to pass it on to; `email` is empty then. */
    emails: z.array(z.string()).exactOptional(),
  }),
  /** What became of a request, in the audit channel. */
  z.object({ kind: z.literal('audit-summary'), requestId: z.string() }),
  /** Where the token is that proves whose bucket it is, to whoever asked for an export to it. */
  z.object({ kind: z.literal('export-challenge'), requestId: z.string(), filename: z.string() }),
  /** The new colleague's answer to the welcome, for the requester. */
  z.object({ kind: z.literal('feedback'), requestId: z.string(), from: z.string(), isIn: z.boolean() }),
  /** A lost device, in the security channel: the one message that is edited, and whose thread holds the rest. */
  z.object({ kind: z.literal('incident-card'), requestId: z.string() }),
  /** Who was at the door with this person's address before it was cut off, in the thread of the incident. */
  z.object({
    kind: z.literal('incident-events'),
    requestId: z.string(),
    email: z.string(),
    /** Epoch milliseconds: from when on the log was read. */
    since: z.number(),
    /** Newest first. */
    events: z.array(AccessEvent),
    /** Why the log could not be read, in a sentence. */
    problem: z.string().optional(),
  }),
  /** Somebody who was cut off tried to come in since, in the thread of the request. */
  z.object({
    kind: z.literal('attempts'),
    requestId: z.string(),
    events: z.array(AccessEvent),
    /** Not everything could be cut off by then. */
    isPartly: z.boolean().optional(),
  }),
  /** To the owner of a device that somebody else reported lost. */
  z.object({ kind: z.literal('device-reported'), requestId: z.string(), slackId: z.string() }),
  /** Calls the approvers to a request that waits for them, in the thread of its card. `isFirst`: it can't wait. */
  z.object({ kind: z.literal('reminder'), requestId: z.string(), isFirst: z.boolean() }),
  /** Calls the approvers to a reduction that keeps failing, with what to do by hand, in the thread of the request. */
  z.object({ kind: z.literal('stuck'), requestId: z.string() }),
  /** Access ends soon: to the person (`slackId`), or to the approvers. */
  z.object({
    kind: z.literal('end-notice'),
    requestId: z.string(),
    person: Person,
    endsAt: z.number(),
    /** Days before the end. */
    days: z.number(),
    slackId: z.string().optional(),
  }),
  /** The Home tab of one person, if they have ever opened it. */
  z.object({ kind: z.literal('home'), slackId: z.string() }),
  /** The Home tabs of everybody whom a request concerns. */
  z.object({ kind: z.literal('homes'), requestId: z.string() }),
  /** A tunnel that is not well, in the ops channel: one message, edited until it is well again. */
  z.object({
    kind: z.literal('tunnel-alert'),
    /** Names the one message: the outage. */
    alertId: z.string(),
    /** Counts the changes: an older one never takes the place of a newer one. */
    seq: z.number().int(),
    tunnel: z.object({ id: z.string(), name: z.string() }),
    status: z.enum(['inactive', 'degraded', 'healthy', 'down', 'unknown', 'gone']),
    /** Epoch milliseconds, all of these. `since`: it has not been well from then on. */
    since: z.number(),
    /** Where it was well in between: since when it is not well this time. */
    again: z.number().exactOptional(),
    /** Undefined: it is not well now. With another status than `healthy`: it is not watched any more. */
    endedAt: z.number().optional(),
    /** What it was, in order, until now. */
    was: z.array(z.enum(['inactive', 'degraded', 'down', 'gone'])).exactOptional(),
    /** How often it stopped being well, and for how long in all; what goes on is not counted in the length yet. */
    drops: z.number().int(),
    downMs: z.number(),
    /** What the bot did about it by itself. */
    restarts: z.array(z.object({ requestId: z.string(), at: z.number() })),
    /** It restarted as often as it may, and a person has to look. */
    gaveUp: z.boolean(),
    /** Why the bot could not restart it, in a sentence. */
    problem: z.string().exactOptional(),
  }),
  /** What to do when no code arrives, to the person. `wasReset`: an approver has just reset their sign-in. */
  z.object({
    kind: z.literal('otp-help'),
    slackId: z.string(),
    email: z.string(),
    appUrl: z.string(),
    wasReset: z.boolean(),
    requestId: z.string().optional(),
    /** The name of whoever had it sent, if that is somebody else. */
    askedBy: z.string().exactOptional(),
  }),
  /** What happened on one day: the message, and the details in its thread. `askedBy`: to this person instead, because they asked. */
  z.object({ kind: z.literal('digest'), day: z.string(), data: Digest, askedBy: z.string().optional() }),
  z.object({ kind: z.literal('digest-details'), day: z.string(), data: Digest, askedBy: z.string().optional() }),
  /** Who has access, once a week: the message, and the list as a file in its thread. */
  z.object({ kind: z.literal('review'), data: Review }),
  /** Something that only the operator can mend, in the ops channel. */
  z.object({ kind: z.literal('operator-alert'), says: z.string(), requestId: z.string().optional() }),
]);
export type Post = z.infer<typeof Post>;
