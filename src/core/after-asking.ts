import type { AuditFacts } from './audit.ts';
import { auditOf } from './change-request.ts';
import { callApprovers, run, show, showStanding } from './effects.ts';
import type { Actor } from './person.ts';
import { flatten } from './plan.ts';
import type { Effect } from './ports.ts';
import type { Request } from './request.ts';

/** What follows from a request that is new. */
export function afterAsking(request: Request): Effect[] {
  if (request.status !== 'waiting') return afterPlanning(request);
  return [show('invite', request.id), show('requester-card', request.id), show('homes', request.id)];
}

/** What follows once a request has its plan. Approvers are called at once to what can't wait. */
export function afterPlanning(request: Request): Effect[] {
  const cards = showStanding(request);
  if (request.status === 'approved') return [run(request), ...cards];
  return request.isUrgent ? [...cards, callApprovers(request, { isFirst: true })] : cards;
}

/** `first`: id of the request that was asked before this one. */
export function auditOfAsking(request: Request, actor: Actor, first: string | undefined): AuditFacts {
  const { says, reason, plan, planHash, input } = request;
  const sentences = [
    `${actor.name} asked: ${says}.`,
    ...(first === undefined ? [] : [`${first} was asked before it and does not wait for it.`]),
    ...(reason === '' ? [] : [`Reason: ${reason}`]),
  ];
  return auditOf(request, 'request.asked', actor, request.createdAt, sentences.join(' '), {
    ...(plan === undefined || planHash === undefined
      ? {}
      : { planHash, steps: flatten(plan).map((step) => step.says) }),
    ...(first === undefined ? {} : { first }),
    // How much of somebody’s access is meant, where that was asked.
    ...(typeof input['scope'] === 'string' ? { scope: input['scope'] } : {}),
  });
}
