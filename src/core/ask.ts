import type { Action } from './action.ts';
import { afterAsking, afterPlanning, auditOfAsking } from './after-asking.ts';
import { askFirst, goOnAfter } from './ask-first.ts';
import { auditOf, changeRequest } from './change-request.ts';
import { show } from './effects.ts';
import { UserError } from './errors.ts';
import { createJudge } from './judge-asking.ts';
import { nameOf, type Actor } from './person.ts';
import { createPlanner, drafted, planned } from './plan-request.ts';
import { hashPlan, type Plan } from './plan.ts';
import type { Clock, Cloudflare, Directory, Locks, Stays, Store } from './ports.ts';
import { move, Request } from './request.ts';
import type { Server } from './server.ts';
import type { Settings } from './settings.ts';
import { refuseSecond, turnOf } from './one-at-a-time.ts';

const StoredInput = Request.shape.input;
type Input = Readonly<Record<string, unknown>>;

export interface AskDependencies {
  readonly actions: readonly Action[];
  readonly store: Store;
  readonly stays: Pick<Stays, 'stayOf'>;
  readonly locks: Locks;
  readonly cloudflare: Pick<Cloudflare, 'snapshot'>;
  readonly server: Pick<Server, 'containers' | 'byHand'>;
  readonly directory: Pick<Directory, 'approvers'>;
  readonly clock: Clock;
  readonly settings: Settings;
}

export interface AskOptions {
  /** Hash of the plan that was previewed: any other one is refused with `plan-changed`. */
  readonly onlyPlan?: string;
}

/** What a request would be, for whoever reads it before they ask. */
export interface Preview {
  readonly says: string;
  readonly plan: Plan;
  readonly planHash: string;
  readonly approvalsNeeded: number;
}

export interface Ask {
  /**
   * The one door: every request comes through here, from a person or from a job. Plans, stores, and says by `status` what
   * happens next. UserError: nothing was stored, except the refusal of somebody who may not ask and a request that had to
   * be asked first.
   */
  ask(actionId: string, input: Input, actor: Actor, options?: AskOptions): Promise<Request>;
  /** What asking would store now, after the same checks. Stores only refusals. */
  preview(actionId: string, input: Input, actor: Actor): Promise<Preview>;
  /** Somebody typed what a request waited for. UserError: the request waits on. */
  complete(requestId: string, value: unknown, actor: Actor): Promise<Request>;
}

/** Plans that are only looked at have this in place of the number. */
const NO_ID = 'REQ-0000';

