import type { Redis } from 'ioredis';
import type { RedisConnection } from './connect.ts';

export interface RedisCheck {
  /** Each a sentence with the fix. With one of these the bot must not start. */
  readonly problems: string[];
  readonly warnings: string[];
  /** Such as `7.0.15`. Undefined: it did not say. */
  readonly version: string | undefined;
}

export interface CheckRedisOptions {
  /** Nothing that is lost matters, as in a sandbox: missing persistence is a warning. */
  readonly allowVolatile?: boolean;
  /** How long to wait for the connection. */
  readonly timeoutMs?: number;
}

/** Whether this Redis is reachable and keeps what it is given. Never throws. */
export async function checkRedis(
  redis: RedisConnection,
  { allowVolatile = false, timeoutMs = 3000 }: CheckRedisOptions = {},
): Promise<RedisCheck> {
  const unreachable = await whyNotReady(redis, timeoutMs);
  if (unreachable !== undefined) return unusable(unreachable);
  try {
    const nodes = 'nodes' in redis ? redis.nodes('master') : [redis];
    const checks = await Promise.all(nodes.map((node) => checkNode(node, allowVolatile)));
    return {
      problems: unique(checks.flatMap((check) => check.problems)),
      warnings: unique(checks.flatMap((check) => check.warnings)),
      version: checks[0]?.version,
    };
  } catch (error) {
    return unusable(`Redis does not answer (${reasonOf(error)}). Look at its log, and at its load.`);
  }
}

/** What one server says about itself; undefined where it does not say. */
interface Facts {
  readonly role: string | undefined;
  readonly version: string | undefined;
  readonly policy: string | undefined;
  readonly appendOnly: string | undefined;
  readonly lastWrite: string | undefined;
}

type Finding = { readonly problem: string } | { readonly warning: string } | undefined;

async function checkNode(node: Redis, allowVolatile: boolean): Promise<RedisCheck> {
  await node.ping();
  // Refused by some managed servers; what it would say is asked for below, or missing.
  const info = linesOf(await node.info().catch(() => ''));
  const facts: Facts = {
    role: info.get('role'),
    version: info.get('redis_version'),
    policy: info.get('maxmemory_policy') ?? (await configOf(node, 'maxmemory-policy')),
    appendOnly: info.get('aof_enabled') ?? (await configOf(node, 'appendonly')),
    lastWrite: info.get('aof_last_write_status'),
  };
  const persistence = checkPersistence(facts);
  const found = [
    checkRole(facts),
    checkVersion(facts),
    checkEviction(facts),
    allowVolatile && persistence !== undefined && 'problem' in persistence
      ? { warning: persistence.problem }
      : persistence,
  ].filter((finding) => finding !== undefined);
  return {
    problems: found.flatMap((finding) => ('problem' in finding ? [finding.problem] : [])),
    warnings: found.flatMap((finding) => ('warning' in finding ? [finding.warning] : [])),
    version: facts.version,
  };
}

function checkRole({ role }: Facts): Finding {
  if (role !== 'slave') return undefined;
  return { problem: 'This Redis is a replica and takes no writes. Put the address of the master into REDIS_URL.' };
}

function checkVersion({ version }: Facts): Finding {
  if (version === undefined) {
    return { warning: 'Redis does not tell its version. Make sure that it is 6.2 or newer.' };
  }
  if (isOlder(version, 5, 0)) return { problem: `Redis ${version} is too old. Update it to 6.2 or newer.` };
  if (!isOlder(version, 6, 2)) return undefined;
  return { warning: `Redis ${version} works, but 6.2 or newer is advised for the queues. Update it.` };
}

function checkEviction({ policy }: Facts): Finding {
  if (policy === 'noeviction') return undefined;
  if (policy === undefined) {
    return {
      warning:
        'Redis does not tell what it does when its memory is full. Make sure that maxmemory-policy is noeviction.',
    };
  }
  return {
    problem: `Redis throws entries away when its memory is full (maxmemory-policy ${policy}). Run CONFIG SET maxmemory-policy noeviction, then put “maxmemory-policy noeviction” into redis.conf.`,
  };
}

function checkPersistence({ appendOnly, lastWrite }: Facts): Finding {
  if (appendOnly === undefined) {
    return { warning: 'Redis does not tell whether it writes everything to disk. Make sure that appendonly is yes.' };
  }
  if (appendOnly !== '1' && appendOnly !== 'yes') {
    return {
      problem:
        'Redis does not write everything to disk (appendonly no), so a crash would lose requests and audit entries; snapshots (RDB) are not enough. Run CONFIG SET appendonly yes, then put “appendonly yes” into redis.conf.',
    };
  }
  if (lastWrite !== 'err') return undefined;
  return { problem: 'Redis failed to write to its disk (aof_last_write_status err). Look for a full disk.' };
}

/** The `name:value` lines of INFO. */
function linesOf(info: string): Map<string, string> {
  const lines = info.split(/\r?\n/).map((line) => /^([a-z_0-9]+):(.*)$/.exec(line));
  return new Map(lines.flatMap((line) => (line?.[1] === undefined ? [] : [[line[1], line[2] ?? '']])));
}

/** Managed servers refuse CONFIG; their INFO mostly says the same, so this is the second choice. */
async function configOf(node: Redis, name: string): Promise<string | undefined> {
  const reply: unknown = await node.call('CONFIG', 'GET', name).catch(() => undefined);
  const value: unknown = Array.isArray(reply) ? reply[1] : undefined;
  return typeof value === 'string' ? value : undefined;
}

function isOlder(version: string, major: number, minor: number): boolean {
  const [hasMajor = 0, hasMinor = 0] = version.split('.').map(Number);
  return hasMajor < major || (hasMajor === major && hasMinor < minor);
}

/** Waits until the connection is usable; otherwise a sentence with the last error. */
export function whyNotReady(redis: RedisConnection, timeoutMs = 3000): Promise<string | undefined> {
  if (redis.status === 'ready') return Promise.resolve(undefined);
  return new Promise((resolve) => {
    let last: unknown = new Error(`no answer within ${timeoutMs / 1000} s`);
    const settle = (result: string | undefined) => {
      clearTimeout(timer);
      redis.off('ready', onReady).off('error', onError).off('node error', onError);
      resolve(result);
    };
    const onReady = () => settle(undefined);
    const onError = (error: unknown) => {
      last = error;
    };
    const timer = setTimeout(() => {
      settle(`Redis can't be reached (${reasonOf(last)}). Start it, or correct REDIS_URL.`);
    }, timeoutMs);
    redis.on('ready', onReady).on('error', onError).on('node error', onError);
  });
}

function unusable(problem: string): RedisCheck {
  return { problems: [problem], warnings: [], version: undefined };
}

/** Errors about several addresses of one name have no message, only a code. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ('code' in error ? String(error.code) : error.name);
}

function unique(sentences: string[]): string[] {
  return [...new Set(sentences)];
}
