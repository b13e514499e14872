import { UserError } from '../../core/errors.ts';
import { nameOf, type Person } from '../../core/person.ts';
import type { PlannedStep } from '../../core/plan.ts';

/** Part of a plan: what to do and what the approver must know. */
export interface Part {
  readonly steps: readonly PlannedStep[];
  readonly warnings: readonly string[];
}

export const NOTHING: Part = { steps: [], warnings: [] };

export function together(...parts: readonly Part[]): Part {
  return { steps: parts.flatMap(({ steps }) => steps), warnings: parts.flatMap(({ warnings }) => warnings) };
}

const NOUNS = {
  serial: ['serial', 'serials'],
  person: ['person', 'people'],
  address: ['address', 'addresses'],
  bar: ['exclude rule', 'exclude rules'],
} as const;

/** `14 → 15 people`. `more` is negative for what is taken away. */
export function counted(before: number, what: keyof typeof NOUNS, more = 1): string {
  const after = before + more;
  return `${before} → ${after} ${NOUNS[what][after === 1 ? 0 : 1]}`;
}

/** Something that holds a limited number of entries. */
export interface Holder {
  /** `The list “Laptops”` */
  readonly name: string;
  readonly count: number;
  readonly limit: number;
}

/**
 * A warning when it is nine tenths full. Throws UserError when several more don’t fit; a single one is left to the far
 * end, whose limit may be higher than the usual one, as it evidently is where more is there already.
 */
export function checkRoom({ name, count, limit }: Holder, more: number): string[] {
  const isTooMany = more > 1 && count <= limit && count + more > limit;
  if (!isTooMany && count + more - 1 < limit * 0.9) return [];
  const usual = limit.toLocaleString('en');
  if (isTooMany) {
    const room = limit - count;
    throw new UserError(
      `${name} holds ${count} entries and the usual limit is ${usual}, so ${room === 0 ? 'no more fit' : `only ${room} more ${room === 1 ? 'fits' : 'fit'}`}, and these are ${more}. Clear it out, or make the list shorter.`,
      { code: 'no-room', field: 'people.text' },
    );
  }
  const next = count >= limit ? 'Cloudflare may refuse another one.' : 'Clear it out soon.';
  return [`${name} holds ${count} entries; the usual limit is ${usual}. ${next}`];
}

/** `a, b, and c` */
export function sentenceList(names: readonly string[]): string {
  return new Intl.ListFormat('en').format(names);
}

/** `Ana Souza`, `Ana Souza and Ben Okafor`; of more than `most`, `12 people`. */
export function namesOf(people: readonly Person[], most = 3): string {
  return people.length > most ? `${people.length} people` : sentenceList(people.map(nameOf));
}

/** Who or what a step is about, one by one; nothing for a single one, which the step’s own sentence names. */
export function itemsOf(items: readonly string[]): { readonly items?: string[] } {
  return items.length > 1 ? { items: [...items] } : {};
}
