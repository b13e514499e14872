import type { Context } from 'hono';
import { ApiError, badRequest, codes, ok, oneStretch, stamp, stampOrNull } from '../envelope.ts';
import { hexFor, uuidFor } from '../state.ts';
import type { Device, Registration, State } from '../state.ts';
import type { Router, World } from './world.ts';

const missing = (what: string): ApiError => new ApiError(404, codes.deviceRefused, `${what} not found`);

const activeOf = (state: State, device: Device): Registration[] =>
  [...state.registrations.values()].filter((r) => r.deviceId === device.id && r.revokedAt === null);

function showUser(state: State, id: string | null): object | null {
  const user = id === null ? undefined : state.users.get(id);
  return user === undefined ? null : { id: user.id, email: user.email, name: user.name };
}

function showDevice(state: State, device: Device): Record<string, unknown> {
  return {
    id: device.id,
    name: device.name,
    serial_number: device.serial,
    device_type: device.platform,
    model: device.model,
    os_version: device.osVersion,
    client_version: device.clientVersion,
    active_registrations: activeOf(state, device).length,
    last_seen_at: stampOrNull(device.lastSeenAt),
    last_seen_user: showUser(state, device.lastSeenUserId),
    created_at: stamp(device.createdAt),
    updated_at: stamp(device.updatedAt),
    deleted_at: null,
  };
}

function showRegistration(state: State, registration: Registration): Record<string, unknown> {
  const device = state.devices.get(registration.deviceId);
  return {
    id: registration.id,
    key: hexFor(`key ${registration.id}`),
    device: { id: registration.deviceId, name: device?.name ?? '', client_version: device?.clientVersion ?? '' },
    user: showUser(state, registration.userId) ?? {},
    policy: {
      id: uuidFor('default device profile'),
      name: 'Default',
      default: true,
      deleted: false,
      updated_at: '2024-02-01T09:00:00Z',
    },
    created_at: stamp(registration.createdAt),
    last_seen_at: stamp(registration.lastSeenAt),
    updated_at: stamp(registration.updatedAt),
    revoked_at: stampOrNull(registration.revokedAt),
    deleted_at: null,
  };
}

/** Without `active_registrations` only devices with one are shown; `include` shows all, `exclude` those without. */
function wantedDevices(c: Context, state: State): Device[] {
  const mode = c.req.query('active_registrations') ?? 'only';
  const email = c.req.query('last_seen_user.email')?.toLowerCase();
  const search = c.req.query('search')?.toLowerCase() ?? '';
  const ids = c.req.queries('id') ?? [];
  return [...state.devices.values()].filter((device) => {
    const active = activeOf(state, device).length > 0;
    if (mode !== 'include' && active !== (mode === 'only')) return false;
    const user = state.users.get(device.lastSeenUserId ?? '');
    if (email !== undefined && user?.email.toLowerCase() !== email) return false;
    const words = `${device.name} ${device.serial} ${user?.email ?? ''}`.toLowerCase();
    return words.includes(search) && (ids.length === 0 || ids.includes(device.id));
  });
}

function wantedRegistrations(c: Context, state: State): Registration[] {
  const status = c.req.query('status') ?? 'active';
  const users = c.req.queries('user.id') ?? [];
  const ids = c.req.queries('id') ?? [];
  const deviceId = c.req.query('device.id');
  const search = c.req.query('search')?.toLowerCase() ?? '';
  return [...state.registrations.values()].filter((registration) => {
    const { id, userId, revokedAt } = registration;
    if (status !== 'all' && (revokedAt === null) !== (status === 'active')) return false;
    if (deviceId !== undefined && deviceId !== registration.deviceId) return false;
    const user = state.users.get(userId);
    const words = `${user?.name} ${user?.email} ${state.devices.get(registration.deviceId)?.name}`.toLowerCase();
    if (!words.includes(search)) return false;
    return (users.length === 0 || users.includes(userId)) && (ids.length === 0 || ids.includes(id));
  });
}

export function routeDevices(account: Router, { state }: World): void {
  account.get('/devices/physical-devices', (c) => {
    const { rows, info } = oneStretch(c, wantedDevices(c, state));
    return ok(
      c,
      rows.map((device) => showDevice(state, device)),
      info,
    );
  });
  account.get('/devices/physical-devices/:id', (c) => {
    const device = state.devices.get(c.req.param('id'));
    if (device === undefined) throw missing('device');
    return ok(c, showDevice(state, device));
  });
  account.delete('/devices/physical-devices/:id', (c) => {
    const id = c.req.param('id');
    if (!state.devices.delete(id)) throw missing('device');
    for (const registration of state.registrations.values()) {
      if (registration.deviceId === id) state.registrations.delete(registration.id);
    }
    return ok(c, null);
  });
  account.get('/devices/registrations', (c) => {
    const { rows, info } = oneStretch(c, wantedRegistrations(c, state));
    return ok(
      c,
      rows.map((registration) => showRegistration(state, registration)),
      info,
    );
  });
  account.get('/devices/registrations/:id', (c) => {
    const registration = state.registrations.get(c.req.param('id'));
    if (registration === undefined) throw missing('registration');
    return ok(c, showRegistration(state, registration));
  });
  account.delete('/devices/registrations', (c) => {
    const ids = c.req.queries('id') ?? [];
    if (ids.length === 0) throw badRequest('id is required');
    // All or nothing: that one unknown id spares the others is not documented.
    if (!ids.every((id) => state.registrations.has(id))) throw missing('registration');
    for (const id of ids) state.registrations.delete(id);
    return ok(c, null);
  });
}
