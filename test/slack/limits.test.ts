import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import type { Plan } from '../../src/core/plan.ts';
import type { Request } from '../../src/core/request.ts';
import { approvalCard } from '../../src/slack/approval-card.ts';
import { attemptsMessage } from '../../src/slack/attempts-message.ts';
import { auditSummary } from '../../src/slack/audit-summary.ts';
import { confirmView } from '../../src/slack/confirm-view.ts';
import { denyView } from '../../src/slack/deny-view.ts';
import { detailsView } from '../../src/slack/details-view.ts';
import { deviceReported } from '../../src/slack/device-reported.ts';
import { endNotice } from '../../src/slack/end-notice.ts';
import { feedbackMessage } from '../../src/slack/feedback-message.ts';
import { doneView, formView, problemView } from '../../src/slack/form-view.ts';
import { helpMessage } from '../../src/slack/help-message.ts';
import { incidentCard } from '../../src/slack/incident-card.ts';
import { incidentEvents } from '../../src/slack/incident-events.ts';
import { inviteMessage } from '../../src/slack/invite-message.ts';
import type { Message } from '../../src/slack/message.ts';
import { operatorAlert } from '../../src/slack/operator-alert.ts';
import { outcomeMessage } from '../../src/slack/outcome-message.ts';
import { plainly, textOnly } from '../../src/slack/plainly.ts';
import { refusal } from '../../src/slack/refusal.ts';
import { reminderMessage } from '../../src/slack/reminder-message.ts';
import { requesterCard } from '../../src/slack/requester-card.ts';
import { requestsMessage } from '../../src/slack/requests-message.ts';
import { statusMessage } from '../../src/slack/status-message.ts';
import { stuckMessage } from '../../src/slack/stuck-message.ts';
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
        items: [words, words, words, words],
        already: index % 2 === 0,
      },
    ]),
    warnings,
    leftOut: warnings.map((line) => ({ line, why: words })),
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
    effect: fc.constantFrom('grant' as const, 'reduce' as const),
    about: fc.tuple(person, count).map(([one, many]) => Array.from({ length: many }, () => one)),
    input: text.map((words) => ({
      device: { name: words, serial: words, owner: { email: 'a@b.example', name: words }, others: [] },
    })),
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
        notes: [rest.problem, rest.reason],
      })),
      startedAt: ASKED_AT,
      finishedAt: ASKED_AT + 8000,
      waitingUntil: ASKED_AT,
    }),
  );

const runs = { numRuns: 60 };

/** Everything that follows a request beside its cards. */
function messagesOfThread(given: Request, words: string, flag: boolean): Message[] {
  const event = { at: ASKED_AT, email: words, allowed: flag, app: words, ip: words, country: words };
  const events = Array.from({ length: 100 }, () => event);
  const stuck = stuckMessage(given, '<!subteam^S05APPROVER>');
  return [
    incidentCard(given),
    incidentEvents(given, { email: words, since: ASKED_AT, events }),
    incidentEvents(given, { email: words, since: ASKED_AT, events: [], problem: words }),
    attemptsMessage(given, { events }, '<!subteam^S05APPROVER>'),
    reminderMessage(given, { mention: undefined, isFirst: flag }),
    ...(stuck === undefined ? [] : [stuck]),
    deviceReported(given),
    endNotice(given, {
      person: { email: words, name: words },
      endsAt: ASKED_AT,
      slackId: flag ? 'U05ANA00001' : undefined,
    }),
  ];
}

/** As much of everything as there can be. */
function aHugeRequest(changes: Partial<Request>): Request {
  const words = 'x & '.repeat(800);
  const people = Array.from({ length: 200 }, () => ({ email: words, name: words, slackId: 'U05ANA00001' }));
  const stages = Array.from({ length: 200 }, (_, index) => [
    {
      step: `kind-${index}`,
      says: words,
      change: words,
      items: people.slice(0, 40).map(({ email }) => email),
      args: Object.fromEntries(people.slice(0, 15).map((_one, at) => [`${words}${at}`, words])),
    },
  ]);
  return aRequest({
    says: words,
    reason: words,
    problem: words,
    requester: { ...BEN, slackId: 'nobody', name: words },
    beneficiaries: people.map(({ email, name }) => ({ email, name })),
    about: people,
    effect: 'reduce',
    input: {
      device: { name: words, serial: words, owner: { email: 'a@b.example', name: words }, others: [] },
    },
    plan: {
      stages,
      warnings: Array.from({ length: 50 }, () => words),
      leftOut: Array.from({ length: 500 }, () => ({ line: words, why: words })),
    },
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
      at: ASKED_AT,
      notes: [`${words}${index}`],
    })),
    ...changes,
  });
}

const STATES = ['done', 'todo', 'failed', 'undone', 'undo-failed', 'skipped'] as const;

describe('whatever people type', () => {
  it('every message of a request is within Slack’s limits, in each of its looks', () => {
    fc.assert(
      fc.property(request, text, fc.boolean(), (given, words, flag) => {
        const welcome = {
          isForReader: flag,
          email: words,
          name: words,
          teamName: words,
          appUrl: words,
          isReplacement: flag,
        };
        const messages = [
          approvalCard(given),
          requesterCard(given),
          outcomeMessage(given),
          inviteMessage(given),
          auditSummary(given),
          welcomeMessage(given, welcome),
          feedbackMessage(given, { from: { name: words }, isIn: flag }),
          ...messagesOfThread(given, words, flag),
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
      isReplacement: false,
    };
    const messages = [
      approvalCard(given),
      requesterCard(given),
      outcomeMessage(given),
      inviteMessage(given),
      auditSummary(given),
      welcomeMessage(given, welcome),
      requestsMessage({ requests: Array.from({ length: 200 }, () => given), mention: undefined, now: ASKED_AT }),
      ...messagesOfThread(given, given.says, false),
    ];
    for (const message of messages) {
      expectWithinLimits(message);
      expectWithinLimits(plainly(message));
    }
    expectViewWithinLimits(detailsView(given));
    const { says, plan: huge } = given;
    if (huge !== undefined)
      expectViewWithinLimits(
        confirmView({
          action: anAction(),
          says,
          plan: huge,
          planHash: 'h',
          approvalsNeeded: 0,
          draftId: 'd',
          notice: says,
        }),
      );
  });

  it('every view of a request is within Slack’s limits', () => {
    fc.assert(
      fc.property(request, text, (given, words) => {
        for (const view of [
          detailsView(given),
          denyView(given),
          doneView(given),
          doneView({ ...given, isUrgent: true }),
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
