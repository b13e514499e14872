import type { Person } from '../core/person.ts';
import { isSystem, nameOf } from '../core/person.ts';
import type { Request } from '../core/request.ts';
import { fit } from './fit.ts';
import { isSlackId, who, type Part } from './rich.ts';

/** How many stand in one line. */
export const SHOWN_PEOPLE = 10;

/** Whom a request is about, and the word before them: a reduction is nothing that somebody gets. */
export function peopleOf(request: Request): { readonly word: 'For' | 'About'; readonly people: readonly Person[] } {
  const { effect, beneficiaries, about } = request;
  if (effect === 'reduce') return { word: 'About', people: about.length > 0 ? about : beneficiaries };
  return beneficiaries.length > 0 ? { word: 'For', people: beneficiaries } : { word: 'About', people: about };
}

/** `For @ana (ana@lantern.example), Sam (sam@partner.example) and 3 more`; nothing if it is about nobody. */
export function peopleLine(request: Request): Part[] {
  const { word, people } = peopleOf(request);
  if (people.length === 0) return [];
  const shown = people.slice(0, SHOWN_PEOPLE).flatMap((person, index): Part[] => {
    const comma = index === 0 ? [] : [', '];
    return [...comma, ...personParts(person)];
  });
  const more = people.length > SHOWN_PEOPLE ? [` and ${people.length - SHOWN_PEOPLE} more`] : [];
  return [`${word} `, ...shown, ...more];
}

export function personParts(person: Person): Part[] {
  const email = fit(person.email, 100);
  if (!isSlackId(person.slackId) && person.name === undefined) return [email];
  return [who({ slackId: person.slackId, name: nameOf(person) }), ` (${email})`];
}

/** `Asked by @ben`; where nobody had to say yes, whoever started it answers for it. */
export function askerLine({ requester, approvalsNeeded, status }: Request): Part[] {
  if (isSystem(requester)) return ['Started by ', who(requester), ' itself'];
  const needsNobody = approvalsNeeded === 0 && status !== 'waiting';
  return needsNobody ? ['Started by ', who(requester), ', no approval needed'] : ['Asked by ', who(requester)];
}

export function requesterName(request: Request): string {
  return fit(request.requester.name, 80) || 'Somebody';
}
