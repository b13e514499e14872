import { afterEach, describe, expect, it } from 'vitest';
import type { CloudflareOptions, CloudflareSandbox } from '../../../sandbox/cloudflare/server.ts';
import { startCloudflare } from '../../../sandbox/cloudflare/server.ts';
import { clientFor, refusal } from './client.ts';

let cf: CloudflareSandbox;
afterEach(() => cf.stop());

async function start(options: CloudflareOptions = {}) {
  cf = await startCloudflare(options);
  const headers = { authorization: `Bearer ${cf.token}` };
  const get = (path: string, sent: Record<string, string> = headers) => fetch(`${cf.url}${path}`, { headers: sent });
  return { client: clientFor(cf), account_id: cf.accountId, get };
}

describe('tokens', () => {
  it('verify on the route of their own kind only', async () => {
    const { client, account_id } = await start();
    await expect(client.accounts.tokens.verify({ account_id })).resolves.toMatchObject({ status: 'active' });
    expect(await refusal(client.user.tokens.verify())).toMatchObject({ status: 401, code: 1000 });

    cf.reset({ tokenKind: 'user' });
    await expect(client.user.tokens.verify()).resolves.toMatchObject({ status: 'active' });
    expect(await refusal(client.accounts.tokens.verify({ account_id }))).toMatchObject({ status: 401 });
  });

  it('are refused when wrong or missing, and for another account', async () => {
    const { account_id, get, client } = await start();
    const wrong = clientFor(cf, { token: 'wrong' });

    expect(await refusal(wrong.zeroTrust.organizations.list({ account_id }))).toMatchObject({ status: 401 });
    expect((await get(`/accounts/${account_id}/access/organizations`, {})).status).toBe(401);
    const other = client.zeroTrust.organizations.list({ account_id: 'f'.repeat(32) });
    expect(await refusal(other)).toMatchObject({ status: 403, code: 9109 });
  });

  it.each([
    ['Access: Apps and Policies', 'access/apps'],
    ['Access: Organizations, Identity Providers, and Groups', 'access/organizations'],
    ['Access: Audit Logs', 'access/users'],
    ['Access: Audit Logs', 'access/logs/access_requests'],
    ['Zero Trust', 'devices/posture'],
    ['Zero Trust', 'gateway/lists'],
    ['Access: Audit Logs', 'access/users/3e0a2f7e-0000-4000-a000-000000000000/active_sessions', 404],
    ['Cloudflare Tunnel', 'cfd_tunnel'],
  ])('need %s for %s', async (group, path, granted = 200) => {
    const { account_id, get } = await start();
    const url = `/accounts/${account_id}/${path}`;
    expect((await get(url)).status).toBe(granted);

    cf.account.removePermission(`${group} Read`);
    cf.account.removePermission(`${group} Write`);

    const answer = await get(url);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toEqual({
      success: false,
      errors: [{ code: 10000, message: 'Authentication error' }],
      messages: [],
      result: null,
    });
    cf.account.setPermissions([`${group} Read`]);
    expect((await get(url)).status).toBe(granted);
  });

  it('cannot write with Read', async () => {
    const { client, account_id } = await start({ seed: { permissions: ['Zero Trust Read'] } });
    const call = client.zeroTrust.gateway.lists.edit(cf.account.ids.serialList, { account_id, remove: ['7HX2KQ3'] });

    expect(await refusal(call)).toMatchObject({ status: 403 });
    expect(cf.account.serials()).toContain('7HX2KQ3');
  });
});

describe('every answer', () => {
  it('has an envelope, a ray and the rate limit headers, errors included', async () => {
    const { account_id, get } = await start();

    for (const path of [
      `/accounts/${account_id}/access/groups`,
      `/accounts/${account_id}/access/groups/unknown`,
      '/x',
    ]) {
      const answer = await get(path);
      const body = (await answer.json()) as { errors: { code: number }[] };
      expect(body).toMatchObject({ success: answer.ok, messages: [] });
      expect(body.errors.every((error) => Number.isInteger(error.code))).toBe(true);
      expect(answer.headers.get('cf-ray')).toMatch(/^[0-9a-f]{16}-FRA$/);
      expect(answer.headers.get('ratelimit')).toMatch(/^"default";r=\d+;t=\d+$/);
      expect(answer.headers.get('ratelimit-policy')).toBe('"default";q=1200;w=300');
      expect(answer.headers.has('retry-after')).toBe(false);
    }
  });

  it('stops the official iterator by an empty page', async () => {
    const { client, account_id } = await start({ seed: { people: 25 } });
    const seen: unknown[] = [];

    for await (const user of client.zeroTrust.access.users.list({ account_id, per_page: 10 })) seen.push(user);

    expect(seen).toHaveLength(25);
    expect(cf.calls.map((call) => call.query['page'])).toEqual([undefined, '2', '3', '4']);
  });

  it('refuses a page that is no number', async () => {
    const { account_id, get } = await start();

    expect((await get(`/accounts/${account_id}/access/groups?page=0`)).status).toBe(400);
  });
});

