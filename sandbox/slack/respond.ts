import type { Faults } from './faults.ts';
import { findMessage } from './find-in-workspace.ts';
import { asObject, asText, objectsOf, type Json, type JsonObject } from './json.ts';
import { addMessage, changeMessage, prepareContent, removeMessage } from './post.ts';
import type { ResponseTarget } from './response-urls.ts';
import type { StoredMessage, Workspace } from './workspace.ts';

/**
 * Shows what an app sent to a `response_url`, or together with its ack.
 * @throws {Refusal} as `chat.postMessage` does; nothing needs the bot to be in the channel.
 */
export function showResponse(
  workspace: Workspace,
  faults: Faults,
  target: ResponseTarget,
  body: Json | undefined,
  from: 'ack' | 'response_url',
): void {
  const given: JsonObject = typeof body === 'string' ? { text: body } : asObject(body);
  const clicked = clickedMessage(workspace, target);
  if (given['delete_original'] === true && clicked !== undefined) {
    removeMessage(workspace, clicked);
    return;
  }
  const content = prepareContent(
    workspace,
    faults,
    {
      text: asText(given['text']),
      blocks: objectsOf(given['blocks']),
      attachments: objectsOf(given['attachments']),
    },
    from,
  );
  if (clicked !== undefined && given['replace_original'] === true) {
    changeMessage(workspace, clicked, content);
    return;
  }
  const channel = workspace.channels.get(target.channelId);
  if (channel === undefined) return;
  addMessage(workspace, channel, content, {
    user: workspace.app.botUserId,
    from,
    onlyFor: given['response_type'] === 'in_channel' ? undefined : target.userId,
    threadTs: asText(given['thread_ts']) || target.threadTs,
  });
}

function clickedMessage(workspace: Workspace, target: ResponseTarget): StoredMessage | undefined {
  if (target.messageTs === undefined) return undefined;
  const channel = workspace.channels.get(target.channelId);
  const ephemeral = workspace.ephemerals.get(target.userId)?.find((one) => one.ts === target.messageTs);
  return ephemeral ?? (channel && findMessage(channel, target.messageTs));
}
