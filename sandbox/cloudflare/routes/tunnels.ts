import type { Context } from 'hono';
import { ApiError, codes, ok, onePage, stamp, stampOrNull, whole } from '../envelope.ts';
import type { State, Tunnel } from '../state.ts';
import type { Router, World } from './world.ts';

const showTunnel = (state: State, tunnel: Tunnel): Record<string, unknown> => ({
  id: tunnel.id,
  account_tag: state.accountId,
  name: tunnel.name,
  status: tunnel.status,
  config_src: 'cloudflare',
  remote_config: true,
  tun_type: 'cfd_tunnel',
  metadata: {},
  // Deprecated and on its way out: connectors are read from their own route.
  connections: [],
  created_at: stamp(tunnel.createdAt),
  conns_active_at: stampOrNull(tunnel.activeAt),
  conns_inactive_at: stampOrNull(tunnel.inactiveAt),
  deleted_at: stampOrNull(tunnel.deletedAt),
});

/** Deleted tunnels are listed too, unless `is_deleted=false`. */
function wantedTunnels(c: Context, tunnels: Iterable<Tunnel>): Tunnel[] {
  const { name, status, uuid, is_deleted: deleted } = c.req.query();
  return [...tunnels].filter((tunnel) => {
    if (deleted !== undefined && (tunnel.deletedAt !== null) !== (deleted === 'true')) return false;
    if (status !== undefined && status !== tunnel.status) return false;
    return (name ?? tunnel.name) === tunnel.name && (uuid ?? tunnel.id) === tunnel.id;
  });
}

export function routeTunnels(account: Router, { state }: World): void {
  const tunnelOf = (id: string): Tunnel => {
    const tunnel = state.tunnels.get(id);
    if (tunnel === undefined) throw new ApiError(404, codes.tunnelNotFound, 'tunnel not found');
    return tunnel;
  };

  account.get('/cfd_tunnel', (c) => {
    const rows = wantedTunnels(c, state.tunnels.values());
    const { rows: cut, info } = onePage(c, rows, { perPage: 20, most: 1000, totalPages: false });
    return ok(
      c,
      cut.map((tunnel) => showTunnel(state, tunnel)),
      info,
    );
  });
  account.get('/cfd_tunnel/:id', (c) => ok(c, showTunnel(state, tunnelOf(c.req.param('id')))));
  account.get('/cfd_tunnel/:id/configurations', (c) => {
    const { id, ingress, createdAt } = tunnelOf(c.req.param('id'));
    return ok(c, {
      account_id: state.accountId,
      tunnel_id: id,
      version: ingress.length,
      source: 'cloudflare',
      // The last rule has no hostname: it is for everything else.
      config: { ingress: [...ingress, { service: 'http_status:404' }] },
      created_at: stamp(createdAt),
    });
  });
  account.get('/cfd_tunnel/:id/connections', (c) => {
    const { connectors } = tunnelOf(c.req.param('id'));
    const rows = connectors.map(({ id, version, arch, runAt, conns }) => ({
      id,
      version,
      arch,
      run_at: stamp(runAt),
      config_version: 1,
      features: ['ha-origin'],
      conns: conns.map((conn) => ({
        id: conn.id,
        uuid: conn.id,
        client_id: id,
        client_version: version,
        colo_name: conn.colo,
        origin_ip: conn.originIp,
        opened_at: stamp(conn.openedAt),
        is_pending_reconnect: false,
      })),
    }));
    return ok(c, rows, whole(rows));
  });
}
