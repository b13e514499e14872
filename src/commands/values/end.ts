import { EndValue } from '../../core/fields.ts';
import { UserError } from '../../core/errors.ts';
import type { Checking, FieldReader, FieldValue, Problem } from './field-reader.ts';
import { dayLater, dayOf, endOfDay, isDay } from '../../core/day.ts';

const MOST_YEARS = 5;
/** So many days are too many already, and so many years still have four digits. */
const FAR = 2_000;
const DURATION = /^(\d{1,4})\s*(d|days?|w|weeks?|m|months?|y|years?)$/i;

/** An end of access: a last day, or how long from today on. */
export const endReader: FieldReader = {
  check: (value, checking) => {
    const end = readEnd(value, checking);
    return typeof end === 'number' ? undefined : end;
  },
  resolve: async (value, resolving) => {
    const end = readEnd(value, resolving);
    if (typeof end === 'number') return end;
    throw new UserError(end.says, { code: 'end-invalid', field: `${resolving.field.key}.${end.part}` });
  },
};

function readEnd(value: FieldValue, { now, timeZone }: Pick<Checking, 'now' | 'timeZone'>): number | Problem {
  const { date, duration } = EndValue.safeParse(value).data ?? {};
  if (date !== undefined && duration !== undefined) {
    return { part: 'duration', says: 'Choose a day or type a duration, not both.' };
  }
  const part = duration === undefined ? 'date' : 'duration';
  const today = dayOf(now, timeZone);
  const last = duration === undefined ? date : dateIn(duration, today);
  if (duration === undefined && date === undefined) return { part, says: 'Choose a day, or type a duration below.' };
  if (last === undefined || !isDay(last)) return { part, says: INVALID[part] };
  if (last > dayLater(today, { months: 12 * MOST_YEARS })) {
    return { part, says: `That is more than ${MOST_YEARS} years away. Choose an earlier day.` };
  }
  const end = endOfDay(last, timeZone);
  return end > now ? end : { part, says: 'That day is over. Choose today or a later day.' };
}

const INVALID = {
  date: 'That is not a day. The valid form is 2026-12-24: year, month, day.',
  duration: 'That is not a duration. Type 30d for 30 days, 2w for 2 weeks, 3m for 3 months or 1y for a year.',
} as const;

/** Whether a word can only be meant as a duration: `30d`, `2w`, `3m`, `1y`. */
export function isDuration(word: string): boolean {
  return DURATION.test(word);
}

function dateIn(duration: string, today: string): string | undefined {
  const [, digits, unit = ''] = DURATION.exec(duration) ?? [];
  const count = Math.min(Number(digits), FAR);
  const step = STEPS[unit.slice(0, 1).toLowerCase()];
  if (step === undefined || !(count > 0)) return undefined;
  const { days = 0, months = 0 } = step;
  return dayLater(today, { days: count * days, months: count * months });
}

const STEPS: Readonly<Record<string, { readonly days?: number; readonly months?: number }>> = {
  d: { days: 1 },
  w: { days: 7 },
  m: { months: 1 },
  y: { months: 12 },
};
