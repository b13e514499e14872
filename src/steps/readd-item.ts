import { z } from 'zod';
import { foldAddress } from '../core/address.ts';
import { notReadBack } from '../core/not-read-back.ts';
import type { AccessList, ListItem } from '../core/snapshot.ts';
import { defineStep } from '../core/step.ts';

const Args = z.object({
  listId: z.string(),
  listName: z.string(),
  /** Lower case. */
  email: z.string(),
  /** What the list says beside it, kept for the case that it has to be put in by somebody who never saw it there. */
  description: z.string(),
});

/** The same as `readd-email` for an address that stands in a Zero Trust list: out and in again, and never left out. */
export const readdItem = defineStep({
  id: 'readd-item',
  args: Args,
  says: ({ email, listName }) => `Take ${email} out of the list “${listName}” and put it in again`,
  resource: ({ listId }) => `list-${listId}`,
  readsBack: false,
  look: async ({ listId, listName, email }, { cloudflare, hasBegun }) => {
    const found = itemsIn(await cloudflare.readList(listId), email);
    if (found.length === 0 && !hasBegun) {
      const says = `${email} was taken out of the list “${listName}” meanwhile, and stays out.`;
      return { holds: true, found, notes: [says] };
    }
    // While it is in there is nothing to be put back.
    return { holds: false, found, touches: found.length === 0 ? [] : [email] };
  },
  apply: async ({ listId, email, description }, { cloudflare }, found) => {
    const [first] = found;
    if (first !== undefined) {
      await cloudflare.removeFromList(
        listId,
        found.map(({ value }) => value),
      );
      if (itemsIn(await cloudflare.readList(listId), email).length > 0) throw notReadBack();
    }
    await cloudflare.addToList(listId, [{ value: email, description: first?.description ?? description }]);
    if (itemsIn(await cloudflare.readList(listId), email).length === 0) throw notReadBack();
  },
  undo: async ({ listId, email, description }, { cloudflare }, found) => {
    if (found.length === 0) await cloudflare.addToList(listId, [{ value: email, description }]);
  },
  undoes: 'half-done',
  byHand: ({ listName, email }) =>
    `Zero Trust dashboard → Reusable components → Lists → ${listName}: ${email} has to be in it`,
});

/** In any spelling. */
function itemsIn({ items }: AccessList, email: string): ListItem[] {
  return items.filter(({ value }) => foldAddress(value) === email);
}
