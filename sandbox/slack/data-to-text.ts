import { asObject, asText, asWord, objectsOf, textsOf, type JsonObject } from './json.ts';
import type { Names } from './plain-of.ts';

/** Rich text, tables and charts as plain lines. */
export function richTextOf(block: JsonObject, names: Names): string[] {
  return objectsOf(block['elements'])
    .flatMap((part) => partText(part, names))
    .flatMap((text) => text.split('\n'));
}

function partText(part: JsonObject, names: Names): string[] {
  const inner = objectsOf(part['elements']);
  switch (asText(part['type'])) {
    case 'rich_text_list':
      return inner.map((item, index) => {
        const mark = part['style'] === 'ordered' ? `${index + 1}.` : '•';
        return `${mark} ${inlineText(objectsOf(item['elements']), names)}`;
      });
    case 'rich_text_quote':
      return [`> ${inlineText(inner, names)}`];
    default:
      return [inlineText(inner, names)];
  }
}

function inlineText(elements: JsonObject[], names: Names): string {
  return elements
    .map((one) => {
      const id = asText(one['user_id'] ?? one['usergroup_id'] ?? one['channel_id'] ?? one['team_id']);
      if (id !== '') return `${one['type'] === 'channel' ? '#' : '@'}${names(id) ?? id}`;
      if (one['type'] === 'emoji') return `:${asText(one['name'])}:`;
      if (one['type'] === 'broadcast') return `@${asText(one['range'])}`;
      return asText(one['text']) || asText(one['fallback']) || asText(one['url']) || asText(one['value']);
    })
    .join('');
}

export function tableOf(block: JsonObject, names: Names): string[] {
  const rows = Array.isArray(block['rows']) ? block['rows'].map(objectsOf) : [];
  return rows.map((row) => row.map((cell) => cellText(cell, names)).join(' | '));
}

function cellText(cell: JsonObject, names: Names): string {
  return cell['type'] === 'rich_text' ? richTextOf(cell, names).join(' ') : asText(cell['text']);
}

export function chartOf(chart: JsonObject): string[] {
  if (chart['type'] === 'pie') {
    return objectsOf(chart['segments']).map((one) => `  ${asText(one['label'])}: ${asWord(one['value'])}`);
  }
  const categories = textsOf(asObject(chart['axis_config'])['categories']);
  return [
    `  ${categories.join(' | ')}`,
    ...objectsOf(chart['series']).map((series) => {
      const values = objectsOf(series['data']).map((one) => asWord(one['value']));
      return `  ${asText(series['name'])}: ${values.join(' | ')}`;
    }),
  ];
}
