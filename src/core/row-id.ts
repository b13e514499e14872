import { createHash } from 'node:crypto';

/** 16 hexadecimal digits for a row that has no id of its own: the same for the same values in the same order. */
export function rowId(values: readonly (string | number | boolean | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 16);
}
