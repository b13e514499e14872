import type { KnownBlock } from '@slack/types';
import type { FormField, FormValues } from '../../core/fields.ts';
import type { FormState } from '../form-state.ts';

export type FieldValue = FormValues[string];

export interface FieldContext {
  /** What stood in the field before. */
  readonly value: FieldValue;
  /** The form asks the owner of the device, so there is nobody else to ask. */
  readonly asksOwner: boolean;
}

/** How one kind of field looks and how it is read back. Block ids are `key` or `key.part`; the action id is the same. */
export interface FieldBuilder {
  blocks(field: FormField, context: FieldContext): KnownBlock[];
  read(state: FormState, key: string): FieldValue;
  /** The input block that an error about `part` of the value is shown at. */
  blockOf(key: string, part: string | undefined): string;
}
