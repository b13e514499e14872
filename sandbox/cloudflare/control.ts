import type { Context } from 'hono';
import { isFromHere } from '../loopback.ts';
import { badRequest, objectBody } from './envelope.ts';
import type { Fault } from './faults.ts';
import { ids } from './seed-ids.ts';
import type { CloudflareSandbox } from './server.ts';
import type { Router } from './routes/world.ts';

type Body = Record<string, unknown>;

function text(body: Body, key: string, fallback?: string): string {
  const value = body[key] ?? fallback;
  if (typeof value !== 'string') throw badRequest(`${key} must be a text`);
  return value;
}

function optionalText(body: Body, key: string): string | undefined {
  return body[key] === undefined ? undefined : text(body, key);
}

/** `/.../` is a regular expression, anything else a text to be contained; `times: "always"` never wears off. */
function parseFault(body: Body): Fault {
  const { path, times, ...rest } = body;
  const pattern = typeof path === 'string' ? /^\/(.+)\/([a-z]*)$/.exec(path) : null;
  const fault = { ...rest } as Fault;
  if (typeof path === 'string') fault.path = pattern === null ? path : new RegExp(pattern[1] ?? '', pattern[2]);
  if (times === 'always') fault.times = Infinity;
  else if (typeof times === 'number') fault.times = times;
  return fault;
}

function parseStatus(value: string): 'inactive' | 'degraded' | 'healthy' | 'down' {
  if (value === 'inactive' || value === 'degraded' || value === 'healthy' || value === 'down') return value;
  throw badRequest('status must be inactive, degraded, healthy or down');
}

/** Dashboard edits and acts of people by name: POST /_sandbox/edit/{name} with an object of their arguments. */
function createEdits({ account }: Omit<CloudflareSandbox, 'url'>): Record<string, (body: Body) => unknown> {
  return {
    addPerson: (body) => account.addPerson(text(body, 'email'), optionalText(body, 'policy')),
    removePerson: (body) => account.removePerson(text(body, 'email'), optionalText(body, 'policy')),
    addListItem: (body) =>
      account.addListItem(text(body, 'list', ids.serialList), text(body, 'value'), text(body, 'description', '')),
    removeListItem: (body) => account.removeListItem(text(body, 'list', ids.serialList), text(body, 'value')),
    editPolicy: (body) => {
      const { policy: _policy, ...patch } = body;
      account.editPolicy(text(body, 'policy', ids.policy), (found) => void Object.assign(found, patch));
    },
    editApp: (body) => {
      const { app: _app, ...patch } = body;
      account.editApp(text(body, 'app', ids.app), (found) => void Object.assign(found, patch));
    },
    editOrganization: (body) => account.editOrganization(body),
    setTunnelStatus: (body) => account.setTunnelStatus(parseStatus(text(body, 'status')), optionalText(body, 'tunnel')),
    tunnelLosesConnectors: (body) => account.tunnelLosesConnectors(text(body, 'tunnel', ids.tunnel)),
    tunnelLosesConnections: (body) => account.tunnelLosesConnections(text(body, 'tunnel', ids.tunnel)),
    tunnelGainsConnector: (body) => account.tunnelGainsConnector(text(body, 'tunnel', ids.tunnel)),
    deleteTunnel: (body) => account.deleteTunnel(optionalText(body, 'tunnel')),
    removePermission: (body) => account.removePermission(text(body, 'name')),
    setPermissions: (body) => account.setPermissions(Array.isArray(body['names']) ? body['names'].map(String) : []),
    unreachable: (body) => account.unreachable(text(body, 'place')),
    reachable: (body) => account.reachable(text(body, 'place')),
    tokenIn: (body) => account.tokenIn(text(body, 'bucket')),
    enrol: (body) => account.enrol(text(body, 'email'), text(body, 'serial')),
    clientWakesUp: (body) => account.clientWakesUp(text(body, 'serial')),
    login: (body) => {
      const place = { ip: text(body, 'ip', '198.51.100.77'), country: text(body, 'country', 'DE') };
      return account.login(text(body, 'email'), optionalText(body, 'serial'), optionalText(body, 'app'), place);
    },
  };
}

async function bodyOrNothing(c: Context): Promise<Body> {
  return (await c.req.text()) === '' ? {} : objectBody(c);
}

/** The handles of the sandbox for people with curl and for the page: everything under `/_sandbox/`. */
export function routeControl(app: Router, cf: Omit<CloudflareSandbox, 'url'>): void {
  const edits = createEdits(cf);

  app.use('/_sandbox/*', async (c, next) => {
    if (!isFromHere(c.req.header('host'), c.req.header('origin'))) return c.text('only from this machine', 403);
    return next();
  });
  app.get('/_sandbox/state', (c) => c.json({ accountId: cf.accountId, ids, ...cf.account.summary() }));
  app.get('/_sandbox/calls', (c) => c.json(cf.calls));
  app.delete('/_sandbox/calls', (c) => {
    cf.clearCalls();
    return c.json({ ok: true });
  });
  app.get('/_sandbox/violations', (c) => c.json(cf.violations));
  app.get('/_sandbox/faults', (c) =>
    c.json(
      cf.faults.list().map(({ path, ...fault }) => (path === undefined ? fault : { ...fault, path: String(path) })),
    ),
  );
  app.post('/_sandbox/faults', async (c) => {
    cf.faults.add(parseFault(await bodyOrNothing(c)));
    return c.json({ ok: true });
  });
  app.delete('/_sandbox/faults', (c) => {
    cf.faults.clear();
    return c.json({ ok: true });
  });
  app.post('/_sandbox/latency', async (c) => {
    const { ms } = await objectBody(c);
    if (typeof ms !== 'number' || ms < 0) throw badRequest('ms must be a number of milliseconds');
    cf.latency(ms);
    return c.json({ ok: true, ms });
  });
  app.get('/_sandbox/quirks', (c) => c.json(cf.quirks));
  app.patch('/_sandbox/quirks', async (c) => {
    const patch = await objectBody(c);
    const unknown = Object.keys(patch).filter((key) => !(key in cf.quirks));
    if (unknown.length > 0) throw badRequest(`no such quirk: ${unknown.join(', ')}`);
    Object.assign(cf.quirks, patch);
    return c.json(cf.quirks);
  });
  app.get('/_sandbox/admission', (c) => {
    const email = c.req.query('email');
    if (email === undefined) throw badRequest('email is required');
    const verdict = cf.account.admission(email, c.req.query('serial'), c.req.query('app'));
    return c.json({ ...verdict, couldEnrol: cf.account.couldEnrol(email), hasSession: cf.account.hasSession(email) });
  });
  app.post('/_sandbox/edit/:name', async (c) => {
    const edit = edits[c.req.param('name')];
    if (edit === undefined) throw badRequest(`no such edit; there are: ${Object.keys(edits).join(', ')}`);
    const result = edit(await bodyOrNothing(c));
    return c.json({ ok: true, result: result ?? null });
  });
  app.post('/_sandbox/reset', async (c) => {
    const seed = await bodyOrNothing(c);
    cf.reset(Object.keys(seed).length > 0 ? seed : undefined);
    return c.json({ ok: true });
  });
}
