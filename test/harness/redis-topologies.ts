import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Redis as larger places run it: three nodes of a cluster, or a master behind a sentinel. All on loopback. */
export interface Topology {
  readonly url: string;
  stop(): Promise<void>;
}

const run = promisify(execFile);

/** Whether this machine has what these take; the embedded Redis has neither. */
export function hasRedisServer(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0 && spawnSync('redis-cli', ['--version']).status === 0;
}

export async function startCluster(): Promise<Topology> {
  const nodes = await Promise.all([0, 1, 2].map(() => startNode(['--cluster-enabled', 'yes'])));
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  await run('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes']);
  await until(async () => {
    const states = await Promise.all(
      nodes.map(({ port }) => run('redis-cli', ['-p', String(port), 'cluster', 'info'])),
    );
    return states.every(({ stdout }) => stdout.includes('cluster_state:ok'));
  });
  return { url: `redis+cluster://${addresses.join(',')}`, stop: () => stopAll(nodes) };
}

export async function startSentinel(): Promise<Topology> {
  const master = await startNode([]);
  const sentinel = await startNode([], [`sentinel monitor mymaster 127.0.0.1 ${master.port} 1`]);
  return { url: `redis+sentinel://127.0.0.1:${sentinel.port}/mymaster`, stop: () => stopAll([sentinel, master]) };
}

interface Node {
  readonly port: number;
  readonly folder: string;
  readonly child: ChildProcess;
}

async function startNode(flags: readonly string[], sentinelLines?: readonly string[]): Promise<Node> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'ocs-access-redis-'));
  const file = join(folder, 'redis.conf');
  const kept = sentinelLines === undefined ? ['appendonly yes', 'maxmemory-policy noeviction'] : sentinelLines;
  await writeFile(file, [`port ${port}`, 'bind 127.0.0.1', `dir ${folder}`, ...kept].join('\n'));
  const child = spawn('redis-server', [file, ...flags, ...(sentinelLines === undefined ? [] : ['--sentinel'])], {
    stdio: 'ignore',
  });
  await until(async () => (await run('redis-cli', ['-p', String(port), 'ping'])).stdout.includes('PONG'));
  return { port, folder, child };
}

async function stopAll(nodes: readonly Node[]): Promise<void> {
  for (const { child, folder } of nodes) {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    await rm(folder, { recursive: true, force: true });
  }
}

/** Asks again until it is so; what throws is not so yet. Gives up after ten seconds. */
async function until(look: () => Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + 10_000;
  while (!(await look().catch(() => false))) {
    if (Date.now() > giveUpAt) throw new Error('a Redis for the test did not come up within 10 s');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function freePort(): Promise<number> {
  // A node of a cluster takes the port 10,000 above as well.
  for (;;) {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    if (port < 55_000) return port;
  }
}
