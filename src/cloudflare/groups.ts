import { z } from 'zod';
import type { Snapshot } from '../core/snapshot.ts';
import { RawRuleSet, readRules } from './access-rules.ts';
import { callPages } from './call.ts';
import type { Account } from './client.ts';

export type Group = Snapshot['groups'][number];

const RawGroup = z.object({ id: z.string(), name: z.string().nullish(), ...RawRuleSet.shape });

/** All Access groups of the account. */
export async function readGroups(account: Account): Promise<Group[]> {
  const { client, accountId } = account;
  const groups = await callPages(
    account,
    { route: 'GET access/groups', does: 'read the groups', area: 'organization' },
    RawGroup,
    1000,
    (query, options) => client.zeroTrust.access.groups.list({ account_id: accountId, ...query }, options),
  );
  return groups.map((group) => ({ id: group.id, name: group.name ?? group.id, ...readRules(group) }));
}
