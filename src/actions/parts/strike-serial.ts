import { foldSerial } from '../../core/belongings.ts';
import type { PlannedStep } from '../../core/plan.ts';
import type { AccessList, ListItem } from '../../core/snapshot.ts';
import { listItems } from '../../steps/list-items.ts';
import { counted } from './part.ts';

/**
 * One serial number out of the list that the posture rule reads; undefined if it is not in there. `added`: how many the
 * same plan puts in before.
 */
export function strikeSerial(
  serial: string,
  list: AccessList,
  added = 0,
): { readonly step: PlannedStep; readonly item: ListItem } | undefined {
  const item = list.items.find(({ value }) => foldSerial(value) === foldSerial(serial));
  if (item === undefined) return undefined;
  const args = { listId: list.id, listName: list.name, what: 'serial' as const, present: false, items: [item] };
  return { item, step: listItems.with(args, { change: counted(list.items.length + added, 'serial', -1) }) };
}
