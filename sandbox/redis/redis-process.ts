import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

export interface RedisProcess {
  url: string;
  kill: () => Promise<void>;
  restart: () => Promise<void>;
  stop: () => Promise<void>;
}

export interface Launch {
  command: string;
  args(port: number): string[];
  /** Matches the output when clients can connect. */
  ready: RegExp;
  /** Called with each new process, and with `undefined` when there is none any more. */
  onProcess?(pid: number | undefined): void;
  cleanUp?(): Promise<void>;
}

const READY_WITHIN_MS = 15_000;
const ATTEMPTS = 3;

/**
 * Runs one Redis as a child process on a free loopback port.
 *
 * @throws Error with the last lines of its output when it does not come up.
 */
export async function startRedisProcess(launch: Launch): Promise<RedisProcess> {
  let { port, child } = await firstStart(launch);

  async function end(signal: NodeJS.Signals) {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    }
    launch.onProcess?.(undefined);
  }

  let stopped: Promise<void> | undefined;
  return {
    url: `redis://127.0.0.1:${port}`,
    kill: () => end('SIGKILL'),
    async restart() {
      await end('SIGKILL');
      child = await spawnReady(launch, port);
    },
    stop() {
      stopped ??= end('SIGTERM').then(() => launch.cleanUp?.());
      return stopped;
    },
  };
}

/** Between asking for a free port and using it somebody else can take it: then another port is tried. */
async function firstStart(launch: Launch): Promise<{ port: number; child: ChildProcess }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return { port, child: await spawnReady(launch, port) };
    } catch (error) {
      const taken = error instanceof Error && /address already in use|EADDRINUSE/i.test(error.message);
      if (taken && attempt < ATTEMPTS) continue;
      await launch.cleanUp?.();
      throw error;
    }
  }
}

async function spawnReady(launch: Launch, port: number): Promise<ChildProcess> {
  // Its own process group: Ctrl-C in a terminal reaches us, and we stop it after everything that uses it.
  const child = spawn(launch.command, launch.args(port), { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  launch.onProcess?.(child.pid);
  try {
    await outputMatches(child, launch.ready);
    return child;
  } catch (error) {
    child.kill('SIGKILL');
    launch.onProcess?.(undefined);
    throw error;
  }
}

function outputMatches(child: ChildProcess, ready: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const settle = (act: () => void) => {
      clearTimeout(timer);
      // The pipes stay open and are read on: a full pipe would stop the server.
      child.stdout?.off('data', read).resume();
      child.stderr?.off('data', read).resume();
      act();
    };
    const fail = (why: string) =>
      settle(() => reject(new Error([why, ...output.trim().split('\n').slice(-3)].join(' | '))));
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (ready.test(output)) settle(resolve);
    };
    const timer = setTimeout(() => fail(`not ready within ${READY_WITHIN_MS / 1000} s`), READY_WITHIN_MS);

    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', (error) => fail(error.message));
    // `close` and not `exit`: by then the last words have been read.
    child.once('close', (code, signal) => fail(`ended at once (${signal ?? `code ${code}`})`));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free TCP port on 127.0.0.1');
  return address.port;
}
