import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface HouseProcess {
  /** SIGKILL: no goodbye to anybody. Resolves when the process is gone. */
  kill(): Promise<void>;
}

const program = fileURLToPath(new URL('../fault/fixtures/house-process.ts', import.meta.url));

/** Starts a bot, a worker or both in a process of its own; resolves when it is running. */
export async function spawnHouse(
  parts: readonly ('bot' | 'worker')[],
  env: Readonly<Record<string, string>>,
): Promise<HouseProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...parts], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  await Promise.race([
    once(child.stdout, 'data'),
    gone.then(() => {
      throw new Error(`the process ended at once (${child.exitCode})`);
    }),
  ]);
  return {
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
