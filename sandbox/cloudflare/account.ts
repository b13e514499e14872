import { createAccountLogpush } from './account-logpush.ts';
import { createAccountLogs } from './account-logs.ts';
import { createAccountPeople } from './account-people.ts';
import { createAccountSessions } from './account-sessions.ts';
import { createAccountTunnels } from './account-tunnels.ts';
import { decideAdmission } from './admission.ts';
import type { Verdict } from './admission.ts';
import type { Quirks } from './quirks.ts';
import { ids } from './seed-ids.ts';
import { rememberLengths } from './session-lengths.ts';
import { changeList, policiesOf, uuidFor } from './state.ts';
import type { App, GatewayRule, Group, Policy, PolicyBody, State, ZeroTrustList } from './state.ts';
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
  const gatewayRule = (id: string = ids.gatewayRule): GatewayRule =>
    need(state.gatewayRules.get(id), `Gateway rule ${id}`);
  const sessions = createAccountSessions({ state, now, newId, app, policy, gatewayRule });
  const tunnels = createAccountTunnels({ state, now, newId });
  const logs = createAccountLogs({ state, newId });
  const logpush = createAccountLogpush({ state, now });
  const people = createAccountPeople({ state, quirks, now, newId, app });

  function decide(where: App, email: string, serial?: string, at: number = now()): Verdict {
    return decideAdmission({ state, quirks, now: at }, where, { email, serial });
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

  /** Everything that lets somebody in, in words, with whatever laptop they hold; empty for one who is really out. */
  function waysIn(email: string): string[] {
    const verdict = decideAdmission({ state, quirks, now: now() }, app(), { email, holdsAnyLaptop: true });
    return [
      ...(verdict.admitted ? [verdict.because] : []),
      ...(people.couldEnrol(email) ? ['may enrol a device'] : []),
      ...people.devicesOf(email).map(({ name }) => `registered on ${name}`),
      ...people.sessionsOf(email).map(({ appId }) => `session at ${app(appId).body.name}`),
    ];
  }

  const questions = {
    emails,
    /** Serial numbers in the list right now, whatever Access has noticed so far. */
    serials: (listId?: string): string[] => list(listId).items.map((item) => item.value),
    /** The decision of an application's policies, with its reason; for an enrolled device with that serial. */
    admission: (email: string, serial?: string, appId?: string): Verdict => decide(app(appId), email, serial),
    wouldAdmit: (email: string, serial?: string, appId?: string): boolean => decide(app(appId), email, serial).admitted,
    /** The same once every device check has run again, if nothing else changes. */
    willAdmit: (email: string, serial?: string, appId?: string): boolean =>
      decide(app(appId), email, serial, now() + 3_600_000).admitted,
    waysIn,
    summary: () => summarise(state, now()),
  };

  const edits = {
    /** Changes a policy in place, as a save in the dashboard would. */
    editPolicy: (id: string, edit: (body: PolicyBody) => void): void => {
      const found = policy(id);
      edit(found.body);
      found.updatedAt = now();
      rememberLengths(state, 'dashboard', now());
    },
    /** Adds a policy at the end of an application, or a reusable one when `appId` is null. */
    addPolicy: (appId: string | null, body: Partial<PolicyBody> & { name: string }): string => {
      const id = newId('policy');
      const at = now();
      const precedence = appId === null ? 1 : policiesOf(state, app(appId)).length + 1;
      const whole = { decision: 'allow' as const, include: [], exclude: [], require: [], ...body };
      state.policies.set(id, { id, appId, precedence, body: whole, createdAt: at, updatedAt: at });
      rememberLengths(state, 'dashboard', at);
      return id;
    },
    removePolicy: (id: string): void => {
      state.policies.delete(id);
      for (const where of state.apps.values()) where.links = where.links.filter((link) => link.policyId !== id);
      rememberLengths(state, 'dashboard', now());
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
    /** Makes a list of e-mail addresses; gives its id. */
    addEmailList: (name: string, addresses: readonly string[]): string => {
      const id = newId('list');
      const at = now();
      const items = addresses.map((value) => ({ value, description: '', createdAt: at }));
      const times = { createdAt: at, updatedAt: at };
      state.lists.set(id, { id, name, type: 'EMAIL', description: '', items, history: [], ...times });
      return id;
    },
    /** Attaches a reusable policy to one more application, at its end. */
    sharePolicy: (id: string, appId: string): void => {
      if (policy(id).appId !== null) throw new Error(`policy ${id} belongs to one application`);
      const where = app(appId);
      const last = Math.max(0, ...policiesOf(state, where).map(({ precedence }) => precedence));
      where.links.push({ policyId: id, precedence: last + 1 });
      rememberLengths(state, 'dashboard', now());
    },
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
      rememberLengths(state, 'dashboard', now());
    },
    removeApp: (id: string): void => {
      state.apps.delete(id);
      for (const found of state.policies.values()) if (found.appId === id) state.policies.delete(found.id);
    },
    editOrganization: (patch: Record<string, unknown>): void => {
      Object.assign(state.organization, patch);
      state.organizationUpdatedAt = now();
      rememberLengths(state, 'dashboard', now());
    },
    setPermissions: (names: readonly string[]): void => {
      state.token.permissions = new Set(names);
    },
    removePermission: (name: string): void => {
      state.token.permissions.delete(name);
    },
  };

  return { ids, state, ...questions, ...edits, ...people, ...sessions, ...tunnels, ...logs, ...logpush };
}

export type Account = ReturnType<typeof createAccount>;
