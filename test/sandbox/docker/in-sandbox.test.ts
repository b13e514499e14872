import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import { createDockerServer } from '../../../src/server/docker.ts';
import { useSandbox, type TestSandbox } from '../../harness/use-sandbox.ts';

const start = useSandbox();

/** As the bot makes it from its variables. */
const serverOf = ({ env }: TestSandbox) => createDockerServer(loadConfig(env).docker);

it('has a server with as many cloudflared as the tunnel has connectors, and restarts them as one', async () => {
  const sandbox = await start({ parts: [], cloudflare: { replicas: 2 }, docker: { comesBackAfterMs: 10 } });
  const server = serverOf(sandbox);
  const connectors = () => sandbox.cloudflare.account.tunnel().connectors.map(({ id }) => id);
  const before = connectors();

  const containers = await server.containers();
  expect(containers.map(({ name }) => name)).toEqual([
    'open-chat-studio-cloudflared-1',
    'open-chat-studio-cloudflared-2',
  ]);
  for (const { id } of containers) await server.restart(id);

  await expect.poll(() => connectors().filter((id) => !before.includes(id)).length).toBe(2);
  expect(connectors()).toHaveLength(2);
  expect(sandbox.docker.restarts).toHaveLength(2);
});

it('has one with the version that the tunnel says', async () => {
  const sandbox = await start({ parts: [], cloudflare: { oldVersion: true } });

  expect(await serverOf(sandbox).containers()).toMatchObject([
    { name: 'cloudflared', image: 'cloudflare/cloudflared:2024.12.2' },
  ]);
});

it('has one also where the tunnel is not there', async () => {
  const sandbox = await start({ parts: [], cloudflare: { without: ['tunnel'] } });

  expect(await serverOf(sandbox).containers()).toMatchObject([{ name: 'cloudflared', state: 'running' }]);
});

it('can hide it from the bot', async () => {
  const sandbox = await start({ parts: [], docker: false });

  await expect(serverOf(sandbox).containers()).rejects.toMatchObject({ code: 'docker-unreachable' });
  sandbox.docker.stops('cloudflared');
  expect(sandbox.cloudflare.account.tunnel().status).toBe('down');
});

it('leaves no socket', async () => {
  const sandbox = await start({ parts: [] });
  const path = sandbox.docker.host.replace('unix://', '');
  expect(existsSync(path)).toBe(true);

  await sandbox.docker.stop();

  expect(existsSync(path)).toBe(false);
});
