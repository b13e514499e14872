import { checkMessage } from './check-message.ts';
import type { Fault } from './check-rules.ts';
import { nameUnnamed } from './elements.ts';
import { stateOf } from './form-state.ts';
import type { Faults } from './faults.ts';
import { asText, type JsonObject } from './json.ts';
import { limits } from './limits.ts';
import { Refusal } from './method.ts';
import type { Channel, StoredMessage, Workspace } from './workspace.ts';

/** The content of a message, checked and ready to be shown. */
export interface Content {
  text: string;
  blocks: JsonObject[];
  attachments: JsonObject[];
}

/**
 * Checks what an app wants to show, by whatever way it came.
 * @throws {Refusal} `no_text`, `invalid_blocks`, `msg_too_long`, `msg_blocks_too_long`, `too_many_attachments`
 */
export function prepareContent(workspace: Workspace, faults: Faults, given: Content, by: string): Content {
  const { text, blocks, attachments } = given;
  if (text === '' && blocks.length === 0 && attachments.length === 0) throw new Refusal('no_text');
  if (attachments.length > limits.message.attachments) throw new Refusal('too_many_attachments');
  refuseFaults(workspace, by, [...refusedBlocks(faults, blocks), ...checkMessage({ text, blocks, attachments })]);
  if (text === '') workspace.suspect(`${by}: no text beside the blocks, so a notification has nothing to say`);
  if (text.length > limits.message.text) workspace.suspect(`${by}: text cut at ${limits.message.text} characters`);
  return {
    text: text.slice(0, limits.message.text),
    blocks: nameUnnamed(blocks, workspace.nextId),
    attachments: structuredClone(attachments),
  };
}

/** Block types that are switched off for now, wherever they stand. */
export function refusedBlocks(faults: Faults, blocks: JsonObject[]): Fault[] {
  return blocks.flatMap((block, index) =>
    faults.refuses(asText(block['type']))
      ? [{ pointer: `/blocks/${index}`, message: `unsupported type: ${asText(block['type'])}`, code: 'injected' }]
      : [],
  );
}

function refuseFaults(workspace: Workspace, by: string, found: Fault[]): void {
  if (found.length === 0) return;
  const isInjected = found.every((fault) => fault.code === 'injected');
  const error = found.find((fault) => fault.code !== undefined && fault.code !== 'injected')?.code ?? 'invalid_blocks';
  const messages = found.map((fault) => `[ERROR] ${fault.message} [json-pointer:${fault.pointer}]`);
  if (!isInjected) workspace.suspect(`${by}: ${error}: ${messages.join('; ')}`);
  throw new Refusal(error, { errors: messages, response_metadata: { messages } });
}

export function addMessage(
  workspace: Workspace,
  channel: Channel,
  content: Content,
  how: Pick<StoredMessage, 'user' | 'from'> & Partial<StoredMessage>,
): StoredMessage {
  const message: StoredMessage = {
    ts: workspace.nextTs(),
    channel: channel.id,
    files: [],
    threadTs: undefined,
    isBroadcast: false,
    editedTs: undefined,
    metadata: undefined,
    onlyFor: undefined,
    states: new Map(),
    ...content,
    ...how,
  };
  if (message.onlyFor === undefined) {
    channel.messages.push(message);
    workspace.changes.tell('message', `${channel.name || channel.id} ${message.ts}`);
    return message;
  }
  const shown = workspace.ephemerals.get(message.onlyFor) ?? [];
  workspace.ephemerals.set(message.onlyFor, [...shown, message]);
  workspace.changes.tell('ephemeral', `${message.onlyFor} ${message.ts}`);
  return message;
}

export function changeMessage(workspace: Workspace, message: StoredMessage, content: Content): void {
  message.text = content.text;
  message.blocks = content.blocks;
  message.attachments = content.attachments;
  message.editedTs = workspace.nextTs();
  for (const [userId, state] of message.states) message.states.set(userId, stateOf(content.blocks, state));
  workspace.changes.tell(message.onlyFor === undefined ? 'message' : 'ephemeral', `${message.channel} ${message.ts}`);
}

export function removeMessage(workspace: Workspace, message: StoredMessage): void {
  const without = (messages: StoredMessage[]) => messages.filter((one) => one !== message);
  const channel = workspace.channels.get(message.channel);
  if (channel !== undefined) channel.messages = without(channel.messages);
  for (const [userId, shown] of workspace.ephemerals) workspace.ephemerals.set(userId, without(shown));
  workspace.changes.tell(message.onlyFor === undefined ? 'message' : 'ephemeral', `${message.channel} ${message.ts}`);
}
