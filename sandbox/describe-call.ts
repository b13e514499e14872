import type { Account } from './cloudflare/account.ts';
import type { Docker, EngineCall } from './docker/start-docker.ts';

/** The part of a recorded call that these words are made of. */
export interface RecordedCall {
  readonly method: string;
  /** Behind the version: `/accounts/<id>/access/apps`. */
  readonly path: string;
}

type Words = (found: readonly string[]) => string;

/** In this order; the first that fits speaks. A group in a pattern is an id, and comes as a name. */
const sayings: readonly (readonly [RegExp, Words])[] = [
  [/^GET access\/apps$/, () => 'List the applications'],
  [/^GET access\/apps\/([^/]+)$/, ([app]) => `Read the application “${app}”`],
  [/^PUT access\/apps\/([^/]+)$/, ([app]) => `Write the application “${app}”`],
  [/^GET access\/policies$/, () => 'List the reusable policies'],
  [/^GET access\/groups$/, () => 'List the groups'],
  [/^GET access\/organizations$/, () => 'Read the organisation'],
  [/^PUT access\/organizations$/, () => 'Write the organisation'],
  [/^GET access\/identity_providers$/, () => 'List the login methods'],
  [/^GET devices\/posture$/, () => 'List the device checks'],
  [/^GET cfd_tunnel$/, () => 'List the tunnels'],
  [/^GET cfd_tunnel\/([^/]+)$/, ([tunnel]) => `Read the tunnel “${tunnel}”`],
  [/^GET cfd_tunnel\/([^/]+)\/connections$/, ([tunnel]) => `List the connections of the tunnel “${tunnel}”`],
  [/^GET cfd_tunnel\/([^/]+)\/configurations$/, ([tunnel]) => `Read what the tunnel “${tunnel}” publishes`],
  [/^GET teamnet\/routes$/, () => 'List the network routes'],
  [/^GET zerotrust\/routes\/hostname$/, () => 'List the hostname routes'],
  [/^GET (?:user\/)?tokens\/verify$/, () => 'Check the API token'],
  [/^GET access\/apps\/([^/]+)\/policies$/, ([app]) => `List the policies of “${app}”`],
  [/^GET access\/(?:apps\/[^/]+\/)?policies\/([^/]+)$/, ([policy]) => `Read the policy “${policy}”`],
  [/^PUT access\/(?:apps\/[^/]+\/)?policies\/([^/]+)$/, ([policy]) => `Write the policy “${policy}”`],
  [/^GET access\/users$/, () => 'Look up people'],
  [/^GET access\/users\/([^/]+)\/active_sessions$/, ([user]) => `List the sessions of ${user}`],
  [/^POST access\/organizations\/revoke_user$/, () => 'End a person’s sessions'],
  [/^PATCH access\/seats$/, () => 'Free seats'],
  [/^GET access\/logs\/access_requests$/, () => 'Read the Access log'],
  [/^POST graphql$/, () => 'Look up the countries of logins'],
  [/^GET devices\/physical-devices$/, () => 'List devices'],
  [/^DELETE devices\/physical-devices\/([^/]+)$/, ([device]) => `Delete the device “${device}”`],
  [/^GET devices\/registrations$/, () => 'List device registrations'],
  [/^DELETE devices\/registrations$/, () => 'Delete device registrations'],
  [/^GET logpush\/jobs$/, () => 'List the exports of logs'],
  [/^POST logpush\/jobs$/, () => 'Make an export of logs'],
  [/^PUT logpush\/jobs\/([^/]+)$/, ([job]) => `Change the export of logs ${job}`],
  [/^DELETE logpush\/jobs\/([^/]+)$/, ([job]) => `Delete the export of logs ${job}`],
  [/^GET logpush\/datasets\/([^/]+)\/fields$/, ([dataset]) => `List the fields of the log “${dataset}”`],
  [/^POST logpush\/ownership$/, () => 'Write a token into a bucket'],
  [/^POST logpush\/ownership\/validate$/, () => 'Compare the token of a bucket'],
  [/^POST logpush\/validate\/destination$/, () => 'Try the destination of an export'],
  [/^GET gateway\/rules$/, () => 'List the Gateway rules'],
  [/^GET gateway\/rules\/([^/]+)$/, ([rule]) => `Read the Gateway rule “${rule}”`],
  [/^PUT gateway\/rules\/([^/]+)$/, ([rule]) => `Write the Gateway rule “${rule}”`],
  [/^GET gateway\/lists\/([^/]+)(?:\/items)?$/, ([list]) => `Read the list “${list}”`],
  [/^PATCH gateway\/lists\/([^/]+)$/, ([list]) => `Change the list “${list}”`],
];

/** What a call does, in plain words: `Write the policy “Team access”`. A call that has no words yet is named by its route. */
export function describeCall({ method, path }: RecordedCall, { state }: Pick<Account, 'state'>): string {
  return inWords(`${method} ${inAccount(path)}`, sayings, nameOf);

  function nameOf(id: string): string {
    const { lists, tunnels, users, devices, policies, apps, gatewayRules } = state;
    const named = [lists, tunnels, users, devices].map((all) => all.get(id)?.name);
    const bodies = [policies, apps, gatewayRules].map((all) => all.get(id)?.body.name);
    return [...named, ...bodies].find((name) => name !== undefined) ?? id;
  }
}

const engineSayings: readonly (readonly [RegExp, Words])[] = [
  [/^GET \/containers\/json$/, () => 'List the containers'],
  [/^GET \/containers\/([^/]+)\/json$/, ([container]) => `Look at the container “${container}”`],
  [/^GET \/containers\/([^/]+)\/logs$/, ([container]) => `Read the log of the container “${container}”`],
  [/^POST \/containers\/([^/]+)\/restart$/, ([container]) => `Restart the container “${container}”`],
];

/** The same for a request to Docker: `Restart the container “cloudflared”`. */
export function describeEngineCall(
  { method, url }: Pick<EngineCall, 'method' | 'url'>,
  docker: Pick<Docker, 'containers'>,
): string {
  const route = `${method} ${url.replace(/\?.*$/, '').replace(/^\/v1\.\d+/, '')}`;
  return inWords(route, engineSayings, (reference) => {
    const name = decodeURIComponent(reference);
    return docker.containers().find(({ id }) => id.startsWith(name))?.name ?? name;
  });
}

/** The route itself where no words fit. */
function inWords(route: string, all: typeof sayings, nameOf: (found: string) => string): string {
  for (const [pattern, words] of all) {
    const match = pattern.exec(route);
    if (match !== null) return words(match.slice(1).map(nameOf));
  }
  return route;
}

/** Method and path without the account and with `{id}` for every id: what two calls of one kind share. */
export function routeOf({ method, path }: RecordedCall): string {
  return `${method} ${inAccount(path).replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}/g, '{id}')}`;
}

function inAccount(path: string): string {
  return path.replace(/^\/accounts\/[^/]+\//, '').replace(/^\//, '');
}
