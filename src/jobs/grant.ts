import { flatten, type Plan } from '../core/plan.ts';
import type { Request, StepRecord } from '../core/request.ts';
import type { Step } from '../core/step.ts';
import { indexedStages } from './indexed-stages.ts';
import { isSettled } from './reduction.ts';
import { sideBySide } from './side-by-side.ts';
import type { Later, RunStep, StepResult, Walk } from './step-task.ts';

/**
 * Stage after stage, each once the one before it has settled. Turns back at the first stage with a failure, once all its
 * steps have settled.
 */
export async function goForward(plan: Plan, walk: Walk, runStep: RunStep): Promise<Later | undefined> {
  const { record } = walk;
  for (const stage of indexedStages(plan)) {
    const open = stage.filter(({ index }) => !isSettled(record.step(index)));
    const results = await sideBySide(open, (step) => runStep({ ...step, ...walk, direction: 'forward' }));
    // From the record and not from the results: a worker that is killed right here leaves no others.
    const failed = stage.map(({ index }) => record.step(index)).find(({ state }) => state === 'failed');
    if (failed !== undefined) {
      const problem = failed.problem ?? 'A step failed.';
      await record.write((current) => ({ ...current, problem, ...turnedBack(current) }));
      return undefined;
    }
    const later = latest(results);
    if (later !== undefined) return later;
  }
  return undefined;
}

/** Newest first, one after another: what was granted last goes first. */
export async function goBack(
  plan: Plan,
  walk: Walk,
  runStep: RunStep,
  known: readonly Step[],
): Promise<Later | undefined> {
  const { record } = walk;
  for (const [index, planned] of [...flatten(plan).entries()].toReversed()) {
    const { state } = record.step(index);
    if (state === 'undone' || state === 'undo-failed') continue;
    if (!leavesSomething(record.step(index), known.find(({ id }) => id === planned.step)?.undoes)) {
      if (state === 'todo') await record.writeStep(index, { state: 'skipped' });
      continue;
    }
    const result = await runStep({ index, planned, direction: 'back', ...walk });
    if (result.kind === 'later') return result;
  }
  return undefined;
}

/** Of what this request changed, that can be taken back. */
function leavesSomething({ state, changed }: StepRecord, undoes: Step['undoes'] = 'nothing'): boolean {
  return changed && (undoes === 'all' || (undoes === 'half-done' && state !== 'done'));
}

/** Taking back has tries of its own. */
function turnedBack({ steps }: Request): Pick<Request, 'direction' | 'steps'> {
  return { direction: 'back', steps: steps.map((step) => ({ ...step, tries: 0 })) };
}

function latest(results: readonly StepResult[]): Later | undefined {
  return results.filter((result) => result.kind === 'later').toSorted((one, other) => other.at - one.at)[0];
}
