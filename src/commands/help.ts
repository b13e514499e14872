import { distance } from 'fastest-levenshtein';
import { helpMessage } from '../slack/help-message.ts';
import { refusal } from '../slack/refusal.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { identify } from './identify.ts';
import { isAmongApprovers } from './is-among-approvers.ts';

/** Characters that are compared: nothing that we know is longer. */
const LONGEST = 60;

export async function help(desk: Desk, call: Call): Promise<void> {
  const { actor } = await identify(desk, call);
  await call.reply(helpMessage({ actions: desk.actions, isApprover: await isAmongApprovers(desk, actor) }));
}

/** Words that begin nothing: the nearest ones that do. */
export async function unknownWord(call: Call, typed: readonly string[], known: readonly string[]): Promise<void> {
  const [nearest] = known
    .map((name) => ({ name, meant: beginOf(typed, name) }))
    .map((one) => ({ ...one, away: distance(one.meant.toLowerCase().slice(0, LONGEST), one.name) }))
    .toSorted((one, other) => one.away - other.away || likeness(other) - likeness(one));
  const isNear = nearest !== undefined && nearest.away <= Math.max(2, Math.floor(nearest.name.length / 2));
  const guess = isNear
    ? `Did you mean \`/ocs-access ${nearest.name}\`?`
    : 'Type `/ocs-access help` to see what I can do.';
  await call.reply(refusal(`I don’t know “${isNear ? nearest.meant : typed[0]}”. ${guess}`));
}

/** As many of the typed words as the name has. */
export function beginOf(typed: readonly string[], name: string): string {
  return typed.slice(0, lengthOf(name)).join(' ');
}

export function lengthOf(name: string): number {
  return name.split(' ').length;
}

/** Of two that are as near: letters in another order are the likelier slip, then the same beginning. */
function likeness({ meant, name }: { readonly meant: string; readonly name: string }): number {
  const typed = meant.toLowerCase();
  return Number(lettersOf(typed) === lettersOf(name)) * 2 + Number(typed[0] === name[0]);
}

function lettersOf(word: string): string {
  return word.split('').toSorted().join('');
}
