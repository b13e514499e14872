import type { Account } from './cloudflare/account.ts';

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
  [/^GET access\/policies$/, () => 'List the reusable policies'],
  [/^GET access\/groups$/, () => 'List the groups'],
  [/^GET access\/organizations$/, () => 'Read the organisation'],
  [/^GET devices\/posture$/, () => 'List the device checks'],
  [/^GET cfd_tunnel$/, () => 'List the tunnels'],
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
  [/^GET gateway\/lists\/([^/]+)(?:\/items)?$/, ([list]) => `Read the list “${list}”`],
  [/^PATCH gateway\/lists\/([^/]+)$/, ([list]) => `Change the list “${list}”`],
];

/** What a call does, in plain words: `Write the policy “Team access”`. A call that has no words yet is named by its route. */
export function describeCall({ method, path }: RecordedCall, { state }: Pick<Account, 'state'>): string {
  const route = `${method} ${inAccount(path)}`;
  for (const [pattern, words] of sayings) {
    const match = pattern.exec(route);
    if (match !== null) return words(match.slice(1).map(nameOf));
  }
  return route;

  function nameOf(id: string): string {
    const named = state.lists.get(id)?.name ?? state.policies.get(id)?.body.name ?? state.apps.get(id)?.body.name;
    return named ?? state.users.get(id)?.name ?? state.devices.get(id)?.name ?? id;
  }
}

/** Method and path without the account and with `{id}` for every id: what two calls of one kind share. */
export function routeOf({ method, path }: RecordedCall): string {
  return `${method} ${inAccount(path).replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}/g, '{id}')}`;
}

function inAccount(path: string): string {
  return path.replace(/^\/accounts\/[^/]+\//, '').replace(/^\//, '');
}
