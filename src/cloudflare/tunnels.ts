import { z } from 'zod';
import type { TunnelHealth } from '../core/ports.ts';
import { callPages } from './call.ts';
import type { Account } from './client.ts';

const Tunnel = z
  .object({
    name: z.string().nullish(),
    id: z.string(),
    status: z.enum(['inactive', 'degraded', 'healthy', 'down', 'unknown']).catch('unknown'),
  })
  .transform(({ id, name, status }): TunnelHealth => ({ name: name ?? id, status }));

/** The tunnels that exist: without `is_deleted` the deleted ones would be among them. */
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
