import { asObject, asText, objectsOf, type JsonObject } from './json.ts';
import type { FormState } from './form-state.ts';
import type { Channel, OpenView, SentFile, StoredMessage, Workspace } from './workspace.ts';

/** A message as it stood when it was looked at. Later changes do not reach it. */
export interface Message {
  ts: string;
  channel: string;
  channelName: string;
  user: string;
  text: string;
  blocks: JsonObject[];
  attachments: JsonObject[];
  files: SentFile[];
  threadTs: string | undefined;
  isEdited: boolean;
  isEphemeral: boolean;
  from: StoredMessage['from'];
  /** Of a message that began a thread, oldest first. */
  replies: Message[];
}

/** A modal or Home tab as the person sees it at that moment. */
export interface ShownView {
  id: string;
  type: 'modal' | 'home';
  title: string;
  callbackId: string;
  privateMetadata: string;
  blocks: JsonObject[];
  values: FormState;
  errors: Record<string, string>;
  submit: string | undefined;
  close: string;
  hash: string;
}

export function messageSnapshot(workspace: Workspace, message: StoredMessage, replies: Message[] = []): Message {
  return {
    ts: message.ts,
    channel: message.channel,
    channelName: workspace.channels.get(message.channel)?.name ?? '',
    user: message.user,
    text: message.text,
    blocks: structuredClone(message.blocks),
    attachments: structuredClone(message.attachments),
    files: structuredClone(message.files),
    threadTs: message.threadTs,
    isEdited: message.editedTs !== undefined,
    isEphemeral: message.onlyFor !== undefined,
    from: message.from,
    replies,
  };
}

/** Oldest first; replies stand under the message that began their thread, and where they were also sent. */
export function channelSnapshot(workspace: Workspace, channel: Channel): Message[] {
  const replies = channel.messages.filter((message) => message.threadTs !== undefined);
  return channel.messages
    .filter((message) => message.threadTs === undefined || message.isBroadcast)
    .map((message) => {
      const under = replies.filter((reply) => reply.threadTs === message.ts);
      return messageSnapshot(
        workspace,
        message,
        under.map((reply) => messageSnapshot(workspace, reply)),
      );
    });
}

export function viewSnapshot(view: OpenView): ShownView {
  const { definition } = view;
  const label = (key: string) => asText(asObject(definition[key])['text']);
  return {
    id: view.id,
    type: definition['type'] === 'home' ? 'home' : 'modal',
    title: label('title'),
    callbackId: asText(definition['callback_id']),
    privateMetadata: asText(definition['private_metadata']),
    blocks: structuredClone(objectsOf(definition['blocks'])),
    values: structuredClone(view.state),
    errors: { ...view.errors },
    submit: label('submit') || undefined,
    close: label('close') || 'Cancel',
    hash: view.hash,
  };
}
