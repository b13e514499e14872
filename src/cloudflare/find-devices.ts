import { foldAddress } from '../core/address.ts';
import type { DeviceQuery } from '../core/ports.ts';
import type { Device } from '../core/snapshot.ts';
import type { Account } from './client.ts';
import { FEW } from './few.ts';
import { listDevices, listDevicesById, type PhysicalDevice } from './physical-devices.ts';
import { listRegistrations, type DeviceRegistration } from './registrations.ts';

interface Found {
  readonly devices: readonly PhysicalDevice[];
  readonly registrations: readonly DeviceRegistration[];
}

/**
 * Devices with all their registrations, in two waves of parallel calls at most.
 *
 * - Of up to 10 people: two calls for each in the first wave, by their registrations and by whom a device saw last. The
 *   second wave is for what only one of the two has shown: a device known by a registration alone is read, 50 in one
 *   call, and the registrations of a device that others may use too are read, one call each. An ordinary laptop, used by
 *   its owner alone, needs no second wave.
 * - Of more people, or of all: every device and every registration of the account, both page by page at the same time.
 * - By ids: the devices, 50 in one call, and the registrations of each, all in one wave.
 * - By words: as for a person, by a search in the devices and one in the registrations.
 *
 * A registration whose device is not to be found brings a device of its own along, without serial: it can be ended too.
 */
export async function findDevices(account: Account, query: DeviceQuery): Promise<Device[]> {
  if ('ids' in query) return devicesById(account, [...new Set(query.ids)]);
  if ('matching' in query) return matching(account, query.matching.trim());
  if (query.of === 'all') return all(account);
  return devicesOf(account, [...new Set(query.of.map(foldAddress))]);
}

async function devicesById(account: Account, ids: readonly string[]): Promise<Device[]> {
  if (ids.length === 0) return [];
  const [devices, registrations] = await Promise.all([listDevicesById(account, ids), registrationsOn(account, ids)]);
  return shape({ devices, registrations }).filter(({ id }) => ids.includes(id));
}

async function devicesOf(account: Account, emails: readonly string[]): Promise<Device[]> {
  if (emails.length === 0) return [];
  const isTheirs = ({ emails: users }: Device): boolean => users.some((email) => emails.includes(email));
  if (emails.length > FEW) return (await all(account)).filter(isTheirs);
  const [devices, registrations] = await Promise.all([
    inParallel(emails, (email) => listDevices(account, { last_seen_user: { email } })),
    inParallel(emails, (search) => listRegistrations(account, { search })),
  ]);
  const theirs = registrations.filter(({ email }) => emails.includes(email));
  return shape(await completed(account, { devices, registrations: theirs })).filter(isTheirs);
}

async function matching(account: Account, search: string): Promise<Device[]> {
  if (search === '') return all(account);
  const [devices, registrations] = await Promise.all([
    listDevices(account, { search }),
    listRegistrations(account, { search }),
  ]);
  return shape(await completed(account, { devices, registrations }));
}

async function all(account: Account): Promise<Device[]> {
  const [devices, registrations] = await Promise.all([listDevices(account), listRegistrations(account)]);
  return shape({ devices, registrations });
}

/** Adds the devices that are known by a registration alone, and the registrations that these and shared devices have. */
async function completed(account: Account, { devices, registrations }: Found): Promise<Found> {
  const known = new Set(devices.map(({ id }) => id));
  const unread = [...new Set(registrations.map(({ device }) => device.id))].filter((id) => !known.has(id));
  const active = byDevice(registrations.filter(({ isActive }) => isActive));
  const shared = devices.filter((device) => device.activeRegistrations > (active.get(device.id) ?? []).length);
  const [moreDevices, moreRegistrations] = await Promise.all([
    listDevicesById(account, unread),
    registrationsOn(account, [...unread, ...shared.map(({ id }) => id)]),
  ]);
  return { devices: [...devices, ...moreDevices], registrations: [...registrations, ...moreRegistrations] };
}

/** The route takes one device at a time: for many, all registrations are fewer calls. */
async function registrationsOn(account: Account, deviceIds: readonly string[]): Promise<DeviceRegistration[]> {
  if (deviceIds.length > FEW) {
    const wanted = new Set(deviceIds);
    return (await listRegistrations(account)).filter(({ device }) => wanted.has(device.id));
  }
  return inParallel(deviceIds, (id) => listRegistrations(account, { device: { id } }));
}

/** Each thing once, whichever answer it came with. */
async function inParallel<T extends { readonly id: string }>(
  keys: readonly string[],
  read: (key: string) => Promise<T[]>,
): Promise<T[]> {
  const found = (await Promise.all(keys.map(read))).flat();
  return [...new Map(found.map((one) => [one.id, one])).values()];
}

function byDevice(registrations: readonly DeviceRegistration[]): Map<string, DeviceRegistration[]> {
  const groups = new Map<string, DeviceRegistration[]>();
  for (const one of registrations) groups.set(one.device.id, [...(groups.get(one.device.id) ?? []), one]);
  return groups;
}

function shape({ devices, registrations }: Found): Device[] {
  const once = [...new Map(registrations.map((registration) => [registration.id, registration])).values()];
  const groups = byDevice(once);
  const bare = once.map(({ device }) => bareDevice(device));
  // What is told about a device by its own route comes last, so it stays.
  const known = new Map([...bare, ...devices].map((device) => [device.id, device]));
  return [...known.values()].map((device) => withRegistrations(device, groups.get(device.id) ?? []));
}

function bareDevice(device: DeviceRegistration['device']): PhysicalDevice {
  return {
    ...device,
    serial: undefined,
    platform: undefined,
    lastSeenAt: undefined,
    lastSeenEmail: undefined,
    activeRegistrations: 0,
  };
}

function withRegistrations(device: PhysicalDevice, registrations: readonly DeviceRegistration[]): Device {
  const { id, name, serial, platform, lastSeenAt, lastSeenEmail } = device;
  const emails = [lastSeenEmail ?? '', ...registrations.map(({ email }) => email)];
  return {
    id,
    name,
    serial,
    platform,
    lastSeenAt,
    emails: [...new Set(emails.filter((email) => email !== ''))],
    registrations: registrations.map(({ id: registration, email, isActive }) => ({
      id: registration,
      email,
      isActive,
    })),
  };
}
