import { z } from 'zod';
import type { Application } from '../core/snapshot.ts';
import { callPages } from './call.ts';
import type { Account } from './client.ts';
import { RawPolicy } from './policies.ts';

const Destination = z.looseObject({
  uri: z.string().nullish(),
  hostname: z.string().nullish(),
  cidr: z.string().nullish(),
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
  })
  .transform(({ id, name, type, domain, destinations, policies }) => {
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
      /** Policies as this answer expands them: good for reading ahead, the policies' own route is the authority. */
      expanded,
      /** Ids of its policies. */
      attached,
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
