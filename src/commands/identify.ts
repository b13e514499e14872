import { refusesStanding, type Member } from '../core/approval.ts';
import { auditOfRefusal } from '../core/change-request.ts';
import { UserError } from '../core/errors.ts';
import type { Decider } from '../core/decide.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';

type Identifying = Pick<Desk, 'directory' | 'teamId'>;

/** Who calls, by user and team id, and why they may do nothing here, if so. `fresh` asks Slack now. */
export async function recognise(
  { directory, teamId }: Identifying,
  call: Pick<Call, 'userId' | 'teamId'>,
  { fresh = false } = {},
): Promise<Decider & { readonly refusal: ReturnType<typeof refusesStanding> }> {
  const { actor, member } = await directory.find(call.userId, { fresh });
  const claimed: Member = call.teamId === teamId ? member : { ...member, standing: 'foreign' };
  return { actor, member, refusal: refusesStanding(claimed) };
}

/**
 * Who calls, by user and team id; `fresh` asks Slack now, for presses that decide. Somebody who may do nothing here is
 * refused, and that is in the audit log first.
 */
export async function identify(
  desk: Identifying & Pick<Desk, 'store' | 'clock'>,
  call: Pick<Call, 'userId' | 'teamId'>,
  options: { readonly fresh?: boolean } = {},
): Promise<Decider> {
  const { actor, member, refusal } = await recognise(desk, call, options);
  if (refusal === undefined) return { actor, member };
  const says = `${actor.name} was turned away: ${refusal.because}`;
  const turnedAway = auditOfRefusal({ ...actor, teamId: call.teamId }, desk.clock.now(), says, refusal.code);
  await desk.store.commit({ audit: [turnedAway], effects: [] });
  throw new UserError(refusal.because, { code: refusal.code });
}
