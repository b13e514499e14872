import type { AccessRule } from '../../src/core/access-rules.ts';
import { foldAddress } from '../../src/core/address.ts';
import { PermanentError } from '../../src/core/errors.ts';
import type { AccessEvent } from '../../src/core/access-event.ts';
import type { Cloudflare, PolicyEdit, PolicyOnFile } from '../../src/core/ports.ts';
import { emailRules, type AccessList, type Device, type Policy, type Snapshot } from '../../src/core/snapshot.ts';
import type { AccessRow, NetworkRow } from '../../src/core/log-row.ts';
import type { Sessions } from '../../src/core/sessions.ts';
import type { ExportJob } from '../../src/core/export-job.ts';
import type { TunnelReport } from '../../src/core/tunnel.ts';
import { createMemoryExports, FIELDS, type MadeExport } from './memory-exports.ts';
import { createMemorySettings } from './memory-settings.ts';
import { createMemoryPeople, type PeopleOptions } from './memory-people.ts';

/** `addToList list-serials C02…`: a call and what it was about. */
export type CallName = `${keyof Cloudflare} ${string}`;

export interface MemoryCloudflare extends Cloudflare {
  /** Every call that got through, in order. */
  readonly calls: readonly CallName[];
  /** Those that changed something. */
  readonly writes: readonly CallName[];
  /** Values of a list. */
  valuesOf(listId: string): string[];
  /** Addresses that a policy includes. */
  peopleOf(policyId: string): string[];
  /** Addresses that a policy excludes. */
  barredBy(policyId: string): string[];
  /** Somebody puts it there in the dashboard. */
  put(listId: string, value: string, description?: string): void;
  /** Somebody writes the policy in the dashboard. */
  change(policyId: string, rules: Partial<Pick<Policy, 'include' | 'exclude' | 'require'>>): void;
  /** Somebody comes in, or enrols a device. */
  signIn(userId: string): void;
  enrol(device: Device): void;
  log(event: AccessEvent): void;
  /** Somebody changes the session lengths, or a tunnel changes. */
  setSessions(sessions: Sessions): void;
  setTunnels(tunnels: readonly TunnelReport[]): void;
  /** What its logs hold. */
  setLogs(logs: { readonly access?: readonly AccessRow[]; readonly network?: readonly NetworkRow[] }): void;
  /** What was sent with each export that was made, with its keys. */
  readonly madeExports: readonly MadeExport[];
  /** Somebody changes the exports, or a place to which they go is down. */
  setExports(jobs: readonly ExportJob[]): void;
  setUnreachable(place: string): void;
  /** Runs before the call is carried out, or after; what it throws, the call throws. */
  intercept(when: 'before' | 'after', on: (call: CallName) => void | Promise<void>): void;
}

/**
 * The account of a snapshot, that can be written, as strict as the far end is where the port promises something: a list
 * refuses a value that it has, and writing a policy puts back what was read, whatever happened since. `snapshot` shows
 * what is so by now, people and devices only as far as its scope asks for them.
 */
