import type { DockerTarget } from '../core/docker-target.ts';
import type { Server } from '../core/server.ts';
import { createEngine } from './engine.ts';
import { findContainers, inspect, isGone, type FoundContainer } from './find-containers.ts';
import { readLogLines } from './log-lines.ts';
import type { Place } from './translate-error.ts';

export interface DockerServerOptions {
  readonly target: DockerTarget;
  /** Name of a container, or of a compose service. */
  readonly container: string;
  /** Milliseconds for one call. Default: 10 s. */
  readonly limitMs?: number;
  /** Seconds that a container has to end by itself. Default: 10, as with `docker restart`. */
  readonly graceSeconds?: number;
}

/** More than 60 lines of the longest kind that Docker keeps in one piece (16 KiB). */
const MOST_LOG_BYTES = 1024 * 1024;

/** The Docker Engine over plain HTTP. It touches no container but those that CLOUDFLARED_CONTAINER means. */
export function createDockerServer(options: DockerServerOptions): Server {
  const { target, container, limitMs = 10_000, graceSeconds = 10 } = options;
  const place: Place = { target, container, byHand: byHand(container) };
  const engine = createEngine(place, limitMs);

  /** As they were found last: whoever names one has just looked. */
  let known: readonly FoundContainer[] = [];

  async function find(): Promise<readonly FoundContainer[]> {
    known = await findContainers(engine, place);
    return known;
  }

  async function pathOf(containerId: string): Promise<string> {
    const one = (await stillThere(containerId)) ?? withId(containerId, await find());
    if (one === undefined) throw isGone(place);
    return `/containers/${encodeURIComponent(one.reference)}`;
  }

  /** Undefined also where another one has its name by now. */
  async function stillThere(containerId: string): Promise<FoundContainer | undefined> {
    const one = withId(containerId, known);
    if (one === undefined) return undefined;
    const now = await inspect(engine, one.reference);
    return now?.container.id === containerId ? now : undefined;
  }

  return {
    byHand: place.byHand,
    containers: async () => (await find()).map((one) => one.container),
    logs: async (containerId, lines) => {
      const path = `${await pathOf(containerId)}/logs`;
      const query = `?stdout=1&stderr=1&tail=${lines}`;
      const does = 'show the log of the container';
      const body = await engine.ask({ method: 'GET', path, query, does }, { mostBytes: MOST_LOG_BYTES });
      if (body === undefined) throw isGone(place);
      return readLogLines(body, lines);
    },
    restart: async (containerId) => {
      const path = `${await pathOf(containerId)}/restart`;
      const does = 'restart the container';
      const query = `?t=${graceSeconds}`;
      const done = await engine.ask({ method: 'POST', path, query, does }, { moreMs: graceSeconds * 1000 });
      if (done === undefined) throw isGone(place);
    },
  };
}

function withId(id: string, found: readonly FoundContainer[]): FoundContainer | undefined {
  return found.find(({ container }) => container.id === id);
}

/** Compose numbers the containers of its services, and does not know them by that name. */
function byHand(container: string): string {
  return /[-_]\d+$/.test(container)
    ? `docker restart ${container}`
    : `docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart ${container}`;
}
