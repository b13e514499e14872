import { TransientError } from '../core/errors.ts';
import type { PlannedStep } from '../core/plan.ts';
import type { Lock } from '../core/ports.ts';
import type { StepRecord } from '../core/request.ts';
import type { BoundStep, View } from '../core/step.ts';
import type { StepTask } from './step-task.ts';

/** Looks whether the state holds; if not, writes down that it is about to write, writes, and looks again. */
export async function makeSo(task: StepTask, bound: BoundStep, lock?: Lock): Promise<void> {
  const { index, planned, record } = task;
  const view = await bound.look(task.context);
  const { notes } = view.holds ? view : await write(task, bound, view, lock);
  const { changed } = record.step(index);
  const says = [`${outcomeOf(planned, changed, notes)}.`, ...notes].join(' ');
  await record.writeStep(
    index,
    {
      state: 'done',
      tries: 0,
      problem: undefined,
      retryAt: undefined,
      ...(notes.length === 0 ? {} : { notes: [...notes] }),
    },
    { kind: 'run.step', says, facts: { step: planned.step, changed } },
  );
}

function outcomeOf({ says, change }: PlannedStep, changed: boolean, notes: readonly string[]): string {
  if (changed) return `Done: ${says}${change === undefined ? '' : ` (${change})`}`;
  // A step that found something to say was there to look.
  return `${notes.length > 0 ? 'Checked' : 'So already'}: ${says}`;
}

async function write({ index, record, context }: StepTask, bound: BoundStep, view: View, lock?: Lock): Promise<View> {
  const touched = [...new Set([...(record.step(index).touched ?? []), ...view.touches])];
  // Written down before the write, so that after a crash our own half-done write is not taken for somebody else's.
  if (bound.writes) {
    await record.writeStep(index, {
      state: 'applying',
      changed: true,
      ...(touched.length === 0 ? {} : { touched }),
    });
  }
  await lock?.confirm();
  await view.apply();
  if (!bound.readsBack) return view;
  const after = await bound.look(context);
  return after.holds ? after : notReadBack();
}

/** The same the other way round, for what this request changed. */
export async function takeBack(task: StepTask, bound: BoundStep, lock?: Lock): Promise<void> {
  const { index, planned, record, context } = task;
  const { state: before, touched = [] } = record.step(index);
  const view = await bound.look(context);
  if (isGone(view, touched)) {
    const { state, note } = withoutTrace(before);
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
  await view.undo(touched);
  if (!isGone(await bound.look(context), touched)) notReadBack();
  await record.writeStep(
    index,
    { state: 'undone', tries: 0 },
    { kind: 'run.undone', says: `Taken back: ${planned.says}.`, facts: { step: planned.step } },
  );
}

/** Nothing is left of what we changed: of several values, none of ours; somebody may have taken out one of them meanwhile. */
function isGone({ holds, touches }: View, touched: readonly string[]): boolean {
  if (holds) return false;
  const missing = new Set(touches.map(fold));
  return touched.every((value) => missing.has(fold(value)));
}

/** The far end may show a value in another spelling than the one that was written. */
function fold(value: string): string {
  return value.trim().toLowerCase();
}

/** What it means that nothing is there to be taken back, from how far the step had got. */
function withoutTrace(before: StepRecord['state']): { readonly state: StepRecord['state']; readonly note: string } {
  // Recorded when something was there: it was our own taking back, whose answer got lost.
  if (before === 'undoing') return { state: 'undone', note: 'Taken back' };
  if (before === 'done') return { state: 'undone', note: 'Gone already' };
  return { state: before === 'failed' ? 'failed' : 'skipped', note: 'Nothing was left of' };
}

function notReadBack(): never {
  throw new TransientError(
    'Cloudflare took the change but does not show it; somebody may have edited the same thing.',
    { code: 'not-read-back' },
  );
}
