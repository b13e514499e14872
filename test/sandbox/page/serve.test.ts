import { request } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { servePage, type Page } from '../../../sandbox/page/serve.ts';
import { startCheckedCloudflare } from '../../../sandbox/cloudflare/start-checked.ts';
import { startDocker } from '../../../sandbox/docker/start-docker.ts';
import { startSlack } from '../../../sandbox/slack/start-slack.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function start() {
  const slack = await startSlack();
  const cloudflare = await startCheckedCloudflare();
  const { account } = cloudflare;
  const connectorIds = account.tunnel().connectors.map(({ id }) => id);
  const docker = await startDocker({
    tunnels: account,
    tunnelId: account.ids.tunnel,
    connectorIds,
    comesBackAfterMs: 10,
  });
  ends.push(
    () => slack.stop(),
    () => cloudflare.stop(),
    () => docker.stop(),
  );
  const sandbox = { slack, cloudflare, docker };
  const page = await servePage({ port: 0, sandbox });
  ends.push(() => page.stop());
  return { page, sandbox };
}

/** As a browser would that was led here by another name or from another page: `fetch` does not let one set these. */
function ask(page: Page, path: string, headers: Record<string, string>, method = 'GET', body = ''): Promise<number> {
  const { hostname, port } = new URL(page.url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

it('serves the page and every part that it asks for', async () => {
  const { page } = await start();
  const html = await (await fetch(page.url)).text();
  const scripts = ['main', 'api', 'html', 'blocks', 'account'].map((name) => `/client/${name}.js`);
  const parts = [...html.matchAll(/"(\/(?:client|vendor)\/[^"]+)"/g)].map(([, path]) => path ?? '');

  expect(parts.length).toBeGreaterThan(5);
  for (const path of [...parts, ...scripts]) {
    const response = await fetch(`${page.url}${path}`);
    expect([path, response.status]).toEqual([path, 200]);
  }
});

it('refuses names that are not of this computer, and other origins', async () => {
  const { page } = await start();
  const { host, port } = new URL(page.url);

  expect(await ask(page, '/', { host })).toBe(200);
  expect(await ask(page, '/', { host: `localhost:${port}` })).toBe(200);
  expect(await ask(page, '/', { host: 'evil.example' })).toBe(403);
  expect(await ask(page, '/look?as=ben&at=dm', { host: `127.0.0.1.evil.example:${port}` })).toBe(403);
  expect(await ask(page, '/look?as=ben&at=dm', { host, origin: 'https://evil.example' })).toBe(403);
});

it('does nothing for a form of another page', async () => {
  const { page, sandbox } = await start();
  const { host } = new URL(page.url);
  const deed = JSON.stringify({ person: 'ben', act: 'says', text: 'hello', channel: 'C05APPROVE1' });
  const json = { host, 'content-type': 'application/json' };

  expect(await ask(page, '/act', { host, 'content-type': 'text/plain' }, 'POST', deed)).toBe(415);
  expect(await ask(page, '/act', { ...json, origin: 'null' }, 'POST', deed)).toBe(403);
  expect(sandbox.slack.messages('ocs-approvals')).toEqual([]);
  expect(await ask(page, '/act', { ...json, origin: page.url }, 'POST', deed)).toBe(200);
  expect(sandbox.slack.messages('ocs-approvals')).toHaveLength(1);
});

it('lets things happen on the server and in the account, and shows them', async () => {
  const { page, sandbox } = await start();
  const { account } = sandbox.cloudflare;
  const happen = async (name: string) => {
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(`${page.url}/happen/${name}`, { method: 'POST', headers })).status).toBe(200);
    return seen();
  };
  const seen = async () => {
    const look: unknown = await (await fetch(`${page.url}/look?as=cara&at=dm`)).json();
    return look;
  };

  expect(await seen()).toMatchObject({
    account: {
      tunnels: [
        {
          name: 'lantern-ocs',
          status: 'healthy',
          connectors: ['cloudflared 2026.3.0, 4 connections (fra08, ams01, fra12, ams07)'],
        },
      ],
      server: { containers: [{ name: 'cloudflared', state: 'running' }], comesBack: true },
      sessions: [
        { what: 'App', length: '8 h', note: '' },
        { what: 'WARP sign-in', length: '24 h', note: 'not used to sign in to the app' },
        { what: 'WARP network', length: '24 h', note: 'by the rule “Staff to Open Chat Studio”' },
      ],
    },
  });
  expect(await happen('lose-two-connections')).toMatchObject({
    account: { tunnels: [{ status: 'degraded', connectors: ['cloudflared 2026.3.0, 2 connections (fra08, ams01)'] }] },
  });
  expect(await happen('stop-cloudflared')).toMatchObject({
    account: {
      tunnels: [{ status: 'down', connectors: [] }],
      server: { containers: [{ name: 'cloudflared', state: 'exited' }] },
    },
  });
  await happen('start-cloudflared');
  await expect.poll(seen).toMatchObject({ account: { tunnels: [{ status: 'healthy' }] } });
  expect(await happen('never-comes-back')).toMatchObject({ account: { server: { comesBack: false } } });
  expect(await happen('comes-back')).toMatchObject({ account: { server: { comesBack: true } } });
  expect(await happen('delete-tunnel')).toMatchObject({ account: { tunnels: [{ status: 'deleted' }] } });
  expect(account.tunnel().deletedAt).not.toBeNull();
});

