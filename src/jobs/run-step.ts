import { isKnownError, TransientError } from '../core/errors.ts';
import type { PlannedStep } from '../core/plan.ts';
import type { Clock, Lock, Locks } from '../core/ports.ts';
import type { StepRecord } from '../core/request.ts';
import type { BoundStep, Step, StepContext, View } from '../core/step.ts';
import type { RunRecord } from './run-record.ts';

export interface RunStepDependencies {
  readonly steps: readonly Step[];
  readonly locks: Locks;
  readonly clock: Clock;
  /** Told of errors that are nobody's but ours. */
  readonly onBug: (error: unknown, requestId: string) => void;
}

export type StepResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly problem: string }
  /** Try again then: epoch milliseconds. `told`: the far end asked for the wait. */
  | { readonly kind: 'later'; readonly at: number; readonly told: boolean };

/** Failed tries before a step is given up: 2 + 4 + 8 + 16 + 30 s of waiting, about a minute. */
const FORWARD_TRIES = 6;
/** Taking back is tried longer, for about ten minutes: what stays granted is the worse outcome. */
const BACKWARD_TRIES = 24;
const LONGEST_PAUSE_MS = 30_000;

/** One step of a stored plan, to be made so (`forward`) or taken back. */
export interface StepTask {
  /** Its place in the plan's running order. */
  readonly index: number;
  readonly planned: PlannedStep;
  readonly direction: 'forward' | 'back';
  readonly record: RunRecord;
  readonly context: StepContext;
}

/** Carries out one step and records each stage of it before it goes on. */
export function createRunStep({ steps, locks, clock, onBug }: RunStepDependencies) {
  return async function runStep(task: StepTask): Promise<StepResult> {
    const { planned, direction, context } = task;
    const step = steps.find(({ id }) => id === planned.step);
    if (step === undefined) return fail(task, `This version knows no step “${planned.step}”.`);
    let bound: BoundStep | undefined;
    try {
      const known = step.bind(planned.args);
      bound = known;
      const work = (lock?: Lock) => (direction === 'forward' ? forward(task, known, lock) : back(task, known, lock));
      await (known.resource === undefined ? work() : locks.hold(known.resource, work));
      return { kind: 'done' };
    } catch (error) {
      // A record that can't be written is not the step's failure: the whole run stops and is taken up again.
      if (error instanceof TransientError && (error.code === 'conflict' || error.code === 'store-down')) throw error;
      if (error instanceof TransientError) return later(task, error, bound);
      if (!isKnownError(error)) onBug(error, context.requestId);
      return fail(task, problemOf(error), bound);
    }
  };

  async function later(task: StepTask, error: TransientError, bound: BoundStep | undefined): Promise<StepResult> {
    if (error.retryAfterMs !== undefined) {
      return { kind: 'later', at: clock.now() + error.retryAfterMs, told: error.code !== 'locked' };
    }
    const { index, direction, record } = task;
    const tries = record.step(index).tries + 1;
    if (tries >= (direction === 'forward' ? FORWARD_TRIES : BACKWARD_TRIES)) {
      return fail(task, `${error.message} Tried ${tries} times.`, bound);
    }
    // The problem of a step that is taken back stays the one for which it failed.
    await record.writeStep(index, direction === 'forward' ? { tries, problem: error.message } : { tries });
    return { kind: 'later', at: clock.now() + Math.min(1000 * 2 ** tries, LONGEST_PAUSE_MS), told: false };
  }
}

async function forward({ index, planned, record, context }: StepTask, bound: BoundStep, lock?: Lock): Promise<void> {
  const view = await bound.look(context);
  if (!view.holds) {
    // Written down before the write, so that after a crash our own half-done write is not taken for somebody else's.
    await record.writeStep(index, { state: 'applying', changed: true });
    await lock?.confirm();
    await view.apply();
    if (bound.readsBack) await readBack(bound, context, true);
  }
  const { changed } = record.step(index);
  const says = changed
    ? `Done: ${planned.says}${planned.change === undefined ? '' : ` (${planned.change})`}.`
    : `So already: ${planned.says}.`;
  await record.writeStep(
    index,
    { state: 'done', tries: 0, problem: undefined },
    { kind: 'run.step', says, facts: { step: planned.step, changed } },
  );
}

async function back({ index, planned, record, context }: StepTask, bound: BoundStep, lock?: Lock): Promise<void> {
  const view = await bound.look(context);
  if (!view.holds) {
    const { state, note } = withoutTrace(record.step(index).state);
    // What was never there was not changed by us either.
    const changed = state === 'undone';
    await record.writeStep(
      index,
      { state, changed, tries: 0 },
      { kind: 'run.undone', says: `${note}: ${planned.says}.`, facts: { step: planned.step } },
    );
    return;
  }
  await record.writeStep(index, { state: 'undoing' });
  await lock?.confirm();
  await view.undo();
  await readBack(bound, context, false);
  const says = `Taken back: ${planned.says}.`;
  await record.writeStep(
    index,
    { state: 'undone', tries: 0 },
    { kind: 'run.undone', says, facts: { step: planned.step } },
  );
}

/** What it means that nothing is there to be taken back, from how far the step had got. */
function withoutTrace(before: StepRecord['state']): { readonly state: StepRecord['state']; readonly note: string } {
  // Recorded when something was there: it was our own taking back, whose answer got lost.
  if (before === 'undoing') return { state: 'undone', note: 'Taken back' };
  if (before === 'done') return { state: 'undone', note: 'Gone already' };
  return { state: before === 'failed' ? 'failed' : 'skipped', note: 'Nothing was left of' };
}

async function readBack(bound: BoundStep, context: StepContext, expected: boolean): Promise<View> {
  const view = await bound.look(context);
  if (view.holds === expected) return view;
  throw new TransientError(
    'Cloudflare took the change but does not show it; somebody may have edited the same thing.',
    { code: 'not-read-back' },
  );
}

async function fail(task: StepTask, problem: string, bound?: BoundStep): Promise<StepResult> {
  const { index, direction, record } = task;
  const what = bound?.says ?? 'an unknown step';
  if (direction === 'forward') {
    const note = { kind: 'run.step' as const, says: `Failed: ${what}. ${problem}` };
    await record.writeStep(index, { state: 'failed', problem }, note);
  } else {
    const told = bound?.byHand === undefined ? problem : `${problem} By hand: ${bound.byHand}.`;
    const note = { kind: 'run.undone' as const, says: `Could not take back: ${what}. ${told}` };
    await record.writeStep(index, { state: 'undo-failed', problem: told }, note);
  }
  return { kind: 'failed', problem };
}

function problemOf(error: unknown): string {
  return isKnownError(error)
    ? error.message
    : 'Something broke in ocs-access itself; the log has it under this request’s id.';
}
