import { findUsable, optionsOf, usablesOf, type Usable } from './elements.ts';
import { findChannel, findMessage, findPerson } from './find-in-workspace.ts';
import { fieldOf, stateOf, valueFor, type FormState, type Given, type Known } from './form-state.ts';
import { asObject, asText, objectsOf, textsOf, type JsonObject } from './json.ts';
import type { Platform } from './method.ts';
import { actionInMessage, actionInView, actionOf, suggestionPayload } from './payloads.ts';
import { fileJson } from './methods-files.ts';
import { limits } from './limits.ts';
import { kept, type Outcome } from './outcome.ts';
import type { Message, ShownView } from './snapshots.ts';
import type { OpenView, StoredMessage, User } from './workspace.ts';

/** Where a person points: their top modal, their Home tab, a message or a view that they look at. */
export type Target = 'modal' | 'home' | Message | ShownView;

/** The thing pointed at, with the form that it carries for this person. */
interface Place {
  blocks: JsonObject[];
  state: FormState;
  where: OpenView | StoredMessage;
}

/** The part of a person that uses fields, pickers and buttons. `send` delivers one interactive payload. */
export function createHands(platform: Platform, user: User, send: (payload: JsonObject) => Promise<Outcome>) {
  const { workspace, modals } = platform;
  const offered = new Map<string, JsonObject[]>();
  const known: Known = {
    userId: (who) => findPerson(workspace, who).id,
    channelId: (which) => findChannel(workspace, which).id,
    offered: (actionId) => offered.get(actionId) ?? [],
  };

  function messageAt(message: Message): StoredMessage {
    const channel = workspace.channels.get(message.channel);
    const own = workspace.ephemerals.get(user.id)?.find((one) => one.ts === message.ts);
    const found = message.isEphemeral ? own : channel && findMessage(channel, message.ts);
    if (found === undefined) throw new Error(`the message is gone, or was never ${user.name}'s to see`);
    if (channel !== undefined && !message.isEphemeral && !channel.members.has(user.id)) {
      throw new Error(`${user.name} is not in #${channel.name}`);
    }
    return found;
  }

  function viewAt(target: 'modal' | 'home' | ShownView): OpenView {
    if (target === 'home' || (typeof target === 'object' && target.type === 'home')) {
      const home = workspace.homes.get(user.id);
      if (home === undefined) throw new Error(`${user.name}'s Home tab is empty`);
      return home;
    }
    const top = modals.top(user.id);
    if (top === undefined) throw new Error(`${user.name} has no modal open`);
    if (typeof target === 'object' && target.id !== top.id) throw new Error('another modal lies on top of this one');
    return top;
  }

  function placeOf(target: Target): Place {
    if (typeof target === 'object' && 'ts' in target) {
      const message = messageAt(target);
      const state = message.states.get(user.id) ?? stateOf(message.blocks);
      message.states.set(user.id, state);
      return { blocks: message.blocks, state, where: message };
    }
    const view = viewAt(target);
    return { blocks: objectsOf(view.definition['blocks']), state: view.state, where: view };
  }

  function act(place: Place, usable: Usable, more: JsonObject): Promise<Outcome> {
    const action = actionOf(workspace, usable, more);
    return send(
      'definition' in place.where
        ? actionInView(platform, user, place.where, action)
        : actionInMessage(platform, user, place.where, action),
    );
  }

  return {
    messageAt,

    /** Fills a field or picks from a list. Sends something only where Slack does. */
    async sets(what: string, value: Given, { in: target = 'modal' }: { in?: Target } = {}): Promise<Outcome> {
      const place = placeOf(target);
      const usable = findUsable(usablesOf(place.blocks), what);
      const { block, element } = usable;
      if (element['type'] === 'overflow') return act(place, usable, { selected_option: overflowed(element, value) });
      const chosen = valueFor(element, value, known);
      const key = fieldOf(element)?.key ?? 'value';
      const values = (place.state[asText(block['block_id'])] ??= {});
      values[asText(element['action_id'])] = { type: element['type'], [key]: chosen };
      workspace.changes.tell('view', `${user.name} set ${what}`);
      const isTold = !usable.isInput || block['dispatch_action'] === true;
      return isTold ? act(place, usable, { [key]: chosen }) : kept({});
    },

    /** Puts a file into a form, as a person who picks it from their disk. */
    async attaches(what: string, { name, text }: { name: string; text: string }): Promise<Outcome> {
      const place = placeOf('modal');
      const { block, element } = findUsable(usablesOf(place.blocks), what);
      if (element['type'] !== 'file_input') throw new Error(`"${what}" takes no files`);
      if (!workspace.app.scopes.includes('files:read')) throw new Error('the app may not read files, so Slack refuses');
      const wanted = textsOf(element['filetypes'] ?? []);
      const kind = name.split('.').at(-1)?.toLowerCase() ?? '';
      if (wanted.length > 0 && !wanted.includes(kind)) throw new Error(`only ${wanted.join(', ')} can be picked here`);
      const body = Buffer.from(text, 'utf8');
      const file = { id: workspace.nextId('F'), name, length: body.length, alt: '', body, isShared: true, by: user.id };
      workspace.files.set(file.id, file);
      const values = (place.state[asText(block['block_id'])] ??= {});
      values[asText(element['action_id'])] = { type: 'file_input', files: [fileJson(platform.base(), file)] };
      workspace.changes.tell('view', `${user.name} picked the file ${name}`);
      return kept({});
    },

    async suggestions(what: string, query: string, { in: target = 'modal' }: { in?: Target } = {}): Promise<string[]> {
      const place = placeOf(target);
      const { block, element } = findUsable(usablesOf(place.blocks), what);
      const actionId = asText(element['action_id']);
      if (!asText(element['type']).endsWith('external_select')) throw new Error(`"${what}" suggests nothing`);
      const least = typeof element['min_query_length'] === 'number' ? element['min_query_length'] : 3;
      if (query.length < least) return [];
      const ids = { actionId, blockId: asText(block['block_id']), value: query };
      const { ackBody } = await send(suggestionPayload(platform, user, place.where, ids));
      const options = suggested(asObject(ackBody));
      offered.set(actionId, options);
      return options.map((one) => asText(asObject(one['text'])['text']));
    },

    /**
     * Presses a button, confirming its dialog unless told not to. With `stale` the person's client still shows the
     * message as it was when it was looked at, and sends what stood there then.
     */
    async clicks(
      target: Target,
      what: string,
      { confirm = true, stale = false }: { confirm?: boolean; stale?: boolean } = {},
    ): Promise<Outcome> {
      const place = placeOf(target);
      const blocks = stale && typeof target === 'object' ? target.blocks : place.blocks;
      const usable = findUsable(usablesOf(blocks).filter(isPressed), what);
      if (usable.element['confirm'] !== undefined && !confirm) return kept({});
      return act(place, usable, {});
    },
  };
}

