import { capital } from '../core/capital.ts';
import { notReadBack } from '../core/not-read-back.ts';
import type { PlannedStep } from '../core/plan.ts';
import type { Lock } from '../core/ports.ts';
import type { StepRecord } from '../core/request.ts';
import type { BoundStep, StepContext, View } from '../core/step.ts';
import { undoWords, type UndoWords } from '../core/undo-words.ts';
import type { StepTask } from './step-task.ts';

/** Looks whether the state holds; if not, writes down that it is about to write, writes, and looks again. */
export async function makeSo(task: StepTask, bound: BoundStep, lock?: Lock): Promise<void> {
  const { index, planned, record } = task;
  const view = await bound.look(contextOf(task));
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

function contextOf({ index, record, context }: StepTask): StepContext {
  const { firstTriedAt = context.clock.now(), changed } = record.step(index);
  return { ...context, firstTriedAt, hasBegun: changed };
}

function outcomeOf({ says, change }: PlannedStep, changed: boolean, notes: readonly string[]): string {
  if (changed) return `Done: ${says}${change === undefined ? '' : ` (${change})`}`;
  // A step that found something to say was there to look.
  return `${notes.length > 0 ? 'Checked' : 'So already'}: ${says}`;
}

async function write(task: StepTask, bound: BoundStep, view: View, lock?: Lock): Promise<View> {
  const { index, record } = task;
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
  const after = await bound.look(contextOf(task));
  if (!after.holds) throw notReadBack();
  return after;
}

/** The same the other way round, for what this request changed. */
export async function takeBack(task: StepTask, bound: BoundStep, lock?: Lock): Promise<void> {
  const { index, planned, record } = task;
  const context = contextOf(task);
  const { state: before, touched = [] } = record.step(index);
  const words = undoWords(record.current());
  const view = await bound.look(context);
  if (isGone(view, touched)) {
    const { state, note, isNews = false } = withoutTrace(before, words);
    // What was never there was not changed by us either.
    const changed = state === 'undone';
    const says = `${note}: ${planned.says}.`;
    await record.writeStep(
      index,
      { state, changed, tries: 0, ...(isNews ? { notes: [says] } : {}) },
      { kind: 'run.undone', says, facts: { step: planned.step } },
    );
    return;
  }
  await record.writeStep(index, { state: 'undoing' });
  await lock?.confirm();
  await view.undo(touched);
  if (!isGone(await bound.look(context), touched)) throw notReadBack();
  await record.writeStep(
    index,
    { state: 'undone', tries: 0 },
    { kind: 'run.undone', says: `${capital(words.undone)}: ${planned.says}.`, facts: { step: planned.step } },
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
function withoutTrace(
  before: StepRecord['state'],
  words: UndoWords,
): { readonly state: StepRecord['state']; readonly note: string; readonly isNews?: boolean } {
  // Recorded when something was there: it was our own taking back, whose answer got lost.
  if (before === 'undoing') return { state: 'undone', note: capital(words.undone) };
  if (before === 'done') return { state: 'undone', note: words.gone, isNews: words.isGoneNews };
  return { state: before === 'failed' ? 'failed' : 'skipped', note: words.nothing };
}
