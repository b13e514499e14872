import { Redis } from 'ioredis';

/** Oldest that the store's commands and BullMQ are at ease with. Valkey reports the Redis version it is compatible with. */
const OLDEST = { major: 6, minor: 2 };

/**
 * Asks a Redis who it is.
 *
 * @returns Name and version for people, such as `Valkey 9.1.1`.
 * @throws Error with the reason in words when it cannot be reached, refuses us, or is older than 6.2.
 */
export async function describeRedis(url: string): Promise<string> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 3000,
    commandTimeout: 3000,
    maxRetriesPerRequest: 0,
    retryStrategy: null,
  });
  let lastError: Error | undefined;
  client.on('error', (error: Error) => {
    lastError = error;
  });
  try {
    await client.connect();
    return readVersion(await client.info('server'));
  } catch (error) {
    // ioredis rejects with "Connection is closed."; the event carries why.
    throw lastError ?? error;
  } finally {
    client.disconnect();
  }
}

function readVersion(info: string): string {
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  const version = field('redis_version') ?? '0.0';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const valkey = field('valkey_version');
  const name = valkey === undefined ? `Redis ${version}` : `Valkey ${valkey}`;
  if (major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor)) {
    throw new Error(`${name} is too old, ${OLDEST.major}.${OLDEST.minor} or newer is needed`);
  }
  return name;
}
