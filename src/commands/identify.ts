import { refusesStanding } from '../core/approval.ts';
import { auditOfRefusal } from '../core/change-request.ts';
import { UserError } from '../core/errors.ts';
import type { Decider } from '../core/decide.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';

/**
 * Who calls, by user and team id; `fresh` asks Slack now, for presses that decide. Somebody who may do nothing here is
 * refused, and that is in the audit log first.
 */
export async function identify(
  { directory, store, clock, teamId }: Pick<Desk, 'directory' | 'store' | 'clock' | 'teamId'>,
  call: Pick<Call, 'userId' | 'teamId'>,
  { fresh = false } = {},
): Promise<Decider> {
  const { actor, member } = await directory.find(call.userId, { fresh });
  const claimed = call.teamId === teamId ? member : { ...member, standing: 'foreign' as const };
  const refusal = refusesStanding(claimed);
  if (refusal === undefined) return { actor, member };
  const says = `${actor.name} was turned away: ${refusal.because}`;
  const turnedAway = auditOfRefusal({ ...actor, teamId: call.teamId }, clock.now(), says, refusal.code);
  await store.commit({ audit: [turnedAway], effects: [] });
  throw new UserError(refusal.because, { code: refusal.code });
}
