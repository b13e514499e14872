import { asObject, asText, objectsOf, type JsonObject } from './json.ts';

/** Something in a block that a person can use: a button, a field, a picker. */
export interface Usable {
  block: JsonObject;
  element: JsonObject;
  /** It sits in an input block: it is sent with the form, not at once. */
  isInput: boolean;
}

/** Every usable element of the blocks, in reading order, the ones inside containers and cards too. */
export function usablesOf(blocks: JsonObject[]): Usable[] {
  return blocks.flatMap((block) => {
    const here = (element: JsonObject): Usable => ({ block, element, isInput: false });
    switch (asText(block['type'])) {
      case 'input':
        return [{ block, element: asObject(block['element']), isInput: true }];
      case 'section':
        return objectsOf([block['accessory']]).filter(isUsable).map(here);
      case 'actions':
      case 'context_actions':
        return objectsOf(block['elements']).map(here);
      case 'card':
        return objectsOf(block['actions']).map(here);
      case 'carousel':
        return usablesOf(objectsOf(block['elements']));
      case 'container':
        return usablesOf(objectsOf(block['child_blocks']));
      default:
        return [];
    }
  });
}

function isUsable(element: JsonObject): boolean {
  return element['type'] !== 'image';
}

/** What a person reads on the element, or has read out: its label, its text, its placeholder, its accessibility label. */
export function labelsOf({ block, element, isInput }: Usable): string[] {
  const texts = [
    isInput ? asObject(block['label'])['text'] : undefined,
    asObject(element['text'])['text'],
    asObject(element['placeholder'])['text'],
    element['accessibility_label'],
  ];
  return texts.map(asText).filter((text) => text !== '');
}

/**
 * Finds by block id, action id, both (`block/action`), or what is written on it (exactly, then by its beginning).
 * Throws with a list of what there is, as a person would look in vain.
 */
export function findUsable(usables: Usable[], what: string): Usable {
  const byId = usables.find(({ block, element }) => {
    const [action, inBlock] = [asText(element['action_id']), asText(block['block_id'])];
    return [action, inBlock, `${inBlock}/${action}`].includes(what);
  });
  const exact = usables.filter((usable) => labelsOf(usable).includes(what));
  const start = usables.filter((usable) => labelsOf(usable).some((label) => label.startsWith(what)));
  const found = byId ?? exact[0] ?? start[0];
  if (found === undefined) {
    const there = usables.map((usable) => labelsOf(usable)[0] ?? asText(usable.element['action_id']));
    throw new Error(`nothing called "${what}" here; there is: ${there.join(' · ') || 'nothing to use'}`);
  }
  return found;
}

export function optionsOf(element: JsonObject): JsonObject[] {
  const grouped = objectsOf(element['option_groups']).flatMap((group) => objectsOf(group['options']));
  return [...objectsOf(element['options']), ...grouped];
}

/** Slack names the blocks and elements that the app left unnamed, and anew at each update. */
export function nameUnnamed(blocks: JsonObject[], nextId: (prefix: string) => string): JsonObject[] {
  const named = structuredClone(blocks);
  for (const block of named) nameOne(block, nextId);
  for (const { element } of usablesOf(named)) element['action_id'] ??= nextId('act');
  return named;
}

function nameOne(block: JsonObject, nextId: (prefix: string) => string): void {
  block['block_id'] ??= nextId('blk');
  for (const child of [...objectsOf(block['child_blocks']), ...carouselCards(block)]) nameOne(child, nextId);
}

function carouselCards(block: JsonObject): JsonObject[] {
  return block['type'] === 'carousel' ? objectsOf(block['elements']) : [];
}
