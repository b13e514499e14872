import type { Context } from 'hono';
import { badRequest, ok, onePage, stamp, stampOrNull } from '../envelope.ts';
import type { HostnameRoute, NetworkRoute, State } from '../state.ts';
import type { Router, World } from './world.ts';

function flag(c: Context, name: string): boolean | undefined {
  const text = c.req.query(name);
  if (text === undefined || text === 'true' || text === 'false') return text === undefined ? text : text === 'true';
  throw badRequest(`${name} must be true or false`);
}

/** Filters that the platform has and the sandbox has not: better no answer than the wrong rows. */
function refuseFilters(c: Context, names: readonly string[]): void {
  const asked = names.filter((name) => c.req.query(name) !== undefined);
  if (asked.length > 0) throw badRequest(`the sandbox does not know the filter ${asked.join(', ')}`);
}

/** `isDeleted` undefined: both kinds. */
function wanted<Route extends NetworkRoute | HostnameRoute>(
  routes: Iterable<Route>,
  filter: { id: string | undefined; tunnelId: string | undefined; isDeleted: boolean | undefined },
): Route[] {
  const { id, tunnelId, isDeleted } = filter;
  return [...routes].filter((route) => {
    if (isDeleted !== undefined && (route.deletedAt !== null) !== isDeleted) return false;
    return (id ?? route.id) === route.id && (tunnelId ?? route.tunnelId) === route.tunnelId;
  });
}

const showCommon = (state: State, { id, tunnelId, comment, createdAt, deletedAt }: NetworkRoute | HostnameRoute) => ({
  id,
  tun_type: 'cfd_tunnel',
  tunnel_id: tunnelId,
  tunnel_name: state.tunnels.get(tunnelId)?.name ?? '',
  comment,
  created_at: stamp(createdAt),
  deleted_at: stampOrNull(deletedAt),
});

const pages = { perPage: 100, most: 1000, totalPages: false };

/** What leads through the tunnels: addresses and private names. */
export function routeTunnelRoutes(account: Router, { state }: World): void {
  account.get('/teamnet/routes', (c) => {
    refuseFilters(c, ['comment', 'existed_at', 'network_subset', 'network_superset', 'tun_types']);
    const { tunnel_id: tunnelId, route_id: id, virtual_network_id: virtualNetworkId } = c.req.query();
    // The deleted ones are among them unless `is_deleted=false`.
    const found = wanted(state.networkRoutes.values(), { id, tunnelId, isDeleted: flag(c, 'is_deleted') });
    const rows = found.filter((route) => (virtualNetworkId ?? route.virtualNetworkId) === route.virtualNetworkId);
    const { rows: cut, info } = onePage(c, rows, pages);
    return ok(
      c,
      cut.map((route) => ({
        ...showCommon(state, route),
        network: route.network,
        virtual_network_id: route.virtualNetworkId,
        virtual_network_name: 'default',
      })),
      info,
    );
  });

  account.get('/zerotrust/routes/hostname', (c) => {
    refuseFilters(c, ['comment', 'existed_at', 'hostname']);
    const { tunnel_id: tunnelId, id } = c.req.query();
    const rows = wanted(state.hostnameRoutes.values(), { id, tunnelId, isDeleted: flag(c, 'is_deleted') ?? false });
    const { rows: cut, info } = onePage(c, rows, pages);
    return ok(
      c,
      cut.map((route) => ({ ...showCommon(state, route), hostname: route.hostname })),
      info,
    );
  });
}
