import { plain } from '../blocks.ts';
import { fit } from '../fit.ts';
import { typedIn } from '../form-state.ts';
import type { FieldBuilder } from './field-builder.ts';

const MAX = 40;

/** A length of hours, as people type it. */
export const durationFieldBuilder: FieldBuilder = {
  blocks: ({ key, label, hint, optional }, { value }) => {
    const before = typeof value === 'string' ? fit(value, MAX) : '';
    return [
      {
        type: 'input',
        block_id: key,
        label: plain(label, 2000),
        ...(hint === undefined ? {} : { hint: plain(hint, 2000) }),
        optional,
        element: {
          type: 'plain_text_input',
          action_id: key,
          max_length: MAX,
          ...(before === '' ? {} : { initial_value: before }),
        },
      },
    ];
  },
  read: (state, key) => typedIn(state, key),
  blockOf: (key) => key,
};
