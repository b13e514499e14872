import { optionsOf, usablesOf, type Usable } from './elements.ts';
import { asObject, asText, textsOf, type Json, type JsonObject } from './json.ts';

/** `block_id` -> `action_id` -> what stands in the field, as Slack sends it in `state.values`. */
export type FormState = Record<string, Record<string, JsonObject>>;

/** How one kind of field starts and where it keeps its value. Kinds that are not listed keep nothing (buttons). */
const fields: Record<string, { key: string; initial: string; isList: boolean }> = {
  plain_text_input: { key: 'value', initial: 'initial_value', isList: false },
  number_input: { key: 'value', initial: 'initial_value', isList: false },
  email_text_input: { key: 'value', initial: 'initial_value', isList: false },
  url_text_input: { key: 'value', initial: 'initial_value', isList: false },
  rich_text_input: { key: 'rich_text_value', initial: 'initial_value', isList: false },
  static_select: { key: 'selected_option', initial: 'initial_option', isList: false },
  external_select: { key: 'selected_option', initial: 'initial_option', isList: false },
  radio_buttons: { key: 'selected_option', initial: 'initial_option', isList: false },
  users_select: { key: 'selected_user', initial: 'initial_user', isList: false },
  channels_select: { key: 'selected_channel', initial: 'initial_channel', isList: false },
  conversations_select: { key: 'selected_conversation', initial: 'initial_conversation', isList: false },
  datepicker: { key: 'selected_date', initial: 'initial_date', isList: false },
  timepicker: { key: 'selected_time', initial: 'initial_time', isList: false },
  datetimepicker: { key: 'selected_date_time', initial: 'initial_date_time', isList: false },
  checkboxes: { key: 'selected_options', initial: 'initial_options', isList: true },
  multi_static_select: { key: 'selected_options', initial: 'initial_options', isList: true },
  multi_external_select: { key: 'selected_options', initial: 'initial_options', isList: true },
  multi_users_select: { key: 'selected_users', initial: 'initial_users', isList: true },
  multi_channels_select: { key: 'selected_channels', initial: 'initial_channels', isList: true },
  multi_conversations_select: { key: 'selected_conversations', initial: 'initial_conversations', isList: true },
  file_input: { key: 'files', initial: 'initial_files', isList: true },
};

export function fieldOf(element: JsonObject): { key: string; initial: string; isList: boolean } | undefined {
  return fields[asText(element['type'])];
}

/**
 * The state of a form that was just shown or updated: what stood in a field stays when block id, action id and kind
 * are the same as before, everything else starts afresh.
 */
export function stateOf(blocks: JsonObject[], before: FormState = {}): FormState {
  const state: FormState = {};
  for (const { block, element } of usablesOf(blocks)) {
    const field = fieldOf(element);
    if (field === undefined) continue;
    const [blockId, actionId] = [asText(block['block_id']), asText(element['action_id'])];
    const kept = before[blockId]?.[actionId];
    const values = (state[blockId] ??= {});
    values[actionId] =
      kept?.['type'] === element['type'] && kept !== undefined
        ? kept
        : { type: element['type'], [field.key]: element[field.initial] ?? (field.isList ? [] : null) };
  }
  return state;
}

export function standsIn(state: FormState, { block, element }: Usable): Json | undefined {
  const field = fieldOf(element);
  if (field === undefined) return undefined;
  return state[asText(block['block_id'])]?.[asText(element['action_id'])]?.[field.key];
}

export function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** What a person chooses, in words of a test: a text, an id, an option's value or label, or several of them. */
export type Given = string | number | readonly string[] | null;

export interface Known {
  /** Turns a short name, e-mail or id into a user id; throws when nobody is called so. */
  userId: (who: string) => string;
  channelId: (which: string) => string;
  /** Options that the app has offered to an external select. */
  offered: (actionId: string) => JsonObject[];
}

/** The value as Slack would keep it. Throws when the client would not let a person do that. */
export function valueFor(element: JsonObject, given: Given, known: Known): Json {
  const field = fieldOf(element);
  const type = asText(element['type']);
  if (field === undefined) throw new Error(`a ${type} is clicked, nothing is set in it`);
  if (given === null) return field.isList ? [] : null;
  const many = (Array.isArray(given) ? textsOf(given) : [String(given)]).map((one) => pick(element, type, one, known));
  if (field.isList) {
    const max = element['max_selected_items'];
    if (typeof max === 'number' && many.length > max) throw new Error(`at most ${max} can be picked here`);
    return many;
  }
  if (many.length !== 1) throw new Error(`a ${type} takes one value`);
  return many[0] ?? null;
}

function pick(element: JsonObject, type: string, given: string, known: Known): Json {
  if (type.endsWith('users_select')) return known.userId(given);
  if (type.endsWith('channels_select') || type.endsWith('conversations_select')) return known.channelId(given);
  if (type === 'datetimepicker') return Number(given);
  if (type === 'rich_text_input') return richText(given);
  if (type === 'datepicker') return shaped(given, /^\d{4}-\d{2}-\d{2}$/, 'YYYY-MM-DD');
  if (type === 'timepicker') return shaped(given, /^\d{2}:\d{2}$/, 'HH:mm');
  if (type.endsWith('external_select')) return option(known.offered(asText(element['action_id'])), given);
  if (type.endsWith('static_select') || type === 'checkboxes' || type === 'radio_buttons') {
    return option(optionsOf(element), given);
  }
  return typed(element, given);
}

function typed(element: JsonObject, given: string): string {
  const max = element['max_length'];
  if (typeof max === 'number' && given.length > max) throw new Error(`this field takes at most ${max} characters`);
  if (element['multiline'] !== true && given.includes('\n')) throw new Error('this field has one line');
  return given;
}

function shaped(given: string, shape: RegExp, words: string): string {
  if (!shape.test(given)) throw new Error(`a picker gives ${words}, not "${given}"`);
  return given;
}

function option(options: JsonObject[], given: string): JsonObject {
  const found = options.find((one) => one['value'] === given) ?? options.find((one) => label(one) === given);
  if (found === undefined) throw new Error(`no option "${given}"; there is: ${options.map(label).join(' · ')}`);
  return found;
}

function label(one: JsonObject): string {
  return asText(asObject(one['text'])['text']);
}

function richText(text: string): JsonObject {
  const section: JsonObject = { type: 'rich_text_section', elements: [{ type: 'text', text }] };
  return { type: 'rich_text', elements: [section] };
}
