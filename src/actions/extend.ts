import { z } from 'zod';
import { defineAction } from '../core/action.ts';
import { UserError } from '../core/errors.ts';
import { endField, insiderField } from '../core/fields.ts';
import { nameOf } from '../core/person.ts';
import { admittedBy, ruleContext } from '../core/snapshot.ts';
import { setEnd } from '../steps/set-end.ts';
import { lastDayInWords, refusePastEnd, stayOf } from './parts/end-date.ts';
import { whyField } from './parts/usual-fields.ts';

export const extend = defineAction({
  id: 'extend',
  title: 'Extend access',
  summary: 'Move the day on which somebody’s access ends to a later one.',
  usage: '[@person|e-mail]',
  examples: ['extend @ana', 'extend sam@partner.example'],
  effect: 'grant',
  mayAsk: 'member',
  approvals: () => 'configured',
  input: z.object({
    person: insiderField({ label: 'Whose access?' }),
    until: endField({ label: 'Until when?', hint: 'Access ends by itself after that day.' }),
    reason: whyField(),
  }),
  describe: ({ person }) => `Extend the access of ${nameOf(person)}`,
  beneficiaries: ({ person }) => [person],
  from: ({ about }) => {
    // A request for several people does not say whose access is meant.
    const [person] = about.length === 1 ? about : [];
    return { values: person === undefined ? {} : { person: { email: person.email } } };
  },
  plan: ({ person, until }, snapshot, facts) => {
    refusePastEnd(until, facts);
    const name = nameOf(person);
    if (admittedBy(snapshot.policies, person.email, ruleContext(snapshot)) === 'no') {
      throw new UserError(`${name} has no access now, so there is nothing to extend. Use “add” to give them access.`, {
        code: 'no-access',
        field: 'person.pick',
      });
    }
    const previous = stayOf(person.email, facts);
    if (previous === undefined) {
      throw new UserError(`The access of ${name} has no end date, so there is nothing to extend.`, {
        code: 'no-end-date',
        field: 'person.pick',
      });
    }
    if (previous.endsAt <= facts.now) {
      throw new UserError(
        `The access of ${name} ended on ${lastDayInWords(previous.endsAt, facts.timeZone)} and is being taken away. Use “add” to give them access again.`,
        { code: 'end-is-over', field: 'person.pick' },
      );
    }
    const day = lastDayInWords(until, facts.timeZone);
    if (until <= previous.endsAt) {
      throw new UserError(
        `The access of ${name} lasts until ${lastDayInWords(previous.endsAt, facts.timeZone)} already. Choose a later day.`,
        { code: 'not-later', field: 'until.date' },
      );
    }
    return {
      stages: [
        [
          setEnd.with(
            { person, endsAt: until, day, previous, onlyMoves: true },
            { change: `${lastDayInWords(previous.endsAt, facts.timeZone)} → ${day}` },
          ),
        ],
      ],
      warnings: [],
    };
  },
});
