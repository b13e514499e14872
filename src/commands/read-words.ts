import type { Action } from '../core/action.ts';
import { fieldsOf, type EndValue, type FormField, type FormValues, type PersonValue } from '../core/fields.ts';
import { normaliseSerial } from '../core/serial.ts';
import { isDay } from '../core/day.ts';
import { isDuration } from './values/end.ts';
import { readNamedDuration } from './named-duration.ts';

const MENTION = /^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$/;
const MAIL_LINK = /^<mailto:([^|>]+)(?:\|[^>]*)?>$/;
const ADDRESS = /^[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+$/;
/** Before an end: `until 2026-12-24`, `for 30d`. */
const BEFORE_END = /^(until|for)$/i;

/**
 * What was typed after an action's word, as the form's first values: a mention or an address is the person, a day or a
 * duration the end, a duration after its name that one, the next word the serial, the rest the reason. Nothing is judged
 * here; the form shows it and the person can mend it.
 */
export function readWords(action: Action, text: string): FormValues {
  const fields = fieldsOf(action.input);
  const words = text.split(/\s+/).filter((one) => one !== '');
  const rest: string[] = [];
  let values: FormValues = {};
  const take = (kind: FormField['field'], value: FormValues[string]): boolean => {
    const free = fields.find((field) => field.field === kind && values[field.key] === undefined);
    if (free === undefined) return false;
    values = { ...values, [free.key]: value };
    return true;
  };
  const takePerson = (person: PersonValue): boolean => take('person', person) || take('insider', person);
  const takesSerial = fields.some(({ field }) => field === 'device');

  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const named = rest.length === 0 ? readNamedDuration(words.slice(index), unsetDurations()) : undefined;
    if (named !== undefined) {
      values = { ...values, [named.key]: named.typed };
      index += named.words - 1;
      continue;
    }
    const end = BEFORE_END.test(word) ? asEnd(words[index + 1] ?? '') : undefined;
    if (end !== undefined && take('end', end)) {
      index += 1;
      continue;
    }
    if (!takeWord(word)) rest.push(word);
  }
  if (rest.length > 0) take('text', rest.join(' '));
  return values;

  function unsetDurations(): FormField[] {
    return fields.filter(({ field, key }) => field === 'duration' && values[key] === undefined);
  }

  function takeWord(word: string): boolean {
    const person = asPerson(word);
    if (person !== undefined) return takePerson(person);
    if (rest.length > 0) return false;
    const end = asEnd(word);
    // Alone, `365d` may be a serial number.
    if (end !== undefined && (end.date !== undefined || !takesSerial) && take('end', end)) return true;
    return take('device', { serial: normaliseSerial(word) });
  }
}

/** A mention, or an address as it is or as Slack makes a link of it. Undefined: neither. */
export function asPerson(word: string): PersonValue | undefined {
  const slackId = MENTION.exec(word)?.[1];
  if (slackId !== undefined) return { slackId };
  const email = MAIL_LINK.exec(word)?.[1] ?? (ADDRESS.test(word) ? word : undefined);
  return email === undefined ? undefined : { email: email.toLowerCase() };
}

function asEnd(word: string): EndValue | undefined {
  if (isDay(word)) return { date: word };
  return isDuration(word) ? { duration: word } : undefined;
}
