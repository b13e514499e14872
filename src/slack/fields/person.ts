import { EmailAddress } from '../../core/person.ts';
import type { PersonValue } from '../../core/fields.ts';
import { plain } from '../blocks.ts';
import { typedIn, userPickedIn } from '../form-state.ts';
import { bold, isSlackId, lines } from '../rich.ts';
import type { FieldBuilder, FieldValue } from './field-builder.ts';

/**
 * Two ways to say who. Slack can't ask for one of two, so it calls both of them optional; the line above says what is
 * wanted. They are judged together.
 */
export const personFieldBuilder: FieldBuilder = {
  blocks: ({ key, label, hint }, { value }) => {
    const { slackId, email } = personValue(value);
    const address = EmailAddress.safeParse(email);
    return [
      { ...lines([bold(label)], ['One of these two is enough.']), block_id: `${key}.heading` },
      {
        type: 'input',
        block_id: `${key}.slackId`,
        label: plain('Pick them in Slack', 2000),
        ...(hint === undefined ? {} : { hint: plain(hint, 2000) }),
        optional: true,
        element: {
          type: 'users_select',
          action_id: `${key}.slackId`,
          placeholder: plain('Choose a colleague', 150),
          ...(isSlackId(slackId) ? { initial_user: slackId } : {}),
        },
      },
      {
        type: 'input',
        block_id: `${key}.email`,
        label: plain('…or type their e-mail, if they are not in Slack', 2000),
        hint: plain('Their sign-in code goes to this address.', 2000),
        optional: true,
        element: {
          type: 'email_text_input',
          action_id: `${key}.email`,
          placeholder: plain('name@organisation.org', 150),
          ...(address.success ? { initial_value: address.data } : {}),
        },
      },
    ];
  },
  read: (state, key) => {
    const slackId = userPickedIn(state, `${key}.slackId`);
    const email = typedIn(state, `${key}.email`);
    if (slackId === undefined && email === undefined) return undefined;
    return { ...(slackId === undefined ? {} : { slackId }), ...(email === undefined ? {} : { email }) };
  },
  blockOf: (key, part) => `${key}.${part === 'slackId' ? 'slackId' : 'email'}`,
};

function personValue(value: FieldValue): PersonValue {
  if (typeof value !== 'object') return {};
  return {
    ...('slackId' in value && value.slackId !== undefined ? { slackId: value.slackId } : {}),
    ...('email' in value && value.email !== undefined ? { email: value.email } : {}),
  };
}
