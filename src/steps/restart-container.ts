import { z } from 'zod';
import { isKnownError, PermanentError, TransientError } from '../core/errors.ts';
import type { Container, Server } from '../core/server.ts';
import { defineStep } from '../core/step.ts';
import { lastWords, nextSteps } from './parts/tunnel-last-words.ts';

const Args = z.object({
  id: z.string(),
  name: z.string(),
  /** As the Engine wrote it when this was planned. Empty: it had never been started. */
  startedAt: z.string(),
});
type Args = z.infer<typeof Args>;

const RUNS_WITHIN_MS = 30_000;
const LOOK_AGAIN_MS = 3_000;

/**
 * Ensures that a container was started anew since this was planned, and runs. Two requests that were planned on the same
 * start restart it once, and so does one whose answer was lost.
 */
export const restartContainer = defineStep({
  id: 'restart-container',
  args: Args,
  says: ({ name }) => `Restart the container ${name}`,
  resource: ({ name }) => `container-${name}`,
  look: async (args, { server, hasBegun }) => {
    const container = await find(args, server);
    const holds = isAnew(args, container) && container.state === 'running';
    return { holds, found: container, notes: holds && !hasBegun ? [startedByOthers(args)] : [] };
  },
  apply: async (args, { server, clock, firstTriedAt, hasBegun }, found) => {
    if (hasBegun && isAnew(args, found)) {
      // Starting it over and over would not keep it alive.
      if (clock.now() - firstTriedAt >= RUNS_WITHIN_MS) throw await notRunning(found, server);
      throw notYetRunning(found);
    }
    await withCommand(server, () => server.restart(found.id));
    const after = await find(args, server);
    if (after.startedAt === found.startedAt) {
      throw new PermanentError(
        `Docker says that it has restarted ${args.name}, but shows that it was started last at ${after.startedAt}, as before. On the server, type: ${server.byHand}`,
        { code: 'not-restarted' },
      );
    }
    if (after.state !== 'running') throw notYetRunning(after);
  },
  byHand: ({ name }) => `on the server, docker restart ${name}`,
});

/** By name: a container that was made anew meanwhile has another id. */
async function find({ name }: Args, server: Server): Promise<Container> {
  const containers = await withCommand(server, () => server.containers());
  const container = containers.find((one) => one.name === name);
  if (container !== undefined) return container;
  throw new PermanentError(
    `There is no container ${name} on the server any more. Start it there again, or ask once more if it has another name now.`,
    { code: 'container-gone' },
  );
}

function isAnew({ startedAt }: Args, container: Container): boolean {
  return container.startedAt !== startedAt;
}

function startedByOthers({ name }: Args): string {
  return `${name} was started anew after this was planned, by another request or on the server, so it was not restarted again.`;
}

function notYetRunning({ name }: Container): TransientError {
  return new TransientError(`${name} was started and does not run yet.`, {
    code: 'not-yet',
    retryAfterMs: LOOK_AGAIN_MS,
  });
}

async function notRunning({ name, state, exitCode }: Container, server: Server): Promise<PermanentError> {
  const ended = exitCode === undefined ? '' : `, its last exit code was ${exitCode}`;
  const says = `${name} was started but does not stay up: Docker says “${state}”${ended}.`;
  return new PermanentError([says, nextSteps(server), await lastWords(server, name)].join('\n'), {
    code: 'container-does-not-run',
  });
}

/** Whatever the bot can't do there, a person can. */
async function withCommand<T>(server: Server, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isKnownError(error) || error.message.includes(server.byHand)) throw error;
    const { message, code } = error;
    // The number of tries is said behind it.
    const says = `${message} By hand, on the server: “${server.byHand}”.`;
    if (error instanceof TransientError) {
      throw new TransientError(says, { code, retryAfterMs: error.retryAfterMs, cause: error });
    }
    throw new PermanentError(says, { code, cause: error });
  }
}
