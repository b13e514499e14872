import type { KnownBlock } from '@slack/types';
import { button, buttons } from './blocks.ts';
import { fitLines } from './fit.ts';
import { ids } from './ids.ts';
import { withCode } from './refusal.ts';
import { line, rich } from './rich.ts';

/** Why a form was not taken, shown below one of its fields. */
export interface RefusedField {
  /** Key of the field. */
  readonly field: string;
  readonly says: string;
  /** Other values that would be taken, as a button. `id`: under which they are kept. */
  readonly offer?: { readonly id: string; readonly label: string };
}

/** `draftId`: of the form. */
export function refusedBlocks({ says, offer }: RefusedField, draftId: string): KnownBlock[] {
  return [
    rich(line('⚠️ ', ...withCode(fitLines(says, 1500)))),
    ...(offer === undefined ? [] : [buttons(button(offer.label, ids.offer, draftId))]),
  ];
}
