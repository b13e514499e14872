import { z } from 'zod';

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
  }),
  /** What became of a request, in the audit channel. */
  z.object({ kind: z.literal('audit-summary'), requestId: z.string() }),
  /** The new colleague's answer to the welcome, for the requester. */
  z.object({ kind: z.literal('feedback'), requestId: z.string(), from: z.string(), isIn: z.boolean() }),
  /** Something that only the operator can mend, in the ops channel. */
  z.object({ kind: z.literal('operator-alert'), says: z.string(), requestId: z.string().optional() }),
]);
export type Post = z.infer<typeof Post>;
