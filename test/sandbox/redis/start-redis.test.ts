import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { describeRedis } from '../../../sandbox/redis/describe-redis.ts';
import { findRedisServer } from '../../../sandbox/redis/server.ts';
import { startRedis } from '../../../sandbox/redis/start-redis.ts';

const serverMissing = findRedisServer() === undefined;
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

type OwnKind = 'server' | 'embedded';

async function start(kind: OwnKind) {
  const redis = await startRedis({ kind });
  endings.push(redis.stop);
  return redis;
}

function connect(url: string): Redis {
  const client = new Redis(url, { maxRetriesPerRequest: null });
  client.on('error', () => {});
  endings.push(() => client.disconnect());
  return client;
}

const refusal = (url: string) => describeRedis(url).catch((error: unknown) => String(error));

async function comeAndGo(url: string): Promise<unknown> {
  const client = new Redis(url, { commandTimeout: 5000, retryStrategy: () => null });
  client.on('error', () => {});
  try {
    return await client.ping();
  } finally {
    client.disconnect();
  }
}

it('an embedded Redis takes new clients after thousands have come and gone', { timeout: 60_000 }, async () => {
  const { url } = await start('embedded');
  const answers = new Set<unknown>();
  for (let wave = 0; wave < 130; wave += 1) {
    for (const answer of await Promise.all(Array.from({ length: 50 }, () => comeAndGo(url)))) answers.add(answer);
  }

  expect([...answers]).toEqual(['PONG']);
});

