import { randomBytes } from 'node:crypto';
import { pino, type Logger } from 'pino';
import { loadConfig } from '../src/config.ts';
import { startHouse, type House, type HouseOptions } from '../src/wiring/start-house.ts';
import { ids } from './cloudflare/seed-ids.ts';
import type { Account } from './cloudflare/account.ts';
import type { SeedOptions } from './cloudflare/seed-options.ts';
import { startCheckedCloudflare } from './cloudflare/start-checked.ts';
import { startDocker, type Docker, type DockerOptions } from './docker/start-docker.ts';
import { startSlack, type SlackOptions } from './slack/start-slack.ts';

export interface SandboxOptions {
  readonly redisUrl: string;
  /** Keys of this sandbox; a hash tag of its own lets several share one Redis. */
  readonly prefix?: string;
  readonly cloudflare?: SeedOptions;
  readonly slack?: SlackOptions;
  /** `false`: the bot finds no Docker where it looks. */
  readonly docker?: false | Pick<DockerOptions, 'replicas' | 'comesBackAfterMs'>;
  /** Fills the account before the bot looks at it for the first time. */
  readonly history?: (account: Account) => void;
  /** More variables of the configuration, over those that point at the sandbox. */
  readonly env?: Readonly<Record<string, string>>;
  /** Epoch milliseconds for the bot, the worker and both far ends. */
  readonly now?: () => number;
  /** What to start at once. Default: bot and worker in one process. */
  readonly parts?: HouseOptions['parts'];
  readonly rounds?: HouseOptions['rounds'];
  readonly log?: Logger;
}

export interface Sandbox {
  readonly slack: Awaited<ReturnType<typeof startSlack>>;
  readonly cloudflare: Awaited<ReturnType<typeof startCheckedCloudflare>>;
  /** The server on which cloudflared runs, there even when the bot can't reach it. */
  readonly docker: Docker;
  /** The environment that a process of its own needs to join this sandbox. */
  readonly env: Readonly<Record<string, string>>;
  /** One more bot, worker or both, as another machine would have. */
  start(parts?: HouseOptions['parts'], env?: Readonly<Record<string, string>>): Promise<House>;
  stop(): Promise<void>;
}

const NO_DOCKER = 'unix:///nowhere/docker.sock';

/** A Slack, a Cloudflare and a Docker to try against, with the real bot and worker between them. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { now = Date.now, log = pino({ level: 'silent' }), parts = ['bot', 'worker'], rounds } = options;
  const cloudflare = await startCheckedCloudflare({
    ...(options.cloudflare === undefined ? {} : { seed: options.cloudflare }),
    now,
  });
  options.history?.(cloudflare.account);
  const slack = await startSlack({ now, ...options.slack });
  const docker = await startServer(cloudflare, now, options.docker);
  const env: Record<string, string> = {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    CLOUDFLARE_API_TOKEN: cloudflare.token,
    CLOUDFLARE_ACCOUNT_ID: cloudflare.accountId,
    CLOUDFLARE_BASE_URL: cloudflare.url,
    REDIS_URL: options.redisUrl,
    REDIS_PREFIX: options.prefix ?? '{ocs-access}',
    ACCESS_APP: 'Open Chat Studio',
    APPROVERS: '@ocs-approvers',
    AUDIT_CHANNEL: 'C05AUDIT001',
    APPROVALS_CHANNEL: 'C05APPROVE1',
    SECURITY_CHANNEL: 'C05SECURE01',
    OPS_CHANNEL: 'C05OPSTEAM1',
    PRIVATE_HOSTNAME: 'ocs.lantern.internal',
    DOCKER_HOST: options.docker === false ? NO_DOCKER : docker.host,
    CLOUDFLARED_CONTAINER: 'cloudflared',
    EXPORT_KEY: randomBytes(32).toString('hex'),
    ...options.env,
  };
  const houses: House[] = [];

  async function start(
    wanted: HouseOptions['parts'] = parts,
    more: Readonly<Record<string, string>> = {},
  ): Promise<House> {
    const config = loadConfig({ ...env, ...more });
    const house = await startHouse({
      config,
      log,
      clock: { now },
      parts: wanted,
      allowVolatileRedis: true,
      ...(rounds === undefined ? {} : { rounds }),
    });
    houses.push(house);
    return house;
  }

  async function stop(): Promise<void> {
    for (const house of houses.splice(0)) await house.stop();
    await docker.stop();
    await slack.stop();
    await cloudflare.stop();
  }

  try {
    if (parts.length > 0) await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { slack, cloudflare, docker, env, start, stop };
}

/** As many cloudflared as the tunnel has connectors, unless told. */
function startServer(
  { account }: Sandbox['cloudflare'],
  now: () => number,
  options: SandboxOptions['docker'] = {},
): Promise<Docker> {
  const tunnel = account.state.tunnels.get(ids.tunnel);
  return startDocker({
    now,
    tunnels: account,
    tunnelId: ids.tunnel,
    connectorIds: tunnel?.connectors.map(({ id }) => id) ?? [],
    ...(tunnel === undefined ? {} : { version: tunnel.version }),
    ...(options === false ? {} : options),
  });
}
