import { afterEach, describe, expect, it } from 'vitest';
import { startCheckedCloudflare } from '../../../sandbox/cloudflare/start-checked.ts';
import type { CloudflareOptions, CloudflareSandbox } from '../../../sandbox/cloudflare/server.ts';
import type { SeedOptions } from '../../../sandbox/cloudflare/seed-options.ts';
import { clientFor, refusal } from './client.ts';

const MINUTE = 60_000;
const NOW = Date.parse('2026-03-02T09:00:00Z');

let cf: CloudflareSandbox;
let now = NOW;
afterEach(() => cf.stop());

async function start(seed: SeedOptions = {}, options: CloudflareOptions = {}) {
  now = NOW;
  cf = await startCheckedCloudflare({ seed, now: () => now, ...options });
  const client = clientFor(cf);
  const { accountId: account_id, account } = cf;
  const { cloudflared } = client.zeroTrust.tunnels;
  /** What the platform says of a tunnel; how many connections each of its connectors has. */
  const look = async (id: string = account.ids.tunnel) => {
    const {
      status,
      conns_active_at: activeAt,
      conns_inactive_at: inactiveAt,
    } = await cloudflared.get(id, { account_id });
    const { result } = await cloudflared.connections.get(id, { account_id });
    return { status, activeAt, inactiveAt, connections: result.map(({ conns }) => conns?.length) };
  };
  return { account, account_id, client, look, networks: client.zeroTrust.networks };
}

async function edit(name: string, body: object = {}): Promise<unknown> {
  const url = new URL(`/_sandbox/edit/${name}`, cf.url);
  return (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).json();
}

const THREE_DAYS_AGO = '2026-02-27T09:00:00Z';
const LATER = '2026-03-02T09:01:00Z';

