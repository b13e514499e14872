import { auditOfRefusal } from '../core/change-request.ts';
import type { Decider } from '../core/decide.ts';
import { UserError } from '../core/errors.ts';
import type { Actor } from '../core/person.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { identify } from './identify.ts';

interface ForApprovers {
  /** For the audit log: `to read the audit log`. */
  readonly tried: string;
  /** For the person: in sentences, with what they can do instead. */
  readonly because: string;
  readonly action?: string;
}

/** Throws UserError for somebody who is no approver, once that is in the audit log. Asks Slack now. */
export async function requireApprover(
  { directory, store, clock }: Pick<Desk, 'directory' | 'store' | 'clock'>,
  actor: Actor,
  { tried, because, action }: ForApprovers,
): Promise<void> {
  const approvers = await directory.approvers({ fresh: true });
  if (approvers.has(actor.slackId)) return;
  const says = `${actor.name} tried ${tried} without being an approver.`;
  await store.commit({ audit: [auditOfRefusal(actor, clock.now(), says, 'not-approver', action)], effects: [] });
  throw new UserError(because, { code: 'not-approver' });
}

/** Who calls, where only approvers may. Throws like `identify` and `requireApprover`. */
export async function identifyApprover(
  desk: Pick<Desk, 'directory' | 'teamId' | 'store' | 'clock'>,
  call: Pick<Call, 'userId' | 'teamId'>,
  forApprovers: ForApprovers,
): Promise<Decider> {
  const found = await identify(desk, call);
  await requireApprover(desk, found.actor, forApprovers);
  return found;
}
