import { z } from 'zod';
import { defineAction, type PlanFacts } from '../core/action.ts';
import { peopleField, type ListedPerson } from '../core/fields.ts';
import { nameOf } from '../core/person.ts';
import { doorsOf, type Doors } from './parts/doors.ts';
import { refusePastEnd } from './parts/end-date.ts';
import { entrantOf, peopleOf, type Entrant } from './parts/entrant.ts';
import { planAccess, refusalOf } from './parts/give-access.ts';
import { lineOf, nobodyLeft, type LeftOut } from './parts/listed.ts';
import { untilField, whyField } from './parts/usual-fields.ts';

export const addMany = defineAction({
  id: 'add-many',
  title: 'Add several colleagues',
  summary: 'Give several colleagues access to Open Chat Studio at once, from a list or a CSV file.',
  usage: '',
  examples: [],
  effect: 'grant',
  mayAsk: 'member',
  variantOf: 'add',
  approvals: () => 'configured',
  input: z.object({
    people: peopleField({ label: 'Who gets access?', withSerials: true }),
    until: untilField(),
    reason: whyField(),
  }),
  describe: ({ people }) => given(new Set(people.map(({ person }) => person.email)).size),
  beneficiaries: ({ people }) => [...new Map(people.map(({ person }) => [person.email, person])).values()],
  access: () => 'given',
  plan: ({ people, until }, snapshot, facts) => {
    refusePastEnd(until, facts);
    const doors = doorsOf(snapshot);
    const { entrants, leftOut } = sort(people, until, doors, facts);
    if (entrants.length === 0) throw nobodyLeft(leftOut);
    const plan = planAccess(entrants, until, doors, facts);
    if (leftOut.length === 0) return plan;
    const remaining = peopleOf(entrants);
    return { ...plan, leftOut, remaining: { says: given(remaining.length), people: remaining } };
  },
});

function given(count: number): string {
  return `Give ${count} ${count === 1 ? 'person' : 'people'} access`;
}

/** Which lines are carried out, in order, and why the others are not. */
function sort(
  people: readonly ListedPerson[],
  until: number | undefined,
  doors: Doors,
  facts: PlanFacts,
): { readonly entrants: Entrant[]; readonly leftOut: LeftOut } {
  /** By what makes two lines the same: the serial, or the person where there is none. */
  const taken = new Map<string, ListedPerson>();
  const entrants: Entrant[] = [];
  const leftOut: LeftOut = [];
  for (const listed of people) {
    const entrant = entrantOf(listed.person, listed.serial, facts);
    const key = listed.serial ?? listed.person.email;
    const why =
      lacksSerial(listed, doors) ?? repeats(listed, taken.get(key)) ?? refusalOf(entrant, until, doors, facts)?.message;
    if (why === undefined) {
      taken.set(key, listed);
      entrants.push(entrant);
    } else leftOut.push({ line: lineOf(listed), why });
  }
  return { entrants, leftOut };
}

function lacksSerial({ person, serial }: ListedPerson, { snapshot }: Doors): string | undefined {
  if (serial !== undefined || snapshot.posture === undefined) return undefined;
  return `There is no serial number, and without one ${nameOf(person)} can’t get in. Add the serial number of their device.`;
}

function repeats({ person, serial }: ListedPerson, first: ListedPerson | undefined): string | undefined {
  if (first === undefined) return undefined;
  if (person.email === first.person.email) return `It says the same as line ${first.line}.`;
  return `Line ${first.line} gives the same serial number ${serial} to ${nameOf(first.person)}. One device belongs to one person: correct one of the lines.`;
}
