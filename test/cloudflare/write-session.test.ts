import { afterEach, describe, expect, it } from 'vitest';
import { ids } from '../../sandbox/cloudflare/seed-ids.ts';
import type { CloudflareOptions } from '../../sandbox/cloudflare/server.ts';
import { gapsIn, type SessionPlace } from '../../src/core/sessions.ts';
import type { PolicyRef } from '../../src/core/snapshot.ts';
import { HOUR_MS } from '../builders/memory-settings.ts';
import { failureOf, startAdapter, type Started } from './start-adapter.ts';

let started: Started | undefined;
afterEach(() => started?.cf.stop());

async function start(options: CloudflareOptions = {}): Promise<Started> {
  started = await startAdapter(options);
  return started;
}

const scoped: PolicyRef = { kind: 'app', appId: ids.app, id: ids.policy };
const reusable: PolicyRef = { kind: 'reusable', id: ids.policy };

const APP: SessionPlace = { kind: 'app', id: ids.app };
const POLICY: SessionPlace = { kind: 'policy', policy: scoped };
const WARP: SessionPlace = { kind: 'warp-sign-in' };
const RULE: SessionPlace = { kind: 'warp-network', ruleId: ids.gatewayRule };

/** Settings of the kind that a careless PUT loses. */
function furnish({ cf: { account } }: Started): void {
  account.editApp(ids.app, (body) => {
    Object.assign(body, {
      allow_authenticate_via_warp: false,
      custom_deny_message: 'Ask Dina',
      cors_headers: { allow_all_origins: true, max_age: 60 },
      tags: ['health'],
    });
    body.destinations = [...body.destinations, { type: 'public', uri: 'ocs.lanternhealth.example/hooks' }];
  });
  account.editPolicy(ids.policy, (body) => {
    Object.assign(body, { exclude: [{ geo: { country_code: 'XX' } }], isolation_required: false });
    body['mfa_config'] = { mfa_disabled: false, allowed_authenticators: ['totp'], session_duration: '24h' };
  });
  account.editOrganization({ deny_unmatched_requests: true, custom_pages: { forbidden: 'page-1' } });
  account.editGatewayRule(ids.gatewayRule, (body) => {
    Object.assign(body, { identity: 'any(identity.groups.name[*] in {"staff"})', device_posture: 'x' });
    Object.assign(body.rule_settings, { payload_log: { enabled: true }, untrusted_cert: null });
  });
}

/** Everything that the account stores, but for when it was written; rules of a policy are a set. */
function stored({ cf: { account } }: Started) {
  const { apps, policies, organization, gatewayRules } = structuredClone(account.state);
  return {
    apps: [...apps.values()].map(({ updatedAt: _at, ...app }) => app),
    policies: [...policies.values()].map(({ updatedAt: _at, body, ...policy }) => ({
      ...policy,
      body: { ...body, include: body.include.map((rule) => JSON.stringify(rule)).toSorted() },
    })),
    organization,
    rules: [...gatewayRules.values()].map(({ updatedAt: _at, version: _version, ...rule }) => rule),
  };
}

/** The same with one length as Cloudflare keeps it: the only thing that a write may change. */
function withLength(before: ReturnType<typeof stored>, place: SessionPlace, length: string): ReturnType<typeof stored> {
  const { apps, policies, organization, rules } = structuredClone(before);
  const put = (body: Record<string, unknown> | undefined, key = 'session_duration'): void =>
    void ((body ?? {})[key] = length);
  if (place.kind === 'app') put(apps.find(({ id }) => id === place.id)?.body);
  if (place.kind === 'policy') put(policies.find(({ id }) => id === place.policy.id)?.body);
  if (place.kind === 'warp-sign-in') put(organization, 'warp_auth_session_duration');
  const rule = place.kind === 'warp-network' ? rules.find(({ id }) => id === place.ruleId) : undefined;
  if (rule !== undefined) rule.body.rule_settings['check_session'] = { enforce: true, duration: `${length}0s` };
  return { apps, policies, organization, rules };
}

