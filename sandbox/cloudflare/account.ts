import { decideAdmission } from './admission.ts';
import type { Verdict } from './admission.ts';
import type { Quirks } from './quirks.ts';
import { ids } from './seed-ids.ts';
import { changeList, hexFor, policiesOf, uuidFor } from './state.ts';
import type { App, Device, Group, Policy, PolicyBody, State, Tunnel, User, ZeroTrustList } from './state.ts';
import { summarise } from './summary.ts';

function need<Found>(found: Found | undefined, what: string): Found {
  if (found === undefined) throw new Error(`the sandbox account has no ${what}`);
  return found;
}

/**
 * The account as the world beside the API sees it: what an administrator does in the dashboard, what people do at the
 * door, and what the platform would answer. Nothing here counts as a call of the bot.
 */
export function createAccount(state: State, quirks: Quirks, now: () => number) {
  let made = 0;
  const newId = (what: string): string => uuidFor(`${what} made here ${(made += 1)}`);

  const policy = (id: string = ids.policy): Policy => need(state.policies.get(id), `policy ${id}`);
  const app = (id: string = ids.app): App => need(state.apps.get(id), `application ${id}`);
  const list = (id: string = ids.serialList): ZeroTrustList => need(state.lists.get(id), `list ${id}`);
  const userOf = (email: string): User | undefined =>
    [...state.users.values()].find((user) => user.email.toLowerCase() === email.toLowerCase());

  function decide(where: App, email: string, serial?: string): Verdict {
    return decideAdmission({ state, quirks, now: now() }, where, { email, serial });
  }

  function ensureUser(email: string): User {
    const known = userOf(email);
    if (known !== undefined) return known;
    const id = newId('user');
    const at = now();
    const name = email.split('@')[0] ?? email;
    const times = { createdAt: at, updatedAt: at, lastLoginAt: null };
    const user: User = { id, seatUid: newId('seat'), email, name, ...times, sessions: [], blockedUntil: 0 };
    state.users.set(id, user);
    return user;
  }

  /** E-mail addresses that the policy names, by its own rules and by the lists of type EMAIL that it includes. */
  function emails(policyId: string = ids.policy): string[] {
    return policy(policyId).body.include.flatMap((rule) => {
      const direct = rule['email'] as { email: string } | undefined;
      const listed = rule['email_list'] as { id: string } | undefined;
      if (direct !== undefined) return [direct.email];
      return listed === undefined ? [] : list(listed.id).items.map((item) => item.value);
    });
  }

  const questions = {
    emails,
    /** Serial numbers in the list right now, whatever Access has noticed so far. */
    serials: (listId?: string): string[] => list(listId).items.map((item) => item.value),
    /** The decision of an application's policies, with its reason; for an enrolled device with that serial. */
    admission: (email: string, serial?: string, appId?: string): Verdict => decide(app(appId), email, serial),
    wouldAdmit: (email: string, serial?: string, appId?: string): boolean => decide(app(appId), email, serial).admitted,
    /** Whether somebody could enrol a device today. Without an enrolment application nobody can. */
    couldEnrol: (email: string): boolean => {
      const enrolment = [...state.apps.values()].find((candidate) => candidate.type === 'warp');
      return enrolment !== undefined && decide(enrolment, email).admitted;
    },
    hasSession: (email: string): boolean => (userOf(email)?.sessions.length ?? 0) > 0,
    /** Registrations of a person that are neither deleted nor revoked. */
    registrations: (email: string): number =>
      [...state.registrations.values()].filter((r) => r.revokedAt === null && r.userId === userOf(email)?.id).length,
    summary: () => summarise(state, now()),
  };

  const edits = {
    /** Changes a policy in place, as a save in the dashboard would. */
    editPolicy: (id: string, edit: (body: PolicyBody) => void): void => {
      const found = policy(id);
      edit(found.body);
      found.updatedAt = now();
    },
    /** Adds a policy at the end of an application, or a reusable one when `appId` is null. */
    addPolicy: (appId: string | null, body: Partial<PolicyBody> & { name: string }): string => {
      const id = newId('policy');
      const at = now();
      const precedence = appId === null ? 1 : policiesOf(state, app(appId)).length + 1;
      const whole = { decision: 'allow' as const, include: [], exclude: [], require: [], ...body };
      state.policies.set(id, { id, appId, precedence, body: whole, createdAt: at, updatedAt: at });
      return id;
    },
    removePolicy: (id: string): void => {
      state.policies.delete(id);
      for (const where of state.apps.values()) where.links = where.links.filter((link) => link.policyId !== id);
    },
    addPerson: (email: string, policyId: string = ids.policy): void =>
      edits.editPolicy(policyId, (body) => body.include.push({ email: { email } })),
    removePerson: (email: string, policyId: string = ids.policy): void =>
      edits.editPolicy(policyId, (body) => {
        body.include = body.include.filter((rule) => (rule['email'] as { email: string } | undefined)?.email !== email);
      }),
    addListItem: (listId: string, value: string, description = ''): void =>
      changeList(list(listId), { append: [{ value, description, createdAt: now() }], remove: [] }, now()),
    removeListItem: (listId: string, value: string): void =>
      changeList(list(listId), { append: [], remove: [value] }, now()),
    addGroup: (group: Pick<Group, 'name' | 'include'> & Partial<Group>): string => {
      const id = newId('group');
      const times = { createdAt: now(), updatedAt: now() };
      state.groups.set(id, { exclude: [], require: [], ...times, ...group, id });
      return id;
    },
    editApp: (id: string, edit: (body: App['body']) => void): void => {
      const found = app(id);
      edit(found.body);
      found.updatedAt = now();
    },
    removeApp: (id: string): void => {
      state.apps.delete(id);
      for (const found of state.policies.values()) if (found.appId === id) state.policies.delete(found.id);
    },
    setTunnelStatus: (status: Tunnel['status']): void => {
      const tunnel = need(state.tunnels.get(ids.tunnel), 'tunnel');
      tunnel.status = status;
      if (status === 'down' || status === 'inactive') {
        tunnel.connectors = [];
        tunnel.inactiveAt = now();
      }
    },
    editOrganization: (patch: Record<string, unknown>): void => {
      Object.assign(state.organization, patch);
      state.organizationUpdatedAt = now();
    },
    setPermissions: (names: readonly string[]): void => {
      state.token.permissions = new Set(names);
    },
    removePermission: (name: string): void => {
      state.token.permissions.delete(name);
    },
  };

  const people = {
    /** Somebody installs the client and signs in. Registers the device if the enrolment rules allow it. */
    enrol: (email: string, serial: string, platform: Device['platform'] = 'mac'): boolean => {
      if (!questions.couldEnrol(email)) return false;
      const at = now();
      const user = ensureUser(email);
      const known = [...state.devices.values()].find((device) => device.serial === serial);
      const name = `${user.name}-laptop`;
      const versions = { osVersion: '1.0', clientVersion: '2026.3.846.0' };
      const fresh = { id: newId('device'), name, serial, platform, model: 'Laptop', ...versions, createdAt: at };
      const device = known ?? fresh;
      state.devices.set(device.id, { ...device, lastSeenAt: at, lastSeenUserId: user.id, updatedAt: at });
      const id = newId('registration');
      const times = { createdAt: at, lastSeenAt: at, updatedAt: at, revokedAt: null };
      state.registrations.set(id, { id, deviceId: device.id, userId: user.id, ...times });
      return true;
    },
    /** Somebody opens the application. Writes a row of the Access log and, if admitted, starts a session. */
    login: (email: string, serial?: string, appId: string = ids.app): boolean => {
      const at = now();
      const allowed = (userOf(email)?.blockedUntil ?? 0) <= at && decide(app(appId), email, serial).admitted;
      const rayId = hexFor(newId('ray')).slice(0, 16);
      state.accessLog.push({ at, email, allowed, appId, ip: '198.51.100.77', rayId });
      if (!allowed) return false;
      const user = ensureUser(email);
      user.sessions.push({ appId, startedAt: at });
      user.lastLoginAt = at;
      return true;
    },
  };

  return { ids, state, ...questions, ...edits, ...people };
}

export type Account = ReturnType<typeof createAccount>;
