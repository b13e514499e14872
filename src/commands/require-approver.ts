import { auditOfRefusal } from '../core/change-request.ts';
import { UserError } from '../core/errors.ts';
import type { Actor } from '../core/person.ts';
import type { Desk } from './desk.ts';

interface Refusal {
  /** For the audit log. */
  readonly says: string;
  /** For the person. */
  readonly because: string;
  readonly action?: string;
}

/** Throws UserError for somebody who is no approver, once that is in the audit log. Asks Slack now. */
export async function requireApprover(
  { directory, store, clock }: Pick<Desk, 'directory' | 'store' | 'clock'>,
  actor: Actor,
  { says, because, action }: Refusal,
): Promise<void> {
  const approvers = await directory.approvers({ fresh: true });
  if (approvers.has(actor.slackId)) return;
  await store.commit({ audit: [auditOfRefusal(actor, clock.now(), says, 'not-approver', action)], effects: [] });
  throw new UserError(because, { code: 'not-approver' });
}
