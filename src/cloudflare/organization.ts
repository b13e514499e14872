import { z } from 'zod';
import { PermanentError } from '../core/errors.ts';
import { call } from './call.ts';
import type { Account } from './client.ts';

/** `lantern-health` of `lantern-health.cloudflareaccess.com`. PermanentError `missing-organization` before Zero Trust is set up. */
export async function readTeamName(account: Account): Promise<string> {
  const { client, accountId } = account;
  const organization = await call(
    account,
    { route: 'GET access/organizations', does: 'read the Zero Trust organisation', area: 'organization' },
    z.object({ auth_domain: z.string().nullish() }).nullish(),
    (options) => client.zeroTrust.organizations.list({ account_id: accountId }, options),
  );
  const teamName = organization?.auth_domain?.split('.')[0] ?? '';
  if (teamName !== '') return teamName;
  throw new PermanentError(
    'The Cloudflare account has no Zero Trust organisation yet, so there is no team name. Open Zero Trust at one.dash.cloudflare.com once and choose one.',
    { code: 'missing-organization' },
  );
}
