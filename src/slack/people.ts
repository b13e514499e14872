import type { Person } from '../core/person.ts';
import { nameOf } from '../core/person.ts';
import type { Request } from '../core/request.ts';
import { fit } from './fit.ts';
import { isSlackId, who, type Part } from './rich.ts';

/** How many stand in one line. */
export const SHOWN_PEOPLE = 10;

/** `@ana (ana@lantern.example), Sam (sam@partner.example) and 3 more` */
export function beneficiaryParts(request: Request): Part[] {
  const people = request.beneficiaries;
  const shown = people.slice(0, SHOWN_PEOPLE).flatMap((person, index): Part[] => {
    const comma = index === 0 ? [] : [', '];
    return [...comma, ...personParts(person)];
  });
  return people.length > SHOWN_PEOPLE ? [...shown, ` and ${people.length - SHOWN_PEOPLE} more`] : shown;
}

export function personParts(person: Person): Part[] {
  const email = fit(person.email, 100);
  if (!isSlackId(person.slackId) && person.name === undefined) return [email];
  return [who({ slackId: person.slackId, name: nameOf(person) }), ` (${email})`];
}

export function requesterName(request: Request): string {
  return fit(request.requester.name, 80) || 'Somebody';
}
