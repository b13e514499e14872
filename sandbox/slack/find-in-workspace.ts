import type { Channel, Group, StoredMessage, User, Workspace } from './workspace.ts';

/** By handle, id or e-mail. Throws when there is no such person: a typo in a test must not pass. */
export function findPerson(workspace: Workspace, who: string): User {
  const key = who.replace(/^@/, '');
  const user = [...workspace.users.values()].find((one) => [one.id, one.name, one.email].includes(key));
  if (user === undefined) throw new Error(`no person "${who}"; there are ${names(workspace)}`);
  return user;
}

/** By name, with or without `#`, or by id. */
export function findChannel(workspace: Workspace, which: string): Channel {
  const key = which.replace(/^#/, '');
  const channel = [...workspace.channels.values()].find((one) => one.id === key || one.name === key);
  if (channel === undefined) throw new Error(`no channel "${which}"`);
  return channel;
}

export function findGroup(workspace: Workspace, which: string): Group {
  const key = which.replace(/^@/, '');
  const group = [...workspace.groups.values()].find((one) => one.id === key || one.handle === key);
  if (group === undefined) throw new Error(`no user group "${which}"`);
  return group;
}

export function dmIdOf(userId: string): string {
  return `D${userId.slice(1)}`;
}

/** The bot's direct conversation with a person; made when it is first needed. */
export function openDm(workspace: Workspace, userId: string): Channel {
  const id = dmIdOf(userId);
  const known = workspace.channels.get(id);
  if (known !== undefined) return known;
  const channel: Channel = {
    id,
    name: '',
    kind: 'im',
    isArchived: false,
    members: new Set([userId, workspace.app.botUserId]),
    messages: [],
  };
  workspace.channels.set(id, channel);
  return channel;
}

export function findMessage(channel: Channel, ts: string): StoredMessage | undefined {
  return channel.messages.find((message) => message.ts === ts);
}

function names(workspace: Workspace): string {
  return [...workspace.users.values()].map((user) => user.name).join(', ');
}
