import { tunnelNames } from '../core/tunnel-names.ts';
import { STATUS_MEANS, type AppTunnels } from '../core/tunnel.ts';
import { buttons, header, plainSection } from './blocks.ts';
import { escapeToFit } from './escape.ts';
import { fit } from './fit.ts';
import type { Message } from './message.ts';
import { tunnelBlocks } from './tunnel-lines.ts';
import { restartButton } from './tunnel-restart-button.ts';
import { containerText, serverBlocks, type SeenServer } from './tunnel-server-lines.ts';

export interface TunnelPicture {
  /** Of the app, or why they can't be read. */
  readonly tunnels: AppTunnels | { readonly problem: string };
  readonly server: SeenServer;
  /** Whether the bot may be able to restart it: no Docker at all is no passing trouble. */
  readonly canRestart: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

const NO_TUNNEL = 'Cloudflare knows no tunnel that leads to the app.';
const SET_UP = 'Set one up in the Zero Trust dashboard, under Networks → Tunnels, and add a route to the app.';
const SPOKEN = 3;

/** The tunnels that the app uses as Cloudflare sees them, and the containers that run them as the server does. */
export function tunnelMessage({ tunnels, server, canRestart, now }: TunnelPicture): Message {
  const isThere = 'problem' in tunnels || tunnels.tunnels.length > 0;
  const runsElsewhere = 'containers' in server && server.containers.length === 0;
  return {
    text: escapeToFit(`${saysTunnels(tunnels)} ${saysServer(server)}`, 2500),
    blocks: [
      header(titleOf(tunnels)),
      ...('problem' in tunnels
        ? [plainSection(tunnels.problem, 800)]
        : tunnels.tunnels.length === 0
          ? [plainSection(saysNone(tunnels), 800)]
          : tunnelBlocks(tunnels, now)),
      // Before the log, which fills a phone.
      ...(isThere && canRestart && !runsElsewhere ? [buttons(restartButton({ isUrgent: !isHealthy(tunnels) }))] : []),
      ...serverBlocks(server),
    ],
  };
}

function isHealthy(tunnels: TunnelPicture['tunnels']): boolean {
  return 'tunnels' in tunnels && tunnels.tunnels.every(({ status }) => status === 'healthy');
}

function titleOf(tunnels: TunnelPicture['tunnels']): string {
  if ('problem' in tunnels) return '⚠️ The tunnel can’t be read';
  const { tunnels: all } = tunnels;
  const [only] = all;
  if (only === undefined) return '⚠️ There is no tunnel';
  const sick = all.filter(({ status }) => status !== 'healthy').length;
  if (all.length === 1) return `${sick === 0 ? '✅' : '⚠️'} ${fit(only.name, 80)} is ${only.status}`;
  if (sick === 0) return `✅ All ${all.length} tunnels are healthy`;
  return `⚠️ ${sick} of ${all.length} tunnels ${sick === 1 ? 'is' : 'are'} not healthy`;
}

function saysTunnels(tunnels: TunnelPicture['tunnels']): string {
  if ('problem' in tunnels) return `The tunnel can’t be read. ${fit(tunnels.problem, 500)}`;
  const { tunnels: all } = tunnels;
  if (all.length === 0) return saysNone(tunnels);
  const names = tunnelNames(all);
  // What is not well comes first.
  const sorted = all.toSorted((one, other) => Number(one.status === 'healthy') - Number(other.status === 'healthy'));
  const rest = all.length - SPOKEN;
  return [
    ...sorted
      .slice(0, SPOKEN)
      .map(({ id, status }) => `The tunnel ${fit(names.get(id) ?? '', 80)} is ${status}: ${STATUS_MEANS[status]}.`),
    ...(rest > 0 ? [`And ${rest} more.`] : []),
  ].join(' ');
}

/** How it was looked for says why there is none: a route may lead to one that was deleted. */
function saysNone({ basis }: AppTunnels): string {
  return [NO_TUNNEL, ...(basis === '' ? [] : [fit(basis, 500)]), SET_UP].join(' ');
}

function saysServer(server: SeenServer): string {
  if ('problem' in server) return fit(server.problem, 500);
  if (server.containers.length === 0) return 'No container on the server runs it.';
  const each = server.containers.slice(0, SPOKEN).map(({ container }) => containerText(container));
  const rest = server.containers.length - SPOKEN;
  return `On the server, ${each.join(', ')}${rest > 0 ? `, and there are ${rest} more containers` : ''}.`;
}
