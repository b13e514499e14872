import type { Context } from 'hono';
import { ApiError, badRequest, codes, ok, oneStretch, stamp, stampOrNull } from '../envelope.ts';
import type { Device, Registration } from '../people.ts';
import { hexFor, uuidFor } from '../state.ts';
import type { State } from '../state.ts';
import { choice, refuseOthers, seenWithin, sorted } from './device-query.ts';
import type { Router, World } from './world.ts';

const missing = (what: string): ApiError => new ApiError(404, codes.deviceRefused, `${what} not found`);

/** How many active registrations each device has. */
function countActive(state: State): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { deviceId, revokedAt } of state.registrations.values()) {
    if (revokedAt === null) counts.set(deviceId, (counts.get(deviceId) ?? 0) + 1);
  }
  return counts;
}

function showUser(state: State, id: string | null): object | null {
  const user = id === null ? undefined : state.users.get(id);
  return user === undefined ? null : { id: user.id, email: user.email, name: user.name };
}

function showDevice(state: State, device: Device, active: number): Record<string, unknown> {
  return {
    id: device.id,
    name: device.name,
    serial_number: device.serial,
    device_type: device.platform,
    model: device.model,
    os_version: device.osVersion,
    client_version: device.clientVersion,
    active_registrations: active,
    last_seen_at: stampOrNull(device.lastSeenAt),
    last_seen_user: showUser(state, device.lastSeenUserId),
    created_at: stamp(device.createdAt),
    updated_at: stamp(device.updatedAt),
    deleted_at: null,
  };
}

const profile = {
  id: uuidFor('default device profile'),
  name: 'Default',
  default: true,
  deleted: false,
  updated_at: '2024-02-01T09:00:00Z',
};

function showRegistration(state: State, registration: Registration, include = ''): Record<string, unknown> {
  const device = state.devices.get(registration.deviceId);
  const name = device?.name ?? registration.deviceName;
  const shown = {
    id: registration.id,
    key: hexFor(`key ${registration.id}`),
    device: { id: registration.deviceId, name, client_version: device?.clientVersion ?? '' },
    user: showUser(state, registration.userId) ?? {},
    created_at: stamp(registration.createdAt),
    last_seen_at: stamp(registration.lastSeenAt),
    updated_at: stamp(registration.updatedAt),
    revoked_at: stampOrNull(registration.revokedAt),
    deleted_at: null,
  };
  return include.split(',').includes('policy') ? { ...shown, policy: profile } : shown;
}

const paging = ['cursor', 'per_page', 'sort_by', 'sort_order', 'seen_after', 'seen_before', 'search', 'id'];

/** Without `active_registrations` only devices with one are shown; `include` shows all, `exclude` those without. */
function wantedDevices(c: Context, state: State, active: ReadonlyMap<string, number>): Device[] {
  refuseOthers(c, [...paging, 'active_registrations', 'last_seen_user.email']);
  const mode = choice(c, 'active_registrations', ['only', 'include', 'exclude']);
  const email = c.req.query('last_seen_user.email')?.toLowerCase();
  const search = c.req.query('search')?.toLowerCase() ?? '';
  const ids = new Set(c.req.queries('id') ?? []);
  const emailOf = (device: Device): string => state.users.get(device.lastSeenUserId ?? '')?.email ?? '';
  const rows = [...state.devices.values()].filter((device) => {
    const isActive = active.has(device.id);
    if (mode !== 'include' && isActive !== (mode === 'only')) return false;
    if (email !== undefined && emailOf(device).toLowerCase() !== email) return false;
    const words = `${device.name} ${device.serial} ${emailOf(device)}`.toLowerCase();
    return words.includes(search) && (ids.size === 0 || ids.has(device.id)) && seenWithin(c, device.lastSeenAt);
  });
  return sorted(c, rows, {
    name: ({ name }) => name,
    id: ({ id }) => id,
    client_version: ({ clientVersion }) => clientVersion,
    'last_seen_user.email': emailOf,
    last_seen_at: ({ lastSeenAt }) => lastSeenAt ?? 0,
    active_registrations: ({ id }) => active.get(id) ?? 0,
    created_at: ({ createdAt }) => createdAt,
  });
}

