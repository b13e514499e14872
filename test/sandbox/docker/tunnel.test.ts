import { describe, expect, it, onTestFinished } from 'vitest';
import { ids } from '../../../sandbox/cloudflare/seed-ids.ts';
import type { SeedOptions } from '../../../sandbox/cloudflare/seed-options.ts';
import { startCheckedCloudflare } from '../../../sandbox/cloudflare/start-checked.ts';
import { startDocker, type DockerOptions } from '../../../sandbox/docker/start-docker.ts';
import { aServer } from '../../builders/a-docker.ts';

/** A server that runs the cloudflared of the sandbox Cloudflare's tunnel. */
async function aTunnel(seed: SeedOptions = {}, options: DockerOptions = {}) {
  const cf = await startCheckedCloudflare({ seed });
  onTestFinished(() => cf.stop());
  const { account } = cf;
  const connectors = () => account.tunnel().connectors.map(({ id }) => id);
  const status = () => account.tunnel().status;
  /** After each change that came from the server. */
  const seen: string[] = [];
  const docker = await startDocker({
    tunnels: {
      tunnelLosesConnectors: (...given) => {
        account.tunnelLosesConnectors(...given);
        seen.push(status());
      },
      tunnelGainsConnector: (...given) => {
        const id = account.tunnelGainsConnector(...given);
        seen.push(status());
        return id;
      },
    },
    tunnelId: ids.tunnel,
    connectorIds: connectors(),
    comesBackAfterMs: 20,
    ...options,
  });
  onTestFinished(docker.stop);
  return { docker, connectors, status, seen, server: aServer(docker.host) };
}

describe('a container of cloudflared and its tunnel', () => {
  it('go down together, and come back with another connector', async () => {
    const { docker, server, connectors, seen } = await aTunnel();
    const [{ id } = { id: '' }] = await server.containers();
    const before = connectors();

    await server.restart(id);

    await expect.poll(() => seen).toEqual(['down', 'healthy']);
    expect(connectors()).toHaveLength(1);
    expect(connectors()).not.toEqual(before);
    expect(docker.container('cloudflared').connectorId).toBe(connectors()[0]);
  });

  it('have a token that names the tunnel', async () => {
    const { server } = await aTunnel();

    expect(await server.containers()).toMatchObject([
      { tunnelId: ids.tunnel, image: 'cloudflare/cloudflared:2026.3.0' },
    ]);
  });

  it('stay up with one replica while the other restarts', async () => {
    const { docker, server, connectors, seen } = await aTunnel({ replicas: 2 });
    const [first, second] = await server.containers();
    const before = connectors();

    await server.restart(first?.id ?? '');

    await expect.poll(() => seen).toEqual(['healthy', 'healthy']);
    expect(connectors()).toEqual([before[1], expect.any(String)]);
    expect(connectors()).not.toContain(before[0]);
    expect(docker.container(second?.name ?? '').connectorId).toBe(before[1]);
  });

  it('have as many connectors as replicas, where the tunnel is up', async () => {
    const { connectors } = await aTunnel({}, { replicas: 3 });
    const { connectors: none, docker } = await aTunnel({ tunnel: 'down' }, { replicas: 2 });

    expect(connectors()).toHaveLength(3);
    expect(none()).toEqual([]);
    expect(docker.containers().map(({ state }) => state)).toEqual(['running', 'running', 'running']);
  });

  it('come up by a restart where the connection was lost', async () => {
    const { server, status } = await aTunnel({ tunnel: 'down' });
    const [{ id } = { id: '' }] = await server.containers();

    await server.restart(id);

    await expect.poll(status).toBe('healthy');
  });

  it('stay down where it never comes back, and its log says what it tries', async () => {
    const { docker, server, status } = await aTunnel();
    docker.neverComesBack();
    const [{ id } = { id: '' }] = await server.containers();

    await server.restart(id);

    await expect.poll(async () => (await server.logs(id, 1))[0]).toContain('INF Retrying connection in up to 4s');
    expect(status()).toBe('down');
    docker.recovers();
    await server.restart(id);
    await expect.poll(status).toBe('healthy');
  });

  it('stay down while it is stopped, also if it is stopped before it was back', async () => {
    const { docker, server, status } = await aTunnel();
    const [{ id } = { id: '' }] = await server.containers();
    await server.restart(id);

    docker.stops('cloudflared');

    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(status()).toBe('down');
    expect(await server.containers()).toMatchObject([{ state: 'exited', exitCode: 0 }]);
    docker.starts('cloudflared');
    await expect.poll(status).toBe('healthy');
  });

  it('go down with a crash, which the log explains', async () => {
    const { docker, server, status } = await aTunnel();

    docker.crashes('cloudflared');

    expect(status()).toBe('down');
    const [container] = await server.containers();
    expect(container).toMatchObject({ state: 'exited', exitCode: 1 });
    expect((await server.logs(container?.id ?? '', 1))[0]).toContain('ERR Initiating shutdown error="Unauthorized');
  });

  it('have no two starts at one moment, even where the clock stands still', async () => {
    const { docker, server } = await aTunnel({}, { now: () => Date.parse('2026-11-21T09:00:00Z') });
    const [before] = await server.containers();

    await server.restart(before?.id ?? '');
    const [after] = await server.containers();
    await server.restart(before?.id ?? '');
    const [last] = await server.containers();

    const [one = '', two = '', three = ''] = [before, after, last].map((container) => container?.startedAt);
    expect([two > one, three > two]).toEqual([true, true]);
    expect(docker.restarts.map(({ at }) => new Date(at).toISOString())).toEqual(
      Array(2).fill('2026-11-21T09:00:00.000Z'),
    );
  });
});