describe.for<OwnKind>(['server', 'embedded'])('a Redis of our own (%s)', (kind) => {
  const absent = kind === 'server' && serverMissing;

  it.skipIf(absent)('runs scripts and evicts nothing', async () => {
    const { url } = await start(kind);
    const client = connect(url);

    expect(await client.eval('return redis.call("set", KEYS[1], ARGV[1])', 1, 'key', 'value')).toBe('OK');
    expect(await client.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
  });

  it.skipIf(absent)('wakes a blocked reader at once and not on a timer', async () => {
    const { url } = await start(kind);
    const [reader, writer] = [connect(url), connect(url)];
    await Promise.all([reader.ping(), writer.ping()]);

    const before = performance.now();
    for (let round = 0; round < 20; round += 1) {
      const read = reader.blpop('list', 5);
      await writer.rpush('list', String(round));
      expect(await read).toEqual(['list', String(round)]);
    }

    // 20 rounds that wait for a 100 ms timer or for a delayed TCP acknowledgement (40 ms) take longer.
    expect(performance.now() - before).toBeLessThan(700);
  });

  it.skipIf(absent)('is unreachable once killed and back on the same port after a restart', async () => {
    const redis = await start(kind);

    await redis.kill();
    expect(await refusal(redis.url)).toContain('ECONNREFUSED');

    await redis.restart();
    expect(await describeRedis(redis.url)).toBe(redis.version);
  });

  it.skipIf(absent)('ends when the process that started it is killed', async () => {
    const script = fileURLToPath(new URL('fixtures/parent.ts', import.meta.url));
    const parent = spawn(process.execPath, ['--import', 'tsx', script, kind], { stdio: ['ignore', 'pipe', 'inherit'] });
    endings.push(() => parent.kill('SIGKILL'));
    const [output] = await once(parent.stdout, 'data');
    const url = String(output).trim();
    expect(await describeRedis(url)).toMatch(/^(Redis|Valkey) \d/);

    parent.kill('SIGKILL');

    await vi.waitFor(async () => expect(await refusal(url)).toContain('ECONNREFUSED'), 5000);
  });
});

it.skipIf(serverMissing)('a server keeps what it acknowledged, through a kill', async () => {
  const redis = await start('server');
  const client = connect(redis.url);
  await client.set('kept', 'yes');

  await redis.kill();
  await redis.restart();

  expect(await client.get('kept')).toBe('yes');
});

it('an embedded Redis comes back empty', async () => {
  const redis = await start('embedded');
  const client = connect(redis.url);
  await client.set('kept', 'yes');

  await redis.restart();

  expect(await client.get('kept')).toBeNull();
});

describe('the choice', () => {
  it('is the Redis of REDIS_URL, which is left running', async () => {
    const theirs = await start('embedded');

    const redis = await startRedis({ env: { ...process.env, OCS_TEST_REDIS: 'auto', REDIS_URL: theirs.url } });
    await redis.stop();

    expect(redis).toMatchObject({ kind: 'external', url: theirs.url, version: theirs.version });
    expect(await describeRedis(theirs.url)).toBe(theirs.version);
  });

  it.skipIf(serverMissing)('is the server on PATH when there is one', async () => {
    const redis = await startRedis({ env: { PATH: process.env['PATH'] } });
    endings.push(redis.stop);

    expect(redis.kind).toBe('server');
  });

  it('is the embedded one when PATH has no server', async () => {
    const redis = await startRedis({ env: { PATH: '' } });
    endings.push(redis.stop);

    expect(redis.kind).toBe('embedded');
  });

  it('passes over a server that does not come up, and says so', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ocs-access-test-'));
    endings.push(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'redis-server'), '#!/bin/sh\necho cannot run here\nexit 3\n');
    await chmod(join(folder, 'redis-server'), 0o755);
    const lines: string[] = [];

    const redis = await startRedis({ env: { PATH: folder }, log: (line) => lines.push(line) });
    endings.push(redis.stop);

    expect(redis.kind).toBe('embedded');
    expect(lines[0]).toBe('Redis: not redis-server or valkey-server on PATH: ended at once (code 3) | cannot run here');
  });

  it('can be forced by OCS_TEST_REDIS, also against REDIS_URL', async () => {
    const redis = await startRedis({ env: { OCS_TEST_REDIS: 'embedded', REDIS_URL: 'redis://127.0.0.1:1' } });
    endings.push(redis.stop);

    expect(redis.kind).toBe('embedded');
  });

  it('says what it tried and what would help when the forced kind is not there', async () => {
    await expect(startRedis({ env: { OCS_TEST_REDIS: 'server', PATH: '' } })).rejects
      .toThrowErrorMatchingInlineSnapshot(`
      [Error: No Redis to work with. Tried:
        - redis-server or valkey-server on PATH: not found
      Any one of these mends it:
        - Debian, Ubuntu: sudo apt-get install redis-server
        - macOS: brew install redis
        - OCS_TEST_REDIS=auto, where the embedded one will do]
    `);
  });

  it('refuses a kind that it does not know', async () => {
    await expect(startRedis({ env: { OCS_TEST_REDIS: 'docker' } })).rejects.toThrow(
      'OCS_TEST_REDIS is "docker"; it takes server, embedded or auto.',
    );
  });

  it('does not silently take another Redis when REDIS_URL is unreachable', async () => {
    await expect(startRedis({ env: { REDIS_URL: 'redis://127.0.0.1:1' } })).rejects.toThrow(
      'REDIS_URL is set, but that Redis cannot be used: connect ECONNREFUSED 127.0.0.1:1.',
    );
  });

  it('refuses a Redis that is too old', async () => {
    const old = createServer((socket) => {
      const info = 'redis_version:5.0.14\r\n';
      // Enough of the protocol to be asked for INFO: an error for HELLO, so that the client falls back, and OK for the rest.
      socket.on('data', (chunk) => {
        for (const [command] of chunk.toString().matchAll(/\b(HELLO|CLIENT|INFO)\b/gi)) {
          if (/hello/i.test(command)) socket.write('-ERR unknown command `HELLO`, with args beginning with: `3`\r\n');
          else socket.write(/info/i.test(command) ? `$${info.length}\r\n${info}\r\n` : '+OK\r\n');
        }
      });
    }).listen(0, '127.0.0.1');
    await once(old, 'listening');
    endings.push(() => old.close());
    const address = old.address();
    const port = typeof address === 'object' ? address?.port : undefined;

    await expect(startRedis({ env: { REDIS_URL: `redis://127.0.0.1:${port}` } })).rejects.toThrow(
      'Redis 5.0.14 is too old, 6.2 or newer is needed',
    );
  });
});
