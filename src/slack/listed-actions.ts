import type { Action } from '../core/action.ts';
import { fieldsOf } from '../core/fields.ts';

/** What people can begin by themselves: not the other form of an action, nor what only a message can open. */
export function listedActions(actions: readonly Action[]): Action[] {
  return actions.filter(({ variantOf, input }) => variantOf === undefined && !hasFixedParts(input));
}

function hasFixedParts(input: Action['input']): boolean {
  return fieldsOf(input).length < Object.keys(input.shape).length;
}