describe('the budget', () => {
  it('is not enforced unless asked', async () => {
    const { get, account_id } = await start({ quirks: { budget: 1 } });

    await get(`/accounts/${account_id}/access/groups`);

    expect((await get(`/accounts/${account_id}/access/groups`)).status).toBe(200);
  });

  it('refuses everything for five minutes once it is spent', async () => {
    let now = 1_000_000;
    const { get, account_id } = await start({ now: () => now, quirks: { enforceBudget: true, budget: 2 } });
    const path = `/accounts/${account_id}/access/groups`;
    await get(path);
    expect((await get(path)).headers.get('ratelimit')).toBe('"default";r=0;t=300');

    const refused = await get(path);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '300']);
    now += 299_000;
    expect((await get(path)).headers.get('retry-after')).toBe('1');
    now += 1000;
    expect((await get(path)).status).toBe(200);
  });
});

describe('devices', () => {
  it('come with a cursor that is empty at the end', async () => {
    const { get, account_id } = await start();
    const path = `/accounts/${account_id}/devices/physical-devices?per_page=8`;
    type Page = { result: { id: string }[]; result_info: { cursor: string } };

    const first = (await (await get(path)).json()) as Page;
    const second = (await (await get(`${path}&cursor=${first.result_info.cursor}`)).json()) as Page;

    expect([first.result.length, second.result.length, second.result_info.cursor]).toEqual([8, 4, '']);
    expect(new Set([...first.result, ...second.result].map(({ id }) => id)).size).toBe(12);
  });

  it('are hidden once nothing is registered on them, unless asked for', async () => {
    const { client, account_id } = await start();
    const email = 'amina.diallo@lanternhealth.example';
    const list = (mode?: 'include') => {
      const filter = { account_id, last_seen_user: { email } };
      return client.zeroTrust.devices.devices.list(
        mode === undefined ? filter : { ...filter, active_registrations: mode },
      );
    };
    const user = (await client.zeroTrust.access.users.list({ account_id, email })).result[0]?.id ?? '';
    const mine = await client.zeroTrust.devices.registrations.list({ account_id, user: { id: [user] } });
    expect((await list()).result).toMatchObject([{ serial_number: 'C02FJ1XQMD6T', active_registrations: 1 }]);

    await client.zeroTrust.devices.registrations.bulkDelete({ account_id, id: mine.result.map(({ id }) => id) });

    expect((await list()).result).toEqual([]);
    expect((await list('include')).result).toMatchObject([{ active_registrations: 0 }]);
  });

  it.each([
    ['revokes-registrations', ['revoked', 1]],
    ['removes-registrations', [undefined, 0]],
  ] as const)('are deleted once, which %s', async (deletedDevice, left) => {
    const { client, account_id } = await start({ quirks: { deletedDevice } });
    const [id = ''] = cf.account.state.devices.keys();
    const list = (status: 'all' | 'active' | 'revoked') =>
      client.zeroTrust.devices.registrations.list({ account_id, device: { id }, status });

    await client.zeroTrust.devices.devices.delete(id, { account_id });

    expect((await list('active')).result).toEqual([]);
    const { result } = await list('all');
    expect([result[0]?.revoked_at === undefined ? undefined : 'revoked', result.length]).toEqual(left);
    expect(await list('revoked')).toMatchObject({ result });
    expect(result.map(({ device }) => device)).toEqual(
      result.map(() => ({ id, name: 'amina-laptop', client_version: '' })),
    );
    expect(await refusal(client.zeroTrust.devices.devices.delete(id, { account_id }))).toMatchObject({ status: 404 });
  });

  it('are refused a filter that is not carried out, or a word that is none', async () => {
    const { account_id, get } = await start();
    const status = async (query: string) => (await get(`/accounts/${account_id}/devices/${query}`)).status;

    expect(await status('physical-devices?tag=x')).toBe(400);
    expect(await status('physical-devices?active_registrations=all')).toBe(400);
    expect(await status('registrations?status=deleted')).toBe(400);
    expect(await status('registrations?sort_by=name')).toBe(400);
    expect(await status('registrations?seen_after=yesterday')).toBe(400);
  });

  it('come in the order and from the time that is asked for', async () => {
    const now = Date.parse('2026-11-02T09:00:00Z');
    const { client, account_id } = await start({ now: () => now });
    cf.account.enrol('bruno.keller@lanternhealth.example', 'NEW1234');
    const list = async (query: object) =>
      (await client.zeroTrust.devices.devices.list({ account_id, ...query })).result.map(({ name }) => name);

    expect((await list({ sort_by: 'name', sort_order: 'desc' })).slice(0, 2)).toEqual(['olu-laptop', 'kavya-laptop']);
    expect(await list({ seen_after: '2026-11-02T08:00:00Z' })).toEqual(['Bruno Keller-laptop']);
    expect(await list({ seen_before: '2026-10-01T00:00:00Z' })).toEqual([]);
  });

  it('can lose a hundred registrations in one call', async () => {
    const { client, account_id } = await start({ seed: { people: 150, laptops: 150 } });
    const id = [...cf.account.state.registrations.keys()].slice(0, 100);

    await client.zeroTrust.devices.registrations.bulkDelete({ account_id, id });

    expect(cf.account.state.registrations.size).toBe(50);
  });

  it('a bulk delete with an unknown id spares them all', async () => {
    const { client, account_id } = await start();
    const [id = ''] = cf.account.state.registrations.keys();

    const call = client.zeroTrust.devices.registrations.bulkDelete({ account_id, id: [id, 'unknown'] });

    expect(await refusal(call)).toMatchObject({ status: 404 });
    expect(cf.account.state.registrations.size).toBe(12);
  });
});

