import { seedApps } from './seed-apps.ts';
import { ids } from './seed-ids.ts';
import type { SeedOptions } from './seed-options.ts';
import { laptopsOf, peopleOf, seedDevices, serialOf } from './seed-people.ts';
import type { Person } from './seed-people.ts';
import { seedGatewayRules, seedOrganization, seedSignIn } from './seed-settings.ts';
import { seedTunnels } from './seed-tunnels.ts';
import { rememberLengths } from './session-lengths.ts';
import { changeList, uuidFor } from './state.ts';
import type { State, ZeroTrustList } from './state.ts';

const day = 86_400_000;

/** What the bot's token may do unless a test says otherwise. */
export const defaultPermissions = [
  'Access: Apps and Policies Write',
  'Access: Organizations, Identity Providers, and Groups Write',
  'Access: Audit Logs Read',
  'Zero Trust: Seats Write',
  'Account Analytics Read',
  'Zero Trust Write',
  'Cloudflare Tunnel Read',
  'Logs Write',
  'Zero Trust: PII Read',
];

/** Fills an empty state. `now` in milliseconds; everything seeded is at least a day old. */
export function fillState(state: State, options: SeedOptions, now: number): void {
  const people = peopleOf(options.people);
  const missing = new Set(options.without ?? []);
  seedOrganization(state, options, now);
  seedGatewayRules(state, options, now);
  seedLists(state, options, people, now);
  seedApps(state, options, people, now);
  seedSignIn(state, options);
  seedDevices(state, options, people, now);
  if (!missing.has('posture-rule')) seedPosture(state);
  if (!missing.has('tunnel')) seedTunnels(state, options, now);
  if (missing.has('serial-list')) state.lists.delete(ids.serialList);
  if (missing.has('policy')) state.policies.delete(ids.policy);
  if (missing.has('enrolment-app')) {
    state.apps.delete(ids.enrolmentApp);
    state.policies.delete(ids.enrolmentPolicy);
  }
  if (missing.has('app')) {
    state.apps.delete(ids.app);
    if (state.policies.get(ids.policy)?.appId === ids.app) state.policies.delete(ids.policy);
  }
  rememberLengths(state, 'seed', now);
}

function seedLists(state: State, options: SeedOptions, people: Person[], now: number): void {
  const list = (id: string, name: string, type: ZeroTrustList['type'], description: string): ZeroTrustList => ({
    id,
    name,
    type,
    description,
    items: [],
    history: [],
    createdAt: now - 200 * day,
    updatedAt: now - 20 * day,
  });
  const serials = list(ids.serialList, 'Lantern laptops', 'SERIAL', 'Laptops that may open Open Chat Studio');
  const length = options.serials ?? Math.max(15, laptopsOf(options, people));
  const append = Array.from({ length }, (_, index) => ({
    value: serialOf(index),
    description: index === 0 && options.sharedSerial === true ? sharedBy(people) : ownedBy(people[index]),
    createdAt: now - (200 - (index % 150)) * day,
  }));
  changeList(serials, { append, remove: [] }, now - 20 * day);
  const domains = list(ids.otherList, 'Blocked domains', 'DOMAIN', 'Not for the bot');
  const blocked = { value: 'tracker.example', description: '', createdAt: now - 100 * day };
  changeList(domains, { append: [blocked], remove: [] }, now - 100 * day);
  for (const made of [domains, serials]) state.lists.set(made.id, made);
  if (options.emailList !== true) return;
  const emails = list(ids.emailList, 'Open Chat Studio people', 'EMAIL', 'People of the Team access policy');
  const addresses = people.map(({ name, email }) => ({ value: email, description: name, createdAt: now - 150 * day }));
  changeList(emails, { append: addresses, remove: [] }, now - 20 * day);
  state.lists.set(emails.id, emails);
}

const ownedBy = (person: Person | undefined): string =>
  person === undefined ? 'Spare laptop' : `${person.name}, since 2025`;

const sharedBy = (people: readonly Person[]): string =>
  people
    .slice(0, 2)
    .map(({ name, email }) => `${name} <${email}>`)
    .join(' and ');

function seedPosture(state: State): void {
  const base = { expiration: '', match: [{ platform: 'mac' }, { platform: 'windows' }, { platform: 'linux' }] };
  const firewall = uuidFor('posture firewall');
  state.postureRules.set(firewall, {
    ...base,
    id: firewall,
    name: 'Firewall on',
    type: 'firewall',
    description: '',
    schedule: '5m',
    match: [{ platform: 'windows' }],
    input: { operating_system: 'windows', enabled: true },
  });
  state.postureRules.set(ids.postureRule, {
    ...base,
    id: ids.postureRule,
    name: 'Lantern laptop',
    type: 'serial_number',
    description: 'The serial number is in the list of laptops',
    schedule: '5m',
    input: { id: ids.serialList },
  });
}
