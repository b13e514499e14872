import { z } from 'zod';
import { call, callPages } from './call.ts';
import type { Account } from './client.ts';
import { readNetwork, type Network } from './networks.ts';
import { isNotFound } from './translate-error.ts';

interface Leads {
  readonly tunnelId: string;
  /** False: it leads to something that no cloudflared serves, such as a WARP connector. */
  readonly isCloudflared: boolean;
}

/** `10.20.0.0/16` leads through a tunnel. */
export interface NetworkRoute extends Leads {
  readonly kind: 'network route';
  readonly name: string;
  readonly network: Network;
  readonly virtualNetworkId: string | undefined;
}

/** A private name leads through a tunnel. */
export interface HostnameRoute extends Leads {
  readonly kind: 'hostname route';
  readonly name: string;
}

/** A tunnel publishes a name on the internet. */
export interface PublicHostname extends Leads {
  readonly kind: 'public hostname';
  readonly name: string;
}

export type Route = NetworkRoute | HostnameRoute | PublicHostname;

const Row = z.object({
  tunnel_id: z.string().nullish(),
  tun_type: z.string().nullish(),
  deleted_at: z.string().nullish(),
});
type Row = z.infer<typeof Row>;

/** Undefined for a route that leads nowhere. */
function leadsIn({ tunnel_id: tunnelId, tun_type: type, deleted_at: deletedAt }: Row): Leads | undefined {
  return tunnelId && !deletedAt ? { tunnelId, isCloudflared: (type ?? 'cfd_tunnel') === 'cfd_tunnel' } : undefined;
}

const NetworkRow = Row.extend({ network: z.string(), virtual_network_id: z.string().nullish() }).transform(
  ({ network: name, virtual_network_id: virtualNetworkId, ...row }): NetworkRoute[] => {
    const [leads, network] = [leadsIn(row), readNetwork(name)];
    if (leads === undefined || network === undefined) return [];
    return [{ kind: 'network route', name, network, virtualNetworkId: virtualNetworkId ?? undefined, ...leads }];
  },
);

/** One call for up to 1,000: without `is_deleted` the deleted ones would be among them. */
export async function readNetworkRoutes(account: Account): Promise<NetworkRoute[]> {
  const { client, accountId } = account;
  const rows = await callPages(
    account,
    { route: 'GET teamnet/routes', does: 'read the network routes', area: 'tunnels' },
    NetworkRow,
    1000,
    (query, options) =>
      client.zeroTrust.networks.routes.list({ account_id: accountId, is_deleted: false, ...query }, options),
  );
  return rows.flat();
}

const HostnameRow = Row.extend({ hostname: z.string() }).transform(({ hostname: name, ...row }): HostnameRoute[] => {
  const leads = leadsIn(row);
  return leads === undefined ? [] : [{ kind: 'hostname route', name, ...leads }];
});

/** One call for up to 1,000. */
export async function readHostnameRoutes(account: Account): Promise<HostnameRoute[]> {
  const { client, accountId } = account;
  const rows = await callPages(
    account,
    { route: 'GET zerotrust/routes/hostname', does: 'read the hostname routes', area: 'tunnels' },
    HostnameRow,
    1000,
    (query, options) =>
      client.zeroTrust.networks.hostnameRoutes.list({ account_id: accountId, is_deleted: false, ...query }, options),
  );
  return rows.flat();
}

const Configuration = z
  .object({
    config: z.object({ ingress: z.array(z.object({ hostname: z.string().nullish() })).nullish() }).nullish(),
  })
  .nullish()
  .transform((answer) => (answer?.config?.ingress ?? []).flatMap(({ hostname }) => hostname || []));

/** The names that a tunnel publishes. Empty for one that is gone, and for one whose configuration is a file on its server. */
export async function readPublicHostnames(account: Account, tunnelId: string): Promise<PublicHostname[]> {
  const { client, accountId } = account;
  try {
    const names = await call(
      account,
      {
        route: 'GET cfd_tunnel/:id/configurations',
        does: 'read the public hostnames of a tunnel',
        area: 'tunnels',
      },
      Configuration,
      (options) =>
        client.zeroTrust.tunnels.cloudflared.configurations.get(tunnelId, { account_id: accountId }, options),
    );
    return names.map((name) => ({ kind: 'public hostname', name, tunnelId, isCloudflared: true }));
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}
