import { afterEach, describe, expect, it } from 'vitest';
import type { CloudflareOptions, CloudflareSandbox } from '../../../sandbox/cloudflare/server.ts';
import { startCloudflare } from '../../../sandbox/cloudflare/server.ts';
import { atTheDoor, sayAtTheDoor } from '../../../sandbox/describe-account.ts';
import { clientFor, refusal } from './client.ts';

let cf: CloudflareSandbox;
afterEach(() => cf.stop());

const minute = 60_000;
const amina = 'amina.diallo@lanternhealth.example';
const bruno = 'bruno.keller@lanternhealth.example';
const laptop = 'C02FJ1XQMD6T';

async function start(options: CloudflareOptions = {}) {
  const clock = { now: Date.parse('2026-11-02T09:00:00Z') };
  cf = await startCloudflare({ now: () => clock.now, ...options });
  const client = clientFor(cf);
  const account_id = cf.accountId;
  const userOf = async (email: string) => {
    const [user] = (await client.zeroTrust.access.users.list({ account_id, email })).result;
    return { id: user?.id ?? '', seat: user?.seat_uid ?? '', user };
  };
  return {
    clock,
    client,
    account_id,
    account: cf.account,
    userOf,
    sessions: async (email: string) => {
      const { id } = await userOf(email);
      return (await client.zeroTrust.access.users.activeSessions.list(id, { account_id })).result;
    },
    free: async (...seats: string[]) => {
      const body = seats.map((seat_uid) => ({ seat_uid, access_seat: false, gateway_seat: false }));
      return (await client.zeroTrust.seats.edit({ account_id, body })).result;
    },
    revoke: (email: string, devices = false) =>
      client.zeroTrust.organizations.revokeUsers({ account_id, email, ...(devices ? { query_devices: true } : {}) }),
  };
}

describe('sessions', () => {
  it('are listed with times in seconds and the application they are for', async () => {
    const { account, sessions, clock } = await start();
    account.login(amina, laptop);

    const [session] = await sessions(amina);

    const iat = clock.now / 1000;
    expect(session).toMatchObject({
      expiration: iat + 8 * 3600,
      metadata: { iat, expires: iat + 8 * 3600, ttl: 28_800 },
    });
    expect(Object.values(session?.metadata?.apps ?? {})).toEqual([
      { hostname: 'ocs.lantern.internal', name: 'Open Chat Studio', type: 'self_hosted', uid: account.ids.app },
    ]);
  });

  it('end when they are revoked, and run out by the policy’s own duration', async () => {
    const { account, sessions, revoke, clock } = await start();
    account.editPolicy(account.ids.policy, (body) => (body['session_duration'] = '30m'));
    account.login(amina, laptop);
    account.login(bruno, '7HX2KQ3');

    await revoke(amina);
    expect([account.hasSession(amina), account.hasSession(bruno)]).toEqual([false, true]);
    expect([await sessions(amina), (await sessions(bruno)).length]).toEqual([[], 1]);

    clock.now += 30 * minute;
    expect(account.hasSession(bruno)).toBe(false);
    expect(await sessions(bruno)).toMatchObject([{ expiration: clock.now / 1000 }]);
  });

  it('can be listed for a while after they were revoked', async () => {
    const { account, sessions, revoke, clock } = await start({ quirks: { sessionsLagMs: 30_000 } });
    account.login(amina, laptop);

    await revoke(amina);
    clock.now += 29_999;
    expect([account.hasSession(amina), (await sessions(amina)).length]).toEqual([false, 1]);

    clock.now += 1;
    expect(await sessions(amina)).toEqual([]);
  });

  it('of nobody are not found', async () => {
    const { client, account_id } = await start();

    const call = client.zeroTrust.access.users.activeSessions.list('unknown', { account_id });

    expect(await refusal(call)).toMatchObject({ status: 404 });
  });
});

describe('seats', () => {
  it('are freed several at a time, with the registrations but not the sessions', async () => {
    const { account, userOf, free } = await start({ seed: { sessions: true } });
    const [first, second] = [await userOf(amina), await userOf(bruno)];
    expect(first.user).toMatchObject({ access_seat: true, gateway_seat: true, active_device_count: 1 });

    const freed = await free(first.seat, second.seat);

    expect(freed).toMatchObject([
      { seat_uid: first.seat, access_seat: false, gateway_seat: false },
      { seat_uid: second.seat, access_seat: false, gateway_seat: false },
    ]);
    expect((await userOf(amina)).user).toMatchObject({
      access_seat: false,
      gateway_seat: false,
      active_device_count: 0,
    });
    expect([account.hasSeat(amina), account.registrations(amina), account.hasSession(amina)]).toEqual([false, 0, true]);
    expect(account.hasSeat('chioma.okafor@lanternhealth.example')).toBe(true);
  });

  it('are taken again by logging in or by connecting a device', async () => {
    const { account, userOf, free } = await start();
    await free((await userOf(amina)).seat, (await userOf(bruno)).seat);

    account.login(amina, laptop);
    account.clientWakesUp('7HX2KQ3');

    expect((await userOf(amina)).user).toMatchObject({ access_seat: true, gateway_seat: false });
    expect((await userOf(bruno)).user).toMatchObject({ access_seat: true, gateway_seat: true });
  });

  it('stay as they are when the request is not sound, one unknown seat included', async () => {
    const { account, client, account_id, userOf } = await start();
    const { seat } = await userOf(amina);
    const patch = (body: unknown) => client.patch(`/accounts/${account_id}/access/seats`, { body });
    const sound = { seat_uid: seat, access_seat: false, gateway_seat: false };

    expect(await refusal(patch([sound, { ...sound, seat_uid: 'unknown' }]))).toMatchObject({ status: 404 });
    expect(await refusal(patch([{ ...sound, access_seat: 'false' }]))).toMatchObject({ status: 400 });
    expect(await refusal(patch([{ seat_uid: seat, access_seat: false }]))).toMatchObject({ status: 400 });
    expect(await refusal(patch(sound))).toMatchObject({ status: 400 });
    await patch([{ ...sound, access_seat: true }]);

    expect(account.hasSeat(amina)).toBe(true);
  });

  it('need a permission of their own', async () => {
    const { account, userOf, free } = await start();
    const { seat } = await userOf(amina);
    account.removePermission('Zero Trust: Seats Write');

    expect(await refusal(free(seat))).toMatchObject({ status: 403 });
  });
});

