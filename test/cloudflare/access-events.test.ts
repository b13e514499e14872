import { afterEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/cloudflare/faults.ts';
import { emailOf } from '../../sandbox/cloudflare/seed-people.ts';
import type { CloudflareOptions } from '../../sandbox/cloudflare/server.ts';
import { failureOf, NOW, startAdapter, type Started } from './start-adapter.ts';

let started: Started | undefined;
afterEach(() => started?.cf.stop());

const AMINA = emailOf('Amina Diallo');
const SERIAL = 'C02FJ1XQMD6T';
const HOUR = 3_600_000;
const WANTED = { email: AMINA, since: NOW, withCountries: true };

/** An account whose time a test moves by itself. */
async function start(options: CloudflareOptions = {}): Promise<Started & { wait: (ms: number) => void }> {
  let now = NOW;
  started = await startAdapter({ now: () => now, ...options });
  return {
    ...started,
    wait: (ms) => {
      now += ms;
    },
  };
}

/** Somebody comes in at nine in Hamburg and is turned away an hour later in Quito. */
async function withTwoVisits(options: CloudflareOptions = {}) {
  const house = await start(options);
  house.cf.account.login(AMINA, SERIAL, undefined, { ip: '192.0.2.1', country: 'DE' });
  house.wait(HOUR);
  house.cf.account.removePerson(AMINA);
  house.cf.account.login(AMINA, SERIAL, undefined, { ip: '192.0.2.2', country: 'EC' });
  return house;
}

const visits = (countries: readonly [object, object]) => [
  { at: NOW + HOUR, email: AMINA, allowed: false, app: 'ocs.lantern.internal', ip: '192.0.2.2', ...countries[1] },
  { at: NOW, email: AMINA, allowed: true, app: 'ocs.lantern.internal', ip: '192.0.2.1', ...countries[0] },
];

it('tells when, from where and whether they came in, newest first', async () => {
  const { cloudflare, routes } = await withTwoVisits();

  const events = await cloudflare.accessEvents(WANTED);

  expect(events).toEqual(visits([{ country: 'DE' }, { country: 'EC' }]));
  expect(routes()).toEqual(['GET access/logs/access_requests', 'POST /graphql']);
});

it('asks for countries only if they are wanted', async () => {
  const { cloudflare, routes } = await withTwoVisits();

  await expect(cloudflare.accessEvents({ email: AMINA, since: NOW })).resolves.toEqual(visits([{}, {}]));

  expect(routes()).toEqual(['GET access/logs/access_requests']);
});

it('leaves out what was before, and everybody else', async () => {
  const { cf, cloudflare } = await withTwoVisits();
  cf.account.login(`not-${AMINA}`);

  const events = await cloudflare.accessEvents({ email: AMINA, since: NOW + 1 });

  expect(events.map(({ at }) => at)).toEqual([NOW + HOUR]);
});

it('counts an attempt in the very second from which on it is asked', async () => {
  const { cf, cloudflare, wait } = await start();
  wait(400);
  cf.account.login(AMINA, SERIAL);

  await expect(cloudflare.accessEvents({ email: AMINA, since: NOW + 300 })).resolves.toHaveLength(1);
  await expect(cloudflare.accessEvents({ email: AMINA, since: NOW + 500 })).resolves.toHaveLength(0);
});

it.each([
  [undefined, 100],
  [30, 30],
])('gives the newest of many, %s asked for', async (limit, count) => {
  const { cf, cloudflare, wait } = await start();
  for (let visit = 0; visit < 120; visit += 1) {
    cf.account.login(AMINA, SERIAL);
    wait(1000);
  }

  const events = await cloudflare.accessEvents({
    email: AMINA.toUpperCase(),
    since: NOW,
    ...(limit === undefined ? {} : { limit }),
  });

  expect(events).toHaveLength(count);
  expect(events[0]?.at).toBe(NOW + 119_000);
});

it('asks for no countries where nobody came', async () => {
  const { cloudflare, routes } = await start();

  await expect(cloudflare.accessEvents(WANTED)).resolves.toEqual([]);

  expect(routes()).toEqual(['GET access/logs/access_requests']);
});

describe('without countries', () => {
  const unknown = visits([{}, {}]);

  it.each<[string, Fault]>([
    ['refuses', { status: 403 }],
    ['is out of order', { status: 500 }],
    ['is asked too often', { status: 429, retryAfterSeconds: 300 }],
    ['breaks off', { dropConnection: true }],
    ['answers with errors alone', { mangle: () => ({ data: null, errors: [{ message: 'unknown field' }] }) }],
    ['answers with something else', { mangle: () => 'welcome' }],
  ])('tells the visits all the same where the analytics %s', async (_how, fault) => {
    const { cf, cloudflare } = await withTwoVisits();
    cf.faults.add({ path: '/graphql', ...fault });

    await expect(cloudflare.accessEvents(WANTED)).resolves.toEqual(unknown);
    cf.violations.length = 0;
  });

  it('tells them where the analytics know nothing of logins', async () => {
    const { cloudflare } = await withTwoVisits({ quirks: { analyticsLogins: 'none' } });

    await expect(cloudflare.accessEvents(WANTED)).resolves.toEqual(unknown);
  });

  it('tells them where the token may not read analytics', async () => {
    const { cf, cloudflare } = await withTwoVisits();
    cf.account.removePermission('Account Analytics Read');

    await expect(cloudflare.accessEvents(WANTED)).resolves.toEqual(unknown);
  });

  it('tells them long before anybody who waits gives up', async () => {
    const { cf, cloudflare } = await withTwoVisits();
    cf.faults.add({ path: '/graphql', latencyMs: 10_000 });
    const begin = performance.now();

    await expect(cloudflare.accessEvents(WANTED)).resolves.toEqual(unknown);

    expect(performance.now() - begin).toBeLessThan(4_000);
  });
});

it('does not take a log that cannot be read for an empty one', async () => {
  const { cf, cloudflare } = await withTwoVisits();
  cf.faults.add({ path: 'access_requests', status: 503 });

  const failure = await failureOf(cloudflare.accessEvents({ email: AMINA, since: NOW }));

  expect(failure.name).toBe('TransientError');
});

it('tells of many people with a few calls: the log of everybody, page by page', async () => {
  const { cf, cloudflare, routes } = await withTwoVisits();
  cf.account.login(emailOf('Bruno Keller'), '7HX2KQ3');
  cf.account.login(emailOf('Mei Tanaka'));
  const many = Array.from({ length: 40 }, (_, index) => `leaver.${index}@lanternhealth.example`);

  const events = await cloudflare.accessEvents({ ...WANTED, email: [...many, AMINA, emailOf('Bruno Keller')] });

  expect(events.map(({ email, allowed }) => `${email}: ${allowed}`).toSorted()).toEqual([
    'amina.diallo@lanternhealth.example: false',
    'amina.diallo@lanternhealth.example: true',
    'bruno.keller@lanternhealth.example: true',
  ]);
  expect(routes()).toEqual(['GET access/logs/access_requests', 'GET access/logs/access_requests', 'POST /graphql']);
});
