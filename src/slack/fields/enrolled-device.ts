import { EnrolledDeviceValue } from '../../core/fields.ts';
import { plain } from '../blocks.ts';
import { labelPickedIn, optionPickedIn } from '../form-state.ts';
import type { FieldBuilder } from './field-builder.ts';
import { OPTION_MAX } from './option.ts';

/** One's own devices at once, somebody else's by typing. */
export const enrolledDeviceFieldBuilder: FieldBuilder = {
  blocks: ({ key, label, hint, optional }, { value }) => {
    const { data } = EnrolledDeviceValue.safeParse(value);
    const before = data !== undefined && data.id !== '' && data.id.length <= OPTION_MAX ? data : undefined;
    return [
      {
        type: 'input',
        block_id: `${key}.pick`,
        label: plain(label, 2000),
        hint: plain(
          hint ??
            'Yours are listed at once. For somebody else’s type a part of its name, its serial number or its owner.',
          2000,
        ),
        optional,
        element: {
          type: 'external_select',
          action_id: `${key}.pick`,
          placeholder: plain('Choose a device', 150),
          min_query_length: 0,
          ...(before === undefined
            ? {}
            : { initial_option: { text: plain(before.label, OPTION_MAX), value: before.id } }),
        },
      },
    ];
  },
  read: (state, key) => {
    const id = optionPickedIn(state, `${key}.pick`);
    return id === undefined ? undefined : { id, label: labelPickedIn(state, `${key}.pick`) ?? id };
  },
  blockOf: (key) => `${key}.pick`,
};
