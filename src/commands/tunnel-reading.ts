import type { Container } from '../core/server.ts';
import type { AppTunnels } from '../core/tunnel.ts';
import type { SeenContainer, SeenServer } from '../slack/tunnel-server-lines.ts';
import type { Desk } from './desk.ts';
import { latestMoment, readInTime } from './read-in-time.ts';

const LOG_LINES = 20;

export interface TunnelReading {
  readonly tunnels: AppTunnels | { readonly problem: string };
  readonly server: SeenServer;
  /** False: what keeps the bot from the server does not pass by itself. */
  readonly canRestart: boolean;
}

interface Options {
  /** Does not fail. */
  readonly withLogs: Promise<boolean>;
}

/**
 * What Cloudflare and the server say, read side by side, while it is found out whether the logs are wanted too. Whatever
 * fails or is late is said in its place; never throws.
 */
export async function readTunnel(desk: Desk, options: Options): Promise<TunnelReading> {
  const [tunnels, server] = await Promise.all([
    readInTime(desk.cloudflare.appTunnels(), 'Cloudflare', desk),
    readServer(desk, options),
  ]);
  return { tunnels: 'value' in tunnels ? tunnels.value : tunnels, ...server };
}

async function readServer(desk: Desk, options: Options): Promise<Omit<TunnelReading, 'tunnels'>> {
  const until = latestMoment();
  const [read, withLogs] = await Promise.all([
    readInTime(desk.server.containers(), 'The server', desk, until),
    options.withLogs,
  ]);
  if ('problem' in read) {
    return { server: { problem: read.problem, byHand: desk.server.byHand }, canRestart: !read.isLasting };
  }
  const containers = await Promise.all(
    read.value.map(async (container): Promise<SeenContainer> => {
      if (!withLogs) return { container, log: undefined };
      return { container, log: await readLog(container, desk, until) };
    }),
  );
  return { server: { containers }, canRestart: true };
}

async function readLog({ id }: Container, desk: Desk, until: number): Promise<SeenContainer['log']> {
  const read = await readInTime(desk.server.logs(id, LOG_LINES), 'The server', desk, until);
  return 'value' in read ? { lines: read.value } : read;
}
