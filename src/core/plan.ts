import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Person } from './person.ts';

/**
 * One step as data: what the approver reads (`says`, `change`), what Redis keeps, what the worker runs (`step`, `args`,
 * parsed again on the way out) and what the audit log records.
 */
export const PlannedStep = z.object({
  step: z.string(),
  says: z.string(),
  args: z.record(z.string(), z.json()),
  /** What it changes, counted: `14 → 15 people`. */
  change: z.string().optional(),
  /** The snapshot had it already; the worker looks again and most likely writes nothing. */
  already: z.boolean().optional(),
  /** It only looks, and never writes. */
  looksOnly: z.boolean().optional(),
  /** What it touches one by one, where it does many things at once: `C02XK0AZJG5J (Ana Souza)`. */
  items: z.array(z.string()).optional(),
});
export type PlannedStep = z.infer<typeof PlannedStep>;

/** Stages run one after another, the steps of one stage side by side. */
export const Plan = z.object({
  stages: z.array(z.array(PlannedStep).min(1)),
  /** Full sentences for the approver. */
  warnings: z.array(z.string()),
  /** Those of them that are told again once it is done: what people notice, and what they have to do. */
  afterwards: z.array(z.string()).optional(),
  /** Lines of a list that the plan leaves out, and why, in full sentences. */
  leftOut: z.array(z.object({ line: z.string(), why: z.string() })).optional(),
  /** What remains of the request without these lines: the action's sentence, and whom it is about. */
  remaining: z.object({ says: z.string(), people: z.array(Person) }).optional(),
});
export type Plan = z.infer<typeof Plan>;

/** The steps in running order; a step's index here is its place in the request's records. */
export function flatten(plan: Plan): PlannedStep[] {
  return plan.stages.flat();
}

/** A plan with the same step twice (one list serves two policies) runs it once, at its first place. */
export function withoutRepeats(plan: Plan): Plan {
  const seen = new Set<string>();
  const stages = plan.stages
    .map((stage) =>
      stage.filter(({ step, args }) => {
        const key = canonical({ step, args });
        if (seen.has(key)) return false;
        seen.add(key);
        return true;
      }),
    )
    .filter((stage) => stage.length > 0);
  return { ...plan, stages };
}

/** SHA-256, hex, of the plan in canonical form: an approval is for this and nothing else. */
export function hashPlan(plan: Plan): string {
  return createHash('sha256').update(canonical(plan)).digest('hex');
}

/** JSON with sorted keys, so that equal values have equal text. `undefined` members are left out, as in JSON. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
