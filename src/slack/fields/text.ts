import { fit, fitLines } from '../fit.ts';
import { plain } from '../blocks.ts';
import { typedIn } from '../form-state.ts';
import type { FieldBuilder } from './field-builder.ts';

const MAX = 500;

export const textFieldBuilder: FieldBuilder = {
  blocks: ({ key, label, hint, optional, isOneLine = false }, { value }) => {
    const before = typeof value !== 'string' ? '' : isOneLine ? fit(value, MAX) : fitLines(value, MAX);
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
          multiline: !isOneLine,
          max_length: MAX,
          ...(before === '' ? {} : { initial_value: before }),
        },
      },
    ];
  },
  read: (state, key) => typedIn(state, key),
  blockOf: (key) => key,
};
