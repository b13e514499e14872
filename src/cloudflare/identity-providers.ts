import { z } from 'zod';
import type { LoginMethod } from '../core/snapshot.ts';
import type { App } from './applications.ts';
import { callPages } from './call.ts';
import type { Account } from './client.ts';
import { findApplication, type Deciders } from './discover.ts';

const Provider = z
  .object({ id: z.string(), name: z.string().nullish(), type: z.string() })
  // The one that every account starts with has no name of its own.
  .transform(({ id, name, type }): LoginMethod => ({
    id,
    name: name || (type === 'onetimepin' ? 'One-time PIN' : type),
    type,
  }));

/** Those that the application offers, with one call; one that names none offers all of the account. */
export async function readLoginMethods(
  account: Account,
  deciders: Pick<Deciders, 'app'>,
  reading: Promise<App[]>,
): Promise<LoginMethod[]> {
  const [apps, methods] = await Promise.all([reading, readProviders(account)]);
  const { loginMethods: offered } = findApplication(apps, deciders.app);
  return methods.filter(({ id }) => offered.length === 0 || offered.includes(id));
}

function readProviders(account: Account): Promise<LoginMethod[]> {
  const { client, accountId } = account;
  return callPages(
    account,
    { route: 'GET access/identity_providers', does: 'read the login methods', area: 'organization' },
    Provider,
    1000,
    (query, options) => client.zeroTrust.identityProviders.list({ account_id: accountId, ...query }, options),
  );
}
