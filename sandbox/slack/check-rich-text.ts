import {
  anything,
  byType,
  flag,
  integer,
  list,
  matching,
  needed,
  oneOf,
  shape,
  text,
  url,
  type Check,
} from './check-rules.ts';
import { limits } from './limits.ts';

const style = shape({
  bold: flag,
  italic: flag,
  strike: flag,
  underline: flag,
  code: flag,
  highlight: flag,
  client_highlight: flag,
  unlink: flag,
});

const kind = { type: needed(anything), style };
const many = 1000;

const inline = byType(
  {
    text: shape({ ...kind, text: needed(text(limits.message.text)) }),
    link: shape({ ...kind, url: needed(url(limits.button.url)), text: text(limits.text), unsafe: flag }),
    user: shape({ ...kind, user_id: needed(matching(/^[UW][A-Z0-9]{2,}$/, 'a user id')) }),
    usergroup: shape({ ...kind, usergroup_id: needed(matching(/^S[A-Z0-9]{2,}$/, 'a user group id')) }),
    channel: shape({ ...kind, channel_id: needed(matching(/^[CDG][A-Z0-9]{2,}$/, 'a channel id')) }),
    team: shape({ ...kind, team_id: needed(matching(/^T[A-Z0-9]{2,}$/, 'a team id')) }),
    broadcast: shape({ ...kind, range: needed(oneOf('here', 'channel', 'everyone')) }),
    emoji: shape({ ...kind, name: needed(text(100)), unicode: text(100), url: url(limits.button.url) }),
    date: shape({
      ...kind,
      timestamp: needed(integer(0, 9_999_999_999)),
      format: needed(text(200)),
      url: url(limits.button.url),
      fallback: text(200),
    }),
    color: shape({ ...kind, value: needed(matching(/^#[0-9a-fA-F]{6}$/, 'a colour such as #1d3557')) }),
  },
  ' in rich text',
);

const section = shape({ type: needed(oneOf('rich_text_section')), elements: needed(list(inline, 0, many)) });
const border = oneOf(0, 1);

const parts = byType(
  {
    rich_text_section: section,
    rich_text_list: shape({
      type: needed(anything),
      elements: needed(list(section, 1, many)),
      style: needed(oneOf('bullet', 'ordered')),
      indent: integer(0, 8),
      offset: integer(0, 10_000),
      border,
    }),
    rich_text_quote: shape({ type: needed(anything), elements: needed(list(inline, 0, many)), border }),
    rich_text_preformatted: shape({
      type: needed(anything),
      elements: needed(list(inline, 0, many)),
      border,
      language: text(50),
    }),
  },
  ' in rich text',
);

export const richText: Check = shape({
  type: needed(oneOf('rich_text')),
  block_id: text(limits.id),
  elements: needed(list(parts, 1, many)),
});
