import type { Account } from './cloudflare/account.ts';
import type { SessionLengths } from './cloudflare/session-lengths.ts';
import type { Docker } from './docker/start-docker.ts';

export interface TunnelLook {
  readonly id: string;
  readonly name: string;
  readonly status: 'healthy' | 'degraded' | 'down' | 'inactive' | 'deleted';
  /** One line for each running cloudflared. */
  readonly connectors: readonly string[];
}

export interface ServerLook {
  readonly containers: readonly { readonly name: string; readonly state: 'running' | 'exited' }[];
  /** Whether cloudflared, once started, gets its connections. */
  readonly comesBack: boolean;
}

export interface SessionLook {
  readonly what: string;
  readonly length: string;
  /** Without a capital letter; may be empty. */
  readonly note: string;
}

/** The tunnels that serve, and what the routes still name though it was deleted. */
export function describeTunnels({ state }: Account): TunnelLook[] {
  const routed = [...state.networkRoutes.values(), ...state.hostnameRoutes.values()]
    .filter(({ deletedAt }) => deletedAt === null)
    .map(({ tunnelId }) => tunnelId);
  return [...state.tunnels.values()]
    .filter(({ id, deletedAt }) => deletedAt === null || routed.includes(id))
    .map(({ id, name, status, deletedAt, connectors }) => ({
      id,
      name,
      status: deletedAt === null ? status : 'deleted',
      connectors: connectors.map(
        ({ version, conns }) =>
          `cloudflared ${version}, ${conns.length} connection${conns.length === 1 ? '' : 's'} (${places(conns)})`,
      ),
    }));
}

function places(conns: readonly { readonly colo: string }[]): string {
  return conns.map(({ colo }) => colo).join(', ');
}

/** The containers that run cloudflared. */
export function describeServer(docker: Docker): ServerLook {
  return {
    containers: docker
      .containers()
      .filter(({ isConnector }) => isConnector)
      .map(({ name, state }) => ({ name, state })),
    comesBack: docker.comesBack(),
  };
}

/** Every session length of the application. */
export function describeSessions(account: Account): SessionLook[] {
  if (!account.state.apps.has(account.ids.app)) return [];
  const { app, policies, warpSignIn, warpNetwork }: SessionLengths = account.sessionLengths();
  const own = policies.flatMap(({ name, ms }) =>
    ms === undefined ? [] : [{ what: `Policy “${name}”`, length: inWords(ms), note: 'wins over the app' }],
  );
  const network = warpNetwork.map(({ name, ms }) => ({
    what: 'WARP network',
    length: inWords(ms),
    note: `by the rule “${name}”`,
  }));
  return [
    { what: 'App', length: inWords(app.ms), note: '' },
    ...own,
    {
      what: 'WARP sign-in',
      length: warpSignIn.ms === undefined ? 'not set' : inWords(warpSignIn.ms),
      note: warpSignIn.isUsed ? 'in place of the app’s for people with WARP' : 'not used to sign in to the app',
    },
    ...(network.length > 0 ? network : [{ what: 'WARP network', length: 'never ends', note: 'no rule ends it' }]),
  ];
}

/** `8 h`, `1 h 30 min`, `45 s` */
function inWords(ms: number): string {
  const units = [
    [Math.floor(ms / 3_600_000), 'h'],
    [Math.floor(ms / 60_000) % 60, 'min'],
    [Math.floor(ms / 1000) % 60, 's'],
  ] as const;
  const parts = units.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return parts.join(' ') || '0 s';
}
