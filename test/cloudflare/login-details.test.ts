import { afterEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/cloudflare/faults.ts';
import { emailOf } from '../../sandbox/cloudflare/seed-people.ts';
import type { CloudflareOptions } from '../../sandbox/cloudflare/server.ts';
import { createCloudflare } from '../../src/cloudflare/cloudflare.ts';
import { failureOf, impatient, NOW, startAdapter, type Started } from './start-adapter.ts';

const AMINA = emailOf('Amina Diallo');
const SERIAL = 'C02FJ1XQMD6T';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const lastHour = { since: NOW - HOUR, until: NOW };

let started: Started | undefined;
afterEach(async () => {
  await started?.cf.stop();
  started = undefined;
});

async function start(options: CloudflareOptions = {}): Promise<Started> {
  started = await startAdapter({ now: () => NOW, ...options });
  return started;
}

/** Amina comes in with her laptop, and a stranger is turned away. */
async function withTwoLogins(options: CloudflareOptions = {}) {
  const house = await start(options);
  house.cf.account.login(AMINA, SERIAL, undefined, { country: 'KE' });
  house.cf.account.login('stranger@elsewhere.example', undefined, undefined, { country: 'BR' });
  const { accessLog, registrations, users } = house.cf.account.state;
  const [hers = '', theirs = ''] = accessLog.slice(-2).map(({ rayId }) => rayId);
  const user = [...users.values()].find(({ email }) => email === AMINA);
  const registration = [...registrations.values()].find(({ userId }) => userId === user?.id);
  return { ...house, hers, theirs, deviceId: registration?.id ?? '' };
}

/** Status 200, and no data. */
const saying = (message: string) => () => ({ data: null, errors: [{ message, path: null, extensions: {} }] });

describe('what analytics know of logins', () => {
  it('is where, with what and by which policy, by the id of the ray', async () => {
    const { cf, cloudflare, routes, hers, theirs, deviceId } = await withTwoLogins();

    const details = await cloudflare.loginDetails(lastHour);

    expect(Object.fromEntries(details)).toEqual({
      [hers]: { country: 'KE', deviceId, withWarp: true, policyId: cf.account.ids.policy, method: 'onetimepin' },
      [theirs]: { country: 'BR', withWarp: false, method: 'onetimepin' },
    });
    expect(routes()).toEqual(['POST /graphql', 'POST /graphql']);
  });

  it('fits the rows of the Access log', async () => {
    const { cloudflare } = await withTwoLogins();

    const [rows, details] = await Promise.all([
      cloudflare.accessRows({ ...lastHour, page: 1 }),
      cloudflare.loginDetails(lastHour),
    ]);

    expect(rows.map((row) => ({ ...row, ...details.get(row.id) }))).toMatchObject([
      { email: AMINA, allowed: true, country: 'KE', withWarp: true },
      { email: 'stranger@elsewhere.example', allowed: false, country: 'BR', method: 'onetimepin' },
    ]);
  });

  it('is nothing for another time', async () => {
    const { cloudflare } = await withTwoLogins();

    await expect(cloudflare.loginDetails({ since: NOW - 3 * HOUR, until: NOW - 2 * HOUR })).resolves.toEqual(new Map());
  });

  it('may be nothing at all, as one account was seen to have it', async () => {
    const { cloudflare } = await withTwoLogins({ quirks: { analyticsLogins: 'none' } });

    await expect(cloudflare.loginDetails(lastHour)).resolves.toEqual(new Map());
  });

  it('is asked for no further back and no wider than the plan allows', async () => {
    const { cf, cloudflare } = await start();
    const days = [80, 60, 8, 1];
    cf.account.addAccessRows(
      days.map((ago) => ({ at: NOW - ago * DAY, email: AMINA, allowed: true, rayId: `${ago}` })),
    );

    const details = await cloudflare.loginDetails({ since: NOW - 120 * DAY, until: NOW });

    expect([...details.keys()]).toEqual(expect.arrayContaining(days.map(String)));
  });
});

describe('a field that the plan does not have', () => {
  it.each(['told', 'refused'] as const)('is left out, settings %s', async (analyticsSettings) => {
    const quirks = { analyticsSettings, analyticsWithout: ['deviceId', 'approvingPolicyId'] };
    const { cloudflare, hers } = await withTwoLogins({ quirks });

    const details = await cloudflare.loginDetails(lastHour);

    expect(details.get(hers)).toMatchObject({ country: 'KE' });
    expect(details.get(hers)).not.toHaveProperty('deviceId');
  });

  it('may be all but the ray', async () => {
    const analyticsWithout = ['country', 'deviceId', 'hasWarpEnabled', 'approvingPolicyId', 'identityProvider'];
    const { cloudflare, hers } = await withTwoLogins({ quirks: { analyticsSettings: 'refused', analyticsWithout } });

    expect((await cloudflare.loginDetails(lastHour)).get(hers)).toEqual({});
  });
});

describe('where analytics tell nothing', () => {
  const noPermission =
    'Cloudflare’s analytics of sign-ins can’t be read: add the permission “Account Analytics → Read” to the API token.';
  const noPlan =
    'Cloudflare’s analytics of sign-ins can’t be read: the plan of the account does not have them, or the API token lacks the permission “Account Analytics → Read”.';

  it('says so of a token without the permission, after one query', async () => {
    const { cf, cloudflare } = await withTwoLogins();
    cf.account.removePermission('Account Analytics Read');

    const failure = await failureOf(cloudflare.loginDetails(lastHour));

    expect(failure).toMatchObject({ name: 'PermanentError', code: 'no-such-data', message: noPermission });
    expect(cf.calls).toHaveLength(1);
  });

  it.each(['told', 'refused'] as const)('says so of a plan without them, settings %s', async (analyticsSettings) => {
    const { cloudflare } = await withTwoLogins({ quirks: { analyticsLogins: 'refused', analyticsSettings } });

    const failure = await failureOf(cloudflare.loginDetails(lastHour));

    expect(failure).toMatchObject({ name: 'PermanentError', code: 'no-such-data', message: noPlan });
  });

  it.each<[string, Fault, string, string]>([
    ['a refusal', { status: 403 }, 'PermanentError', 'no-such-data'],
    ['a query that is not understood', { status: 400 }, 'PermanentError', 'no-such-data'],
    ['the same with status 200', { mangle: saying('unknown field "cfRayId"') }, 'PermanentError', 'no-such-data'],
    ['a token that is not accepted', { status: 401 }, 'PermanentError', 'cloudflare-token-refused'],
    ['too many queries', { status: 429, retryAfterSeconds: 30 }, 'TransientError', 'cloudflare-rate-limited'],
    [
      'the same with status 200',
      { mangle: saying('rate limiter budget depleted, try again after 5 minutes') },
      'TransientError',
      'cloudflare-rate-limited',
    ],
    ['a fault of theirs', { status: 503 }, 'TransientError', 'cloudflare-unavailable'],
    [
      'the same with status 200',
      { mangle: saying('Internal server error') },
      'TransientError',
      'cloudflare-unavailable',
    ],
    ['a broken connection', { dropConnection: true }, 'TransientError', 'cloudflare-unavailable'],
    ['another form', { mangle: () => 'welcome' }, 'PermanentError', 'cloudflare-unexpected-answer'],
    ['no data', { mangle: () => ({ data: null, errors: null }) }, 'PermanentError', 'cloudflare-unexpected-answer'],
  ])('tells what to do next after %s', async (_what, fault, name, code) => {
    const { cf, cloudflare } = await withTwoLogins();
    cf.faults.add({ path: '/graphql', times: Infinity, ...fault });

    const failure = await failureOf(cloudflare.loginDetails(lastHour));
    cf.violations.length = 0;

    expect([failure.name, failure.code]).toEqual([name, code]);
  });

  it('does not wait for ever', async () => {
    const { cf, account } = await withTwoLogins();
    cf.faults.add({ path: '/graphql', latencyMs: 5000 });
    const cloudflare = createCloudflare({ ...impatient(account, 200), deciders: { app: 'x' } });

    const failure = await failureOf(cloudflare.loginDetails(lastHour));

    expect([failure.name, failure.code]).toEqual(['TransientError', 'cloudflare-timeout']);
  });
});

it('tells of 100,000 sign-ins of a day with a tenth of what analytics allow in five minutes', async () => {
  const { cf, cloudflare } = await start({ quirks: { enforceBudget: true } });
  const { access } = cf.account.generateDay('busy', {
    from: NOW - DAY,
    to: NOW,
    people: 1000,
    signIns: 100_000,
    networkSessions: 0,
  });

  const details = await cloudflare.loginDetails({ since: NOW - DAY, until: NOW });

  expect(access.filter(({ rayId }) => !details.has(rayId))).toEqual([]);
  expect(cf.calls.length).toBeLessThan(300 * 0.15);
});
