import type { Action } from '../core/action.ts';
import { fixedPartsOf } from '../core/fields.ts';

/** What people can begin by themselves: not the other form of an action, nor what only a message or an answer can open. */
export function listedActions(actions: readonly Action[]): Action[] {
  return actions.filter(
    ({ variantOf, offeredBy, input }) =>
      variantOf === undefined && offeredBy === undefined && fixedPartsOf(input).every(({ optional }) => optional),
  );
}

/** What is typed for it after `/ocs-access`: `add`, `tunnel restart`. */
export function commandOf({ command, id }: Pick<Action, 'command' | 'id'>): string {
  return command ?? id;
}
