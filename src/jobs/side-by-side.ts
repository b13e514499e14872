import { eachOf } from '../core/each-of.ts';

/**
 * The steps of one stage, ten at once: a plan for hundreds of people would otherwise use up the far end's budget in one go.
 * After one that throws no other is begun, but a step cut off in the middle would be left unrecorded, so those under way end
 * first.
 */
export function sideBySide<Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  return eachOf(items, act, { atOnce: 10, stopsAtFailure: true });
}
