import type { PlanFacts } from '../../core/action.ts';
import { UserError } from '../../core/errors.ts';
import { nameOf, type Person } from '../../core/person.ts';
import type { Stay } from '../../core/stay.ts';
import { clearEnd } from '../../steps/clear-end.ts';
import { setEnd } from '../../steps/set-end.ts';
import { entranceOf } from './admit-person.ts';
import { hasAccess, type Doors } from './doors.ts';
import { namesOf, sentenceList, type Part } from './part.ts';

/** `24 December 2026`: the last day of access that ends at this moment (epoch milliseconds). */
export function lastDayInWords(endsAt: number, timeZone: string): string {
  const form = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone });
  // The end may be the first moment of the next day.
  return form.format(endsAt - 1);
}

export function stayOf(email: string, { stays }: PlanFacts): Stay | undefined {
  return stays.find((stay) => stay.person.email === email);
}

/** Throws UserError for an end that is past by now. */
export function refusePastEnd(until: number | undefined, { now, timeZone }: PlanFacts): void {
  if (until === undefined || until > now) return;
  throw new UserError(`The end date ${lastDayInWords(until, timeZone)} is over. Choose a day that is still to come.`, {
    code: 'end-is-past',
    field: 'until.date',
  });
}

/** What a wanted end, or none, comes to for one person. */
type Ending =
  | { readonly kind: 'set'; readonly person: Person; readonly previous?: Stay }
  | { readonly kind: 'cleared'; readonly person: Person; readonly previous: Stay }
  | { readonly kind: 'later-already'; readonly person: Person; readonly previous: Stay }
  | { readonly kind: 'open-ended'; readonly person: Person }
  | { readonly kind: 'as-it-is'; readonly person: Person };

function endingOf(person: Person, until: number | undefined, doors: Doors, facts: PlanFacts): Ending {
  const previous = stayOf(person.email, facts);
  if (until === undefined)
    return previous === undefined ? { kind: 'as-it-is', person } : { kind: 'cleared', person, previous };
  if (previous === undefined) return { kind: hasAccess(person.email, doors) ? 'open-ended' : 'set', person };
  if (until > previous.endsAt) return { kind: 'set', person, previous };
  return until === previous.endsAt ? { kind: 'as-it-is', person } : { kind: 'later-already', person, previous };
}

/** Whether the wanted end, or none, changes anything for somebody who is given access. */
export function changesEnd(person: Person, until: number | undefined, doors: Doors, facts: PlanFacts): boolean {
  return ['set', 'cleared'].includes(endingOf(person, until, doors, facts).kind);
}

/** The end dates of people who are given access: of two ends the later one wins, and none is the latest. */
export function setEnds(people: readonly Person[], until: number | undefined, doors: Doors, facts: PlanFacts): Part {
  const { timeZone } = facts;
  const day = until === undefined ? '' : lastDayInWords(until, timeZone);
  const endings = people.map((person) => endingOf(person, until, doors, facts));
  const steps = endings.flatMap((ending) => {
    if (ending.kind === 'cleared') return [clearEnd.with({ email: ending.person.email, previous: ending.previous })];
    if (ending.kind !== 'set' || until === undefined) return [];
    const { person, previous } = ending;
    const entrance = entranceOf(person.email, doors);
    return [
      setEnd.with({
        person,
        endsAt: until,
        day,
        ...(previous === undefined ? {} : { previous }),
        ...(entrance === undefined ? {} : { entrance }),
      }),
    ];
  });
  return { steps, warnings: warningsOf(endings, until, timeZone) };
}

function warningsOf(endings: readonly Ending[], until: number | undefined, timeZone: string): string[] {
  const withDay = (kind: 'cleared' | 'later-already'): string[] =>
    endings.flatMap((ending) =>
      ending.kind === kind ? [`${nameOf(ending.person)} (${lastDayInWords(ending.previous.endsAt, timeZone)})`] : [],
    );
  const cleared = withDay('cleared');
  const later = withDay('later-already');
  const open = endings.flatMap(({ kind, person }) => (kind === 'open-ended' ? [person] : []));
  const warnings: string[] = [];
  if (cleared.length > 0) {
    warnings.push(
      `The access of ${sentenceList(cleared)} had an end date. This takes it away: there is no end date any more.`,
    );
  }
  if (later.length > 0 && until !== undefined) {
    warnings.push(
      `The access of ${sentenceList(later)} ends later than ${lastDayInWords(until, timeZone)} already. The later end date stays.`,
    );
  }
  if (open.length > 0) {
    const have = open.length === 1 ? 'has' : 'have';
    warnings.push(
      `${namesOf(open, 10)} ${have} access without an end date already. It stays open-ended: no end date is set.`,
    );
  }
  return warnings;
}
