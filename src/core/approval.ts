import { isSamePerson, type Actor } from './person.ts';
import type { Request } from './request.ts';

export interface Member {
  readonly slackId: string;
  readonly teamId: string;
  /** A full member of our workspace: not a guest, bot, deactivated or foreign user. */
  readonly standing: 'member' | 'guest' | 'bot' | 'deactivated' | 'foreign';
  /** IANA name, of their own choice. */
  readonly timeZone?: string;
}

export interface ApprovalCase {
  readonly request: Request;
  readonly clicker: Actor;
  readonly member: Member;
  /** Read afresh at the press. */
  readonly approvers: ReadonlySet<string>;
  /** Start of the plan hash that the pressed button spoke of. */
  readonly planSeen: string;
  readonly now: number;
  readonly allowSelfApproval: boolean;
}

export type Refusal = { readonly kind: 'refused'; readonly code: string; readonly because: string };
export type ApprovalDecision =
  /** `stillNeeded`: how many more; 0 completes it. */
  { readonly kind: 'approved'; readonly stillNeeded: number; readonly ownRequest: boolean } | Refusal;
export type DenialDecision = { readonly kind: 'denied' } | Refusal;

type Rule = (one: ApprovalCase) => { readonly code: string; readonly because: string } | undefined;

const STANDINGS: Record<Member['standing'], string | undefined> = {
  member: undefined,
  guest: 'Guests of this workspace can’t use ocs-access. Ask a full member to do it.',
  bot: 'Bots can’t use ocs-access.',
  deactivated: 'This account is deactivated.',
  foreign: 'Only members of this workspace can use ocs-access, not people from a connected one.',
};

/** Why this person can do nothing here at all, or undefined. */
export function refusesStanding(member: Member): { readonly code: string; readonly because: string } | undefined {
  const because = STANDINGS[member.standing];
  return because === undefined ? undefined : { code: `is-${member.standing}`, because };
}

const isMember: Rule = ({ member }) => refusesStanding(member);

const isApprover: Rule = ({ clicker, approvers }) =>
  approvers.has(clicker.slackId)
    ? undefined
    : {
        code: 'not-approver',
        because:
          'Only approvers can decide, and you are not in their group (any more). Ask one of them: they all see this request.',
      };

const isPending: Rule = ({ request }) => {
  if (request.status === 'pending') return undefined;
  return { code: 'already-decided', because: `${request.id} ${pastDecision(request)}` };
};

const hasTime: Rule = ({ request, now }) =>
  now < request.expiresAt
    ? undefined
    : { code: 'expired', because: `${request.id} expired before it was decided. It has to be asked again.` };

const sawThisPlan: Rule = ({ request, planSeen }) =>
  planSeen !== '' && request.planHash?.startsWith(planSeen) === true
    ? undefined
    : {
        code: 'plan-changed',
        because: `${request.id} has changed since this message was written. Read its newest message, then decide.`,
      };

const isNotRequester: Rule = ({ request, clicker, allowSelfApproval }) =>
  allowSelfApproval || !isSamePerson(request.requester, clicker)
    ? undefined
    : { code: 'own-request', because: 'Nobody approves their own request. Ask another approver.' };

const gainsNothing: Rule = ({ request, clicker, allowSelfApproval }) =>
  allowSelfApproval || !request.beneficiaries.some((person) => isSamePerson(person, clicker))
    ? undefined
    : { code: 'own-access', because: 'Nobody approves access for themselves. Ask another approver.' };

const isFirstTime: Rule = ({ request, clicker }) =>
  request.approvals.some(({ by }) => by.slackId === clicker.slackId)
    ? { code: 'approved-already', because: 'You have approved this already; it needs somebody else too.' }
    : undefined;

const APPROVE: readonly Rule[] = [
  isMember,
  isPending,
  hasTime,
  sawThisPlan,
  isApprover,
  isNotRequester,
  gainsNothing,
  isFirstTime,
];
const DENY: readonly Rule[] = [isMember, isPending, hasTime, isApprover];

export function decideApproval(one: ApprovalCase): ApprovalDecision {
  const refusal = firstRefusal(APPROVE, one);
  if (refusal !== undefined) return refusal;
  const { request, clicker, approvers } = one;
  const ownRequest =
    isSamePerson(request.requester, clicker) || request.beneficiaries.some((person) => isSamePerson(person, clicker));
  // One that was given by somebody who has left the group since no longer counts.
  const counted = request.approvals.filter(({ by }) => approvers.has(by.slackId));
  return { kind: 'approved', stillNeeded: Math.max(0, request.approvalsNeeded - counted.length - 1), ownRequest };
}

export function decideDenial(one: ApprovalCase): DenialDecision {
  return firstRefusal(DENY, one) ?? { kind: 'denied' };
}

function firstRefusal(rules: readonly Rule[], one: ApprovalCase): Refusal | undefined {
  for (const rule of rules) {
    const refusal = rule(one);
    if (refusal !== undefined) return { kind: 'refused', ...refusal };
  }
  return undefined;
}

/** Completes the sentence “REQ-0142 …” for one who comes too late. */
export function pastDecision(request: Request): string {
  const lastApproval = request.approvals.at(-1);
  switch (request.status) {
    case 'waiting':
      return 'waits for a serial number and can’t be decided yet.';
    case 'pending':
      return 'is waiting for approval.';
    case 'denied':
      return `was already denied by ${request.denial?.by.name ?? 'an approver'}.`;
    case 'withdrawn':
      return `was withdrawn by ${request.requester.name}.`;
    case 'expired':
      return 'expired before it was decided. It has to be asked again.';
    case 'approved':
    case 'running':
    case 'done':
    case 'failed':
      return lastApproval === undefined ? 'needed no approval.' : `was already approved by ${lastApproval.by.name}.`;
  }
}
