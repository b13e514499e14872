import { usablesOf } from './elements.ts';
import { isEmpty, standsIn } from './form-state.ts';
import { asText, objectsOf, type JsonObject } from './json.ts';
import type { OpenView } from './workspace.ts';

/** What the client says under a field before anything is sent, by block id. */
export function checkForm(view: OpenView): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const usable of usablesOf(objectsOf(view.definition['blocks']))) {
    if (!usable.isInput) continue;
    const value = standsIn(view.state, usable);
    const isMissing = isEmpty(value);
    if (isMissing && usable.block['optional'] === true) continue;
    const message = isMissing ? 'Please complete this required field.' : wrongFormat(usable.element, asText(value));
    if (message !== undefined) errors[asText(usable.block['block_id'])] = message;
  }
  return errors;
}

function wrongFormat(element: JsonObject, value: string): string | undefined {
  const least = element['min_length'];
  if (typeof least === 'number' && value.length < least) return `Please enter at least ${least} characters.`;
  switch (asText(element['type'])) {
    case 'email_text_input':
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? undefined : 'Please enter a valid email address.';
    case 'url_text_input':
      return URL.canParse(value) ? undefined : 'Please enter a valid URL.';
    case 'number_input':
      return wrongNumber(element, value);
    default:
      return undefined;
  }
}

function wrongNumber(element: JsonObject, value: string): string | undefined {
  const number = Number(value);
  const [least, most] = [element['min_value'], element['max_value']].map((bound) => bound && Number(bound));
  if (Number.isNaN(number)) return 'Please enter a number.';
  if (element['is_decimal_allowed'] !== true && !Number.isInteger(number)) return 'Please enter a whole number.';
  if (typeof least === 'number' && number < least) return `Please enter a number of at least ${least}.`;
  if (typeof most === 'number' && number > most) return `Please enter a number of at most ${most}.`;
  return undefined;
}