export function createMemoryCloudflare(snapshot: Snapshot, options: PeopleOptions = {}): MemoryCloudflare {
  const lists = new Map<string, AccessList>(
    [snapshot.posture?.list, ...snapshot.emailLists].flatMap((list) => (list === undefined ? [] : [[list.id, list]])),
  );
  const policies = new Map<string, PolicyOnFile>(
    [...snapshot.policies, ...(snapshot.enrolment?.policies ?? [])].map((policy) => [
      policy.ref.id,
      { ...policy, raw: {} },
    ]),
  );
  const people = createMemoryPeople(snapshot, options);
  const settings = createMemorySettings(snapshot);
  const exported = createMemoryExports(snapshot);
  const calls: CallName[] = [];
  const writes: CallName[] = [];
  const before: ((call: CallName) => void | Promise<void>)[] = [];
  const after: ((call: CallName) => void | Promise<void>)[] = [];

  async function answer<T>(call: CallName, carryOut: () => T): Promise<T> {
    for (const on of before) await on(call);
    const result = carryOut();
    calls.push(call);
    for (const on of after) await on(call);
    return result;
  }
  function write(call: CallName, carryOut: () => void): Promise<void> {
    return answer(call, () => {
      carryOut();
      writes.push(call);
    });
  }
  function listOf(id: string): AccessList {
    return lists.get(id) ?? missing('list', id);
  }
  function policyOf(id: string): PolicyOnFile {
    return policies.get(id) ?? missing('policy', id);
  }
  return {
    calls,
    writes,
    valuesOf: (listId) => listOf(listId).items.map(({ value }) => value),
    peopleOf: (policyId) => emailRules(policyOf(policyId).include),
    barredBy: (policyId) => emailRules(policyOf(policyId).exclude),
    put(listId, value, description = '') {
      const list = listOf(listId);
      lists.set(listId, { ...list, items: [...list.items, { value, description }] });
    },
    change: (policyId, rules) => void policies.set(policyId, { ...policyOf(policyId), ...rules }),
    signIn: people.signIn,
    enrol: people.enrol,
    log: people.log,
    setSessions: settings.setSessions,
    setTunnels: settings.setTunnels,
    setLogs: settings.setLogs,
    madeExports: exported.made,
    setExports: exported.setJobs,
    setUnreachable: (place) => void exported.unreachable.add(place),
    intercept: (when, on) => {
      (when === 'before' ? before : after).push(on);
    },

    snapshot: (scope = {}) =>
      answer('snapshot -', () => ({
        ...asItIs(snapshot, lists, policies),
        ...people.within(scope),
        ...settings.within(scope),
        ...exported.within(scope),
      })),
    readList: (id) => answer(`readList ${id}`, () => listOf(id)),
    addToList: (id, items) =>
      write(`addToList ${id} ${items.map(({ value }) => value).join(' ')}`, () => {
        const list = listOf(id);
        const doubled = items.find((item) => list.items.some(({ value }) => value === item.value));
        if (doubled !== undefined) {
          throw new PermanentError(`Cloudflare refused: ${doubled.value} is in the list.`, {
            code: 'cloudflare-refused',
          });
        }
        lists.set(id, { ...list, items: [...list.items, ...items] });
      }),
    removeFromList: (id, values) =>
      write(`removeFromList ${id} ${values.join(' ')}`, () => {
        const list = listOf(id);
        lists.set(id, { ...list, items: list.items.filter((item) => !values.includes(item.value)) });
      }),
    readPolicy: (ref) => answer(`readPolicy ${ref.id}`, () => policyOf(ref.id)),
    writePolicy: (file, edit) =>
      write(`writePolicy ${file.ref.id} ${JSON.stringify(edit)}`, () => {
        policies.set(file.ref.id, { ...file, [edit.part]: edited(file, edit) });
      }),
    devices: (query) => answer(`devices ${JSON.stringify(query)}`, () => people.devicesOf(query)),
    users: (query) => answer(`users ${JSON.stringify(query)}`, () => people.usersOf(query)),
    sessions: (userId) => answer(`sessions ${userId}`, () => people.sessions(userId)),
    revokeSessions: (email, { keepDevices = false } = {}) =>
      write(`revokeSessions ${email}${keepDevices ? ' keepDevices' : ''}`, () => people.revoke(email, keepDevices)),
    deleteDevice: (id) => write(`deleteDevice ${id}`, () => people.deleteDevice(id)),
    deleteRegistrations: (ids) => write(`deleteRegistrations ${ids.join(' ')}`, () => people.deleteRegistrations(ids)),
    freeSeats: (seatUids) => write(`freeSeats ${seatUids.join(' ')}`, () => people.freeSeats(seatUids)),
    accessEvents: ({ email, since, limit = 100 }) =>
      answer(`accessEvents ${String(email)}`, () =>
        [email]
          .flat()
          .flatMap((one) => people.eventsOf(one, since, limit))
          .toSorted((one, other) => other.at - one.at),
      ),
    accessRows: ({ since, until, page }) =>
      answer('accessRows -', () => settings.accessRows(since, until).slice((page - 1) * 1000, page * 1000)),
    loginDetails: () => answer('loginDetails -', () => new Map()),
    networkRows: ({ since, until }) => answer('networkRows -', () => settings.networkRows(since, until)),
    checkToken: () =>
      answer('checkToken -', () => ({ ok: true, says: 'works' })).catch(() => ({ ok: false, says: 'does not work' })),
    tunnels: () => answer('tunnels -', () => settings.tunnels().tunnels),
    connectors: (id) =>
      answer(`connectors ${id}`, () => settings.tunnels().tunnels.find((one) => one.id === id)?.connectors ?? []),
    usedTunnels: () => answer('usedTunnels -', () => settings.tunnels().tunnels),
    appTunnels: () => answer('appTunnels -', settings.tunnels),
    sessionLengths: () => answer('sessionLengths -', settings.sessions),
    writeSessionLength: (change) =>
      write(`writeSessionLength ${JSON.stringify(change)}`, () => settings.writeSession(change)),
    exportJobs: () => answer('exportJobs -', exported.jobs),
    exportFields: (dataset) => answer(`exportFields ${dataset}`, () => FIELDS[dataset]),
    reachesDestination: (conf) => answer('reachesDestination -', () => exported.reaches(conf)),
    challengeOwnership: () => answer('challengeOwnership -', () => exported.challenge()),
    provesOwnership: (_conf, token) => answer('provesOwnership -', () => exported.proves(token)),
    createExport: (job) => write(`createExport ${job.name}`, () => exported.create(job)),
    switchExport: (id, isOn) => write(`switchExport ${id} ${isOn ? 'on' : 'off'}`, () => exported.turn(id, isOn)),
    deleteExport: (id) => write(`deleteExport ${id}`, () => exported.remove(id)),
  };
}

