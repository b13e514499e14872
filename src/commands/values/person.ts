import { UserError } from '../../core/errors.ts';
import { PersonValue } from '../../core/fields.ts';
import { EmailAddress, type Person } from '../../core/person.ts';
import type { Directory } from '../../core/ports.ts';
import { asReachable, personByAddress } from './find-people.ts';
import type { FieldReader, FieldValue } from './field-reader.ts';

/** Anybody: picked in Slack, or by address. */
export const personReader: FieldReader = {
  check: (value) => {
    const { slackId, email } = personValue(value);
    if (slackId === undefined && email === undefined)
      return { part: 'slackId', says: 'Pick a colleague here, or type an e-mail address below.' };
    if (slackId !== undefined && email !== undefined)
      return { part: 'email', says: 'Pick a colleague or type an address, not both.' };
    const wrong = email === undefined ? undefined : EmailAddress.safeParse(email).error?.issues[0];
    return wrong && { part: 'email', says: wrong.message };
  },
  resolve: async (value, { field, desk: { directory } }) => {
    const { slackId, email } = personValue(value);
    return slackId === undefined
      ? personByAddress(EmailAddress.parse(email), directory)
      : picked(slackId, `${field.key}.slackId`, directory);
  },
};

export function personValue(value: FieldValue): PersonValue {
  return PersonValue.safeParse(value).data ?? {};
}

async function picked(slackId: string, field: string, directory: Directory): Promise<Person> {
  const { actor, member } = await directory.find(slackId);
  if (member.standing === 'bot')
    throw new UserError(`${actor.name} is a bot. Pick a person.`, { code: 'is-bot', field });
  if (member.standing === 'deactivated') {
    throw new UserError(`${actor.name}’s Slack account is deactivated. Pick somebody else.`, {
      code: 'is-deactivated',
      field,
    });
  }
  if (actor.email === undefined) {
    throw new UserError(`Slack shows no e-mail address for ${actor.name}. Type their address below instead.`, {
      code: 'no-address',
      field,
    });
  }
  return asReachable({ email: EmailAddress.parse(actor.email), name: actor.name, slackId }, member);
}
