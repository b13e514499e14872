import { asText, type JsonObject } from './json.ts';
import type { Platform } from './method.ts';
import { messageJson, viewJson } from './to-json.ts';
import type { Channel, OpenView, StoredMessage, User, Workspace } from './workspace.ts';

/** The payloads that Slack sends, field by field. Legacy `token` is there and means nothing. */
const token = 'legacy-verification-token';

export function commandPayload(
  platform: Platform,
  user: User,
  channel: Channel,
  command: string,
  text: string,
): JsonObject {
  const { workspace, triggers, responseUrls } = platform;
  return {
    token,
    team_id: user.teamId,
    team_domain: workspace.team.domain,
    channel_id: channel.id,
    channel_name: channelName(channel),
    user_id: user.id,
    user_name: user.name,
    command,
    text,
    api_app_id: workspace.app.id,
    // A form field: the word, not the truth value.
    is_enterprise_install: 'false',
    response_url: responseUrls.issue({
      userId: user.id,
      channelId: channel.id,
      messageTs: undefined,
      threadTs: undefined,
    }),
    trigger_id: triggers.issue(user.id),
  };
}

function interaction(workspace: Workspace, type: string, user: User): JsonObject {
  return {
    type,
    team: { id: workspace.team.id, domain: workspace.team.domain },
    user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId },
    api_app_id: workspace.app.id,
    token,
    enterprise: null,
    is_enterprise_install: false,
  };
}

export function actionInView(platform: Platform, user: User, view: OpenView, action: JsonObject): JsonObject {
  const { workspace, triggers } = platform;
  const isHome = view.definition['type'] === 'home';
  return {
    ...interaction(workspace, 'block_actions', user),
    trigger_id: triggers.issue(user.id, isHome ? undefined : view.id),
    container: { type: 'view', view_id: view.id },
    view: viewJson(workspace, view),
    actions: [action],
  };
}

export function actionInMessage(
  platform: Platform,
  user: User,
  message: StoredMessage,
  action: JsonObject,
): JsonObject {
  const { workspace, triggers, responseUrls } = platform;
  const isEphemeral = message.onlyFor !== undefined;
  return {
    ...interaction(workspace, 'block_actions', user),
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: message.channel,
      is_ephemeral: isEphemeral,
      ...(message.threadTs !== undefined && { thread_ts: message.threadTs }),
    },
    trigger_id: triggers.issue(user.id),
    channel: channelRef(workspace, message.channel),
    // Of an ephemeral message the content is not sent back.
    ...(!isEphemeral && { message: messageJson(workspace, message) }),
    state: { values: structuredClone(message.states.get(user.id) ?? {}) },
    response_url: responseUrls.issue(targetOf(user, message)),
    actions: [action],
  };
}

export function shortcutPayload(platform: Platform, user: User, callbackId: string): JsonObject {
  const { workspace, triggers } = platform;
  return {
    ...interaction(workspace, 'shortcut', user),
    action_ts: workspace.nextTs(),
    callback_id: callbackId,
    trigger_id: triggers.issue(user.id),
  };
}

export function messageActionPayload(
  platform: Platform,
  user: User,
  message: StoredMessage,
  callbackId: string,
): JsonObject {
  const { workspace, triggers, responseUrls } = platform;
  return {
    ...interaction(workspace, 'message_action', user),
    action_ts: workspace.nextTs(),
    callback_id: callbackId,
    trigger_id: triggers.issue(user.id),
    message_ts: message.ts,
    channel: channelRef(workspace, message.channel),
    message: messageJson(workspace, message),
    response_url: responseUrls.issue(targetOf(user, message)),
  };
}

export function submissionPayload(platform: Platform, user: User, view: OpenView): JsonObject {
  const { workspace, triggers } = platform;
  return {
    ...interaction(workspace, 'view_submission', user),
    trigger_id: triggers.issue(user.id, view.id),
    view: viewJson(workspace, view),
    response_urls: [],
  };
}

export function closedPayload(platform: Platform, user: User, view: OpenView, isCleared: boolean): JsonObject {
  const { workspace } = platform;
  return {
    ...interaction(workspace, 'view_closed', user),
    view: viewJson(workspace, view),
    is_cleared: isCleared,
  };
}

export function suggestionPayload(
  { workspace }: Platform,
  user: User,
  where: OpenView | StoredMessage,
  ids: { actionId: string; blockId: string; value: string },
): JsonObject {
  const isView = 'definition' in where;
  return {
    ...interaction(workspace, 'block_suggestion', user),
    action_id: ids.actionId,
    block_id: ids.blockId,
    value: ids.value,
    container: isView
      ? { type: 'view', view_id: where.id }
      : { type: 'message', message_ts: where.ts, channel_id: where.channel, is_ephemeral: where.onlyFor !== undefined },
    ...(isView ? { view: viewJson(workspace, where) } : { channel: channelRef(workspace, where.channel) }),
  };
}

export function eventPayload(workspace: Workspace, event: JsonObject): JsonObject {
  const now = workspace.now();
  return {
    token,
    team_id: workspace.team.id,
    api_app_id: workspace.app.id,
    event: { event_ts: workspace.nextTs(), ...event },
    type: 'event_callback',
    event_id: workspace.nextId('Ev'),
    event_time: Math.floor(now / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: workspace.team.id,
        user_id: workspace.app.botUserId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
  };
}

/** The name that the app is told: a private channel's own name stays hidden. */
function channelName(channel: Channel): string {
  if (channel.kind === 'im') return 'directmessage';
  return channel.kind === 'private' ? 'privategroup' : channel.name;
}

function channelRef(workspace: Workspace, id: string): JsonObject {
  const channel = workspace.channels.get(id);
  return { id, name: channel === undefined ? '' : channelName(channel) };
}

function targetOf(user: User, message: StoredMessage) {
  return { userId: user.id, channelId: message.channel, messageTs: message.ts, threadTs: message.threadTs };
}

/** What was clicked or picked, as the one entry of `actions`. */
export function actionOf(
  workspace: Workspace,
  { block, element }: { block: JsonObject; element: JsonObject },
  more: JsonObject,
): JsonObject {
  return {
    type: element['type'],
    action_id: element['action_id'],
    block_id: asText(block['block_id']),
    ...(element['type'] === 'button' && { text: element['text'], value: element['value'], style: element['style'] }),
    ...(element['placeholder'] !== undefined && { placeholder: element['placeholder'] }),
    ...more,
    action_ts: workspace.nextTs(),
  };
}
