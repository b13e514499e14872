import { z } from 'zod';
import { nameOf } from '../core/person.ts';
import { Stay, stayLock } from '../core/stay.ts';
import { defineStep } from '../core/step.ts';

/** Ensures that no end date is kept for a person, because their access goes on without one or is over. */
export const clearEnd = defineStep({
  id: 'clear-end',
  args: z.object({
    email: z.string(),
    /** The end as it was planned to be removed, to put it back. */
    previous: Stay.optional(),
  }),
  says: ({ email, previous }) => `Remove the end date of ${nameOf(previous?.person ?? { email })}’s access`,
  resource: ({ email }) => stayLock(email),
  look: async ({ email }, { stays }) => {
    const found = await stays.stayOf(email);
    return { holds: found === undefined, found };
  },
  apply: ({ email }, { stays }) => stays.dropStay(email),
  undo: async ({ previous }, { stays }) => {
    if (previous !== undefined) await stays.putStay(previous);
  },
});
