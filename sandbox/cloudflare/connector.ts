import { uuidFor } from './state.ts';
import type { Connector } from './state.ts';

const colos = ['fra08', 'ams01', 'fra12', 'ams07'];

/** Each cloudflared holds so many connections, spread over two places. */
export const connectionsEach = colos.length;

/** A cloudflared that has been running since `at`, with all its connections. */
export function startConnector(id: string, version: string, at: number): Connector {
  const conns = colos.map((colo, index) => ({
    id: uuidFor(`conn ${index} of ${id}`),
    colo,
    originIp: '203.0.113.24',
    openedAt: at,
  }));
  return { id, version, arch: 'linux_amd64', runAt: at, conns };
}
