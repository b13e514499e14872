import { z } from 'zod';
import { defineStep } from '../core/step.ts';

const Args = z.object({ people: z.array(z.object({ email: z.string(), seatUid: z.string() })).min(1) });

/** Ensures that people take up no paid seat. It bars nobody: whoever signs in again takes one again. */
export const freeSeats = defineStep({
  id: 'free-seats',
  args: Args,
  says: ({ people: [first, ...rest] }) =>
    rest.length === 0 ? `Free the seat of ${first?.email}` : `Free ${rest.length + 1} seats`,
  look: async ({ people }, { cloudflare }) => {
    const users = await cloudflare.users(people.map(({ email }) => email));
    const taken = new Set(users.filter(({ hasSeat }) => hasSeat).map(({ email }) => email));
    const found = people.filter(({ email }) => taken.has(email)).map(({ seatUid }) => seatUid);
    return { holds: found.length === 0, found };
  },
  apply: (_args, { cloudflare }, found) => cloudflare.freeSeats(found),
  byHand: () => 'Zero Trust dashboard → Team & Resources → Users → the person → Action → Remove users',
});
