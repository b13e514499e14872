import { nameOf, type Person } from '../../core/person.ts';
import type { PlannedStep } from '../../core/plan.ts';
import { LIST_LIMIT, POLICY_EMAIL_LIMIT } from '../../core/snapshot.ts';
import { listItems } from '../../steps/list-items.ts';
import { policyEmails } from '../../steps/policy-emails.ts';
import type { Entrance } from '../../steps/set-end.ts';
import { isAdmittedToApp, isAdmittedToEnrol, isNamed, type Door, type Doors } from './doors.ts';
import { peopleOf, type Entrant } from './entrant.ts';
import { checkRoom, counted, itemsOf, namesOf, NOTHING, sentenceList, together, type Part } from './part.ts';

/** The right to enrol a device with WARP, for those who don’t have it. */
export function letEnrol(entrants: readonly Entrant[], doors: Doors): Part {
  const { snapshot, enrolment: door } = doors;
  if (snapshot.enrolment === undefined) {
    return {
      steps: [],
      warnings: ['Device enrolment is not set up in this account, so nobody can connect a new device with WARP yet.'],
    };
  }
  if (door !== undefined) {
    return admit(
      door,
      entrants.filter(({ person: { email } }) => isNamed(door, email) || !isAdmittedToEnrol(email, doors)),
    );
  }
  // One policy for both doors is written once, by letIn.
  if (snapshot.enrolment.allow !== undefined) return NOTHING;
  const left = peopleOf(entrants).filter(({ email }) => !isAdmittedToEnrol(email, doors));
  if (left.length === 0) return NOTHING;
  return {
    steps: [],
    warnings: [`“${snapshot.enrolment.app.name}” has no Allow policy, so ${namesOf(left)} can’t enrol a device yet.`],
  };
}

/** The right to open the application, for those who don’t have it. */
export function letIn(entrants: readonly Entrant[], doors: Doors): Part {
  const { app } = doors;
  const isWide = (email: string): boolean => isAdmittedToApp(email, doors) && !isNamed(app, email);
  const wide = peopleOf(entrants).filter(({ email }) => isWide(email));
  const admitted = admit(
    app,
    entrants.filter(({ person }) => !isWide(person.email)),
  );
  if (wide.length === 0) return admitted;
  return together(admitted, {
    steps: [],
    warnings: [
      `The policy “${app.policy.name}” lets ${namesOf(wide)} in already by a wider rule (a domain, a group or everyone), so no rule is added for them.`,
    ],
  });
}

/** Where `letIn` puts somebody who is not there yet; undefined if nothing is added for them. */
export function entranceOf(email: string, doors: Doors): Entrance | undefined {
  const { list, policy } = doors.app;
  if (isNamed(doors.app, email) || isAdmittedToApp(email, doors)) return undefined;
  return list === undefined ? { kind: 'policy', policy: policy.ref } : { kind: 'list', listId: list.id };
}

/** The addresses into the e-mail list that the policy reads, where there is one; else into the policy itself. */
function admit(door: Door, entrants: readonly Entrant[]): Part {
  const people = peopleOf(entrants);
  if (people.length === 0) return NOTHING;
  const { policy, included, list } = door;
  const intoPolicy = people.filter(({ email }) => list === undefined || included.has(email));
  const intoList = entrants.filter(({ person }) => list !== undefined && !included.has(person.email));
  const isOne = people.length === 1;
  const shared =
    policy.sharedWith.length === 0
      ? []
      : [
          `The policy “${policy.name}” is shared: ${namesOf(people)} ${isOne ? 'gets' : 'get'} into ${sentenceList(policy.sharedWith)} as well.`,
        ];
  return together({ steps: [], warnings: shared }, intoPolicyOf(door, intoPolicy), intoListOf(door, intoList));
}

function intoPolicyOf({ policy, opens, included }: Door, people: readonly Person[]): Part {
  if (people.length === 0) return NOTHING;
  const fresh = people.filter(({ email }) => !included.has(email)).length;
  const args = {
    policy: policy.ref,
    policyName: policy.name,
    opens,
    part: 'include' as const,
    present: true,
    emails: people.map(({ email }) => email),
  };
  const holder = { name: `The policy “${policy.name}”`, count: included.size, limit: POLICY_EMAIL_LIMIT };
  return {
    steps: [policyEmails.with(args, shownFor(people, included.size, 'person', fresh))],
    warnings: fresh === 0 ? [] : checkRoom(holder, fresh),
  };
}

function intoListOf({ list, listed }: Door, entrants: readonly Entrant[]): Part {
  const people = peopleOf(entrants);
  if (list === undefined || people.length === 0) return NOTHING;
  const notes = new Map(entrants.map(({ person, description }) => [person.email, description]));
  const fresh = people.filter(({ email }) => !listed.has(email)).length;
  const args = {
    listId: list.id,
    listName: list.name,
    what: 'address' as const,
    present: true,
    items: people.map(({ email }) => ({ value: email, description: notes.get(email) ?? '' })),
  };
  const holder = { name: `The list “${list.name}”`, count: list.items.length, limit: LIST_LIMIT };
  return {
    steps: [listItems.with(args, shownFor(people, list.items.length, 'address', fresh))],
    warnings: fresh === 0 ? [] : checkRoom(holder, fresh),
  };
}

function shownFor(
  people: readonly Person[],
  before: number,
  what: 'person' | 'address',
  fresh: number,
): Pick<PlannedStep, 'change' | 'already' | 'items'> {
  return {
    ...(fresh === 0 ? { already: true } : { change: counted(before, what, fresh) }),
    ...itemsOf(
      people.map((person) => (person.name === undefined ? person.email : `${nameOf(person)} (${person.email})`)),
    ),
  };
}
