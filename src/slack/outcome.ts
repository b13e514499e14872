import type { KnownBlock } from '@slack/types';
import type { Request } from '../core/request.ts';
import { undoWords } from '../core/undo-words.ts';
import { firstWithin } from './first-within.ts';
import { fit, fitLines } from './fit.ts';
import { shownSteps, type ShownStep } from './group-steps.ts';
import { quotedLines, quotingLines, splitQuoted } from './quoted.ts';
import { bold, lengthOf, line, list, rich, type Part } from './rich.ts';

/** A cause ends in what to do about it, so it is cut only where Slack would refuse the message otherwise. */
const CAUSE = 2800;
const CAUSES_CHARACTERS = 3000;
const BY_HAND = 600;
/** What stands beside a plan block has less room than a list of its own. */
const BY_HAND_CHARACTERS = { card: 1500, message: 3000 };
const LISTED = 10;

/** Below a plan block, which shows what became of each step: the cause, and what somebody has to do by hand. */
export function causeBlocks(request: Request): KnownBlock[] {
  if (request.status !== 'failed') return [];
  const causes = causesOf(request);
  const [only] = causes;
  return [
    ...(causes.length === 1 && only !== undefined
      ? [rich(line(bold('What failed')), ...quotingLines([], only.problem, CAUSE))]
      : causeList(causes)),
    ...byHandBlocks(request, BY_HAND_CHARACTERS.card),
  ];
}

/** The whole story of a failure as lists, for a message that has no plan block. */
export function failureBlocks(request: Request): KnownBlock[] {
  if (request.status !== 'failed') return [];
  const of = (state: ShownStep['record']['state']) =>
    shownSteps(request).filter(({ record }) => record.state === state);
  return [
    ...causeList(causesOf(request)),
    ...byHandBlocks(request, BY_HAND_CHARACTERS.message),
    ...named(`What was ${undoWords(request).undone}`, of('undone'), request.effect === 'change'),
    ...named('What was not done', of('skipped')),
    ...named(
      request.effect === 'reduce' ? 'What was done' : 'What stays as it was done',
      shownSteps(request).filter(isKept),
    ),
    ...(leavesNothing(request) ? [rich(line('Nothing has been changed.'))] : []),
  ];
}

/** The same in one or two sentences, for `text`: not escaped. */
export function failureText(request: Request): string {
  const steps = shownSteps(request);
  const problem = causesOf(request)[0]?.problem;
  const stuck = steps.filter(isStuck).length;
  const undone = steps.filter(({ record }) => record.state === 'undone').length;
  const words = undoWords(request);
  return [
    problem === undefined ? '' : fit(problem, 900),
    undone === 0 ? '' : `${stuck === 0 ? 'What' : 'Some of what'} it had ${words.given} was ${words.undone}.`,
    stuck === 0
      ? ''
      : `${stuck} ${stuck === 1 ? 'change' : 'changes'} could not be ${words.undone} and must be undone by hand.`,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** How a failure ended, in a few words: the title above its steps. */
export function failureTitle(request: Request): string {
  const steps = shownSteps(request);
  const { given, undone } = undoWords(request);
  if (steps.some(isStuck)) return `Failed: not everything could be ${undone}`;
  if (steps.some(isKept)) return 'Failed in part: what was done stays';
  if (steps.some(({ record }) => record.state === 'undone')) return `Failed: what it had ${given} was ${undone}`;
  return leavesNothing(request) ? 'Failed: nothing was changed' : 'Failed';
}

interface Cause {
  readonly problem: string;
  /** None if it is about the request as a whole. */
  readonly steps: readonly ShownStep[];
}

/** Each reason once, however many steps failed for it; the one that ended the request comes first. */
function causesOf(request: Request): Cause[] {
  const causes = new Map<string, ShownStep[]>();
  if (request.problem !== undefined) causes.set(request.problem, []);
  for (const step of shownSteps(request)) {
    if (step.record.state !== 'failed') continue;
    const problem = step.record.problem ?? request.problem ?? 'The reason is not on record.';
    causes.set(problem, [...(causes.get(problem) ?? []), step]);
  }
  return [...causes].map(([problem, steps]) => ({ problem, steps }));
}

/** What a cause quotes stands below all of them: a list holds no text as it was written. */
function causeList(causes: readonly Cause[]): KnownBlock[] {
  const quoted = causes.flatMap(({ problem }) => quotedLines(problem)).slice(0, 2);
  return [
    ...listed('What failed', causes.map(causeParts), CAUSES_CHARACTERS),
    ...(quoted.length === 0 ? [] : [rich(...quoted)]),
  ];
}

function causeParts({ problem, steps }: Cause): Part[] {
  const [first, ...others] = steps;
  const says = splitQuoted(problem).says;
  if (first === undefined) return [fitLines(says, CAUSE)];
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return [`${fit(first.planned.says, 200)}${more}: ${fitLines(says, CAUSE - 250)}`];
}

function byHandBlocks(request: Request, max: number): KnownBlock[] {
  const items = shownSteps(request)
    .filter(isStuck)
    .map(({ planned, record }): Part[] => [
      `Undo: ${fit(planned.says, 200)}. ${fit(record.problem ?? 'The reason is not on record.', BY_HAND)}`,
    ]);
  return listed('Do this by hand:', items, max);
}

function isStuck({ record }: ShownStep): boolean {
  return record.state === 'undo-failed';
}

function isKept({ record }: ShownStep): boolean {
  return record.state === 'done' && record.changed;
}

function leavesNothing(request: Request): boolean {
  return !shownSteps(request).some(
    ({ record }) => record.changed || record.state === 'undone' || record.state === 'undo-failed',
  );
}

/** `fromWhat`: with what was there before, which is there again. */
function named(title: string, steps: readonly ShownStep[], fromWhat = false): KnownBlock[] {
  const items = steps.map(({ planned: { says, change } }): Part[] => [
    `${fit(says, 150)}${fromWhat && change !== undefined ? ` (${fit(change, 60)})` : ''}`,
  ]);
  return listed(title, items, LISTED * 150);
}

function listed(title: string, items: readonly Part[][], max: number): KnownBlock[] {
  const { shown } = firstWithin(items.slice(0, LISTED), max, lengthOf);
  const rest = items.length - shown.length;
  const all = rest === 0 ? shown : [...shown, [`and ${rest} more`]];
  return all.length === 0 ? [] : [rich(line(bold(title)), list('bullet', all))];
}
