import { checkBlocks } from './check-blocks.ts';
import { plain } from './check-objects.ts';
import { anything, fault, flag, list, needed, oneOf, shape, text, type Fault } from './check-rules.ts';
import { asObject, objectsOf, type JsonObject } from './json.ts';
import { limits } from './limits.ts';

const common = {
  blocks: needed(list(anything, 1, limits.blocks.modal)),
  private_metadata: text(limits.view.metadata, 0),
  callback_id: text(limits.id, 0),
  external_id: text(limits.id, 0),
};

const modal = shape({
  ...common,
  type: needed(oneOf('modal')),
  title: needed(plain(limits.view.title)),
  submit: plain(limits.view.button),
  close: plain(limits.view.button),
  clear_on_close: flag,
  notify_on_close: flag,
  submit_disabled: flag,
});

const home = shape({ ...common, type: needed(oneOf('home')) });

/** What Slack would refuse in a modal or a Home tab, each with a pointer into the view. */
export function checkView(view: unknown): Fault[] {
  const given = asObject(view);
  const isHome = given['type'] === 'home';
  const frame = (isHome ? home : modal)(given, '');
  const blocks = checkBlocks(isHome ? 'home' : 'modal', given['blocks'] ?? []);
  return [...frame, ...blocks, ...(isHome ? [] : submitForInputs(given)), ...oneFocus(given), ...tooLarge(given)];
}

function submitForInputs(view: JsonObject): Fault[] {
  const hasInput = objectsOf(view['blocks']).some((block) => block['type'] === 'input');
  return hasInput && view['submit'] === undefined ? [fault('', 'submit is needed when there is an input block')] : [];
}

function oneFocus(view: JsonObject): Fault[] {
  const count = JSON.stringify(view).split('"focus_on_load":true').length - 1;
  return count > 1 ? [fault('/blocks', 'focus_on_load may be set once in a view')] : [];
}

function tooLarge(view: JsonObject): Fault[] {
  const bytes = Buffer.byteLength(JSON.stringify(view));
  return bytes > limits.view.bytes ? [fault('', 'view is larger than 250 KB', 'view_too_large')] : [];
}
