import type { Action } from './action.ts';
import { auditOfRefusal } from './change-request.ts';
import { UserError } from './errors.ts';
import { isSystem, type Actor } from './person.ts';
import type { Clock, Directory, Store } from './ports.ts';
import type { Settings } from './settings.ts';

export interface JudgeDependencies {
  readonly store: Pick<Store, 'commit'>;
  readonly directory: Pick<Directory, 'approvers'>;
  readonly clock: Clock;
  readonly settings: Pick<Settings, 'approvalsNeeded' | 'allowSelfApproval'>;
}

/**
 * How many approvals it needs that this person asks for this. UserError, written down before it is told, for somebody who
 * may not ask, and for a request that nobody could decide.
 */
export type JudgeAsking = (action: Action, input: unknown, actor: Actor) => Promise<number>;

const REFUSALS = {
  'not-approver': 'without being an approver',
  'nobody-can-approve': 'with too few approvers left who could decide it',
} as const;

const NOBODY: Promise<ReadonlySet<string>> = Promise.resolve(new Set());

export function createJudge({ store, directory, clock, settings }: JudgeDependencies): JudgeAsking {
  async function refuse(actor: Actor, { id }: Action, code: keyof typeof REFUSALS, because: string): Promise<never> {
    const says = `${actor.name} tried to use “${id}” ${REFUSALS[code]}.`;
    await store.commit({ audit: [auditOfRefusal(actor, clock.now(), says, code, id)], effects: [] });
    throw new UserError(because, { code });
  }

  return async (action, input, actor) => {
    const bySystem = isSystem(actor);
    // The bot acts at an end date also while Slack does not answer.
    const approvers = bySystem ? NOBODY : directory.approvers({ fresh: true });
    // So does an owner whose device is lost: not to be known as an approver only matters where an approval is needed.
    const isApprover = await approvers.then(
      (ids) => ids.has(actor.slackId),
      () => false,
    );
    if (action.mayAsk === 'approver' && !bySystem && !isApprover) {
      await approvers;
      return refuse(actor, action, 'not-approver', `Only approvers can use “${action.id}”. Ask one of them to do it.`);
    }
    const asked = action.approvals(input, { actor, isSystem: bySystem, isApprover });
    const needed = asked === 'configured' ? settings.approvalsNeeded : asked;
    if (needed === 0) return 0;

    const all = await (bySystem ? directory.approvers() : approvers);
    if (settings.allowSelfApproval) return needed;
    const insiders = new Set([actor.slackId, ...action.beneficiaries(input).map((person) => person.slackId)]);
    const others = [...all].filter((id) => !insiders.has(id)).length;
    if (others < needed) return refuse(actor, action, 'nobody-can-approve', tooFew(needed, others));
    return needed;
  };
}

function tooFew(needed: number, others: number): string {
  const who = needed === 1 ? 'an approver' : `${needed} approvers`;
  const there = others === 0 ? 'is nobody' : `${others === 1 ? 'is' : 'are'} only ${others}`;
  return `This needs ${who} who neither asks nor gains by it, and there ${there}. Ask your operator to add approvers to the group.`;
}
