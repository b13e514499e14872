import { badRequest, notFound, objectBody, ok, onePage, stamp } from '../envelope.ts';
import { shuffled } from '../order.ts';
import { parsePolicyBody } from '../policy-body.ts';
import { rememberLengths } from '../session-lengths.ts';
import { appCount, policiesOf } from '../state.ts';
import type { App, Policy, State } from '../state.ts';
import type { Router, World } from './world.ts';

/** A policy as the API shows it. Rules are a set: their order differs from answer to answer. */
function showPolicy(policy: Policy): Record<string, unknown> {
  const { include, exclude, require, ...rest } = policy.body;
  const key = policy.updatedAt % 1_000_003;
  return {
    id: policy.id,
    ...rest,
    include: shuffled(include, key),
    exclude: shuffled(exclude, key),
    require: shuffled(require, key),
    created_at: stamp(policy.createdAt),
    updated_at: stamp(policy.updatedAt),
  };
}

const showReusable = (state: State, policy: Policy): Record<string, unknown> => ({
  ...showPolicy(policy),
  reusable: true,
  app_count: appCount(state, policy.id),
});

/** All policies of an application, the reusable ones written out: nothing in the answer tells the two kinds apart. */
export function showPoliciesOf(state: State, app: App): Record<string, unknown>[] {
  return policiesOf(state, app).map(({ policy, precedence }) => ({ ...showPolicy(policy), precedence }));
}

/** The precedence an app-scoped policy gets: unique within the application, and last if none was sent. */
function precedenceFor(state: State, app: App, policyId: string, wanted: unknown): number {
  const others = policiesOf(state, app).filter(({ policy }) => policy.id !== policyId);
  if (wanted === undefined || wanted === null) return Math.max(0, ...others.map((other) => other.precedence)) + 1;
  if (typeof wanted !== 'number' || !Number.isInteger(wanted) || wanted < 1) {
    throw badRequest('precedence must be a positive integer', '/precedence');
  }
  if (others.some((other) => other.precedence === wanted)) throw badRequest('precedence is taken', '/precedence');
  return wanted;
}

export function routeAccessPolicies(account: Router, { state, quirks, now }: World): void {
  const appOf = (id: string): App => {
    const app = state.apps.get(id);
    if (app === undefined) throw notFound('application');
    return app;
  };
  // Each route knows its own kind only: the app-scoped route does not find a reusable policy, nor the other way round.
  const scoped = (appId: string, id: string): Policy => {
    const policy = state.policies.get(id);
    if (policy === undefined || policy.appId !== appOf(appId).id) throw notFound('policy');
    return policy;
  };
  const reusable = (id: string): Policy => {
    const policy = state.policies.get(id);
    if (policy === undefined || policy.appId !== null) throw notFound('policy');
    return policy;
  };

  account.get('/access/policies', (c) => {
    const rows = [...state.policies.values()].filter((policy) => policy.appId === null);
    const { rows: cut, info } = onePage(c, rows, { perPage: 100, most: 1000, totalPages: true });
    return ok(
      c,
      cut.map((policy) => showReusable(state, policy)),
      info,
    );
  });
  account.get('/access/policies/:id', (c) => ok(c, showReusable(state, reusable(c.req.param('id')))));
  account.put('/access/policies/:id', async (c) => {
    const body = await objectBody(c);
    const policy = reusable(c.req.param('id'));
    policy.body = parsePolicyBody(body, quirks);
    policy.updatedAt = now();
    rememberLengths(state, 'api', now());
    return ok(c, showReusable(state, policy));
  });

  account.get('/access/apps/:app/policies', (c) => {
    const rows = showPoliciesOf(state, appOf(c.req.param('app')));
    const { rows: cut, info } = onePage(c, rows, { perPage: 200, most: 1000, totalPages: true });
    return ok(c, cut, info);
  });
  account.get('/access/apps/:app/policies/:id', (c) => {
    const policy = scoped(c.req.param('app'), c.req.param('id'));
    return ok(c, { ...showPolicy(policy), precedence: policy.precedence });
  });
  account.put('/access/apps/:app/policies/:id', async (c) => {
    const body = await objectBody(c);
    const policy = scoped(c.req.param('app'), c.req.param('id'));
    const parsed = parsePolicyBody(body, quirks);
    policy.precedence = precedenceFor(state, appOf(c.req.param('app')), policy.id, body['precedence']);
    policy.body = parsed;
    policy.updatedAt = now();
    rememberLengths(state, 'api', now());
    return ok(c, { ...showPolicy(policy), precedence: policy.precedence });
  });
}
