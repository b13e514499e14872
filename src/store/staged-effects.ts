import { z } from 'zod';
import type { Effect, StagedEffect } from '../core/ports.ts';
import { Post } from '../core/post.ts';

const StoredEffect = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('post'), post: Post, delayMs: z.number().exactOptional() }),
  z.object({ kind: z.literal('run'), requestId: z.string(), isUrgent: z.boolean().exactOptional() }),
]) satisfies z.ZodType<Effect>;

const Staged = z.object({
  id: z.string(),
  effect: StoredEffect,
  version: z.number().int().exactOptional(),
});

/** @throws ZodError for an effect that could not be read back. */
export function stageEffect(effect: Effect, id: string, version: number | undefined): string {
  return JSON.stringify(Staged.parse({ id, effect, ...(version === undefined ? {} : { version }) }));
}

/** @throws Error for a text that is not an effect that this version knows. */
export function readStaged(text: string): StagedEffect {
  return { ...Staged.parse(JSON.parse(text)), receipt: text };
}
