import { Cluster, Redis } from 'ioredis';
import type { RedisTarget } from '../core/redis-target.ts';

/** One connection to whichever kind of Redis there is; it reconnects by itself for ever. */
export type RedisConnection = Redis | Cluster;

export interface ConnectOptions {
  /** Every error of the connection, for the log. A lost connection is told about once for each try to get it back. */
  readonly onError: (error: Error) => void;
}

const reconnectAfter = (attempt: number): number => Math.min(attempt * 200, 2000);

interface Patience {
  /** Of each node. */
  readonly commands: { readonly maxRetriesPerRequest: number | null; commandTimeout?: number; connectTimeout?: number };
  /** Whether commands wait for a lost connection. */
  readonly enableOfflineQueue: boolean;
  /** Of a cluster; each waits 100 ms. */
  readonly maxRedirections: number;
}

/**
 * For those who must answer a person: a command fails at once while Redis is down and after 1.5 s while it is frozen.
 * A command that timed out may still be carried out later.
 */
export function connectForAnswers(target: RedisTarget, options: ConnectOptions): RedisConnection {
  return connect(target, options, {
    commands: { maxRetriesPerRequest: 0, commandTimeout: 1500, connectTimeout: 1000 },
    enableOfflineQueue: false,
    maxRedirections: 5,
  });
}

/** For workers: commands wait, however long it takes, until Redis is back. */
export function connectForWork(target: RedisTarget, options: ConnectOptions): RedisConnection {
  return connect(target, options, {
    commands: { maxRetriesPerRequest: null },
    enableOfflineQueue: true,
    maxRedirections: 16,
  });
}

function connect(target: RedisTarget, { onError }: ConnectOptions, patience: Patience): RedisConnection {
  const connection = open(target, patience);
  connection.on('error', onError);
  // The nodes of a cluster report here and not as `error`.
  connection.on('node error', onError);
  return connection;
}

function open(target: RedisTarget, { commands, enableOfflineQueue, maxRedirections }: Patience): RedisConnection {
  const login = {
    ...(target.username === undefined ? {} : { username: target.username }),
    ...(target.password === undefined ? {} : { password: target.password.reveal() }),
    ...(target.tls ? { tls: {} } : {}),
  };
  const node = { ...commands, ...login, reconnectOnError: isNoLongerMaster };
  switch (target.kind) {
    case 'single':
      return new Redis({
        ...node,
        enableOfflineQueue,
        host: target.address.host,
        port: target.address.port,
        db: target.db,
        retryStrategy: reconnectAfter,
      });
    case 'sentinel':
      return new Redis({
        ...node,
        enableOfflineQueue,
        sentinels: target.sentinels.map(({ host, port }) => ({ host, port })),
        name: target.masterName,
        db: target.db,
        retryStrategy: reconnectAfter,
        sentinelRetryStrategy: reconnectAfter,
        ...(target.tls ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
        ...(target.sentinelPassword === undefined ? {} : { sentinelPassword: target.sentinelPassword.reveal() }),
      });
    case 'cluster':
      return new Cluster(
        target.nodes.map(({ host, port }) => ({ host, port })),
        {
          redisOptions: node,
          enableOfflineQueue,
          maxRedirections,
          clusterRetryStrategy: reconnectAfter,
          // Certificates are for names: the addresses that the names stand for would not match.
          ...(target.tls ? { dnsLookup: (address, found) => found(null, address) } : {}),
        },
      );
  }
}

/** After a failover the old master stays connected and refuses writes; 2: reconnect and send the command again. */
function isNoLongerMaster(error: Error): false | 2 {
  return error.message.startsWith('READONLY') ? 2 : false;
}
