import { findUsable, optionsOf, usablesOf, type Usable } from './elements.ts';
import { findChannel, findMessage, findPerson } from './find-in-workspace.ts';
import { fieldOf, stateOf, valueFor, type FormState, type Given, type Known } from './form-state.ts';
import { asObject, asText, objectsOf, type JsonObject } from './json.ts';
import type { Platform } from './method.ts';
import { actionInMessage, actionInView, actionOf, suggestionPayload } from './payloads.ts';
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

    async suggestions(what: string, query: string, { in: target = 'modal' }: { in?: Target } = {}): Promise<string[]> {
      const place = placeOf(target);
      const { block, element } = findUsable(usablesOf(place.blocks), what);
      const actionId = asText(element['action_id']);
      if (!asText(element['type']).endsWith('external_select')) throw new Error(`"${what}" suggests nothing`);
      const least = typeof element['min_query_length'] === 'number' ? element['min_query_length'] : 3;
      if (query.length < least) return [];
      const ids = { actionId, blockId: asText(block['block_id']), value: query };
      const { ackBody } = await send(suggestionPayload(platform, user, place.where, ids));
      const options = optionsOf(asObject(ackBody));
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

function isPressed({ element }: Usable): boolean {
  return ['button', 'icon_button'].includes(asText(element['type']));
}

function overflowed(element: JsonObject, value: Given): JsonObject {
  const options = optionsOf(element);
  const found = options.find((one) => one['value'] === value || asObject(one['text'])['text'] === value);
  if (found === undefined) throw new Error(`no option "${String(value)}" in the menu`);
  return found;
}
