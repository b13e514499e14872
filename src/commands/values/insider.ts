import { EmailAddress, type Person } from '../../core/person.ts';
import { personByAddress, unlessReducing } from './find-people.ts';
import type { FieldReader } from './field-reader.ts';
import { personValue } from './person.ts';

/** Somebody who has access: by their address, whether or not they are in Slack, or still are. */
export const insiderReader: FieldReader = {
  check: (value) => {
    const { email } = personValue(value);
    if (email === undefined)
      return { part: 'pick', says: 'Choose somebody from the list, or type their e-mail address below.' };
    const wrong = EmailAddress.safeParse(email).error?.issues[0];
    return wrong && { part: 'email', says: wrong.message };
  },
  resolve: async (value, { desk, actor, effect }) => {
    const email = EmailAddress.parse(personValue(value).email);
    const alone: Person = { email };
    const person = await unlessReducing(effect, personByAddress(email, desk.directory), alone);
    if (person.name !== undefined) return person;
    // Somebody who has left Slack is still known to Cloudflare.
    const name = await desk.offers.insiderName(actor.slackId, email);
    return name === undefined ? person : { ...person, name };
  },
};