describe('a laptop whose registration is gone', () => {
  it('connects again by itself while its user may enrol, under another id once the device was deleted', async () => {
    const { account, client, account_id } = await start();
    const [device] = account.devicesOf(amina);

    await client.zeroTrust.devices.devices.delete(device?.id ?? '', { account_id });
    expect(account.devicesOf(amina)).toEqual([]);

    expect(account.clientWakesUp(laptop)).toBe(true);
    const [again] = account.devicesOf(amina);
    expect(again).toMatchObject({ serial: laptop, name: 'amina-laptop' });
    expect(again?.id).not.toBe(device?.id);
  });

  it('stays out when enrolment names its user no longer, and the attempt is in the log', async () => {
    const { account, client, account_id } = await start();
    const rows = account.state.accessLog.length;
    const id = [...account.state.registrations.keys()].slice(0, 1);
    await client.zeroTrust.devices.registrations.bulkDelete({ account_id, id });
    account.removePerson(amina, account.ids.enrolmentPolicy);

    expect(account.clientWakesUp(laptop)).toBe(false);

    expect(account.state.accessLog.slice(rows)).toMatchObject([
      { email: amina, allowed: false, appId: account.ids.enrolmentApp },
    ]);
  });

  it('waits for a minute after its user was revoked', async () => {
    const { account, revoke, clock } = await start();
    await revoke(amina, true);

    expect(account.clientWakesUp(laptop)).toBe(false);
    clock.now += minute;
    expect(account.clientWakesUp(laptop)).toBe(true);
  });

  it('is left alone while it is registered', async () => {
    const { account } = await start();

    expect(account.clientWakesUp(laptop)).toBe(true);

    expect(account.registrations(amina)).toBe(1);
  });
});

it('the ways in are all those that are left, one by one', async () => {
  const { account, client, account_id, revoke, clock } = await start({ seed: { sessions: true } });
  expect(account.waysIn(amina)).toEqual([
    'policy "Team access" (allow)',
    'may enrol a device',
    'registered on amina-laptop',
    'session at Open Chat Studio',
  ]);
  account.removeListItem(account.ids.serialList, laptop);
  clock.now += 10 * minute;
  expect([account.wouldAdmit(amina, laptop), account.waysIn(amina)[0]]).toEqual([
    false,
    'policy "Team access" (allow)',
  ]);

  account.removePerson(amina);
  account.removePerson(amina, account.ids.enrolmentPolicy);
  await client.zeroTrust.devices.devices.delete(account.devicesOf(amina)[0]?.id ?? '', { account_id });
  expect(account.waysIn(amina)).toEqual(['session at Open Chat Studio']);

  await revoke(amina);
  expect(account.waysIn(amina)).toEqual([]);
});

it('says of somebody whom a rule bars that they stay out, and that they are still inside', async () => {
  const { account, revoke } = await start({ seed: { sessions: true } });
  const person = { name: 'Amina Diallo', email: amina };
  expect(sayAtTheDoor(atTheDoor(account, person))).toMatchInlineSnapshot(`"Amina Diallo gets in with C02FJ1XQMD6T."`);
  account.editPolicy(account.ids.policy, (body) => body.exclude.push({ email: { email: amina } }));
  expect(sayAtTheDoor(atTheDoor(account, person))).toMatchInlineSnapshot(
    `"Amina Diallo stays out: another rule keeps them out, but a session is still open."`,
  );
  await revoke(amina);
  expect(sayAtTheDoor(atTheDoor(account, person))).toMatchInlineSnapshot(
    `"Amina Diallo stays out: another rule keeps them out."`,
  );
});

/** How many different ones there are. */
async function countOf(list: AsyncIterable<{ id?: string }>): Promise<number> {
  const seen = new Set<string | undefined>();
  for await (const { id } of list) seen.add(id);
  return seen.size;
}

it('a thousand people come page by page, none twice', async () => {
  const { client, account_id } = await start({ seed: { people: 1000, laptops: 1000 } });
  expect(await countOf(client.zeroTrust.access.users.list({ account_id }))).toBe(1000);
  expect(await countOf(client.zeroTrust.devices.devices.list({ account_id }))).toBe(1000);
  expect(await countOf(client.zeroTrust.devices.registrations.list({ account_id }))).toBe(1000);

  expect(cf.calls).toHaveLength(2 + 20 + 20);
});
