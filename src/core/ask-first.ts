import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Action } from './action.ts';
import type { Ask } from './ask.ts';
import { UserError } from './errors.ts';
import type { Actor } from './person.ts';
import { canonical } from './plan.ts';
import type { Store } from './ports.ts';

/** A form that is sent again, because something else in it was wrong, does not ask the first request twice. */
const REMEMBERED_MS = 15 * 60_000;

/**
 * Asks what must not wait for the request that follows it, and returns its id. Undefined: there is nothing to be asked, or
 * nothing to do. Any other error stops both.
 */
export async function askFirst(
  first: ReturnType<Action['first']>,
  actor: Actor,
  { ask, store }: Pick<Ask, 'ask'> & { readonly store: Pick<Store, 'keep' | 'recall'> },
): Promise<string | undefined> {
  if (first === undefined) return undefined;
  const key = `asked-first:${createHash('sha256')
    .update(canonical([first, actor.slackId]))
    .digest('hex')}`;
  const before = z.string().safeParse(await store.recall(key));
  if (before.success) return before.data;
  try {
    const { id } = await ask(first.action, first.input, actor);
    await store.keep(key, id, REMEMBERED_MS);
    return id;
  } catch (error) {
    if (error instanceof UserError && error.code === 'nothing-to-do') return undefined;
    throw error;
  }
}

/** The rest of the asking. Whoever is refused now reads that the request that was asked first is not. */
export async function goOnAfter<T>(first: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (first === undefined || !(error instanceof UserError)) throw error;
    const { message, code, field } = error;
    throw new UserError(`${message} ${first} was asked all the same and does not wait for this.`, {
      code,
      cause: error,
      ...(field === undefined ? {} : { field }),
    });
  }
}
