import { z } from 'zod';
import { PermanentError } from '../core/errors.ts';
import { call } from './call.ts';
import type { Account } from './client.ts';
import { writable } from './writable.ts';

export interface Organization {
  /** `lantern-health` of `lantern-health.cloudflareaccess.com`. */
  readonly teamName: string;
  /** As Cloudflare has it: whoever needs it reads it, nobody else is to fail over its form. */
  readonly warpSession: unknown;
  /** People may sign in to applications by their WARP session, where these do not say otherwise. */
  readonly allowsWarp: boolean | undefined;
}

const RawOrganization = z.looseObject({
  auth_domain: z.string().nullish(),
  warp_auth_session_duration: z.unknown().optional(),
  allow_authenticate_via_warp: z.unknown().optional(),
});
type RawOrganization = z.infer<typeof RawOrganization> & { readonly auth_domain: string };

/** PermanentError `missing-organization` before Zero Trust is set up. */
export async function readOrganization(account: Account): Promise<Organization> {
  const organization = await readRaw(account);
  const { warp_auth_session_duration: warpSession, allow_authenticate_via_warp: allowsWarp } = organization;
  const [teamName = ''] = organization.auth_domain.split('.');
  return { teamName, warpSession, allowsWarp: typeof allowsWarp === 'boolean' ? allowsWarp : undefined };
}

async function readRaw(account: Account): Promise<RawOrganization> {
  const { client, accountId } = account;
  const organization = await call(
    account,
    { route: 'GET access/organizations', does: 'read the Zero Trust organisation', area: 'organization' },
    RawOrganization.nullish(),
    (options) => client.zeroTrust.organizations.list({ account_id: accountId }, options),
  );
  const domain = organization?.auth_domain ?? '';
  if (/^[^.]/.test(domain)) return { ...organization, auth_domain: domain };
  throw new PermanentError(
    'The Cloudflare account has no Zero Trust organisation yet, so there is no team name. Open Zero Trust at one.dash.cloudflare.com once and choose one.',
    { code: 'missing-organization' },
  );
}

const readOnly = new Set(['created_at', 'updated_at']);

/**
 * Reads the organisation and writes it back whole: whether a PUT keeps what is left out is not documented. `edit` gets it
 * as it was read and says what is to change; undefined writes nothing.
 */
export async function changeOrganization(
  account: Account,
  edit: (before: Readonly<Record<string, unknown>>) => Record<string, unknown> | undefined,
): Promise<void> {
  const { client, accountId } = account;
  const before = await readRaw(account);
  const change = edit(before);
  if (change === undefined) return;
  // Through the bare client: its typed methods know fewer keys than have to go back.
  await call(
    account,
    { route: 'PUT access/organizations', does: 'write the Zero Trust organisation', area: 'organization' },
    z.unknown(),
    (options) =>
      client.put(`/accounts/${encodeURIComponent(accountId)}/access/organizations`, {
        ...options,
        body: { ...writable(before, readOnly), ...change },
      }),
  );
}
