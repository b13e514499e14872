import { afterEach, describe, expect, it } from 'vitest';
import { emailOf } from '../../sandbox/cloudflare/seed-people.ts';
import type { CloudflareOptions } from '../../sandbox/cloudflare/server.ts';
import { uuidFor } from '../../sandbox/cloudflare/state.ts';
import { failureOf, NOW, startAdapter, type Started } from './start-adapter.ts';

let started: Started | undefined;
afterEach(() => started?.cf.stop());

async function start(options: CloudflareOptions = {}): Promise<Started> {
  started = await startAdapter({ now: () => NOW, ...options });
  return started;
}

const AMINA = emailOf('Amina Diallo');
const BRUNO = emailOf('Bruno Keller');
const MEI = emailOf('Mei Tanaka');
const idOf = (email: string): string => uuidFor(`user ${email}`);
const seatOf = (email: string): string => uuidFor(`seat ${email}`);

describe('users', () => {
  it('are found by address, whatever its case, with one call each', async () => {
    const { cf, cloudflare } = await start();

    const users = await cloudflare.users([AMINA.toUpperCase(), MEI, 'nobody@x.org', MEI]);

    const lastLoginAt = NOW - 24 * 60 * 60 * 1000;
    expect(users).toEqual([
      { id: idOf(AMINA), email: AMINA, name: 'Amina Diallo', seatUid: seatOf(AMINA), hasSeat: true, lastLoginAt },
      { id: idOf(MEI), email: MEI, name: 'Mei Tanaka', seatUid: seatOf(MEI), hasSeat: true, lastLoginAt },
    ]);
    expect(cf.calls.map(({ query }) => query['email'])).toEqual([AMINA, MEI, 'nobody@x.org']);
  });

  it('have no last login if they never came, or if its time is none', async () => {
    const { cf, cloudflare } = await start();
    const user = cf.account.state.users.get(idOf(AMINA));
    if (user !== undefined) user.lastLoginAt = null;

    const [never] = await cloudflare.users([AMINA]);
    cf.faults.add({
      mangle: () => ({
        success: true,
        errors: [],
        result: [{ id: 'u', email: AMINA, last_successful_login: 'never' }],
      }),
    });
    const [strange] = await cloudflare.users([AMINA]);

    expect([never?.email, strange?.email]).toEqual([AMINA, AMINA]);
    expect(never).not.toHaveProperty('lastLoginAt');
    expect(strange).not.toHaveProperty('lastLoginAt');
    cf.violations.length = 0;
  });

  it('are all read with one call for 1,000', async () => {
    const { cf, cloudflare } = await start({ seed: { people: 1000 } });

    await expect(cloudflare.users('all')).resolves.toHaveLength(1000);
    await expect(cloudflare.users(cf.account.emails().slice(0, 200))).resolves.toHaveLength(200);

    expect(cf.calls).toHaveLength(2);
  });

  it('are none for nobody, without a call', async () => {
    const { cf, cloudflare } = await start();

    await expect(cloudflare.users([])).resolves.toEqual([]);

    expect(cf.calls).toEqual([]);
  });
});

