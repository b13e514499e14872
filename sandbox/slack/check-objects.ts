import { byType, flag, list, matching, needed, oneOf, shape, text, url, type Check } from './check-rules.ts';
import { limits } from './limits.ts';

/** Composition objects: texts, options, confirm dialogs. */
export function plain(most: number): Check {
  return shape({ type: needed(oneOf('plain_text')), text: needed(text(most)), emoji: flag });
}

export function mrkdwn(most: number): Check {
  return shape({ type: needed(oneOf('mrkdwn')), text: needed(text(most)), verbatim: flag });
}

export function anyText(most: number): Check {
  return byType({ plain_text: plain(most), mrkdwn: mrkdwn(most) }, ' of text');
}

const { option: lengths } = limits;

export const option = shape({
  text: needed(plain(lengths.text)),
  value: needed(text(lengths.value)),
  description: plain(lengths.description),
});

/** Radio buttons and checkboxes take mrkdwn as well. */
export const choice = shape({
  text: needed(anyText(lengths.text)),
  value: needed(text(lengths.value)),
  description: anyText(lengths.description),
});

export const overflowOption = shape({
  text: needed(plain(lengths.text)),
  value: needed(text(lengths.value)),
  description: plain(lengths.description),
  url: url(limits.button.url),
});

export const optionGroup = shape({
  label: needed(plain(limits.select.groupLabel)),
  options: needed(list(option, 1, limits.select.options)),
});

export const confirm = shape({
  title: needed(plain(limits.confirm.title)),
  text: needed(anyText(limits.confirm.text)),
  confirm: needed(plain(limits.confirm.button)),
  deny: needed(plain(limits.confirm.button)),
  style: oneOf('primary', 'danger'),
});

export const dispatchConfig = shape({
  trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), 1, 2),
});

export const conversationFilter = shape({
  include: list(oneOf('im', 'mpim', 'private', 'public'), 1, 4),
  exclude_external_shared_channels: flag,
  exclude_bot_users: flag,
});

export const slackFile = shape({ id: matching(/^F[A-Z0-9]+$/, 'a file id'), url: url(limits.image.url) });
