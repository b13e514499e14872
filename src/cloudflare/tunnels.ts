import { z } from 'zod';
import type { TunnelHealth } from '../core/tunnel.ts';
import { callPages } from './call.ts';
import type { Account } from './client.ts';
import { Moment } from './moment.ts';

const Tunnel = z
  .object({
    name: z.string().nullish(),
    id: z.string(),
    status: z.enum(['inactive', 'degraded', 'healthy', 'down', 'unknown']).catch('unknown'),
    conns_active_at: Moment,
    conns_inactive_at: Moment,
  })
  .transform(({ id, name, status, conns_active_at: activeAt, conns_inactive_at: inactiveAt }): TunnelHealth => ({
    id,
    name: name || id,
    status,
    ...(activeAt === undefined ? {} : { activeAt }),
    ...(inactiveAt === undefined ? {} : { inactiveAt }),
  }));

/** The tunnels that exist: without `is_deleted` the deleted ones would be among them. One call for up to 1,000. */
export function readTunnels(account: Account): Promise<TunnelHealth[]> {
  const { client, accountId } = account;
  return callPages(
    account,
    { route: 'GET cfd_tunnel', does: 'read the tunnels', area: 'tunnels' },
    Tunnel,
    1000,
    (query, options) =>
      client.zeroTrust.tunnels.cloudflared.list({ account_id: accountId, is_deleted: false, ...query }, options),
  );
}