/** What the client can show of an answer: one that is too long or badly made shows nothing at all. */
function suggested(answer: JsonObject): JsonObject[] {
  const groups = objectsOf(answer['option_groups']);
  const options = optionsOf(answer);
  const sizes = [
    objectsOf(answer['options']).length,
    groups.length,
    ...groups.map((one) => objectsOf(one['options']).length),
  ];
  const labels = groups.map((one) => asText(asObject(one['label'])['text']));
  const isRight =
    options.every(fits) &&
    sizes.every((size) => size <= limits.select.options) &&
    labels.every((text) => text !== '' && text.length <= 75) &&
    new Set(options.map((one) => one['value'])).size === options.length;
  if (isRight) return options;
  throw new Error('the app answered with options that Slack would not show');
}

function fits(one: JsonObject): boolean {
  const [text, value] = [asText(asObject(one['text'])['text']), asText(one['value'])];
  return text !== '' && text.length <= limits.option.text && value !== '' && value.length <= limits.option.value;
}

function isPressed({ element }: Usable): boolean {
  return ['button', 'icon_button'].includes(asText(element['type']));
}

function overflowed(element: JsonObject, value: Given): JsonObject {
  const options = optionsOf(element);
  const found = options.find((one) => one['value'] === value || asObject(one['text'])['text'] === value);
  if (found === undefined) throw new Error(`no option "${String(value)}" in the menu`);
  return found;
}
