import type { Action, ServerFacts } from './action.ts';
import { dayOf } from './day.ts';
import { isKnownError } from './errors.ts';
import { signatureOf, type Actor } from './person.ts';
import { flatten, hashPlan, withoutRepeats, type Plan } from './plan.ts';
import type { Clock, Cloudflare, Stays } from './ports.ts';
import type { Request } from './request.ts';
import type { Server } from './server.ts';
import type { Settings } from './settings.ts';

export interface PlannerDependencies {
  readonly cloudflare: Pick<Cloudflare, 'snapshot'>;
  readonly stays: Pick<Stays, 'stayOf'>;
  readonly server: Pick<Server, 'containers' | 'byHand'>;
  readonly clock: Clock;
  readonly settings: Pick<Settings, 'timeZone' | 'appUrl' | 'revokeSeat' | 'sessionLimits'>;
}

/** Makes the plan for a request with this id, of what was read; any number of times. */
export type MakePlan = (requestId: string) => Plan;

/** Reads everything that planning needs, side by side. */
export type ReadForPlan = (
  action: Action,
  input: unknown,
  requester: Pick<Actor, 'name' | 'slackId'>,
) => Promise<MakePlan>;

export function createPlanner({ cloudflare, stays, server, clock, settings }: PlannerDependencies): ReadForPlan {
  const { timeZone, appUrl, revokeSeat, sessionLimits } = settings;
  return async (action, input, { name, slackId }) => {
    const emails = [...new Set(action.about(input).map(({ email }) => email))];
    const [snapshot, seen, ...ends] = await Promise.all([
      cloudflare.snapshot({ ...action.scope(input), ...(action.effect === 'reduce' ? { undecided: 'first' } : {}) }),
      action.needsServer === true ? lookAt(server) : undefined,
      ...emails.map((email) => stays.stayOf(email)),
    ]);
    const now = clock.now();
    const facts = {
      today: dayOf(now, timeZone),
      requester: { name, slackId },
      appUrl,
      now,
      timeZone,
      stays: ends.filter((stay) => stay !== undefined),
      revokeSeat,
      sessionLimits,
      ...(seen === undefined ? {} : { server: seen }),
    };
    return (requestId) => withoutRepeats(action.plan(input, snapshot, { ...facts, requestId }));
  };
}

/** A server that can’t be seen is a fact to plan with: what to type there instead. */
async function lookAt(server: Pick<Server, 'containers' | 'byHand'>): Promise<ServerFacts> {
  try {
    return { containers: await server.containers() };
  } catch (error) {
    if (!isKnownError(error)) throw error;
    return { problem: error.message, byHand: server.byHand };
  }
}

interface Drafting {
  readonly id: string;
  readonly approvalsNeeded: number;
  readonly now: number;
  readonly ttlMs: number;
}

/** The request without a plan. */
export function drafted(action: Action, input: Request['input'], actor: Actor, drafting: Drafting): Request {
  const { id, approvalsNeeded, now, ttlMs } = drafting;
  const access = action.access(input);
  return {
    id,
    version: 0,
    status: 'waiting',
    action: action.id,
    effect: action.effect,
    ...(access === undefined ? {} : { access }),
    input,
    says: action.describe(input),
    reason: typeof input['reason'] === 'string' ? input['reason'] : '',
    requester: { ...signatureOf(actor), ...(actor.email === undefined ? {} : { email: actor.email }) },
    beneficiaries: [...action.beneficiaries(input)],
    about: [...action.about(input)],
    isUrgent: action.isUrgent ?? false,
    approvalsNeeded,
    approvals: [],
    createdAt: now,
    expiresAt: now + ttlMs,
    steps: [],
    direction: 'forward',
  };
}

/** The request with its plan, waiting for approval unless it needs none. */
export function planned(request: Request, plan: Plan): Request {
  return {
    ...request,
    ...narrowed(request, plan),
    status: request.approvalsNeeded === 0 ? 'approved' : 'pending',
    plan,
    planHash: hashPlan(plan),
    steps: flatten(plan).map(() => ({ state: 'todo', changed: false, tries: 0 })),
  };
}

/** What the request says, and of whom, where its plan leaves some of them out. */
function narrowed(
  { says, beneficiaries, about }: Pick<Request, 'says' | 'beneficiaries' | 'about'>,
  { leftOut = [], remaining }: Plan,
): Pick<Request, 'says' | 'beneficiaries' | 'about'> {
  if (remaining === undefined) return { says, beneficiaries, about };
  const kept = new Set(remaining.people.map(({ email }) => email));
  const isKept = ({ email }: { readonly email: string }): boolean => kept.has(email);
  return {
    says: saysOf(remaining.says, leftOut.length),
    beneficiaries: beneficiaries.filter(isKept),
    about: about.filter(isKept),
  };
}

/** `Give 3 people access (4 lines of the list are left out)` */
function saysOf(says: string, leftOut: number): string {
  if (leftOut === 0) return says;
  return `${says} (${leftOut === 1 ? '1 line of the list is' : `${leftOut} lines of the list are`} left out)`;
}
