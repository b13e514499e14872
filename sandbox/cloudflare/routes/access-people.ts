import type { Context } from 'hono';
import { notFound, ok, onePage, stamp, whole } from '../envelope.ts';
import type { Registration, Session, User } from '../people.ts';
import type { Group, State } from '../state.ts';
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

/** Users as the API shows them. Registrations are sorted by user first: a large account has thousands. */
function showUsers(state: State, users: readonly User[]): Record<string, unknown>[] {
  const active = new Map<string, Registration[]>();
  for (const registration of state.registrations.values()) {
    if (registration.revokedAt !== null) continue;
    const others = active.get(registration.userId);
    if (others === undefined) active.set(registration.userId, [registration]);
    else others.push(registration);
  }
  return users.map((user) => showUser(user, active.get(user.id) ?? []));
}

function showUser(user: User, active: readonly Registration[]): Record<string, unknown> {
  const base = {
    id: user.id,
    uid: user.id,
    seat_uid: user.seatUid,
    email: user.email,
    name: user.name,
    access_seat: user.accessSeat,
    gateway_seat: user.gatewaySeat,
    active_device_count: new Set(active.map(({ deviceId }) => deviceId)).size,
    created_at: stamp(user.createdAt),
    updated_at: stamp(user.updatedAt),
  };
  return user.lastLoginAt === null ? base : { ...base, last_successful_login: stamp(user.lastLoginAt) };
}

/** Times in seconds since 1970. */
function showSession(state: State, user: User, { nonce, appId, startedAt, expiresAt }: Session): object {
  const app = state.apps.get(appId);
  const expires = Math.floor(expiresAt / 1000);
  const iat = Math.floor(startedAt / 1000);
  const about = { hostname: app?.body.domain ?? '', name: app?.body.name ?? '', type: app?.type ?? '', uid: appId };
  const metadata = { apps: { [app?.aud ?? appId]: about }, expires, iat, nonce, ttl: expires - iat };
  return { name: `${user.id}:${nonce}`, expiration: expires, metadata };
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

/** Groups, identity providers, users and their sessions: to read only. */
export function routeAccessPeople(account: Router, { state, quirks, now }: World): void {
  const userOf = (id: string): User => {
    const user = state.users.get(id);
    if (user === undefined) throw notFound('user');
    return user;
  };
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
    return ok(c, showUsers(state, rows), info);
  });
  account.get('/access/users/:id', (c) => ok(c, showUsers(state, [userOf(c.req.param('id'))])[0]));
  // That sessions which have run out are no longer listed is not documented, so they are. Revoked ones go after a while.
  account.get('/access/users/:id/active_sessions', (c) => {
    const user = userOf(c.req.param('id'));
    const listed = user.sessions.filter(({ endedAt }) => endedAt === null || now() < endedAt + quirks.sessionsLagMs);
    const rows = listed.map((session) => showSession(state, user, session));
    return ok(c, rows, whole(rows));
  });
}
