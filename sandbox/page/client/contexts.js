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
    press: (element) => doing({ act: 'clicks', what: element.action_id, ...at }),
    set: (_block, element, value) => doing({ act: 'sets', what: element.action_id, value, ...at }),
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
    press: (element) => doing({ act: 'clicks', what: element.action_id }),
    set: (block, element, value) =>
      doing({ act: 'sets', what: block.type === 'input' ? block.block_id : element.action_id, value }),
  };
}

/** Slack keeps what stands in a field under a name that depends on the kind of field. */
function standing(view, block, element) {
  const kept = view.values[block.block_id]?.[element.action_id];
  if (kept === undefined) return initialOf(element);
  const [, value] = Object.entries(kept).find(([key]) => key !== 'type') ?? [];
  return value ?? undefined;
}

function initialOf(element) {
  return element.initial_value ?? element.initial_option ?? element.initial_options ?? element.initial_user;
}
