import { refusesStanding } from '../core/approval.ts';
import { UserError } from '../core/errors.ts';
import type { Decider } from '../core/decide.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';

/** Who calls, by user and team id; `fresh` asks Slack now, for presses that decide. Somebody who may do nothing here is refused, and that is in the audit log first. */
export async function identify(
  { directory, store, clock, teamId }: Pick<Desk, 'directory' | 'store' | 'clock' | 'teamId'>,
  call: Pick<Call, 'userId' | 'teamId'>,
  { fresh = false } = {},
): Promise<Decider> {
  const { actor, member } = await directory.find(call.userId, { fresh });
  const claimed = call.teamId === teamId ? member : { ...member, standing: 'foreign' as const };
  const refusal = refusesStanding(claimed);
  if (refusal === undefined) return { actor, member };
  await store.commit({
    audit: [
      {
        kind: 'request.refused',
        at: clock.now(),
        actor: { slackId: actor.slackId, teamId: call.teamId, name: actor.name },
        people: [],
        says: `${actor.name} was turned away: ${refusal.because}`,
        facts: { code: refusal.code },
      },
    ],
    effects: [],
  });
  throw new UserError(refusal.because, { code: refusal.code });
}
