import {
  anyText,
  choice,
  confirm,
  conversationFilter,
  dispatchConfig,
  option,
  optionGroup,
  overflowOption,
  plain,
  slackFile,
} from './check-objects.ts';
import { richText } from './check-rich-text.ts';
import {
  anything,
  exactlyOne,
  flag,
  integer,
  list,
  matching,
  needed,
  oneOf,
  pickKinds,
  shape,
  text,
  url,
  type Check,
  type Needed,
} from './check-rules.ts';
import { optionsOf } from './elements.ts';
import { objectsOf, type JsonObject } from './json.ts';
import { limits } from './limits.ts';

type Fields = Record<string, Check | Needed>;

const own: Fields = { type: needed(anything), action_id: text(limits.id) };
const shared: Fields = { ...own, confirm, focus_on_load: flag };
const placeholder: Fields = { placeholder: plain(limits.placeholder) };
const buttonText = needed(plain(limits.button.text));
const label = text(limits.button.label);
const max: Fields = { max_selected_items: integer(1, 1000) };
const ids = (pattern: RegExp, words: string) => list(matching(pattern, words), 0, 100);
const userId = matching(/^[UW][A-Z0-9]{2,}$/, 'a user id');
const channelId = matching(/^[CDG][A-Z0-9]{2,}$/, 'a channel id');

const typing: Fields = { ...own, ...placeholder, dispatch_action_config: dispatchConfig, focus_on_load: flag };
const typed: Fields = { ...typing, initial_value: text(limits.plainInput.length) };

const options: Fields = {
  options: list(option, 1, limits.select.options),
  option_groups: list(optionGroup, 1, limits.select.groups),
};

const conversations: Fields = { default_to_current_conversation: flag, filter: conversationFilter };

/** What is picked at first must be one of the options, to the letter. */
function initialIsOffered(element: JsonObject): string | null {
  const offered = new Set(optionsOf(element).map((one) => JSON.stringify(one)));
  const initial = [...objectsOf([element['initial_option']]), ...objectsOf(element['initial_options'])];
  return initial.every((one) => offered.has(JSON.stringify(one))) ? null : 'initial option is not among the options';
}

function lengthsAgree(element: JsonObject): string | null {
  const [least, most, initial] = [element['min_length'], element['max_length'], element['initial_value']];
  if (typeof least === 'number' && typeof most === 'number' && least > most) return 'min_length is above max_length';
  const isTooLong = typeof most === 'number' && typeof initial === 'string' && initial.length > most;
  return isTooLong ? 'initial_value is longer than max_length' : null;
}

const feedback = shape({ text: buttonText, value: needed(text(limits.button.value)), accessibility_label: label });

