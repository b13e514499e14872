import { checkBlocks } from './check-blocks.ts';
import { fault, list, shape, anything, text, url, type Fault } from './check-rules.ts';
import { asObject, asText, objectsOf, type JsonObject } from './json.ts';
import { limits } from './limits.ts';
import { readableLength } from './readable-text.ts';

const attachments = list(
  shape({
    color: text(30),
    fallback: text(limits.message.text),
    text: text(limits.message.text),
    pretext: text(limits.message.text),
    title: text(limits.text),
    title_link: url(limits.button.url),
    footer: text(300),
    ts: anything,
    fields: anything,
    mrkdwn_in: anything,
    blocks: anything,
  }),
  0,
  limits.message.attachments,
);

/** What Slack would refuse in a message `{ text?, blocks?, attachments? }`. */
export function checkMessage(message: unknown): Fault[] {
  const given = asObject(message);
  const blocks = objectsOf(given['blocks']);
  return [
    ...checkBlocks('message', given['blocks'] ?? []),
    ...attachments(given['attachments'] ?? [], '/attachments'),
    ...objectsOf(given['attachments']).flatMap(attachedBlocks),
    ...totals(blocks),
    ...(isSaid(given) ? [] : [fault('', 'a message needs text or blocks', 'no_text')]),
  ];
}

function attachedBlocks(attachment: JsonObject, index: number): Fault[] {
  return checkBlocks('message', attachment['blocks'] ?? []).map((one) => ({
    ...one,
    pointer: `/attachments/${index}${one.pointer}`,
  }));
}

function isSaid(message: JsonObject): boolean {
  const lists = [message['blocks'], message['attachments']].flatMap(objectsOf);
  return asText(message['text']) !== '' || lists.length > 0;
}

function sum(blocks: JsonObject[]): number {
  return blocks.reduce((total, block) => total + readableLength(block), 0);
}

/** The limits that count over a whole message. */
function totals(blocks: JsonObject[]): Fault[] {
  const of = (type: string) => blocks.filter((block) => block['type'] === type);
  const tables = [...of('table'), ...of('data_table')];
  const rest = blocks.filter((block) => !tables.includes(block));
  const rules: [boolean, string, string?][] = [
    [of('table').length <= limits.table.perMessage, 'only one table in a message', 'invalid_attachments'],
    [of('data_visualization').length <= limits.chart.perMessage, `no more than ${limits.chart.perMessage} charts`],
    [sum(of('data_table')) <= limits.dataTable.text, `no more than ${limits.dataTable.text} characters in data tables`],
    [sum(of('markdown')) <= limits.markdown.text, `no more than ${limits.markdown.text} characters of markdown`],
    [sum(rest) <= limits.messageBlockText, 'too much text in the blocks', 'msg_blocks_too_long'],
  ];
  return rules.flatMap(([holds, message, code]) => (holds ? [] : [fault('/blocks', message, code)]));
}
