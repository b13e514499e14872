import { connectionsEach, startConnector } from './connector.ts';
import { ids } from './seed-ids.ts';
import type { SeedOptions } from './seed-options.ts';
import { uuidFor } from './state.ts';
import type { State, Tunnel } from './state.ts';

const day = 86_400_000;
const name = 'lantern-ocs';

interface Served {
  readonly version: string;
  readonly replicas: number;
}

/** The tunnel with its routes, and what is left of the one before: a caller that forgets `is_deleted=false` finds both. */
export function seedTunnels(state: State, options: SeedOptions, now: number): void {
  const version = options.oldVersion === true ? '2024.12.2' : '2026.3.0';
  const { tunnel: status = 'healthy', replicas = 1, secondTunnel = false } = options;
  state.tunnels.set(ids.tunnel, tunnel(ids.tunnel, status, { version, replicas }, now));
  if (secondTunnel) state.tunnels.set(ids.secondTunnel, secondOf(now));
  state.tunnels.set(ids.deletedTunnel, {
    ...tunnel(ids.deletedTunnel, 'down', { version, replicas: 0 }, now),
    createdAt: now - 300 * day,
    inactiveAt: now - 210 * day,
    deletedAt: now - 201 * day,
  });
  if (options.routes !== 'none') seedRoutes(state, options, now);
}

const secondOf = (now: number): Tunnel =>
  tunnel(ids.secondTunnel, 'healthy', { version: '2026.3.0', replicas: 1 }, now);

function tunnel(id: string, status: Tunnel['status'], { version, replicas }: Served, now: number): Tunnel {
  const isConnected = status === 'healthy' || status === 'degraded';
  const createdAt = now - 200 * day;
  const connectors = Array.from({ length: isConnected ? replicas : 0 }, (_, index) =>
    startConnector(uuidFor(`connector ${index + 1} of ${id}`), version, now - 3 * day),
  );
  // Half of the connections of the first.
  if (status === 'degraded') connectors[0]?.conns.splice(connectionsEach / 2);
  return {
    id,
    name,
    status,
    createdAt,
    activeAt: isConnected ? now - 3 * day : null,
    // One that has never run says since when it has been there.
    inactiveAt: isConnected ? null : status === 'inactive' ? createdAt : now - day,
    deletedAt: null,
    connectors,
    version,
    ingress: [],
  };
}

function seedRoutes(state: State, { hostnameRoute = false, secondTunnel = false }: SeedOptions, now: number): void {
  const network = (range: string, tunnelId: string, deletedAt: number | null = null): void => {
    const id = uuidFor(`route ${range} through ${tunnelId}`);
    const createdAt = now - 199 * day;
    const { virtualNetwork: virtualNetworkId } = ids;
    state.networkRoutes.set(id, {
      id,
      network: range,
      tunnelId,
      virtualNetworkId,
      comment: '',
      createdAt,
      deletedAt,
    });
  };
  network('10.20.0.0/16', ids.tunnel);
  if (secondTunnel) network('10.30.0.0/16', ids.secondTunnel);
  network('10.20.0.0/24', ids.deletedTunnel, now - 201 * day);
  if (!hostnameRoute) return;
  const id = uuidFor('hostname route');
  const hostname = 'ocs.lantern.internal';
  const times = { createdAt: now - 199 * day, deletedAt: null };
  state.hostnameRoutes.set(id, { id, hostname, tunnelId: ids.tunnel, comment: '', ...times });
}
