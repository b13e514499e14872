import {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
  AuthenticationError,
  ConflictError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from 'cloudflare';
import { z } from 'zod';
import { isKnownError, PermanentError, TransientError } from '../core/errors.ts';
import { permissionFor, type PermissionArea } from './permission-groups.ts';

/** One call in words, for the sentences below. All of it is fixed text: never a name, an address or a value. */
export interface Call {
  /** `GET gateway/lists/:id`. */
  readonly route: `${'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE'} ${string}`;
  /** Infinitive: `read a list`. */
  readonly does: string;
  /** Undefined: the call needs no permission, or says itself what a refusal means. */
  readonly area?: PermissionArea;
  /** What a refusal means, a missing permission included, where that is something else than for all other calls. */
  readonly whenRefused?: (trace: string) => PermanentError;
}

const DEFAULT_PAUSE_MS = 60_000;
/** The longest block that Cloudflare documents is 5 minutes; a longer pause is a broken header, not a wish. */
const LONGEST_PAUSE_MS = 3_600_000;
/** “Please wait and consider throttling your request speed”: the one code with a public meaning that another try can help. */
const THROTTLED = 971;

const Codes = z.array(z.object({ code: z.number() }));

/**
 * What a failed call means for us, by class and status alone. What Cloudflare says in words stays out of it: the body may
 * echo what was sent. For the same reason no cause is attached, but for the code of a failed connection.
 * Anything that did not come from the client is returned as it is: a bug, not an answer.
 */
export function translateError(error: unknown, call: Call, now: number): unknown {
  if (error instanceof APIConnectionTimeoutError || error instanceof APIUserAbortError) return timedOut(call);
  if (error instanceof APIConnectionError) return unreachable(call, error.cause);
  if (!(error instanceof APIError) || error.status === undefined) return error;
  if (error instanceof RateLimitError) return rateLimited(error.headers.get('retry-after'), now);
  if (error.status === 408) return timedOut(call);
  return translateStatus(error, call, traceOf(error.status, error.errors, error.headers));
}

function translateStatus(error: APIError, call: Call, trace: string): TransientError | PermanentError {
  if (error instanceof InternalServerError) return unavailable(call, trace);
  if (error instanceof ConflictError) return conflict(call, trace);
  if (error instanceof AuthenticationError) return tokenRefused(call, trace);
  if (error instanceof PermissionDeniedError) return permissionMissing(call, trace);
  if (error instanceof NotFoundError) return notFound(call, trace);
  return refused(call, trace);
}

/** The answer broke off while it was read. */
export function translateBodyError(error: unknown, call: Call): TransientError {
  const name = error instanceof Error ? error.name : '';
  if (name === 'AbortError' || name === 'TimeoutError') return timedOut(call);
  if (name === 'SyntaxError') return unavailable(call, 'the answer is not JSON; a proxy in between?');
  return unreachable(call, error);
}

/**
 * HTTP 200 with `success: false`, which the client passes on as if all was well. Without a reason nothing is known about
 * what happened, so it is worth another look; with one, it is a refusal.
 */
export function translateFailure(
  errors: unknown,
  response: Pick<Response, 'status' | 'headers'>,
  call: Call,
  now: number,
): TransientError | PermanentError {
  const trace = traceOf(response.status, errors, response.headers);
  const codes = codesIn(errors);
  if (codes.includes(THROTTLED)) return rateLimited(response.headers.get('retry-after'), now);
  return codes.length === 0 ? unavailable(call, trace) : refused(call, trace);
}

/** The answer has a form that we do not know: `where` is the name of a field, never its value. */
export function unexpectedAnswer(call: Call, where: string): PermanentError {
  return new PermanentError(
    `Cloudflare answered in a form that this version of ocs-access does not know when asked to ${call.does} (${call.route}, ${where}). Please report it.`,
    { code: 'cloudflare-unexpected-answer' },
  );
}

function rateLimited(header: string | null, now: number): TransientError {
  const retryAfterMs = pauseIn(header, now);
  return new TransientError(
    `Cloudflare is asked too often and wants a pause of ${Math.ceil(retryAfterMs / 1000)} seconds.`,
    { code: 'cloudflare-rate-limited', retryAfterMs },
  );
}

/** `Retry-After` is a number of seconds or a date. */
function pauseIn(header: string | null, now: number): number {
  if (header === null || header.trim() === '') return DEFAULT_PAUSE_MS;
  const seconds = Number(header);
  const pause = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  if (Number.isNaN(pause)) return DEFAULT_PAUSE_MS;
  return Math.min(Math.max(pause, 0), LONGEST_PAUSE_MS);
}

function timedOut({ does, route }: Call): TransientError {
  return new TransientError(`Cloudflare took too long when asked to ${does} (${route}).`, {
    code: 'cloudflare-timeout',
  });
}

function unreachable({ does, route }: Call, cause: unknown): TransientError {
  const code = connectionCode(cause);
  return new TransientError(
    `Cloudflare could not be reached to ${does} (${route}${code === undefined ? '' : `, ${code}`}).`,
    { code: 'cloudflare-unavailable' },
  );
}

function unavailable({ does, route }: Call, trace: string): TransientError {
  return new TransientError(`Cloudflare could not ${does} just now (${route}, ${trace}).`, {
    code: 'cloudflare-unavailable',
  });
}

/** Somebody else is changing the same thing; after another look the wish may well be fulfilled already. */
function conflict({ does, route }: Call, trace: string): TransientError {
  return new TransientError(`Cloudflare saw a conflict when asked to ${does} (${route}, ${trace}).`, {
    code: 'cloudflare-conflict',
  });
}

function tokenRefused({ route }: Call, trace: string): PermanentError {
  return new PermanentError(
    `Cloudflare does not accept the API token (${route}, ${trace}). It may have expired or been rolled or deleted: look at dash.cloudflare.com → My Profile (or Manage Account) → API Tokens, and put the right one into CLOUDFLARE_API_TOKEN.`,
    { code: 'cloudflare-token-refused' },
  );
}

function permissionMissing({ does, route, area, whenRefused }: Call, trace: string): PermanentError {
  if (whenRefused !== undefined) return whenRefused(trace);
  const permission =
    area === undefined
      ? 'may not do this'
      : `lacks the permission “${permissionFor(area, route.startsWith('GET') ? 'read' : 'write')}”`;
  return new PermanentError(
    `The Cloudflare API token ${permission}, which is needed to ${does} (${route}, ${trace}). Add it at dash.cloudflare.com → My Profile (or Manage Account, if the account owns the token) → API Tokens → Edit. If it is there, CLOUDFLARE_ACCOUNT_ID names an account that the token is not for.`,
    { code: 'cloudflare-permission-missing' },
  );
}

function notFound({ does, route }: Call, trace: string): PermanentError {
  return new PermanentError(
    `Cloudflare found nothing when asked to ${does} (${route}, ${trace}). It was deleted since, or CLOUDFLARE_ACCOUNT_ID names another account.`,
    { code: 'cloudflare-not-found' },
  );
}

/** Whether Cloudflare has no such thing (any more). */
export function isNotFound(error: unknown): boolean {
  return isKnownError(error) && error.code === 'cloudflare-not-found';
}

function refused({ does, route, whenRefused }: Call, trace: string): PermanentError {
  if (whenRefused !== undefined) return whenRefused(trace);
  return new PermanentError(`Cloudflare refused to ${does} (${route}, ${trace}).`, { code: 'cloudflare-refused' });
}

/** `HTTP 400, error 12130, cf-ray 8f…`: what Cloudflare's support asks for, and nothing that a person typed. */
function traceOf(status: number, errors: unknown, headers: Pick<Headers, 'get'> | undefined): string {
  const codes = codesIn(errors);
  const ray = headers?.get('cf-ray') ?? '';
  return [
    `HTTP ${status}`,
    ...(codes.length === 0 ? [] : [`error ${codes.join(', ')}`]),
    ...(/^[\w-]{1,64}$/.test(ray) ? [`cf-ray ${ray}`] : []),
  ].join(', ');
}

function codesIn(errors: unknown): number[] {
  const parsed = Codes.safeParse(errors);
  return parsed.success ? parsed.data.map(({ code }) => code) : [];
}

/** The system's word for a failed connection (`ECONNREFUSED`), from wherever in the chain of causes it is. */
function connectionCode(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 4) return undefined;
  if ('code' in error && typeof error.code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(error.code)) return error.code;
  return 'cause' in error ? connectionCode(error.cause, depth + 1) : undefined;
}
