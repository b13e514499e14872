import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { PermanentError } from '../core/errors.ts';
import type { Clock } from '../core/ports.ts';
import { asOurs, slackCode } from './translate-error.ts';

/** `idOrHandle`: `S0123ABCD`, `ocs-approvers` or `@ocs-approvers`. */
export type ApproversSource =
  | { readonly kind: 'group'; readonly idOrHandle: string }
  | { readonly kind: 'users'; readonly ids: readonly string[] };

export interface Approvers {
  /** Slack ids. `fresh`: what Slack says in a call that begins after this one. */
  read(fresh: boolean): Promise<ReadonlySet<string>>;
  invalidate(): void;
  /** Mentions all of them in mrkdwn; undefined if there is nobody to mention. */
  mention(): Promise<string | undefined>;
}

interface Options {
  readonly client: Pick<WebClient, 'usergroups'>;
  readonly source: ApproversSource;
  readonly clock: Clock;
}

const CACHE_MS = 60_000;
const Users = z.object({ users: z.array(z.string()) });
const Groups = z.object({
  usergroups: z.array(z.object({ id: z.string(), handle: z.string(), date_delete: z.number().optional() })),
});

/**
 * Slack lets us read a group about twenty times a minute. So reads that begin while one is on its way share the next one;
 * a decision never uses an answer that may be older than its press, not even when Slack says 429: better to ask somebody
 * to press again than to let one decide who was taken out of the group a second ago.
 */
export function createApprovers({ client, source, clock }: Options): Approvers {
  if (source.kind === 'users') {
    const ids = new Set(source.ids);
    const mention = [...ids].map((id) => `<@${id}>`).join(' ');
    return {
      read: async () => ids,
      invalidate: () => undefined,
      mention: async () => (mention === '' ? undefined : mention),
    };
  }
  const handle = source.idOrHandle.trim().replace(/^@/, '');
  let groupId = /^S[A-Z0-9]{5,}$/.test(handle) ? handle : undefined;
  let cached: { readonly ids: ReadonlySet<string>; readonly at: number } | undefined;
  let running: Promise<unknown> | undefined;
  let next: Promise<ReadonlySet<string>> | undefined;
  let changes = 0;

  async function findGroup(): Promise<string> {
    const { usergroups } = Groups.parse(await asOurs(client.usergroups.list({ include_disabled: true })));
    const found = usergroups.find((group) => group.handle.toLowerCase() === handle.toLowerCase());
    if (found === undefined) {
      throw new PermanentError(
        `There is no user group @${handle} in Slack. Create it there, or put another group’s handle into APPROVERS.`,
        { code: 'no-such-group' },
      );
    }
    if (found.date_delete !== undefined && found.date_delete > 0) {
      throw new PermanentError(`The user group @${handle} is disabled in Slack. Enable it, or change APPROVERS.`, {
        code: 'group-disabled',
      });
    }
    return found.id;
  }

  async function askSlack(): Promise<ReadonlySet<string>> {
    const before = changes;
    groupId ??= await findGroup();
    try {
      const { users } = Users.parse(await asOurs(client.usergroups.users.list({ usergroup: groupId })));
      const ids = new Set(users);
      if (before === changes) cached = { ids, at: clock.now() };
      return ids;
    } catch (error) {
      // Deleted and made again under the same handle it has another id.
      if (slackCode(error) === 'no_such_subteam' && groupId !== handle) groupId = undefined;
      throw error;
    }
  }

  function begin(): Promise<ReadonlySet<string>> {
    const reading = askSlack().finally(() => {
      if (running === reading) running = undefined;
    });
    running = reading;
    return reading;
  }

  function readAfresh(): Promise<ReadonlySet<string>> {
    if (running === undefined) return begin();
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return begin();
      });
    return next;
  }

  return {
    async read(fresh) {
      if (!fresh && cached !== undefined && clock.now() - cached.at < CACHE_MS) return cached.ids;
      return readAfresh();
    },
    invalidate() {
      changes += 1;
      cached = undefined;
    },
    async mention() {
      groupId ??= await findGroup();
      return `<!subteam^${groupId}>`;
    },
  };
}