describe('a length', () => {
  it.each([
    ['application', APP, {}, `access/apps/${ids.app}`],
    ['policy of an application', POLICY, { policySession: '4h' }, `access/apps/${ids.app}/policies/${ids.policy}`],
    ['policy that had none', POLICY, {}, `access/apps/${ids.app}/policies/${ids.policy}`],
    [
      'policy of the account',
      { kind: 'policy', policy: reusable } satisfies SessionPlace,
      { reusable: true, appCount: 2 as const },
      `access/policies/${ids.policy}`,
    ],
    ['WARP sign-in', WARP, {}, 'access/organizations'],
    ['WARP sign-in that had none', WARP, { warpSession: 'none' }, 'access/organizations'],
    ['WARP network', RULE, {}, `gateway/rules/${ids.gatewayRule}`],
  ])('changes the length of the %s and nothing else', async (_what, place, seed, path) => {
    const house = await start({ seed });
    furnish(house);
    const before = stored(house);

    await house.cloudflare.writeSessionLength({ place, ms: 36.5 * HOUR_MS });

    expect(house.routes()).toEqual([`GET ${path}`, `PUT ${path}`]);
    expect(stored(house)).toStrictEqual(withLength(before, place, '36h30m'));
    expect(await house.cloudflare.sessionLengths()).toEqual(house.cf.account.sessionLengths());
  });

  it('leaves the policies of the application alone', async () => {
    const { cf, cloudflare } = await start();

    await cloudflare.writeSessionLength({ place: APP, ms: 4 * HOUR_MS });

    const sent = cf.calls.at(-1)?.body as Record<string, unknown>;
    expect(Object.keys(sent).toSorted()).toEqual([
      'allowed_idps',
      'app_launcher_visible',
      'destinations',
      'domain',
      'name',
      'session_duration',
      'type',
    ]);
  });

  it('sends back the older name of the destinations only where there is no newer one', async () => {
    const { cf, cloudflare } = await start();
    cf.faults.add({
      method: 'GET',
      path: `/access/apps/${ids.app}`,
      mangle: (answer) => {
        const { result } = answer as { result: Record<string, unknown> };
        const { destinations: _new, ...old } = result;
        const named = { ...old, self_hosted_domains: ['ocs.lantern.internal'] };
        return { success: true, errors: [], messages: [], result: named };
      },
    });

    await cloudflare.writeSessionLength({ place: APP, ms: 4 * HOUR_MS });

    expect(cf.calls.at(-1)?.body).toMatchObject({ self_hosted_domains: ['ocs.lantern.internal'] });
  });

  it.each([APP, POLICY, WARP, RULE])('sends back what it has never heard of ($kind)', async (place) => {
    const { cf, cloudflare } = await start();
    cf.faults.add({
      method: 'GET',
      mangle: (answer) => {
        const { result, ...rest } = answer as { result: object };
        return { ...rest, result: { ...result, of_tomorrow: { deep: [1] }, not_set: null } };
      },
    });

    await cloudflare.writeSessionLength({ place, ms: 36 * HOUR_MS });

    const sent = cf.calls.at(-1)?.body;
    expect(sent).toMatchObject({ of_tomorrow: { deep: [1] } });
    expect(sent).not.toHaveProperty('not_set');
  });

  it.each([
    ['application', APP, '8h0m0s', 8],
    ['policy', POLICY, '720m', 12],
    ['WARP sign-in', WARP, '24h0m', 24],
    ['WARP network', RULE, '24h0m0s', 24],
  ])('writes nothing where the %s has that length, however it is spelled', async (_what, place, length, hours) => {
    const { cf, cloudflare, routes } = await start();
    cf.account.setSession(place, length);

    await cloudflare.writeSessionLength({ place, ms: hours * HOUR_MS });

    expect(routes()).toHaveLength(1);
    expect(routes()[0]).toMatch(/^GET /);
  });

  it.each([90_000, 0, 500])('puts back a length that is no whole minute (%i ms)', async (ms) => {
    const { cloudflare } = await start();

    await cloudflare.writeSessionLength({ place: APP, ms });

    await expect(cloudflare.sessionLengths()).resolves.toMatchObject({ app: { ms } });
  });

  it('mends a length that can’t be read', async () => {
    const { cf, cloudflare } = await start();
    cf.account.setSession(APP, 'a day');

    await cloudflare.writeSessionLength({ place: APP, ms: 12 * HOUR_MS });

    expect(cf.account.sessionLengths().app.ms).toBe(12 * HOUR_MS);
  });

  it('remembers each write in the order in which it came', async () => {
    const { cf, cloudflare } = await start();

    await cloudflare.writeSessionLength({ place: WARP, ms: 48 * HOUR_MS });
    await cloudflare.writeSessionLength({ place: RULE, ms: 48 * HOUR_MS });
    cf.account.setSession(POLICY, '72h');
    await cloudflare.writeSessionLength({ place: APP, ms: 36 * HOUR_MS });

    const history = cf.account.sessionHistory();
    expect(history.map(({ by }) => by)).toEqual(['seed', 'api', 'api', 'dashboard', 'api']);
    expect(history.map(({ lengths }) => lengths.warpSignIn.ms)).toEqual([24, 48, 48, 48, 48].map((h) => h * HOUR_MS));
    expect(history.map(({ lengths }) => gapsIn(lengths).length)).toEqual([0, 0, 0, 2, 2]);
  });
});

