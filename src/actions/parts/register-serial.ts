import { UserError } from '../../core/errors.ts';
import { nameOf, type Person } from '../../core/person.ts';
import { ownerOf } from '../../core/serial.ts';
import { LIST_LIMIT, requiresPosture, type Policy, type Snapshot } from '../../core/snapshot.ts';
import { listItems } from '../../steps/list-items.ts';
import { doorsOf, type Doors } from './doors.ts';
import { peopleOf, type Entrant } from './entrant.ts';
import { checkRoom, counted, itemsOf, namesOf, NOTHING, sentenceList, type Part } from './part.ts';

type Owned = Entrant & { readonly serial: string };

/** The serial of one device. Throws UserError, at `field`, if it is somebody else’s. */
export function registerSerial(
  person: Person,
  serial: string,
  description: string,
  snapshot: Snapshot,
  field = 'device.serial',
): Part {
  const doors = doorsOf(snapshot);
  const entrant = { person, serial, description };
  const problem = serialProblem(entrant, doors);
  if (problem !== undefined) throw new UserError(problem, { code: 'serial-taken', field });
  return registerSerials([entrant], doors);
}

/** Why the serial can’t be this person’s, in a sentence; undefined if it can. */
export function serialProblem({ person, serial }: Entrant, { serials }: Doors): string | undefined {
  const there = serial === undefined ? undefined : serials.get(serial);
  if (there === undefined || !describesSomebodyElse(there, person)) return undefined;
  return `${serial} is registered already, as “${there}”. Check the number. If the device really is ${nameOf(person)}’s now, have the old entry removed first.`;
}

/** The serials into the list that the posture rule reads, with their owners in the items’ descriptions. */
export function registerSerials(entrants: readonly Entrant[], { snapshot, serials }: Doors): Part {
  const { posture, allow } = snapshot;
  const owned = entrants.filter((one): one is Owned => one.serial !== undefined);
  if (owned.length === 0) return NOTHING;
  if (posture === undefined) {
    const kept = owned.length === 1 ? 'the serial is' : 'the serials are';
    return {
      steps: [],
      warnings: [
        `This account has no serial number rule, so no device is checked and ${kept} only kept in this request.`,
      ],
    };
  }
  const { list } = posture;
  const fresh = owned.filter(({ serial }) => !serials.has(serial)).length;
  const args = {
    listId: list.id,
    listName: list.name,
    what: 'serial' as const,
    present: true,
    items: owned.map(({ serial, description }) => ({ value: serial, description })),
  };
  const shown = {
    ...(fresh === 0 ? { already: true } : { change: counted(list.items.length, 'serial', fresh) }),
    ...itemsOf(owned.map(({ serial, person }) => `${serial} (${nameOf(person)})`)),
  };
  const holder = { name: `The list “${list.name}”`, count: list.items.length, limit: LIST_LIMIT };
  return {
    steps: [listItems.with(args, shown)],
    warnings: [
      ...(fresh === 0 ? [] : checkRoom(holder, fresh)),
      ...ownerless(owned, list.name, serials),
      ...unchecked(peopleOf(owned), allow, posture),
    ],
  };
}

/** An entry kept by hand may hold a name, an address or any words; what does not speak of this person speaks of another. */
function describesSomebodyElse(description: string, person: Person): boolean {
  const owner = ownerOf(description);
  if (owner !== undefined) return owner !== person.email;
  const words = description.trim().toLowerCase();
  return words !== '' && (person.name === undefined || !words.includes(person.name.toLowerCase()));
}

function ownerless(owned: readonly Owned[], listName: string, serials: Doors['serials']): string[] {
  const unknown = owned.filter(({ serial }) => serials.get(serial)?.trim() === '');
  const [first] = unknown;
  if (first === undefined) return [];
  if (unknown.length === 1) {
    return [
      `${first.serial} is in the list “${listName}” already and nobody wrote down whose it is. Make sure that it is ${nameOf(first.person)}’s device.`,
    ];
  }
  const whose = sentenceList(unknown.map(({ serial, person }) => `${serial} ${nameOf(person)}’s`));
  return [
    `${unknown.length} of the serials are in the list “${listName}” already and nobody wrote down whose they are. Make sure that these are right: ${whose}.`,
  ];
}

function unchecked(
  people: readonly Person[],
  allow: Policy,
  posture: { readonly ruleId: string; readonly name: string },
): string[] {
  if (requiresPosture(allow, posture.ruleId)) return [];
  const isOne = people.length === 1;
  return [
    `The policy “${allow.name}” does not require the device check “${posture.name}”, so registering the ${isOne ? 'serial' : 'serials'} protects nothing: ${namesOf(people)} ${isOne ? 'gets' : 'get'} in from any enrolled device.`,
  ];
}
