import { fileURLToPath } from 'node:url';
import { type RedisProcess, startRedisProcess } from './redis-process.ts';

/**
 * Starts Valkey compiled to WebAssembly in a Node process of its own: no installation, no files, nothing kept on disk.
 *
 * @throws Error when the package is missing or this platform cannot run it.
 */
export function launchEmbedded(): Promise<RedisProcess> {
  const script = fileURLToPath(new URL('embedded-server.mjs', import.meta.url));
  return startRedisProcess({
    command: process.execPath,
    args: (port) => ['--no-warnings', script, String(port)],
    ready: /^listening$/m,
  });
}
