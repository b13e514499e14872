import { decideApproval, decideDenial, type Member, pastDecision, refusesStanding } from './approval.ts';
import { auditOf, changeRequest } from './change-request.ts';
import { run, show, showStanding, showEnd } from './effects.ts';
import { UserError } from './errors.ts';
import { isSamePerson, signatureOf, type Actor } from './person.ts';
import type { Change, Clock, Directory, Store } from './ports.ts';
import { isOpen, move, type Request } from './request.ts';
import type { Settings } from './settings.ts';

export interface DecideDependencies {
  readonly store: Store;
  readonly directory: Pick<Directory, 'approvers'>;
  readonly clock: Clock;
  readonly settings: Pick<Settings, 'allowSelfApproval'>;
}

export interface Decider {
  readonly actor: Actor;
  readonly member: Member;
}

/** Each returns the request as stored; a press that is refused is in the audit log before the UserError is thrown. */
export interface Decide {
  /** `planSeen`: the start of the hash of the plan that the pressed message showed. */
  approve(requestId: string, planSeen: string, by: Decider): Promise<Request>;
  deny(requestId: string, reason: string, by: Decider): Promise<Request>;
  withdraw(requestId: string, by: Decider): Promise<Request>;
}

export function createDecide({ store, directory, clock, settings }: DecideDependencies): Decide {
  /** Runs one decision on the newest stored request; a refusal is stored as such and then told. */
  async function settle(
    requestId: string,
    actor: Actor,
    decide: (request: Request, now: number) => Change | { readonly code: string; readonly because: string },
  ): Promise<Request> {
    let refusal: { readonly code: string; readonly because: string } | undefined;
    const request = await changeRequest(store, requestId, (current) => {
      const now = clock.now();
      const outcome = decide(current, now);
      if (!('code' in outcome)) {
        refusal = undefined;
        return outcome;
      }
      refusal = outcome;
      const says = `${actor.name} could not decide ${current.id}: ${outcome.because}`;
      return { audit: [auditOf(current, 'request.refused', actor, now, says, { code: outcome.code })], effects: [] };
    });
    if (refusal !== undefined) throw new UserError(refusal.because, { code: refusal.code });
    return request;
  }

  return {
    async approve(requestId, planSeen, { actor, member }) {
      const approvers = await directory.approvers({ fresh: true });
      return settle(requestId, actor, (request, now) => {
        const decision = decideApproval({
          request,
          clicker: actor,
          member,
          approvers,
          planSeen,
          now,
          allowSelfApproval: settings.allowSelfApproval,
        });
        if (decision.kind === 'refused') return decision;
        const { stillNeeded, ownRequest } = decision;
        const complete = stillNeeded === 0;
        const by = signatureOf(actor);
        const approvals = [...request.approvals, { by, at: now, planHash: request.planHash ?? '', ownRequest }];
        const changed = complete ? move(request, 'approve', { approvals, decidedAt: now }) : { ...request, approvals };
        const says = `${actor.name} approved ${request.id}${ownRequest ? ', their own request' : ''}: ${request.says}.${complete ? '' : ` ${stillNeeded} more needed.`}`;
        return {
          request: changed,
          audit: [
            auditOf(request, 'request.approved', actor, now, says, {
              planHash: request.planHash ?? '',
              ownRequest,
              complete,
            }),
          ],
          effects: complete ? [run(request), ...showStanding(request)] : showStanding(request),
        };
      });
    },

    async deny(requestId, reason, { actor, member }) {
      const approvers = await directory.approvers({ fresh: true });
      return settle(requestId, actor, (request, now) => {
        const facts = { request, clicker: actor, member, approvers, planSeen: '', now, allowSelfApproval: false };
        const decision = decideDenial(facts);
        if (decision.kind === 'refused') return decision;
        const by = signatureOf(actor);
        return {
          request: move(request, 'deny', { denial: { by, at: now, reason }, decidedAt: now, finishedAt: now }),
          audit: [
            auditOf(
              request,
              'request.denied',
              actor,
              now,
              `${actor.name} denied ${request.id}: ${request.says}. Reason: ${reason}`,
              { reason },
            ),
          ],
          effects: showEnd(request, show('outcome', requestId)),
        };
      });
    },

    async withdraw(requestId, { actor, member }) {
      return settle(requestId, actor, (request, now) => {
        const standing = refusesStanding(member);
        if (standing !== undefined) return standing;
        if (!isSamePerson(request.requester, actor)) {
          return { code: 'not-requester', because: `Only ${request.requester.name} can withdraw ${request.id}.` };
        }
        if (!isOpen(request)) return { code: 'already-decided', because: `${request.id} ${pastDecision(request)}` };
        return {
          request: move(request, 'withdraw', { finishedAt: now }),
          audit: [
            auditOf(request, 'request.withdrawn', actor, now, `${actor.name} withdrew ${request.id}: ${request.says}.`),
          ],
          effects: showEnd(request),
        };
      });
    },
  };
}
