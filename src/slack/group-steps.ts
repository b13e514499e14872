import { flatten, type PlannedStep } from '../core/plan.ts';
import type { Request, StepRecord } from '../core/request.ts';
import { undoWords, type UndoWords } from '../core/undo-words.ts';

export interface ShownStep {
  readonly planned: PlannedStep;
  readonly record: StepRecord;
  /** Its place in running order, from 0. */
  readonly index: number;
  /** Has not held yet and is tried again. */
  readonly isRetried: boolean;
  /** How it is told that the request's changes are reversed. */
  readonly undo: UndoWords;
}

/** Steps that are shown as one: the same effect, many times. */
export interface StepGroup {
  /** Stays the same while the request runs. */
  readonly id: string;
  readonly first: ShownStep;
  readonly steps: readonly ShownStep[];
}

const TODO: StepRecord = { state: 'todo', changed: false, tries: 0 };

type Planned = Pick<Request, 'plan' | 'steps'> & Partial<Pick<Request, 'status' | 'direction' | 'effect'>>;

export function shownSteps({ plan, steps, status, direction, effect = 'grant' }: Planned): ShownStep[] {
  if (plan === undefined) return [];
  const undo = undoWords({ effect });
  const isRunning = status === 'running' && direction !== 'back';
  return flatten(plan).map((planned, index) => {
    const record = steps[index] ?? TODO;
    const isUndone = record.state === 'todo' || record.state === 'applying';
    return { planned, record, index, isRetried: isRunning && isUndone && record.problem !== undefined, undo };
  });
}

/** Each step by itself while there are at most `max`; beyond, the steps of one kind together, in order of appearance. */
export function groupSteps(steps: readonly ShownStep[], max: number): StepGroup[] {
  if (steps.length <= max) return steps.map((step) => ({ id: `step-${step.index}`, first: step, steps: [step] }));
  const groups = new Map<string, { first: ShownStep; steps: ShownStep[] }>();
  for (const step of steps) {
    const group = groups.get(step.planned.step);
    if (group === undefined) groups.set(step.planned.step, { first: step, steps: [step] });
    else group.steps.push(step);
  }
  return [...groups.values()].map((group) => ({ id: `step-${group.first.index}`, ...group }));
}

/** What came of a step that wrote nothing; undefined: it wrote, or is not done. One that found something out was there to look. */
export function unchanged({ planned, record }: ShownStep): 'checked' | 'was so already' | undefined {
  const { state, changed, notes = [] } = record;
  if (state !== 'done' || changed) return undefined;
  return planned.looksOnly === true || notes.length > 0 ? 'checked' : 'was so already';
}

/** The same behind its sentence, where it is known to be done: then “Check that …” says it all. */
export function unchangedWords(step: ShownStep): string {
  const words = unchanged(step);
  return words === undefined || step.planned.looksOnly === true ? '' : `: ${words}`;
}

/** `1 step`, `12 steps` */
export function countSteps(groups: readonly StepGroup[]): string {
  const count = groups.reduce((sum, { steps }) => sum + steps.length, 0);
  return `${count} ${count === 1 ? 'step' : 'steps'}`;
}
