import type { WebClient } from '@slack/web-api';
import { gatherHomes } from '../core/home.ts';
import type { Logs } from '../core/logs.ts';
import type { Cloudflare, Locks, Notifier, Stays, Store } from '../core/ports.ts';
import type { Server } from '../core/server.ts';
import type { Settings } from '../core/settings.ts';
import type { Vault } from '../core/vault.ts';
import { createQueues, type Queues } from '../jobs/queues.ts';
import { createRelay, withRelay } from '../jobs/relay.ts';
import { createDockerServer } from '../server/docker.ts';
import { createClients, type Use } from '../slack/client.ts';
import { createDirectory, type SlackDirectory } from '../slack/directory.ts';
import { createNotifier } from '../slack/notifier.ts';
import { connectForAnswers, connectForWork, type RedisConnection } from '../store/connect.ts';
import { createLocks } from '../store/locks.ts';
import { createLogs } from '../store/logs.ts';
import { createStore } from '../store/store.ts';
import { createVault } from '../store/vault.ts';
import { slackLogger } from './logger.ts';
import type { Findings } from './check-start.ts';
import { approversOf, cloudflareOf, type Surroundings } from './from-config.ts';
import { hasty } from './hasty.ts';

/** A holder that was killed blocks its resource for as long as this. */
const LOCK_TTL_MS = 10_000;
/** A request that was approved at the last moment is carried out by then. */
const SECRETS_OUTLIVE_REQUESTS_MS = 24 * 60 * 60 * 1000;

export interface Connections {
  readonly answers: RedisConnection;
  readonly work: RedisConnection;
  close(): void;
}

/** Two connections: one that fails fast, for people who wait, and one that waits for Redis, for the queues' workers. */
export function connectRedis({ config, log }: Surroundings): Connections {
  let isDown = false;
  // Told when it is lost and not with every try to get it back.
  const onError = (error: Error): void => {
    if (!isDown) log.warn({ err: error }, 'Redis is not reachable; trying again');
    isDown = true;
  };
  const answers = connectForAnswers(config.redis.target, { onError });
  const work = connectForWork(config.redis.target, { onError });
  answers.on('ready', () => {
    if (isDown) log.info('Redis is back');
    isDown = false;
  });
  return {
    answers,
    work,
    close: () => {
      answers.disconnect();
      work.disconnect();
    },
  };
}

/** What the bot and the worker both stand on. */
export interface Foundation {
  readonly store: Store;
  readonly stays: Stays;
  readonly locks: Locks;
  readonly logs: Logs;
  readonly vault: Vault;
  readonly queues: Queues;
  readonly cloudflare: Cloudflare;
  readonly server: Server;
  readonly directory: SlackDirectory;
  readonly notifier: Notifier;
  readonly slack: Readonly<Record<Use, WebClient>>;
  readonly settings: Settings;
  close(): Promise<void>;
}

export function createFoundation(
  { config, log, clock }: Surroundings,
  connections: Connections,
  findings: Findings,
): Foundation {
  const { prefix } = config.redis;
  const bare = createStore({ redis: connections.answers, prefix });
  const queues = createQueues({
    connection: connections.answers,
    prefix,
    onError: (error) => log.warn({ err: error }, 'A queue lost Redis; it goes on when it is back'),
  });
  const relay = createRelay({ store: bare, queues, log });
  const store = withRelay(bare, relay);
  const slack = createClients(config.slack.botToken.reveal(), {
    apiUrl: config.slack.apiUrl,
    logger: slackLogger(log),
  });
  const directory = createDirectory({
    client: slack.interactive,
    approvers: approversOf(config),
    teamId: findings.teamId,
    clock,
  });
  const cloudflare = cloudflareOf(config, clock);
  const settings: Settings = {
    approvalsNeeded: config.approvals.needed,
    allowSelfApproval: config.approvals.allowSelfApproval,
    requestTtlMs: config.approvals.requestTtlMs,
    timeZone: config.timeZone,
    appUrl: config.app.url,
    revokeSeat: config.revokeSeat,
    sessionLimits: config.sessionLimits,
  };
  return {
    store,
    stays: store,
    locks: createLocks({ redis: connections.answers, prefix, ttlMs: LOCK_TTL_MS }),
    logs: createLogs({
      redis: connections.answers,
      prefix,
      onUnreadable: (kind, rows) => log.warn({ kind, rows }, 'Rows of a log could not be read and were left out'),
    }),
    vault: createVault({
      key: config.exportKey,
      store,
      ttlMs: settings.requestTtlMs + SECRETS_OUTLIVE_REQUESTS_MS,
    }),
    queues,
    cloudflare,
    server: createDockerServer(config.docker),
    directory,
    notifier: createNotifier({
      client: slack.bulk,
      store,
      directory,
      channels: findings.channels,
      homesOf: (slackIds) =>
        gatherHomes({ store, stays: store, cloudflare: hasty(cloudflare), directory, clock, settings }, slackIds),
      logger: log,
    }),
    slack,
    settings,
    close: async () => {
      await relay.close();
      await queues.close();
    },
  };
}
