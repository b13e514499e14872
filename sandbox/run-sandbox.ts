import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { Options } from './options.ts';
import { startRedis, type RunningRedis } from './redis/start-redis.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from './start-sandbox.ts';

export interface RunningSandbox {
  readonly sandbox: Sandbox;
  /** For people, such as `Redis 7.0.15, started for you`. */
  readonly redis: string;
  stop(): Promise<void>;
}

export interface RunOptions extends Pick<Options, 'http' | 'emailList' | 'verbose'> {
  /** Epoch milliseconds for everything in the sandbox. */
  readonly now?: () => number;
  readonly rounds?: SandboxOptions['rounds'];
  readonly history?: SandboxOptions['history'];
}

/**
 * A whole sandbox on this machine, with a Redis of whatever kind there is.
 *
 * @throws Error with sentences for people when there is no Redis to work with or the bot cannot start.
 */
export async function runSandbox({
  http,
  emailList,
  verbose,
  now,
  rounds,
  history,
}: RunOptions): Promise<RunningSandbox> {
  const redis = await startRedis();
  // Of its own, so that a Redis that was there before keeps what it had, and a second sandbox can use it too.
  const prefix = `{sandbox-${randomBytes(4).toString('hex')}}`;
  try {
    const sandbox = await startSandbox({
      redisUrl: redis.url,
      prefix,
      cloudflare: { emailList },
      log: createLog(verbose),
      ...(now === undefined ? {} : { now }),
      ...(rounds === undefined ? {} : { rounds }),
      ...(history === undefined ? {} : { history }),
      ...(http ? { slack: { delivery: { mode: 'http' } }, parts: [] } : {}),
    });
    if (http) await startOverHttp(sandbox);
    return { sandbox, redis: wordsFor(redis), stop: () => stopAll(sandbox, redis, prefix) };
  } catch (error) {
    await redis.stop();
    throw error;
  }
}

/** Quiet but for what is broken; all of it when asked. */
function createLog(verbose: boolean): Logger {
  const stream = pretty({ colorize: process.stdout.isTTY, sync: true, ignore: 'pid,hostname' });
  return pino({ level: verbose ? 'debug' : 'error', base: null }, stream);
}

async function startOverHttp(sandbox: Sandbox): Promise<void> {
  const { slack } = sandbox;
  const port = await freePort();
  await sandbox.start(['bot', 'worker'], {
    SLACK_APP_TOKEN: '',
    SLACK_SIGNING_SECRET: slack.signingSecret,
    PORT: String(port),
    HOST: '127.0.0.1',
  });
  slack.deliverTo(`http://127.0.0.1:${port}/slack/events`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function wordsFor({ kind, version }: RunningRedis): string {
  const where = { external: 'the one of REDIS_URL', server: 'started for you', embedded: 'the embedded one' };
  return `${version}, ${where[kind]}`;
}

/** Ends everything even if one part refuses to end, and then says what was wrong. */
async function stopAll(sandbox: Sandbox, redis: RunningRedis, prefix: string): Promise<void> {
  try {
    await sandbox.stop();
  } finally {
    if (redis.kind === 'external') await forgetKeys(redis.url, prefix);
    await redis.stop();
  }
}

async function forgetKeys(url: string, prefix: string): Promise<void> {
  const client = new Redis(url, { maxRetriesPerRequest: 1 });
  try {
    for await (const keys of client.scanStream({ match: `${prefix}*`, count: 1000 })) {
      const found = keys as string[];
      if (found.length > 0) await client.unlink(...found);
    }
  } finally {
    client.disconnect();
  }
}