export const elements: Record<string, Check> = {
  button: shape({
    ...own,
    confirm,
    text: buttonText,
    value: text(limits.button.value),
    url: url(limits.button.url),
    style: oneOf('primary', 'danger'),
    accessibility_label: label,
  }),
  image: shape(
    {
      type: needed(anything),
      alt_text: needed(text(limits.image.alt)),
      image_url: url(limits.image.url),
      slack_file: slackFile,
    },
    exactlyOne('image_url', 'slack_file'),
  ),
  static_select: shape(
    { ...shared, ...placeholder, ...options, initial_option: option },
    exactlyOne('options', 'option_groups'),
    initialIsOffered,
  ),
  multi_static_select: shape(
    { ...shared, ...placeholder, ...options, ...max, initial_options: list(option, 1, limits.select.options) },
    exactlyOne('options', 'option_groups'),
    initialIsOffered,
  ),
  external_select: shape({
    ...shared,
    ...placeholder,
    initial_option: option,
    min_query_length: integer(0, 100),
  }),
  multi_external_select: shape({
    ...shared,
    ...placeholder,
    ...max,
    initial_options: list(option, 1, limits.select.options),
    min_query_length: integer(0, 100),
  }),
  users_select: shape({ ...shared, ...placeholder, initial_user: userId }),
  multi_users_select: shape({
    ...shared,
    ...placeholder,
    ...max,
    initial_users: ids(/^[UW][A-Z0-9]{2,}$/, 'a user id'),
  }),
  channels_select: shape({ ...shared, ...placeholder, initial_channel: channelId, response_url_enabled: flag }),
  multi_channels_select: shape({ ...shared, ...placeholder, ...max, initial_channels: ids(/^C/, 'a channel id') }),
  conversations_select: shape({
    ...shared,
    ...placeholder,
    ...conversations,
    initial_conversation: channelId,
    response_url_enabled: flag,
  }),
  multi_conversations_select: shape({
    ...shared,
    ...placeholder,
    ...conversations,
    ...max,
    initial_conversations: ids(/^[CDG]/, 'a channel id'),
  }),
  overflow: shape({ ...own, confirm, options: needed(list(overflowOption, 1, limits.overflow.options)) }),
  checkboxes: shape(
    {
      ...shared,
      options: needed(list(choice, 1, limits.choices.options)),
      initial_options: list(choice, 1, limits.choices.options),
    },
    initialIsOffered,
  ),
  radio_buttons: shape(
    { ...shared, options: needed(list(choice, 1, limits.choices.options)), initial_option: choice },
    initialIsOffered,
  ),
  plain_text_input: shape(
    {
      ...typed,
      multiline: flag,
      min_length: integer(0, limits.plainInput.length),
      max_length: integer(1, limits.plainInput.length),
    },
    lengthsAgree,
  ),
  number_input: shape({
    ...typed,
    is_decimal_allowed: needed(flag),
    initial_value: matching(/^-?\d+(\.\d+)?$/, 'a number in a string'),
    min_value: matching(/^-?\d+(\.\d+)?$/, 'a number in a string'),
    max_value: matching(/^-?\d+(\.\d+)?$/, 'a number in a string'),
  }),
  email_text_input: shape(typed),
  url_text_input: shape(typed),
  rich_text_input: shape({
    ...typing,
    initial_value: richText,
    min_lines: integer(1, limits.lines),
    max_lines: integer(1, limits.lines),
  }),
  datepicker: shape({
    ...shared,
    ...placeholder,
    initial_date: matching(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'YYYY-MM-DD'),
  }),
  timepicker: shape({
    ...shared,
    ...placeholder,
    initial_time: matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:mm'),
    timezone: text(100),
  }),
  datetimepicker: shape({ ...shared, initial_date_time: integer(1_000_000_000, 9_999_999_999) }),
  file_input: shape({ ...own, filetypes: list(text(20), 1, 100), max_files: integer(1, limits.files) }),
  feedback_buttons: shape({ ...own, positive_button: needed(feedback), negative_button: needed(feedback) }),
  icon_button: shape({
    ...own,
    confirm,
    icon: needed(oneOf('trash')),
    text: buttonText,
    accessibility_label: label,
    value: text(limits.button.value),
    visible_to_user_ids: list(userId, 1, 100),
  }),
  workflow_button: shape({
    ...own,
    confirm,
    text: buttonText,
    workflow: needed(anything),
    style: oneOf('primary', 'danger'),
    accessibility_label: label,
  }),
  plain_text: plain(limits.text),
  mrkdwn: anyText(limits.text),
};

const pickers = [
  'static_select',
  'external_select',
  'users_select',
  'channels_select',
  'conversations_select',
  'multi_static_select',
  'multi_external_select',
  'multi_users_select',
  'multi_channels_select',
  'multi_conversations_select',
  'checkboxes',
  'radio_buttons',
  'datepicker',
  'timepicker',
];

/** Which elements may stand where. */
export const elementsIn = {
  actions: pickKinds(
    elements,
    ...pickers,
    'button',
    'overflow',
    'workflow_button',
    'datetimepicker',
    'rich_text_input',
  ),
  section: pickKinds(elements, ...pickers, 'button', 'overflow', 'workflow_button', 'image'),
  input: pickKinds(
    elements,
    ...pickers,
    'plain_text_input',
    'number_input',
    'email_text_input',
    'url_text_input',
    'rich_text_input',
    'datetimepicker',
    'file_input',
  ),
  context: pickKinds(elements, 'image', 'plain_text', 'mrkdwn'),
  contextActions: pickKinds(elements, 'feedback_buttons', 'icon_button'),
  card: pickKinds(elements, 'button'),
};
