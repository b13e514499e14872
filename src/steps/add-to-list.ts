import { z } from 'zod';
import { PermanentError } from '../core/errors.ts';
import { ownerOf } from '../core/serial.ts';
import { defineStep } from '../core/step.ts';

/** Ensures that a serial or an address is in a Zero Trust list. The far end appends atomically: no other item is touched. */
export const addToList = defineStep({
  id: 'add-to-list',
  args: z.object({
    listId: z.string(),
    listName: z.string(),
    what: z.enum(['serial', 'address']),
    value: z.string(),
    /** Owner, request and date, kept with the item. */
    description: z.string(),
  }),
  says: ({ what, value, listName }) => `Put ${what} ${value} into the list “${listName}”`,
  resource: ({ listId }) => `list-${listId}`,
  look: async ({ listId, value, description }, { cloudflare }) => {
    const list = await cloudflare.readList(listId);
    // Case is ours to fold: people type serials and addresses both ways.
    const item = list.items.find((one) => one.value.trim().toLowerCase() === value.toLowerCase());
    const owner = item === undefined ? undefined : ownerOf(item.description);
    if (owner !== undefined && owner !== ownerOf(description)) {
      throw new PermanentError(`${value} has been registered meanwhile, to ${item?.description}.`, {
        code: 'taken-meanwhile',
      });
    }
    return { holds: item !== undefined, found: undefined };
  },
  apply: ({ listId, value, description }, { cloudflare }) => cloudflare.addToList(listId, { value, description }),
  undo: ({ listId, value }, { cloudflare }) => cloudflare.removeFromList(listId, value),
  byHand: ({ listName }) => `Zero Trust dashboard → Reusable components → Lists → ${listName}`,
});
