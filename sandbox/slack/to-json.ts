import type { JsonObject } from './json.ts';
import type { Channel, Group, OpenView, StoredMessage, User, Workspace } from './workspace.ts';

/** Slack's shapes of what the workspace knows. Fields that nobody reads are left out. */
export function userJson(user: User, now: number, hasEmail: boolean): JsonObject {
  const profile: JsonObject = {
    real_name: user.realName,
    display_name: user.name,
    ...(hasEmail && user.email !== '' && { email: user.email }),
  };
  const base: JsonObject = {
    id: user.id,
    team_id: user.teamId,
    name: user.name,
    deleted: user.deleted,
    profile,
    is_bot: user.isBot,
    is_app_user: false,
    updated: Math.floor(now / 1000),
  };
  if (user.deleted) return base;
  return {
    ...base,
    real_name: user.realName,
    tz: user.tz,
    tz_label: user.tz,
    tz_offset: offsetSeconds(user.tz, now),
    is_admin: user.isAdmin,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: user.isGuest,
    is_ultra_restricted: user.isGuest,
    is_email_confirmed: true,
    ...(user.isStranger && { is_stranger: true }),
  };
}

function offsetSeconds(tz: string, now: number): number {
  const name = new Intl.DateTimeFormat('en', { timeZone: tz, timeZoneName: 'longOffset' }).format(now);
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(name);
  if (match === null) return 0;
  const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60;
  return match[1] === '-' ? -seconds : seconds;
}

export function channelJson(channel: Channel, botId: string): JsonObject {
  const base: JsonObject = { id: channel.id, is_archived: channel.isArchived, is_im: channel.kind === 'im' };
  if (channel.kind === 'im') return { ...base, user: [...channel.members].find((id) => id !== botId) };
  return {
    ...base,
    name: channel.name,
    is_channel: channel.kind === 'public',
    is_group: false,
    is_mpim: false,
    is_private: channel.kind === 'private',
    is_member: channel.members.has(botId),
    is_general: channel.name === 'general',
    num_members: channel.members.size,
  };
}

export function groupJson(group: Group, teamId: string, hasUsers: boolean): JsonObject {
  return {
    id: group.id,
    team_id: teamId,
    is_usergroup: true,
    name: group.name,
    handle: group.handle,
    is_external: false,
    date_delete: group.isDisabled ? 1 : 0,
    user_count: group.members.length,
    ...(hasUsers && { users: [...group.members] }),
  };
}

export function messageJson(workspace: Workspace, message: StoredMessage): JsonObject {
  const isBot = message.user === workspace.app.botUserId;
  return {
    type: 'message',
    user: message.user,
    ts: message.ts,
    text: message.text,
    team: workspace.team.id,
    ...(isBot && { bot_id: workspace.app.botId, app_id: workspace.app.id }),
    ...(message.blocks.length > 0 && { blocks: structuredClone(message.blocks) }),
    ...(message.attachments.length > 0 && { attachments: structuredClone(message.attachments) }),
    ...(message.files.length > 0 && { files: message.files.map(({ id, name, title }) => ({ id, name, title })) }),
    ...(message.threadTs !== undefined && { thread_ts: message.threadTs }),
    ...(message.editedTs !== undefined && { edited: { user: message.user, ts: message.editedTs } }),
    ...(message.metadata !== undefined && { metadata: message.metadata }),
  };
}

export function viewJson(workspace: Workspace, view: OpenView): JsonObject {
  const given = view.definition;
  const common: JsonObject = {
    id: view.id,
    team_id: workspace.team.id,
    type: given['type'],
    blocks: structuredClone(given['blocks'] ?? []),
    private_metadata: given['private_metadata'] ?? '',
    callback_id: given['callback_id'] ?? '',
    external_id: given['external_id'] ?? '',
    state: { values: structuredClone(view.state) },
    hash: view.hash,
    title: given['title'] ?? { type: 'plain_text', text: 'View Title', emoji: true },
    clear_on_close: given['clear_on_close'] ?? false,
    notify_on_close: given['notify_on_close'] ?? false,
    close: given['close'] ?? null,
    submit: given['submit'] ?? null,
    previous_view_id: view.previousId ?? null,
    root_view_id: view.rootId,
    app_id: workspace.app.id,
    app_installed_team_id: workspace.team.id,
    bot_id: workspace.app.botId,
  };
  return common;
}
