import { decideAdmission, decidingPolicy } from './admission.ts';
import { activeRegistrations, isLive, userByEmail } from './people.ts';
import type { Client, Device, Session, User } from './people.ts';
import type { Quirks } from './quirks.ts';
import { ids } from './seed-ids.ts';
import { lastsFor } from './session-lengths.ts';
import { hexFor } from './state.ts';
import type { App, Policy, State } from './state.ts';

interface Parts {
  state: State;
  quirks: Quirks;
  now: () => number;
  newId: (what: string) => string;
  app: (id?: string) => App;
}

/** Where somebody is when they log in. `country`: two letters. */
interface Place {
  ip?: string;
  country?: string;
}

/** What people do, and what the platform has of them. */
export function createAccountPeople({ state, quirks, now, newId, app }: Parts) {
  function ensureUser(email: string): User {
    const known = userByEmail(state, email);
    if (known !== undefined) return known;
    const id = newId('user');
    const at = now();
    const name = email.split('@')[0] ?? email;
    const seats = { seatUid: newId('seat'), accessSeat: false, gatewaySeat: false };
    const times = { createdAt: at, updatedAt: at, lastLoginAt: null };
    const user: User = { id, email, name, ...seats, ...times, sessions: [], blockedUntil: 0 };
    state.users.set(id, user);
    return user;
  }

  /** For a minute after a revocation. */
  const isBlocked = (email: string): boolean => (userByEmail(state, email)?.blockedUntil ?? 0) > now();

  const enrolmentApp = (): App | undefined => [...state.apps.values()].find((candidate) => candidate.type === 'warp');

  function couldEnrol(email: string): boolean {
    const enrolment = enrolmentApp();
    return enrolment !== undefined && decideAdmission({ state, quirks, now: now() }, enrolment, { email }).admitted;
  }

  const activeOn = (email: string, serial: string) =>
    activeRegistrations(state, userByEmail(state, email)?.id ?? '').find(
      ({ deviceId }) => state.devices.get(deviceId)?.serial === serial,
    );

  function logAtDoor(
    where: { appId: string; email: string; policy: Policy | undefined; serial?: string | undefined } & Place,
  ) {
    const { appId, email, policy, serial, ip = '198.51.100.77', country = 'DE' } = where;
    const registrationId = serial === undefined ? '' : (activeOn(email, serial)?.id ?? '');
    const rayId = hexFor(newId('ray')).slice(0, 16);
    const userId = userByEmail(state, email)?.id ?? '';
    const about = { userId, policyId: policy?.id ?? '', registrationId };
    state.accessLog.push({ at: now(), email, allowed: policy !== undefined, appId, ip, country, rayId, ...about });
  }

  function registerOn({ serial, platform, name }: Client, user: User): void {
    const at = now();
    const known = [...state.devices.values()].find((device) => device.serial === serial);
    const versions = { osVersion: '1.0', clientVersion: '2026.3.846.0' };
    const fresh = { id: newId('device'), name, serial, platform, model: 'Laptop', ...versions, createdAt: at };
    const device: Device = { ...(known ?? fresh), lastSeenAt: at, lastSeenUserId: user.id, updatedAt: at };
    state.devices.set(device.id, device);
    const id = newId('registration');
    const times = { createdAt: at, lastSeenAt: at, updatedAt: at, revokedAt: null };
    state.registrations.set(id, { id, deviceId: device.id, deviceName: device.name, userId: user.id, ...times });
    user.accessSeat = true;
    user.gatewaySeat = true;
    user.updatedAt = at;
  }

  /** Somebody installs the client and signs in. Registers the device if the enrolment rules allow it. */
  function enrol(email: string, serial: string, platform: Device['platform'] = 'mac'): boolean {
    if (!couldEnrol(email)) return false;
    const user = ensureUser(email);
    const known = state.clients.find((client) => client.serial === serial && client.email === email);
    const client = known ?? { serial, email, name: `${user.name}-laptop`, platform };
    if (known === undefined) state.clients.push(client);
    registerOn(client, user);
    return true;
  }

  /**
   * A laptop is opened: each client on it whose registration is gone registers again by itself, if enrolment still
   * admits its user. A device that was deleted comes back under another id. Whether somebody is registered afterwards.
   */
  function clientWakesUp(serial: string): boolean {
    for (const client of state.clients.filter((known) => known.serial === serial)) {
      if (activeOn(client.email, serial) !== undefined) continue;
      const door = enrolmentApp();
      if (door === undefined) continue;
      const policy = couldEnrol(client.email) && !isBlocked(client.email) ? decide(door, client.email) : undefined;
      if (policy !== undefined) registerOn(client, ensureUser(client.email));
      logAtDoor({ appId: door.id, email: client.email, policy, serial });
    }
    return state.clients.some((client) => client.serial === serial && activeOn(client.email, serial) !== undefined);
  }

  function decide(where: App, email: string, serial?: string): Policy | undefined {
    return decidingPolicy({ state, quirks, now: now() }, where, { email, serial });
  }

  /** `serial`: of the device they come with; on an enrolled one they may sign in by the session of its client. */
  function startSession(user: User, where: App, policy: Policy, serial: string | undefined): void {
    const at = now();
    const byWarp = serial !== undefined && activeOn(user.email, serial) !== undefined;
    const expiresAt = at + lastsFor(state, where, policy, byWarp);
    user.sessions.push({
      nonce: hexFor(newId('nonce')).slice(0, 16),
      appId: where.id,
      startedAt: at,
      expiresAt,
      endedAt: null,
    });
    Object.assign(user, { accessSeat: true, lastLoginAt: at, updatedAt: at });
  }

  /**
   * Somebody opens an application. Writes a row of the Access log and, if admitted, starts a session and takes a seat.
   * Through a bypass policy they come in without either: nobody asks who they are.
   */
  function login(email: string, serial?: string, appId: string = ids.app, place: Place = {}): boolean {
    const where = app(appId);
    const found = decide(where, email, serial);
    if (found?.body.decision === 'bypass') return true;
    const policy = isBlocked(email) || found?.body.decision === 'deny' ? undefined : found;
    if (policy !== undefined) startSession(ensureUser(email), where, policy, serial);
    logAtDoor({ appId, email, policy, serial, ...place });
    return policy !== undefined;
  }

  function sessionsOf(email: string): Session[] {
    return (userByEmail(state, email)?.sessions ?? []).filter((session) => isLive(session, now()));
  }

  const registrationsOf = (email: string) => activeRegistrations(state, userByEmail(state, email)?.id ?? '');

  return {
    couldEnrol,
    enrol,
    clientWakesUp,
    login,
    /** Neither run out nor revoked, whatever the API still lists. */
    sessionsOf,
    hasSession: (email: string): boolean => sessionsOf(email).length > 0,
    /** How many registrations of a person are neither deleted nor revoked. */
    registrations: (email: string): number => registrationsOf(email).length,
    /** Devices on which a person is registered. */
    devicesOf: (email: string): Device[] =>
      registrationsOf(email).flatMap(({ deviceId }) => state.devices.get(deviceId) ?? []),
    hasSeat: (email: string): boolean => {
      const user = userByEmail(state, email);
      return user !== undefined && (user.accessSeat || user.gatewaySeat);
    },
  };
}
