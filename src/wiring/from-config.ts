import type { Logger } from 'pino';
import { createClient } from '../cloudflare/client.ts';
import { createCloudflare } from '../cloudflare/cloudflare.ts';
import type { Config } from '../config.ts';
import type { Clock, Cloudflare } from '../core/ports.ts';
import type { ApproversSource } from '../slack/approvers.ts';

/** What every part is built in. */
export interface Surroundings {
  readonly config: Config;
  readonly log: Logger;
  readonly clock: Clock;
}

export function cloudflareOf(config: Config, clock: Clock): Cloudflare {
  const { apiToken, baseUrl, accountId, choose } = config.cloudflare;
  const client = createClient({ apiToken: apiToken.reveal(), baseURL: baseUrl });
  return createCloudflare({ client, accountId, clock, deciders: choose });
}

export function approversOf(config: Config): ApproversSource {
  const { approvers } = config.approvals;
  if (approvers.kind === 'users') return approvers;
  return { kind: 'group', idOrHandle: approvers.kind === 'group' ? approvers.id : approvers.handle };
}
