import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import type { Plan } from '../../src/core/plan.ts';
import type { Request } from '../../src/core/request.ts';
import { approvalCard } from '../../src/slack/approval-card.ts';
import { auditSummary } from '../../src/slack/audit-summary.ts';
import { denyView } from '../../src/slack/deny-view.ts';
import { detailsView } from '../../src/slack/details-view.ts';
import { feedbackMessage } from '../../src/slack/feedback-message.ts';
import { doneView, formView, problemView } from '../../src/slack/form-view.ts';
import { helpMessage } from '../../src/slack/help-message.ts';
import { inviteMessage } from '../../src/slack/invite-message.ts';
import { operatorAlert } from '../../src/slack/operator-alert.ts';
import { outcomeMessage } from '../../src/slack/outcome-message.ts';
import { plainly, textOnly } from '../../src/slack/plainly.ts';
import { refusal } from '../../src/slack/refusal.ts';
import { requesterCard } from '../../src/slack/requester-card.ts';
import { statusMessage } from '../../src/slack/status-message.ts';
import { welcomeMessage } from '../../src/slack/welcome-message.ts';
import { anAction } from '../builders/an-action.ts';
import { ASKED_AT, approvedBy, aRequest, BEN, CARA } from '../builders/a-request.ts';
import { expectViewWithinLimits, expectWithinLimits } from './read.ts';

/** Nothing, blanks, odd characters, endless words, and what Slack would interpret. */
const text = fc.oneof(
  fc.constantFrom('', ' ', '\n', '\u202E', '\u0000', '<!here>', '*x* `y` ~z~', '&'.repeat(4000), 'x'.repeat(9000)),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 4000 }),
);
const person = fc.record({ email: text, name: text, slackId: fc.constantFrom('U05ANA00001', 'system', '') });
const count = fc.constantFrom(0, 1, 3, 13, 200);
const state = fc.constantFrom('todo', 'applying', 'done', 'failed', 'undoing', 'undone', 'undo-failed', 'skipped');
const status = fc.constantFrom(
  'waiting',
  'pending',
  'approved',
  'running',
  'done',
  'failed',
  'denied',
  'withdrawn',
  'expired',
);

const plan: fc.Arbitrary<Plan> = fc
  .tuple(count, fc.array(text, { maxLength: 40 }), text, fc.constantFrom(1, 3, 30))
  .map(([steps, warnings, words, kinds]) => ({
    stages: Array.from({ length: Math.max(1, steps) }, (_, index) => [
      {
        step: `kind-${index % kinds}`,
        says: words,
        args: Object.fromEntries(Array.from({ length: 5 }, (_one, at) => [`${words}${at}`, words])),
        change: words,
        already: index % 2 === 0,
      },
    ]),
    warnings,
  }));

const request: fc.Arbitrary<Request> = fc
  .record({
    status,
    says: text,
    reason: text,
    problem: text,
    name: text,
    plan: fc.option(plan, { nil: undefined }),
    people: fc.tuple(person, count).map(([one, many]) => Array.from({ length: many }, () => one)),
    approvals: count,
    state,
    direction: fc.constantFrom('forward' as const, 'back' as const),
  })
  .map(({ name, people, approvals, state: reached, ...rest }) =>
    aRequest({
      ...rest,
      requester: { ...BEN, name },
      beneficiaries: people,
      waitsFor: { field: 'device', from: people[0] ?? { email: 'a@b.example' } },
      approvalsNeeded: 250,
      approvals: Array.from({ length: approvals }, () => ({ ...approvedBy(CARA), by: { ...CARA, name } })),
      ...(rest.status === 'denied' ? { denial: { by: { ...CARA, name }, at: ASKED_AT, reason: rest.reason } } : {}),
      steps: (rest.plan?.stages.flat() ?? []).map(() => ({
        state: reached,
        changed: true,
        tries: 0,
        problem: rest.problem,
      })),
      startedAt: ASKED_AT,
      finishedAt: ASKED_AT + 8000,
      waitingUntil: ASKED_AT,
    }),
  );

const runs = { numRuns: 60 };

