import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { inject } from 'vitest';

export interface Running {
  readonly child: ChildProcess;
  /** All that it has printed so far. */
  printed(): string;
  /** Resolves to the code, or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Resolves when it has printed this; rejects with all that it printed when it ends before. */
  prints(words: RegExp): Promise<void>;
}

/** Starts the sandbox as `npm run sandbox -- ...` does, in a process of its own, on the Redis of the tests. */
export function runMain(args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const child = spawn(process.execPath, ['--import', 'tsx', 'sandbox/main.ts', ...args], {
    env: { ...process.env, REDIS_URL: inject('redisUrl'), OCS_TEST_REDIS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = once(child, 'close').then(([code, signal]: unknown[]) => (code ?? signal) as number | string);

  function prints(words: RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => void (words.test(text) && resolve());
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      void ended.then(() => reject(new Error(`it ended without printing ${String(words)}:\n${text}`)));
      look();
    });
  }
  return { child, printed: () => text, ended, prints };
}
