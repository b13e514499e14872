import { findMessage, openDm } from './find-in-workspace.ts';
import { limits } from './limits.ts';
import { Refusal, type Args, type Method, type Platform } from './method.ts';
import { addMessage, changeMessage, prepareContent, removeMessage, type Content } from './post.ts';
import { messageJson } from './to-json.ts';
import type { Channel, StoredMessage, Workspace } from './workspace.ts';

const needs = { token: 'bot', scopes: ['chat:write'] } as const;

export const chatMethods: Method[] = [
  {
    name: 'chat.postMessage',
    tier: 'special',
    ...needs,
    run(platform, args) {
      const { workspace } = platform;
      const channel = channelToPostIn(workspace, args.required('channel'));
      const threadTs = threadOf(channel, args);
      const message = addMessage(workspace, channel, contentOf(platform, args, 'chat.postMessage'), {
        user: workspace.app.botUserId,
        from: 'api',
        threadTs,
        isBroadcast: threadTs !== undefined && args.flag('reply_broadcast'),
        metadata: args.object('metadata'),
      });
      return { channel: channel.id, ts: message.ts, message: messageJson(workspace, message) };
    },
  },
  {
    name: 'chat.postEphemeral',
    tier: 4,
    ...needs,
    run(platform, args) {
      const { workspace } = platform;
      const channel = channelToPostIn(workspace, args.required('channel'));
      const userId = args.required('user');
      if (!channel.members.has(userId) || workspace.users.get(userId)?.deleted !== false) {
        throw new Refusal('user_not_in_channel');
      }
      const message = addMessage(workspace, channel, contentOf(platform, args, 'chat.postEphemeral'), {
        user: workspace.app.botUserId,
        from: 'api',
        onlyFor: userId,
        threadTs: threadOf(channel, args),
      });
      return { message_ts: message.ts };
    },
  },
  {
    name: 'chat.update',
    tier: 3,
    ...needs,
    run(platform, args) {
      const { workspace } = platform;
      const message = ownMessage(workspace, args, 'cant_update_message');
      if (args.text('text').length > limits.message.updatedText) throw new Refusal('msg_too_long');
      // Text without blocks takes the blocks away: Slack does not keep what is not sent again.
      changeMessage(workspace, message, contentOf(platform, args, 'chat.update'));
      return {
        channel: message.channel,
        ts: message.ts,
        text: message.text,
        message: messageJson(workspace, message),
      };
    },
  },
  {
    name: 'chat.delete',
    tier: 3,
    ...needs,
    run({ workspace }, args) {
      const message = ownMessage(workspace, args, 'cant_delete_message');
      removeMessage(workspace, message);
      return { channel: message.channel, ts: message.ts };
    },
  },
  {
    name: 'chat.getPermalink',
    tier: 'special',
    token: 'bot',
    scopes: [],
    run({ workspace }, args) {
      const channel = visibleChannel(workspace, args.required('channel'));
      const ts = args.required('message_ts');
      const message = findMessage(channel, ts);
      if (message === undefined) throw new Refusal('message_not_found');
      const thread = message.threadTs === undefined ? '' : `?thread_ts=${message.threadTs}&cid=${channel.id}`;
      const path = `archives/${channel.id}/p${ts.replace('.', '')}${thread}`;
      return { channel: channel.id, permalink: `https://${workspace.team.domain}.slack.com/${path}` };
    },
  },
];

function contentOf({ workspace, faults }: Platform, args: Args, by: string): Content {
  const given = {
    text: args.text('text'),
    blocks: args.objects('blocks') ?? [],
    attachments: args.objects('attachments') ?? [],
  };
  return prepareContent(workspace, faults, given, by);
}

/** A private channel without the bot does not exist for it. */
export function visibleChannel(workspace: Workspace, id: string): Channel {
  const channel = workspace.channels.get(id);
  if (channel === undefined) throw new Refusal('channel_not_found');
  if (channel.kind !== 'public' && !channel.members.has(workspace.app.botUserId)) {
    throw new Refusal('channel_not_found');
  }
  return channel;
}

export function channelToPostIn(workspace: Workspace, id: string): Channel {
  const user = workspace.users.get(id);
  if (user !== undefined && (user.deleted || user.id === workspace.app.botUserId)) {
    throw new Refusal('channel_not_found');
  }
  const channel = user === undefined ? visibleChannel(workspace, id) : openDm(workspace, user.id);
  if (!channel.members.has(workspace.app.botUserId)) throw new Refusal('not_in_channel');
  if (channel.isArchived) throw new Refusal('is_archived');
  return channel;
}

function threadOf(channel: Channel, args: Args): string | undefined {
  if (!args.has('thread_ts')) return undefined;
  const parent = findMessage(channel, args.text('thread_ts'));
  if (parent === undefined) throw new Refusal('cannot_reply_to_message');
  // A reply to a reply lands in the same thread.
  return parent.threadTs ?? parent.ts;
}

function ownMessage(workspace: Workspace, args: Args, error: string): StoredMessage {
  const channel = visibleChannel(workspace, args.required('channel'));
  const message = findMessage(channel, args.required('ts'));
  if (message === undefined) throw new Refusal('message_not_found');
  if (channel.isArchived) throw new Refusal('is_archived');
  if (message.user !== workspace.app.botUserId) throw new Refusal(error);
  return message;
}
