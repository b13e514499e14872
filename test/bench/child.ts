import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Child {
  /** Resolves with the time, by `performance.now()`, at which this came on standard output; throws if the process ends. */
  says(words: RegExp): Promise<number>;
  /** Throws if the process ends before the promise settles. */
  outlasts<T>(waiting: Promise<T>): Promise<T>;
  /** Ends the process at once. */
  stop(): Promise<void>;
}

/** A Node process that knows nothing of this one's environment but the path, and keeps its files to itself. */
export async function startNode(
  args: readonly string[],
  { env = {}, cwd }: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Promise<Child> {
  const own = await mkdtemp(join(tmpdir(), 'ocs-access-bench-'));
  const path = process.env['PATH'] ?? '';
  const child = spawn(process.execPath, args, {
    // Elsewhere, so that a .env file of the developer is not read.
    cwd: cwd ?? own,
    env: { PATH: path, TMPDIR: own, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = endOf(child);
  return {
    says: (words) => ended.outlasts(heard(child, words)),
    outlasts: ended.outlasts,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        kill();
        await once(child, 'exit');
      }
      process.off('exit', kill);
      await rm(own, { recursive: true, force: true });
    },
  };
}

function heard(child: ChildProcess, words: RegExp): Promise<number> {
  return new Promise((resolve) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (words.test(text)) resolve(performance.now());
    });
  });
}

function endOf(child: ChildProcess) {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-2000);
    });
  }
  const failed = new Promise<never>((_resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) =>
      reject(new Error(`a process ended too early (${code ?? signal}):\n${output}`)),
    );
  });
  // Stopped on purpose, it ends while nobody waits for it.
  failed.catch(() => undefined);
  return { outlasts: <T>(waiting: Promise<T>): Promise<T> => Promise.race([waiting, failed]) };
}
