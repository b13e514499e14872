import { chart, dataTable, table } from './check-data-blocks.ts';
import { elements, elementsIn } from './check-elements.ts';
import { anyText, mrkdwn, plain, slackFile } from './check-objects.ts';
import { richText } from './check-rich-text.ts';
import {
  anything,
  atLeastOne,
  byType,
  exactlyOne,
  fault,
  flag,
  integer,
  list,
  needed,
  oneOf,
  pickKinds,
  shape,
  text,
  url,
  type Check,
  type Fault,
} from './check-rules.ts';
import { usablesOf } from './elements.ts';
import { asObject, asText, objectsOf, type JsonObject } from './json.ts';
import { limits } from './limits.ts';

export type Surface = 'message' | 'modal' | 'home';

const own = { type: needed(anything), block_id: text(limits.id) };
const imageElement = byType(pickKinds(elements, 'image'), ' of image');

const taskCard = (statuses: readonly string[]) =>
  shape({
    ...own,
    task_id: needed(text(limits.id)),
    title: needed(text(limits.text)),
    status: needed(oneOf(...statuses)),
    details: richText,
    output: richText,
    sources: list(shape({ type: needed(oneOf('url')), url: needed(url(3000)), text: needed(text(200)) }), 1, 100),
  });

const statuses = ['in_progress', 'complete', 'error'] as const;

const card = shape(
  {
    ...own,
    title: mrkdwn(limits.card.title),
    subtitle: mrkdwn(limits.card.subtitle),
    body: mrkdwn(limits.card.body),
    subtext: mrkdwn(limits.card.subtext),
    icon: imageElement,
    slack_icon: anything,
    hero_image: imageElement,
    actions: list(byType(elementsIn.card, ' in a card'), 1, limits.card.actions),
  },
  atLeastOne('hero_image', 'title', 'actions', 'body'),
);

const input = shape(
  {
    ...own,
    label: needed(plain(limits.input.label)),
    hint: plain(limits.input.hint),
    optional: flag,
    dispatch_action: flag,
    element: needed(byType(elementsIn.input, ' in an input block')),
  },
  (block) =>
    block['dispatch_action'] === true && asObject(block['element'])['type'] === 'file_input'
      ? 'file_input does not go with dispatch_action'
      : null,
);

const simpleBlocks: Record<string, Check> = {
  actions: shape({
    ...own,
    elements: needed(list(byType(elementsIn.actions, ' in an actions block'), 1, limits.actions.elements)),
  }),
  alert: shape({
    ...own,
    text: needed(anyText(limits.alert.text)),
    level: oneOf('default', 'info', 'warning', 'error', 'success'),
  }),
  card,
  carousel: shape({ ...own, elements: needed(list(byType({ card }, ' in a carousel'), 1, limits.carousel.elements)) }),
  context: shape({
    ...own,
    elements: needed(list(byType(elementsIn.context, ' in a context block'), 1, limits.context.elements)),
  }),
  context_actions: shape({
    ...own,
    elements: needed(
      list(byType(elementsIn.contextActions, ' in a context_actions block'), 1, limits.contextActions.elements),
    ),
  }),
  data_table: dataTable,
  data_visualization: chart,
  divider: shape(own),
  file: (_, at) => [fault(at, 'file blocks cannot be sent by an app')],
  header: shape({ ...own, text: needed(plain(limits.header.text)), level: integer(1, limits.header.levels) }),
  image: shape(
    {
      ...own,
      alt_text: needed(text(limits.image.alt)),
      title: plain(limits.image.title),
      image_url: url(limits.image.url),
      slack_file: slackFile,
    },
    exactlyOne('image_url', 'slack_file'),
  ),
  input,
  markdown: shape({ type: needed(anything), block_id: text(limits.id), text: needed(text(limits.markdown.text)) }),
  plan: shape({
    ...own,
    title: needed(text(limits.text)),
    tasks: list(byType({ task_card: taskCard(['pending', ...statuses]) }, ' in a plan'), 1, limits.blocks.message),
  }),
  rich_text: richText,
  section: shape(
    {
      ...own,
      text: anyText(limits.section.text),
      fields: list(anyText(limits.section.field), 1, limits.section.fields),
      accessory: byType(elementsIn.section, ' beside a section'),
      expand: flag,
    },
    atLeastOne('text', 'fields'),
  ),
  table,
  task_card: taskCard(statuses),
  video: (_, at) => [fault(at, 'a video needs links.embed:write, which this app does not have')],
};

const childBlocks = byType(
  pickKinds(
    simpleBlocks,
    'actions',
    'context',
    'divider',
    'file',
    'header',
    'image',
    'input',
    'rich_text',
    'section',
    'table',
    'video',
  ),
  ' in a container',
);

const blocksByType: Record<string, Check> = {
  ...simpleBlocks,
  container: shape(
    {
      ...own,
      title: plain(limits.container.title),
      rich_text_title: richText,
      subtitle: anyText(limits.container.subtitle),
      child_blocks: needed(list(childBlocks, 1, limits.container.children)),
      width: oneOf('narrow', 'standard', 'wide', 'full'),
      icon: imageElement,
      is_collapsible: flag,
      default_collapsed: flag,
      has_header_divider: flag,
    },
    exactlyOne('title', 'rich_text_title'),
  ),
};

const everywhere: readonly Surface[] = ['message', 'modal', 'home'];

/** Where a block may stand, when not everywhere. */
const surfaces: Record<string, readonly Surface[]> = {
  alert: ['modal'],
  carousel: ['message', 'home'],
  container: ['message', 'home'],
  context_actions: ['message'],
  data_table: ['message', 'home'],
  data_visualization: ['message'],
  file: ['message'],
  markdown: ['message'],
  plan: ['message'],
  table: ['message', 'home'],
  task_card: ['message'],
};

/** What Slack would refuse in these blocks, each with a pointer that begins at `/blocks`. */
export function checkBlocks(surface: Surface, blocks: unknown): Fault[] {
  const counted = list(byType(blocksByType, ' of block'), 0, limits.blocks[surface])(blocks, '/blocks');
  const all = objectsOf(blocks);
  return [...counted, ...wrongPlaces(surface, all), ...repeatedIds(all)];
}

function wrongPlaces(surface: Surface, blocks: JsonObject[]): Fault[] {
  return blocks.flatMap((block, index) => {
    const type = asText(block['type']);
    const allowed = Object.hasOwn(surfaces, type) ? surfaces[type] : everywhere;
    return allowed?.includes(surface) ? [] : [fault(`/blocks/${index}`, `${type} is not allowed in a ${surface}`)];
  });
}

function repeatedIds(blocks: JsonObject[]): Fault[] {
  const seen = new Set<string>();
  return blocks.flatMap((block, index) => {
    const at = `/blocks/${index}`;
    const ids = [block, ...objectsOf(block['child_blocks'])].map((one) => asText(one['block_id']));
    const again = ids.filter((id) => id !== '' && seen.has(id));
    for (const id of ids) seen.add(id);
    return [
      ...again.map((id) => fault(`${at}/block_id`, `block_id "${id}" already exists`)),
      ...repeatedActions(block, at),
    ];
  });
}

function repeatedActions(block: JsonObject, at: string): Fault[] {
  const ids = usablesOf([block])
    .filter((usable) => usable.block === block)
    .map(({ element }) => asText(element['action_id']))
    .filter((id) => id !== '');
  return ids
    .filter((id, index) => ids.indexOf(id) !== index)
    .map((id) => fault(at, `action_id "${id}" already exists in this block`));
}