describe('a tunnel', () => {
  it('goes down with its last connector, and comes back with another', async () => {
    const { account, look } = await start();
    const [first] = account.tunnel().connectors;
    now += MINUTE;

    account.tunnelLosesConnectors(account.ids.tunnel);
    await expect(look()).resolves.toEqual({ status: 'down', activeAt: null, inactiveAt: LATER, connections: [] });

    now += MINUTE;
    const id = account.tunnelGainsConnector(account.ids.tunnel);
    expect(id).not.toBe(first?.id);
    const healthy = { status: 'healthy', activeAt: '2026-03-02T09:02:00Z', inactiveAt: null, connections: [4] };
    await expect(look()).resolves.toEqual(healthy);
  });

  it('stays healthy while one of its replicas is left', async () => {
    const { account, look } = await start({ replicas: 2 });
    const [one, other] = account.tunnel().connectors.map(({ id }) => id);

    account.tunnelLosesConnectors(account.ids.tunnel, [one ?? '', 'nobody']);

    const left = { status: 'healthy', activeAt: THREE_DAYS_AGO, inactiveAt: null, connections: [4] };
    await expect(look()).resolves.toEqual(left);
    account.tunnelLosesConnectors(account.ids.tunnel, [other ?? '']);
    expect((await look()).status).toBe('down');
  });

  it('is degraded while some of its connections are gone', async () => {
    const { account, look } = await start({ replicas: 2 });

    account.tunnelLosesConnections(account.ids.tunnel, 1);
    const degraded = { status: 'degraded', activeAt: THREE_DAYS_AGO, inactiveAt: null, connections: [3, 4] };
    await expect(look()).resolves.toEqual(degraded);

    account.tunnelLosesConnections(account.ids.tunnel, 3);
    expect(await look()).toMatchObject({ status: 'healthy', connections: [4] });
  });

  it('that has never run stays inactive until it does', async () => {
    const { account, look } = await start({ tunnel: 'inactive' });
    const inactive = { status: 'inactive', activeAt: null, inactiveAt: '2025-08-14T09:00:00Z', connections: [] };

    account.tunnelLosesConnectors(account.ids.tunnel);
    await expect(look()).resolves.toEqual(inactive);

    account.tunnelGainsConnector(account.ids.tunnel);
    expect(await look()).toMatchObject({ status: 'healthy', inactiveAt: null });
  });

  it.each([
    ['healthy', [4]],
    ['degraded', [2]],
    ['down', []],
    ['inactive', []],
  ] as const)('can be made %s from whatever it is', async (status, connections) => {
    const { account, look } = await start();
    for (const before of ['down', 'degraded', 'inactive', 'healthy'] as const) {
      account.setTunnelStatus(before);
      account.setTunnelStatus(status);

      // oxlint-disable-next-line no-await-in-loop -- one after another is what is tested
      expect(await look()).toMatchObject({ status, connections });
    }
  });

  it('runs the version that is on its server, until another is installed', async () => {
    const { account } = await start({ oldVersion: true });
    const versions = () => account.tunnel().connectors.map(({ version }) => version);
    expect(versions()).toEqual(['2024.12.2']);

    account.tunnelGainsConnector(account.ids.tunnel);
    account.tunnelGainsConnector(account.ids.tunnel, { version: '2026.2.0' });
    account.tunnelGainsConnector(account.ids.tunnel);

    expect(versions()).toEqual(['2024.12.2', '2024.12.2', '2026.2.0', '2026.2.0']);
  });

  it('that was deleted is listed no more, and takes no connector', async () => {
    const { account, account_id, client, networks } = await start();

    account.deleteTunnel();
    account.tunnelGainsConnector(account.ids.tunnel);
    account.tunnelGainsConnector('6a0b3c52-7a57-4b4e-9a55-000000000000');
    account.tunnelLosesConnectors('6a0b3c52-7a57-4b4e-9a55-000000000000');

    const listed = await client.zeroTrust.tunnels.cloudflared.list({ account_id, is_deleted: false });
    expect(listed.result).toEqual([]);
    expect(account.tunnel()).toMatchObject({ connectors: [], deletedAt: NOW, status: 'down' });
    const routes = await networks.routes.list({ account_id, is_deleted: false });
    expect(routes.result.map(({ tunnel_id: id }) => id)).toEqual([account.ids.tunnel]);
  });

  it('can have a namesake', async () => {
    const { account } = await start({ secondTunnel: true });

    expect(account.tunnel(account.ids.secondTunnel).name).toBe(account.tunnel().name);
    expect(() => account.tunnel('nothing')).toThrow('no tunnel nothing');
  });

  it('can be handled with curl', async () => {
    const { account, look } = await start();
    await edit('tunnelLosesConnections');
    expect((await look()).status).toBe('degraded');
    await edit('tunnelLosesConnectors', { tunnel: account.ids.tunnel });
    expect((await look()).status).toBe('down');
    const { result } = (await edit('tunnelGainsConnector')) as { result: string };
    expect(account.tunnel().connectors.map(({ id }) => id)).toEqual([result]);
    await edit('deleteTunnel');
    expect(account.tunnel().deletedAt).toBe(NOW);
  });

  it('says what it publishes, and that everything else is refused', async () => {
    const { account, account_id, client } = await start();
    account.tunnel().ingress = [{ hostname: 'ocs.lanternhealth.example', service: 'http://localhost:8000' }];
    const { configurations } = client.zeroTrust.tunnels.cloudflared;

    const read = await configurations.get(account.ids.tunnel, { account_id });

    expect(read).toMatchObject({
      tunnel_id: account.ids.tunnel,
      source: 'cloudflare',
      config: { ingress: [{ hostname: 'ocs.lanternhealth.example' }, { service: 'http_status:404' }] },
    });
    const none = configurations.get('6a0b3c52-7a57-4b4e-9a55-000000000000', { account_id });
    expect(await refusal(none)).toMatchObject({ status: 404 });
  });
});

