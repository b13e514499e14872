import type { KnownBlock } from '@slack/types';
import { tunnelNames } from '../core/tunnel-names.ts';
import { isOutdated, STATUS_MEANS, type AppTunnels, type Connector, type TunnelReport } from '../core/tunnel.ts';
import { note } from './blocks.ts';
import { escapeToFit } from './escape.ts';
import { firstWithin } from './first-within.ts';
import { fit } from './fit.ts';
import { bold, lengthOf, line, list, rich, when, type Part } from './rich.ts';

const TUNNELS = 10;
/** For the replicas of all tunnels together: a message holds about 13,000 characters, and the logs need some of them. */
const REPLICAS_CHARACTERS = 3500;
const PLACES = 8;

/** Each tunnel with its replicas, and how it was found that the app uses them. */
export function tunnelBlocks({ tunnels, basis }: AppTunnels, now: number): KnownBlock[] {
  const names = tunnelNames(tunnels);
  const how = escapeToFit(basis, 500);
  const shown = tunnels.slice(0, TUNNELS);
  const room = REPLICAS_CHARACTERS / Math.max(1, shown.length);
  const rest = tunnels.length - shown.length;
  return [
    ...shown.map((tunnel) => tunnelBlock(tunnel, names.get(tunnel.id) ?? tunnel.name, { now, room })),
    ...(rest > 0 ? [note(`And ${rest} more. “/ocs-access tunnel” with a name shows one of them.`)] : []),
    ...(how === '' ? [] : [note(how)]),
  ];
}

interface Drawing {
  readonly now: number;
  /** Characters for its replicas. */
  readonly room: number;
}

function tunnelBlock(tunnel: TunnelReport, name: string, { now, room }: Drawing): KnownBlock {
  const { status, connectors } = tunnel;
  const items = connectors.map((connector) => replica(connector, now));
  const { shown, rest } = firstWithin(items, room, lengthOf);
  const more = rest.length === 0 ? [] : [[`and ${rest.length} more`]];
  return rich(
    line(bold(fit(name, 80)), ` is ${status}: ${STATUS_MEANS[status]}.`, ...since(tunnel), ` ${replicas(connectors)}`),
    ...(items.length === 0 ? [] : [list('bullet', [...shown, ...more])]),
  );
}

function since({ status, activeAt, inactiveAt }: TunnelReport): Part[] {
  const isUp = status === 'healthy' || status === 'degraded';
  const at = isUp ? activeAt : inactiveAt;
  if (at === undefined || status === 'unknown') return [];
  return [isUp ? ' Connected since ' : ' Without a connection since ', when(at), '.'];
}

function replicas({ length }: readonly Connector[]): string {
  if (length === 0) return 'No replica of cloudflared is connected.';
  return length === 1 ? '1 replica of cloudflared:' : `${length} replicas of cloudflared:`;
}

function replica({ version, runAt, connections }: Connector, now: number): Part[] {
  const what = version === '' ? 'Version unknown' : `Version ${fit(version, 40)}`;
  const support = isOutdated(version, now) ? ' (outdated: Cloudflare no longer supports it)' : '';
  return [
    `${what}${support}`,
    ...(runAt === undefined ? [] : [', runs since ', when(runAt)]),
    connections.length === 0 ? ', without a connection now' : `, connected to ${places(connections)}`,
  ];
}

/** `fra08 ×2, ams01` */
function places(connections: Connector['connections']): string {
  const counts = new Map<string, number>();
  for (const { colo } of connections) counts.set(colo, (counts.get(colo) ?? 0) + 1);
  const sorted = [...counts].toSorted(([one, many], [other, more]) => more - many || (one < other ? -1 : 1));
  const rest = sorted.length - PLACES;
  const shown = sorted
    .slice(0, PLACES)
    .map(([colo, count]) => `${fit(colo, 20) || 'an unknown place'}${count === 1 ? '' : ` ×${count}`}`);
  return [...shown, ...(rest > 0 ? [`${rest} more places`] : [])].join(', ');
}