it('says what can happen, and lets nothing happen for a form of another page', async () => {
  const { page, sandbox } = await start();
  const { host } = new URL(page.url);

  const wrong = await fetch(`${page.url}/happen/rain`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });

  expect(wrong.status).toBe(400);
  expect(await wrong.json()).toMatchObject({ error: expect.stringMatching(/“rain”.*stop-cloudflared, /) });
  expect(await ask(page, '/happen/stop-cloudflared', { host }, 'POST')).toBe(415);
  const json = { host, 'content-type': 'application/json' };
  expect(await ask(page, '/happen/stop-cloudflared', { ...json, origin: 'https://evil.example' }, 'POST')).toBe(403);
  expect(sandbox.cloudflare.account.tunnel().status).toBe('healthy');
});

it('lists what was asked of Docker among the calls, in words', async () => {
  const { page, sandbox } = await start();
  const socketPath = sandbox.docker.host.replace('unix://', '');
  const { id } = sandbox.docker.container('cloudflared');
  for (const [method, path] of [
    ['GET', '/v1.44/containers/json?all=true'],
    ['GET', '/containers/cloudflared/json'],
    ['GET', `/containers/${id}/logs?stderr=1&tail=20`],
    ['POST', '/containers/cloudflared/restart?t=10'],
    ['GET', '/containers/x/top'],
  ]) {
    await new Promise((resolve) => request({ socketPath, method, path }, resolve).end());
  }

  const look = await (await fetch(`${page.url}/look?as=cara&at=dm`)).json();

  const { calls } = (look as { account: { calls: { to: string; says: string; status: number }[] } }).account;
  expect(calls.map(({ to, says, status }) => `${to}: ${says} (${status})`)).toEqual([
    'Docker: GET /containers/x/top (404)',
    'Docker: Restart the container “cloudflared” (204)',
    'Docker: Read the log of the container “cloudflared” (200)',
    'Docker: Look at the container “cloudflared” (200)',
    'Docker: List the containers (200)',
  ]);
});

it('shows a person only the places where they are', async () => {
  const { page, sandbox } = await start();
  sandbox.slack.as('cara').says('between us', { channel: 'ocs-audit' });
  const look = async (who: string) => (await fetch(`${page.url}/look?as=${who}&at=C05AUDIT001`)).json();

  expect(await look('cara')).toMatchObject({ messages: [{ text: 'between us' }] });
  expect(await look('gus')).toMatchObject({ messages: [] });
});

it('says in a sentence that there is no such person', async () => {
  const { page } = await start();

  const response = await fetch(`${page.url}/look?as=nobody&at=dm`);

  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: expect.stringContaining('no person "nobody"') });
});

it('serves no file beside the page', async () => {
  const { page } = await start();

  for (const path of [
    '/client/..%2f..%2fserve.ts',
    '/client/%2e%2e/serve.ts',
    '/vendor/../package.json',
    '/vendor/constructor',
  ]) {
    expect([path, await ask(page, path, { host: new URL(page.url).host })]).toEqual([path, 404]);
  }
});
