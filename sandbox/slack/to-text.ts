import { usablesOf } from './elements.ts';
import { standsIn, type FormState } from './form-state.ts';
import { asObject, asText, isObject, objectsOf, textsOf, type Json, type JsonObject } from './json.ts';
import { plainOf, type Names } from './plain-of.ts';
import { richTextOf, tableOf, chartOf } from './data-to-text.ts';
import type { Message, ShownView } from './snapshots.ts';

interface Reading {
  names: Names;
  state: FormState;
  errors: Record<string, string>;
}

type Read = (block: JsonObject, reading: Reading) => string[];

/**
 * A message or view as a person reads it, in plain lines: marks of formatting gone, buttons in brackets, fields with
 * what stands in them. The same blocks always give the same text.
 */
export function toText(shown: Message | ShownView, names: Names = () => undefined): string {
  if ('ts' in shown) return messageText(shown, names);
  const reading: Reading = { names, state: shown.values, errors: shown.errors };
  const body = blocksText(shown.blocks, reading);
  if (shown.type === 'home') return body.join('\n');
  const buttons = [shown.submit, shown.close].filter((label) => label !== undefined).map((label) => `[${label}]`);
  return [`== ${shown.title} ==`, ...body, buttons.join(' ')].join('\n');
}

function messageText(message: Message, names: Names): string {
  const reading: Reading = { names, state: {}, errors: {} };
  // Where there are blocks, the text only feeds notifications.
  const body =
    message.blocks.length > 0 ? blocksText(message.blocks, reading) : plainOf(message.text, names).split('\n');
  const attached = message.attachments.flatMap((one) => [
    ...lines(asText(one['text']) || asText(one['fallback']), names),
    ...blocksText(objectsOf(one['blocks']), reading),
  ]);
  const files = message.files.map(({ title, picture, alt }) =>
    picture === undefined ? `(file: ${title})` : `(picture: ${title}${alt === '' ? '' : `; ${alt}`})`,
  );
  const replies = message.replies.flatMap((reply) =>
    toText(reply, names)
      .split('\n')
      .map((line) => `  | ${line}`),
  );
  return [...body, ...attached, ...files, ...replies].join('\n');
}

function blocksText(blocks: JsonObject[], reading: Reading): string[] {
  return blocks.flatMap((block) => readers[asText(block['type'])]?.(block, reading) ?? [`(${asText(block['type'])})`]);
}

const readers: Record<string, Read> = {
  header: (block, { names }) => lines(labelOf(block['text']), names).map((line) => `# ${line}`),
  section: (block, reading) => {
    const texts = [labelOf(block['text']), ...objectsOf(block['fields']).map(labelOf)].filter((one) => one !== '');
    const body = texts.flatMap((one) => lines(one, reading.names));
    const accessory = isObject(block['accessory']) ? elementText(block, block['accessory'], reading) : '';
    return accessory === '' ? body : [...body.slice(0, -1), `${body.at(-1) ?? ''}  ${accessory}`];
  },
  divider: () => ['---'],
  context: (block, { names }) => {
    const parts = objectsOf(block['elements']).map((one) => asText(one['text']) || `image: ${asText(one['alt_text'])}`);
    return lines(`(${parts.join(' · ')})`, names);
  },
  actions: (block, reading) => [
    objectsOf(block['elements'])
      .map((one) => elementText(block, one, reading))
      .join(' '),
  ],
  context_actions: (block, reading) => [
    objectsOf(block['elements'])
      .map((one) => elementText(block, one, reading))
      .join(' '),
  ],
  input: (block, reading) => {
    const mark = block['optional'] === true ? ' (optional)' : '';
    const hint = lines(labelOf(block['hint']), reading.names).map((line) => `  ${line}`);
    const error = reading.errors[asText(block['block_id'])];
    const field = elementText(block, asObject(block['element']), reading);
    return [`${labelOf(block['label'])}${mark}: ${field}`, ...hint, ...(error === undefined ? [] : [`  ! ${error}`])];
  },
  alert: (block, { names }) =>
    lines(labelOf(block['text']), names).map((line) => `${asText(block['level']) || 'note'}: ${line}`),
  image: (block) => [`(image: ${asText(block['alt_text'])})`],
  markdown: (block, { names }) => lines(asText(block['text']), names),
  rich_text: (block, { names }) => richTextOf(block, names),
  plan: (block, reading) => [asText(block['title']), ...blocksText(objectsOf(block['tasks']), reading)],
  task_card: (block, { names }) => [
    `${marks[asText(block['status'])] ?? '[?]'} ${asText(block['title'])}`,
    ...['details', 'output'].flatMap((key) => richTextOf(asObject(block[key]), names)).map((line) => `    ${line}`),
  ],
  card: (block, reading) => [
    ...['title', 'subtitle', 'body', 'subtext'].flatMap((key) => lines(labelOf(block[key]), reading.names)),
    ...objectsOf([{ type: 'actions', elements: block['actions'] ?? [] }])
      .filter((one) => objectsOf(one['elements']).length > 0)
      .flatMap((one) => blocksText([one], reading)),
  ],
  carousel: (block, reading) => blocksText(objectsOf(block['elements']), reading),
  container: (block, reading) => [
    labelOf(block['title']) || richTextOf(asObject(block['rich_text_title']), reading.names).join(' '),
    ...lines(labelOf(block['subtitle']), reading.names),
    ...blocksText(objectsOf(block['child_blocks']), reading).map((line) => `  ${line}`),
  ],
  table: (block, { names }) => tableOf(block, names),
  data_table: (block, { names }) => [asText(block['caption']), ...tableOf(block, names)],
  data_visualization: (block) => [asText(block['title']), ...chartOf(asObject(block['chart']))],
};

const marks: Record<string, string> = { pending: '[ ]', in_progress: '[>]', complete: '[x]', error: '[!]' };

function labelOf(text: Json | undefined): string {
  return asText(asObject(text)['text']);
}

function lines(text: string, names: Names): string[] {
  return text === '' ? [] : plainOf(text, names).split('\n');
}

function elementText(block: JsonObject, element: JsonObject, reading: Reading): string {
  const type = asText(element['type']);
  if (type === 'image') return `(image: ${asText(element['alt_text'])})`;
  if (type.endsWith('button')) return `[${labelOf(element['text'])}]`;
  if (type === 'feedback_buttons') {
    return ['positive_button', 'negative_button']
      .map((key) => `[${labelOf(asObject(element[key])['text'])}]`)
      .join(' ');
  }
  if (type === 'overflow')
    return `[⋯ ${objectsOf(element['options'])
      .map((one) => labelOf(one['text']))
      .join(' / ')}]`;
  const [usable] = usablesOf([block]).filter((one) => one.element === element);
  const value = usable === undefined ? undefined : standsIn(reading.state, usable);
  return valueText(value, reading.names) || `<${labelOf(element['placeholder']) || 'empty'}>`;
}

function valueText(value: Json | undefined, names: Names): string {
  if (Array.isArray(value))
    return [...textsOf(value).map((id) => named(id, names)), ...objectsOf(value).map(picked)].join(', ');
  if (isObject(value)) return value['type'] === 'rich_text' ? richTextOf(value, names).join(' / ') : picked(value);
  if (typeof value === 'string') return named(value, names);
  return typeof value === 'number' ? String(value) : '';
}

function picked(option: JsonObject): string {
  return labelOf(option['text']);
}

function named(text: string, names: Names): string {
  const name = /^[UWCDGS][A-Z0-9]{6,}$/.test(text) ? names(text) : undefined;
  return name === undefined ? text : `@${name}`;
}
