import type { KnownBlock } from '@slack/types';
import type { Request } from '../core/request.ts';
import { firstWithin } from './first-within.ts';
import { fit } from './fit.ts';
import { bold, lengthOf, line, list, rich, type Part } from './rich.ts';

const SHOWN = 12;
const CHARACTERS = 1000;

/** What the steps found that people have to know: the proof, and what is to be checked by hand. Each once. */
export function noteBlocks(request: Pick<Request, 'steps'>, characters = CHARACTERS): KnownBlock[] {
  const notes = new Set(request.steps.flatMap(({ notes: found = [] }) => found));
  if (notes.size === 0) return [];
  const items = [...notes].slice(0, SHOWN).map((note): Part[] => [fit(note, 400)]);
  const { shown } = firstWithin(items, characters, lengthOf);
  const rest = notes.size - shown.length;
  const more = rest === 0 ? [] : [[`and ${rest} more; Details shows them`]];
  return [rich(line(bold('What was found')), list('bullet', [...shown, ...more]))];
}
