import { isKnownError } from '../core/errors.ts';
import type { AppTunnels, TunnelHealth } from '../core/tunnel.ts';
import type { App } from './applications.ts';
import { chooseTunnels, type Choice } from './choose-tunnels.ts';
import type { Account } from './client.ts';
import { readConnectors } from './connectors.ts';
import { readDestinations, type Destination } from './destinations.ts';
import { findApplication, type Deciders } from './discover.ts';
import { readHostnameRoutes, readNetworkRoutes, readPublicHostnames, type Route } from './routes.ts';
import { readTunnels } from './tunnels.ts';

/** Of an account with more tunnels than this no more are looked into: each costs a call of its own. */
const MOST_TUNNELS = 50;

/**
 * The tunnels that the application’s routes use. Beside the applications: three calls at once. Where the application has a
 * public hostname, then one for each tunnel.
 */
export async function readUsedTunnels(
  account: Account,
  deciders: Deciders,
  apps: Promise<readonly App[]>,
): Promise<Choice> {
  const [destinations, all, privateRoutes] = await Promise.all([
    apps.then((found) => readDestinations(findApplication(found, deciders.app))),
    readTunnels(account),
    ifPermitted(Promise.all([readHostnameRoutes(account), readNetworkRoutes(account)])),
  ]);
  const sorted = all.toSorted((one, other) => (one.name + one.id < other.name + other.id ? -1 : 1));
  const published = await readPublished(account, destinations, sorted);
  const routes =
    privateRoutes === undefined || published === undefined ? undefined : [...privateRoutes, published].flat();
  const { tunnels, basis } = chooseTunnels(destinations, sorted, routes);
  const shown = tunnels.slice(0, MOST_TUNNELS);
  const cut = shown.length < tunnels.length ? ` Only the first ${shown.length} of ${tunnels.length} are here.` : '';
  return { tunnels: shown, basis: basis + cut };
}

/** The same with their connectors: one more call for each tunnel that was found. */
export async function readAppTunnels(
  account: Account,
  deciders: Deciders,
  apps: Promise<readonly App[]>,
): Promise<AppTunnels> {
  const { tunnels, basis } = await readUsedTunnels(account, deciders, apps);
  const reports = await Promise.all(
    tunnels.map(async (tunnel) => ({ ...tunnel, connectors: await readConnectors(account, tunnel.id) })),
  );
  return { tunnels: reports, basis };
}

/** Empty unless the application has a public hostname. Undefined where the token may not read this. */
async function readPublished(
  account: Account,
  destinations: readonly Destination[],
  tunnels: readonly TunnelHealth[],
): Promise<Route[] | undefined> {
  if (!destinations.some(({ kind }) => kind === 'public')) return [];
  const reads = tunnels.slice(0, MOST_TUNNELS).map(({ id }) => readPublicHostnames(account, id));
  return (await ifPermitted(Promise.all(reads)))?.flat();
}

/** Undefined where the token lacks the permission: the tunnels can still be told, if not which of them. */
async function ifPermitted<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isKnownError(error) && error.code === 'cloudflare-permission-missing') return undefined;
    throw error;
  }
}
