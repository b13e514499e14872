import { createSecret, type Secret } from './secret.ts';

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

interface Credentials {
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: Secret;
}

/** Which Redis to talk to, as `REDIS_URL` says it. The three kinds need three different clients. */
export type RedisTarget =
  | (Credentials & { readonly kind: 'single'; readonly address: HostPort; readonly db: number })
  | (Credentials & {
      readonly kind: 'sentinel';
      readonly sentinels: readonly HostPort[];
      readonly masterName: string;
      readonly db: number;
      /** Of the sentinels themselves, where they want one. */
      readonly sentinelPassword?: Secret;
    })
  | (Credentials & { readonly kind: 'cluster'; readonly nodes: readonly HostPort[] });

export const REDIS_URL_FORMS = [
  'redis://[user:password@]host[:6379][/db]',
  'redis+sentinel://[user:password@]host[:26379],host,…/masterName[?db=0&sentinelPassword=…]',
  'redis+cluster://[user:password@]host[:6379],host,…',
  'rediss in place of redis for TLS',
].join('; ');

/**
 * Reads a Redis URL. Special characters in a user name or password are percent-encoded.
 *
 * @throws Error whose message says what is wrong and never repeats the URL, which may hold a password.
 */
export function parseRedisTarget(url: string): RedisTarget {
  const parts = /^(redis|rediss)(\+sentinel|\+cluster)?:\/\/(?:(.*)@)?([^/?]+)(?:\/([^?]*))?(?:\?(.*))?$/.exec(url);
  if (parts === null) throw new Error('is not a Redis URL');
  const [, scheme, topology, userInfo, hosts = '', path = '', query = ''] = parts;
  const credentials = { tls: scheme === 'rediss', ...parseUserInfo(userInfo) };
  const options = new URLSearchParams(query);

  if (topology === '+sentinel') return sentinelTarget({ credentials, hosts, path, options });
  refuseOptionsExcept(options, []);
  if (topology === '+cluster') {
    if (path !== '' && path !== '0') throw new Error('names a database, but a cluster has only database 0');
    return { kind: 'cluster', ...credentials, nodes: parseHosts(hosts, 6379) };
  }
  const [address, second] = parseHosts(hosts, 6379);
  if (address === undefined || second !== undefined) {
    throw new Error('names several hosts; that takes redis+sentinel:// or redis+cluster://');
  }
  return { kind: 'single', ...credentials, address, db: parseDb(path) };
}

interface SentinelParts {
  credentials: Credentials;
  hosts: string;
  path: string;
  options: URLSearchParams;
}

function sentinelTarget({ credentials, hosts, path, options }: SentinelParts): RedisTarget {
  refuseOptionsExcept(options, ['db', 'sentinelPassword']);
  const masterName = decode(path);
  if (masterName === '' || masterName.includes('/')) {
    throw new Error('lacks the name of the master after the sentinels, as in …:26379/mymaster');
  }
  const password = options.get('sentinelPassword');
  return {
    kind: 'sentinel',
    ...credentials,
    sentinels: parseHosts(hosts, 26379),
    masterName,
    db: parseDb(options.get('db') ?? ''),
    ...(password ? { sentinelPassword: createSecret(password) } : {}),
  };
}

function parseUserInfo(userInfo = ''): { username?: string; password?: Secret } {
  const colon = userInfo.indexOf(':');
  const username = decode(colon === -1 ? userInfo : userInfo.slice(0, colon));
  const password = colon === -1 ? '' : decode(userInfo.slice(colon + 1));
  return {
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password: createSecret(password) }),
  };
}

function parseHosts(list: string, defaultPort: number): HostPort[] {
  return list.split(',').map((item) => {
    const parts = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+))(?::(\d{1,5}))?$/.exec(item.trim());
    const host = parts?.[1] ?? parts?.[2];
    const port = Number(parts?.[3] ?? defaultPort);
    if (host === undefined || port < 1 || port > 65_535)
      throw new Error('has a host that is not of the form name:port');
    return { host, port };
  });
}

function parseDb(text: string): number {
  if (!/^\d{0,4}$/.test(text)) throw new Error('has a database that is not a number');
  return Number(text);
}

function refuseOptionsExcept(options: URLSearchParams, known: string[]): void {
  const unknown = [...options.keys()].filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error('has options after the question mark that are not known here');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error('has a percent sign that is not part of an encoded character: write %25');
  }
}
