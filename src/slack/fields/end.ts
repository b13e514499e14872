import { EndValue } from '../../core/fields.ts';
import { plain } from '../blocks.ts';
import { fit } from '../fit.ts';
import { datePickedIn, typedIn } from '../form-state.ts';
import { bold, lines } from '../rich.ts';
import type { FieldBuilder } from './field-builder.ts';

const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const DURATION_MAX = 40;

/** A last day, or how long: one of the two. Slack can't ask for that, so both are optional for it. */
export const endFieldBuilder: FieldBuilder = {
  blocks: ({ key, label, hint, optional }, { value }) => {
    const { date, duration } = EndValue.safeParse(value).data ?? {};
    const before = fit(duration ?? '', DURATION_MAX);
    const how = optional ? 'A day or a duration, or neither for no end.' : 'A day or a duration: one of the two.';
    return [
      { ...lines([bold(label)], [how]), block_id: `${key}.heading` },
      {
        type: 'input',
        block_id: `${key}.date`,
        label: plain('Last day', 2000),
        ...(hint === undefined ? {} : { hint: plain(hint, 2000) }),
        optional: true,
        element: {
          type: 'datepicker',
          action_id: `${key}.date`,
          placeholder: plain('Choose a day', 150),
          ...(date === undefined || !DATE.test(date) ? {} : { initial_date: date }),
        },
      },
      {
        type: 'input',
        block_id: `${key}.duration`,
        label: plain('…or for how long', 2000),
        hint: plain('30d for 30 days, 2w for 2 weeks, 3m for 3 months.', 2000),
        optional: true,
        element: {
          type: 'plain_text_input',
          action_id: `${key}.duration`,
          max_length: DURATION_MAX,
          placeholder: plain('30d', 150),
          ...(before === '' ? {} : { initial_value: before }),
        },
      },
    ];
  },
  read: (state, key) => {
    const date = datePickedIn(state, `${key}.date`);
    const duration = typedIn(state, `${key}.duration`);
    if (date === undefined && duration === undefined) return undefined;
    return { ...(date === undefined ? {} : { date }), ...(duration === undefined ? {} : { duration }) };
  },
  blockOf: (key, part) => `${key}.${part === 'duration' ? 'duration' : 'date'}`,
};
