import type { TunnelHealth } from '../core/tunnel.ts';
import { networkRoutesFor, routesTo, type Destination } from './destinations.ts';
import { permissionFor } from './permission-groups.ts';
import type { Route } from './routes.ts';

export interface Choice {
  readonly tunnels: readonly TunnelHealth[];
  /** How they were chosen, in sentences. */
  readonly basis: string;
}

/** The tunnels that lead to the destinations, as far as the routes tell. `routes` undefined: nobody may read them. */
export function chooseTunnels(
  destinations: readonly Destination[],
  all: readonly TunnelHealth[],
  routes: readonly Route[] | undefined,
): Choice {
  if (routes === undefined) {
    return allOfThem(`The API token may not read the routes (“${permissionFor('tunnels', 'read')}”)`, all);
  }
  const found = unique(destinations.flatMap((destination) => routesTo(destination, routes)));
  if (found.length > 0) {
    const { tunnels, astray } = follow(found, all);
    return { tunnels, basis: [...leading(tunnels, found), ...astray].join(' ') };
  }
  return byAnyNetworkRoute(destinations, all, routes) ?? allOfThem('No route names the app', all);
}

/**
 * Where people’s computers learn the address of a private name from a server behind the tunnel, no route names it: any
 * network route may be the one that leads there. Undefined if there is none, or more than names to go by.
 */
function byAnyNetworkRoute(
  destinations: readonly Destination[],
  all: readonly TunnelHealth[],
  routes: readonly Route[],
): Choice | undefined {
  const names = destinations.filter((destination) => destination.kind === 'hostname');
  const found = unique(names.flatMap((destination) => networkRoutesFor(destination, routes)));
  if (found.length === 0 || names.length < destinations.length) return undefined;
  const { tunnels, astray } = follow(found, all);
  const unnamed = `No hostname route names ${listed(names.map(({ hostname }) => hostname))}`;
  const which = [
    `${unnamed}.`,
    `${unnamed}; this is the only tunnel with a network route.`,
    `${unnamed}, so these are all tunnels with a network route.`,
  ];
  return { tunnels, basis: [which[Math.min(tunnels.length, 2)], ...astray].join(' ') };
}

function allOfThem(reason: string, tunnels: readonly TunnelHealth[]): Choice {
  const which = [
    `${reason}, and the account has no tunnel.`,
    `${reason}; this is the only tunnel of the account.`,
    `${reason}, so these are all tunnels of the account.`,
  ];
  return { tunnels, basis: which[Math.min(tunnels.length, 2)] ?? reason };
}

/** Where the routes lead: to tunnels that are there, and what must be said about the others. */
function follow(
  routes: readonly Route[],
  all: readonly TunnelHealth[],
): { readonly tunnels: TunnelHealth[]; readonly astray: string[] } {
  const living = new Set(all.map(({ id }) => id));
  const wanted = new Set(routes.map(({ tunnelId }) => tunnelId));
  const lost = routes.filter((route) => route.isCloudflared && !living.has(route.tunnelId));
  const foreign = routes.filter((route) => !route.isCloudflared);
  return {
    tunnels: all.filter(({ id }) => wanted.has(id)),
    astray: [
      ...sentences(lost, (ends) => `to ${ends === 1 ? 'a tunnel that was' : 'tunnels that were'} deleted`),
      ...sentences(foreign, () => 'to something that cloudflared does not serve'),
    ],
  };
}

/** `The network route 10.20.0.0/16 leads through it.`, for those routes that lead through a tunnel that is there. */
function leading(tunnels: readonly TunnelHealth[], routes: readonly Route[]): string[] {
  const living = new Set(tunnels.map(({ id }) => id));
  return sentences(
    routes.filter(({ tunnelId }) => living.has(tunnelId)),
    (ends) => `through ${tunnels.length === 1 ? 'it' : partOf(tunnels.length, ends)}`,
  );
}

function partOf(all: number, some: number): string {
  if (some === all) return 'them';
  return some === 1 ? 'one of them' : 'some of them';
}

/** One for each kind of route. `where` it leads, by the number of tunnels that routes of the kind lead to: `through it`. */
function sentences(routes: readonly Route[], where: (ends: number) => string): string[] {
  const kinds = [...new Set(routes.map(({ kind }) => kind))].toSorted();
  return kinds.map((kind) => {
    const same = routes.filter((route) => route.kind === kind);
    const names = [...new Set(same.map(({ name }) => name))].toSorted();
    const [what, verb] = names.length === 1 ? [kind, 'leads'] : [`${kind}s`, 'lead'];
    return `The ${what} ${listed(names)} ${verb} ${where(new Set(same.map(({ tunnelId }) => tunnelId)).size)}.`;
  });
}

const MOST_NAMES = 5;

function listed(names: readonly string[]): string {
  const shown = names.length > MOST_NAMES ? names.slice(0, MOST_NAMES) : names;
  const more = names.length - shown.length;
  const parts = more > 0 ? [...shown, `${more} more`] : shown;
  return [parts.slice(0, -1).join(', '), parts.at(-1)].filter(Boolean).join(' and ');
}

const unique = (routes: readonly Route[]): Route[] => [...new Set(routes)];
