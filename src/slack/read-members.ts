import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { readUser, SlackUser, type Known } from './read-user.ts';
import { asOurs } from './translate-error.ts';

export interface ReadMembersDependencies {
  /** One of its own: many pages must not keep a form from opening. */
  readonly client: Pick<WebClient, 'users'>;
  readonly teamId: string;
}

/** What Slack advises. It answers about twenty pages a minute. */
const PAGE = 200;
const MOST_PAGES = 20;
const Page = z.object({
  members: z.array(SlackUser),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/**
 * Who has these lower-cased addresses, deactivated people included: everybody is read page by page until all are found.
 * In a workspace of more than 4,000 people those on later pages are not found. Throws what Slack’s refusal means.
 */
export async function readMembers(
  { client, teamId }: ReadMembersDependencies,
  emails: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Known>> {
  const found = new Map<string, Known>();
  let cursor: string | undefined;
  for (let page = 1; page <= MOST_PAGES && found.size < emails.size; page += 1) {
    const read = Page.parse(
      await asOurs(client.users.list({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) })),
    );
    for (const user of read.members) {
      const known = readUser(user, teamId);
      const email = known.actor.email;
      if (email !== undefined && emails.has(email)) keepBetter(found, email, known);
    }
    cursor = read.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === '') break;
  }
  return found;
}

/** An address can be that of a deactivated account and of the one that followed it. */
function keepBetter(found: Map<string, Known>, email: string, known: Known): void {
  if (known.member.standing === 'member' || !found.has(email)) found.set(email, known);
}
