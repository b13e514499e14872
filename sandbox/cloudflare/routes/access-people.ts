import type { Context } from 'hono';
import { notFound, ok, onePage, stamp } from '../envelope.ts';
import type { Group, State, User } from '../state.ts';
import type { Router, World } from './world.ts';

const pages = { perPage: 1000, most: 1000, totalPages: true };

const showGroup = (group: Group): Record<string, unknown> => ({
  id: group.id,
  name: group.name,
  include: group.include,
  exclude: group.exclude,
  require: group.require,
  created_at: stamp(group.createdAt),
  updated_at: stamp(group.updatedAt),
});

function showUser(state: State, user: User): Record<string, unknown> {
  const active = [...state.registrations.values()].filter((r) => r.userId === user.id && r.revokedAt === null);
  const base = {
    id: user.id,
    uid: user.id,
    seat_uid: user.seatUid,
    email: user.email,
    name: user.name,
    access_seat: true,
    gateway_seat: active.length > 0,
    active_device_count: new Set(active.map((registration) => registration.deviceId)).size,
    created_at: stamp(user.createdAt),
    updated_at: stamp(user.updatedAt),
  };
  return user.lastLoginAt === null ? base : { ...base, last_successful_login: stamp(user.lastLoginAt) };
}

function wantedUsers(c: Context, state: State): User[] {
  const email = c.req.query('email')?.toLowerCase();
  const name = c.req.query('name')?.toLowerCase() ?? '';
  const search = c.req.query('search')?.toLowerCase() ?? '';
  return [...state.users.values()].filter((user) => {
    const words = `${user.name} ${user.email}`.toLowerCase();
    const fits = email === undefined || user.email.toLowerCase() === email;
    return fits && user.name.toLowerCase().includes(name) && words.includes(search);
  });
}

/** Groups, identity providers and users: to read only. */
export function routeAccessPeople(account: Router, { state }: World): void {
  account.get('/access/groups', (c) => {
    const name = c.req.query('name') ?? c.req.query('search') ?? '';
    const rows = [...state.groups.values()].filter((group) => group.name.includes(name));
    const { rows: cut, info } = onePage(c, rows, pages);
    return ok(c, cut.map(showGroup), info);
  });
  account.get('/access/groups/:id', (c) => {
    const group = state.groups.get(c.req.param('id'));
    if (group === undefined) throw notFound('group');
    return ok(c, showGroup(group));
  });
  account.get('/access/identity_providers', (c) => {
    const { rows, info } = onePage(c, state.identityProviders, pages);
    return ok(
      c,
      rows.map((provider) => ({ ...provider, config: {} })),
      info,
    );
  });
  account.get('/access/users', (c) => {
    const { rows, info } = onePage(c, wantedUsers(c, state), pages);
    return ok(
      c,
      rows.map((user) => showUser(state, user)),
      info,
    );
  });
  account.get('/access/users/:id', (c) => {
    const user = state.users.get(c.req.param('id'));
    if (user === undefined) throw notFound('user');
    return ok(c, showUser(state, user));
  });
}