describe('network routes', () => {
  it('include deleted ones unless told not to', async () => {
    const { account_id, networks } = await start({ secondTunnel: true });
    const list = async (query: object) =>
      (await networks.routes.list({ account_id, ...query })).result.map(({ network }) => network);

    expect(await list({})).toEqual(['10.20.0.0/16', '10.30.0.0/16', '10.20.0.0/24']);
    expect(await list({ is_deleted: false })).toEqual(['10.20.0.0/16', '10.30.0.0/16']);
    expect(await list({ is_deleted: true })).toEqual(['10.20.0.0/24']);
  });

  it('can be asked for by tunnel, virtual network and id, page by page', async () => {
    const { account, account_id, networks } = await start({ secondTunnel: true });
    const list = (query: object) => networks.routes.list({ account_id, is_deleted: false, ...query });

    const second = await list({ tunnel_id: account.ids.secondTunnel });
    expect(second.result).toMatchObject([{ network: '10.30.0.0/16', tunnel_name: 'lantern-ocs', deleted_at: null }]);
    expect((await list({ route_id: second.result[0]?.id })).result).toEqual(second.result);
    expect((await list({ virtual_network_id: account.ids.tunnel })).result).toEqual([]);
    const page = await list({ page: 2, per_page: 1 });
    expect(page.result).toEqual(second.result);
    expect(page.result_info).toMatchObject({ page: 2, per_page: 1, total_count: 2 });
    expect((await list({ page: 3, per_page: 1 })).result).toEqual([]);
  });

  it('are not filtered by what the sandbox does not know', async () => {
    const { account_id, networks } = await start();

    const asked = networks.routes.list({ account_id, network_superset: '10.20.0.5/32' });

    expect(await refusal(asked)).toMatchObject({ status: 400 });
  });

  it('are none where nothing leads through the tunnels', async () => {
    const { account_id, networks } = await start({ routes: 'none', hostnameRoute: true });

    expect((await networks.routes.list({ account_id })).result).toEqual([]);
    expect((await networks.hostnameRoutes.list({ account_id })).result).toEqual([]);
  });
});

describe('hostname routes', () => {
  it('leave deleted ones out unless told otherwise', async () => {
    const { account, account_id, networks } = await start({ hostnameRoute: true });
    const list = async (query: object = {}) => (await networks.hostnameRoutes.list({ account_id, ...query })).result;
    const [route] = account.state.hostnameRoutes.values();
    expect(await list()).toMatchObject([{ hostname: 'ocs.lantern.internal', tunnel_id: account.ids.tunnel }]);
    expect(await list({ tunnel_id: account.ids.secondTunnel })).toEqual([]);

    if (route !== undefined) route.deletedAt = NOW;

    expect(await list()).toEqual([]);
    expect(await list({ is_deleted: true })).toHaveLength(1);
  });

  it('are an empty page in an account without any', async () => {
    const { account_id, networks } = await start();

    expect((await networks.hostnameRoutes.list({ account_id })).result).toEqual([]);
  });
});

it.each([
  ['Cloudflare Tunnel Read', [200, 200, 200]],
  ['Cloudflare Tunnel Write', [200, 200, 200]],
  ['Cloudflare One Networks Read', [403, 200, 200]],
  ['Cloudflare One Connectors Read', [200, 403, 403]],
  ['Zero Trust Read', [403, 403, 403]],
] as const)('“%s” permits as much as it should', async (permission, statuses) => {
  const { account_id } = await start({ permissions: [permission] });
  const status = async (path: string) => {
    const headers = { authorization: `Bearer ${cf.token}` };
    return (await fetch(`${cf.url}/accounts/${account_id}/${path}`, { headers })).status;
  };

  const paths = ['cfd_tunnel', 'teamnet/routes', 'zerotrust/routes/hostname'];
  expect(await Promise.all(paths.map(status))).toEqual(statuses);
});
