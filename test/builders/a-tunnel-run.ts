import type { Actor } from '../../src/core/person.ts';
import type { Cloudflare, Store } from '../../src/core/ports.ts';
import type { Container, Server } from '../../src/core/server.ts';
import type { TunnelReport } from '../../src/core/tunnel.ts';
import { createRunRequest } from '../../src/jobs/run-request.ts';
import { steps } from '../../src/steps/registry.ts';
import { aHouse } from './a-house.ts';
import { CARA } from './a-request.ts';
import { aSnapshot } from './a-snapshot.ts';
import type { Fuse } from './fuse.ts';
import { createMemoryCloudflare } from './memory-cloudflare.ts';
import { createMemoryLocks } from './memory-locks.ts';
import { aContainer, createMemoryServer } from './memory-server.ts';
import { createMemoryVault } from './memory-vault.ts';
import { aTunnel } from './memory-settings.ts';

export interface TunnelRunOptions {
  readonly containers?: readonly Container[];
  /** Of one tunnel; each container runs the connector at its place. */
  readonly tunnel?: TunnelReport;
  /** How long Cloudflare takes to see a restarted one. Infinity: it never does. */
  readonly seenAfterMs?: number;
  /** What the containers wrote, in place of the two lines of the server in memory. */
  readonly log?: readonly string[];
}

/** Restarts of a tunnel over a server and an account in memory, where a restarted cloudflared comes back some time later. */
export function aTunnelRun({
  containers = [aContainer()],
  tunnel = aTunnel(),
  seenAfterMs = 14_000,
  log,
}: TunnelRunOptions = {}) {
  const memory = createMemoryServer(containers);
  const server = log === undefined ? memory : { ...memory, logs: async () => log };
  const snapshot = { ...aSnapshot(), tunnels: { tunnels: [tunnel], basis: 'The route leads through it.' } };
  const house = aHouse({ snapshot, server });
  const { store, clock } = house;
  const cloudflare = createMemoryCloudflare(snapshot);
  const locks = createMemoryLocks();
  const bugs: unknown[] = [];
  const comingBack: { readonly id: string; readonly at: number }[] = [];
  let connectors = tunnel.connectors;
  let count = connectors.length;

  const show = (): void => {
    const status = connectors.length === containers.length ? 'healthy' : connectors.length > 0 ? 'degraded' : 'down';
    cloudflare.setTunnels([{ ...tunnel, status, connectors }]);
  };
  server.afterRestart((id) => {
    const gone = containers.findIndex((container) => container.id === id);
    connectors = connectors.filter((one) => one.id !== `connector-${gone + 1}`);
    comingBack.push({ id, at: clock.now() + seenAfterMs });
    show();
  });
  cloudflare.intercept('before', (call) => {
    if (call !== 'tunnels -') return;
    while ((comingBack[0]?.at ?? Infinity) <= clock.now()) {
      comingBack.shift();
      count += 1;
      connectors = [
        ...connectors,
        { id: `connector-${count}`, version: '2026.3.0', runAt: undefined, connections: [] },
      ];
      show();
    }
  });

  /** A process that takes requests up. Killed where the fuse burns; the locks of a killed one have run out by the next. */
  function worker(fuse?: Fuse) {
    const wrap = <T extends object>(port: T): T => fuse?.wrap(port) ?? port;
    return createRunRequest({
      steps,
      store: wrap<Store>(store),
      stays: store,
      cloudflare: wrap<Cloudflare>(cloudflare),
      server: wrap<Server>(server),
      vault: createMemoryVault(),
      posts: { enqueue: async () => undefined },
      timers: { set: async () => undefined },
      locks: fuse === undefined ? locks : createMemoryLocks(),
      clock,
      onBug: (error) => bugs.push(error),
    });
  }

  async function stored(id: string) {
    const found = await store.load(id);
    if (found === undefined) throw new Error(`${id} is gone.`);
    return found;
  }

  return {
    ...house,
    server,
    cloudflare,
    bugs,
    worker,
    stored,
    askRestart: (by: Actor = CARA) => house.ask('tunnel-restart', {}, by),
    /** To the end, taken up again at each moment that it names. */
    async run(id: string) {
      for (let goes = 1; goes <= 100; goes += 1) {
        const result = await worker()(id);
        if (result.kind === 'over') return stored(id);
        clock.advanceTo(result.at);
      }
      throw new Error('The run does not end.');
    },
    /** Sentences of the audit log from the run on. */
    told: () => store.entries.filter(({ kind }) => kind.startsWith('run.')).map(({ says }) => says),
  };
}
