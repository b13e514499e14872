import { isKnownError, PermanentError, TransientError } from '../core/errors.ts';
import type { PlannedStep } from '../core/plan.ts';
import type { Clock, Lock, Locks } from '../core/ports.ts';
import type { BoundStep, Step } from '../core/step.ts';
import { undoWords } from '../core/undo-words.ts';
import { makeSo, takeBack } from './look-apply-look.ts';
import { pauseAfter } from './retry-pause.ts';
import { retryReduction } from './retry-reduction.ts';
import type { RunStep, StepResult, StepTask } from './step-task.ts';

export interface RunStepDependencies {
  readonly steps: readonly Step[];
  readonly locks: Locks;
  readonly clock: Clock;
  /** Told of errors that are nobody's but ours. */
  readonly onBug: (error: unknown, requestId: string) => void;
}

/** Failed tries before a step is given up: 2 + 4 + 8 + 16 + 30 s of waiting, about a minute. */
const FORWARD_TRIES = 6;
/** Taking back is tried longer, for about ten minutes: what stays granted is the worse outcome. */
const BACKWARD_TRIES = 24;
const LONGEST_PAUSE_MS = 30_000;

/** Waits that are no news: another request is at the same thing, or what was done takes its time. */
const UNTOLD = new Set(['locked', 'not-yet']);

/** Carries out one step and records each stage of it before it goes on. */
export function createRunStep({ steps, locks, clock, onBug }: RunStepDependencies): RunStep {
  return async function runStep(task) {
    const { direction, context, record } = task;
    let bound: BoundStep | undefined;
    try {
      const known = bind(task.planned);
      bound = known;
      const work = (lock?: Lock) => (direction === 'forward' ? makeSo(task, known, lock) : takeBack(task, known, lock));
      await holdAll(locks, known.resources, work);
      return { kind: 'done' };
    } catch (error) {
      // A record that can't be written is not the step's failure: the whole run stops and is taken up again.
      if (error instanceof TransientError && (error.code === 'conflict' || error.code === 'store-down')) throw error;
      const problem = problemOf(error);
      // Told once: a reduction is tried again for a day.
      if (!isKnownError(error) && record.step(task.index).tries === 0) onBug(error, context.requestId);
      if (record.current().effect === 'reduce') {
        return (
          (await retryReduction(task, error, withPlace(problem, bound), clock.now())) ?? fail(task, problem, bound)
        );
      }
      return error instanceof TransientError ? later(task, error, bound) : fail(task, problem, bound);
    }
  };

  function bind({ step: id, args }: PlannedStep): BoundStep {
    const step = steps.find((one) => one.id === id);
    if (step !== undefined) return step.bind(args);
    throw new PermanentError(`This version knows no step “${id}”.`, { code: 'no-such-step' });
  }

  async function later(task: StepTask, error: TransientError, bound: BoundStep | undefined): Promise<StepResult> {
    const { index, direction, record } = task;
    if (error.retryAfterMs !== undefined) {
      if (error.code === 'not-yet' && record.step(index).firstTriedAt === undefined) {
        await record.writeStep(index, { firstTriedAt: clock.now() });
      }
      return { kind: 'later', at: clock.now() + error.retryAfterMs, told: !UNTOLD.has(error.code) };
    }
    const tries = record.step(index).tries + 1;
    if (tries >= (direction === 'forward' ? FORWARD_TRIES : BACKWARD_TRIES)) {
      return fail(task, `${error.message} Tried ${tries} times.`, bound);
    }
    // The problem of a step that is taken back stays the one for which it failed.
    await record.writeStep(index, direction === 'forward' ? { tries, problem: error.message } : { tries });
    return { kind: 'later', at: clock.now() + pauseAfter(tries, LONGEST_PAUSE_MS), told: false };
  }
}

/** One lock after another, always in the same order, so that two steps never wait for each other. */
async function holdAll(
  locks: Locks,
  resources: readonly string[],
  work: (lock?: Lock) => Promise<void>,
): Promise<void> {
  const [first, ...others] = resources;
  if (first === undefined) return work();
  await locks.hold(first, (lock) =>
    holdAll(locks, others, (inner) =>
      work({ token: lock.token, confirm: async () => void (await Promise.all([lock.confirm(), inner?.confirm()])) }),
    ),
  );
}

async function fail(task: StepTask, problem: string, bound?: BoundStep): Promise<StepResult> {
  const { index, direction, record } = task;
  const what = bound?.says ?? 'an unknown step';
  if (direction === 'forward') {
    const isReduction = record.current().effect === 'reduce';
    const told = isReduction ? withPlace(`${problem} Tried for 24 hours.`, bound) : problem;
    await record.writeStep(
      index,
      { state: 'failed', problem: told, retryAt: undefined },
      { kind: 'run.step', says: `Failed: ${what}. ${told}` },
    );
    return { kind: 'failed', problem: told };
  }
  const told = withPlace(problem, bound);
  const note = { kind: 'run.undone' as const, says: `Could not ${undoWords(record.current()).undo}: ${what}. ${told}` };
  await record.writeStep(index, { state: 'undo-failed', problem: told }, note);
  return { kind: 'failed', problem };
}

function withPlace(problem: string, bound: BoundStep | undefined): string {
  return bound?.byHand === undefined ? problem : `${problem} By hand: ${bound.byHand}.`;
}

function problemOf(error: unknown): string {
  return isKnownError(error)
    ? error.message
    : 'Something broke in ocs-access itself; the log has it under this request’s id.';
}
