import { linesOfConnecting, linesOfCrash, linesOfStart, linesOfStop, linesOfTrying } from './cloudflared-log.ts';
import { containerId, tunnelToken, type PretendedContainer } from './container.ts';

/** What Cloudflare sees of the processes in the containers. */
export interface TunnelWorld {
  /** Without ids: all that the tunnel has. */
  tunnelLosesConnectors(tunnelId: string, connectorIds?: readonly string[]): void;
  /** Gives the id of the new one. */
  tunnelGainsConnector(tunnelId: string, options?: { readonly version?: string }): string;
}

export interface FleetOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly tunnels: TunnelWorld;
  readonly tunnelId: string;
  /** Of the processes that are connected at the start: those of the first containers. */
  readonly connectorIds: readonly string[];
  /** How many containers run cloudflared. */
  readonly replicas: number;
  /** Real milliseconds from the start of a container until Cloudflare sees it. */
  readonly comesBackAfterMs: number;
  /** `2026.3.0` */
  readonly version: string;
  readonly tty: boolean;
}

export interface Restart {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

const day = 86_400_000;

/** The containers of a server, and what happens to the tunnel with them. */
export function createFleet(options: FleetOptions) {
  const { now, tunnels, tunnelId, connectorIds, replicas, comesBackAfterMs, version, tty } = options;
  const token = tunnelToken(tunnelId);
  const timers = new Map<string, NodeJS.Timeout>();
  const restarts: Restart[] = [];
  let comesBack = true;
  let staysUp = true;
  let starts = 0;

  /** To the nanosecond, as the Engine has it: no two starts are at the same moment, even if the clock stands still. */
  function stampOfStart(at: number): string {
    starts += 1;
    return new Date(at).toISOString().replace('Z', `${String(starts).padStart(6, '0')}Z`);
  }

  function write(container: PretendedContainer, lines: readonly string[], at: number = now()): void {
    const stamp = `${new Date(at).toISOString().slice(0, 19)}Z`;
    container.log.push(...lines.map((line) => `${stamp} ${line}`));
  }

  function loseConnection(container: PretendedContainer): void {
    clearTimeout(timers.get(container.id));
    if (container.connectorId !== undefined) tunnels.tunnelLosesConnectors(tunnelId, [container.connectorId]);
    container.connectorId = undefined;
  }

  function connect(container: PretendedContainer): void {
    if (!comesBack) {
      write(container, linesOfTrying());
      return;
    }
    container.connectorId = tunnels.tunnelGainsConnector(tunnelId);
    write(container, linesOfConnecting(container.connectorId));
  }

  function stop(container: PretendedContainer): void {
    if (container.state !== 'running') return;
    if (container.isConnector) write(container, linesOfStop());
    loseConnection(container);
    Object.assign(container, { state: 'exited', exitCode: 0 });
  }

  function crash(container: PretendedContainer): void {
    if (container.isConnector) write(container, linesOfCrash());
    loseConnection(container);
    Object.assign(container, { state: 'exited', exitCode: 1 });
  }

  function start(container: PretendedContainer): void {
    if (container.state === 'running') return;
    Object.assign(container, { state: 'running', startedAt: stampOfStart(now()) });
    if (!container.isConnector) return;
    write(container, linesOfStart(tunnelId, version, token));
    if (!staysUp) {
      crash(container);
      return;
    }
    timers.set(
      container.id,
      setTimeout(() => connect(container), comesBackAfterMs),
    );
  }

  function restart(container: PretendedContainer): void {
    restarts.push({ name: container.name, at: now() });
    stop(container);
    start(container);
  }

  function aContainer(name: string, changes: Partial<PretendedContainer>): PretendedContainer {
    const since = now() - 3 * day;
    return {
      id: containerId(name),
      name,
      image: 'open-chat-studio:latest',
      service: 'web',
      number: 1,
      variables: ['PATH=/usr/bin:/bin'],
      args: [],
      tty,
      isConnector: false,
      state: 'running',
      startedAt: stampOfStart(since),
      exitCode: 0,
      connectorId: undefined,
      log: [],
      ...changes,
    };
  }

  function aConnector(index: number): PretendedContainer {
    const container = aContainer(replicas === 1 ? 'cloudflared' : `open-chat-studio-cloudflared-${index + 1}`, {
      image: `cloudflare/cloudflared:${version}`,
      service: 'cloudflared',
      number: index + 1,
      variables: ['PATH=/usr/bin:/bin', `TUNNEL_TOKEN=${token}`],
      args: ['tunnel', '--no-autoupdate', 'run'],
      isConnector: true,
      connectorId: connectorIds[index],
    });
    write(container, linesOfStart(tunnelId, version, token), now() - 3 * day);
    if (container.connectorId !== undefined) {
      write(container, linesOfConnecting(container.connectorId), now() - 3 * day);
    } else if (connectorIds.length > 0) {
      connect(container);
    }
    return container;
  }

  const containers = [
    ...Array.from({ length: replicas }, (_, index) => aConnector(index)),
    aContainer('open-chat-studio-web-1', {}),
  ];

  return {
    containers,
    restarts,
    stop,
    crash,
    start,
    restart,
    comesBack: (): boolean => comesBack,
    setComesBack: (value: boolean): void => {
      comesBack = value;
    },
    setStaysUp: (value: boolean): void => {
      staysUp = value;
    },
    end: (): void => {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

export type Fleet = ReturnType<typeof createFleet>;
