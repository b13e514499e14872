import { show } from '../core/effects.ts';
import { TransientError } from '../core/errors.ts';
import { flatten, hashPlan, type Plan } from '../core/plan.ts';
import type { Clock, Cloudflare, Effect, Posts, Store } from '../core/ports.ts';
import { isOver, move, type Request } from '../core/request.ts';
import type { StepContext } from '../core/step.ts';
import { createRunRecord, type RunRecord } from './run-record.ts';
import { createRunStep, type RunStepDependencies, type StepResult } from './run-step.ts';

export interface RunRequestDependencies extends RunStepDependencies {
  readonly store: Store;
  readonly cloudflare: Cloudflare;
  readonly posts: Posts;
  readonly clock: Clock;
}

/** `again`: not over; take it up at that moment (epoch milliseconds) and leave the worker free meanwhile. */
export type RunResult = { readonly kind: 'over' } | { readonly kind: 'again'; readonly at: number };

/** After a conflict another worker has the request; look once more later in case that one dies. */
const AFTER_CONFLICT_MS = 5_000;

/** Runs the stored plan of an approved request, from the recorded step on. Safe to call twice, at once or after a crash. */
export function createRunRequest(dependencies: RunRequestDependencies): (requestId: string) => Promise<RunResult> {
  const { store, cloudflare, posts, clock } = dependencies;
  const runStep = createRunStep(dependencies);

  return async function runRequest(requestId) {
    const loaded = await store.load(requestId);
    if (loaded === undefined || isOver(loaded) || loaded.status === 'waiting' || loaded.status === 'pending')
      return { kind: 'over' };
    try {
      return await run(loaded);
    } catch (error) {
      if (!(error instanceof TransientError) || error.code !== 'conflict') throw error;
      return { kind: 'again', at: clock.now() + AFTER_CONFLICT_MS };
    }
  };

  async function run(loaded: Request): Promise<RunResult> {
    const record = createRunRecord(store, clock, loaded);
    const { plan } = loaded;
    if (plan === undefined || !isWhatWasApproved(loaded, plan)) {
      const more = loaded.status === 'approved' ? '' : ' more';
      const problem = `The stored plan is not the one that was approved, so nothing${more} was run.`;
      await finish(record, problem, `${loaded.id}: ${problem} Somebody altered it in Redis.`);
      return { kind: 'over' };
    }
    await start(record);
    const context: StepContext = { requestId: loaded.id, cloudflare, posts };
    if (record.current().direction === 'forward') {
      const paused = await goForward(plan, record, context);
      if (paused !== undefined) return pause(record, paused);
    }
    if (record.current().direction === 'back') {
      const paused = await goBack(plan, record, context);
      if (paused !== undefined) return pause(record, paused);
    }
    await finish(record, record.current().problem);
    return { kind: 'over' };
  }

  async function start(record: RunRecord): Promise<void> {
    const request = record.current();
    if (request.status === 'approved') {
      await record.write((current) => move(current, 'start', { startedAt: clock.now() }), {
        kind: 'run.started',
        says: `Began to carry out ${request.id}: ${request.says}.`,
      });
    } else if (request.waitingUntil !== undefined) {
      await record.write(({ waitingUntil: _over, ...current }) => current);
    }
  }

  /** Stage after stage. A grant turns back at the first stage with a failure, once all its steps have settled. */
  async function goForward(plan: Plan, record: RunRecord, context: StepContext): Promise<Later | undefined> {
    let first = 0;
    for (const stage of plan.stages) {
      const offset = first;
      first += stage.length;
      const open = stage
        .map((planned, at) => ({ planned, index: offset + at }))
        .filter(({ index }) => !isSettled(record.step(index).state));
      const results = await settleAll(
        open.map(({ planned, index }) => runStep({ index, planned, direction: 'forward', record, context })),
      );
      // From the record and not from the results: a worker that is killed right here leaves no others.
      const failed = stage.map((_step, at) => record.step(offset + at)).find(({ state }) => state === 'failed');
      if (failed !== undefined) {
        const problem = failed.problem ?? 'A step failed.';
        const turnsBack = record.current().effect === 'grant';
        await record.write((current) => ({ ...current, problem, ...(turnsBack ? turnedBack(current) : {}) }));
        if (turnsBack) return undefined;
      }
      const later = latest(results);
      if (later !== undefined) return later;
    }
    return undefined;
  }

  /** Newest first, one after another: what was granted last goes first. */
  async function goBack(plan: Plan, record: RunRecord, context: StepContext): Promise<Later | undefined> {
    const steps = flatten(plan);
    for (const [index, planned] of [...steps.entries()].toReversed()) {
      const { state, changed } = record.step(index);
      if (state === 'undone' || state === 'undo-failed') continue;
      if (!changed || !isUndoable(planned.step)) {
        if (state === 'todo') await record.writeStep(index, { state: 'skipped' });
        continue;
      }
      const result = await runStep({ index, planned, direction: 'back', record, context });
      if (result.kind === 'later') return result;
    }
    return undefined;
  }

  async function finish(record: RunRecord, problem: string | undefined, tampering?: string): Promise<void> {
    const { id, says, steps } = record.current();
    const kept = steps.filter((step) => step.state === 'undo-failed').length;
    const takenBack =
      kept > 0
        ? ` ${kept} of its changes could not be taken back.`
        : steps.some((step) => step.state === 'undone')
          ? ' What it had changed was taken back.'
          : '';
    const over: Effect[] = [show('outcome', id), show('audit-summary', id)];
    const leftOver = `${id} failed and ${kept} of its changes could not be taken back. The audit channel says which, and where to do it by hand.`;
    const alert = tampering ?? (kept > 0 ? leftOver : undefined);
    if (alert !== undefined) over.push({ kind: 'post', post: { kind: 'operator-alert', requestId: id, says: alert } });
    const finishedAt = clock.now();
    await record.write(
      (current) =>
        problem === undefined
          ? move(current, 'finish', { finishedAt })
          : move(current, 'fail', { finishedAt, problem }),
      problem === undefined
        ? { kind: 'run.finished', says: `${id} is done: ${says}.` }
        : { kind: 'run.failed', says: `${id} failed: ${says}. ${problem}${takenBack}` },
      over,
    );
  }

  function isUndoable(id: string): boolean {
    return dependencies.steps.find((step) => step.id === id)?.undoable ?? false;
  }
}

/** Taking back has tries of its own. */
function turnedBack({ steps }: Request): Pick<Request, 'direction' | 'steps'> {
  return { direction: 'back', steps: steps.map((step) => ({ ...step, tries: 0 })) };
}

type Later = Extract<StepResult, { kind: 'later' }>;

async function pause(record: RunRecord, { at, told }: Later): Promise<RunResult> {
  if (told) await record.write((current) => ({ ...current, waitingUntil: at }));
  return { kind: 'again', at };
}

function isWhatWasApproved(request: Request, plan: Plan): boolean {
  const hash = hashPlan(plan);
  const approvals = request.approvals.filter((approval) => approval.planHash === hash);
  return hash === request.planHash && approvals.length >= request.approvalsNeeded;
}

function isSettled(state: string): boolean {
  return state === 'done' || state === 'failed';
}

function latest(results: readonly StepResult[]): Later | undefined {
  return results.filter((result) => result.kind === 'later').toSorted((one, other) => other.at - one.at)[0];
}

/** Like Promise.all, but lets the others finish before it throws: a step cut off in the middle would be left unrecorded. */
async function settleAll(results: readonly Promise<StepResult>[]): Promise<StepResult[]> {
  const settled = await Promise.allSettled(results);
  return settled.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
