import { suggest } from './api.js';

/**
 * What blocks need besides themselves: the reader's names and time zone, what stands in their fields, and what can be done
 * with them. One for each message and one for the modal.
 */
export function contextOfMessage(message, { reader, doing, isDm }) {
  const at = {
    ts: message.ts,
    channel: message.channel,
    ...(message.isEphemeral ? { ephemeral: true } : {}),
    ...(isDm ? { dm: true } : {}),
  };
  return {
    ...reader,
    id: message.ts,
    unsent: new Map(),
    valueOf: (_block, element) => initialOf(element),
    press: (block, element) => doing({ act: 'clicks', what: placeOf(block, element), ...at }),
    set: (_block, element, value) => doing({ act: 'sets', what: element.action_id, value, ...at }),
  };
}

/** The Home tab: a view that is always open, with buttons alone. */
export function contextOfHome(view, { reader, doing }) {
  return {
    ...reader,
    id: view.id,
    unsent: new Map(),
    valueOf: (block, element) => standing(view, block, element),
    press: (block, element) => doing({ act: 'clicks', what: placeOf(block, element), in: 'home' }),
    set: (_block, element, value) => doing({ act: 'sets', what: element.action_id, value, in: 'home' }),
  };
}

/** `unsent`: what to call, by block, so that a text that is still being typed goes out before the form does. */
export function contextOfView(view, { reader, doing, unsent }) {
  return {
    ...reader,
    id: view.id,
    errors: view.errors,
    unsent,
    valueOf: (block, element) => standing(view, block, element),
    press: (block, element) => doing({ act: 'clicks', what: placeOf(block, element) }),
    set: (block, element, value) =>
      doing({ act: 'sets', what: block.type === 'input' ? block.block_id : element.action_id, value }),
    attach: async (element, file) =>
      doing({ act: 'attaches', what: element.action_id, name: file.name, text: await file.text() }),
    suggest: (element, query) => suggest({ person: reader.me, what: element.action_id, query }),
  };
}

/** Buttons that do the same for different things have one id, each in its own block. */
function placeOf(block, element) {
  return `${block.block_id}/${element.action_id}`;
}

/** Slack keeps what stands in a field under a name that depends on the kind of field. */
function standing(view, block, element) {
  const kept = view.values[block.block_id]?.[element.action_id];
  if (kept === undefined) return initialOf(element);
  const [, value] = Object.entries(kept).find(([key]) => key !== 'type') ?? [];
  return value ?? undefined;
}

function initialOf(element) {
  return (
    element.initial_value ??
    element.initial_option ??
    element.initial_options ??
    element.initial_user ??
    element.initial_date
  );
}
