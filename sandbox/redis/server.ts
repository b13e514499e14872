import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RedisProcess, startRedisProcess } from './redis-process.ts';

const BINARIES = ['redis-server', 'valkey-server'];

/** Full path of the first Redis or Valkey server on PATH; `undefined` when there is none. */
export function findRedisServer(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const paths = BINARIES.flatMap((binary) => folders.map((folder) => join(folder, binary)));
  return paths.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts a real server with the settings that production needs too: append-only file, nothing evicted.
 *
 * @throws Error when it does not come up.
 */
export async function launchServer(binary: string): Promise<RedisProcess> {
  const directory = await mkdtemp(join(tmpdir(), 'ocs-access-redis-'));
  const guard = guardAgainstOrphans(directory);
  return startRedisProcess({
    command: binary,
    args: (port) =>
      Object.entries({
        port: String(port),
        bind: '127.0.0.1',
        dir: directory,
        daemonize: 'no',
        appendonly: 'yes',
        appendfsync: 'everysec',
        save: '',
        'maxmemory-policy': 'noeviction',
      }).flatMap(([name, value]) => [`--${name}`, value]),
    ready: /Ready to accept connections/,
    onProcess: guard.watch,
    async cleanUp() {
      guard.dismiss();
      await rm(directory, { recursive: true, force: true });
    },
  });
}

/** A server does not notice that its parent was killed; this second process does, ends it and removes its files. */
function guardAgainstOrphans(directory: string) {
  const script = fileURLToPath(new URL('end-orphan.mjs', import.meta.url));
  const guard = spawn(process.execPath, [script, directory], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  // A guard that is gone costs the clean-up after a crash, not the run.
  guard.on('error', () => {});
  guard.stdin.on('error', () => {});
  return {
    watch: (pid: number | undefined) => void guard.stdin.write(`${pid ?? 'none'}\n`),
    dismiss: () => void guard.kill('SIGKILL'),
  };
}
