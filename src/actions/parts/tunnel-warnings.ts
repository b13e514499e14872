import type { Container } from '../../core/server.ts';
import { tunnelNames } from '../../core/tunnel-names.ts';
import type { TunnelReport } from '../../core/tunnel.ts';
import { runsAnother, type Restart } from './tunnel-restarts.ts';

/** What whoever decides has to know. Nothing in it counts or tells the time: the plan must stay the same for a while. */
export function restartWarnings(
  restarts: readonly Restart[],
  containers: readonly Container[],
  tunnels: readonly TunnelReport[],
): string[] {
  const names = tunnelNames(tunnels);
  const nameOf = ({ id }: Pick<TunnelReport, 'id'>): string => names.get(id) ?? id;
  const untouched = tunnels.filter(({ id }) => !restarts.some((one) => one.tunnels.some((tunnel) => tunnel.id === id)));
  return [
    ...cutWarnings(restarts),
    ...stateWarnings(tunnels, nameOf),
    ...restarts.flatMap(({ container }) => loopWarning(container)),
    ...untouched
      .filter(({ status }) => status === 'degraded' || status === 'down')
      .map(
        (tunnel) => `No container here runs ${nameOf(tunnel)}, which is “${tunnel.status}”. Restart it on its machine.`,
      ),
    ...containers
      .filter((container) => runsAnother(container, tunnels))
      .map(({ name }) => `${name} runs another tunnel than those of the app, so it is left out.`),
  ];
}

/** Where nothing is connected, a restart cuts nobody off. */
function cutWarnings(restarts: readonly Restart[]): string[] {
  const connected = restarts.filter(({ tunnels }) => tunnels.some(isUp));
  if (connected.length === 0) return [];
  const replicas = new Set(
    connected.flatMap(({ tunnels }) => tunnels.flatMap(({ connectors }) => connectors.map(({ id }) => id))),
  ).size;
  const isAlone = connected.some(
    (restart) => !restarts.some((other) => other !== restart && sharesTunnel(restart, other)),
  );
  if (!isAlone && replicas > 1) return ['The replicas are restarted one after another, so nobody should notice.'];
  return [
    isAlone && replicas > connected.length
      ? 'Everyone who comes through this container is cut off for some seconds. The replicas that run elsewhere go on.'
      : 'Everyone who uses the app is cut off for some seconds.',
  ];
}

function isUp({ status, connectors }: TunnelReport): boolean {
  return connectors.length > 0 || status === 'healthy' || status === 'degraded';
}

function sharesTunnel(one: Restart, other: Restart): boolean {
  return one.tunnels.some(({ id }) => other.tunnels.some((tunnel) => tunnel.id === id));
}

function stateWarnings(tunnels: readonly TunnelReport[], nameOf: (tunnel: TunnelReport) => string): string[] {
  if (tunnels.every(({ status }) => status === 'healthy')) {
    const list = new Intl.ListFormat('en').format(tunnels.map(nameOf));
    const [is, it] = tunnels.length === 1 ? ['is', 'It'] : ['are', 'They'];
    return [`Before the restart ${list} ${is} healthy, says Cloudflare. ${it} can be restarted all the same.`];
  }
  return tunnels
    .filter(({ status }) => status === 'inactive')
    .map(
      (tunnel) =>
        `${nameOf(tunnel)} is “inactive”: it has never been run, so a restart may not help. Check the token that cloudflared was given.`,
    );
}

function loopWarning({ name, state }: Container): string[] {
  if (state !== 'restarting') return [];
  return [
    `${name} does not stay up: Docker keeps starting it again, so a restart alone may not help. “/ocs-access tunnel” shows its log.`,
  ];
}
