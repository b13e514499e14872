import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { PermanentError, UserError } from '../core/errors.ts';
import type { Clock, Directory } from '../core/ports.ts';
import { createApprovers, type ApproversSource } from './approvers.ts';
import { readUser, SlackUser, type Known } from './read-user.ts';
import { asOurs, slackCode } from './translate-error.ts';

export interface DirectoryDependencies {
  readonly client: Pick<WebClient, 'users' | 'usergroups'>;
  readonly approvers: ApproversSource;
  /** Our own workspace; everybody else is foreign. */
  readonly teamId: string;
  readonly clock: Clock;
}

export interface SlackDirectory extends Directory {
  /** Slack told us that something changed: this person, or, without an id, anything at all. */
  invalidate(slackId?: string): void;
}

const PERSON_MS = 5 * 60_000;
const MOST_PEOPLE = 5_000;
const Answer = z.object({ user: SlackUser });

export function createDirectory({ client, approvers, teamId, clock }: DirectoryDependencies): SlackDirectory {
  const people = new Map<string, { readonly known: Known; readonly at: number }>();
  const group = createApprovers({ client, source: approvers, clock });
  let changes = 0;

  async function ask(slackId: string): Promise<Known> {
    const before = changes;
    const { user } = Answer.parse(await asOurs(client.users.info({ user: slackId })));
    const known = readUser(user, teamId);
    // What was on its way while Slack told us of a change may be from before it.
    if (before === changes) remember(slackId, known);
    return known;
  }

  function remember(slackId: string, known: Known): void {
    const oldest = people.keys().next();
    if (people.size >= MOST_PEOPLE && oldest.done !== true) people.delete(oldest.value);
    people.set(slackId, { known, at: clock.now() });
  }

  return {
    async find(slackId, { fresh = false } = {}) {
      const cached = people.get(slackId);
      if (!fresh && cached !== undefined && clock.now() - cached.at < PERSON_MS) return cached.known;
      try {
        return await ask(slackId);
      } catch (error) {
        const code = slackCode(error);
        if (code === 'user_not_visible') return stranger(slackId);
        if (code !== 'user_not_found') throw error;
        throw new UserError('Slack knows no such person.', { code: 'no-such-person', cause: error });
      }
    },

    async byEmail(email) {
      try {
        const { user } = Answer.parse(await asOurs(client.users.lookupByEmail({ email })));
        const { member, actor } = readUser(user, teamId);
        // Nobody whom the bot could not write to.
        if (member.standing !== 'member' && member.standing !== 'guest') return undefined;
        return { email: actor.email ?? email, name: actor.name, slackId: actor.slackId };
      } catch (error) {
        if (slackCode(error) === 'users_not_found') return undefined;
        throw error;
      }
    },

    approvers: ({ fresh = false } = {}) => group.read(fresh),

    async approversMention() {
      try {
        return await group.mention();
      } catch (error) {
        // A call without a mention is better than none; with Slack down it is made later.
        if (error instanceof PermanentError) return undefined;
        throw error;
      }
    },

    invalidate(slackId) {
      changes += 1;
      if (slackId !== undefined) people.delete(slackId);
      else {
        people.clear();
        group.invalidate();
      }
    },
  };
}

function stranger(slackId: string): Known {
  return {
    member: { slackId, teamId: 'unknown', standing: 'foreign' },
    actor: { slackId, teamId: 'unknown', name: slackId },
  };
}
