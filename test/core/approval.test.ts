import { describe, expect, it } from 'vitest';
import { type ApprovalCase, decideApproval, decideDenial, pastDecision } from '../../src/core/approval.ts';
import type { Request } from '../../src/core/request.ts';
import { ANA, approvedBy, aRequest, ASKED_AT, BEN, CARA, DINA, done, running } from '../builders/a-request.ts';

const request = aRequest();

/** Cara, an approver, presses the button of Ben's request for Ana. */
function aCase(changes: Partial<ApprovalCase> = {}): ApprovalCase {
  return {
    request,
    clicker: CARA,
    member: { slackId: CARA.slackId, teamId: CARA.teamId, standing: 'member' },
    approvers: new Set([CARA.slackId, DINA.slackId]),
    planSeen: request.planHash?.slice(0, 16) ?? '',
    now: ASKED_AT,
    allowSelfApproval: false,
    ...changes,
  };
}
const guest = { slackId: CARA.slackId, teamId: CARA.teamId, standing: 'guest' as const };
const hers = { ...BEN, ...ANA };

describe('an approval', () => {
  it.each<[string, Partial<ApprovalCase>, string]>([
    ['by an approver', {}, 'approved, complete'],
    ['by the first of two', { request: aRequest({ approvalsNeeded: 2 }) }, 'approved, more needed'],
    [
      'by the second of two',
      { request: aRequest({ approvalsNeeded: 2, approvals: [approvedBy(DINA)] }) },
      'approved, complete',
    ],
    [
      'by the second of two, the first of whom has left the group since',
      { approvers: new Set([CARA.slackId]), request: aRequest({ approvalsNeeded: 2, approvals: [approvedBy(DINA)] }) },
      'approved, more needed',
    ],
    ['by nobody of the group', { approvers: new Set() }, 'not-approver'],
    ['by a guest', { member: guest }, 'is-guest'],
    ['by whoever asked', { request: aRequest({ requester: CARA }) }, 'own-request'],
    [
      'by whoever asked from a second account',
      {
        clicker: { ...CARA, email: 'b@x.example' },
        request: aRequest({ requester: { ...BEN, email: 'b@x.example' } }),
      },
      'own-request',
    ],
    [
      'by one who gains',
      { request: aRequest({ beneficiaries: [ANA, { ...ANA, slackId: CARA.slackId }] }) },
      'own-access',
    ],
    [
      'for a second time',
      { request: aRequest({ approvalsNeeded: 2, approvals: [approvedBy(CARA)] }) },
      'approved-already',
    ],
    ['at the last moment', { now: request.expiresAt - 1 }, 'approved, complete'],
    ['a moment too late', { now: request.expiresAt }, 'expired'],
    ['of another plan', { planSeen: '0123456789abcdef' }, 'plan-changed'],
    ['of no plan', { planSeen: '' }, 'plan-changed'],
    ['after it was decided', { request: aRequest(running) }, 'already-decided'],
    [
      'of one’s own where that is allowed',
      { allowSelfApproval: true, request: aRequest({ requester: CARA }) },
      'approved, complete',
    ],
    ['of one’s own by no approver, even there', { allowSelfApproval: true, clicker: hers, request }, 'not-approver'],
  ])('%s: %#', (_what, changes, outcome) => {
    const decision = decideApproval(aCase(changes));
    const said =
      decision.kind === 'refused'
        ? decision.code
        : `approved, ${decision.stillNeeded === 0 ? 'complete' : 'more needed'}`;
    expect(said).toBe(outcome);
  });

  it('is told to be too late before anything else, but not to outsiders', () => {
    const late = { request: aRequest(done), approvers: new Set<string>(), now: request.expiresAt + 1 };

    expect(decideApproval(aCase(late))).toMatchObject({ code: 'already-decided' });
    expect(decideApproval(aCase({ ...late, member: guest }))).toMatchObject({ code: 'is-guest' });
  });
});

describe('a denial', () => {
  it.each<[string, Partial<ApprovalCase>, string]>([
    ['by an approver', {}, 'denied'],
    ['of an older message', { planSeen: '' }, 'denied'],
    ['of one’s own request', { request: aRequest({ requester: CARA }) }, 'denied'],
    ['by nobody of the group', { approvers: new Set() }, 'not-approver'],
    ['by a guest', { member: guest }, 'is-guest'],
    ['too late', { now: request.expiresAt }, 'expired'],
    ['after it was decided', { request: aRequest(done) }, 'already-decided'],
  ])('%s', (_what, changes, outcome) => {
    const decision = decideDenial(aCase(changes));
    expect(decision.kind === 'refused' ? decision.code : decision.kind).toBe(outcome);
  });
});

describe('one who comes too late reads', () => {
  it.each<[Partial<Request>, string]>([
    [{ status: 'waiting' }, 'waits for a serial number and can’t be decided yet.'],
    [{ status: 'pending' }, 'is waiting for approval.'],
    [running, 'was already approved by Cara Lindqvist.'],
    [done, 'was already approved by Cara Lindqvist.'],
    [{ status: 'running', approvals: [] }, 'needed no approval.'],
    [{ status: 'denied', denial: { by: DINA, at: 0, reason: 'No.' } }, 'was already denied by Dina Haddad.'],
    [{ status: 'withdrawn' }, 'was withdrawn by Ben Okafor.'],
    [{ status: 'expired' }, 'expired before it was decided. It has to be asked again.'],
  ])('%#', (changes, sentence) => {
    expect(pastDecision(aRequest(changes))).toBe(sentence);
  });
});
