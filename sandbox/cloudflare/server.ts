import { setTimeout as sleep } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import type { Context, Next } from 'hono';
import { createAccount } from './account.ts';
import type { Account } from './account.ts';
import { createBudget, TooManyRequests } from './budget.ts';
import { loadContract } from './contract.ts';
import { routeControl } from './control.ts';
import { ApiError, codes, errorBody } from './envelope.ts';
import { createFaults, hitsTarget, suffer } from './faults.ts';
import type { Faults, Outcome } from './faults.ts';
import { checkPermission, checkToken } from './permissions.ts';
import { defaultQuirks } from './quirks.ts';
import type { Quirks } from './quirks.ts';
import { routeAccessApps } from './routes/access-apps.ts';
import { routeAccessLogs } from './routes/access-logs.ts';
import { routeAccessOrganization } from './routes/access-organization.ts';
import { routeAccessPeople } from './routes/access-people.ts';
import { routeAccessPolicies } from './routes/access-policies.ts';
import { routeAccessSeats } from './routes/access-seats.ts';
import { routeDevices } from './routes/devices.ts';
import { routeGateway } from './routes/gateway.ts';
import { routeGatewayRules } from './routes/gateway-rules.ts';
import { routeGraphql } from './routes/graphql.ts';
import { routeLogpush } from './routes/logpush.ts';
import { routePosture } from './routes/posture.ts';
import { routeTokens } from './routes/tokens.ts';
import { routeTunnelRoutes } from './routes/tunnel-routes.ts';
import { routeTunnels } from './routes/tunnels.ts';
import type { Router, World } from './routes/world.ts';
import { accountId } from './seed-ids.ts';
import type { SeedOptions } from './seed-options.ts';
import { defaultPermissions, fillState } from './seed.ts';
import { emptyState, hexFor } from './state.ts';
import type { State } from './state.ts';

/** One request as the bot sent it. The token is not kept. */
interface Call {
  method: string;
  /** Behind the version: `/accounts/...`. */
  path: string;
  query: Record<string, string | string[]>;
  /** 0 while it is being answered, and for good if the connection was cut. */
  status: number;
  /** Milliseconds since 1970, by the clock of the sandbox. */
  at: number;
  /** Milliseconds until it was answered. */
  ms: number;
  body: unknown;
}

export interface CloudflareOptions {
  /** 0 or missing: a free one. */
  port?: number;
  seed?: SeedOptions;
  /** Milliseconds since 1970; the posture delay and the request budget go by it. */
  now?: () => number;
  quirks?: Partial<Quirks>;
  /** Path of the OpenAPI description to check every exchange against; the variable OPENAPI if missing. */
  openapi?: string;
}

type Hook = (call: Call) => void | Promise<void>;

export interface CloudflareSandbox {
  /** What goes into CLOUDFLARE_BASE_URL. */
  url: string;
  accountId: string;
  token: string;
  account: Account;
  faults: Faults;
  quirks: Quirks;
  /** In order of arrival. */
  calls: Call[];
  clearCalls(): void;
  /** Breaches of the published contract, one line each; stays empty when no description is given. */
  violations: string[];
  /** Every answer from now on takes this many milliseconds longer. */
  latency(ms: number): void;
  /**
   * Runs something between an answer being worked out and the bot seeing it: the place for a dashboard edit between a
   * read and a write. Once, unless `times` says otherwise. Gives back how to take it away.
   */
  after(method: string, path: RegExp | string, run: Hook, options?: { times?: number }): () => void;
  /** Back to the seed: account, faults, hooks, latency, quirks, calls, violations. */
  reset(seed?: SeedOptions): void;
  stop(): Promise<void>;
}

const prefix = '/client/v4';
const secret = 'sandbox0token0of0lantern0health000000000';

