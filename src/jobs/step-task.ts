import type { PlannedStep } from '../core/plan.ts';
import type { RunContext } from '../core/step.ts';
import type { RunRecord } from './run-record.ts';

/** What all steps of one run share. */
export interface Walk {
  readonly record: RunRecord;
  readonly context: RunContext;
}

/** One step of a stored plan, to be made so (`forward`) or taken back. */
export interface StepTask extends Walk {
  /** Its place in the plan's running order. */
  readonly index: number;
  readonly planned: PlannedStep;
  readonly direction: 'forward' | 'back';
}

/** Try again then: epoch milliseconds. `told`: the far end asked for the wait. */
export interface Later {
  readonly kind: 'later';
  readonly at: number;
  readonly told: boolean;
}

export type StepResult = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly problem: string } | Later;

/** Throws only what stops the whole run. */
export type RunStep = (task: StepTask) => Promise<StepResult>;
