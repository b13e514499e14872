import { z } from 'zod';
import { foldAddress } from '../core/address.ts';
import { foldSerial } from '../core/belongings.ts';
import { PermanentError } from '../core/errors.ts';
import { ownerOf } from '../core/serial.ts';
import type { ListItem } from '../core/snapshot.ts';
import { defineStep } from '../core/step.ts';

const Args = z.object({
  listId: z.string(),
  listName: z.string(),
  what: z.enum(['serial', 'address']),
  /** Whether they are to be in the list or not. */
  present: z.boolean(),
  items: z
    .array(
      z.object({
        value: z.string(),
        /** Owner, request and date, kept with the item; of one to be taken out, what it said, to put it back. */
        description: z.string(),
      }),
    )
    .min(1),
});

const PLURALS = { serial: 'serials', address: 'addresses' } as const;
const FOLDS = { serial: foldSerial, address: foldAddress } as const;

/**
 * Ensures that serials or addresses are in a Zero Trust list, or are not. The far end appends and removes atomically: no
 * other item is touched.
 */
export const listItems = defineStep({
  id: 'list-items',
  args: Args,
  says: ({ what, present, items, listName }) => {
    const which = items.length === 1 ? `${what} ${items[0]?.value ?? ''}` : `${items.length} ${PLURALS[what]}`;
    return present ? `Put ${which} into the list “${listName}”` : `Take ${which} out of the list “${listName}”`;
  },
  resource: ({ listId }) => `list-${listId}`,
  look: async ({ listId, what, present, items }, { cloudflare }) => {
    const fold = FOLDS[what];
    const list = await cloudflare.readList(listId);
    // Case is ours to fold: people type serials and addresses both ways.
    const known = new Map(list.items.map((item) => [fold(item.value), item]));
    if (present) for (const item of items) refuseTaken(item, known.get(fold(item.value)));
    const found = items.filter(({ value }) => known.has(fold(value)) !== present);
    // What is taken out goes by the spelling that stands in the list.
    const touches = found.map(({ value }) => known.get(fold(value))?.value ?? value);
    return { holds: found.length === 0, found: list, touches };
  },
  apply: async ({ listId, what, present, items }, { cloudflare }, list) => {
    const fold = FOLDS[what];
    const known = new Set(list.items.map(({ value }) => fold(value)));
    const meant = new Set(items.map(({ value }) => fold(value)));
    const missing = items.filter(({ value }) => !known.has(fold(value)));
    // The same one may stand there in more than one spelling.
    const unwanted = list.items.flatMap(({ value }) => (meant.has(fold(value)) ? [value] : []));
    await (present ? cloudflare.addToList(listId, missing) : cloudflare.removeFromList(listId, unwanted));
  },
  undo: async ({ listId, what, present, items }, { cloudflare }, list, touched) => {
    const fold = FOLDS[what];
    const ours = new Set(touched.map(fold));
    const there = new Set(list.items.map((item) => fold(item.value)));
    const mine = items.filter(({ value }) => ours.has(fold(value)) && there.has(fold(value)) === present);
    if (mine.length === 0) return;
    if (present)
      await cloudflare.removeFromList(
        listId,
        mine.map(({ value }) => value),
      );
    else await cloudflare.addToList(listId, mine);
  },
  byHand: ({ listName }) => `Zero Trust dashboard → Reusable components → Lists → ${listName}`,
});

function refuseTaken({ value, description }: ListItem, there: ListItem | undefined): void {
  const owner = there === undefined ? undefined : ownerOf(there.description);
  if (owner === undefined || owner === ownerOf(description)) return;
  throw new PermanentError(`${value} has been registered meanwhile, to ${there?.description}.`, {
    code: 'taken-meanwhile',
  });
}
