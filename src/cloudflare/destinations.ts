import type { App } from './applications.ts';
import { contains, readNetwork, type Network } from './networks.ts';
import type { HostnameRoute, NetworkRoute, PublicHostname, Route } from './routes.ts';

/** What an application guards. Without a virtual network, it guards the place in all of them. */
export type Destination =
  | { readonly kind: 'network'; readonly network: Network; readonly virtualNetworkId: string | undefined }
  | { readonly kind: 'hostname'; readonly hostname: string; readonly virtualNetworkId: string | undefined }
  | { readonly kind: 'public'; readonly hostname: string };

/** Of an application that has nothing but a domain, nobody says whether that is private or public: it counts as both. */
export function readDestinations({ destinations, domain }: App): Destination[] {
  const places: App['destinations'] =
    destinations.length > 0 || domain === undefined ? destinations : [{ uri: domain }, { hostname: hostIn(domain) }];
  return places.flatMap(({ uri, hostname, cidr, vnet_id }): Destination[] => {
    const virtualNetworkId = vnet_id ?? undefined;
    const network = readNetwork(cidr ?? hostname ?? '');
    if (network !== undefined) return [{ kind: 'network', network, virtualNetworkId }];
    if (hostname) return [{ kind: 'hostname', hostname: hostname.toLowerCase(), virtualNetworkId }];
    return uri ? [{ kind: 'public', hostname: hostIn(uri) }] : [];
  });
}

/** `ocs.example.org` of `https://OCS.example.org:8443/chat/*`. */
function hostIn(uri: string): string {
  return uri
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/[/:?#].*$/, '');
}

/** The routes that lead to the destination; empty if none does. */
export function routesTo(destination: Destination, routes: readonly Route[]): Route[] {
  switch (destination.kind) {
    case 'network':
      return toNetwork(destination.network, networkRoutesFor(destination, routes));
    case 'hostname':
      return toHostname(
        destination.hostname,
        routes.filter((route) => route.kind === 'hostname route'),
      );
    case 'public':
      return toPublicHostname(
        destination.hostname,
        routes.filter((route) => route.kind === 'public hostname'),
      );
  }
}

/** The network routes of the destination’s virtual network, or of all of them. */
export function networkRoutesFor(
  { virtualNetworkId }: Pick<Destination & { kind: 'network' }, 'virtualNetworkId'>,
  routes: readonly Route[],
): NetworkRoute[] {
  return routes
    .filter((route) => route.kind === 'network route')
    .filter((route) => virtualNetworkId === undefined || route.virtualNetworkId === virtualNetworkId);
}

/** In each virtual network the narrowest that holds all of the destination, and every one inside it, which carries a part. */
function toNetwork(network: Network, routes: readonly NetworkRoute[]): NetworkRoute[] {
  return routes.filter((route) => {
    if (!contains(route.network, network)) return contains(network, route.network);
    return !routes.some(
      (other) =>
        other.virtualNetworkId === route.virtualNetworkId &&
        other.network.prefix > route.network.prefix &&
        contains(other.network, network),
    );
  });
}

/**
 * Cloudflare keeps `*.lantern.internal` as `lantern.internal`, which covers the names one level below it. The route of the
 * very name goes before that.
 */
function toHostname(hostname: string, routes: readonly HostnameRoute[]): HostnameRoute[] {
  const name = bare(hostname);
  const exact = routes.filter((route) => bare(route.name) === name);
  const inside = hostname.startsWith('*.') ? routes.filter((route) => above(bare(route.name)) === name) : [];
  if (exact.length + inside.length > 0) return [...exact, ...inside];
  return routes.filter((route) => bare(route.name) === above(name));
}

/** In a tunnel’s configuration a wildcard covers names at any depth. */
function toPublicHostname(hostname: string, routes: readonly PublicHostname[]): PublicHostname[] {
  const exact = routes.filter(({ name }) => name.toLowerCase() === hostname);
  if (exact.length > 0) return exact;
  return routes.filter(({ name }) => name.startsWith('*.') && hostname.endsWith(name.slice(1).toLowerCase()));
}

const bare = (hostname: string): string => hostname.toLowerCase().replace(/^[*.]+|\.+$/g, '');

/** `lantern.internal` of `ocs.lantern.internal`. Empty for a name of one word. */
const above = (hostname: string): string => /^[^.]+\.(.+)$/.exec(hostname)?.[1] ?? '';
