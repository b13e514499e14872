import type { Context } from 'hono';
import { parseDuration } from '../duration.ts';
import { badRequest, objectBody, ok, stamp } from '../envelope.ts';
import { userByEmail } from '../people.ts';
import type { User } from '../people.ts';
import { rememberLengths } from '../session-lengths.ts';
import type { Router, World } from './world.ts';

function showOrganization({ state }: World): Record<string, unknown> {
  const updated = stamp(state.organizationUpdatedAt);
  return { ...state.organization, created_at: '2024-02-01T09:00:00Z', updated_at: updated };
}

function checkOrganization(next: Record<string, unknown>): void {
  for (const key of ['name', 'auth_domain']) {
    if (typeof next[key] !== 'string' || next[key] === '') throw badRequest(`${key} is required`, `/${key}`);
  }
  const { session_duration: app, warp_auth_session_duration: warp, allow_authenticate_via_warp: byWarp } = next;
  if (app !== undefined && !isDuration(app)) throw badRequest('not a duration', '/session_duration');
  // The one length that knows hours and minutes only.
  if (warp !== undefined && !(isDuration(warp) && /^[\d.hm]+$/.test(warp))) {
    throw badRequest('not a duration', '/warp_auth_session_duration');
  }
  if (byWarp !== undefined && typeof byWarp !== 'boolean') {
    throw badRequest('must be a boolean', '/allow_authenticate_via_warp');
  }
}

function isDuration(value: unknown): value is string {
  return typeof value === 'string' && parseDuration(value) !== null;
}

/** Ends a person's sessions. They may log in again after a minute, if a policy still matches. */
function revoke({ state, now }: World, user: User, devices: boolean): void {
  for (const session of user.sessions) session.endedAt ??= now();
  user.blockedUntil = now() + 60_000;
  if (!devices) return;
  for (const registration of state.registrations.values()) {
    if (registration.userId === user.id) registration.revokedAt ??= now();
  }
}

async function revokeUser(c: Context, world: World): Promise<Response> {
  const body = await objectBody(c);
  const email = body['email'];
  if (typeof email !== 'string' || email === '') throw badRequest('email is required', '/email');
  const user = userByEmail(world.state, email);
  if (user !== undefined) revoke(world, user, c.req.query('devices') === 'true' || body['devices'] === true);
  // The one answer without errors, messages and an object: success and a boolean, nothing more. Somebody who never
  // logged in has nothing to revoke, which is no error.
  return c.json({ success: true, result: true });
}

export function routeAccessOrganization(account: Router, world: World): void {
  const { state, quirks, now } = world;
  account.get('/access/organizations', (c) => ok(c, showOrganization(world)));
  account.put('/access/organizations', async (c) => {
    // Read-only keys are taken without complaint here: sending back what was read is the advice for this route.
    const { created_at: _created, updated_at: _updated, ...sent } = await objectBody(c);
    const next = quirks.organizationPut === 'merge' ? { ...state.organization, ...sent } : sent;
    checkOrganization(next);
    state.organization = next;
    state.organizationUpdatedAt = now();
    rememberLengths(state, 'api', now());
    return ok(c, showOrganization(world));
  });
  account.post('/access/organizations/revoke_user', (c) => revokeUser(c, world));
}
