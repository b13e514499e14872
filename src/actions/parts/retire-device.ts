import type { EnrolledDevice } from '../../core/fields.ts';
import { nameOf } from '../../core/person.ts';
import { ownerOf } from '../../core/serial.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { removeDevices } from '../../steps/remove-devices.ts';
import { sentenceList, type Part } from './part.ts';
import { strikeSerial } from './strike-serial.ts';

/**
 * A device that is not used any more: its serial out of the list, and the device itself removed. `added`: how many
 * serials the plan puts into that list before.
 */
export function retireDevice(device: EnrolledDevice, snapshot: Snapshot, added: number): Part {
  const { id, name, serial, others } = device;
  const deregistered = deregister(device, snapshot, added);
  const removed =
    id === undefined
      ? []
      : [removeDevices.with({ devices: [{ id, name, ...(serial === undefined ? {} : { serial }) }] })];
  const shared =
    others.length === 0
      ? []
      : [
          `${sentenceList(others)} ${others.length === 1 ? 'uses' : 'use'} ${name} too and can’t get in with it any more.`,
        ];
  return {
    steps: [...deregistered.steps, ...removed],
    warnings: [...shared, ...deregistered.warnings],
  };
}

function deregister({ name, serial, owner }: EnrolledDevice, { posture }: Snapshot, added: number): Part {
  if (posture === undefined) return { steps: [], warnings: [] };
  const { list } = posture;
  if (serial === undefined) {
    return {
      steps: [],
      warnings: [
        `${name} reports no serial number, so no entry can be taken out of the list “${list.name}”. Check by hand whether it has one.`,
      ],
    };
  }
  const struck = strikeSerial(serial, list, added);
  if (struck === undefined) {
    return { steps: [], warnings: [`The old serial ${serial} is not in the list “${list.name}”: it is out already.`] };
  }
  return { steps: [struck.step], warnings: foreign(struck.item.description, owner) };
}

function foreign(description: string, owner: EnrolledDevice['owner']): string[] {
  const written = ownerOf(description);
  if (written === undefined || written === owner.email) return [];
  return [`The entry of the old device says “${description}”, not ${nameOf(owner)}. It is taken out all the same.`];
}
