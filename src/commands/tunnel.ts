import { distance } from 'fastest-levenshtein';
import { UserError } from '../core/errors.ts';
import { tunnelNames } from '../core/tunnel-names.ts';
import type { AppTunnels, TunnelReport } from '../core/tunnel.ts';
import { tunnelMessage } from '../slack/tunnel-message.ts';
import type { SeenServer } from '../slack/tunnel-server-lines.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { identify } from './identify.ts';
import { isAmongApprovers } from './is-among-approvers.ts';
import { readTunnel } from './tunnel-reading.ts';

const NEAR = 3;
/** So many characters of an id are enough to mean it. */
const ID_CHARACTERS = 8;

/** `/ocs-access tunnel [name]`: the tunnels of the app, or one of them, and what runs them on the server. */
export async function tunnel(desk: Desk, call: Call): Promise<void> {
  const { actor } = await identify(desk, call);
  const { tunnels, server, canRestart } = await readTunnel(desk, {
    withLogs: isAmongApprovers(desk, actor, { fresh: true }),
  });
  const name = call.value.trim().split(/\s+/).slice(1).join(' ');
  const shown = name === '' || 'problem' in tunnels ? tunnels : { ...tunnels, tunnels: named(name, tunnels) };
  await call.reply(
    tunnelMessage({
      tunnels: shown,
      server: 'problem' in shown || name === '' ? server : thoseOf(shown, server),
      canRestart,
      now: desk.clock.now(),
    }),
  );
}

/** All that have the name, or the one whose id or unmistakable name it is. Throws UserError for none of them. */
function named(typed: string, { tunnels }: AppTunnels): TunnelReport[] {
  if (tunnels.length === 0) return [];
  const wanted = typed.toLowerCase();
  const names = tunnelNames(tunnels);
  const found = tunnels.filter(
    ({ id, name }) =>
      [name, names.get(id) ?? ''].some((one) => one.toLowerCase() === wanted) ||
      (wanted.length >= ID_CHARACTERS && id.toLowerCase().startsWith(wanted)),
  );
  if (found.length > 0) return found;
  const near = [...names.values()]
    .toSorted((one, other) => distance(wanted, one.toLowerCase()) - distance(wanted, other.toLowerCase()))
    .slice(0, NEAR);
  const nearest = `The nearest ${near.length === 1 ? 'is' : 'are'} ${new Intl.ListFormat('en').format(near)}.`;
  throw new UserError(`The app uses no tunnel “${typed}”. ${nearest} \`/ocs-access tunnel\` shows all of them.`, {
    code: 'no-such-tunnel',
  });
}

/** Without the containers that are known to run another tunnel. */
function thoseOf({ tunnels }: AppTunnels, server: SeenServer): SeenServer {
  if ('problem' in server) return server;
  const ids = new Set(tunnels.map(({ id }) => id));
  return {
    containers: server.containers.filter(({ container: { tunnelId } }) => tunnelId === undefined || ids.has(tunnelId)),
  };
}
