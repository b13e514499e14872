import { z } from 'zod';
import { foldAddress } from '../core/address.ts';
import { PermanentError } from '../core/errors.ts';
import { nameOf, Person } from '../core/person.ts';
import type { Cloudflare } from '../core/ports.ts';
import { emailRules, PolicyRef } from '../core/snapshot.ts';
import { momentsOf, Stay, stayLock, stayTimer } from '../core/stay.ts';
import { defineStep } from '../core/step.ts';

/** Where the same plan lets a person in. */
export const Entrance = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('policy'), policy: PolicyRef }),
  z.object({ kind: z.literal('list'), listId: z.string() }),
]);
export type Entrance = z.infer<typeof Entrance>;

/**
 * Ensures that a person’s access ends by itself at a moment, or later: an end is never brought forward. It comes before
 * the step that lets them in, so that no access is without its end, and somebody who was let in without an end meanwhile
 * keeps that.
 */
export const setEnd = defineStep({
  id: 'set-end',
  args: z.object({
    person: Person,
    /** Epoch milliseconds. */
    endsAt: z.number(),
    /** The same for people: `24 December 2026`. */
    day: z.string(),
    /** The end that it takes the place of, as it was planned: there may be another one by now. */
    previous: Stay.optional(),
    /** An end that is not there any more, or reached, is not set anew: nobody is let in by the same plan. */
    onlyMoves: z.boolean().optional(),
    /** Undefined: they were let in before, or by a wider rule. */
    entrance: Entrance.optional(),
  }),
  says: ({ person, day, previous }) =>
    previous === undefined
      ? `Let the access of ${nameOf(person)} end on ${day}`
      : `Move the end of ${nameOf(person)}’s access to ${day}`,
  resource: ({ person }) => stayLock(person.email),
  look: async ({ person, endsAt, entrance, onlyMoves = false }, { stays, cloudflare, clock }) => {
    const found = await stays.stayOf(person.email);
    if (onlyMoves && (found === undefined || found.endsAt <= clock.now())) throw tooLate(person);
    if (found !== undefined) return { holds: found.endsAt >= endsAt, found };
    if (entrance === undefined || !(await isInside(person.email, entrance, cloudflare))) return { holds: false, found };
    const note = `${nameOf(person)} was given access without an end date meanwhile, so no end date is set.`;
    return { holds: true, found, notes: [note] };
  },
  apply: async ({ person, endsAt }, { stays, timers, clock, requestId }, found) => {
    const now = clock.now();
    const stay = { person, endsAt, requestId, since: now, told: [] };
    await stays.putStay(found === undefined ? stay : { ...stay, before: found });
    await Promise.all(
      momentsOf({ endsAt, since: now }, now).map((at) =>
        timers.set(stayTimer(person.email, at), { kind: 'stay', email: person.email }, at),
      ),
    );
  },
  undo: async ({ person }, { stays, requestId }, found) => {
    if (found?.requestId !== requestId) return;
    await (found.before === undefined ? stays.dropStay(person.email) : stays.putStay(found.before));
  },
});

function tooLate(person: Person): PermanentError {
  return new PermanentError(
    `The end date of ${nameOf(person)}’s access was reached or taken away before this was approved, so it can’t be moved. If they still need access, use “add”.`,
    { code: 'end-is-over' },
  );
}

async function isInside(email: string, entrance: Entrance, cloudflare: Cloudflare): Promise<boolean> {
  if (entrance.kind === 'policy')
    return emailRules((await cloudflare.readPolicy(entrance.policy)).include).includes(email);
  const { items } = await cloudflare.readList(entrance.listId);
  return items.some(({ value }) => foldAddress(value) === email);
}
