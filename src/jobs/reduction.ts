import type { Request, StepRecord } from '../core/request.ts';

/** After this long of failing the approvers are called. */
const CALL_AFTER_MS = 2 * 60_000;

/** It does not hold yet and is tried again. */
export function isFailing({ state, problem }: StepRecord): boolean {
  return problem !== undefined && (state === 'todo' || state === 'applying');
}

/** `failed`: given up. */
export function isSettled({ state }: StepRecord): boolean {
  return state === 'done' || state === 'failed';
}

/** What follows, in a reduction, from what was just recorded of one step. Any other request stays as it is. */
export function consequencesOf(request: Request, index: number, now: number): Request {
  if (request.effect !== 'reduce') return request;
  return withFailingSince(withLaterStagesAgain(request, index), now);
}

function withFailingSince({ failingSince, ...request }: Request, now: number): Request {
  return request.steps.some(isFailing) ? { ...request, failingSince: failingSince ?? now } : request;
}

/**
 * A step that changed something after steps of later stages were done has these run again: whoever came in by a rule that
 * could be mended only late has a session that began after all sessions were ended.
 */
function withLaterStagesAgain(request: Request, index: number): Request {
  const step = request.steps[index];
  if (step?.state !== 'done' || !step.changed) return request;
  const { end } = stageAround(request, index);
  return { ...request, steps: request.steps.map((one, at) => (at >= end ? again(one) : one)) };
}

/** Has everything run again that was done in the stages before this step's. */
export function withEarlierStagesAgain(request: Request, index: number): Request {
  const { begin } = stageAround(request, index);
  return { ...request, steps: request.steps.map((one, at) => (at < begin ? again(one) : one)) };
}

function again({ notes: _outdated, ...step }: StepRecord): StepRecord {
  return step.state === 'done' ? { ...step, state: 'todo', tries: 0 } : step;
}

/** Of the step's stage: the first index, and the first after it. */
function stageAround({ plan }: Request, index: number): { readonly begin: number; readonly end: number } {
  let begin = 0;
  for (const { length } of plan?.stages ?? []) {
    if (index < begin + length) return { begin, end: begin + length };
    begin += length;
  }
  return { begin, end: begin };
}

/** When the approvers are to be called, in epoch milliseconds. Undefined: nothing fails, or they were. */
export function callAt({ failingSince, calledAt }: Request): number | undefined {
  return failingSince === undefined || calledAt !== undefined ? undefined : failingSince + CALL_AFTER_MS;
}

/** When there is something to do next, in epoch milliseconds, past moments included. Undefined: every step is settled. */
export function nextMoment(request: Request): number | undefined {
  const open = request.steps.filter((step) => !isSettled(step));
  if (open.length === 0) return undefined;
  return Math.min(...open.map(({ retryAt }) => retryAt ?? 0), callAt(request) ?? Infinity);
}