export function createAsk(dependencies: AskDependencies): Ask {
  const { actions, store, locks, clock, settings } = dependencies;
  const judge = createJudge(dependencies);
  const readForPlan = createPlanner(dependencies);

  function actionOf(id: string): Action {
    const action = actions.find((one) => one.id === id);
    if (action === undefined) throw new UserError(`There is no action “${id}”.`, { code: 'no-such-action' });
    return action;
  }

  /** All that asking has to know, read side by side: somebody may be waiting to have a laptop cut off. */
  async function consider(action: Action, input: Request['input'], actor: Actor, { takesNumber = false } = {}) {
    const missing = action.missing(input);
    const reading = missing === undefined ? readForPlan(action, input, actor) : Promise.resolve(undefined);
    const numbering = takesNumber ? store.nextRequestId() : Promise.resolve(undefined);
    // Whether they may ask is told before what is wrong with it.
    const [judged, read, number] = await Promise.allSettled([judge(action, input, actor), reading, numbering]);
    if (action.oneAtATime === true) refuseSecond(action, await store.unfinished(), valueOf(judged));
    return { missing, approvalsNeeded: valueOf(judged), makePlan: valueOf(read), number: valueOf(number) };
  }

  const ask: Ask['ask'] = async (actionId, given, actor, { onlyPlan } = {}) => {
    const action = actionOf(actionId);
    const input = StoredInput.parse(action.input.parse(given));
    const first = await askFirst(action.first(input), actor, { ask, store });
    const inTurn = turnOf(action, locks);
    return goOnAfter(first, () =>
      inTurn(async (turn) => {
        const { missing, approvalsNeeded, makePlan, number } = await consider(action, input, actor, {
          takesNumber: action.isUrgent,
        });

        // A plan that can't be made says so before a number is used up.
        const previewed = makePlan?.(NO_ID);
        if (onlyPlan !== undefined) refuseOtherThan(onlyPlan, previewed);
        const draft = drafted(action, input, actor, {
          id: number ?? (await store.nextRequestId()),
          approvalsNeeded,
          now: clock.now(),
          ttlMs: settings.requestTtlMs,
        });
        const request = makePlan === undefined ? { ...draft, waitsFor: missing } : planned(draft, makePlan(draft.id));
        await turn.confirm();
        const saved = await store.commit({
          request,
          audit: [auditOfAsking(request, actor, first)],
          effects: afterAsking(request),
        });
        return saved ?? request;
      }),
    );
  };

  return {
    ask,

    async preview(actionId, given, actor) {
      const action = actionOf(actionId);
      const input = StoredInput.parse(action.input.parse(given));
      const { approvalsNeeded, makePlan } = await consider(action, input, actor);
      if (makePlan === undefined) {
        throw new UserError('There is no plan yet: a colleague has to type something first.', { code: 'no-plan-yet' });
      }
      const plan = makePlan(NO_ID);
      return { says: plan.remaining?.says ?? action.describe(input), plan, planHash: hashPlan(plan), approvalsNeeded };
    },

    async complete(requestId, value, actor) {
      const before = asWaiting(await store.load(requestId), requestId, actor, clock.now());
      const { field } = before.waitsFor;
      const action = actionOf(before.action);
      const input = StoredInput.parse(action.input.parse({ ...before.input, [field]: value }));
      if (action.missing(input) !== undefined) {
        throw new UserError(`${before.id} still waits for the same.`, { code: 'still-missing', field });
      }
      const makePlan = await readForPlan(action, input, before.requester);
      const plan = makePlan(before.id);
      const now = clock.now();
      return changeRequest(store, requestId, (current) => {
        // Reading the account takes a while: the form may have been sent twice, or the request withdrawn.
        asWaiting(current, requestId, actor, now);
        const completed = move(current, 'complete', {
          input,
          says: action.describe(input),
          beneficiaries: [...action.beneficiaries(input)],
          about: [...action.about(input)],
          expiresAt: now + settings.requestTtlMs,
        });
        const request = planned(completed, plan);
        const says = `${actor.name} typed what ${request.id} waited for: ${request.says}.`;
        return {
          request,
          audit: [auditOf(request, 'request.completed', actor, now, says)],
          effects: [show('invite', request.id), ...afterPlanning(request)],
        };
      });
    },
  };
}

function refuseOtherThan(planHash: string, plan: Plan | undefined): void {
  if (plan !== undefined && hashPlan(plan) === planHash) return;
  throw new UserError('Things changed since you read this. Look again.', { code: 'plan-changed' });
}

function valueOf<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}

type Waiting = Request & { readonly waitsFor: NonNullable<Request['waitsFor']> };

/** The request if it waits for this very person. Throws UserError if not, or not any more. */
function asWaiting(request: Request | undefined, id: string, actor: Actor, now: number): Waiting {
  const waitsFor = request?.waitsFor;
  if (request?.status !== 'waiting' || waitsFor === undefined) {
    throw new UserError(`${id} does not wait for anything any more.`, { code: 'not-waiting' });
  }
  if (now >= request.expiresAt) throw new UserError(`${id} expired. It has to be asked again.`, { code: 'expired' });
  if (waitsFor.from.slackId === actor.slackId) return { ...request, waitsFor };
  throw new UserError(`${id} waits for ${nameOf(waitsFor.from)}, not for you.`, { code: 'not-asked' });
}
