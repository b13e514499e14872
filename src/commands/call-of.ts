import type { BlockAction, GlobalShortcut, RespondFn, SlackViewAction, SlashCommand } from '@slack/bolt';
import type { View } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { UserError } from '../core/errors.ts';
import { type Drawn, looksOf, refusesLook } from '../slack/deliver-message.ts';
import { asOurs, slackCode } from '../slack/translate-error.ts';
import type { Call } from './call.ts';

/** Slack's words for a modal that can't be opened any more for this call, or that the person has closed. */
const TOO_LATE = new Set(['expired_trigger_id', 'exchanged_trigger_id', 'trigger_expired', 'trigger_exchanged']);
const CLOSED = new Set(['not_found', 'view_not_found']);
/** And for a channel, or a conversation of others, that the bot is not in. */
const NOT_THERE = new Set(['not_in_channel', 'channel_not_found']);

/** Bolt's kinds of payload, as one kind of call. */

export function callOfCommand(command: SlashCommand, client: WebClient, respond: RespondFn): Call {
  const where = { userId: command.user_id, channelId: command.channel_id };
  return build(
    { ...where, teamId: command.team_id, value: command.text ?? '', triggerId: command.trigger_id },
    client,
    respond,
  );
}

export function callOfPress(body: BlockAction, value: string, client: WebClient, respond: RespondFn | undefined): Call {
  const teamId = body.user.team_id ?? body.team?.id ?? '';
  const origin = { userId: body.user.id, teamId, value, triggerId: body.trigger_id };
  // Presses in a modal or in the Home tab come without a response_url; Bolt's type says otherwise.
  const hasAnswerUrl = typeof body.response_url === 'string' && body.response_url !== '';
  return build(
    { ...origin, ...(body.channel === undefined ? {} : { channelId: body.channel.id }) },
    client,
    hasAnswerUrl ? respond : undefined,
  );
}

export function callOfView(body: SlackViewAction, client: WebClient): Call {
  const teamId = body.user.team_id ?? body.team?.id ?? '';
  return build({ userId: body.user.id, teamId, value: body.view.private_metadata, triggerId: '' }, client, undefined);
}

/** It has neither a channel nor an answer URL: what is to be said comes in a modal or as a direct message. */
export function callOfShortcut(body: GlobalShortcut, client: WebClient): Call {
  const teamId = body.user.team_id ?? body.team?.id ?? '';
  return build({ userId: body.user.id, teamId, value: '', triggerId: body.trigger_id }, client, undefined);
}

interface Origin {
  readonly userId: string;
  readonly teamId: string;
  readonly value: string;
  readonly triggerId: string;
  readonly channelId?: string;
}

function build(origin: Origin, client: WebClient, respond: RespondFn | undefined): Call {
  const { userId, teamId, value, triggerId, channelId } = origin;
  return {
    userId,
    teamId,
    value,
    post: async (message) => {
      try {
        if (channelId === undefined) throw notThere();
        await asOurs(client.chat.postMessage({ ...message, channel: channelId }));
      } catch (error) {
        throw NOT_THERE.has(slackCode(error) ?? '') ? notThere(error) : error;
      }
    },
    open: async (view) => {
      try {
        const opened = await asOurs(client.views.open({ trigger_id: triggerId, view }));
        return opened.view?.id ?? '';
      } catch (error) {
        if (!TOO_LATE.has(slackCode(error) ?? '')) throw error;
        throw new UserError('That took too long, so Slack did not let me open the form. Please try again.', {
          code: 'trigger-expired',
          cause: error,
        });
      }
    },
    update: async (viewId, view: View) => {
      try {
        await asOurs(client.views.update({ view_id: viewId, view }));
        return true;
      } catch (error) {
        if (CLOSED.has(slackCode(error) ?? '')) return false;
        throw error;
      }
    },
    reply: async (message, { inPlace = false } = {}) => {
      const to = { client, respond, userId, channelId, inPlace };
      for (const look of looksOf(message)) {
        const { isDone, isRefused } = await tryEach(waysToReply(look, to));
        if (isDone || !isRefused) return;
      }
    },
  };
}

function notThere(cause?: unknown): UserError {
  return new UserError(
    'I am not in this channel, so I can’t post here. Type `/invite @ocs-access` in it and then the command again.',
    { code: 'not-in-channel', cause },
  );
}

/** One way after another; when none works Slack is down for this person, and what was done is in the audit channel. */
async function tryEach(
  ways: readonly (() => Promise<unknown>)[],
): Promise<{ readonly isDone: boolean; readonly isRefused: boolean }> {
  let isRefused = false;
  for (const way of ways) {
    try {
      await way();
      return { isDone: true, isRefused };
    } catch (error) {
      isRefused ||= refusesLook(error);
    }
  }
  return { isDone: false, isRefused };
}

interface ReplyTo {
  readonly client: WebClient;
  readonly respond: RespondFn | undefined;
  readonly userId: string;
  readonly channelId: string | undefined;
  readonly inPlace: boolean;
}

function waysToReply(
  message: Drawn,
  { client, respond, userId, channelId, inPlace }: ReplyTo,
): (() => Promise<unknown>)[] {
  const ways: (() => Promise<unknown>)[] = [];
  if (respond !== undefined)
    ways.push(() => respond({ ...message, response_type: 'ephemeral', replace_original: inPlace }));
  if (channelId !== undefined)
    ways.push(() => client.chat.postEphemeral({ ...message, channel: channelId, user: userId }));
  ways.push(async () => {
    const { channel } = await client.conversations.open({ users: userId });
    await client.chat.postMessage({ ...message, channel: channel?.id ?? userId });
  });
  return ways;
}
