import { UserError } from '../../core/errors.ts';
import { nameOf, type Person } from '../../core/person.ts';
import { ownerOf } from '../../core/serial.ts';
import { LIST_LIMIT, requiresPosture, type ListItem, type Policy, type Snapshot } from '../../core/snapshot.ts';
import { addToList } from '../../steps/add-to-list.ts';
import { counted, nearLimit, type Part } from './part.ts';

/** The serial into the list that the posture rule reads, with its owner in the item's description. */
export function registerSerial(
  person: Person,
  serial: string,
  description: string,
  { posture, allow }: Snapshot,
): Part {
  if (posture === undefined) {
    return {
      steps: [],
      warnings: [
        'This account has no serial number rule, so no device is checked and the serial is only kept in this request.',
      ],
    };
  }
  const { list } = posture;
  const present = list.items.find((item) => item.value.trim().toUpperCase() === serial);
  if (present !== undefined && describesSomebodyElse(present.description, person)) {
    throw new UserError(
      `${serial} is registered already, as “${present.description}”. Check the number. If the device really is ${nameOf(person)}’s now, have the old entry removed first.`,
      { code: 'serial-taken', field: 'device.serial' },
    );
  }
  const warnings = [
    ...nearLimit(list.items.length, LIST_LIMIT, `The list “${list.name}”`),
    ...ownerless(person, serial, list.name, present),
    ...unchecked(person, allow, posture),
  ];
  const shown = present === undefined ? { change: counted(list.items.length, 'serial') } : { already: true };
  return {
    steps: [
      addToList.with({ listId: list.id, listName: list.name, what: 'serial', value: serial, description }, shown),
    ],
    warnings,
  };
}

/** An entry kept by hand may hold a name, an address or any words; what does not speak of this person speaks of another. */
function describesSomebodyElse(description: string, person: Person): boolean {
  const owner = ownerOf(description);
  if (owner !== undefined) return owner !== person.email;
  const words = description.trim().toLowerCase();
  return words !== '' && (person.name === undefined || !words.includes(person.name.toLowerCase()));
}

function ownerless(person: Person, serial: string, listName: string, present: ListItem | undefined): string[] {
  if (present === undefined || present.description.trim() !== '') return [];
  return [
    `${serial} is in the list “${listName}” already and nobody wrote down whose it is. Make sure that it is ${nameOf(person)}’s device.`,
  ];
}

function unchecked(
  person: Person,
  allow: Policy,
  posture: { readonly ruleId: string; readonly name: string },
): string[] {
  if (requiresPosture(allow, posture.ruleId)) return [];
  return [
    `The policy “${allow.name}” does not require the device check “${posture.name}”, so registering the serial protects nothing: ${nameOf(person)} gets in from any enrolled device.`,
  ];
}
