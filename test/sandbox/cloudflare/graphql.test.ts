import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CloudflareSandbox } from '../../../sandbox/cloudflare/server.ts';
import { startCloudflare } from '../../../sandbox/cloudflare/server.ts';
import { clientFor } from './client.ts';

const now = Date.parse('2026-11-02T09:00:00Z');
const amina = 'amina.diallo@lanternhealth.example';
const laptop = 'C02FJ1XQMD6T';

let cf: CloudflareSandbox;
beforeEach(async () => {
  cf = await startCloudflare({ now: () => now });
  cf.account.login(amina, laptop, undefined, { ip: '203.0.113.9', country: 'KE' });
  cf.account.login('stranger@elsewhere.example', 'UNKNOWN', undefined, { ip: '203.0.113.10', country: 'BR' });
});
afterEach(() => cf.stop());

interface Answer {
  data: { viewer: { accounts: Record<string, { dimensions?: object; count?: number }[]>[] } } | null;
  errors: { message: string; path: string[] | null; extensions: object }[] | null;
}

async function ask(query: string, variables: object = {}): Promise<Answer> {
  return clientFor(cf).post<Answer>('/graphql', { body: { query, variables } });
}

const bounds = 'datetime_geq: "2026-11-02T08:00:00Z", datetime_leq: "2026-11-02T09:00:00Z"';

const logins = (args: string, fields: string, tag = cf.accountId): string =>
  `{ viewer { accounts(filter: { accountTag: "${tag}" }) { accessLoginRequestsAdaptiveGroups(${args}) { ${fields} } } } }`;

async function rows(args: string, fields: string) {
  const { data, errors } = await ask(logins(args, fields));
  expect(errors).toBeNull();
  return data?.viewer.accounts[0]?.['accessLoginRequestsAdaptiveGroups'];
}

const complaint = async (query: string, variables?: object) => {
  const { data, errors } = await ask(query, variables);
  expect(data).toBeNull();
  return errors?.[0]?.message;
};

describe('the logins', () => {
  it('tell the country, which the Access log does not', async () => {
    const account_id = cf.accountId;
    const log = await clientFor(cf).zeroTrust.access.logs.accessRequests.list({ account_id, email: amina, limit: 1 });
    const found = await rows(
      `limit: 10, filter: { ${bounds} }, orderBy: [country_ASC]`,
      'dimensions { cfRayId country ipAddress isSuccessfulLogin }',
    );

    expect(found).toMatchObject([
      { dimensions: { country: 'BR', ipAddress: '203.0.113.10', isSuccessfulLogin: 0 } },
      { dimensions: { country: 'KE', cfRayId: log?.[0]?.ray_id, isSuccessfulLogin: 1 } },
    ]);
    expect(log?.[0]).not.toHaveProperty('country');
  });

  it('can be asked for with variables, by several rays, under another name', async () => {
    const rays = cf.account.state.accessLog.slice(-2).map(({ rayId }) => rayId);
    const query = `query Countries($account: String!, $since: Time!, $rays: [String!], $limit: Int!) {
      viewer { accounts(filter: { accountTag: $account }) {
        theirs: accessLoginRequestsAdaptiveGroups(limit: $limit, filter: {
          datetime_geq: $since, datetime_lt: "2026-11-02T10:00:00Z", cfRayId_in: $rays # the rows of the log
        }) { dimensions { where: country } }
      } }
    }`;
    const variables = { account: cf.accountId, since: '2026-11-02T09:00:00.000Z', rays, limit: 5 };

    const { data } = await ask(query, variables);

    expect(data?.viewer.accounts).toEqual([
      { theirs: [{ dimensions: { where: 'KE' } }, { dimensions: { where: 'BR' } }] },
    ]);
  });

  it('are one row if nothing that was asked for tells them apart', async () => {
    cf.account.login(amina, laptop, undefined, { country: 'KE' });

    expect(await rows(`limit: 10, filter: { ${bounds} }`, 'count dimensions { country }')).toEqual([
      { count: 2, dimensions: { country: 'KE' } },
      { count: 1, dimensions: { country: 'BR' } },
    ]);
    expect(await rows(`limit: 1, filter: { ${bounds} }`, 'count dimensions { country }')).toHaveLength(1);
  });

  it('name the user, the device and the policy by their ids', async () => {
    const [found] =
      (await rows(
        `limit: 10, filter: { ${bounds}, isSuccessfulLogin: 1 }`,
        'dimensions { userUuid deviceId approvingPolicyId appId }',
      )) ?? [];

    const { users, registrations } = cf.account.state;
    const user = [...users.values()].find(({ email }) => email === amina);
    const registration = [...registrations.values()].find(({ userId }) => userId === user?.id);
    const { app, policy } = cf.account.ids;
    expect(found?.dimensions).toEqual({
      userUuid: user?.id,
      deviceId: registration?.id,
      approvingPolicyId: policy,
      appId: app,
    });
  });

  it('may not be known at all', async () => {
    cf.quirks.analyticsLogins = 'none';

    expect(await rows(`limit: 10, filter: { ${bounds} }`, 'dimensions { country }')).toEqual([]);

    cf.quirks.analyticsLogins = 'refused';

    expect(await complaint(logins(`limit: 10, filter: { ${bounds} }`, 'count'))).toBe(
      `account '${cf.accountId}' does not have access to the path`,
    );
  });
});

