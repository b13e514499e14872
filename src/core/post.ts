import { z } from 'zod';
import { AccessEvent } from './access-event.ts';
import { Person } from './person.ts';

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
  z.object({ kind: z.literal('attempts'), requestId: z.string(), events: z.array(AccessEvent) }),
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
  /** Something that only the operator can mend, in the ops channel. */
  z.object({ kind: z.literal('operator-alert'), says: z.string(), requestId: z.string().optional() }),
]);
export type Post = z.infer<typeof Post>;
