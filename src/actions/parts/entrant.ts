import type { PlanFacts } from '../../core/action.ts';
import { nameOf, type Person } from '../../core/person.ts';

/** Somebody who is to get access, with a device or without. */
export interface Entrant {
  readonly person: Person;
  readonly serial: string | undefined;
  /** Kept with what is added for them. */
  readonly description: string;
}

/** Room enough for a name and an address, and still one line in the dashboard. */
const DESCRIPTION_LENGTH = 200;

export function entrantOf(person: Person, serial: string | undefined, facts: PlanFacts): Entrant {
  return { person, serial, description: describeEntry(person, facts) };
}

/** A long name is cut, never the address: that is how the owner is found again. */
function describeEntry(person: Person, { requestId, today }: PlanFacts): string {
  const rest = ` <${person.email}> · ${requestId} · ${today}`;
  const room = Math.max(0, DESCRIPTION_LENGTH - rest.length);
  return `${Array.from(nameOf(person)).slice(0, room).join('')}${rest}`;
}

/** Each person once, in order. */
export function peopleOf(entrants: readonly Entrant[]): Person[] {
  return [...new Map(entrants.map(({ person }) => [person.email, person])).values()];
}
