import { createHash } from 'node:crypto';
import { noLogpush, type Logpush } from './logpush-state.ts';
import type { NetworkSession } from './network-analytics.ts';
import type { AccessLogRow, Client, Device, Registration, User } from './people.ts';
import type { SessionChange } from './session-lengths.ts';

/** One Access rule as the API spells it: an object with exactly one key, the selector. */
export type Rule = Readonly<Record<string, unknown>>;

/** What a PUT on a policy may set. Everything else about a policy belongs to the platform. */
export interface PolicyBody {
  name: string;
  decision: 'allow' | 'deny' | 'non_identity' | 'bypass';
  include: Rule[];
  exclude: Rule[];
  require: Rule[];
  [setting: string]: unknown;
}

export interface Policy {
  id: string;
  /** Id of the application that owns the policy, or null for a reusable one. */
  appId: string | null;
  /** Meaningful for app-scoped policies only; a reusable one has its place in each application's links. */
  precedence: number;
  body: PolicyBody;
  createdAt: number;
  updatedAt: number;
}

export interface App {
  id: string;
  aud: string;
  type: 'self_hosted' | 'warp';
  /** The keys that a PUT may set, as last sent, without `type` and `policies`. */
  body: { name: string; domain: string; destinations: Rule[]; [setting: string]: unknown };
  /** Attached reusable policies. */
  links: { policyId: string; precedence: number }[];
  createdAt: number;
  updatedAt: number;
}

export interface Group {
  id: string;
  name: string;
  include: Rule[];
  exclude: Rule[];
  require: Rule[];
  createdAt: number;
  updatedAt: number;
}

export interface ListItem {
  value: string;
  description: string;
  createdAt: number;
}

export interface ZeroTrustList {
  id: string;
  name: string;
  type: 'SERIAL' | 'EMAIL' | 'DOMAIN' | 'IP' | 'URL';
  description: string;
  items: ListItem[];
  /** Every change of membership, oldest first: posture answers lag behind the list. */
  history: { at: number; value: string; added: boolean }[];
  createdAt: number;
  updatedAt: number;
}

export interface PostureRule {
  id: string;
  name: string;
  type: string;
  description: string;
  /** Go-style duration such as `5m`: how often devices report. */
  schedule: string;
  expiration: string;
  match: { platform: string }[];
  input: Readonly<Record<string, unknown>>;
}

/** What a PUT on a Gateway rule may set, as the platform keeps it. */
export interface GatewayRuleBody {
  name: string;
  action: string;
  description: string;
  enabled: boolean;
  filters: string[];
  precedence: number;
  traffic: string;
  identity: string;
  device_posture: string;
  rule_settings: Record<string, unknown>;
  [setting: string]: unknown;
}

export interface GatewayRule {
  id: string;
  /** Grows with every write. */
  version: number;
  /** It comes from another account, and can only be changed there. */
  isReadOnly: boolean;
  body: GatewayRuleBody;
  createdAt: number;
  updatedAt: number;
}

/** One running cloudflared. */
export interface Connector {
  id: string;
  version: string;
  arch: string;
  runAt: number;
  conns: { id: string; colo: string; originIp: string; openedAt: number }[];
}

export interface Tunnel {
  id: string;
  name: string;
  status: 'inactive' | 'degraded' | 'healthy' | 'down';
  createdAt: number;
  activeAt: number | null;
  inactiveAt: number | null;
  deletedAt: number | null;
  connectors: Connector[];
  /** Of the cloudflared that is installed on its servers. */
  version: string;
  /** What it publishes on the internet, without the catch-all rule at the end. */
  ingress: { hostname: string; service: string }[];
}

/** Addresses that lead through a tunnel, which may have been deleted since. */
export interface NetworkRoute {
  id: string;
  network: string;
  tunnelId: string;
  virtualNetworkId: string;
  comment: string;
  createdAt: number;
  deletedAt: number | null;
}

