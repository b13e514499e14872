import { isSecret } from '../../core/secret.ts';
import type { FieldReader, FieldValue, Problem } from './field-reader.ts';

const SHORTEST = 8;

/** A key: on its way into the request it goes into the vault, and a reference takes its place. */
export const secretReader: FieldReader = {
  check: problemOf,
  resolve: async (value, { desk, field }) => {
    if (isSecret(value)) return desk.vault.put(value);
    throw new Error(`The form has no key in ${field.key}.`);
  },
};

/** Never says anything of what was typed. */
function problemOf(value: FieldValue): Problem | undefined {
  const typed = isSecret(value) ? value.reveal() : '';
  if (typed === '') return { says: 'Type or paste it here.' };
  if (/[\s\p{Cc}]/u.test(typed))
    return { says: 'There is a blank or a line break in it. Copy it again, without those.' };
  if (typed.length < SHORTEST) return { says: 'That is too short for a key. Copy all of it.' };
  return undefined;
}
