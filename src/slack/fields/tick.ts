import { plain } from '../blocks.ts';
import { isTicked } from '../form-state.ts';
import { optionsOf } from './choice.ts';
import type { FieldBuilder } from './field-builder.ts';

/** Yes or no. Optional for Slack, which otherwise wants the tick. */
export const tickFieldBuilder: FieldBuilder = {
  blocks: ({ key, label, hint, options = [] }, { value }) => {
    const shown = optionsOf(options).slice(0, 1);
    return [
      {
        type: 'input',
        block_id: key,
        label: plain(label, 2000),
        ...(hint === undefined ? {} : { hint: plain(hint, 2000) }),
        optional: true,
        element: {
          type: 'checkboxes',
          action_id: key,
          options: shown,
          ...(value === true ? { initial_options: shown } : {}),
        },
      },
    ];
  },
  read: (state, key) => isTicked(state, key),
  blockOf: (key) => key,
};