function wantedRegistrations(c: Context, state: State): Registration[] {
  refuseOthers(c, [...paging, 'status', 'user.id', 'device.id', 'include']);
  const status = choice(c, 'status', ['active', 'all', 'revoked']);
  const users = new Set(c.req.queries('user.id') ?? []);
  const ids = new Set(c.req.queries('id') ?? []);
  const deviceId = c.req.query('device.id');
  const search = c.req.query('search')?.toLowerCase() ?? '';
  const rows = [...state.registrations.values()].filter((registration) => {
    const { id, userId, revokedAt } = registration;
    if (status !== 'all' && (revokedAt === null) !== (status === 'active')) return false;
    if ((deviceId ?? registration.deviceId) !== registration.deviceId) return false;
    const user = state.users.get(userId);
    const words = `${user?.name} ${user?.email} ${registration.deviceName}`.toLowerCase();
    if (!words.includes(search) || !seenWithin(c, registration.lastSeenAt)) return false;
    return (users.size === 0 || users.has(userId)) && (ids.size === 0 || ids.has(id));
  });
  return sorted(c, rows, {
    id: ({ id }) => id,
    'user.name': ({ userId }) => state.users.get(userId)?.name ?? '',
    'user.email': ({ userId }) => state.users.get(userId)?.email ?? '',
    last_seen_at: ({ lastSeenAt }) => lastSeenAt,
    created_at: ({ createdAt }) => createdAt,
  });
}

function deleteDevice({ state, quirks, now }: World, id: string): void {
  if (!state.devices.delete(id)) throw missing('device');
  for (const registration of state.registrations.values()) {
    if (registration.deviceId !== id) continue;
    if (quirks.deletedDevice === 'removes-registrations') state.registrations.delete(registration.id);
    else registration.revokedAt ??= now();
  }
}

function deleteRegistrations({ state }: World, ids: readonly string[]): void {
  // All or nothing: that one unknown id spares the others is not documented.
  if (!ids.every((id) => state.registrations.has(id))) throw missing('registration');
  for (const id of ids) state.registrations.delete(id);
}

export function routeDevices(account: Router, world: World): void {
  const { state } = world;
  account.get('/devices/physical-devices', (c) => {
    const active = countActive(state);
    const { rows, info } = oneStretch(c, wantedDevices(c, state, active));
    const shown = rows.map((device) => showDevice(state, device, active.get(device.id) ?? 0));
    return ok(c, shown, info);
  });
  account.get('/devices/physical-devices/:id', (c) => {
    const device = state.devices.get(c.req.param('id'));
    if (device === undefined) throw missing('device');
    return ok(c, showDevice(state, device, countActive(state).get(device.id) ?? 0));
  });
  account.delete('/devices/physical-devices/:id', (c) => {
    deleteDevice(world, c.req.param('id'));
    return ok(c, null);
  });
  account.get('/devices/registrations', (c) => {
    const { rows, info } = oneStretch(c, wantedRegistrations(c, state));
    const shown = rows.map((registration) => showRegistration(state, registration, c.req.query('include')));
    return ok(c, shown, info);
  });
  account.get('/devices/registrations/:id', (c) => {
    const registration = state.registrations.get(c.req.param('id'));
    if (registration === undefined) throw missing('registration');
    return ok(c, showRegistration(state, registration, c.req.query('include')));
  });
  account.delete('/devices/registrations', (c) => {
    const ids = c.req.queries('id') ?? [];
    if (ids.length === 0) throw badRequest('id is required');
    deleteRegistrations(world, ids);
    return ok(c, null);
  });
  account.delete('/devices/registrations/:id', (c) => {
    deleteRegistrations(world, [c.req.param('id')]);
    return ok(c, null);
  });
}
