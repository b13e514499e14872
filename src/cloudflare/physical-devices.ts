import { z } from 'zod';
import { foldAddress } from '../core/address.ts';
import type { Platform } from '../core/serial.ts';
import type { Device } from '../core/snapshot.ts';
import { call, callCursor } from './call.ts';
import { chunksOf } from './chunks-of.ts';
import type { Account } from './client.ts';
import { isNotFound } from './translate-error.ts';

/** A device as its own route tells it: whose the registrations are, it does not say. */
export interface PhysicalDevice extends Omit<Device, 'emails' | 'registrations'> {
  /** Lower case. Undefined: nobody was seen on it. */
  readonly lastSeenEmail: string | undefined;
  readonly activeRegistrations: number;
}

const PLATFORMS: Readonly<Record<string, Platform>> = { mac: 'macos', windows: 'windows', linux: 'linux' };

const Raw = z
  .object({
    id: z.string(),
    name: z.string().nullish(),
    serial_number: z.string().nullish(),
    device_type: z.string().nullish(),
    active_registrations: z.number().nullish(),
    last_seen_at: z.string().nullish(),
    last_seen_user: z.object({ email: z.string().nullish() }).nullish(),
    deleted_at: z.string().nullish(),
  })
  .transform((raw) => {
    const lastSeenAt = Date.parse(raw.last_seen_at ?? '');
    const device: PhysicalDevice = {
      id: raw.id,
      name: raw.name ?? raw.id,
      serial: raw.serial_number?.trim().toUpperCase() || undefined,
      platform: PLATFORMS[raw.device_type?.toLowerCase() ?? ''],
      lastSeenAt: Number.isNaN(lastSeenAt) ? undefined : lastSeenAt,
      lastSeenEmail: foldAddress(raw.last_seen_user?.email ?? '') || undefined,
      activeRegistrations: raw.active_registrations ?? 0,
    };
    return { device, isDeleted: Boolean(raw.deleted_at) };
  });

export interface DeviceFilter {
  readonly search?: string;
  readonly last_seen_user?: { readonly email: string };
  readonly id?: string[];
}

/** Those without an active registration included; one call for each 50 or so. */
export async function listDevices(account: Account, filter: DeviceFilter = {}): Promise<PhysicalDevice[]> {
  const { client, accountId } = account;
  const found = await callCursor(
    account,
    { route: 'GET devices/physical-devices', does: 'read the devices', area: 'zeroTrust' },
    Raw,
    (query, options) =>
      client.zeroTrust.devices.devices.list(
        { account_id: accountId, active_registrations: 'include', ...filter, ...query },
        options,
      ),
  );
  return found.flatMap(({ device, isDeleted }) => (isDeleted ? [] : [device]));
}

/** One call for each 50 ids, at the same time. */
export async function listDevicesById(account: Account, ids: readonly string[]): Promise<PhysicalDevice[]> {
  return (await Promise.all(chunksOf(ids).map((id) => listDevices(account, { id })))).flat();
}

/** Deletes the device with its registrations. Returns normally if it is gone. */
export async function deleteDevice(account: Account, id: string): Promise<void> {
  const { client, accountId } = account;
  try {
    await call(
      account,
      { route: 'DELETE devices/physical-devices/:id', does: 'delete a device', area: 'zeroTrust' },
      z.unknown(),
      (options) => client.zeroTrust.devices.devices.delete(id, { account_id: accountId }, options),
    );
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