/** Starts a Cloudflare for tests and for trying the bot: the Zero Trust part of the API, on loopback, with a memory. */
export async function startCloudflare(options: CloudflareOptions = {}): Promise<CloudflareSandbox> {
  const now = options.now ?? Date.now;
  const quirks = defaultQuirks();
  const state = createState();
  const faults = createFaults();
  const budget = createBudget(quirks, now);
  const account = createAccount(state, quirks, now);
  const openapi = options.openapi ?? process.env['OPENAPI'];
  const contract = openapi === undefined || openapi === '' ? undefined : loadContract(openapi);
  const calls: Call[] = [];
  const violations: string[] = [];
  let hooks: { method: string; path: RegExp | string; run: Hook; left: number }[] = [];
  let latencyMs = 0;
  let answered = 0;

  function clear(seed: SeedOptions = options.seed ?? {}): void {
    Object.assign(state, createState());
    state.token.kind = seed.tokenKind ?? 'account';
    state.token.permissions = new Set(seed.permissions ?? defaultPermissions);
    fillState(state, seed, now());
    Object.assign(quirks, defaultQuirks(), options.quirks);
    faults.clear();
    budget.reset();
    hooks = [];
    latencyMs = 0;
    calls.length = 0;
    violations.length = 0;
  }

  async function runHooks(call: Call, target: string): Promise<void> {
    for (const hook of hooks.filter(({ method, path }) => hitsTarget({ method, path }, call.method, target))) {
      hook.left -= 1;
      if (hook.left <= 0) hooks = hooks.filter((other) => other !== hook);
      await hook.run(call);
    }
  }

  async function record(c: Context<{ Bindings: HttpBindings }>, next: Next): Promise<Response | void> {
    const started = performance.now();
    const url = new URL(c.req.url);
    const path = url.pathname.slice(prefix.length);
    const text = await c.req.text();
    const call: Call = {
      method: c.req.method,
      path,
      query: queryOf(url),
      status: 0,
      at: now(),
      ms: 0,
      body: parsed(text),
    };
    calls.push(call);
    const outcome: Outcome = { dropped: false, exempt: false };
    const fault = faults.take(call.method, path + url.search);
    if (latencyMs > 0) await sleep(latencyMs);
    await (fault === undefined ? next() : suffer(c, next, fault, outcome));
    const exchange = { method: call.method, path, query: url.searchParams, requestBody: text, status: c.res.status };
    const answer = outcome.dropped || outcome.exempt ? undefined : parsed(await c.res.clone().text());
    violations.push(...(contract?.check({ ...exchange, answer }) ?? []));
    await runHooks(call, path + url.search);
    call.ms = performance.now() - started;
    if (outcome.dropped) {
      c.env.incoming.socket.destroy();
      c.res = undefined;
      return RESPONSE_ALREADY_SENT;
    }
    call.status = c.res.status;
    answered += 1;
    c.header('cf-ray', `${hexFor(`ray ${answered}`).slice(0, 16)}-FRA`);
    for (const [name, value] of Object.entries(budget.headers())) c.header(name, value);
  }

  async function gate(c: Context, next: Next): Promise<void> {
    const path = c.req.path.slice(prefix.length);
    budget.spend(path);
    checkToken(state.token, c.req.header('authorization'), path);
    const [, root, id] = path.split('/');
    if (root === 'accounts' && id !== state.accountId) {
      throw new ApiError(403, codes.wrongAccount, 'Unauthorized to access requested resource');
    }
    checkPermission(state.token, c.req.method, path);
    await next();
  }

  const app: Router = new Hono();
  app.use(`${prefix}/*`, record);
  app.use(`${prefix}/*`, gate);
  app.route(prefix, routeAll({ state, quirks, now }));
  app.notFound((c) => c.json(errorBody(codes.noRoute, 'Could not route to the path'), 404));
  app.onError((error) => {
    if (!(error instanceof ApiError)) {
      violations.push(`the sandbox itself failed: ${error.message}`);
      return Response.json(errorBody(codes.internal, error.message), { status: 500 });
    }
    const answer = Response.json(errorBody(error.code, error.message, error.pointer), { status: error.status });
    if (error instanceof TooManyRequests) answer.headers.set('Retry-After', String(error.retryAfterSeconds));
    return answer;
  });

  const server = createAdaptorServer({ fetch: app.fetch });
  const sandbox: Omit<CloudflareSandbox, 'url'> = {
    accountId,
    token: secret,
    account,
    faults,
    quirks,
    calls,
    violations,
    clearCalls: () => {
      calls.length = 0;
    },
    latency: (ms) => {
      latencyMs = ms;
    },
    after: (method, path, run, { times = 1 } = {}) => {
      const hook = { method, path, run, left: times };
      hooks.push(hook);
      return () => {
        hooks = hooks.filter((other) => other !== hook);
      };
    },
    reset: clear,
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
  routeControl(app, sandbox);
  clear();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the sandbox has no port');
  return { ...sandbox, url: `http://127.0.0.1:${address.port}${prefix}` };
}

function createState(): State {
  const permissions = new Set(defaultPermissions);
  return emptyState(accountId, { id: hexFor('token'), secret, kind: 'account', status: 'active', permissions });
}

function routeAll(world: World): Router {
  const root: Router = new Hono();
  const account: Router = new Hono();
  routeTokens(root, account, world);
  routeGraphql(root, world);
  routeAccessPolicies(account, world);
  routeAccessApps(account, world);
  routeAccessPeople(account, world);
  routeAccessSeats(account, world);
  routeAccessOrganization(account, world);
  routeAccessLogs(account, world);
  routePosture(account, world);
  routeDevices(account, world);
  routeGateway(account, world);
  routeGatewayRules(account, world);
  routeLogpush(account, world);
  routeTunnels(account, world);
  routeTunnelRoutes(account, world);
  root.route('/accounts/:account', account);
  return root;
}

function queryOf(url: URL): Call['query'] {
  const names = [...new Set(url.searchParams.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const values = url.searchParams.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
