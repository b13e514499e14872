import { readTypedDuration } from '../core/duration.ts';
import type { FormField } from '../core/fields.ts';

/** Words of the longest name that is looked for, and of a duration: `warp sign in`, `2 hours 30 minutes`. */
const MOST_NAME_WORDS = 3;
const MOST_WORDS = 4;

export interface NamedDuration {
  readonly key: string;
  /** As it was typed: `12 hours`. */
  readonly typed: string;
  /** How many words it took, the name included. */
  readonly words: number;
}

/** `warp 24h`, `warp=24h`, `WARP: 24 hours` at the beginning of these words, for one of these fields. */
export function readNamedDuration(words: readonly string[], fields: readonly FormField[]): NamedDuration | undefined {
  const near = words.slice(0, MOST_NAME_WORDS + 1 + MOST_WORDS).join(' ');
  for (const field of fields) {
    const name = nameOf(field).exec(near)?.[0];
    const typed = name === undefined ? undefined : durationIn(near.slice(name.length));
    if (name === undefined || typed === undefined) continue;
    return { key: field.key, typed, words: `${name}${typed}`.split(' ').length };
  }
  return undefined;
}

/** Its word or its key, which may be typed in parts: `warp sign-in` for `warpSignIn`. */
function nameOf({ key, word }: FormField): RegExp {
  const keyInParts = key.split(/(?=[A-Z])/).join('[ -]?');
  return new RegExp(`^(?:${[keyInParts, ...(word === undefined ? [] : [word])].join('|')})(?: ?[=:] ?| )`, 'i');
}

function durationIn(text: string): string | undefined {
  const words = text.split(' ');
  for (let count = Math.min(MOST_WORDS, words.length); count > 0; count -= 1) {
    const typed = words.slice(0, count).join(' ');
    if (readTypedDuration(typed) !== undefined) return typed;
  }
  const [first = ''] = words;
  // No length of time, but meant as one: the form says what is wrong with it.
  return /^[+-]?\d/.test(first) ? first : undefined;
}
