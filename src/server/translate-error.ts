import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { dockerHostOf, type DockerTarget } from '../core/docker-target.ts';
import { PermanentError, TransientError } from '../core/errors.ts';
import { CertificateError, type Call, type Question } from './call.ts';

/** Where we look and for what, for the sentences below. */
export interface Place {
  readonly target: DockerTarget;
  /** CLOUDFLARED_CONTAINER. */
  readonly container: string;
  /** What a person types on the server instead. */
  readonly byHand: string;
}

/** Why nobody answered, by the system's word for it. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such socket',
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'no machine has that name',
  EHOSTUNREACH: 'no network leads there',
  ENETUNREACH: 'no network leads there',
};
const PASSING = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'ECONNABORTED']);

/** What a call without an answer means for us, by class and code alone. The cause is not passed on: it may hold paths. */
export async function translateConnectionError(
  error: unknown,
  call: Call,
  place: Place,
): Promise<TransientError | PermanentError> {
  if (error instanceof CertificateError) return certificateMissing(error, place);
  if (error instanceof Error && error.name === 'TimeoutError') return timedOut(call);
  const code = codeOf(error);
  if (['EACCES', 'EPERM'].includes(code) && place.target.kind === 'socket') return socketClosed(place.target.path);
  if (PASSING.has(code)) {
    const where = dockerHostOf(place.target);
    return unavailable(
      `The connection to the Docker at ${where} failed (${routeOf(call)}, ${code}).${hintAtTls(place.target)}`,
    );
  }
  if (code.startsWith('HPE_')) return isNoEngine(place);
  return unreachable(place, REASONS[code] ?? reasonOf(code, place.target));
}

/** What an answer other than yes means for us. */
export function translateStatus(status: number, question: Question, place: Place): TransientError | PermanentError {
  const trace = `${routeOf(question)}, HTTP ${status}`;
  // 405 is what a socket proxy says that lets no call of this method through.
  if ([401, 403, 405].includes(status)) return refused(trace, place);
  if (status >= 500 || status === 409 || status === 429) {
    return unavailable(`Docker could not ${question.does} just now (${trace}).`);
  }
  return isNoEngine(place, trace);
}

/** Something answers, and not as a Docker Engine does. */
export function isNoEngine(place: Place, trace?: string): PermanentError {
  const { target } = place;
  const tls =
    target.kind === 'tcp' && target.tls === undefined ? ', or one that expects TLS (DOCKER_TLS_VERIFY=1)' : '';
  const detail = trace === undefined ? '' : ` (${trace})`;
  return unreachable(place, `what answers there is no Docker Engine${tls}${detail}`);
}

function unreachable({ target, byHand }: Place, reason: string): PermanentError {
  return new PermanentError(
    `No Docker can be reached at ${dockerHostOf(target)}: ${reason}. The bot and cloudflared may run on different machines; DOCKER_HOST must lead to the one of cloudflared. To restart it by hand, type there: ${byHand}`,
    { code: 'docker-unreachable' },
  );
}

function reasonOf(code: string, target: DockerTarget): string {
  const detail = code === '' ? '' : ` (${code})`;
  if (target.kind === 'tcp' && target.tls !== undefined) {
    return `no encrypted connection comes about${detail}; compare the files in ${target.tls.certPath} with those of the Engine`;
  }
  return `no connection comes about${detail}`;
}

/** Some say no to a certificate by hanging up. */
function hintAtTls(target: DockerTarget): string {
  if (target.kind === 'socket' || target.tls === undefined) return '';
  return ` If that happens each time, it may not accept ${join(target.tls.certPath, 'cert.pem')}.`;
}

function certificateMissing({ path, cause }: CertificateError, place: Place): PermanentError {
  const why = codeOf(cause) === 'ENOENT' ? 'is missing' : `can't be read (${codeOf(cause)})`;
  return unreachable(place, `${path} ${why}, and DOCKER_CERT_PATH needs ca.pem, cert.pem and key.pem`);
}

function timedOut(call: Call): TransientError {
  const unknown = call.method === 'POST' ? ' Whether it was done is not known.' : '';
  return unavailable(`Docker did not answer within ${call.limitMs / 1000} seconds (${routeOf(call)}).${unknown}`);
}

function unavailable(message: string): TransientError {
  return new TransientError(message, { code: 'docker-unavailable' });
}

function refused(trace: string, { target, container }: Place): PermanentError {
  return new PermanentError(
    `The bot is not permitted to ask this of the Docker at ${dockerHostOf(target)} (${trace}). If a socket proxy stands in between, let it pass what the container in CLOUDFLARED_CONTAINER (“${container}”) needs: inspect, logs and restart.`,
    { code: 'docker-not-permitted' },
  );
}

async function socketClosed(path: string): Promise<PermanentError> {
  const group = await groupOf(path);
  const whose = group === undefined ? 'Its group is mostly docker' : `It belongs to the group ${group}`;
  return new PermanentError(
    `The bot may not open ${path}. ${whose}: run the bot with that group (group_add in compose), or better, put the socket proxy of compose.yml in between.`,
    { code: 'docker-not-permitted' },
  );
}

/** `docker (999)`, or `999` where it has no name here; undefined if that can't be told. */
async function groupOf(path: string): Promise<string | undefined> {
  try {
    const { gid } = await stat(path);
    const groups = (await readFile('/etc/group', 'utf8').catch(() => '')).split('\n');
    const name = groups.map((line) => line.split(':')).find(([, , id]) => id === String(gid))?.[0];
    return name === undefined ? String(gid) : `${name} (${gid})`;
  } catch {
    return undefined;
  }
}

/** Without the query, which says nothing to a person. */
function routeOf({ method, path }: Question): string {
  return `${method} ${path}`;
}

/** The system's word, such as `ECONNREFUSED`; empty if it has none. */
function codeOf(error: unknown): string {
  const isNamed = error instanceof Error && 'code' in error && typeof error.code === 'string';
  return isNamed && /^[A-Z][A-Z0-9_]+$/.test(String(error.code)) ? String(error.code) : '';
}
