import { z } from 'zod';
import { nameOf, Person } from '../core/person.ts';
import { stayLock } from '../core/stay.ts';
import { defineStep } from '../core/step.ts';

/**
 * Ensures that nobody's access ends that was given without an end, whatever other request has set one meanwhile. It comes
 * last in its plan, so there is nothing after it for which it would have to be taken back.
 */
export const keepOpen = defineStep({
  id: 'keep-open',
  args: z.object({ people: z.array(Person).min(1) }),
  says: ({ people: [first, ...others] }) =>
    `Keep the access of ${others.length === 0 ? nameOf(first ?? {}) : `${others.length + 1} people`} without an end date`,
  // Several people at once are several end dates; one that is just being told of is found by the second look.
  resource: ({ people: [first, ...others] }) => (others.length === 0 ? stayLock(first?.email ?? '') : undefined),
  look: async ({ people }, { stays }) => {
    const kept = new Set(people.map(({ email }) => email));
    const found = (await stays.stays()).map(({ person }) => person.email).filter((email) => kept.has(email));
    return { holds: found.length === 0, found, touches: found };
  },
  apply: async (_args, { stays }, found) => {
    for (const email of found) await stays.dropStay(email);
  },
});
