import { afterEach, describe, expect, it } from 'vitest';
import { emailOf } from '../../sandbox/cloudflare/seed-people.ts';
import type { CloudflareOptions } from '../../sandbox/cloudflare/server.ts';
import { uuidFor } from '../../sandbox/cloudflare/state.ts';
import type { Device } from '../../src/core/snapshot.ts';
import { failureOf, startAdapter, type Started } from './start-adapter.ts';

let started: Started | undefined;
afterEach(() => started?.cf.stop());

async function start(options: CloudflareOptions = {}): Promise<Started> {
  started = await startAdapter(options);
  return started;
}

const AMINA = emailOf('Amina Diallo');
const BRUNO = emailOf('Bruno Keller');
const AMINAS = uuidFor('device 0');
const BRUNOS = uuidFor('device 1');

const DEVICES = 'GET devices/physical-devices';
const REGISTRATIONS = 'GET devices/registrations';

const names = (devices: readonly Device[]): string[] => devices.map(({ name }) => name).toSorted();
const queries = ({ cf }: Started): Record<string, unknown>[] => cf.calls.map(({ query }) => query);

describe('of a person', () => {
  it('are read whole, with two calls side by side', async () => {
    const house = await start();

    const devices = await house.cloudflare.devices({ of: [AMINA.toUpperCase()] });

    expect(devices).toEqual([
      {
        id: AMINAS,
        name: 'amina-laptop',
        serial: 'C02FJ1XQMD6T',
        platform: 'macos',
        lastSeenAt: expect.any(Number),
        emails: [AMINA],
        registrations: [{ id: uuidFor('registration 0'), email: AMINA, isActive: true }],
      },
    ]);
    expect(house.routes().toSorted()).toEqual([DEVICES, REGISTRATIONS]);
    expect(queries(house)).toContainEqual({ 'last_seen_user.email': AMINA, active_registrations: 'include' });
    expect(queries(house)).toContainEqual({ search: AMINA, status: 'all' });
  });

  it('are not those of somebody whose address only contains it', async () => {
    const { cf, cloudflare } = await start({ seed: { people: ['ana@x.org', 'hana@x.org'] } });

    const devices = await cloudflare.devices({ of: ['ana@x.org'] });

    expect(devices.map(({ emails }) => emails)).toEqual([['ana@x.org']]);
    expect(cf.calls).toHaveLength(2);
  });

  it('name the others who use them too', async () => {
    const house = await start({ seed: { sharedLaptop: true } });

    const devices = await house.cloudflare.devices({ of: [AMINA] });

    expect(devices.map(({ emails }) => emails.toSorted())).toEqual([[AMINA, BRUNO]]);
    expect(devices[0]?.registrations.map(({ email }) => email).toSorted()).toEqual([AMINA, BRUNO]);
    expect(queries(house).slice(2)).toEqual([{ 'device.id': AMINAS, status: 'all' }]);
  });

  it('include one that somebody else used last, with a second wave of two calls', async () => {
    const house = await start({ seed: { sharedLaptop: true } });

    const devices = await house.cloudflare.devices({ of: [BRUNO] });

    expect(new Set(devices.map(({ id }) => id))).toEqual(new Set([AMINAS, BRUNOS]));
    expect(devices.find(({ id }) => id === AMINAS)).toMatchObject({ serial: 'C02FJ1XQMD6T', emails: [AMINA, BRUNO] });
    expect(house.routes().slice(2).toSorted()).toEqual([DEVICES, REGISTRATIONS]);
  });

  it('include one whose registrations are all revoked', async () => {
    const { cloudflare } = await start();
    await cloudflare.revokeSessions(AMINA);

    const devices = await cloudflare.devices({ of: [AMINA] });

    expect(devices).toMatchObject([{ id: AMINAS, registrations: [{ email: AMINA, isActive: false }] }]);
  });

  it('include one that was deleted, as long as a registration of theirs is left', async () => {
    const { cloudflare } = await start({ quirks: { deletedDevice: 'revokes-registrations' } });
    await cloudflare.deleteDevice(AMINAS);

    const devices = await cloudflare.devices({ of: [AMINA] });

    expect(devices).toEqual([
      {
        id: AMINAS,
        name: 'amina-laptop',
        serial: undefined,
        platform: undefined,
        lastSeenAt: undefined,
        emails: [AMINA],
        registrations: [{ id: uuidFor('registration 0'), email: AMINA, isActive: false }],
      },
    ]);
  });

  it('are none for nobody, without a call', async () => {
    const { cf, cloudflare } = await start();

    await expect(cloudflare.devices({ of: [] })).resolves.toEqual([]);
    await expect(cloudflare.devices({ ids: [] })).resolves.toEqual([]);

    expect(cf.calls).toEqual([]);
  });
});

describe('of many', () => {
  it('are read page by page, whoever they are', async () => {
    const { cloudflare, routes } = await start({ seed: { people: 130, laptops: 120 } });

    const devices = await cloudflare.devices({ of: 'all' });

    expect(devices).toHaveLength(120);
    expect(devices.every(({ registrations }) => registrations.length === 1)).toBe(true);
    expect(routes().toSorted()).toEqual([...Array(3).fill(DEVICES), ...Array(3).fill(REGISTRATIONS)]);
  });

  it('costs the same calls for 11 people as for all, and gives only theirs', async () => {
    const { cf, cloudflare } = await start({ seed: { people: 60, laptops: 60 } });
    const emails = cf.account.emails().slice(20, 31);

    const devices = await cloudflare.devices({ of: emails });

    expect(devices.flatMap((device) => device.emails).toSorted()).toEqual(emails.toSorted());
    expect(cf.calls).toHaveLength(4);
  });
});

