import { connectionsEach, startConnector } from './connector.ts';
import { ids } from './seed-ids.ts';
import type { Connector, State, Tunnel } from './state.ts';

interface Parts {
  state: State;
  now: () => number;
  newId: (what: string) => string;
}

/** The first connector keeps so many of its connections. */
function cut([first, ...others]: readonly Connector[], kept: number): Connector[] {
  return first === undefined ? others : [{ ...first, conns: first.conns.slice(0, kept) }, ...others];
}

/** What happens to the tunnels on their servers and in the dashboard; the platform's status and times follow by themselves. */
export function createAccountTunnels({ state, now, newId }: Parts) {
  function tunnel(id: string = ids.tunnel): Tunnel {
    const found = state.tunnels.get(id);
    if (found === undefined) throw new Error(`the sandbox account has no tunnel ${id}`);
    return found;
  }

  /** Puts other connectors in the place of those that it has. Those without a connection are gone. */
  function serve(found: Tunnel, connectors: readonly Connector[]): void {
    const wasConnected = found.connectors.length > 0;
    found.connectors = connectors.filter(({ conns }) => conns.length > 0);
    if (found.connectors.length === 0) {
      if (wasConnected) Object.assign(found, { status: 'down', activeAt: null, inactiveAt: now() });
      return;
    }
    const isWhole = found.connectors.every(({ conns }) => conns.length === connectionsEach);
    found.status = isWhole ? 'healthy' : 'degraded';
    found.activeAt ??= now();
    found.inactiveAt = null;
  }

  const start = (version: string): Connector => startConnector(newId('connector'), version, now());

  return {
    tunnel,
    /** Those connectors stop, or all of them. */
    tunnelLosesConnectors: (id: string, connectorIds?: readonly string[]): void => {
      const found = state.tunnels.get(id);
      if (found === undefined) return;
      const left = connectorIds === undefined ? [] : found.connectors.filter((one) => !connectorIds.includes(one.id));
      serve(found, left);
    },
    /** The network between the first connector and one of its places fails: `count` of its connections break. */
    tunnelLosesConnections: (id: string, count: number = connectionsEach / 2): void => {
      const found = tunnel(id);
      serve(found, cut(found.connectors, Math.max(0, (found.connectors[0]?.conns.length ?? 0) - count)));
    },
    /**
     * Another cloudflared starts with the tunnel's token; gives the id that it made for itself. `version`: the one that is
     * installed unless told. It gets no connection where the tunnel is not there any more.
     */
    tunnelGainsConnector: (id: string, { version }: { version?: string } = {}): string => {
      const found = state.tunnels.get(id);
      if (found === undefined || found.deletedAt !== null) return newId('connector');
      found.version = version ?? found.version;
      const connector = start(found.version);
      serve(found, [...found.connectors, connector]);
      return connector.id;
    },
    /** Deletes it in the dashboard. Its routes go on naming it. */
    deleteTunnel: (id?: string): void => {
      const found = tunnel(id);
      serve(found, []);
      found.deletedAt = now();
    },
    /** Makes its connectors such that the platform says this of it. */
    setTunnelStatus: (status: Tunnel['status'], id?: string): void => {
      const found = tunnel(id);
      if (status === 'down' || status === 'inactive') {
        serve(found, []);
        const since = status === 'inactive' ? found.createdAt : now();
        Object.assign(found, { status, activeAt: null, inactiveAt: since });
        return;
      }
      const running = found.connectors.length > 0 ? found.connectors : [start(found.version)];
      const whole = running.map((one) =>
        one.conns.length === connectionsEach ? one : startConnector(one.id, one.version, now()),
      );
      serve(found, status === 'degraded' ? cut(whole, connectionsEach / 2) : whole);
    },
  };
}