describe('sessions', () => {
  it('are counted', async () => {
    const { cf, cloudflare } = await start({ seed: { sessions: true } });
    cf.account.login(AMINA, 'C02FJ1XQMD6T');

    await expect(cloudflare.sessions(idOf(AMINA))).resolves.toBe(2);
    await expect(cloudflare.sessions(idOf(MEI))).resolves.toBe(0);
  });

  it('are over when they have run out, though Cloudflare still lists them', async () => {
    const { cf, cloudflare } = await start({ seed: { sessions: true } });
    const [session] = cf.account.sessionsOf(AMINA);
    if (session !== undefined) session.expiresAt = NOW - 1000;

    await expect(cloudflare.sessions(idOf(AMINA))).resolves.toBe(0);
  });

  it.each([
    ['only the details say when it ends', { expiration: undefined, metadata: { expires: NOW / 1000 + 60 } }, 1],
    ['the details say that it has ended', { expiration: undefined, metadata: { expires: NOW / 1000 - 60 } }, 0],
    ['nothing says when it ends', { expiration: undefined, metadata: undefined }, 1],
  ])('are counted where %s', async (_where, session, count) => {
    const { cf, cloudflare } = await start();
    cf.faults.add({
      path: 'active_sessions',
      mangle: () => ({ success: true, errors: [], messages: [], result: [{ name: 'x', ...session }] }),
    });

    await expect(cloudflare.sessions(idOf(AMINA))).resolves.toBe(count);
    cf.violations.length = 0;
  });

  it('are none of a user who is gone', async () => {
    const { cloudflare } = await start();

    await expect(cloudflare.sessions(uuidFor('nobody'))).resolves.toBe(0);
  });

  it('end with the registrations of the person, and of nobody else', async () => {
    const { cf, cloudflare } = await start({ seed: { sessions: true } });

    await cloudflare.revokeSessions(AMINA);

    await expect(cloudflare.sessions(idOf(AMINA))).resolves.toBe(0);
    expect([cf.account.registrations(AMINA), cf.account.registrations(BRUNO)]).toEqual([0, 1]);
    expect(cf.account.hasSession(BRUNO)).toBe(true);
    expect(cf.calls[0]).toMatchObject({
      method: 'POST',
      path: `/accounts/${cf.accountId}/access/organizations/revoke_user`,
      query: { devices: 'true' },
      body: { email: AMINA },
    });
  });

  it('end without the registrations, if these are to be kept', async () => {
    const { cf, cloudflare } = await start({ seed: { sessions: true } });

    await cloudflare.revokeSessions(AMINA, { keepDevices: true });

    await expect(cloudflare.sessions(idOf(AMINA))).resolves.toBe(0);
    expect(cf.account.registrations(AMINA)).toBe(1);
    expect(cf.calls[0]).toMatchObject({ query: {}, body: { email: AMINA } });
  });

  it('may be revoked twice, and for somebody who never came', async () => {
    const { cloudflare } = await start();

    await cloudflare.revokeSessions(AMINA);
    await cloudflare.revokeSessions(AMINA);
    await expect(cloudflare.revokeSessions('nobody@x.org')).resolves.toBeUndefined();
  });
});

describe('seats', () => {
  it('are freed, several with one call', async () => {
    const { cf, cloudflare } = await start();

    await cloudflare.freeSeats([seatOf(AMINA), seatOf(BRUNO)]);

    expect([AMINA, BRUNO, MEI].map((email) => cf.account.hasSeat(email))).toEqual([false, false, true]);
    expect(cf.calls).toHaveLength(1);
    await expect(cloudflare.users([AMINA])).resolves.toMatchObject([{ hasSeat: false }]);
  });

  it('are freed though one of them is gone', async () => {
    const { cf, cloudflare } = await start();

    await cloudflare.freeSeats([uuidFor('gone'), seatOf(AMINA)]);

    expect(cf.account.hasSeat(AMINA)).toBe(false);
  });

  it('that are gone are no error, and none is no call', async () => {
    const { cf, cloudflare } = await start();

    await cloudflare.freeSeats([uuidFor('gone')]);
    await cloudflare.freeSeats([]);

    expect(cf.calls).toHaveLength(1);
  });
});

it.each([
  ['reading users', '“Access: Audit Logs → Read”', (house: Started) => house.cloudflare.users([AMINA])],
  ['reading sessions', '“Access: Audit Logs → Read”', (house: Started) => house.cloudflare.sessions(idOf(AMINA))],
  [
    'reading the log',
    '“Access: Audit Logs → Read”',
    (house: Started) => house.cloudflare.accessEvents({ email: AMINA, since: 0 }),
  ],
  ['freeing a seat', '“Zero Trust: Seats → Edit”', (house: Started) => house.cloudflare.freeSeats([seatOf(AMINA)])],
  [
    'revoking sessions',
    '“Access: Organizations, Identity Providers, and Groups → Edit”',
    (house: Started) => house.cloudflare.revokeSessions(AMINA),
  ],
])('names the permission that %s needs', async (_what, permission, run) => {
  const house = await start();
  house.cf.account.setPermissions([]);

  const failure = await failureOf(run(house));

  expect(failure).toMatchObject({ name: 'PermanentError', code: 'cloudflare-permission-missing' });
  expect(failure.message).toContain(permission);
});

it('does not take an unreachable account for one without sessions', async () => {
  const { cf, cloudflare } = await start();
  cf.faults.add({ path: 'active_sessions', dropConnection: true });

  const failure = await failureOf(cloudflare.sessions(idOf(AMINA)));

  expect(failure.name).toBe('TransientError');
});
