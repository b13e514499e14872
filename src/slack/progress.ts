import type { KnownBlock, PlanBlock, TaskCardBlock } from '@slack/types';
import type { Request } from '../core/request.ts';
import { firstWithin } from './first-within.ts';
import { fit } from './fit.ts';
import { countSteps, groupSteps, shownSteps, type ShownStep, type StepGroup } from './group-steps.ts';
import { duration, time } from './time.ts';
import { line, rich } from './rich.ts';
import { note } from './blocks.ts';

type TaskStatus = TaskCardBlock['status'];

const ONE_BY_ONE = 12;
const CHARACTERS = 3000;

/** What has been done, step by step: Slack's plan block, and below it what it is waiting for. */
export function progressBlocks(request: Request): KnownBlock[] {
  const steps = shownSteps(request);
  if (steps.length === 0) return [];
  const next = nextStep(request, steps);
  const { shown, rest } = firstWithin(groupSteps(steps, ONE_BY_ONE), CHARACTERS, (group) => lengthOfTask(group, next));
  const tasks = [...shown.map((group) => taskOf(group, next)), ...restTask(rest, next)];
  const plan: PlanBlock = { type: 'plan', title: titleOf(request, steps), tasks };
  return [plan, ...waitingNote(request)];
}

function titleOf(request: Request, steps: readonly ShownStep[]): string {
  const done = steps.filter(({ record }) => record.state === 'done').length;
  if (request.status === 'done') return `Done in ${duration((request.finishedAt ?? 0) - (request.startedAt ?? 0))}`;
  if (request.status === 'failed') return 'Failed';
  if (request.direction === 'back') return 'Something failed: taking back what it gave';
  return `${done} of ${steps.length} ${steps.length === 1 ? 'step' : 'steps'} done`;
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

function taskOf(group: StepGroup, next: ShownStep | undefined): TaskCardBlock {
  const { id, first, steps } = group;
  const problem = steps.find(({ record }) => record.problem !== undefined && isWrong(record.state))?.record.problem;
  return {
    type: 'task_card',
    task_id: id,
    title: titleOfGroup(group),
    status: statusOf(steps, next),
    ...(steps.length > 1 || first.planned.change === undefined || first.planned.already === true
      ? {}
      : { details: rich(line(fit(first.planned.change, 100))) }),
    ...(problem === undefined ? {} : { output: rich(line(fit(problem, 300))) }),
  };
}

function lengthOfTask(group: StepGroup, next: ShownStep | undefined): number {
  const { title, details, output } = taskOf(group, next);
  return title.length + [details, output].filter((block) => block !== undefined).length * 200;
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
  if (steps.length === 1)
    return `${fit(first.planned.says, 200) || '–'}${OUTCOMES[first.record.state]}${already(first)}`;
  return `${fit(first.planned.says, 150)} and ${steps.length - 1} more like it: ${countsOf(steps)}`;
}

function countsOf(steps: readonly ShownStep[]): string {
  const done = steps.filter(({ record }) => record.state === 'done').length;
  const undone = steps.filter(({ record }) => record.state === 'undone').length;
  const wrong = steps.filter(({ record }) => isWrong(record.state)).length;
  return [
    `${done} of ${steps.length} done`,
    ...(wrong === 0 ? [] : [`${wrong} failed`]),
    ...(undone === 0 ? [] : [`${undone} taken back`]),
  ].join(', ');
}

function already({ record }: ShownStep): string {
  return record.state === 'done' && !record.changed ? ': was so already' : '';
}

/** Said in words, because the sign beside a task says less than this. */
const OUTCOMES: Record<ShownStep['record']['state'], string> = {
  todo: '',
  applying: '',
  done: '',
  failed: ': failed',
  undoing: ': being taken back',
  undone: ': taken back',
  'undo-failed': ': could not be taken back',
  skipped: ': not done',
};

function isWrong(state: ShownStep['record']['state']): boolean {
  return state === 'failed' || state === 'undo-failed';
}

function statusOf(steps: readonly ShownStep[], next: ShownStep | undefined): TaskStatus {
  if (steps.some((step) => step === next)) return 'in_progress';
  const states = steps.map(({ record }) => record.state);
  if (states.some(isWrong)) return 'error';
  if (states.every((state) => state === 'todo' || state === 'skipped')) return 'pending';
  return states.every((state) => state === 'done' || state === 'undone' || state === 'skipped')
    ? 'complete'
    : 'in_progress';
}
