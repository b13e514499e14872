import { afterEach, describe, expect, it } from 'vitest';
import { ids } from '../../sandbox/cloudflare/seed-ids.ts';
import type { CloudflareOptions } from '../../sandbox/cloudflare/server.ts';
import { failureOf, NOW, startAdapter, type Started } from './start-adapter.ts';

const DAY = 86_400_000;

let started: Started | undefined;
afterEach(() => started?.cf.stop());

async function start(options: CloudflareOptions = {}): Promise<Started> {
  started = await startAdapter({ now: () => NOW, ...options });
  return started;
}

const answering = (result: unknown) => ({
  mangle: () => ({ success: true, errors: [], messages: [], result }),
});

describe('tunnels', () => {
  it.each(['healthy', 'degraded'] as const)('that are %s say since when they have a connection', async (status) => {
    const { cloudflare, routes } = await start({ seed: { tunnel: status } });

    await expect(cloudflare.tunnels()).resolves.toStrictEqual([
      { id: ids.tunnel, name: 'lantern-ocs', status, activeAt: NOW - 3 * DAY },
    ]);
    expect(routes()).toEqual(['GET cfd_tunnel']);
  });

  it.each([
    ['down', NOW - DAY],
    ['inactive', NOW - 200 * DAY],
  ] as const)('that are %s say since when they have none', async (status, inactiveAt) => {
    const { cloudflare } = await start({ seed: { tunnel: status } });

    await expect(cloudflare.tunnels()).resolves.toStrictEqual([
      { id: ids.tunnel, name: 'lantern-ocs', status, inactiveAt },
    ]);
  });

  it('with the same name are told apart, and the deleted namesake is left out', async () => {
    const { cloudflare } = await start({ seed: { secondTunnel: true } });

    const tunnels = await cloudflare.tunnels();

    expect(tunnels.map(({ id, name }) => [id, name])).toEqual([
      [ids.tunnel, 'lantern-ocs'],
      [ids.secondTunnel, 'lantern-ocs'],
    ]);
  });

  it('may have a status of tomorrow, no name and times that are none', async () => {
    const { cf, cloudflare } = await start();
    const row = { id: 't1', name: null, status: 'sleeping', conns_active_at: 'soon', conns_inactive_at: null };
    cf.faults.add({ path: 'cfd_tunnel', ...answering([row, { id: 't2', name: 'x' }]) });

    await expect(cloudflare.tunnels()).resolves.toStrictEqual([
      { id: 't1', name: 't1', status: 'unknown' },
      { id: 't2', name: 'x', status: 'unknown' },
    ]);
    cf.violations.length = 0;
  });

  it('are none in an account without any', async () => {
    const { cf, cloudflare } = await start();
    cf.account.state.tunnels.clear();

    await expect(cloudflare.tunnels()).resolves.toEqual([]);
  });
});

describe('connectors', () => {
  it('come with their connections, in one call', async () => {
    const { cloudflare, routes } = await start({ seed: { replicas: 2 } });

    const connectors = await cloudflare.connectors(ids.tunnel);

    const openedAt = NOW - 3 * DAY;
    const connections = ['fra08', 'ams01', 'fra12', 'ams07'].map((colo) => ({ colo, openedAt }));
    const connector = { id: expect.any(String), version: '2026.3.0', runAt: openedAt, connections };
    expect(connectors).toStrictEqual([connector, connector]);
    expect(new Set(connectors.map(({ id }) => id)).size).toBe(2);
    expect(routes()).toEqual([`GET cfd_tunnel/${ids.tunnel}/connections`]);
  });

  it.each(['down', 'inactive'] as const)('are none of a tunnel that is %s', async (tunnel) => {
    const { cloudflare } = await start({ seed: { tunnel } });

    await expect(cloudflare.connectors(ids.tunnel)).resolves.toEqual([]);
  });

  it('are none of a tunnel that is gone', async () => {
    const { cf, cloudflare } = await start();
    cf.account.deleteTunnel();

    await expect(cloudflare.connectors(ids.tunnel)).resolves.toEqual([]);
    await expect(cloudflare.connectors('6a0b3c52-7a57-4b4e-9a55-000000000000')).resolves.toEqual([]);
  });

  it('do not count connections that broke, nor connectors that have no other', async () => {
    const { cf, cloudflare } = await start();
    const alive = { colo_name: 'fra08', opened_at: '2026-03-01T09:00:00Z', is_pending_reconnect: false };
    const broken = { ...alive, is_pending_reconnect: true };
    const rows = [
      { id: 'c1', version: '2026.3.0', run_at: '2026-03-01T09:00:00Z', conns: [alive, broken] },
      { id: 'c2', version: '2026.3.0', run_at: '2026-03-01T09:00:00Z', conns: [broken] },
    ];
    cf.faults.add({ path: 'connections', ...answering(rows) });

    const connectors = await cloudflare.connectors(ids.tunnel);

    expect(connectors).toMatchObject([{ id: 'c1', connections: [{ colo: 'fra08', openedAt: NOW - DAY }] }]);
    expect(connectors[0]?.connections).toHaveLength(1);
    cf.violations.length = 0;
  });

  it('may lack everything but an id', async () => {
    const { cf, cloudflare } = await start();
    const rows = [
      { id: 'c1', version: null, run_at: null, conns: [{ colo_name: null, opened_at: null }] },
      { id: 'c2', conns: null },
    ];
    cf.faults.add({ path: 'connections', ...answering(rows) });
    cf.faults.add({ path: 'connections', ...answering(null) });

    await expect(cloudflare.connectors(ids.tunnel)).resolves.toStrictEqual([
      { id: 'c1', version: '', runAt: undefined, connections: [{ colo: '', openedAt: undefined }] },
    ]);
    await expect(cloudflare.connectors(ids.tunnel)).resolves.toEqual([]);
    cf.violations.length = 0;
  });

  it('are not taken for gone where they can’t be read just now', async () => {
    const { cf, cloudflare } = await start();
    cf.faults.add({ path: 'connections', status: 503 });

    const failure = await failureOf(cloudflare.connectors(ids.tunnel));

    expect(failure).toMatchObject({ name: 'TransientError', code: 'cloudflare-unavailable' });
  });

  it('name the permission that they need', async () => {
    const { cf, cloudflare } = await start();
    cf.account.removePermission('Cloudflare Tunnel Read');

    const failure = await failureOf(cloudflare.connectors(ids.tunnel));

    expect(failure.message).toContain('lacks the permission “Cloudflare Tunnel → Read”');
  });
});
