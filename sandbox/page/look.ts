import { atTheDoor, type AtTheDoor } from '../describe-account.ts';
import { describeExports, type ExportsLook } from '../describe-exports.ts';
import { describeCall, describeEngineCall } from '../describe-call.ts';
import {
  describeServer,
  describeSessions,
  describeTunnels,
  type ServerLook,
  type SessionLook,
  type TunnelLook,
} from '../describe-tunnel.ts';
import type { Message, ShownView } from '../slack/snapshots.ts';
import type { User } from '../slack/workspace.ts';
import type { Sandbox } from '../start-sandbox.ts';

const CALLS_SHOWN = 40;

export interface SomeoneLook {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly role: string;
  readonly tz: string;
  /** Where they can read; `dm` is their conversation with the bot. */
  readonly places: readonly PlaceLook[];
}

export interface PlaceLook {
  readonly id: string;
  readonly name: string;
  readonly kind: 'public' | 'private' | 'im' | 'home';
  /** Timestamp of the newest message there that they can see; empty when there is none. */
  readonly newest: string;
}

export interface AccountLook {
  readonly team: string;
  readonly serials: { readonly name: string; readonly items: readonly { value: string; description: string }[] };
  readonly doors: readonly { readonly app: string; readonly policy: string; readonly people: readonly string[] }[];
  readonly requires: readonly string[];
  readonly tunnels: readonly TunnelLook[];
  readonly server: ServerLook;
  readonly sessions: readonly SessionLook[];
  readonly exports: ExportsLook;
  readonly people: readonly AtTheDoor[];
  readonly callCount: number;
  /** Newest first; those to Cloudflare and to Docker. */
  readonly calls: readonly CallLook[];
}

export interface CallLook {
  /** Of its kind, from 1. */
  readonly number: number;
  readonly to: 'Cloudflare' | 'Docker';
  readonly method: string;
  readonly says: string;
  readonly path: string;
  readonly status: number;
  /** Undefined: nobody has looked at the watch. */
  readonly ms: number | undefined;
}

export interface Look {
  readonly people: readonly SomeoneLook[];
  readonly names: Readonly<Record<string, string>>;
  readonly botId: string;
  /** Who can be picked in a form: bots too, as in Slack. */
  readonly everybody: readonly { readonly id: string; readonly name: string }[];
  /** The one that was asked for, or the conversation with the bot for those who cannot read there. */
  readonly place: string;
  /** Oldest first; what only this person sees among the rest. */
  readonly messages: readonly Message[];
  readonly views: readonly ShownView[];
  /** The Home tab of this person, where they are looking at it and the bot has published one. */
  readonly home: ShownView | undefined;
  /** Global shortcuts, by the name that Slack lists them under. */
  readonly shortcuts: readonly { readonly id: string; readonly name: string }[];
  readonly account: AccountLook;
  /** What the real Slack or Cloudflare would have refused to put up with. */
  readonly suspicious: readonly string[];
}

type Parts = Pick<Sandbox, 'slack' | 'cloudflare' | 'docker'>;
type Inside = Pick<Parts, 'slack'>;

/** All that the page shows to one person at one place. Throws for a person that there is not. */
export function lookAs(sandbox: Parts, who: string, place: string): Look {
  const { slack, cloudflare } = sandbox;
  const person = slack.as(who);
  const users = [...slack.workspace.users.values()].filter((user) => !user.deleted);
  const people = users.filter((user) => !user.isBot);
  const places = placesOf(sandbox, person.id);
  const here = places.find(({ id }) => id === place)?.id ?? 'dm';
  return {
    people: people.map((user) => someone(sandbox, user)),
    names: namesOf(sandbox),
    botId: slack.workspace.app.botUserId,
    everybody: users.map(({ id, realName }) => ({ id, name: realName })),
    place: here,
    messages: messagesAt(sandbox, person.id, here),
    views: person.views(),
    home: here === 'home' ? person.home() : undefined,
    shortcuts: slack.workspace.app.shortcuts
      .filter(({ type }) => type === 'global')
      .map(({ callbackId, name }) => ({ id: callbackId, name })),
    account: accountLook(sandbox, people),
    suspicious: [...slack.faultsSeen, ...cloudflare.violations],
  };
}

function someone(sandbox: Parts, user: User): SomeoneLook {
  return {
    id: user.id,
    handle: user.name,
    name: user.realName,
    role: roleOf(sandbox, user),
    tz: user.tz,
    places: placesOf(sandbox, user.id),
  };
}

