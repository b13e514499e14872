import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import { Hono, type Context, type Next } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Sandbox } from '../start-sandbox.ts';
import { letHappen } from './happenings.ts';
import { lookAs } from './look.ts';
import { createWatch } from './watch.ts';

export interface PageOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly sandbox: Pick<Sandbox, 'slack' | 'cloudflare' | 'docker'>;
}

export interface Page {
  /** Without a slash at the end. */
  readonly url: string;
  stop(): Promise<void>;
}

const client = join(import.meta.dirname, 'client');
const types: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' };

const { resolve: resolvePackage } = createRequire(import.meta.url);

/** The parts that come from packages, under the names that the page's import map gives them. */
const vendored = new Map([
  ['preact.js', resolvePackage('preact')],
  ['hooks.js', resolvePackage('preact/hooks')],
  ['htm.js', join(dirname(resolvePackage('htm')), 'htm.mjs')],
]);

/**
 * The page on which people try the bot, on loopback. Requests that name another host or come from another site are
 * refused, so that no web page elsewhere can drive it.
 *
 * @throws Error with `code: 'EADDRINUSE'` when the port is taken.
 */
export async function servePage({ port, sandbox }: PageOptions): Promise<Page> {
  const watch = createWatch(sandbox);
  const page = await readFile(join(client, 'index.html'), 'utf8');
  const policy = contentPolicy(page);
  const app = new Hono();

  // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Hono waits for it; the rule is about Express.
  app.use(guard);
  app.get('/', (c) => c.html(page, 200, { 'content-security-policy': policy, 'cache-control': 'no-store' }));
  app.get('/client/:file{[a-z-]+\\.(js|css|svg)}', (c) => asset(c, join(client, c.req.param('file'))));
  app.get('/vendor/:file', (c) => {
    const file = vendored.get(c.req.param('file'));
    return file === undefined ? c.notFound() : asset(c, file);
  });
  app.get('/look', (c) => answer(c, () => lookAs(sandbox, c.req.query('as') ?? '', c.req.query('at') ?? '')));
  app.post('/act', (c) => forward(c, `${sandbox.slack.controlUrl}act`));
  app.post('/happen/:name', (c) =>
    isJson(c) ? answer(c, () => (letHappen(sandbox, c.req.param('name')), { ok: true })) : notJson(c),
  );
  app.get('/events', (c) =>
    streamSSE(c, async (stream) => {
      const gone = new Promise<void>((resolve) => stream.onAbort(resolve));
      const stopListening = watch.listen(() => void stream.writeSSE({ data: 'changed' }));
      await stream.writeSSE({ data: 'here' });
      await gone;
      stopListening();
    }),
  );

  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the page has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      watch.stop();
      const closed = new Promise((resolve) => server.close(resolve));
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    },
  };
}

/** A name that leads to loopback is not enough: the page of another site can have one. */
async function guard(c: Context, next: Next): Promise<Response | void> {
  const host = c.req.header('host') ?? '';
  const origin = c.req.header('origin');
  const isOurs =
    /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host) && (origin === undefined || origin === `http://${host}`);
  if (!isOurs)
    return c.text('This page is for this computer only. Open it by the address that the sandbox printed.', 403);
  await next();
  c.header('x-content-type-options', 'nosniff');
  c.header('referrer-policy', 'no-referrer');
}

/** Scripts and styles from here alone; the import map is the one inline script, allowed by its hash. */
function contentPolicy(page: string): string {
  const map = /<script type="importmap">([\s\S]*?)<\/script>/.exec(page)?.[1] ?? '';
  const hash = createHash('sha256').update(map).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    "style-src 'self'",
    "img-src 'self' https: data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

async function asset(c: Context, file: string): Promise<Response> {
  const content = await readFile(file).catch(() => undefined);
  if (content === undefined) return c.notFound();
  const type = types[file.split('.').at(-1) ?? ''] ?? 'text/javascript';
  return c.body(new Uint8Array(content), 200, {
    'content-type': `${type}; charset=utf-8`,
    'cache-control': 'no-cache',
  });
}

function answer(c: Context, work: () => object): Response {
  try {
    return c.json(work());
  } catch (error) {
    return c.json({ ok: false, error: error instanceof Error ? error.message : 'failed' }, 400);
  }
}

/** To the control API of the workspace, which judges what is asked. */
async function forward(c: Context, url: string): Promise<Response> {
  if (!isJson(c)) return notJson(c);
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: await c.req.text() });
  return c.body(await response.text(), response.ok ? 200 : 400, headers);
}

/** A form of another page can't send it. */
function isJson(c: Context): boolean {
  return (c.req.header('content-type') ?? '').startsWith('application/json');
}

function notJson(c: Context): Response {
  return c.json({ ok: false, error: 'send JSON' }, 415);
}
