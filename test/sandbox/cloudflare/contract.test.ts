import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type Cloudflare from 'cloudflare';
import { findOpenapi } from '../../../sandbox/cloudflare/contract.ts';
import { startCloudflare } from '../../../sandbox/cloudflare/server.ts';
import type { CloudflareSandbox } from '../../../sandbox/cloudflare/server.ts';
import type { SeedOptions } from '../../../sandbox/cloudflare/seed-options.ts';
import { startCheckedCloudflare } from '../../../sandbox/cloudflare/start-checked.ts';
import { clientFor, refusal } from './client.ts';

const openapi = findOpenapi();
const inCi = process.env['CI'] !== undefined && process.env['CI'] !== '' && process.env['CI'] !== 'false';
if (openapi === undefined && !inCi) {
  // oxlint-disable-next-line no-console -- a skip that nobody sees is as good as no test
  console.warn('contract test skipped: set OPENAPI to the platform’s openapi.json to run it');
}

it.runIf(inCi)('has the description at hand in CI', () => {
  expect(openapi).toBeDefined();
});

describe.skipIf(openapi === undefined)('the sandbox keeps to the published description', () => {
  let cf: CloudflareSandbox;
  let client: Cloudflare;

  const seed: SeedOptions = {
    reusable: true,
    emailList: true,
    people: 60,
    policySession: '12h',
    authenticateViaWarp: true,
    loginMethods: ['onetimepin', 'google'],
  };

  beforeAll(async () => {
    cf = await startCloudflare({ openapi: openapi ?? '', seed });
    client = clientFor(cf);
  });
  afterAll(() => cf.stop());

  const everything: [string, () => PromiseLike<unknown>][] = [
    ['account token', () => client.accounts.tokens.verify({ account_id: cf.accountId })],
    ['apps', () => client.zeroTrust.access.applications.list({ account_id: cf.accountId })],
    [
      'apps by domain',
      () =>
        client.zeroTrust.access.applications.list({
          account_id: cf.accountId,
          domain: 'ocs.lantern.internal',
          exact: true,
          page: 1,
          per_page: 5,
        }),
    ],
    ['one app', () => client.zeroTrust.access.applications.get(cf.account.ids.app, { account_id: cf.accountId })],
    [
      'the enrolment app',
      () => client.zeroTrust.access.applications.get(cf.account.ids.enrolmentApp, { account_id: cf.accountId }),
    ],
    [
      'changing an app',
      () =>
        client.zeroTrust.access.applications.update(cf.account.ids.app, {
          account_id: cf.accountId,
          type: 'self_hosted',
          name: 'Open Chat Studio',
          domain: 'ocs.lantern.internal',
          destinations: [{ type: 'private', hostname: 'ocs.lantern.internal', port_range: '443' }],
          session_duration: '12h',
        }),
    ],
    [
      'policies of an app',
      () => client.zeroTrust.access.applications.policies.list(cf.account.ids.app, { account_id: cf.accountId }),
    ],
    [
      'an app-scoped policy',
      () =>
        client.zeroTrust.access.applications.policies.get(cf.account.ids.enrolmentPolicy, {
          account_id: cf.accountId,
          app_id: cf.account.ids.enrolmentApp,
        }),
    ],
    [
      'changing an app-scoped policy',
      () =>
        client.zeroTrust.access.applications.policies.update(cf.account.ids.enrolmentPolicy, {
          account_id: cf.accountId,
          app_id: cf.account.ids.enrolmentApp,
          name: 'Who may enrol',
          decision: 'allow',
          precedence: 1,
          include: [{ email: { email: 'ines.silva@lanternhealth.example' } }],
        }),
    ],
    [
      'reusable policies',
      () => client.zeroTrust.access.policies.list({ account_id: cf.accountId, page: 1, per_page: 50 }),
    ],
    [
      'a reusable policy',
      () => client.zeroTrust.access.policies.get(cf.account.ids.policy, { account_id: cf.accountId }),
    ],
    [
      'changing a reusable policy',
      () =>
        client.zeroTrust.access.policies.update(cf.account.ids.policy, {
          account_id: cf.accountId,
          name: 'Team access',
          decision: 'allow',
          include: [{ email_list: { id: cf.account.ids.emailList } }],
          require: [{ device_posture: { integration_uid: cf.account.ids.postureRule } }],
        }),
    ],
    ['groups', () => client.zeroTrust.access.groups.list({ account_id: cf.accountId })],
    ['a group', () => client.zeroTrust.access.groups.get(cf.account.ids.group, { account_id: cf.accountId })],
    ['identity providers', () => client.zeroTrust.identityProviders.list({ account_id: cf.accountId })],
    [
      'users',
      () =>
        client.zeroTrust.access.users.list({ account_id: cf.accountId, email: 'amina.diallo@lanternhealth.example' }),
    ],
    [
      'sessions of a user',
      async () => {
        const email = 'amina.diallo@lanternhealth.example';
        cf.account.login(email, undefined, cf.account.ids.secondApp);
        const [user] = (await client.zeroTrust.access.users.list({ account_id: cf.accountId, email })).result;
        const id = user?.id ?? '';
        const { result } = await client.zeroTrust.access.users.activeSessions.list(id, { account_id: cf.accountId });
        expect(result).toHaveLength(1);
      },
    ],
    [
      'freeing seats',
      () => {
        const users = [...cf.account.state.users.values()].slice(20, 23);
        const body = users.map(({ seatUid }) => ({ seat_uid: seatUid, access_seat: false, gateway_seat: false }));
        return client.zeroTrust.seats.edit({ account_id: cf.accountId, body });
      },
    ],
    [
      'countries of logins',
      () => {
        const now = Date.now();
        const [since, until] = [now - 3_600_000, now].map((at) => new Date(at).toISOString());
        const variables = { account: cf.accountId, since, until };
        const query = `query ($account: string, $since: Time!, $until: Time!) {
          viewer { accounts(filter: { accountTag: $account }) {
            accessLoginRequestsAdaptiveGroups(limit: 9, filter: { datetime_geq: $since, datetime_leq: $until }) {
              dimensions { cfRayId country }
            }
          } }
        }`;
        return client.post('/graphql', { body: { query, variables } });
      },
    ],
    ['the organisation', () => client.zeroTrust.organizations.list({ account_id: cf.accountId })],
    [
      'changing the organisation',
      () =>
        client.zeroTrust.organizations.update({
          account_id: cf.accountId,
          name: 'Lantern Health',
          auth_domain: 'lantern-health.cloudflareaccess.com',
          warp_auth_session_duration: '48h',
        }),
    ],
    [
      'revoking sessions',
      () =>
        client.zeroTrust.organizations.revokeUsers({
          account_id: cf.accountId,
          email: 'mei.tanaka@lanternhealth.example',
          query_devices: true,
        }),
    ],
    [
      'the access log',
      () =>
        client.zeroTrust.access.logs.accessRequests.list({
          account_id: cf.accountId,
          since: '2020-01-01T00:00:00Z',
          until: '2100-01-01T00:00:00Z',
          direction: 'desc',
          limit: 100,
        }),
    ],
    ['posture rules', () => client.zeroTrust.devices.posture.list({ account_id: cf.accountId })],
    [
      'a posture rule',
      () => client.zeroTrust.devices.posture.get(cf.account.ids.postureRule, { account_id: cf.accountId }),
    ],
    [
      'devices of a person',
      () =>
        client.zeroTrust.devices.devices.list({
          account_id: cf.accountId,
          last_seen_user: { email: 'amina.diallo@lanternhealth.example' },
          active_registrations: 'include',
        }),
    ],
    [
      'registrations',
      () => client.zeroTrust.devices.registrations.list({ account_id: cf.accountId, status: 'all', per_page: 5 }),
    ],
    [
      'registrations of a device, with their profiles',
      () => {
        const [id = ''] = cf.account.state.devices.keys();
        const query = { device: { id }, include: 'policy', sort_by: 'last_seen_at' as const };
        return client.zeroTrust.devices.registrations.list({ account_id: cf.accountId, ...query });
      },
    ],
    [
      'registrations of several users, those by several ids',
      async () => {
        const [first, second] = [...cf.account.state.registrations.values()];
        const account_id = cf.accountId;
        const user = { id: [first?.userId ?? '', second?.userId ?? ''] };
        const id = [first?.id ?? '', second?.id ?? ''];
        const byUser = await client.zeroTrust.devices.registrations.list({ account_id, user });
        const byId = await client.zeroTrust.devices.registrations.list({ account_id, id });
        expect([byUser.result.length, byId.result.length]).toEqual([2, 2]);
      },
    ],
    [
      'devices by several ids',
      async () => {
        const id = [...cf.account.state.devices.keys()].slice(0, 3);
        const { result } = await client.zeroTrust.devices.devices.list({ account_id: cf.accountId, id });
        expect(result).toHaveLength(3);
      },
    ],
    ['lists', () => client.zeroTrust.gateway.lists.list({ account_id: cf.accountId, filter: ['type:SERIAL'] })],
    ['a list', () => client.zeroTrust.gateway.lists.get(cf.account.ids.serialList, { account_id: cf.accountId })],
    [
      'changing a list',
      () =>
        client.zeroTrust.gateway.lists.edit(cf.account.ids.serialList, {
          account_id: cf.accountId,
          append: [{ value: 'NEW1234', description: 'Ines Silva' }],
          remove: ['7HX2KQ3'],
        }),
    ],
    [
      'items of a list',
      () => client.zeroTrust.gateway.lists.items.list(cf.account.ids.serialList, { account_id: cf.accountId }),
    ],
    ['gateway rules', () => client.zeroTrust.gateway.rules.list({ account_id: cf.accountId })],
    [
      'a gateway rule',
      () => client.zeroTrust.gateway.rules.get(cf.account.ids.gatewayRule, { account_id: cf.accountId }),
    ],
    [
      'changing a gateway rule',
      () =>
        client.zeroTrust.gateway.rules.update(cf.account.ids.gatewayRule, {
          account_id: cf.accountId,
          name: 'Staff to Open Chat Studio',
          action: 'allow',
          enabled: true,
          filters: ['l4'],
          traffic: 'net.dst.port == 8000',
          rule_settings: { check_session: { enforce: true, duration: '36h' } },
        }),
    ],
    [
      'what is left of a gateway rule of which little is sent',
      () =>
        client.zeroTrust.gateway.rules.update(cf.account.ids.gatewayRule, {
          account_id: cf.accountId,
          name: 'Bare',
          action: 'block',
        }),
    ],
    ['tunnels', () => client.zeroTrust.tunnels.cloudflared.list({ account_id: cf.accountId, is_deleted: false })],
    ['a tunnel', () => client.zeroTrust.tunnels.cloudflared.get(cf.account.ids.tunnel, { account_id: cf.accountId })],
    [
      'connections of a tunnel',
      () => client.zeroTrust.tunnels.cloudflared.connections.get(cf.account.ids.tunnel, { account_id: cf.accountId }),
    ],
    [
      'deleting registrations',
      () => {
        const ids = [...cf.account.state.registrations.keys()].slice(0, 2);
        return client.zeroTrust.devices.registrations.bulkDelete({ account_id: cf.accountId, id: ids });
      },
    ],
    [
      'deleting one registration',
      () => {
        const [id = ''] = cf.account.state.registrations.keys();
        return client.zeroTrust.devices.registrations.delete(id, { account_id: cf.accountId });
      },
    ],
    [
      'deleting a device',
      () => {
        const [id = ''] = cf.account.state.devices.keys();
        return client.zeroTrust.devices.devices.delete(id, { account_id: cf.accountId });
      },
    ],
  ];

  it.each(everything)('%s', async (_name, call) => {
    cf.violations.length = 0;

    await call();

    expect(cf.violations).toEqual([]);
  });

  it('refusals, a spent budget and server errors too', async () => {
    cf.violations.length = 0;
    const account_id = cf.accountId;

    await refusal(client.zeroTrust.access.policies.get('00000000-0000-4000-a000-000000000000', { account_id }));
    await refusal(client.zeroTrust.gateway.lists.edit(cf.account.ids.serialList, { account_id, remove: ['ABSENT'] }));
    await refusal(client.zeroTrust.gateway.rules.get('unknown', { account_id }));
    await refusal(client.zeroTrust.devices.devices.get('unknown', { account_id }));
    await refusal(client.zeroTrust.access.users.activeSessions.list('unknown', { account_id }));
    const unknown = { seat_uid: 'unknown', access_seat: false, gateway_seat: false };
    await refusal(client.zeroTrust.seats.edit({ account_id, body: [unknown] }));
    await refusal(client.user.tokens.verify());
    await client.post('/graphql', { body: { query: '{ viewer { x } }' } });
    cf.faults.add({ status: 429, retryAfterSeconds: 3 });
    await refusal(client.zeroTrust.access.groups.list({ account_id }));
    cf.faults.add({ status: 503 });
    await refusal(client.zeroTrust.access.groups.list({ account_id }));

    expect(cf.violations).toEqual([]);
  });

  it('reports an answer that breaks the description', async () => {
    cf.violations.length = 0;
    cf.faults.add({
      path: '/gateway/lists/',
      mangle: (answer) => ({ ...(answer as object), result: { id: 7, type: 'SHOES' } }),
    });

    await client.zeroTrust.gateway.lists.get(cf.account.ids.serialList, { account_id: cf.accountId });

    expect(cf.violations).toEqual([
      'GET /accounts/{account_id}/gateway/lists/{list_id}: answer 200: /result/id must be string',
    ]);
  });

  it('reports an answer of the analytics that has not their form', async () => {
    cf.violations.length = 0;
    cf.faults.add({ path: '/graphql', mangle: () => ({ success: true, result: [] }) });

    await client.post('/graphql', { body: { query: '{ viewer { accounts { x } } }' } });

    expect(cf.violations).toEqual(['POST /graphql: answer: must have data and errors']);
  });

  it('reports a request that breaks it: an unknown query, a wrong type, a missing key', async () => {
    cf.violations.length = 0;
    const account_id = cf.accountId;

    await client.get(`/accounts/${account_id}/access/users`, { query: { mail: 'x' } });
    await refusal(
      client.patch(`/accounts/${account_id}/gateway/lists/${cf.account.ids.serialList}`, { body: { append: 'X' } }),
    );
    await refusal(
      client.put(`/accounts/${account_id}/access/policies/${cf.account.ids.policy}`, { body: { name: 'x' } }),
    );
    await refusal(client.get(`/accounts/${account_id}/nowhere`));

    expect(cf.violations).toEqual([
      'GET /accounts/{account_id}/access/users: query mail is not known',
      'PATCH /accounts/{account_id}/gateway/lists/{list_id}: body: /append must be array',
      "PUT /accounts/{account_id}/access/policies/{policy_id}: body: / must have required property 'decision'",
      'GET is not described for this path',
    ]);
  });

  it('does not hold the answers of planted faults against the sandbox', async () => {
    cf.violations.length = 0;
    cf.faults.add({ successFalse: true });

    await client.zeroTrust.access.groups.list({ account_id: cf.accountId });

    expect(cf.violations).toEqual([]);
  });

  it('makes a checked sandbox fail at the end when there was a breach', async () => {
    const checked = await startCheckedCloudflare();
    await clientFor(checked).get(`/accounts/${checked.accountId}/access/users`, { query: { mail: 'x' } });

    await expect(checked.stop()).rejects.toThrow('query mail is not known');
  });
});