const network = (dataset: string, fields: string, args = `limit: 10, filter: { ${bounds} }`): string =>
  `{ viewer { accounts(filter: { accountTag: "${cf.accountId}" }) { ${dataset}(${args}) { ${fields} } } } }`;
const sessions = (fields: string, args?: string) => network('gatewayL4SessionsAdaptiveGroups', fields, args);
const up = (fields: string) => network('gatewayL4UpstreamSessionsAdaptiveGroups', fields);

async function answered(query: string) {
  const { data, errors } = await ask(query);
  expect(errors).toBeNull();
  return Object.values(data?.viewer.accounts[0] ?? {})[0];
}

describe('the network sessions', () => {
  beforeEach(() => {
    cf.account.addNetworkSessions([
      { at: now - 3_000_000, email: amina, sent: 10, received: 100 },
      { at: now - 600_000, email: amina, sent: 1, received: 2 },
      {
        at: now - 600_000,
        email: 'bruno.keller@lanternhealth.example',
        destination: '10.20.0.12',
        sent: 5,
        received: 6,
      },
    ]);
  });

  it('are counted by what they have in common', async () => {
    const fields = 'count dimensions { datetimeHour email destinationIp destinationPort transport action deviceName }';

    const counted = await answered(sessions(fields));

    const same = { datetimeHour: '2026-11-02T08:00:00Z', destinationPort: 443, transport: 'tcp', action: 'allow' };
    expect(counted).toEqual([
      { count: 2, dimensions: { ...same, email: amina, destinationIp: '10.20.0.5', deviceName: 'amina-laptop' } },
      {
        count: 1,
        dimensions: {
          ...same,
          email: 'bruno.keller@lanternhealth.example',
          destinationIp: '10.20.0.12',
          deviceName: 'bruno-laptop',
        },
      },
    ]);
  });

  it('have bytes in a dataset for each leg, as the Gateway between them sees it', async () => {
    const fields = 'sum { bytesSent bytesReceived } dimensions { email }';

    expect(await answered(up(fields))).toMatchObject([
      { sum: { bytesSent: 11, bytesReceived: 102 }, dimensions: { email: amina } },
      { sum: { bytesSent: 5, bytesReceived: 6 } },
    ]);
    expect(await answered(network('gatewayL4DownstreamSessionsAdaptiveGroups', fields))).toMatchObject([
      { sum: { bytesSent: 102, bytesReceived: 11 } },
      { sum: { bytesSent: 6, bytesReceived: 5 } },
    ]);
    expect(await complaint(sessions('sum { bytesSent }'))).toBe('unknown field "sum"');
  });

  it('may call the bytes otherwise, or not know them', async () => {
    cf.quirks.bytesField = 'bytesRecvd';
    expect(await complaint(up('sum { bytesReceived }'))).toBe('unknown field "bytesReceived"');
    expect(await answered(up('sum { bytesRecvd }'))).toEqual([{ sum: { bytesRecvd: 108 } }]);

    cf.quirks.bytesField = 'none';
    expect(await complaint(up('sum { bytesSent }'))).toBe('unknown field "sum"');
  });

  it('may be unknown, or not be part of the plan, whole or in part', async () => {
    cf.quirks.analyticsNetwork = 'none';
    expect(await answered(sessions('count'))).toEqual([]);

    cf.quirks.analyticsNetwork = 'refused';
    expect(await complaint(sessions('count'))).toBe(`account '${cf.accountId}' does not have access to the path`);

    cf.quirks.analyticsNetwork = 'all';
    cf.quirks.analyticsWithout = ['deviceName', 'gatewayL4SessionsAdaptiveGroups.email'];
    const refusal = (field: string) => `account '${cf.accountId}' does not have access to the field '${field}'`;
    expect(await complaint(sessions('count dimensions { email }'))).toBe(refusal('email'));
    expect(await complaint(up('dimensions { deviceName }'))).toBe(refusal('devicename'));
    expect(await answered(up('dimensions { email }'))).toHaveLength(2);
  });

  it.each([
    [
      'no beginning',
      'limit: 1, filter: { datetime_leq: "2026-11-02T09:00:00Z" }',
      'filter must have datetime_geq or datetime_gt',
    ],
    [
      'no limit',
      'filter: { datetime_geq: "2026-11-02T08:00:00Z", datetime_lt: "2026-11-02T09:00:00Z" }',
      'limit must be a positive number and not greater than 10000',
    ],
    [
      'two days',
      'limit: 1, filter: { datetime_geq: "2026-11-01T00:00:00Z", datetime_lt: "2026-11-02T09:00:00Z" }',
      "query time range is too large. Time range can't be wider than 86400s",
    ],
  ])('are refused with %s', async (_what, args, message) => {
    expect(await complaint(sessions('count', args))).toBe(message);
  });
});

