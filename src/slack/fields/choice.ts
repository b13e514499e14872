import type { PlainTextOption } from '@slack/types';
import type { FieldLook } from '../../core/fields.ts';
import { plain } from '../blocks.ts';
import { optionPickedIn } from '../form-state.ts';
import type { FieldBuilder } from './field-builder.ts';
import { OPTION_MAX } from './option.ts';

/** One of a few; the first one unless somebody chooses. */
export const choiceFieldBuilder: FieldBuilder = {
  blocks: ({ key, label, hint, optional, options = [] }, { value }) => {
    const shown = optionsOf(options);
    const before = shown.find((option) => option.value === value) ?? shown[0];
    return [
      {
        type: 'input',
        block_id: key,
        label: plain(label, 2000),
        ...(hint === undefined ? {} : { hint: plain(hint, 2000) }),
        optional,
        element: {
          type: 'radio_buttons',
          action_id: key,
          options: shown,
          ...(before === undefined ? {} : { initial_option: before }),
        },
      },
    ];
  },
  read: (state, key) => optionPickedIn(state, key),
  blockOf: (key) => key,
};

export function optionsOf(options: NonNullable<FieldLook['options']>): PlainTextOption[] {
  return options.map(({ value, text, description }) => ({
    text: plain(text, OPTION_MAX),
    value,
    ...(description === undefined ? {} : { description: plain(description, OPTION_MAX) }),
  }));
}
