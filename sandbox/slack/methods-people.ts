import { dmIdOf, openDm } from './find-in-workspace.ts';
import { parseJson, textsOf, type JsonObject } from './json.ts';
import { visibleChannel } from './methods-chat.ts';
import { page, Refusal, type Method, type Platform } from './method.ts';
import { channelJson, groupJson, userJson } from './to-json.ts';
import type { Channel, User } from './workspace.ts';

const bot = { token: 'bot' } as const;

export const peopleMethods: Method[] = [
  {
    name: 'users.info',
    tier: 4,
    ...bot,
    scopes: ['users:read'],
    run(platform, args) {
      const user = platform.workspace.users.get(args.required('user'));
      if (user === undefined) throw new Refusal('user_not_found');
      return { user: shownUser(platform, user) };
    },
  },
  {
    name: 'users.lookupByEmail',
    tier: 3,
    ...bot,
    scopes: ['users:read.email'],
    run(platform, args) {
      const email = args.required('email').toLowerCase();
      const user = [...platform.workspace.users.values()].find((one) => one.email.toLowerCase() === email);
      // Deactivated people and people of other workspaces are not found by e-mail.
      if (user === undefined || user.deleted || user.isStranger) throw new Refusal('users_not_found');
      return { user: shownUser(platform, user) };
    },
  },
  {
    name: 'users.list',
    tier: 2,
    ...bot,
    scopes: ['users:read'],
    run(platform, args) {
      const all = [slackbot(platform), ...platform.workspace.users.values()];
      const { items, response_metadata } = page(all, args, 1000);
      const members = items.map((user) => shownUser(platform, user));
      return { members, cache_ts: Math.floor(platform.workspace.now() / 1000), response_metadata };
    },
  },
  {
    name: 'usergroups.list',
    tier: 2,
    ...bot,
    scopes: ['usergroups:read'],
    run({ workspace }, args) {
      const groups = [...workspace.groups.values()].filter(
        (group) => !group.isDisabled || args.flag('include_disabled'),
      );
      return { usergroups: groups.map((group) => groupJson(group, workspace.team.id, args.flag('include_users'))) };
    },
  },
  {
    name: 'usergroups.users.list',
    tier: 2,
    ...bot,
    scopes: ['usergroups:read'],
    run({ workspace }, args) {
      const group = workspace.groups.get(args.required('usergroup'));
      if (group === undefined) throw new Refusal('no_such_subteam');
      if (group.isDisabled && !args.flag('include_disabled')) throw new Refusal('subteam_disabled');
      return { users: [...group.members] };
    },
  },
  {
    name: 'conversations.open',
    tier: 3,
    ...bot,
    scopes: ['im:write'],
    run(platform, args) {
      const { workspace } = platform;
      const ids = userIds(args.raw['users']);
      if (ids.length === 0) throw new Refusal('users_list_not_supplied');
      if (ids.length > 1) throw missingScope(platform, 'mpim:write');
      const user = workspace.users.get(ids[0] ?? '');
      if (user === undefined) throw new Refusal('user_not_found');
      if (user.deleted) throw new Refusal('user_disabled');
      if (user.isBot) throw new Refusal('cannot_dm_bot');
      const isKnown = workspace.channels.has(dmIdOf(user.id));
      const channel = openDm(workspace, user.id);
      const shown = args.flag('return_im') ? channelJson(channel, workspace.app.botUserId) : { id: channel.id };
      return { channel: shown, ...(isKnown && { no_op: true, already_open: true }) };
    },
  },
  {
    name: 'conversations.info',
    tier: 3,
    ...bot,
    scopes: [],
    run(platform, args) {
      const channel = readableChannel(platform, args.required('channel'));
      return { channel: channelJson(channel, platform.workspace.app.botUserId) };
    },
  },
  {
    name: 'conversations.members',
    tier: 4,
    ...bot,
    scopes: [],
    run(platform, args) {
      const channel = readableChannel(platform, args.required('channel'));
      const { items, response_metadata } = page([...channel.members], args, 1000);
      return { members: items, response_metadata };
    },
  },
];

function shownUser(platform: Platform, user: User): JsonObject {
  const hasEmail = platform.workspace.app.scopes.includes('users:read.email');
  return userJson(user, platform.workspace.now(), hasEmail);
}

/** Slack's own helper is in every list, and is not marked as a bot. */
function slackbot({ workspace }: Platform): User {
  return {
    id: 'USLACKBOT',
    teamId: workspace.team.id,
    name: 'slackbot',
    realName: 'Slackbot',
    email: '',
    tz: 'Etc/UTC',
    deleted: false,
    isAdmin: false,
    isBot: false,
    isGuest: false,
    isStranger: false,
  };
}

/** `users` comes as a comma-separated text, or as a JSON list. */
function userIds(given: unknown): string[] {
  const listed = textsOf(typeof given === 'string' ? parseJson(given) : given);
  if (listed.length > 0 || typeof given !== 'string') return listed;
  return given
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
}

const readScopes = { public: 'channels:read', private: 'groups:read', im: 'im:read' } as const;

/** Which scope is needed depends on the kind of channel, and without any nothing is told. */
function readableChannel(platform: Platform, id: string): Channel {
  const { scopes } = platform.workspace.app;
  const any = Object.values(readScopes);
  if (!any.some((scope) => scopes.includes(scope))) throw missingScope(platform, [...any, 'mpim:read'].join(','));
  const channel = visibleChannel(platform.workspace, id);
  const needed = readScopes[channel.kind];
  if (!scopes.includes(needed)) throw missingScope(platform, needed);
  return channel;
}

export function missingScope({ workspace }: Pick<Platform, 'workspace'>, needed: string): Refusal {
  workspace.suspect(`missing_scope: ${needed}`);
  return new Refusal('missing_scope', { needed, provided: workspace.app.scopes.join(',') });
}
