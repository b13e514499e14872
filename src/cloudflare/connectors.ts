import { z } from 'zod';
import type { Connector } from '../core/tunnel.ts';
import { call } from './call.ts';
import type { Account } from './client.ts';
import { Moment } from './moment.ts';
import { isNotFound } from './translate-error.ts';

const Connection = z.object({
  colo_name: z.string().nullish(),
  opened_at: Moment,
  is_pending_reconnect: z.boolean().nullish(),
});

const Raw = z
  .object({
    id: z.string(),
    version: z.string().nullish(),
    run_at: Moment,
    conns: z.array(Connection).nullish(),
  })
  .transform(({ id, version, run_at: runAt, conns }): Connector => {
    // Cloudflare goes on naming a broken connection for some minutes; nothing gets through it.
    const alive = (conns ?? []).filter(({ is_pending_reconnect: isBroken }) => isBroken !== true);
    const connections = alive.map(({ colo_name: colo, opened_at: openedAt }) => ({ colo: colo ?? '', openedAt }));
    return { id, version: version ?? '', runAt, connections };
  });

/** The processes that serve a tunnel, those without any connection left out. Empty for a tunnel that is gone. */
export async function readConnectors(account: Account, tunnelId: string): Promise<Connector[]> {
  const { client, accountId } = account;
  try {
    const connectors = await call(
      account,
      { route: 'GET cfd_tunnel/:id/connections', does: 'read the connections of a tunnel', area: 'tunnels' },
      z.array(Raw).nullish(),
      (options) => client.zeroTrust.tunnels.cloudflared.connections.get(tunnelId, { account_id: accountId }, options),
    );
    return (connectors ?? []).filter(({ connections }) => connections.length > 0);
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}
