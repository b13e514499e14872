import { show } from '../core/effects.ts';
import type { Plan } from '../core/plan.ts';
import type { Clock } from '../core/ports.ts';
import { indexedStages } from './indexed-stages.ts';
import { callAt, isFailing, isSettled, nextMoment } from './reduction.ts';
import type { RunRecord } from './run-record.ts';
import { sideBySide } from './side-by-side.ts';
import type { Later, RunStep, Walk } from './step-task.ts';

/**
 * One pass over a plan that takes access away: every stage in its order, in each the steps whose time has come. Nothing
 * holds up what comes after it.
 */
export async function reduce(plan: Plan, walk: Walk, runStep: RunStep, clock: Clock): Promise<Later | undefined> {
  const { record } = walk;
  await callIfStuck(record, clock);
  const watch = callInTime(record, clock);
  try {
    for (const stage of indexedStages(plan)) {
      const due = stage.filter(({ index }) => isDue(record, index, clock.now()));
      await sideBySide(due, (step) => runStep({ ...step, ...walk, direction: 'forward' }));
    }
  } finally {
    await watch.end();
  }
  await callIfStuck(record, clock);
  const at = nextMoment(record.current());
  return at === undefined ? undefined : { kind: 'later', at, told: false };
}

function isDue(record: RunRecord, index: number, now: number): boolean {
  const step = record.step(index);
  return !isSettled(step) && (step.retryAt ?? 0) <= now;
}

/** Calls the approvers, once for each request, when something has failed for too long. */
async function callIfStuck(record: RunRecord, clock: Clock): Promise<void> {
  const { id, steps } = record.current();
  const at = callAt(record.current());
  const now = clock.now();
  if (at === undefined || now < at) return;
  const failing = steps.filter(isFailing).length;
  const count = failing === 1 ? '1 step has' : `${failing} steps have`;
  const says = `The approvers were called to ${id}: ${count} kept failing for 2 minutes.`;
  await record.write((current) => ({ ...current, calledAt: now }), { kind: 'run.stuck', says, facts: { failing } }, [
    show('stuck', id),
  ]);
}

/** The same at its very moment, while a step of this pass waits for an answer that does not come. */
function callInTime(record: RunRecord, clock: Clock): { end(): Promise<void> } {
  let called: Promise<void> = Promise.resolve();
  const at = callAt(record.current());
  if (at === undefined) return { end: () => called };
  const timer = setTimeout(
    () => {
      // What keeps it from being stored stops the pass itself as well.
      called = callIfStuck(record, clock).catch(() => undefined);
    },
    Math.max(0, at - clock.now()),
  );
  return {
    end: () => {
      clearTimeout(timer);
      return called;
    },
  };
}
