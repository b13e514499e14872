import type { z } from 'zod';
import type { AccessChange } from './access-change.ts';
import type { Plan } from './plan.ts';
import type { Container } from './server.ts';
import type { SessionLimits } from './sessions.ts';
import type { Actor, Person } from './person.ts';
import type { FormValues } from './fields.ts';
import type { Request } from './request.ts';
import type { Snapshot, SnapshotScope } from './snapshot.ts';
import type { Stay } from './stay.ts';

/** What a plan may use besides the input and the snapshot. */
export interface PlanFacts {
  readonly requestId: string;
  /** `2026-11-21`, in the operator's time zone. */
  readonly today: string;
  /** Who asks, for descriptions and texts. */
  readonly requester: { readonly name: string; readonly slackId: string };
  /** Where people open the app: `http://ocs.example:8000`. */
  readonly appUrl: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** IANA name, for dates in sentences. */
  readonly timeZone: string;
  /** The end dates of everybody whom the action is about, as far as they have one. */
  readonly stays: readonly Stay[];
  /** Whether revoking frees the paid seat. */
  readonly revokeSeat: boolean;
  readonly sessionLimits: SessionLimits;
  /** The containers of the tunnel on the server, or why they can't be seen. Undefined unless the action needs the server. */
  readonly server?: ServerFacts;
}

export type ServerFacts =
  | { readonly containers: readonly Container[] }
  /** A sentence for people; `byHand` is what to type on the server instead. */
  | { readonly problem: string; readonly byHand: string };

/** One fact of the account as it is, above the fields of a form. */
export interface IntroLine {
  readonly label: string;
  readonly value: string;
  /** A sentence about what it means. */
  readonly detail?: string;
}

/** Who asks, as far as it decides how many approvals are needed. */
export interface Asking {
  readonly actor: Actor;
  /** The bot itself acts: an end date reached. */
  readonly isSystem: boolean;
  readonly isApprover: boolean;
}

/** What a form that is opened from a request's message starts with. */
export interface FormStart {
  readonly values: FormValues;
  /** Parts of the input that nobody types: kept by us, never by the form. */
  readonly fixed?: Readonly<Record<string, unknown>>;
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
  /** A grant or a change stops at the first failure and takes back what it did; a reduction goes on whatever happens. */
  readonly effect: 'grant' | 'reduce' | 'change';
  readonly mayAsk: 'member' | 'approver';
  /** How many approvals a request needs. `configured`: the number in APPROVALS_NEEDED. */
  approvals(input: Input, asking: Asking): number | 'configured';
  /**
   * The same for help and docs, where it is not simply `configured`: `none for approvers, 1 for anybody else`. Begins with
   * `none` where approvers, at least, decide alone.
   */
  readonly approvalsSay?: string;
  /** Runs in a queue of its own, and its approvers are called at once. */
  readonly isUrgent?: boolean;
  /** Where no approval is needed, whoever asks reads the plan and confirms it before anything is stored. */
  readonly confirms?: boolean;
  /** What people type after `/ocs-access` where it is not the id: `tunnel restart`. */
  readonly command?: string;
  /** Planning looks at the server too. */
  readonly needsServer?: boolean;
  /** Asking for it while it runs, or while it waits for the same decision, is refused with the request that is there. */
  readonly oneAtATime?: boolean;
  /** What the form says above its fields, of the account as it is. */
  readonly intro?: { readonly scope: SnapshotScope; lines(snapshot: Snapshot): readonly IntroLine[] };
  /** Offered in the form of another action, and not listed on its own: `add-many` in the form of `add`. */
  readonly variantOf?: string;
  /** The command below whose answer it is offered, where it is not listed on its own: `logs export`. */
  readonly offeredBy?: string;
  /** What the button on its form says when it isn't asking for approval: `Cut it off now`. */
  readonly submit?: string;
  readonly input: z.ZodObject & z.ZodType<Input>;
  /** One sentence without a full stop: `Give Ana Ruiz access with her Mac (serial C02…)`. */
  describe(input: Input): string;
  /** Who gains something by it: they can't approve it. */
  beneficiaries(input: Input): readonly Person[];
  /** Whom it is about, for the audit log and for end dates. The beneficiaries unless told. */
  about?(input: Input): readonly Person[];
  /** What it does to the access of those whom it is about, for the digest and the review. Nothing unless told. */
  access?(input: Input): AccessChange | undefined;
  missing?(input: Input): MissingInput | undefined;
  /** What the snapshot has to hold beside the rules. */
  scope?(input: Input): SnapshotScope;
  /** Another request that is to be asked before this one, because it must not wait for this one's approval. */
  first?(input: Input): { readonly action: string; readonly input: Readonly<Record<string, unknown>> } | undefined;
  /** What its form starts with when it is opened from the message of this request. Throws UserError if it can’t be yet. */
  from?(request: Request): FormStart;
  /** Decides. Pure. Throws UserError, with the field, when the input can't be carried out on this account. */
  plan(input: Input, snapshot: Snapshot, facts: PlanFacts): Plan;
}

/** An action with its input type closed over: `input` is parsed before each call. */
export interface Action extends Omit<
  ActionDefinition<unknown>,
  'describe' | 'beneficiaries' | 'about' | 'access' | 'missing' | 'approvals' | 'scope' | 'first' | 'plan'
> {
  describe(input: unknown): string;
  beneficiaries(input: unknown): readonly Person[];
  about(input: unknown): readonly Person[];
  access(input: unknown): AccessChange | undefined;
  missing(input: unknown): MissingInput | undefined;
  approvals(input: unknown, asking: Asking): number | 'configured';
  scope(input: unknown): SnapshotScope;
  first(input: unknown): { readonly action: string; readonly input: Readonly<Record<string, unknown>> } | undefined;
  plan(input: unknown, snapshot: Snapshot, facts: PlanFacts): Plan;
}

export function defineAction<Input>(definition: ActionDefinition<Input>): Action {
  const read = (input: unknown): Input => definition.input.parse(input);
  return {
    ...definition,
    describe: (input) => definition.describe(read(input)),
    beneficiaries: (input) => definition.beneficiaries(read(input)),
    about: (input) => definition.about?.(read(input)) ?? definition.beneficiaries(read(input)),
    access: (input) => definition.access?.(read(input)),
    missing: (input) => definition.missing?.(read(input)),
    approvals: (input, asking) => definition.approvals(read(input), asking),
    scope: (input) => definition.scope?.(read(input)) ?? {},
    first: (input) => definition.first?.(read(input)),
    plan: (input, snapshot, facts) => definition.plan(read(input), snapshot, facts),
  };
}
