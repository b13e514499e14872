import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, expect, inject, it } from 'vitest';
import { Redis } from 'ioredis';
import { runMain, type Running } from './run-main.ts';

const started: Running[] = [];
afterEach(async () => {
  for (const one of started.splice(0)) {
    one.child.kill('SIGKILL');
    await one.ended;
  }
});

function run(...args: string[]): Running {
  const running = runMain(args);
  started.push(running);
  return running;
}

it('prints where the page is, who there is and what to try, and ends all of it on Ctrl-C', async () => {
  const sandbox = run('--port', '0');
  await sandbox.prints(/Ctrl-C ends/);
  const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(sandbox.printed()) ?? [];
  const page = await (await fetch(url)).text();
  expect(page).toContain('<title>ocs-access sandbox</title>');
  expect(sandbox.printed()).toMatch(/Ben Okafor +@ben +member\n/);
  expect(sandbox.printed()).toMatch(/Gus Moreau +@gus +guest\n/);
  expect(sandbox.printed()).toMatch(/Redis: (Redis|Valkey) \d/);

  sandbox.child.kill('SIGINT');
  sandbox.child.kill('SIGINT');

  expect(await sandbox.ended).toBe(0);
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

it('leaves nothing behind in a Redis that is not its own', async () => {
  // A database where no other test is.
  const url = new URL('/9', inject('redisUrl')).href;
  const redis = new Redis(url);
  await redis.set('somebody-else', 'is here');
  const sandbox = runMain(['--port', '0'], { REDIS_URL: url });
  started.push(sandbox);
  await sandbox.prints(/Ctrl-C ends/);
  expect(await redis.dbsize()).toBeGreaterThan(1);

  sandbox.child.kill('SIGTERM');
  await sandbox.ended;

  expect(await redis.keys('*')).toEqual(['somebody-else']);
  await redis.flushdb();
  redis.disconnect();
});

it('says in a sentence that the port is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;

  const sandbox = run('--port', String(port));

  expect(await sandbox.ended).toBe(1);
  expect(sandbox.printed()).toContain(`Port ${port} is taken`);
  expect(sandbox.printed()).not.toMatch(/\n\s+at /);
  other.close();
});

it('can be stopped while it starts', async () => {
  const sandbox = run('--port', '0');
  await sandbox.prints(/Starting the sandbox/);

  sandbox.child.kill('SIGINT');

  expect(await sandbox.ended).toBe(0);
});

it('answers an unknown word with the valid forms', async () => {
  const sandbox = run('--prot');

  expect(await sandbox.ended).toBe(1);
  expect(sandbox.printed()).toMatch(/^There is no --prot\.\n\nHow to start the sandbox:/);
});
