import { EmailAddress } from '../../core/person.ts';
import { PersonValue } from '../../core/fields.ts';
import { plain } from '../blocks.ts';
import { optionPickedIn, typedIn } from '../form-state.ts';
import { bold, lines } from '../rich.ts';
import type { FieldBuilder } from './field-builder.ts';
import { OPTION_MAX } from './option.ts';

/** Somebody who has access now: found by typing a part of their name, or by their whole address. */
export const insiderFieldBuilder: FieldBuilder = {
  blocks: ({ key, label, hint }, { value }) => {
    const before = EmailAddress.safeParse(PersonValue.safeParse(value).data?.email);
    const email = before.success ? before.data : undefined;
    const isOption = email !== undefined && email.length <= OPTION_MAX;
    return [
      {
        ...lines([bold(label)], ['One of these two is enough. If you fill in both, what you typed counts.']),
        block_id: `${key}.heading`,
      },
      {
        type: 'input',
        block_id: `${key}.pick`,
        label: plain('Find them among those who have access', 2000),
        ...(hint === undefined ? {} : { hint: plain(hint, 2000) }),
        optional: true,
        element: {
          type: 'external_select',
          action_id: `${key}.pick`,
          placeholder: plain('Type a part of the name or address', 150),
          min_query_length: 0,
          ...(isOption ? { initial_option: { text: plain(email, OPTION_MAX), value: email } } : {}),
        },
      },
      {
        type: 'input',
        block_id: `${key}.email`,
        label: plain('…or type their e-mail', 2000),
        optional: true,
        element: {
          type: 'email_text_input',
          action_id: `${key}.email`,
          placeholder: plain('name@organisation.org', 150),
          ...(email === undefined || isOption ? {} : { initial_value: email }),
        },
      },
    ];
  },
  read: (state, key) => {
    const email = typedIn(state, `${key}.email`) ?? optionPickedIn(state, `${key}.pick`);
    return email === undefined ? undefined : { email };
  },
  blockOf: (key, part) => `${key}.${part === 'pick' ? 'pick' : 'email'}`,
};