function shareWithAll({ cf }: Started): void {
  const policy = cf.account.state.policies.get(ids.policy);
  if (policy !== undefined) policy.appId = null;
}

describe('a place that is gone', () => {
  it.each<[string, SessionPlace, (house: Started) => void]>([
    ['the application was deleted', APP, ({ cf }) => cf.account.removeApp(ids.app)],
    ['the policy was deleted', POLICY, ({ cf }) => cf.account.removePolicy(ids.policy)],
    ['the policy became one of the account', POLICY, shareWithAll],
    [
      'the policy turns people away now',
      POLICY,
      ({ cf }) => cf.account.editPolicy(ids.policy, (body) => (body.decision = 'deny')),
    ],
    ['the rule was deleted', RULE, ({ cf }) => cf.account.removeGatewayRule(ids.gatewayRule)],
    [
      'the rule is off',
      RULE,
      ({ cf }) => cf.account.editGatewayRule(ids.gatewayRule, (body) => (body.enabled = false)),
    ],
    ['the rule asks nobody any more', RULE, ({ cf }) => cf.account.setSession(RULE, null)],
  ])('is said so, and nothing is written, where %s', async (_what, place, happen) => {
    const house = await start();
    happen(house);

    const failure = await failureOf(house.cloudflare.writeSessionLength({ place, ms: 12 * HOUR_MS }));

    expect(failure).toMatchObject({ name: 'PermanentError', code: 'session-place-gone' });
    expect(failure.message).toMatch(/so its session length was not changed\. Ask for the change again/);
    expect(house.routes().filter((route) => route.startsWith('PUT'))).toEqual([]);
  });

  it('is said so where it goes between the read and the write', async () => {
    const { cf, cloudflare } = await start();
    cf.after('GET', `/gateway/rules/${ids.gatewayRule}`, () => cf.account.removeGatewayRule(ids.gatewayRule));

    const failure = await failureOf(cloudflare.writeSessionLength({ place: RULE, ms: 12 * HOUR_MS }));

    expect(failure.message).toMatchInlineSnapshot(
      `"The Gateway rule is not there any more, or does not end sessions any more, so its session length was not changed. Ask for the change again: the form shows what is there now."`,
    );
  });
});

it('says that a rule of another account can’t be changed here', async () => {
  const { cf, cloudflare, routes } = await start();
  const rule = cf.account.state.gatewayRules.get(ids.gatewayRule);
  if (rule !== undefined) rule.isReadOnly = true;

  const failure = await failureOf(cloudflare.writeSessionLength({ place: RULE, ms: 12 * HOUR_MS }));

  expect(failure.code).toBe('session-place-read-only');
  expect(failure.message).toMatchInlineSnapshot(
    `"The Gateway rule “Staff to Open Chat Studio” comes from another Cloudflare account and can only be changed there."`,
  );
  expect(routes()).toHaveLength(1);
});

it.each<[string, SessionPlace, string[]]>([
  ['the application', APP, ['Access: Apps and Policies Read']],
  ['a policy', POLICY, ['Access: Apps and Policies Read']],
  ['the organisation', WARP, ['Access: Organizations, Identity Providers, and Groups Read']],
  ['a Gateway rule', RULE, ['Zero Trust Read']],
])('names the permission that writing %s needs and reading does not', async (_what, place, permissions) => {
  const { cf, cloudflare } = await start();
  cf.account.setPermissions(permissions);

  const failure = await failureOf(cloudflare.writeSessionLength({ place, ms: 12 * HOUR_MS }));

  expect(failure.code).toBe('cloudflare-permission-missing');
  const area = String(permissions[0]).replace(/ Read$/, ' → Edit');
  expect(failure.message).toContain(`lacks the permission “${area}”`);
});

it.each([
  ['500', { status: 500, afterWrite: true as const }],
  ['a cut connection', { dropConnection: true as const, afterWrite: true as const }],
])('calls a write that was answered with %s unknown, not failed', async (_what, fault) => {
  const { cf, cloudflare } = await start();
  cf.faults.add({ method: 'PUT', ...fault });

  const failure = await failureOf(cloudflare.writeSessionLength({ place: RULE, ms: 12 * HOUR_MS }));

  expect(failure).toMatchObject({ name: 'TransientError', code: 'cloudflare-unavailable' });
  expect(cf.account.sessionLengths().warpNetwork).toMatchObject([{ ms: 12 * HOUR_MS }]);
});
