import { readTypedDuration } from '../../core/duration.ts';
import { UserError } from '../../core/errors.ts';
import type { FieldReader, FieldValue, Problem } from './field-reader.ts';

const MINUTE_MS = 60 * 1000;
/** A bound for what can be counted; what is allowed is for the plan to say. */
const YEAR_MS = 366 * 24 * 60 * MINUTE_MS;
const VALID = 'Type hours, such as 8h, or minutes, such as 480m.';

/** A length of hours: `8h`, `8 hours`, `480m`; a number alone is hours. */
export const durationReader: FieldReader = {
  check: (value) => {
    const read = readDuration(value);
    return typeof read === 'number' ? undefined : read;
  },
  resolve: async (value, { field }) => {
    const read = readDuration(value);
    if (typeof read === 'number') return read;
    throw new UserError(read.says, { code: 'duration-invalid', field: field.key });
  },
};

function readDuration(value: FieldValue): number | Problem {
  const typed = typeof value === 'string' ? value.trim() : '';
  const ms = readTypedDuration(typed);
  if (ms === undefined) return { says: whyUnreadable(typed) };
  if (ms === 0) return { says: `It has to be longer than nothing. ${VALID}` };
  if (ms > YEAR_MS) return { says: `That is longer than a year. ${VALID}` };
  if (ms % MINUTE_MS !== 0) return { says: `That has too many decimals: it is no whole number of minutes. ${VALID}` };
  return ms;
}

function whyUnreadable(typed: string): string {
  if (/^[-−–]\s*\d/.test(typed)) return `A length of time can’t be negative. ${VALID}`;
  const isAmount = /^\d+([.,]\d+)?\s*\p{L}/u.test(typed);
  const unknown = (typed.match(/\p{L}+/gu) ?? []).find((word) => readTypedDuration(`1${word}`) === undefined);
  if (isAmount && unknown !== undefined) return `I don’t know the unit “${unknown}”. ${VALID}`;
  return `That is not a length of time. ${VALID}`;
}