/** A private name that leads through a tunnel, which may have been deleted since. */
export interface HostnameRoute {
  id: string;
  /** The platform cuts a leading `*.` off. */
  hostname: string;
  tunnelId: string;
  comment: string;
  createdAt: number;
  deletedAt: number | null;
}

export interface Token {
  id: string;
  secret: string;
  kind: 'account' | 'user';
  status: 'active' | 'disabled' | 'expired';
  /** Names of permission groups, as the API spells them. */
  permissions: Set<string>;
}

export interface State {
  accountId: string;
  token: Token;
  organization: Record<string, unknown>;
  organizationUpdatedAt: number;
  identityProviders: { id: string; name: string; type: string }[];
  apps: Map<string, App>;
  policies: Map<string, Policy>;
  groups: Map<string, Group>;
  lists: Map<string, ZeroTrustList>;
  postureRules: Map<string, PostureRule>;
  gatewayRules: Map<string, GatewayRule>;
  /** How the session lengths came to be what they are, oldest first; the first entry is the seed. */
  sessionHistory: SessionChange[];
  users: Map<string, User>;
  devices: Map<string, Device>;
  registrations: Map<string, Registration>;
  clients: Client[];
  tunnels: Map<string, Tunnel>;
  networkRoutes: Map<string, NetworkRoute>;
  hostnameRoutes: Map<string, HostnameRoute>;
  accessLog: AccessLogRow[];
  networkSessions: NetworkSession[];
  logpush: Logpush;
}

/** The same UUID for the same words on every start, so that a transcript can be compared with the last one. */
export function uuidFor(words: string): string {
  const hex = createHash('sha256').update(words).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

/** 32 hexadecimal digits, the form of account ids and token ids. */
export function hexFor(words: string): string {
  return createHash('sha256').update(words).digest('hex').slice(0, 32);
}

export function emptyState(accountId: string, token: Token): State {
  return {
    accountId,
    token,
    organization: {},
    organizationUpdatedAt: 0,
    identityProviders: [],
    apps: new Map(),
    policies: new Map(),
    groups: new Map(),
    lists: new Map(),
    postureRules: new Map(),
    gatewayRules: new Map(),
    sessionHistory: [],
    users: new Map(),
    devices: new Map(),
    registrations: new Map(),
    clients: [],
    tunnels: new Map(),
    networkRoutes: new Map(),
    hostnameRoutes: new Map(),
    accessLog: [],
    networkSessions: [],
    logpush: noLogpush(),
  };
}

/** Policies of an application in the order in which the platform shows them. */
export function policiesOf(state: State, app: App): { policy: Policy; precedence: number }[] {
  const scoped = [...state.policies.values()]
    .filter((policy) => policy.appId === app.id)
    .map((policy) => ({ policy, precedence: policy.precedence }));
  const linked = app.links.flatMap(({ policyId, precedence }) => {
    const policy = state.policies.get(policyId);
    return policy === undefined ? [] : [{ policy, precedence }];
  });
  return [...scoped, ...linked].toSorted((a, b) => a.precedence - b.precedence);
}

/** How many applications a reusable policy reaches. */
export function appCount(state: State, policyId: string): number {
  return [...state.apps.values()].filter((app) => app.links.some((link) => link.policyId === policyId)).length;
}

/** Adds and removes in one go and remembers when, because posture answers lag behind. */
export function changeList(list: ZeroTrustList, change: { append: ListItem[]; remove: string[] }, now: number): void {
  const gone = new Set(change.remove);
  list.items = [...list.items.filter((item) => !gone.has(item.value)), ...change.append];
  for (const value of change.remove) list.history.push({ at: now, value, added: false });
  for (const { value } of change.append) list.history.push({ at: now, value, added: true });
  list.updatedAt = now;
}

/** What was in the list at an earlier moment. */
export function valuesAt(list: ZeroTrustList, moment: number): Set<string> {
  const values = new Set(list.items.map((item) => item.value));
  for (const change of list.history.toReversed()) {
    if (change.at <= moment) break;
    if (change.added) values.delete(change.value);
    else values.add(change.value);
  }
  return values;
}
