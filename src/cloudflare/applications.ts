import { z } from 'zod';
import type { Application } from '../core/snapshot.ts';
import { call, callPages } from './call.ts';
import type { Account } from './client.ts';
import { RawPolicy } from './policies.ts';
import { writable } from './writable.ts';

const Destination = z.looseObject({
  uri: z.string().nullish(),
  hostname: z.string().nullish(),
  cidr: z.string().nullish(),
  vnet_id: z.string().nullish(),
});

/** A policy as an application refers to it: whole, or by its id alone. */
const PolicyLink = z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]);

const App = z
  .object({
    id: z.string(),
    name: z.string().nullish(),
    type: z.string().nullish(),
    domain: z.string().nullish(),
    destinations: z.array(Destination).nullish(),
    policies: z.array(z.unknown()).nullish(),
    session_duration: z.unknown().optional(),
    allow_authenticate_via_warp: z.boolean().nullish().catch(undefined),
    allowed_idps: z.array(z.string()).nullish().catch(undefined),
  })
  .transform(({ id, name, type, domain, destinations, policies, ...settings }) => {
    const places = (destinations ?? []).flatMap(({ uri, hostname, cidr }) => uri ?? hostname ?? cidr ?? []);
    const expanded = (policies ?? []).flatMap((policy) => RawPolicy.safeParse(policy).data ?? []);
    const attached = (policies ?? []).flatMap((policy) => PolicyLink.safeParse(policy).data ?? []);
    return {
      id,
      name: name ?? id,
      type: type ?? '',
      domain: domain ?? places[0],
      /** Every address that it guards. */
      places: [...new Set([...(domain ? [domain] : []), ...places])],
      destinations: destinations ?? [],
      /** Policies as this answer expands them: good for reading ahead, the policies' own route is the authority. */
      expanded,
      /** Ids of its policies. */
      attached,
      /** As Cloudflare has it: whoever needs it reads it, nobody else is to fail over its form. */
      sessionLength: settings.session_duration,
      /** Whether people may sign in by their WARP session. Undefined: as the organisation has it. */
      allowsWarp: settings.allow_authenticate_via_warp ?? undefined,
      /** Ids of the login methods that it offers. None: all of the account. */
      loginMethods: settings.allowed_idps ?? [],
    };
  });
export type App = z.output<typeof App>;

/** All applications of the account, in one call up to 1,000. */
export function readApplications(account: Account): Promise<App[]> {
  const { client, accountId } = account;
  return callPages(
    account,
    { route: 'GET access/apps', does: 'read the applications', area: 'policies' },
    App,
    1000,
    (query, options) => client.zeroTrust.access.applications.list({ account_id: accountId, ...query }, options),
  );
}

export function asApplication({ id, name, domain }: App): Application {
  return { id, name, domain };
}

/** Only what a PUT can’t do without is named; all the others are kept, because it has to send them back. */
const RawApp = z.looseObject({ id: z.string(), type: z.string() });

/** Keys that belong to Cloudflare; and the policies, which stay as they are if a PUT does not mention them. */
const keptOut = new Set(['id', 'uid', 'aud', 'created_at', 'updated_at', 'policies']);

/**
 * Reads an application and writes it back whole: a PUT replaces everything but the policies. `edit` gets it as it was read
 * and says what is to change; undefined writes nothing.
 */
export async function changeApplication(
  account: Account,
  id: string,
  edit: (before: Readonly<Record<string, unknown>>) => Record<string, unknown> | undefined,
): Promise<void> {
  const { client, accountId } = account;
  const before = await call(
    account,
    { route: 'GET access/apps/:id', does: 'read an application', area: 'policies' },
    RawApp,
    (options) => client.zeroTrust.access.applications.get(id, { account_id: accountId }, options),
  );
  const change = edit(before);
  if (change === undefined) return;
  const [owner, app] = [accountId, id].map(encodeURIComponent);
  // Through the bare client: its typed methods know fewer keys than have to go back.
  await call(
    account,
    { route: 'PUT access/apps/:id', does: 'write an application', area: 'policies' },
    z.unknown(),
    (options) =>
      client.put(`/accounts/${owner}/access/apps/${app}`, { ...options, body: { ...bodyOf(before), ...change } }),
  );
}

/** `self_hosted_domains` is the older name of what `destinations` say, and would contradict them after an edit. */
function bodyOf(raw: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { self_hosted_domains: domains, ...body } = writable(raw, keptOut);
  return body['destinations'] === undefined && domains !== undefined ? { ...body, self_hosted_domains: domains } : body;
}
