import { hashPlan, type Plan, type PlannedStep } from '../../src/core/plan.ts';
import type { Request, StepRecord } from '../../src/core/request.ts';

export const BEN = { slackId: 'U05BEN00001', teamId: 'T05LANTERN1', name: 'Ben Okafor' };
export const CARA = { slackId: 'U05CARA0001', teamId: 'T05LANTERN1', name: 'Cara Lindqvist' };
export const DINA = { slackId: 'U05DINA0001', teamId: 'T05LANTERN1', name: 'Dina Haddad' };
export const ANA = { slackId: 'U05ANA00001', name: 'Ana Souza', email: 'ana.souza@lanternhealth.example' };

/** 2026-11-21 11:00 UTC */
export const ASKED_AT = Date.UTC(2026, 10, 21, 11);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export function aStep(changes: Partial<PlannedStep> = {}): PlannedStep {
  return {
    step: 'list-items',
    says: 'Put serial C02XK0AZJG5J into the list “Laptops”',
    args: {
      listId: 'list-1',
      listName: 'Laptops',
      what: 'serial',
      present: true,
      items: [{ value: 'C02XK0AZJG5J', description: `Ana Souza <${ANA.email}> · REQ-0142 · 2026-11-21` }],
    },
    change: '14 → 15 serials',
    ...changes,
  };
}

export const aPlan: Plan = {
  stages: [
    [aStep()],
    [
      aStep({
        step: 'policy-emails',
        says: `Let ${ANA.email} in by the policy “Team” (Open Chat Studio)`,
        args: {
          policy: { kind: 'reusable', id: 'policy-team' },
          policyName: 'Team',
          opens: 'Open Chat Studio',
          part: 'include',
          present: true,
          emails: [ANA.email],
        },
        change: '14 → 15 people',
        already: true,
      }),
    ],
    [{ step: 'send-welcome', says: 'Send Ana Souza the steps to sign in', args: { slackId: ANA.slackId } }],
  ],
  warnings: ['The policy “Team” does not ask for a known device, so the serial number protects nothing yet.'],
};

/** A request by Ben for Ana, waiting for one approval. Each test changes the one thing that it is about. */
export function aRequest(changes: Partial<Request> = {}): Request {
  const plan = 'plan' in changes ? changes.plan : aPlan;
  return {
    id: 'REQ-0142',
    version: 3,
    status: 'pending',
    action: 'add',
    effect: 'grant',
    input: {},
    says: 'Give Ana Souza access with a macOS device, serial C02XK0AZJG5J',
    reason: 'She joins the support team on Monday.',
    requester: BEN,
    beneficiaries: [ANA],
    about: [ANA],
    isUrgent: false,
    ...(plan === undefined ? {} : { plan, planHash: hashPlan(plan) }),
    approvalsNeeded: 1,
    approvals: [],
    createdAt: ASKED_AT,
    expiresAt: ASKED_AT + DAY,
    steps: (plan?.stages.flat() ?? []).map(() => aRecord()),
    direction: 'forward',
    ...changes,
  };
}

export function aRecord(changes: Partial<StepRecord> = {}): StepRecord {
  return { state: 'todo', changed: false, tries: 0, ...changes };
}

export function approvedBy(by: typeof BEN, minutes = 5, ownRequest = false): Request['approvals'][number] {
  return { by, at: ASKED_AT + minutes * MINUTE, planHash: hashPlan(aPlan), ownRequest };
}

const decided = { approvals: [approvedBy(CARA)], decidedAt: ASKED_AT + 5 * MINUTE };

/** The same request further on. */
export const running: Partial<Request> = {
  ...decided,
  status: 'running',
  startedAt: ASKED_AT + 5 * MINUTE,
  steps: [aRecord({ state: 'done', changed: true }), aRecord({ state: 'applying' }), aRecord()],
};

export const done: Partial<Request> = {
  ...decided,
  status: 'done',
  startedAt: ASKED_AT + 5 * MINUTE,
  finishedAt: ASKED_AT + 5 * MINUTE + 8_000,
  steps: [
    aRecord({ state: 'done', changed: true }),
    aRecord({ state: 'done' }),
    aRecord({ state: 'done', changed: true }),
  ],
};

/** The second step failed; the first could not be taken back. */
export const failed: Partial<Request> = {
  ...done,
  status: 'failed',
  direction: 'back',
  problem: 'Cloudflare does not allow our token to write policies.',
  steps: [
    aRecord({
      state: 'undo-failed',
      changed: true,
      problem: 'Cloudflare did not answer. By hand: Zero Trust dashboard → Reusable components → Lists → Laptops.',
    }),
    aRecord({ state: 'failed', problem: 'Cloudflare does not allow our token to write policies.' }),
    aRecord({ state: 'skipped' }),
  ],
};

export const denial = { by: CARA, at: ASKED_AT + 5 * MINUTE, reason: 'She has access already.' };
