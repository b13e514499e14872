import { parseDuration } from '../duration.ts';
import { badRequest, isObject, notFound, objectBody, ok, onePage, stamp } from '../envelope.ts';
import { parsePolicyBody, refuseReadOnly } from '../policy-body.ts';
import { rememberLengths } from '../session-lengths.ts';
import { uuidFor } from '../state.ts';
import type { App, Policy, Rule, State } from '../state.ts';
import { showPoliciesOf } from './access-policies.ts';
import type { Router, World } from './world.ts';

const readOnly = ['id', 'uid', 'aud', 'created_at', 'updated_at'];

function showApp(state: State, app: App): Record<string, unknown> {
  const publicOnes = app.body.destinations.filter((destination) => destination['type'] === 'public');
  return {
    id: app.id,
    uid: app.id,
    aud: app.aud,
    type: app.type,
    ...app.body,
    self_hosted_domains: publicOnes.map((destination) => destination['uri']),
    policies: showPoliciesOf(state, app),
    created_at: stamp(app.createdAt),
    updated_at: stamp(app.updatedAt),
  };
}

/** `name` and `domain` narrow by part of the text, or by all of it with `exact=true`; `search` looks into both. */
function wanted(app: App, filters: Record<string, string | undefined>): boolean {
  const { name, domain, search, aud, exact } = filters;
  const fits = (text: string, filter: string | undefined): boolean =>
    filter === undefined || (exact === 'true' ? text === filter : text.toLowerCase().includes(filter.toLowerCase()));
  const found = search?.toLowerCase() ?? '';
  const hit = [app.body.name, app.body.domain].some((text) => text.toLowerCase().includes(found));
  return hit && fits(app.body.name, name) && fits(app.body.domain, domain) && (aud ?? app.aud) === app.aud;
}

function parseDestinations(body: Record<string, unknown>, domain: string): Rule[] {
  const sent = body['destinations'];
  // Without destinations the domain itself becomes a public one: an app that was private no longer is.
  if (sent === undefined || sent === null) return [{ type: 'public', uri: domain }];
  if (!Array.isArray(sent) || !sent.every(isObject)) throw badRequest('must be an array', '/destinations');
  if (sent.length > 5) throw badRequest('an application has at most 5 domains', '/destinations');
  const places = sent.map((destination) => destination['hostname'] ?? destination['uri'] ?? destination['cidr']);
  if (!places.includes(domain)) throw badRequest('domain must be among the destinations', '/domain');
  return sent;
}

/** Who may be asked to prove who they are, and how. Empty, null or missing: by every login method of the account. */
function checkLogin({ identityProviders }: State, sent: Record<string, unknown>): void {
  const { allowed_idps: allowed = null, allow_authenticate_via_warp: byWarp = false } = sent;
  if (typeof byWarp !== 'boolean') throw badRequest('must be a boolean', '/allow_authenticate_via_warp');
  if (allowed === null) return;
  const known = new Set<unknown>(identityProviders.map(({ id }) => id));
  if (Array.isArray(allowed) && allowed.every((id) => known.has(id))) return;
  throw badRequest('unknown identity provider', '/allowed_idps');
}

function parseAppBody(state: State, app: App, sent: Record<string, unknown>): App['body'] {
  const { type, policies: _policies, destinations: _destinations, self_hosted_domains: _old, ...rest } = sent;
  if (type !== app.type) throw badRequest('type is required and cannot change', '/type');
  const duration = rest['session_duration'];
  if (duration !== undefined && (typeof duration !== 'string' || parseDuration(duration) === null)) {
    throw badRequest('session_duration is not a duration', '/session_duration');
  }
  checkLogin(state, rest);
  // The platform names the enrolment application itself.
  if (app.type === 'warp') {
    const { name, domain, destinations } = app.body;
    return { ...rest, name, domain, destinations };
  }
  const { name, domain } = rest;
  if (typeof domain !== 'string' || domain === '') throw badRequest('domain is required', '/domain');
  if (typeof name !== 'string' || name === '') throw badRequest('name is required', '/name');
  return { ...rest, name, domain, destinations: parseDestinations(sent, domain) };
}

interface PolicyChange {
  links: App['links'];
  scoped: Policy[];
}

/** The policy an item of `policies` names, if it names one. Refuses one that is unknown or another application's. */
function namedPolicy(state: State, app: App, item: unknown, pointer: string): Policy | undefined {
  const id = isObject(item) ? item['id'] : item;
  if (id === undefined) return undefined;
  const known = typeof id === 'string' ? state.policies.get(id) : undefined;
  if (known === undefined || (known.appId ?? app.id) !== app.id) throw badRequest('unknown policy', pointer);
  return known;
}

function inlinePolicy(world: World, app: App, item: unknown, known: Policy | undefined, precedence: number): Policy {
  if (!isObject(item)) throw badRequest('not a policy', '/policies');
  const { id: _id, ...inline } = item;
  const at = world.now();
  const body = parsePolicyBody(inline, world.quirks);
  const made = known ?? { id: uuidFor(`inline ${app.id} ${precedence} ${at}`), createdAt: at };
  return { ...made, appId: app.id, precedence, body, updatedAt: at };
}

/** Reads `policies` of an application body: links to reusable policies, or inline ones, but not both. */
function parsePolicies(world: World, app: App, sent: unknown[]): PolicyChange {
  const change: PolicyChange = { links: [], scoped: [] };
  for (const [index, item] of sent.entries()) {
    const known = namedPolicy(world.state, app, item, `/policies/${index}`);
    const precedence = isObject(item) && typeof item['precedence'] === 'number' ? item['precedence'] : index + 1;
    if (known?.appId === null) change.links.push({ policyId: known.id, precedence });
    else change.scoped.push(inlinePolicy(world, app, item, known, precedence));
  }
  if (change.links.length > 0 && change.scoped.length > 0) {
    throw badRequest('reusable and inline policies cannot be mixed', '/policies');
  }
  return change;
}

function applyPolicies(state: State, app: App, change: PolicyChange): void {
  for (const policy of state.policies.values()) if (policy.appId === app.id) state.policies.delete(policy.id);
  for (const policy of change.scoped) state.policies.set(policy.id, policy);
  app.links = change.links;
}

export function routeAccessApps(account: Router, world: World): void {
  const { state, quirks, now } = world;
  const appOf = (id: string): App => {
    const app = state.apps.get(id);
    if (app === undefined) throw notFound('application');
    return app;
  };

  account.get('/access/apps', (c) => {
    const rows = [...state.apps.values()].filter((app) => wanted(app, c.req.query()));
    const { rows: cut, info } = onePage(c, rows, { perPage: 1000, most: 1000, totalPages: true });
    return ok(
      c,
      cut.map((app) => showApp(state, app)),
      info,
    );
  });
  account.get('/access/apps/:app', (c) => ok(c, showApp(state, appOf(c.req.param('app')))));
  account.put('/access/apps/:app', async (c) => {
    const sent = await objectBody(c);
    const app = appOf(c.req.param('app'));
    refuseReadOnly(sent, readOnly, quirks);
    const body = parseAppBody(state, app, sent);
    // Missing or null leaves the policies alone; an empty array takes them all away.
    const change = Array.isArray(sent['policies']) ? parsePolicies(world, app, sent['policies']) : null;
    app.body = body;
    if (change !== null) applyPolicies(state, app, change);
    app.updatedAt = now();
    rememberLengths(state, 'api', now());
    return ok(c, showApp(state, app));
  });
}
