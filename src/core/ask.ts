import type { Action } from './action.ts';
import type { AuditFacts } from './audit.ts';
import { auditOf, auditOfRefusal, changeRequest } from './change-request.ts';
import { show, showCards } from './effects.ts';
import { UserError } from './errors.ts';
import { nameOf, signatureOf, type Actor } from './person.ts';
import { hashPlan, withoutRepeats, flatten, type Plan } from './plan.ts';
import type { Clock, Cloudflare, Directory, Effect, Store } from './ports.ts';
import { move, Request } from './request.ts';
import type { Settings } from './settings.ts';

const StoredInput = Request.shape.input;

export interface AskDependencies {
  readonly actions: readonly Action[];
  readonly store: Store;
  readonly cloudflare: Pick<Cloudflare, 'snapshot'>;
  readonly directory: Pick<Directory, 'approvers'>;
  readonly clock: Clock;
  readonly settings: Settings;
}

export interface Ask {
  /**
   * The one door: every request comes through here, from a person or from a job. Plans, stores, and says by `status` what
   * happens next. UserError: nothing was stored, except the refusal of somebody who may not ask.
   */
  ask(actionId: string, input: Readonly<Record<string, unknown>>, actor: Actor): Promise<Request>;
  /** Somebody typed what a request waited for. UserError: the request waits on. */
  complete(requestId: string, value: unknown, actor: Actor): Promise<Request>;
}

export function createAsk({ actions, store, cloudflare, directory, clock, settings }: AskDependencies): Ask {
  function actionOf(id: string): Action {
    const action = actions.find((one) => one.id === id);
    if (action === undefined) throw new UserError(`There is no action “${id}”.`, { code: 'no-such-action' });
    return action;
  }

  async function planFor(action: Action, input: unknown, actor: Actor): Promise<(requestId: string) => Plan> {
    const snapshot = await cloudflare.snapshot();
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: settings.timeZone }).format(clock.now());
    return (requestId) =>
      withoutRepeats(
        action.plan(input, snapshot, {
          requestId,
          today,
          requester: { name: actor.name, slackId: actor.slackId },
          appUrl: settings.appUrl,
        }),
      );
  }

  async function checkThatSomebodyCanApprove(request: Request, action: Action, actor: Actor): Promise<void> {
    if (request.approvalsNeeded === 0 || settings.allowSelfApproval) return;
    const insiders = new Set([request.requester.slackId, ...request.beneficiaries.map((person) => person.slackId)]);
    const others = [...(await directory.approvers())].filter((id) => !insiders.has(id));
    if (others.length >= request.approvalsNeeded) return;
    const who = request.approvalsNeeded === 1 ? 'an approver' : `${request.approvalsNeeded} approvers`;
    const there = others.length === 0 ? 'is nobody' : `${others.length === 1 ? 'is' : 'are'} only ${others.length}`;
    const because = `This needs ${who} who neither asks nor gains by it, and there ${there}. Ask your operator to add approvers to the group.`;
    await store.commit({ audit: [refusalOf(actor, action, 'nobody-can-approve', clock.now())], effects: [] });
    throw new UserError(because, { code: 'nobody-can-approve' });
  }

  return {
    async ask(actionId, input, actor) {
      const action = actionOf(actionId);
      const parsed = StoredInput.parse(action.input.parse(input));
      if (action.mayAsk === 'approver' && !(await directory.approvers({ fresh: true })).has(actor.slackId)) {
        await store.commit({ audit: [refusalOf(actor, action, 'not-approver', clock.now())], effects: [] });
        throw new UserError(`Only approvers can use “${action.id}”. Ask one of them to do it.`, {
          code: 'not-approver',
        });
      }

      const now = clock.now();
      const draft: Request = {
        id: 'REQ-0000',
        version: 0,
        status: 'waiting',
        action: action.id,
        effect: action.effect,
        input: parsed,
        says: action.describe(parsed),
        reason: typeof parsed['reason'] === 'string' ? parsed['reason'] : '',
        requester: asker(actor),
        beneficiaries: [...action.beneficiaries(parsed)],
        approvalsNeeded: action.approvals === 'configured' ? settings.approvalsNeeded : 0,
        approvals: [],
        createdAt: now,
        expiresAt: now + settings.requestTtlMs,
        steps: [],
        direction: 'forward',
      };
      await checkThatSomebodyCanApprove(draft, action, actor);

      const missing = action.missing(parsed);
      if (missing !== undefined) {
        const request = { ...draft, id: await store.nextRequestId(), waitsFor: missing };
        return stored(store, request, actor, now, [show('invite', request.id), show('requester-card', request.id)]);
      }
      const plan = await planFor(action, parsed, actor);
      plan(draft.id); // A plan that can't be made says so before a number is used up.
      const id = await store.nextRequestId();
      const request = planned({ ...draft, id, status: 'pending' }, plan(id));
      return stored(store, request, actor, now, afterPlanning(request));
    },

    async complete(requestId, value, actor) {
      const before = asWaiting(await store.load(requestId), requestId, actor, clock.now());
      const { field } = before.waitsFor;
      const action = actionOf(before.action);
      const input = StoredInput.parse(action.input.parse({ ...before.input, [field]: value }));
      if (action.missing(input) !== undefined) {
        throw new UserError(`${before.id} still waits for the same.`, { code: 'still-missing', field });
      }
      const plan = (await planFor(action, input, before.requester))(before.id);
      const now = clock.now();
      return changeRequest(store, requestId, (current) => {
        // Reading the account takes a while: the form may have been sent twice, or the request withdrawn.
        asWaiting(current, requestId, actor, now);
        const completed = move(current, 'complete', {
          input,
          says: action.describe(input),
          beneficiaries: [...action.beneficiaries(input)],
          expiresAt: now + settings.requestTtlMs,
        });
        const request = planned(completed, plan);
        return {
          request,
          audit: [
            auditOf(
              request,
              'request.completed',
              actor,
              now,
              `${actor.name} typed what ${request.id} waited for: ${request.says}.`,
            ),
          ],
          effects: [show('invite', request.id), ...afterPlanning(request)],
        };
      });
    },
  };
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

