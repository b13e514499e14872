import { z } from 'zod';
import type { Effect } from '../core/ports.ts';
import { Post } from '../core/post.ts';

const StoredEffect = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('post'), post: Post, delayMs: z.number().exactOptional() }),
  z.object({ kind: z.literal('run'), requestId: z.string() }),
]) satisfies z.ZodType<Effect>;

const Staged = z.object({
  id: z.string(),
  effect: StoredEffect,
  version: z.number().int().exactOptional(),
});

/** An effect of a stored change that no queue has yet. */
export interface StagedEffect {
  /** Unique for ever. */
  readonly id: string;
  readonly effect: Effect;
  /** Version of the request that was stored together with it. */
  readonly version?: number;
  /** Its exact text in Redis. */
  readonly text: string;
}

/** What the relay needs of the store. Throws TransientError (`store-down`) when Redis does not answer. */
export interface StagedEffects {
  /** The oldest ones, in the order in which they were stored. They stay until they are unstaged. */
  staged(limit: number): Promise<StagedEffect[]>;
  /** Returns normally for those that somebody else has unstaged. */
  unstage(effects: readonly StagedEffect[]): Promise<void>;
}

/** @throws ZodError for an effect that could not be read back. */
export function stageEffect(effect: Effect, id: string, version: number | undefined): string {
  return JSON.stringify(Staged.parse({ id, effect, ...(version === undefined ? {} : { version }) }));
}

/** @throws Error for a text that is not an effect that this version knows. */
export function readStaged(text: string): StagedEffect {
  return { ...Staged.parse(JSON.parse(text)), text };
}
