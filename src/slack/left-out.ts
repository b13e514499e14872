import type { KnownBlock } from '@slack/types';
import type { Plan } from '../core/plan.ts';
import { firstWithin } from './first-within.ts';
import { fit } from './fit.ts';
import { bold, lengthOf, line, list, rich, type Part } from './rich.ts';

const SHOWN = 10;
const CHARACTERS = 900;

/** The lines of a list that are not carried out, and why: the first ones and a count. */
export function leftOutBlocks(
  plan: Plan | undefined,
  { shown: most = SHOWN, characters = CHARACTERS }: { readonly shown?: number; readonly characters?: number } = {},
): KnownBlock[] {
  const lines = plan?.leftOut ?? [];
  if (lines.length === 0) return [];
  const items = lines
    .slice(0, most)
    .map(({ line: which, why }): Part[] => [bold(`${fit(which, 100)}:`), ' ', fit(why, 300)]);
  const { shown } = firstWithin(items, characters, lengthOf);
  const rest = lines.length - shown.length;
  const more = rest === 0 ? [] : [[`and ${rest} more${most === SHOWN ? '; Details shows them' : ''}`]];
  const title = lines.length === 1 ? '1 line is left out' : `${lines.length} lines are left out`;
  return [rich(line(bold(title)), list('bullet', [...shown, ...more]))];
}

/** The same as one sentence, for `text`; empty if nothing is left out. */
export function leftOutText(plan: Plan | undefined): string {
  const count = plan?.leftOut?.length ?? 0;
  if (count === 0) return '';
  return count === 1 ? '1 line of the list was left out.' : `${count} lines of the list were left out.`;
}
