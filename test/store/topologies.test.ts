import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { findRedisServer } from '../../sandbox/redis/server.ts';
import type { Post } from '../../src/core/post.ts';
import { parseRedisTarget } from '../../src/core/redis-target.ts';
import { createOutbox } from '../../src/jobs/outbox.ts';
import { createQueues } from '../../src/jobs/queues.ts';
import { createRelay, withRelay } from '../../src/jobs/relay.ts';
import { checkRedis } from '../../src/store/check-redis.ts';
import { connectForAnswers, connectForWork } from '../../src/store/connect.ts';
import { createLocks } from '../../src/store/locks.ts';
import { createStore } from '../../src/store/store.ts';
import { aLog } from '../jobs/builders.ts';
import { anEntry, aRequest } from './builders.ts';

const PASSWORD = 'p@ss:word/1';

describe.skipIf(inject('redisKind') !== 'server')('other kinds of Redis (they need a real server)', () => {
  const processes: ChildProcess[] = [];
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ocs-access-topologies-'));
  });
  afterEach(async () => {
    await Promise.all(
      processes.splice(0).map(async (process) => {
        const exited = once(process, 'exit');
        process.kill('SIGKILL');
        await exited;
      }),
    );
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function launch(...args: string[]): Promise<void> {
    const cwd = await mkdtemp(join(folder, 'server-'));
    const process = spawn(findRedisServer() ?? '', args, { stdio: 'ignore', cwd });
    await once(process, 'spawn');
    processes.push(process);
  }

  it('works on a Cluster', async () => {
    const port = await freePort();
    const config = ['--port', `${port}`, '--requirepass', PASSWORD, '--appendonly', 'yes', '--bind', '127.0.0.1'];
    await launch(
      ...config,
      '--cluster-enabled',
      'yes',
      '--cluster-announce-ip',
      '127.0.0.1',
      '--cluster-port',
      `${await freePort()}`,
    );
    const node = new Redis(port, { password: PASSWORD, maxRetriesPerRequest: null });
    node.on('error', () => {});
    await node.call('CLUSTER', 'ADDSLOTS', ...Array.from({ length: 16_384 }, (_, slot) => slot));
    await vi.waitUntil(async () => (await node.cluster('INFO')).includes('cluster_state:ok'), { timeout: 10_000 });
    node.disconnect();

    await carriesARequest(`redis+cluster://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`);
  });

  it('works through a Sentinel', async () => {
    const [port, sentinelPort] = [await freePort(), await freePort()];
    await launch('--port', `${port}`, '--requirepass', PASSWORD, '--appendonly', 'yes', '--bind', '127.0.0.1');
    const config = [
      `port ${sentinelPort}`,
      'bind 127.0.0.1',
      `sentinel monitor main 127.0.0.1 ${port} 1`,
      `sentinel auth-pass main ${PASSWORD}`,
    ];
    await writeFile(join(folder, 'sentinel.conf'), config.join('\n'));
    await launch(join(folder, 'sentinel.conf'), '--sentinel');

    await carriesARequest(`redis+sentinel://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${sentinelPort}/main`);
  });
});

/** From the check at start to the post that was delivered. */
async function carriesARequest(url: string): Promise<void> {
  const target = parseRedisTarget(url);
  const answers = connectForAnswers(target, { onError: () => {} });
  const work = connectForWork(target, { onError: () => {} });
  expect((await checkRedis(answers, { timeoutMs: 15_000 })).problems).toEqual([]);
  const prefix = '{ocs-access}';
  const log = aLog();
  const queues = createQueues({ connection: answers, prefix, onError: () => {} });
  const bare = createStore({ redis: answers, prefix });
  const relay = createRelay({ store: bare, queues, log });
  const store = withRelay(bare, relay);
  const delivered: Post[] = [];
  const notifier = { deliver: async (post: Post) => void delivered.push(post) };
  const outbox = createOutbox({ notifier, store, connection: work, prefix, log, clock: { now: () => Date.now() } });

  const post = { kind: 'approval-card', requestId: 'REQ-0001' } as const;
  await store.commit({ request: aRequest(), audit: [anEntry()], effects: [{ kind: 'post', post }] });
  await createLocks({ redis: answers, prefix }).hold('list:1', (lock) => lock.confirm());
  await vi.waitUntil(() => delivered.length > 0, { timeout: 10_000 });

  expect(delivered).toEqual([post]);
  expect(await store.unfinished()).toEqual([{ ...aRequest(), version: 1 }]);
  await outbox.close();
  await relay.close();
  await queues.close();
  answers.disconnect();
  work.disconnect();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