/** As much of everything as there can be. */
function aHugeRequest(changes: Partial<Request>): Request {
  const words = 'x & '.repeat(800);
  const people = Array.from({ length: 200 }, () => ({ email: words, name: words, slackId: 'U05ANA00001' }));
  const stages = Array.from({ length: 200 }, (_, index) => [
    {
      step: `kind-${index}`,
      says: words,
      change: words,
      args: Object.fromEntries(people.slice(0, 15).map((_one, at) => [`${words}${at}`, words])),
    },
  ]);
  return aRequest({
    says: words,
    reason: words,
    problem: words,
    requester: { ...BEN, slackId: 'nobody', name: words },
    beneficiaries: people.map(({ email, name }) => ({ email, name })),
    plan: { stages, warnings: Array.from({ length: 50 }, () => words) },
    approvalsNeeded: 60,
    approvals: Array.from({ length: 50 }, () => ({
      ...approvedBy(CARA, 5, true),
      by: { ...CARA, slackId: 'x', name: words },
    })),
    denial: { by: { ...CARA, slackId: 'x', name: words }, at: ASKED_AT, reason: words },
    steps: stages.map((_stage, index) => ({
      state: STATES[index % STATES.length] ?? 'failed',
      changed: true,
      tries: 0,
      problem: `${words}${index}`,
    })),
    ...changes,
  });
}

const STATES = ['done', 'failed', 'undone', 'undo-failed', 'skipped'] as const;

describe('whatever people type', () => {
  it('every message of a request is within Slack’s limits, in each of its looks', () => {
    fc.assert(
      fc.property(request, text, fc.boolean(), (given, words, flag) => {
        const welcome = { isForReader: flag, email: words, name: words, teamName: words, appUrl: words };
        const messages = [
          approvalCard(given),
          requesterCard(given),
          outcomeMessage(given),
          inviteMessage(given),
          auditSummary(given),
          welcomeMessage(given, welcome),
          feedbackMessage(given, { from: { name: words }, isIn: flag }),
        ];
        for (const message of messages) {
          expectWithinLimits(message);
          expectWithinLimits(plainly(message));
          expectWithinLimits(textOnly(message));
        }
      }),
      runs,
    );
  });

  it.each(['pending', 'running', 'failed', 'denied'] as const)('a huge request that is %s is, too', (reached) => {
    const given = aHugeRequest({ status: reached });
    const welcome = {
      isForReader: true,
      email: given.says,
      name: given.says,
      teamName: given.says,
      appUrl: given.says,
    };
    const messages = [
      approvalCard(given),
      requesterCard(given),
      outcomeMessage(given),
      inviteMessage(given),
      auditSummary(given),
      welcomeMessage(given, welcome),
    ];
    for (const message of messages) {
      expectWithinLimits(message);
      expectWithinLimits(plainly(message));
    }
    expectViewWithinLimits(detailsView(given));
  });

  it('every view of a request is within Slack’s limits', () => {
    fc.assert(
      fc.property(request, text, (given, words) => {
        for (const view of [
          detailsView(given),
          denyView(given),
          doneView(given),
          problemView(words),
          problemView(words, 'not-allowed'),
        ]) {
          expectViewWithinLimits(view);
        }
      }),
      runs,
    );
  });

  it('the form is', () => {
    fc.assert(
      fc.property(text, text, fc.boolean(), (words, more, ask) => {
        const values = {
          person: { slackId: words, email: more },
          device: { platform: 'linux' as const, serial: words, ask },
          reason: more,
        };
        const action = anAction({ title: words || 'Add' });
        expectViewWithinLimits(formView({ action, values, draftId: 'd'.repeat(40), notice: words }));
        expectViewWithinLimits(formView({ action, values, draftId: 'd', only: ['device'] }));
      }),
      runs,
    );
  });

  it('the messages to one person or to the operator are', () => {
    fc.assert(
      fc.property(text, count, fc.boolean(), (words, many, ok) => {
        const actions = Array.from({ length: many }, (_, index) =>
          anAction({ id: `a${index}`, title: words, summary: words, usage: words, examples: [words] }),
        );
        expectWithinLimits(helpMessage({ actions, isApprover: ok }));
        expectWithinLimits(statusMessage(Array.from({ length: many }, () => ({ name: words, ok, says: words }))));
        expectWithinLimits(operatorAlert({ says: words }));
        expectWithinLimits(refusal(words));
      }),
      runs,
    );
  });
});