function asker(actor: Actor): Request['requester'] {
  return { ...signatureOf(actor), ...(actor.email === undefined ? {} : { email: actor.email }) };
}

function planned(request: Request, plan: Plan): Request {
  return {
    ...request,
    status: request.approvalsNeeded === 0 ? 'approved' : 'pending',
    plan,
    planHash: hashPlan(plan),
    steps: flatten(plan).map(() => ({ state: 'todo', changed: false, tries: 0 })),
  };
}

function afterPlanning({ id, status }: Request): Effect[] {
  return status === 'approved' ? [...showCards(id), { kind: 'run', requestId: id }] : showCards(id);
}

function stepsOf(request: Request): string[] {
  return request.plan === undefined ? [] : flatten(request.plan).map((step) => step.says);
}

async function stored(store: Store, request: Request, actor: Actor, now: number, effects: Effect[]): Promise<Request> {
  const says = `${actor.name} asked: ${request.says}.${request.reason === '' ? '' : ` Reason: ${request.reason}`}`;
  const facts = request.planHash === undefined ? {} : { planHash: request.planHash, steps: stepsOf(request) };
  const saved = await store.commit({
    request,
    audit: [auditOf(request, 'request.asked', actor, now, says, facts)],
    effects,
  });
  return saved ?? request;
}

const REFUSALS = {
  'not-approver': 'without being an approver',
  'nobody-can-approve': 'with too few approvers left who could decide it',
} as const;

function refusalOf(actor: Actor, { id }: Action, code: keyof typeof REFUSALS, at: number): AuditFacts {
  return auditOfRefusal(actor, at, `${actor.name} tried to use “${id}” ${REFUSALS[code]}.`, code, id);
}