const settings = (dataset: string, fields: string): string =>
  `{ viewer { accounts(filter: { accountTag: "${cf.accountId}" }) { settings { ${dataset} { ${fields} } } } } }`;

const told = async (dataset: string) => {
  const { data } = await ask(settings(dataset, 'enabled availableFields maxPageSize maxDuration notOlderThan'));
  const { settings: found } = data?.viewer.accounts[0] ?? {};
  return (found as unknown as Record<string, { enabled: boolean; availableFields: string[] }>)[dataset];
};

describe('the settings', () => {
  it('tell what there is, and how much of it in one query', async () => {
    cf.quirks.analyticsWithout = ['country'];

    const ofLogins = await told('accessLoginRequestsAdaptiveGroups');
    const bytes = await told('gatewayL4UpstreamSessionsAdaptiveGroups');

    expect(ofLogins).toMatchObject({
      enabled: true,
      maxPageSize: 10_000,
      maxDuration: 604_800,
      notOlderThan: 7_776_000,
    });
    expect(ofLogins?.availableFields).toEqual(expect.arrayContaining(['count', 'dimensions_cfRayId']));
    expect(ofLogins?.availableFields).not.toContain('dimensions_country');
    expect(bytes?.availableFields).toEqual(expect.arrayContaining(['sum_bytesSent', 'sum_bytesReceived']));
  });

  it('tell what the plan leaves out', async () => {
    cf.quirks.analyticsNetwork = 'refused';

    expect(await told('gatewayL4SessionsAdaptiveGroups')).toMatchObject({ enabled: false, availableFields: [] });
  });

  it('may not be there, and know no dataset that is not', async () => {
    expect(await complaint(settings('warpDeviceAdaptiveGroups', 'enabled'))).toBe(
      'unknown field "warpDeviceAdaptiveGroups"',
    );
    expect(await complaint(settings('accessLoginRequestsAdaptiveGroups', 'price'))).toBe('unknown field "price"');

    cf.quirks.analyticsSettings = 'refused';

    expect(await complaint(settings('accessLoginRequestsAdaptiveGroups', 'enabled'))).toBe('unknown field "settings"');
  });
});

