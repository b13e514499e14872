import { TransientError } from '../core/errors.ts';
import type { Request } from '../core/request.ts';
import { withEarlierStagesAgain } from './reduction.ts';
import { pauseAfter } from './retry-pause.ts';
import type { Later, StepTask } from './step-task.ts';

const LONGEST_PAUSE_MS = 60_000;

/** Counted from the start of the run: by then people know for long, and have done it by hand or never will. */
const GIVEN_UP_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * Of a proof: what it found left came after the steps that should have ended it, or Cloudflare has not noticed yet that
 * they did. These tries are about 15 and 60 seconds after the first one; more would end the same sessions without end.
 */
const TRIES_WITH_ALL_BEFORE = [3, 5];

/** Records when a failed step of a reduction is tried again, whatever kept it from holding. Undefined: it is given up. */
export async function retryReduction(
  { index, record }: StepTask,
  error: unknown,
  problem: string,
  now: number,
): Promise<Later | undefined> {
  const { startedAt = now } = record.current();
  if (now - startedAt >= GIVEN_UP_AFTER_MS) return undefined;
  const tries = record.step(index).tries + 1;
  const wait = error instanceof TransientError ? error.retryAfterMs : undefined;
  const at = now + (wait ?? pauseAfter(tries, LONGEST_PAUSE_MS));
  const told = wait !== undefined && !isCoded(error, 'locked');
  const isProofWithAllBefore = isCoded(error, 'still-in') && TRIES_WITH_ALL_BEFORE.includes(tries);
  await record.writeStep(index, { state: 'todo', tries, problem, retryAt: at }, undefined, (request) => {
    const before = isProofWithAllBefore ? withEarlierStagesAgain(request, index) : request;
    return told ? waitingUntil(before, at) : before;
  });
  return { kind: 'later', at, told };
}

function isCoded(error: unknown, code: string): boolean {
  return error instanceof TransientError && error.code === code;
}

function waitingUntil(request: Request, at: number): Request {
  return { ...request, waitingUntil: Math.max(request.waitingUntil ?? 0, at) };
}
