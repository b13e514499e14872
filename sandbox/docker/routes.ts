import { inspect, summarise, type PretendedContainer } from './container.ts';
import { EngineError } from './engine-error.ts';
import { readFilters, type Filters } from './filters.ts';
import type { Fleet } from './fleet.ts';

export interface EngineAnswer {
  readonly status: number;
  readonly type?: string;
  readonly body?: string | Buffer;
}

/** Of version 1 of the API. */
const LEAST_MINOR = 44;
const MOST_MINOR = 52;

/**
 * What the Engine answers, which is as little as it can be: all else is not there.
 *
 * @param path With a version in front or without.
 * @throws EngineError
 */
export function answerOf(fleet: Fleet, method: string, path: string, query: URLSearchParams): EngineAnswer {
  const [, what = '', name = ''] = /^\/containers\/(?:([^/]+)\/)?([a-z]+)$/.exec(path) ?? [];
  const route = `${method === 'HEAD' ? 'GET' : method} ${what === '' ? path : `/containers/…/${name}`}`;
  switch (route) {
    case 'GET /_ping':
      return { status: 200, type: 'text/plain; charset=utf-8', body: 'OK' };
    case 'GET /version':
      return json({ Version: '29.1.3', ApiVersion: `1.${MOST_MINOR}`, MinAPIVersion: `1.${LEAST_MINOR}` });
    case 'GET /containers/json':
      return json(list(fleet, query));
    case 'GET /containers/…/json':
      return json(inspect(find(fleet, what)));
    case 'GET /containers/…/logs':
      return logs(find(fleet, what), query);
    case 'POST /containers/…/restart':
      return restart(fleet, find(fleet, what), query);
    default:
      throw new EngineError(404, 'page not found');
  }
}

/**
 * The path without its version.
 *
 * @throws EngineError 400 for a version that the Engine does not speak.
 */
export function withoutVersion(path: string): string {
  const [, minor, rest = ''] = /^\/v1\.(\d+)(\/.*)$/.exec(path) ?? [];
  if (minor === undefined) return path;
  if (Number(minor) < LEAST_MINOR) {
    const advice = 'please upgrade your client to a newer version';
    throw new EngineError(
      400,
      `client version 1.${minor} is too old. Minimum supported API version is 1.${LEAST_MINOR}, ${advice}`,
    );
  }
  if (Number(minor) > MOST_MINOR) {
    throw new EngineError(
      400,
      `client version 1.${minor} is too new. Maximum supported API version is 1.${MOST_MINOR}`,
    );
  }
  return rest;
}

const json = (body: unknown): EngineAnswer => ({ status: 200, type: 'application/json', body: JSON.stringify(body) });

/** By whole id, by name, or by the start of an id that no other has. */
function find({ containers }: Fleet, reference: string): PretendedContainer {
  const wanted = decodeURIComponent(reference);
  const exact = containers.find(({ id, name }) => id === wanted || name === wanted);
  if (exact !== undefined) return exact;
  const [one, other] = containers.filter(({ id }) => id.startsWith(wanted));
  if (one === undefined) throw new EngineError(404, `No such container: ${wanted}`);
  if (other !== undefined) throw new EngineError(400, `multiple IDs found with provided prefix: ${wanted}`);
  return one;
}

function list({ containers }: Fleet, query: URLSearchParams): unknown[] {
  refuseStrange(query, ['all', 'filters']);
  const filters = readFilters(query.get('filters'), ['label', 'name']);
  const shown = containers.filter(({ state }) => isTrue(query.get('all')) || state === 'running');
  return shown.map(summarise).filter((summary) => passes(summary, filters));
}

/** All labels must be there, and one of the names, of which a part will do. */
function passes({ Names, Labels }: ReturnType<typeof summarise>, filters: Filters): boolean {
  const labels = filters.get('label') ?? [];
  const names = filters.get('name') ?? [];
  const hasLabels = labels.every((label) => {
    const [key = '', ...value] = label.split('=');
    return value.length === 0 ? key in Labels : Labels[key] === value.join('=');
  });
  return hasLabels && (names.length === 0 || names.some((name) => Names.some((own) => own.includes(name))));
}

function logs({ log, tty }: PretendedContainer, query: URLSearchParams): EngineAnswer {
  refuseStrange(query, ['stdout', 'stderr', 'tail']);
  if (!isTrue(query.get('stdout')) && !isTrue(query.get('stderr'))) {
    throw new EngineError(400, 'Bad parameters: you must choose at least one stream');
  }
  const tail = query.get('tail') ?? 'all';
  const lines = /^\d+$/.test(tail) ? log.slice(log.length - Math.min(log.length, Number(tail))) : log;
  if (tty) {
    const body = lines.map((line) => `${line}\r\n`).join('');
    return { status: 200, type: 'application/vnd.docker.raw-stream', body };
  }
  // cloudflared writes all of it to where errors go.
  const frames = isTrue(query.get('stderr')) ? lines.map((line) => frame(2, `${line}\n`)) : [];
  return { status: 200, type: 'application/vnd.docker.multiplexed-stream', body: Buffer.concat(frames) };
}

function frame(stream: number, text: string): Buffer {
  const content = Buffer.from(text);
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(content.length, 4);
  return Buffer.concat([header, content]);
}

function restart(fleet: Fleet, container: PretendedContainer, query: URLSearchParams): EngineAnswer {
  refuseStrange(query, ['t', 'signal']);
  const grace = query.get('t') ?? '';
  if (!/^-?\d*$/.test(grace)) throw new EngineError(400, `strconv.Atoi: parsing "${grace}": invalid syntax`);
  fleet.restart(container);
  return { status: 204 };
}

/** The real one takes no notice of what it does not know. Here it is a mistake to be seen. */
function refuseStrange(query: URLSearchParams, known: readonly string[]): void {
  const strange = [...query.keys()].find((key) => !known.includes(key));
  if (strange !== undefined) throw new EngineError(400, `the sandbox does not know the parameter ${strange}`);
}

function isTrue(value: string | null): boolean {
  return value !== null && !['', '0', 'no', 'false', 'none'].includes(value.trim().toLowerCase());
}
