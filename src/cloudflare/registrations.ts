import { z } from 'zod';
import { foldAddress } from '../core/address.ts';
import type { Registration } from '../core/snapshot.ts';
import { call, callCursor } from './call.ts';
import { chunksOf } from './chunks-of.ts';
import type { Account } from './client.ts';
import { isNotFound } from './translate-error.ts';

/** A registration with the little that it says about its device. */
export interface DeviceRegistration extends Registration {
  readonly device: { readonly id: string; readonly name: string };
}

const Raw = z
  .object({
    id: z.string(),
    device: z.object({ id: z.string(), name: z.string().nullish() }),
    user: z.object({ email: z.string().nullish() }).nullish(),
    revoked_at: z.string().nullish(),
    deleted_at: z.string().nullish(),
  })
  .transform(({ id, device, user, revoked_at: revokedAt, deleted_at: deletedAt }) => ({
    registration: {
      id,
      email: foldAddress(user?.email ?? ''),
      isActive: !revokedAt,
      device: { id: device.id, name: device.name ?? device.id },
    },
    isDeleted: Boolean(deletedAt),
  }));

/** `search` is a match of a part of the words, so what comes has to be looked through. */
export interface RegistrationFilter {
  readonly search?: string;
  readonly device?: { readonly id: string };
  readonly id?: string[];
}

/** Revoked ones included; one call for each 50 or so. */
export async function listRegistrations(
  account: Account,
  filter: RegistrationFilter = {},
): Promise<DeviceRegistration[]> {
  const { client, accountId } = account;
  const found = await callCursor(
    account,
    { route: 'GET devices/registrations', does: 'read the registrations of devices', area: 'zeroTrust' },
    Raw,
    (query, options) =>
      client.zeroTrust.devices.registrations.list(
        { account_id: accountId, status: 'all', ...filter, ...query },
        options,
      ),
  );
  return found.flatMap(({ registration, isDeleted }) => (isDeleted ? [] : [registration]));
}

/** One call for each 50. Returns normally for those that are gone; of several, one that is gone does not spare the others. */
export async function deleteRegistrations(account: Account, ids: readonly string[]): Promise<void> {
  await Promise.all(chunksOf([...new Set(ids)]).map((chunk) => deleteThoseThere(account, chunk)));
}

async function deleteThoseThere(account: Account, ids: readonly string[]): Promise<void> {
  try {
    await bulkDelete(account, ids);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    if (ids.length === 1) return;
    const there = (await listRegistrations(account, { id: [...ids] })).map(({ id }) => id);
    const left = ids.filter((id) => there.includes(id));
    if (left.length === ids.length) throw error;
    if (left.length > 0) await deleteThoseThere(account, left);
  }
}

async function bulkDelete(account: Account, ids: readonly string[]): Promise<void> {
  const { client, accountId } = account;
  await call(
    account,
    { route: 'DELETE devices/registrations', does: 'delete registrations of devices', area: 'zeroTrust' },
    z.unknown(),
    (options) => client.zeroTrust.devices.registrations.bulkDelete({ account_id: accountId, id: [...ids] }, options),
  );
}
