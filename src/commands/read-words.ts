import type { Action } from '../core/action.ts';
import { fieldsOf, type FormField, type FormValues, type PersonValue } from '../core/fields.ts';
import { normaliseSerial } from '../core/serial.ts';

const MENTION = /^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$/;
const MAIL_LINK = /^<mailto:([^|>]+)(?:\|[^>]*)?>$/;
const ADDRESS = /^[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+$/;

/**
 * What was typed after an action's word, as the form's first values: a mention or an address is the person, the next
 * word the serial, the rest the reason. Nothing is judged here; the form shows it and the person can mend it.
 */
export function readWords(action: Action, text: string): FormValues {
  const fields = fieldsOf(action.input);
  const rest: string[] = [];
  let values: FormValues = {};
  const take = (kind: FormField['field'], value: FormValues[string]): boolean => {
    const free = fields.find((field) => field.field === kind && values[field.key] === undefined);
    if (free === undefined) return false;
    values = { ...values, [free.key]: value };
    return true;
  };

  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    const person = asPerson(word);
    const isTaken =
      person === undefined
        ? rest.length === 0 && take('device', { serial: normaliseSerial(word) })
        : take('person', person);
    if (!isTaken) rest.push(word);
  }
  if (rest.length > 0) take('text', rest.join(' '));
  return values;
}

function asPerson(word: string): PersonValue | undefined {
  const slackId = MENTION.exec(word)?.[1];
  if (slackId !== undefined) return { slackId };
  const email = MAIL_LINK.exec(word)?.[1] ?? (ADDRESS.test(word) ? word : undefined);
  return email === undefined ? undefined : { email: email.toLowerCase() };
}
