import type { KnownBlock } from '@slack/types';
import { nameOf } from '../core/person.ts';
import type { Request } from '../core/request.ts';
import { header, note, warning } from './blocks.ts';
import { escapeToFit } from './escape.ts';
import { firstWithin } from './first-within.ts';
import { fit, fitNames } from './fit.ts';
import { countSteps, groupSteps, shownSteps, unchanged, type ShownStep, type StepGroup } from './group-steps.ts';
import { headline, standing } from './headline.ts';
import type { Message } from './message.ts';
import { leftOutBlocks, leftOutText } from './left-out.ts';
import { noteBlocks } from './notes.ts';
import { peopleOf, requesterName } from './people.ts';
import { warningBlocks } from './plan-list.ts';
import { quotingLines } from './quoted.ts';
import { bold, line, lines, list, quote, rich, when, who, type Part } from './rich.ts';
import { duration } from '../core/duration.ts';
import { FULL_FORMAT } from './time.ts';

const ONE_BY_ONE = 15;
const STEP_CHARACTERS = 2400;
const PEOPLE = 10;
const APPROVALS = 10;
const OWN_APPROVAL = 'It was approved by somebody who asked for it or gains by it.';

/**
 * What became of a request, for somebody who reads it months later: ids stand beside the mentions, because names change,
 * and every time has its date.
 */
export function auditSummary(request: Request): Message {
  return {
    text: summaryText(request),
    blocks: [
      header(headline(request)),
      rich(line(bold(fit(request.says, 300)))),
      lines(...facts(request)),
      ...(request.reason === '' ? [] : [rich(line('Reason given:'), quote(request.reason))]),
      ...(request.denial === undefined ? [] : [rich(line('Reason of the denial:'), quote(request.denial.reason))]),
      ...stepBlocks(request),
      ...(request.problem === undefined
        ? []
        : [rich(...quotingLines([bold('Why it failed:'), ' '], request.problem, 2000))]),
      ...noteBlocks(request),
      ...leftOutBlocks(request.plan),
      ...(hasOwnApproval(request) ? [warning(OWN_APPROVAL)] : []),
      ...warningBlocks(request),
      note(planNote(request)),
    ],
  };
}

function summaryText(request: Request): string {
  const by = decider(request);
  const sentences = [
    `${request.id} ${standing(request)}: ${fit(request.says, 800)}.`,
    `Asked by ${requesterName(request)}.`,
    ...(by === undefined ? [] : [by]),
    ...(leftOutText(request.plan) === '' ? [] : [leftOutText(request.plan)]),
    ...(hasOwnApproval(request) ? [OWN_APPROVAL] : []),
  ];
  return escapeToFit(sentences.join(' '), 2500);
}

function decider({ denial, approvals }: Request): string | undefined {
  if (denial !== undefined) return `Denied by ${fit(denial.by.name, 80)}.`;
  if (approvals.length === 0) return undefined;
  return `Approved by ${fitNames(
    approvals.map(({ by }) => fit(by.name, 80)),
    APPROVALS,
  )}.`;
}

function hasOwnApproval({ approvals }: Request): boolean {
  return approvals.some(({ ownRequest }) => ownRequest);
}

function facts(request: Request): Part[][] {
  const { requester, approvals, denial, createdAt, startedAt, finishedAt } = request;
  const { word, people: about } = peopleOf(request);
  const people = about.map((person) => `${fit(nameOf(person), 60)} (${fit(person.email, 100)})`);
  const took =
    startedAt === undefined || finishedAt === undefined ? '' : `, ${duration(finishedAt - startedAt)} after it started`;
  return [
    [bold('Action:'), ' ', fit(request.action, 60)],
    [bold('Asked by:'), ' ', ...named(requester), ', ', when(createdAt, FULL_FORMAT)],
    ...(people.length === 0 ? [] : [[bold(`${word}:`), ' ', fitNames(people, PEOPLE)]]),
    ...approvals
      .slice(-APPROVALS)
      .map(({ by, at, ownRequest }): Part[] => [
        bold('Approved by:'),
        ' ',
        ...named(by),
        ', ',
        when(at, FULL_FORMAT),
        ...(ownRequest ? [' – ', bold('their own request or access')] : []),
      ]),
    ...(denial === undefined
      ? []
      : [[bold('Denied by:'), ' ', ...named(denial.by), ', ', when(denial.at, FULL_FORMAT)]]),
    ...(approvals.length === 0 && denial === undefined && request.approvalsNeeded === 0
      ? [[bold('Approval:'), ' ', 'none needed']]
      : []),
    [
      bold('Outcome:'),
      ' ',
      OUTCOMES[request.status] ?? standing(request),
      ...(finishedAt === undefined ? [] : [', ', when(finishedAt, FULL_FORMAT), took]),
    ],
  ];
}

const OUTCOMES: Partial<Record<Request['status'], string>> = {
  done: 'done',
  failed: 'failed',
  denied: 'denied',
  withdrawn: 'withdrawn',
  expired: 'expired before it was decided',
};

function named(person: { readonly slackId: string; readonly name: string }): Part[] {
  const mention = who(person);
  return typeof mention === 'string' ? [mention] : [mention, ` (${person.slackId})`];
}

function stepBlocks(request: Request): KnownBlock[] {
  const steps = shownSteps(request);
  if (steps.length === 0) return [];
  const { shown, rest } = firstWithin(
    groupSteps(steps, ONE_BY_ONE),
    STEP_CHARACTERS,
    (group) => stepText(group, request.problem).length,
  );
  const more = rest.length === 0 ? [] : [`and ${countSteps(rest)} more`];
  const items = [...shown.map((group) => stepText(group, request.problem)), ...more].map((text): Part[] => [text]);
  return [rich(line(bold('Steps')), list('ordered', items))];
}

function stepText({ first, steps }: StepGroup, known?: string): string {
  const says = fit(first.planned.says, 200);
  if (steps.length === 1) {
    const { state, problem } = first.record;
    return `${says}: ${outcomeOf(first)}${state === 'done' ? '' : why(problem, known)}`;
  }
  const problem = steps.find(({ record }) => record.state !== 'done' && record.problem !== undefined)?.record.problem;
  const counts = new Map<string, number>();
  for (const step of steps) {
    const outcome = outcomeOf(step);
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  return `${says} and ${steps.length - 1} more like it: ${[...counts].map(([state, count]) => `${count} ${state}`).join(', ')}${why(problem, known)}`;
}

function outcomeOf(step: ShownStep): string {
  return unchanged(step) ?? states(step)[step.record.state];
}

/** Unless it is the reason that the summary gives anyway. */
function why(problem: string | undefined, known: string | undefined): string {
  return problem === undefined || problem === known ? '' : ` (${fit(problem, 600)})`;
}

function states({ undo: { undone } }: ShownStep): Record<Request['steps'][number]['state'], string> {
  return {
    todo: 'not done',
    applying: 'begun',
    done: 'done',
    failed: 'failed',
    undoing: `being ${undone}`,
    undone: `done, then ${undone}`,
    'undo-failed': `done, and could not be ${undone}`,
    skipped: 'not done',
  };
}

function planNote({ planHash, createdAt, decidedAt }: Request): string {
  const waited = decidedAt === undefined ? '' : ` Decided ${duration(decidedAt - createdAt)} after it was asked.`;
  return `${planHash === undefined ? 'No plan was made.' : `Plan ${planHash.slice(0, 12)}.`}${waited} The audit log holds every step.`;
}
