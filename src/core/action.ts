import type { z } from 'zod';
import type { Plan } from './plan.ts';
import type { Person } from './person.ts';
import type { Snapshot } from './snapshot.ts';

/** What a plan may use besides the input and the snapshot. */
export interface PlanFacts {
  readonly requestId: string;
  /** `2026-11-21`, in the operator's time zone. */
  readonly today: string;
  /** Who asks, for descriptions and texts. */
  readonly requester: { readonly name: string; readonly slackId: string };
  /** Where people open the app: `http://ocs.example:8000`. */
  readonly appUrl: string;
}

/** Something that somebody else has to type before the request can be planned. */
export interface MissingInput {
  /** Key of the input. */
  readonly field: string;
  readonly from: Person;
}

/**
 * Something that the bot can do, in one file. Help, manifest hint, form, approval text, worker dispatch, audit label and
 * docs are derived from it. The keys of `input` are the form's fields, in order; each field's schema comes from
 * `core/fields.ts` and carries how it looks in its `.meta()`.
 */
export interface ActionDefinition<Input> {
  readonly id: string;
  readonly title: string;
  /** One sentence for help and docs, beginning with a verb. */
  readonly summary: string;
  /** What may follow the command's word: `[@person|e-mail] [serial]`. */
  readonly usage: string;
  readonly examples: readonly string[];
  /** A grant stops at the first failure and takes back what it gave; a reduction goes on whatever happens. */
  readonly effect: 'grant' | 'reduce' | 'change';
  readonly mayAsk: 'member' | 'approver';
  /** `configured`: the number in APPROVALS_NEEDED. */
  readonly approvals: 'configured' | 'none';
  readonly input: z.ZodObject & z.ZodType<Input>;
  /** One sentence without a full stop: `Give Ana Ruiz access with her Mac (serial C02…)`. */
  describe(input: Input): string;
  /** Who gains something by it: they can't approve it. */
  beneficiaries(input: Input): readonly Person[];
  missing?(input: Input): MissingInput | undefined;
  /** Decides. Pure. Throws UserError, with the field, when the input can't be carried out on this account. */
  plan(input: Input, snapshot: Snapshot, facts: PlanFacts): Plan;
}

/** An action with its input type closed over: `input` is parsed before each call. */
export interface Action extends Omit<ActionDefinition<unknown>, 'describe' | 'beneficiaries' | 'missing' | 'plan'> {
  describe(input: unknown): string;
  beneficiaries(input: unknown): readonly Person[];
  missing(input: unknown): MissingInput | undefined;
  plan(input: unknown, snapshot: Snapshot, facts: PlanFacts): Plan;
}

export function defineAction<Input>(definition: ActionDefinition<Input>): Action {
  const read = (input: unknown): Input => definition.input.parse(input);
  return {
    ...definition,
    describe: (input) => definition.describe(read(input)),
    beneficiaries: (input) => definition.beneficiaries(read(input)),
    missing: (input) => definition.missing?.(read(input)),
    plan: (input, snapshot, facts) => definition.plan(read(input), snapshot, facts),
  };
}
