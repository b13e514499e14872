import { z } from 'zod';
import type { PlannedStep } from './plan.ts';
import type { Clock, Cloudflare, Posts, Stays, Timers } from './ports.ts';
import type { Server } from './server.ts';
import type { Vault } from './vault.ts';

/** What all steps of one run work with. */
export interface RunContext {
  readonly requestId: string;
  readonly cloudflare: Cloudflare;
  readonly posts: Posts;
  readonly timers: Timers;
  readonly stays: Stays;
  readonly clock: Clock;
  readonly server: Server;
  readonly vault: Pick<Vault, 'open'>;
}

export interface StepContext extends RunContext {
  /** Epoch milliseconds: when this step was tried for the first time, for those that wait for something to come about. */
  readonly firstTriedAt: number;
  /** This request wrote here before, or may have: what is missing now can be its own doing. */
  readonly hasBegun: boolean;
}

/** What a look found: whether the desired state holds, and what the write needs to know. */
export interface Sighting<Found> {
  readonly holds: boolean;
  readonly found: Found;
  /** Which values a write would change, where the step is about several: recorded before it, and all that undo may take back. */
  readonly touches?: readonly string[];
  /** What people have to know of what was found, in full sentences: kept with the step and shown in the report. */
  readonly notes?: readonly string[];
}

/**
 * One idempotent effect with a desired state. The runner looks, writes only if the state does not hold, and looks again
 * before it records the step as done, so a step that runs twice changes nothing the second time.
 */
export interface StepDefinition<Args extends Record<string, unknown>, Found> {
  readonly id: string;
  readonly args: z.ZodType<Args>;
  says(args: Args): string;
  /** What it writes to. Writes to one resource never overlap, in any process. Undefined: nothing shared is written. */
  resource?(args: Args): string | readonly string[] | undefined;
  look(args: Args, context: StepContext): Promise<Sighting<Found>>;
  /** `false`: the effect can't be seen afterwards (a message sent), so `apply` must be harmless to repeat. */
  readonly readsBack?: false;
  /** `false`: it only looks, and `apply` throws what keeps it from holding. Such a step is never said to have changed anything. */
  readonly writes?: false;
  /**
   * Makes the state hold. May throw after having written: the runner looks before it tries again. TransientError `not-yet`
   * with `retryAfterMs`: nothing failed, it is to be looked at again then, as often as it says so.
   */
  apply(args: Args, context: StepContext, found: Found): Promise<void>;
  /** Makes the state not hold. Called only if this very request made it hold, and with what it touched. Undefined: nothing to take back. */
  undo?(args: Args, context: StepContext, found: Found, touched: readonly string[]): Promise<void>;
  /** `half-done`: once it is done everything is as it was before, so only what stopped in between is taken back. */
  readonly undoes?: 'half-done';
  /** Where a person does this by hand, when the bot can't: a place in the dashboard. */
  byHand?(args: Args): string;
}

/** A step with its argument and sighting types closed over: what registries hold and the runner runs. */
export interface Step {
  readonly id: string;
  /** What of it can be taken back: all that it changed, only what it left half-done, or nothing. */
  readonly undoes: 'all' | 'half-done' | 'nothing';
  /** Parses the stored arguments; throws if they are not this step's. */
  bind(args: unknown): BoundStep;
}

export interface BoundStep {
  readonly says: string;
  /** In the order in which they are to be held. */
  readonly resources: readonly string[];
  readonly byHand: string | undefined;
  readonly readsBack: boolean;
  readonly writes: boolean;
  look(context: StepContext): Promise<View>;
}

/** What one look found, with the writes that may follow from it. */
export interface View {
  readonly holds: boolean;
  readonly touches: readonly string[];
  readonly notes: readonly string[];
  apply(): Promise<void>;
  undo(touched: readonly string[]): Promise<void>;
}

export interface StepMaker<Args extends Record<string, unknown>> extends Step {
  /** The step as data for a plan. */
  with(args: Args, shown?: Pick<PlannedStep, 'change' | 'already' | 'items'>): PlannedStep;
}

/** Made once: a plan may hold hundreds of steps. */
const StoredArgs = z.record(z.string(), z.json());

export function defineStep<Args extends Record<string, unknown>, Found>(
  definition: StepDefinition<Args, Found>,
): StepMaker<Args> {
  return {
    id: definition.id,
    undoes: definition.undo === undefined ? 'nothing' : (definition.undoes ?? 'all'),
    with: (args, shown = {}) => {
      const stored = definition.args.parse(args);
      return {
        step: definition.id,
        says: definition.says(stored),
        args: StoredArgs.parse(stored),
        ...(definition.writes === false ? { looksOnly: true } : {}),
        ...shown,
      };
    },
    bind: (stored) => {
      const args = definition.args.parse(stored);
      return {
        says: definition.says(args),
        resources: [definition.resource?.(args) ?? []].flat().toSorted(),
        byHand: definition.byHand?.(args),
        readsBack: definition.readsBack ?? true,
        writes: definition.writes ?? true,
        look: async (context) => {
          const { holds, found, touches = [], notes = [] } = await definition.look(args, context);
          return {
            holds,
            touches,
            notes,
            apply: () => definition.apply(args, context, found),
            undo: async (touched) => definition.undo?.(args, context, found, touched),
          };
        },
      };
    },
  };
}
