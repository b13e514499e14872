import type { Plan, PlannedStep } from '../core/plan.ts';

/** The steps of each stage with their places in the running order. */
export function indexedStages({ stages }: Plan): { readonly planned: PlannedStep; readonly index: number }[][] {
  let next = 0;
  return stages.map((stage) =>
    stage.map((planned) => {
      const index = next;
      next += 1;
      return { planned, index };
    }),
  );
}
