import type { IncomingMessage, ServerResponse } from 'node:http';
import { asText, type JsonObject } from './json.ts';
import { appMethods } from './methods-app.ts';
import { chatMethods } from './methods-chat.ts';
import { fileMethods } from './methods-files.ts';
import { missingScope, peopleMethods } from './methods-people.ts';
import { viewMethods } from './methods-views.ts';
import { createArgs, Refusal, type Method, type Platform } from './method.ts';
import { readArguments, readBody } from './read-body.ts';
import type { RateLimits } from './rate-limits.ts';
import type { MethodFault } from './faults.ts';

/** One call as the log keeps it: never with a token. */
export interface Call {
  method: string;
  args: JsonObject;
  at: number;
  ok: boolean;
  error: string | undefined;
}

export interface Tokens {
  bot: string;
  app: string;
}

interface Answer {
  status: number;
  body: JsonObject | undefined;
  headers: Record<string, string>;
}

const methods = new Map(
  [...appMethods, ...chatMethods, ...viewMethods, ...peopleMethods, ...fileMethods].map((one) => [one.name, one]),
);

export function createWebApi(platform: Platform, tokens: Tokens, rateLimits: RateLimits | undefined) {
  const calls: Call[] = [];
  const { workspace, faults } = platform;

  function run(name: string, raw: JsonObject | undefined, token: string): Answer {
    try {
      if (raw === undefined) throw new Refusal('invalid_post_type');
      const method = methods.get(name);
      if (method === undefined) throw new Refusal('unknown_method', { req_method: name });
      guardToken(method, token);
      const wait = rateLimits?.secondsToWait(method, asText(raw['channel'])) ?? 0;
      if (wait > 0) return rateLimited(wait);
      for (const scope of method.scopes) {
        if (!workspace.app.scopes.includes(scope)) throw missingScope(platform, scope);
      }
      return answer({ ok: true, ...method.run(platform, createArgs(raw)) });
    } catch (error) {
      if (error instanceof Refusal) return answer({ ok: false, error: error.error, ...error.extra });
      throw error;
    }
  }

  function guardToken(method: Method, token: string): void {
    if (token === '') throw new Refusal('not_authed');
    if (token !== tokens.bot && token !== tokens.app) throw new Refusal('invalid_auth');
    if (token !== tokens[method.token]) throw new Refusal('not_allowed_token_type');
  }

  function answer(body: JsonObject): Answer {
    return { status: 200, body, headers: { 'x-oauth-scopes': workspace.app.scopes.join(',') } };
  }

  async function respond(name: string, raw: JsonObject | undefined, token: string): Promise<Answer> {
    const fault = faults.take(name);
    if (fault?.latencyMs !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.latencyMs));
    if (faults.isDown()) return { status: 503, body: undefined, headers: {} };
    if (fault?.afterwards === true) run(name, raw, token);
    return (fault && injected(fault)) ?? run(name, raw, token);
  }

  return {
    calls,
    /** Answers `POST /api/<method>`. */
    async handle(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
      const raw = readArguments(request, await readBody(request));
      const bearer = (request.headers.authorization ?? '').replace(/^Bearer /i, '');
      const { token: inBody, ...args } = raw ?? {};
      const at = workspace.now();
      const { status, body, headers } = await respond(name, raw && args, bearer || asText(inBody));
      const error = body?.['ok'] === true ? undefined : asText(body?.['error']) || `http_${status}`;
      calls.push({ method: name, args, at, ok: error === undefined, error });
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
      response.end(body === undefined ? '' : JSON.stringify(body));
      workspace.changes.tell('call', name);
    },
  };
}

function rateLimited(seconds: number): Answer {
  return { status: 429, body: { ok: false, error: 'ratelimited' }, headers: { 'retry-after': String(seconds) } };
}

/** `undefined` when the fault is only a delay. */
function injected(fault: MethodFault): Answer | undefined {
  if (fault.error === 'ratelimited' || fault.status === 429) return rateLimited(fault.retryAfterSeconds ?? 1);
  if (fault.status !== undefined) return { status: fault.status, body: undefined, headers: {} };
  if (fault.error === undefined) return undefined;
  return { status: 200, body: { ok: false, error: fault.error }, headers: {} };
}
