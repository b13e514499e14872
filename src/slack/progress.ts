import type { KnownBlock, PlanBlock, TaskCardBlock } from '@slack/types';
import { capital } from '../core/capital.ts';
import type { Request } from '../core/request.ts';
import { EVERY_UNDO, undoWords, type UndoWords } from '../core/undo-words.ts';
import { firstWithin } from './first-within.ts';
import { fit } from './fit.ts';
import { countSteps, groupSteps, shownSteps, unchangedWords, type ShownStep, type StepGroup } from './group-steps.ts';
import { note } from './blocks.ts';
import { failureTitle } from './outcome.ts';
import { line, rich } from './rich.ts';
import { duration } from '../core/duration.ts';
import { time } from './time.ts';

type TaskStatus = TaskCardBlock['status'];

const ONE_BY_ONE = 12;
const CHARACTERS = 2600;

/** What has been done, step by step: Slack's plan block, and below it what it is waiting for. */
export function progressBlocks(request: Request): KnownBlock[] {
  const steps = shownSteps(request);
  if (steps.length === 0) return [];
  const next = nextStep(request, steps);
  const all = groupSteps(steps, ONE_BY_ONE).map((group) => ({ ...group, ...wordsOf(group, request) }));
  const { shown, rest } = firstWithin(all, CHARACTERS, ({ title, details, output }) =>
    [title, details, output].reduce((sum, words) => sum + (words?.length ?? 0), 0),
  );
  const tasks = [...shown.map((task) => taskOf(task, next)), ...restTask(rest, next)];
  const plan: PlanBlock = { type: 'plan', title: titleOf(request, steps), tasks };
  return [plan, ...waitingNote(request)];
}

function titleOf(request: Request, steps: readonly ShownStep[]): string {
  const done = steps.filter(({ record }) => record.state === 'done').length;
  if (request.status === 'done') return `Done in ${duration((request.finishedAt ?? 0) - (request.startedAt ?? 0))}`;
  if (request.status === 'failed') return failureTitle(request);
  if (request.direction === 'back') {
    const { undoing, gave } = undoWords(request);
    return `Something failed: ${undoing} what it ${gave}`;
  }
  const retried = steps.filter(({ isRetried }) => isRetried).length;
  const trying = retried === 0 ? '' : `, ${retried} being tried again`;
  return `${done} of ${steps.length} ${steps.length === 1 ? 'step' : 'steps'} done${trying}`;
}

function waitingNote({ status, waitingUntil }: Request): KnownBlock[] {
  if (status !== 'running' || waitingUntil === undefined) return [];
  return [note(`Waiting for Cloudflare until ${time(waitingUntil)}. It goes on by itself.`)];
}

/** The step that the worker looks at before it writes: nothing is recorded then, but something is going on. */
function nextStep(request: Request, steps: readonly ShownStep[]): ShownStep | undefined {
  if (request.status !== 'running' || request.direction === 'back') return undefined;
  if (steps.some(({ record }) => record.state === 'applying')) return undefined;
  return steps.find(({ record }) => record.state === 'todo');
}

interface TaskWords {
  readonly title: string;
  readonly details?: string;
  readonly output?: string;
}

function wordsOf(group: StepGroup, { status }: Request): TaskWords {
  const { first, steps } = group;
  const { planned, record } = first;
  const isCounted =
    record.state === 'todo' || record.state === 'applying' || (record.state === 'done' && record.changed);
  const problem = steps.find((step) => isWrong(step.record.state) || step.isRetried)?.record.problem;
  return {
    title: titleOfGroup(group),
    // What was taken back or never done changed no number.
    ...(steps.length === 1 && isCounted && planned.change !== undefined && planned.already !== true
      ? { details: fit(planned.change, 100) }
      : {}),
    // Once all is over the cause stands below the steps, once and whole.
    ...(problem === undefined || status === 'failed' ? {} : { output: fit(problem, 1000) }),
  };
}

function taskOf(
  { id, steps, title, details, output }: StepGroup & TaskWords,
  next: ShownStep | undefined,
): TaskCardBlock {
  return {
    type: 'task_card',
    task_id: id,
    title,
    status: statusOf(steps, next),
    ...(details === undefined ? {} : { details: rich(line(details)) }),
    ...(output === undefined ? {} : { output: rich(line(output)) }),
  };
}

/** All that there is no room for, as one. */
function restTask(groups: readonly StepGroup[], next: ShownStep | undefined): TaskCardBlock[] {
  if (groups.length === 0) return [];
  const steps = groups.flatMap((one) => one.steps);
  return [
    {
      type: 'task_card',
      task_id: 'rest',
      title: `${countSteps(groups)} more: ${countsOf(steps)}`,
      status: statusOf(steps, next),
    },
  ];
}

function titleOfGroup({ first, steps }: StepGroup): string {
  if (steps.length === 1) {
    const outcome = first.isRetried ? TRYING : outcomes(first.undo)[first.record.state];
    return `${outcome}${fit(first.planned.says, 200) || '–'}${unchangedWords(first)}`;
  }
  return `${fit(first.planned.says, 150)} and ${steps.length - 1} more like it: ${countsOf(steps)}`;
}

function countsOf(steps: readonly ShownStep[]): string {
  const done = steps.filter(({ record }) => record.state === 'done').length;
  const back = steps.filter(({ record }) => record.state === 'undone').length;
  const undone = steps[0]?.undo.undone;
  const failed = steps.filter(({ record }) => record.state === 'failed').length;
  const stuck = steps.filter(({ record }) => record.state === 'undo-failed').length;
  const retried = steps.filter(({ isRetried }) => isRetried).length;
  return [
    `${done} of ${steps.length} done`,
    ...(retried === 0 ? [] : [`${retried} being tried again`]),
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(back === 0 ? [] : [`${back} ${undone}`]),
    ...(stuck === 0 ? [] : [`${stuck} could not be ${undone}`]),
  ].join(', ');
}

/** Said in words and first, because the sign beside a task says less than this. */
function outcomes({ undone }: UndoWords): Record<ShownStep['record']['state'], string> {
  return {
    todo: '',
    applying: '',
    done: '',
    failed: 'Failed: ',
    undoing: `Being ${undone}: `,
    undone: `${capital(undone)}: `,
    'undo-failed': `Could not be ${undone}: `,
    skipped: 'Not done: ',
  };
}

const TRYING = 'Trying again: ';

/** Whether the title of a task says by itself what became of it. */
export function saysOutcome(title: string): boolean {
  return [TRYING, ...EVERY_UNDO.flatMap((words) => Object.values(outcomes(words)))].some(
    (words) => words !== '' && title.startsWith(words),
  );
}

function isWrong(state: ShownStep['record']['state']): boolean {
  return state === 'failed' || state === 'undo-failed';
}

function statusOf(steps: readonly ShownStep[], next: ShownStep | undefined): TaskStatus {
  if (steps.some((step) => step === next || step.isRetried)) return 'in_progress';
  const states = steps.map(({ record }) => record.state);
  if (states.some(isWrong)) return 'error';
  if (states.every((state) => state === 'todo' || state === 'skipped')) return 'pending';
  if (states.every((state) => state === 'done' || state === 'skipped')) return 'complete';
  // A tick would say that it is there; what was taken back is not.
  return states.every((state) => state === 'done' || state === 'skipped' || state === 'undone')
    ? 'error'
    : 'in_progress';
}
