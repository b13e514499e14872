import type { Action } from './action.ts';
import { UserError } from './errors.ts';
import type { Lock, Locks } from './ports.ts';
import type { Request } from './request.ts';

/** Does something when its turn has come. `turn`: to be confirmed right before anything is stored. */
type InTurn = <T>(work: (turn: Pick<Lock, 'confirm'>) => Promise<T>) => Promise<T>;

const atOnce: InTurn = (work) => work({ confirm: async () => undefined });

/** One after another over all processes where the action wants it, so that the second one finds the request of the first. */
export function turnOf({ id, oneAtATime = false }: Pick<Action, 'id' | 'oneAtATime'>, locks: Locks): InTurn {
  return oneAtATime ? (work) => locks.hold(`asking-${id}`, work) : atOnce;
}

/** One that runs is enough, and so is one that waits for the same people; what needs nobody does not wait for it. */
export function refuseSecond(action: Action, unfinished: readonly Request[], approvalsNeeded: number): void {
  const same = unfinished.filter((one) => one.action === action.id);
  const there = same.find(({ status }) => status === 'running' || status === 'approved');
  if (there !== undefined) {
    throw new UserError(
      `${there.id}, asked by ${there.requester.name}, does the same right now. Wait until it is over.`,
      { code: 'under-way' },
    );
  }
  const waiting = approvalsNeeded === 0 ? undefined : same[0];
  if (waiting === undefined) return;
  throw new UserError(`${waiting.id}, asked by ${waiting.requester.name}, waits for an approver to decide the same.`, {
    code: 'under-way',
  });
}
