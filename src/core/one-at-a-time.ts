import type { Action } from './action.ts';
import { UserError } from './errors.ts';
import type { Store } from './ports.ts';
import type { Request } from './request.ts';

/** Does something when its turn has come. */
type Turn = <T>(work: () => Promise<T>) => Promise<T>;

const atOnce: Turn = (work) => work();

const TURN_MS = 15_000;
const LOOK_AGAIN_MS = 100;

/** One after another over all processes, so that the second one finds the request of the first. Nobody waits for a dead one for long. */
function takeTurn(store: Pick<Store, 'claim' | 'release'>, actionId: string): Turn {
  const key = `asking:${actionId}`;
  return async (work) => {
    while (!(await store.claim(key, TURN_MS))) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
    try {
      return await work();
    } finally {
      await store.release(key);
    }
  };
}

export function turnOf(
  { id, oneAtATime = false }: Pick<Action, 'id' | 'oneAtATime'>,
  store: Pick<Store, 'claim' | 'release'>,
): Turn {
  return oneAtATime ? takeTurn(store, id) : atOnce;
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
