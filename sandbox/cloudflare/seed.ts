import { seedApps } from './seed-apps.ts';
import { ids, teamName } from './seed-ids.ts';
import type { SeedOptions } from './seed-options.ts';
import { emailOf, laptopsOf, peopleOf, seedDevices, serialOf } from './seed-people.ts';
import type { Person } from './seed-people.ts';
import { changeList, uuidFor } from './state.ts';
import type { State, Tunnel, ZeroTrustList } from './state.ts';

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
];

/** Fills an empty state. `now` in milliseconds; everything seeded is at least a day old. */
export function fillState(state: State, options: SeedOptions, now: number): void {
  const people = peopleOf(options.people);
  const missing = new Set(options.without ?? []);
  seedOrganization(state, now);
  seedLists(state, options, people, now);
  seedApps(state, options, people, now);
  seedDevices(state, options, people, now);
  if (!missing.has('posture-rule')) seedPosture(state);
  if (!missing.has('tunnel')) seedTunnel(state, options.tunnel ?? 'healthy', now);
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
}

function seedOrganization(state: State, now: number): void {
  state.organization = {
    name: 'Lantern Health',
    auth_domain: `${teamName}.cloudflareaccess.com`,
    session_duration: '24h',
    warp_auth_session_duration: '24h',
    allow_authenticate_via_warp: false,
    auto_redirect_to_identity: false,
    is_ui_read_only: false,
    user_seat_expiration_inactive_time: '730h',
    login_design: { background_color: '#f4f1ea', text_color: '#1d2b36', header_text: 'Lantern Health' },
  };
  state.organizationUpdatedAt = now - 90 * day;
  state.identityProviders = [{ id: uuidFor('idp otp'), name: 'One-time PIN', type: 'onetimepin' }];
  state.gatewayRules = [
    {
      id: uuidFor('gateway rule'),
      name: 'Staff to Open Chat Studio',
      description: 'Network sessions end after a day',
      precedence: 1000,
      enabled: true,
      action: 'allow',
      filters: ['l4'],
      traffic: 'net.dst.port == 8000',
      identity: '',
      device_posture: '',
      version: 3,
      rule_settings: { check_session: { enforce: true, duration: '24h0m0s' } },
    },
  ];
  state.groups.set(ids.group, {
    id: ids.group,
    name: 'Administrators',
    include: [{ email: { email: emailOf('Amina Diallo') } }],
    exclude: [],
    require: [],
    createdAt: now - 200 * day,
    updatedAt: now - 200 * day,
  });
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

function seedTunnel(state: State, status: Tunnel['status'], now: number): void {
  const connected = status === 'healthy' || status === 'degraded';
  const conns = Array.from({ length: status === 'degraded' ? 2 : 4 }, (_, index) => ({
    id: uuidFor(`conn ${index}`),
    colo: ['fra08', 'ams01', 'fra12', 'ams07'][index] ?? 'fra08',
    originIp: '203.0.113.24',
    openedAt: now - 3 * day,
  }));
  state.tunnels.set(ids.tunnel, {
    id: ids.tunnel,
    name: 'lantern-ocs',
    status,
    createdAt: now - 200 * day,
    activeAt: status === 'inactive' ? null : now - 3 * day,
    inactiveAt: status === 'down' ? now - day : null,
    deletedAt: null,
    connectors: connected
      ? [{ id: uuidFor('connector'), version: '2026.3.0', arch: 'linux_amd64', runAt: now - 3 * day, conns }]
      : [],
  });
  // A deleted namesake: a caller that forgets is_deleted=false finds two tunnels.
  const old = uuidFor('tunnel deleted');
  state.tunnels.set(old, {
    id: old,
    name: 'lantern-ocs',
    status: 'down',
    createdAt: now - 300 * day,
    activeAt: now - 300 * day,
    inactiveAt: now - 210 * day,
    deletedAt: now - 201 * day,
    connectors: [],
  });
}
