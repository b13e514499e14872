import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { PermanentError } from '../core/errors.ts';
import { asOurs, slackCode } from './translate-error.ts';

const Info = z.object({
  channel: z.object({
    id: z.string(),
    name: z.string().optional(),
    is_member: z.boolean().optional(),
    is_archived: z.boolean().optional(),
  }),
});
const Page = z.object({
  channels: z.array(z.object({ id: z.string(), name: z.string() })),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/**
 * The id of a channel that the configuration names by id or by `#name`, once at start. `variable`: where it was
 * configured, for the sentence. PermanentError: the operator has to do something, and the sentence says what.
 */
export async function resolveChannel(
  client: Pick<WebClient, 'conversations' | 'users'>,
  given: string,
  variable: string,
): Promise<string> {
  const wanted = given.trim();
  return /^[CG][A-Z0-9]{7,}$/.test(wanted) ? checkId(client, wanted, variable) : findByName(client, wanted, variable);
}

async function checkId(client: Pick<WebClient, 'conversations'>, id: string, variable: string): Promise<string> {
  try {
    const { channel } = Info.parse(await asOurs(client.conversations.info({ channel: id })));
    const called = channel.name === undefined ? id : `#${channel.name}`;
    if (channel.is_archived === true)
      throw unusable(`${called} is archived. Unarchive it or change ${variable}.`, 'archived');
    if (channel.is_member === false) {
      throw unusable(`The bot is not in ${called} (${variable}). Type /invite @ocs-access in it.`, 'not-in-channel');
    }
    return id;
  } catch (error) {
    // An app that was made before the manifest asked for these permissions: the first post will tell.
    if (slackCode(error) === 'missing_scope') return id;
    if (slackCode(error) !== 'channel_not_found') throw error;
    throw unusable(
      `Slack knows no channel ${id} (${variable}), or it is private and the bot is not in it. Check the id, and type /invite @ocs-access in the channel.`,
      'not-found',
    );
  }
}

/** Among the channels that the bot is in: it can post in no other, and on large workspaces this list is short. */
async function findByName(client: Pick<WebClient, 'users'>, given: string, variable: string): Promise<string> {
  const name = given.replace(/^#/, '').toLowerCase();
  let cursor: string | undefined;
  do {
    const page = await readPage(client, cursor, given, variable);
    const found = page.channels.find((channel) => channel.name === name);
    if (found !== undefined) return found.id;
    cursor = page.response_metadata?.next_cursor;
  } while (cursor !== undefined && cursor !== '');
  throw unusable(
    `The bot is in no channel #${name} (${variable}). Create the channel if it is missing, and type /invite @ocs-access in it.`,
    'not-found',
  );
}

async function readPage(
  client: Pick<WebClient, 'users'>,
  cursor: string | undefined,
  given: string,
  variable: string,
): Promise<z.infer<typeof Page>> {
  try {
    return Page.parse(
      await asOurs(
        client.users.conversations({
          types: 'public_channel,private_channel',
          exclude_archived: true,
          limit: 200,
          ...(cursor === undefined ? {} : { cursor }),
        }),
      ),
    );
  } catch (error) {
    if (slackCode(error) !== 'missing_scope') throw error;
    throw unusable(
      `The app may not look up channels by name. Put the channel’s id instead of “${given}” into ${variable}: it stands at the end of the channel’s details in Slack.`,
      'name-not-readable',
    );
  }
}

function unusable(says: string, code: string): PermanentError {
  return new PermanentError(says, { code: `channel-${code}` });
}