describe('by id', () => {
  it('are read with their registrations in one wave', async () => {
    const house = await start({ seed: { sharedLaptop: true } });

    const devices = await house.cloudflare.devices({ ids: [AMINAS, BRUNOS, AMINAS] });

    expect(names(devices)).toEqual(['amina-laptop', 'bruno-laptop']);
    expect(devices.find(({ id }) => id === AMINAS)?.emails.toSorted()).toEqual([AMINA, BRUNO]);
    expect(house.routes().toSorted()).toEqual([DEVICES, REGISTRATIONS, REGISTRATIONS]);
    expect(queries(house)).toContainEqual({ id: [AMINAS, BRUNOS], active_registrations: 'include' });
  });

  it('are none where there is no such device', async () => {
    const { cloudflare } = await start();

    await expect(cloudflare.devices({ ids: [uuidFor('nothing')] })).resolves.toEqual([]);
  });

  it('are asked for in parts where they are many, and only these are given', async () => {
    const house = await start({ seed: { people: 80, laptops: 80 } });
    const ids = Array.from({ length: 60 }, (_, index) => uuidFor(`device ${index}`));

    const devices = await house.cloudflare.devices({ ids });

    expect(devices.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    expect(house.routes().filter((route) => route === DEVICES)).toHaveLength(2);
    expect(house.routes().filter((route) => route === REGISTRATIONS)).toHaveLength(2);
  });
});

it.each([
  ['a part of the serial number', 'xqmd6t'],
  ['the name', 'amina-lap'],
  ['the person', 'Amina.Diallo'],
])('finds a device by %s', async (_what, matching) => {
  const { cloudflare } = await start();

  const devices = await cloudflare.devices({ matching });

  expect(devices).toMatchObject([{ id: AMINAS, emails: [AMINA] }]);
  expect(devices[0]?.registrations).toHaveLength(1);
});

it('offers all devices where no word is given', async () => {
  const { cloudflare } = await start();

  await expect(cloudflare.devices({ matching: ' ' })).resolves.toHaveLength(12);
});

it.each([
  ['mac', 'macos', ' c02fj1xqmd6t ', 'C02FJ1XQMD6T'],
  ['Windows', 'windows', '', undefined],
  ['ios', undefined, null, undefined],
])('reads a device of type %s', async (type, platform, written, serial) => {
  const { cf, cloudflare } = await start();
  cf.faults.add({
    path: /physical-devices/,
    mangle: (answer) => {
      const copy = structuredClone(answer) as { result: Record<string, unknown>[] };
      for (const device of copy.result) Object.assign(device, { device_type: type, serial_number: written });
      return copy;
    },
  });

  const [device] = await cloudflare.devices({ ids: [AMINAS] });

  expect({ platform: device?.platform, serial: device?.serial }).toEqual({ platform, serial });
  cf.violations.length = 0;
});

describe('deleting', () => {
  it.each(['revokes-registrations', 'removes-registrations'] as const)(
    'a device leaves nobody registered on it, and a second time is no error (%s)',
    async (deletedDevice) => {
      const { cf, cloudflare } = await start({ quirks: { deletedDevice } });

      await cloudflare.deleteDevice(AMINAS);
      await cloudflare.deleteDevice(AMINAS);

      expect(cf.account.state.devices.has(AMINAS)).toBe(false);
      expect(cf.account.registrations(AMINA)).toBe(0);
      expect(cf.account.registrations(BRUNO)).toBe(1);
    },
  );

  it('registrations takes one call for several', async () => {
    const { cf, cloudflare, routes } = await start();

    await cloudflare.deleteRegistrations([uuidFor('registration 0'), uuidFor('registration 1')]);

    expect([cf.account.registrations(AMINA), cf.account.registrations(BRUNO)]).toEqual([0, 0]);
    expect(routes()).toEqual(['DELETE devices/registrations']);
  });

  it('registrations is not kept from the others by one that is gone', async () => {
    const { cf, cloudflare } = await start();

    await cloudflare.deleteRegistrations([uuidFor('registration 0'), uuidFor('gone')]);

    expect(cf.account.registrations(AMINA)).toBe(0);
  });

  it.each([[['gone']], [['gone', 'gone too']]])('registrations that are gone (%j) is no error', async (gone) => {
    const { cf, cloudflare } = await start();

    await cloudflare.deleteRegistrations(gone.map((words) => uuidFor(words)));

    expect(cf.account.state.registrations.size).toBe(12);
  });

  it('does not take a refusal for a deletion while they are there', async () => {
    const { cf, cloudflare } = await start();
    cf.faults.add({ method: 'DELETE', status: 404 });

    const failure = await failureOf(
      cloudflare.deleteRegistrations([uuidFor('registration 0'), uuidFor('registration 1')]),
    );

    expect(failure.code).toBe('cloudflare-not-found');
    expect(cf.account.registrations(AMINA)).toBe(1);
  });

  it('registrations of 120 people takes a call for each 50', async () => {
    const { cf, cloudflare, routes } = await start({ seed: { people: 120, laptops: 120 } });

    await cloudflare.deleteRegistrations([...cf.account.state.registrations.keys()]);

    expect(cf.account.state.registrations.size).toBe(0);
    expect(routes()).toHaveLength(3);
  });

  it('names the permission that it lacks', async () => {
    const { cf, cloudflare } = await start();
    cf.account.setPermissions(['Zero Trust Read']);

    const failures = [
      await failureOf(cloudflare.deleteDevice(AMINAS)),
      await failureOf(cloudflare.deleteRegistrations([uuidFor('registration 0')])),
    ];

    for (const failure of failures) expect(failure.message).toContain('“Zero Trust → Edit”');
  });
});
