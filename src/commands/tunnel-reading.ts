import { isKnownError, PermanentError } from '../core/errors.ts';
import type { Container } from '../core/server.ts';
import type { AppTunnels } from '../core/tunnel.ts';
import type { SeenContainer, SeenServer } from '../slack/tunnel-server-lines.ts';
import type { Desk } from './desk.ts';
import { explain } from './explain.ts';

const LOG_LINES = 20;

/** Nobody waits longer for an answer, however slow one of the far ends is. */
const LIMIT_MS = 5_500;

export interface TunnelReading {
  readonly tunnels: AppTunnels | { readonly problem: string };
  readonly server: SeenServer;
  /** False: what keeps the bot from the server does not pass by itself. */
  readonly canRestart: boolean;
}

/** What Cloudflare and the server say, read side by side. Whatever fails or is late is said in its place; never throws. */
export async function readTunnel(desk: Desk, options: { readonly withLogs: boolean }): Promise<TunnelReading> {
  const deadline = createDeadline(LIMIT_MS);
  try {
    const [tunnels, server] = await Promise.all([readTunnels(desk, deadline), readServer(desk, deadline, options)]);
    return { tunnels, ...server };
  } finally {
    deadline.end();
  }
}

async function readTunnels(desk: Desk, deadline: Deadline): Promise<TunnelReading['tunnels']> {
  const read = await deadline.within(
    desk.cloudflare.appTunnels(),
    'Cloudflare does not answer. Try again in a minute.',
  );
  return 'value' in read ? read.value : { problem: problemOf(read.error, desk) };
}

async function readServer(
  desk: Desk,
  deadline: Deadline,
  { withLogs }: { readonly withLogs: boolean },
): Promise<Omit<TunnelReading, 'tunnels'>> {
  const read = await deadline.within(desk.server.containers(), LATE_SERVER);
  if ('error' in read) {
    const problem = problemOf(read.error, desk);
    return {
      server: { problem, byHand: desk.server.byHand },
      canRestart: !(read.error instanceof PermanentError),
    };
  }
  const containers = await Promise.all(read.value.map((one) => withLog(one, desk, withLogs ? deadline : undefined)));
  return { server: { containers }, canRestart: true };
}

const LATE_SERVER = 'The server does not answer. Try again in a minute.';

async function withLog(container: Container, desk: Desk, deadline: Deadline | undefined): Promise<SeenContainer> {
  if (deadline === undefined) return { container, log: undefined };
  const read = await deadline.within(desk.server.logs(container.id, LOG_LINES), LATE_SERVER);
  return { container, log: 'value' in read ? { lines: read.value } : { problem: problemOf(read.error, desk) } };
}

function problemOf(error: unknown, desk: Desk): string {
  if (error instanceof Late || isKnownError(error)) return error.message;
  return explain(error, desk);
}

class Late extends Error {
  override readonly name = 'Late';
}

interface Deadline {
  /** What the work came to; a `Late` with this sentence if it isn't there by then. */
  within<T>(work: Promise<T>, late: string): Promise<{ readonly value: T } | { readonly error: unknown }>;
  end(): void;
}

/** One moment until which everything has to be there. */
function createDeadline(ms: number): Deadline {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return {
    within: (work, late) =>
      Promise.race([
        work.then(
          (value) => ({ value }),
          (error: unknown) => ({ error }),
        ),
        over.then(() => ({ error: new Late(late) })),
      ]),
    end: () => clearTimeout(timer),
  };
}