function missing(what: string, id: string): never {
  throw new PermanentError(`There is no ${what} ${id}.`, { code: 'cloudflare-not-found' });
}

/** The snapshot with the rules and the items that lists and policies have by now. */
function asItIs(
  snapshot: Snapshot,
  lists: ReadonlyMap<string, AccessList>,
  policies: ReadonlyMap<string, PolicyOnFile>,
): Snapshot {
  const list = (one: AccessList): AccessList => lists.get(one.id) ?? one;
  const now = new Map(
    [...snapshot.policies, ...(snapshot.enrolment?.policies ?? [])].map((policy) => {
      const { include, exclude, require } = policies.get(policy.ref.id) ?? policy;
      return [policy.ref.id, { ...policy, include, exclude, require }];
    }),
  );
  const policy = (one: Policy): Policy => now.get(one.ref.id) ?? one;
  const { posture, enrolment } = snapshot;
  return {
    ...snapshot,
    allow: policy(snapshot.allow),
    policies: snapshot.policies.map(policy),
    posture: posture && { ...posture, list: list(posture.list) },
    enrolment: enrolment && {
      ...enrolment,
      policies: enrolment.policies.map(policy),
      allow: enrolment.allow && policy(enrolment.allow),
    },
    emailLists: snapshot.emailLists.map(list),
  };
}

function edited(file: PolicyOnFile, { part, emails, present }: PolicyEdit): AccessRule[] {
  const meant = new Set(emails.map(foldAddress));
  const others = file[part].filter((rule) => rule.kind !== 'email' || !meant.has(foldAddress(rule.email)));
  if (!present && part === 'include' && others.length === 0 && file.include.length > 0) {
    throw new PermanentError(`That is the last rule of ${file.name}.`, { code: 'would-empty-policy' });
  }
  return present ? [...others, ...emails.map((email): AccessRule => ({ kind: 'email', email }))] : others;
}
