import type { Action } from '../../core/action.ts';
import type { Member } from '../../core/approval.ts';
import { eachOf } from '../../core/each-of.ts';
import { TransientError } from '../../core/errors.ts';
import type { Person } from '../../core/person.ts';
import type { Directory } from '../../core/ports.ts';
import type { Desk } from '../desk.ts';

/** Slack looks up about fifty addresses a minute; more than a few are found by reading everybody, in pages. */
const FEW = 10;

export async function personByAddress(email: string, directory: Directory): Promise<Person> {
  const known = await directory.byEmail(email);
  if (known === undefined) return { email };
  const { member } = await directory.find(known.slackId);
  // Under the address that was typed: that is the one that has access, or gets it.
  return asReachable({ ...known, email }, member);
}

/** Guests and people of other workspaces get access like somebody outside Slack: the requester passes the steps on. */
export function asReachable({ slackId, ...person }: Person, member: Member): Person {
  return member.standing === 'member' && slackId !== undefined ? { ...person, slackId } : person;
}

/** The same for many, by lower-cased address. Whom Slack does not know is not in it. */
export async function peopleByAddress(
  emails: readonly string[],
  { directory, readMembers }: Pick<Desk, 'directory' | 'readMembers'>,
): Promise<ReadonlyMap<string, Person>> {
  const wanted = new Set(emails);
  if (wanted.size <= FEW) {
    const people = await eachOf([...wanted], (email) => personByAddress(email, directory));
    return new Map(people.map((person) => [person.email, person]));
  }
  const found = await readMembers(wanted);
  return new Map(
    [...found].map(([email, { actor, member }]) => [
      email,
      asReachable({ email, name: actor.name, slackId: actor.slackId }, member),
    ]),
  );
}

/** Whoever loses something loses it also while Slack can't say who they are there. */
export async function unlessReducing<T>(effect: Action['effect'], looking: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await looking;
  } catch (error) {
    if (effect === 'reduce' && error instanceof TransientError) return otherwise;
    throw error;
  }
}