export function roleOf({ slack }: Inside, user: User): string {
  const isApprover = [...slack.workspace.groups.values()].some(({ members }) => members.includes(user.id));
  if (user.isStranger) return 'from another workspace';
  if (user.isGuest) return 'guest';
  return [...(isApprover ? ['approver'] : ['member']), ...(user.isAdmin ? ['Slack admin'] : [])].join(', ');
}

function placesOf(sandbox: Parts, userId: string): PlaceLook[] {
  const { workspace } = sandbox.slack;
  const channels = [...workspace.channels.values()]
    .filter(({ kind, members }) => kind !== 'im' && members.has(userId))
    .map(({ id, name, kind }) => ({ id, name, kind, newest: messagesAt(sandbox, userId, id).at(-1)?.ts ?? '' }));
  const dm = { id: 'dm', name: workspace.app.name, kind: 'im' as const };
  const home = { id: 'home', name: 'Home', kind: 'home' as const, newest: '' };
  return [...channels, { ...dm, newest: messagesAt(sandbox, userId, 'dm').at(-1)?.ts ?? '' }, home];
}

function messagesAt({ slack }: Parts, userId: string, place: string): Message[] {
  if (place === 'home') return [];
  const shared = place === 'dm' ? slack.dms(userId) : slack.messages(place);
  const isHere = (message: Message) => (place === 'dm' ? message.channelName === '' : message.channel === place);
  const own = slack.as(userId).ephemerals().filter(isHere);
  return [...shared, ...own].toSorted((a, b) => Number(a.ts) - Number(b.ts));
}

function namesOf({ slack }: Parts): Record<string, string> {
  const { users, channels, groups } = slack.workspace;
  return Object.fromEntries([
    ...[...users.values()].map(({ id, realName }) => [id, realName]),
    ...[...channels.values()].map(({ id, name }) => [id, name]),
    ...[...groups.values()].map(({ id, handle }) => [id, handle]),
  ]);
}

function accountLook({ cloudflare, docker }: Parts, users: readonly User[]): AccountLook {
  const { account } = cloudflare;
  const { apps, lists, organization } = account.summary();
  const serials = lists.find(({ id }) => id === account.ids.serialList);
  const doors = apps.flatMap(({ id, name, policies }) =>
    policies
      .filter((policy) => policy.decision === 'allow' && id !== account.ids.secondApp)
      .map((policy) => ({ app: name, policy: policy.name, people: peopleBehind(policy.include, lists) })),
  );
  const main = apps.find(({ id }) => id === account.ids.app);
  return {
    team: String(organization),
    serials: { name: serials?.name ?? 'none', items: serials?.items ?? [] },
    doors,
    requires: main?.policies.flatMap(({ require }) => require) ?? [],
    tunnels: describeTunnels(account),
    server: describeServer(docker),
    sessions: describeSessions(account),
    exports: describeExports(account),
    people: users.map(({ realName, email }) => atTheDoor(account, { name: realName, email })),
    callCount: cloudflare.calls.length + docker.calls.length,
    calls: newestCalls({ cloudflare, docker }),
  };
}

/** To Cloudflare and to Docker together. */
function newestCalls({ cloudflare, docker }: Pick<Parts, 'cloudflare' | 'docker'>): CallLook[] {
  const toCloudflare = cloudflare.calls.map((call, index) => ({
    at: call.at,
    number: index + 1,
    to: 'Cloudflare' as const,
    method: call.method,
    says: describeCall(call, cloudflare.account),
    path: call.path,
    status: call.status,
    ms: Math.round(call.ms),
  }));
  const toDocker = docker.calls.map(({ method, url, status, at }, index) => ({
    at,
    number: index + 1,
    to: 'Docker' as const,
    method,
    says: describeEngineCall({ method, url }, docker),
    path: url,
    status,
    ms: undefined,
  }));
  return [...toCloudflare.slice(-CALLS_SHOWN), ...toDocker.slice(-CALLS_SHOWN)]
    .toSorted((one, other) => one.at - other.at)
    .slice(-CALLS_SHOWN)
    .toReversed()
    .map(({ at: _at, ...call }) => call);
}

/** The addresses of an e-mail list stand where the list is named. */
function peopleBehind(
  include: readonly string[],
  lists: ReturnType<Parts['cloudflare']['account']['summary']>['lists'],
): string[] {
  return include.flatMap((rule) => {
    const list = lists.find(({ name, type }) => type === 'EMAIL' && rule === `list "${name}"`);
    return list === undefined ? [rule] : list.items.map(({ value }) => value);
  });
}
