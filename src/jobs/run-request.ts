import { accessFacts } from '../core/access-change.ts';
import { show } from '../core/effects.ts';
import { TransientError } from '../core/errors.ts';
import { hashPlan, type Plan } from '../core/plan.ts';
import type { Clock, Cloudflare, Effect, Posts, Stays, Store, Timers } from '../core/ports.ts';
import { isOver, move, type Request } from '../core/request.ts';
import type { Server } from '../core/server.ts';
import type { RunContext } from '../core/step.ts';
import type { Vault } from '../core/vault.ts';
import { undoWords } from '../core/undo-words.ts';
import { goBack, goForward } from './grant.ts';
import { reduce } from './reduce.ts';
import { createRunRecord, type RunRecord } from './run-record.ts';
import { createRunStep, type RunStepDependencies } from './run-step.ts';
import type { Later } from './step-task.ts';

export interface RunRequestDependencies extends RunStepDependencies {
  readonly store: Store;
  readonly stays: Stays;
  readonly cloudflare: Cloudflare;
  readonly server: Server;
  readonly vault: Pick<Vault, 'open'>;
  readonly posts: Posts;
  readonly timers: Timers;
  readonly clock: Clock;
}

/** `again`: not over; take it up at that moment (epoch milliseconds) and leave the worker free meanwhile. */
export type RunResult = { readonly kind: 'over' } | { readonly kind: 'again'; readonly at: number };

/** After a conflict another worker has the request; look once more later in case that one dies. */
const AFTER_CONFLICT_MS = 5_000;

/** Runs the stored plan of an approved request, from the recorded step on. Safe to call twice, at once or after a crash. */
export function createRunRequest(dependencies: RunRequestDependencies): (requestId: string) => Promise<RunResult> {
  const { store, stays, cloudflare, server, vault, posts, timers, clock, steps } = dependencies;
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
    const context: RunContext = { requestId: loaded.id, cloudflare, server, vault, posts, timers, stays, clock };
    const paused = await carryOut(plan, record, context);
    if (paused !== undefined) return pause(record, paused);
    await finish(record, record.current().problem ?? failureOf(record.current()));
    return { kind: 'over' };
  }

  async function carryOut(plan: Plan, record: RunRecord, context: RunContext): Promise<Later | undefined> {
    const walk = { record, context };
    if (record.current().effect === 'reduce') return reduce(plan, walk, runStep, clock);
    if (record.current().direction === 'forward') {
      const paused = await goForward(plan, walk, runStep);
      if (paused !== undefined) return paused;
    }
    return record.current().direction === 'back' ? goBack(plan, walk, runStep, steps) : undefined;
  }

  async function start(record: RunRecord): Promise<void> {
    const request = record.current();
    if (request.status === 'approved') {
      await record.write((current) => move(current, 'start', { startedAt: clock.now() }), {
        kind: 'run.started',
        says: `Began to carry out ${request.id}: ${request.says}.`,
        facts: accessFacts(request),
      });
    } else if (request.waitingUntil !== undefined && !isStillWaiting(request, clock.now())) {
      await record.write(({ waitingUntil: _over, ...current }) => current);
    }
  }

  async function finish(record: RunRecord, problem: string | undefined, tampering?: string): Promise<void> {
    const { id, says, steps: records } = record.current();
    const { undone } = undoWords(record.current());
    const kept = records.filter((step) => step.state === 'undo-failed').length;
    const takenBack =
      kept > 0
        ? ` ${kept} of its changes could not be ${undone}.`
        : records.some((step) => step.state === 'undone')
          ? ` What it had changed was ${undone}.`
          : '';
    const over: Effect[] = [show('outcome', id), show('audit-summary', id)];
    const leftOver = `${id} failed and ${kept} of its changes could not be ${undone}. The audit channel says which, and where to do it by hand.`;
    const alert = tampering ?? (kept > 0 ? leftOver : undefined);
    if (alert !== undefined) over.push({ kind: 'post', post: { kind: 'operator-alert', requestId: id, says: alert } });
    const finishedAt = clock.now();
    await record.write(
      (current) =>
        problem === undefined
          ? move(current, 'finish', { finishedAt })
          : move(current, 'fail', { finishedAt, problem }),
      problem === undefined
        ? { kind: 'run.finished', says: `${id} is done: ${says}.`, facts: accessFacts(record.current()) }
        : { kind: 'run.failed', says: `${id} failed: ${says}. ${problem}${takenBack}` },
      over,
    );
  }
}

/** Of a reduction, which notes none while it goes on. */
function failureOf({ steps }: Request): string | undefined {
  const failed = steps.find(({ state }) => state === 'failed');
  return failed === undefined ? undefined : (failed.problem ?? 'A step failed.');
}

/** A reduction goes on with everything else meanwhile. */
function isStillWaiting({ effect, waitingUntil = 0 }: Request, now: number): boolean {
  return effect === 'reduce' && now < waitingUntil;
}

async function pause(record: RunRecord, { at, told }: Later): Promise<RunResult> {
  if (told) await record.write((current) => ({ ...current, waitingUntil: at }));
  return { kind: 'again', at };
}

function isWhatWasApproved(request: Request, plan: Plan): boolean {
  const hash = hashPlan(plan);
  const approvals = request.approvals.filter((approval) => approval.planHash === hash);
  return hash === request.planHash && approvals.length >= request.approvalsNeeded;
}