describe('a query is refused with status 200', () => {
  it.each([
    ['no limit', `filter: { ${bounds} }`, 'count', 'limit must be a positive number and not greater than 10000'],
    [
      'too many rows',
      `limit: 10001, filter: { ${bounds} }`,
      'count',
      'limit must be a positive number and not greater than 10000',
    ],
    ['no filter', 'limit: 1', 'count', 'filter is required'],
    [
      'no beginning',
      'limit: 1, filter: { datetime_leq: "2026-11-02T09:00:00Z" }',
      'count',
      'filter must have datetime_geq or datetime_gt',
    ],
    [
      'no end',
      'limit: 1, filter: { datetime_geq: "2026-11-02T08:00:00Z" }',
      'count',
      'filter must have datetime_leq or datetime_lt',
    ],
    [
      'too long ago',
      'limit: 1, filter: { datetime_geq: "2026-01-01T08:00:00Z", datetime_leq: "2026-01-02T08:00:00Z" }',
      'count',
      'cannot request data older than 7776000s',
    ],
    [
      'too wide',
      'limit: 1, filter: { datetime_geq: "2026-10-20T08:00:00Z", datetime_leq: "2026-11-02T08:00:00Z" }',
      'count',
      "query time range is too large. Time range can't be wider than 604800s",
    ],
    [
      'an address, which is not a dimension',
      `limit: 1, filter: { ${bounds}, userEmail: "x" }`,
      'count',
      'unknown field "userEmail"',
    ],
    [
      'an unknown dimension',
      `limit: 1, filter: { ${bounds} }`,
      'dimensions { userEmail }',
      'unknown field "userEmail"',
    ],
    [
      'an unknown comparison',
      `limit: 1, filter: { ${bounds}, country_near: "DE" }`,
      'count',
      'unknown filter "country_near"',
    ],
    [
      'a bare word for a text',
      `limit: 1, filter: { ${bounds}, country: DE }`,
      'count',
      'error parsing args: country must be a string',
    ],
    [
      'an unknown order',
      `limit: 1, filter: { ${bounds} }, orderBy: [datetime]`,
      'count',
      'error parsing args: orderBy',
    ],
    ['no dimensions named', `limit: 1, filter: { ${bounds} }`, 'dimensions', 'unknown field "dimensions"'],
  ])('with %s', async (_what, args, fields, message) => {
    expect(await complaint(logins(args, fields))).toBe(message);
  });

  it('for another account, and without the permission', async () => {
    const args = `limit: 1, filter: { ${bounds} }`;
    expect(await complaint(logins(args, 'count', 'f'.repeat(32)))).toBe('not authorized for that account');

    cf.account.removePermission('Account Analytics Read');

    expect(await complaint(logins(args, 'count'))).toBe('not authorized for that account');
  });

  it.each([
    [
      'another dataset',
      '{ viewer { accounts(filter: { accountTag: "ACCOUNT" }) { warpDeviceAdaptiveGroups { count } } } }',
      'unknown field "warpDeviceAdaptiveGroups"',
    ],
    ['another tree', '{ viewer { zones { count } } }', 'unknown field "zones"'],
    ['a mutation', 'mutation { viewer { accounts } }', 'mutation is not supported'],
    [
      'an undeclared variable',
      '{ viewer { accounts(filter: { accountTag: $account }) { count } } }',
      'undefined variable $account',
    ],
    [
      'a missing variable',
      'query ($account: string!) { viewer { accounts { count } } }',
      'variable $account is required',
    ],
    [
      'an unknown type',
      'query ($account: DateTime) { viewer { accounts { count } } }',
      'unknown type DateTime of $account',
    ],
    ['an open brace', '{ viewer { accounts { count }', 'syntax error: expected a name, found the end'],
    ['nonsense', '{ viewer % }', 'syntax error: unexpected "%"'],
  ])('for %s', async (_what, query, message) => {
    expect(await complaint(query.replace('ACCOUNT', cf.accountId))).toBe(message);
  });

  it('and a body that is no query', async () => {
    const answer = await clientFor(cf).post('/graphql', { body: { text: 'x' } });

    expect(answer).toMatchObject({ data: null, errors: [{ message: 'query is required' }] });
  });
});

it('has a budget of its own', async () => {
  cf.quirks.enforceBudget = true;
  for (let n = 0; n < 300; n++) await ask('{ viewer { x } }');

  await expect(ask('{ viewer { x } }')).rejects.toMatchObject({ status: 429 });
  await expect(clientFor(cf).zeroTrust.access.groups.list({ account_id: cf.accountId })).resolves.toBeDefined();
});
