import { z } from 'zod';
import { AccessChange } from './access-change.ts';
import { PermanentError } from './errors.ts';
import { Person } from './person.ts';
import { Plan } from './plan.ts';

/** An action with its input, plan, state and history. */

export const Status = z.enum([
  'waiting', // for somebody else to type what is missing
  'pending', // for approval
  'approved', // for a worker
  'running',
  'done',
  'failed',
  'denied',
  'withdrawn',
  'expired',
]);
export type Status = z.infer<typeof Status>;

export type RequestEvent = 'complete' | 'approve' | 'deny' | 'withdraw' | 'expire' | 'start' | 'finish' | 'fail';

/** The legal moves; whatever is not here is refused. */
export const MOVES: Record<Status, Partial<Record<RequestEvent, Status>>> = {
  waiting: { complete: 'pending', withdraw: 'withdrawn', expire: 'expired' },
  pending: { approve: 'approved', deny: 'denied', withdraw: 'withdrawn', expire: 'expired' },
  approved: { start: 'running', fail: 'failed' },
  running: { finish: 'done', fail: 'failed' },
  done: {},
  failed: {},
  denied: {},
  withdrawn: {},
  expired: {},
};

export const Asker = z.object({
  slackId: z.string(),
  teamId: z.string(),
  name: z.string(),
  email: z.string().optional(),
});

export const StepRecord = z.object({
  /**
   * `applying` is written before the write itself: after a crash it tells our own half-done write from somebody else's
   * earlier one.
   */
  state: z.enum(['todo', 'applying', 'done', 'failed', 'undoing', 'undone', 'undo-failed', 'skipped']),
  /** This request wrote, or may have written before it failed; false: it was so already. */
  changed: z.boolean().default(false),
  /** Failed tries so far, of the current direction. */
  tries: z.number().int().default(0),
  /** Epoch milliseconds of the last change. */
  at: z.number().optional(),
  /** Epoch milliseconds: when it was tried first, of a step that waits for something to come about. */
  firstTriedAt: z.number().optional(),
  /** Epoch milliseconds before which a failed step of a reduction is not tried again. */
  retryAt: z.number().optional(),
  /** Why it failed, safe to show; of a step that is tried again, why it has not held yet. */
  problem: z.string().optional(),
  /** Which of its values this request changed, where the step is about several. */
  touched: z.array(z.string()).optional(),
  /** What people have to know of what the step found, in full sentences: `Check by hand: …`. */
  notes: z.array(z.string()).optional(),
});
export type StepRecord = z.infer<typeof StepRecord>;

export const Request = z.object({
  /** `REQ-0142` */
  id: z.string(),
  /** Counts the stored changes; a write names the version that it was made from. */
  version: z.number().int(),
  status: Status,
  action: z.string(),
  /** The action's: a grant that fails is taken back, a reduction goes on. */
  effect: z.enum(['grant', 'reduce', 'change']),
  /** What it does to the access of those whom it is about. Undefined: nothing. */
  access: AccessChange.optional(),
  /** The action's input, as its schema gave it. */
  input: z.record(z.string(), z.json()),
  /** The action's sentence. */
  says: z.string(),
  reason: z.string(),
  requester: Asker,
  beneficiaries: z.array(Person),
  /** Whom it is about: the beneficiaries, or those who lose something by it. */
  about: z.array(Person).default([]),
  /** Runs in the emergency queue. */
  isUrgent: z.boolean().default(false),
  waitsFor: z.object({ field: z.string(), from: Person }).optional(),
  plan: Plan.optional(),
  /** `hashPlan(plan)`: what an approval is for. */
  planHash: z.string().optional(),
  approvalsNeeded: z.number().int(),
  approvals: z.array(
    z.object({ by: Asker, at: z.number(), planHash: z.string(), ownRequest: z.boolean().default(false) }),
  ),
  denial: z.object({ by: Asker, at: z.number(), reason: z.string() }).optional(),
  /** Epoch milliseconds, all of these. */
  createdAt: z.number(),
  expiresAt: z.number(),
  decidedAt: z.number().optional(),
  startedAt: z.number().optional(),
  finishedAt: z.number().optional(),
  /** One for each step of the plan, in running order. */
  steps: z.array(StepRecord),
  /** `back`: a grant failed and what it gave is being taken back. */
  direction: z.enum(['forward', 'back']).default('forward'),
  /** Told to people while the worker waits for the far end. */
  waitingUntil: z.number().optional(),
  /** Since when a step of a reduction fails; gone once none does. */
  failingSince: z.number().optional(),
  /** When the approvers were called because a reduction kept failing. */
  calledAt: z.number().optional(),
  /** When the approvers were reminded that it still waits for them. */
  remindedAt: z.number().optional(),
  /** Why it failed, safe to show. */
  problem: z.string().optional(),
});
export type Request = z.infer<typeof Request>;

/** The request after an event. Throws if the move is not legal: the caller checks first where a person could cause it. */
export function move(request: Request, event: RequestEvent, changes: Partial<Request> = {}): Request {
  const status = MOVES[request.status][event];
  if (status === undefined) {
    throw new PermanentError(`${request.id} is ${request.status}, so it can't ${event}.`, { code: 'illegal-move' });
  }
  return { ...request, ...changes, status };
}

export function isOpen(request: Request): boolean {
  return request.status === 'waiting' || request.status === 'pending';
}

export function isOver(request: Request): boolean {
  return Object.keys(MOVES[request.status]).length === 0;
}

/** `REQ-0142` of 142. */
export function requestId(sequence: number): string {
  return `REQ-${String(sequence).padStart(4, '0')}`;
}

/** What the buttons of a request carry: its id and the plan that they speak of. Opaque to Slack, checked on every press. */
export function ticketOf(request: Request): string {
  return `${request.id}.${(request.planHash ?? '').slice(0, 16)}`;
}

export function readTicket(ticket: string): { readonly id: string; readonly plan: string } | undefined {
  const found = /^(REQ-\d{4,})\.([0-9a-f]{0,16})$/.exec(ticket);
  return found?.[1] === undefined ? undefined : { id: found[1], plan: found[2] ?? '' };
}
