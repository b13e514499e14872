import type { KnownBlock, PlanBlock, TaskCardBlock } from '@slack/types';
import type { Request } from '../core/request.ts';
import { fit } from './fit.ts';
import { groupSteps, shownSteps, type ShownStep, type StepGroup } from './group-steps.ts';
import { duration, time } from './time.ts';
import { line, rich } from './rich.ts';
import { note } from './blocks.ts';

type TaskStatus = TaskCardBlock['status'];

const ONE_BY_ONE = 12;
const GROUPS = 20;

/** What has been done, step by step: Slack's plan block, and below it what it is waiting for. */
export function progressBlocks(request: Request): KnownBlock[] {
  const steps = shownSteps(request);
  if (steps.length === 0) return [];
  const next = nextStep(request, steps);
  const tasks = groupSteps(steps, ONE_BY_ONE)
    .slice(0, GROUPS)
    .map((group) => taskOf(group, next));
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
    status: steps.some((step) => step === next) ? 'in_progress' : statusOf(steps),
    ...(steps.length > 1 || first.planned.change === undefined || first.planned.already === true
      ? {}
      : { details: rich(line(fit(first.planned.change, 100))) }),
    ...(problem === undefined ? {} : { output: rich(line(fit(problem, 300))) }),
  };
}

function titleOfGroup({ first, steps }: StepGroup): string {
  if (steps.length === 1)
    return `${fit(first.planned.says, 200) || '–'}${OUTCOMES[first.record.state]}${already(first)}`;
  const done = steps.filter(({ record }) => record.state === 'done').length;
  const undone = steps.filter(({ record }) => record.state === 'undone').length;
  const wrong = steps.filter(({ record }) => isWrong(record.state)).length;
  const counts = [
    `${done} of ${steps.length} done`,
    ...(wrong === 0 ? [] : [`${wrong} failed`]),
    ...(undone === 0 ? [] : [`${undone} taken back`]),
  ];
  return `${fit(first.planned.says, 150)} and ${steps.length - 1} more like it: ${counts.join(', ')}`;
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

export function isWrong(state: ShownStep['record']['state']): boolean {
  return state === 'failed' || state === 'undo-failed';
}

function statusOf(steps: readonly ShownStep[]): TaskStatus {
  const states = steps.map(({ record }) => record.state);
  if (states.some(isWrong)) return 'error';
  if (states.every((state) => state === 'todo' || state === 'skipped')) return 'pending';
  return states.every((state) => state === 'done' || state === 'undone' || state === 'skipped')
    ? 'complete'
    : 'in_progress';
}
