import type { Container } from '../../core/server.ts';
import type { TunnelReport } from '../../core/tunnel.ts';

/** One container to be restarted, and what has to be well again before the next one. */
export interface Restart {
  readonly container: Container;
  /** The one that it runs, or all that it may run. */
  readonly tunnels: readonly TunnelReport[];
  /** How many new connectors these have to have by then. */
  readonly fresh: number;
}

/** The containers that run, or may run, one of these tunnels, in their order. */
export function restartsOf(containers: readonly Container[], tunnels: readonly TunnelReport[]): Restart[] {
  const restarts: Restart[] = [];
  for (const container of containers) {
    if (runsAnother(container, tunnels)) continue;
    const own = tunnels.filter(({ id }) => id === container.tunnelId);
    const waitedFor = own.length > 0 ? own : everRun(tunnels);
    const ids = new Set(waitedFor.map(({ id }) => id));
    const earlier = restarts.filter((restart) => restart.tunnels.every(({ id }) => ids.has(id)));
    restarts.push({ container, tunnels: waitedFor, fresh: earlier.length + 1 });
  }
  return restarts;
}

/** Whether it is known to run a tunnel that is none of these. */
export function runsAnother({ tunnelId }: Container, tunnels: readonly TunnelReport[]): boolean {
  return tunnelId !== undefined && !tunnels.some(({ id }) => id === tunnelId);
}

/** One that nobody has ever run would never become healthy, whatever is restarted. */
function everRun(tunnels: readonly TunnelReport[]): readonly TunnelReport[] {
  const run = tunnels.filter(({ status }) => status !== 'inactive');
  return run.length === 0 ? tunnels : run;
}