describe('revoking a person', () => {
  it('ends the sessions, but they may log in again after a minute', async () => {
    let now = Date.parse('2026-11-02T09:00:00Z');
    const { client, account_id } = await start({ now: () => now });
    const { account } = cf;
    const email = 'amina.diallo@lanternhealth.example';
    account.login(email, 'C02FJ1XQMD6T');

    const answer = await client.zeroTrust.organizations.revokeUsers({ account_id, email }).asResponse();

    expect(await answer.json()).toEqual({ success: true, result: true });
    expect([account.hasSession(email), account.registrations(email)]).toEqual([false, 1]);
    expect(account.login(email, 'C02FJ1XQMD6T')).toBe(false);
    now += 60_000;
    expect(account.login(email, 'C02FJ1XQMD6T')).toBe(true);
  });

  it('takes the devices too when asked by the query, not by the misspelt body key of the client', async () => {
    const { client, account_id } = await start();
    const email = 'amina.diallo@lanternhealth.example';

    await client.zeroTrust.organizations.revokeUsers({ account_id, email, body_devices: true });
    expect(cf.account.registrations(email)).toBe(1);
    await client.zeroTrust.organizations.revokeUsers({ account_id, email, query_devices: true });
    expect(cf.account.registrations(email)).toBe(0);
  });
});

describe('tunnels', () => {
  it('include deleted ones unless told not to', async () => {
    const { client, account_id } = await start();
    const count = async (query: object) =>
      (await client.zeroTrust.tunnels.cloudflared.list({ account_id, name: 'lantern-ocs', ...query })).result.length;

    expect([await count({}), await count({ is_deleted: false })]).toEqual([2, 1]);
  });

  it.each([
    ['healthy', 4],
    ['degraded', 2],
    ['down', 0],
    ['inactive', 0],
  ] as const)('%s has %i connections', async (tunnel, connections) => {
    const { client, account_id } = await start({ seed: { tunnel } });
    const id = cf.account.ids.tunnel;

    const read = await client.zeroTrust.tunnels.cloudflared.get(id, { account_id });
    const page = await client.zeroTrust.tunnels.cloudflared.connections.get(id, { account_id });

    expect(read).toMatchObject({ status: tunnel, connections: [], deleted_at: null });
    expect(page.result.flatMap((connector) => connector.conns ?? [])).toHaveLength(connections);
  });
});

it('the access log is newest first, 25 rows, and matches part of an address unless told otherwise', async () => {
  const { client, account_id } = await start();
  cf.quirks.accessLogRetentionMs = Infinity;
  const read = (query: object = {}) => client.zeroTrust.access.logs.accessRequests.list({ account_id, ...query });
  for (let n = 0; n < 30; n++) cf.account.login(`visitor${n}@lanternhealth.example`);

  const rows = (await read()) ?? [];

  expect(rows).toHaveLength(25);
  const times = rows.map((row) => Date.parse(row.created_at ?? ''));
  expect(times).toEqual(times.toSorted((a, b) => b - a));
  const [oldest] = (await read({ direction: 'asc' })) ?? [];
  expect(Date.parse(oldest?.created_at ?? '')).toBeLessThan(Math.min(...times));
  expect(await read({ email: 'visitor1@lanternhealth.example', email_exact: true })).toHaveLength(1);
  expect(await read({ email: 'visitor1' })).toHaveLength(11);
  expect(await read({ until: '2000-01-01T00:00:00Z' })).toEqual([]);
});
