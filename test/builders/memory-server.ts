import type { Container, Server } from '../../src/core/server.ts';

export function aContainer(changes: Partial<Container> = {}): Container {
  return {
    id: 'c0ffee01',
    name: 'cloudflared',
    state: 'running',
    startedAt: '2026-11-18T08:00:00.000000001Z',
    image: 'cloudflare/cloudflared:2026.3.0',
    restarts: 0,
    ...changes,
  };
}

export interface MemoryServer extends Server {
  /** Ids, in order. */
  readonly restarted: readonly string[];
  /** Somebody changes it on the server. */
  change(id: string, changes: Partial<Container>): void;
  /** Runs before each call; what it throws, the call throws. */
  intercept(on: (call: keyof Server) => void | Promise<void>): void;
  /** Runs once a container was restarted. */
  afterRestart(on: (id: string) => void): void;
}

/** A Docker Engine in memory: a restart moves `startedAt` on by a minute each time. */
export function createMemoryServer(containers: readonly Container[] = [aContainer()]): MemoryServer {
  const known = new Map(containers.map((container) => [container.id, container]));
  const restarted: string[] = [];
  const before: ((call: keyof Server) => void | Promise<void>)[] = [];
  const after: ((id: string) => void)[] = [];
  const answer = async <T>(call: keyof Server, carryOut: () => T): Promise<T> => {
    for (const on of before) await on(call);
    return carryOut();
  };
  const change = (id: string, changes: Partial<Container>): void => {
    const container = known.get(id);
    if (container === undefined) throw new Error(`There is no container ${id}.`);
    known.set(id, { ...container, ...changes });
  };
  return {
    restarted,
    change,
    intercept: (on) => void before.push(on),
    afterRestart: (on) => void after.push(on),
    byHand: 'docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared',
    containers: () => answer('containers', () => [...known.values()]),
    logs: (_id, lines) => answer('logs', () => ['INF Registered tunnel connection', 'ERR Lost it'].slice(-lines)),
    restart: (id) =>
      answer('restart', () => {
        restarted.push(id);
        const minute = String(restarted.length % 60).padStart(2, '0');
        change(id, { state: 'running', startedAt: `2026-11-21T09:${minute}:00.000000001Z` });
        for (const on of after) on(id);
      }),
  };
}
