import { afterEach, describe, expect, it } from 'vitest';
import type { CloudflareSandbox } from '../../../sandbox/cloudflare/server.ts';
import { startCloudflare } from '../../../sandbox/cloudflare/server.ts';
import type { SeedOptions } from '../../../sandbox/cloudflare/seed-options.ts';
import { clientFor, refusal } from './client.ts';

let cf: CloudflareSandbox;
afterEach(() => cf.stop());

async function start(seed: SeedOptions = {}) {
  cf = await startCloudflare({ seed });
  const client = clientFor(cf);
  const account_id = cf.accountId;
  const { app, policy } = cf.account.ids;
  const scoped = (body: object) =>
    client.put(`/accounts/${account_id}/access/apps/${app}/policies/${policy}`, { body });
  const reusable = (body: object) => client.put(`/accounts/${account_id}/access/policies/${policy}`, { body });
  return { client, account_id, app, policy, scoped, reusable };
}

const someone = [{ email: { email: 'ines.silva@lanternhealth.example' } }];
const valid = { name: 'Team access', decision: 'allow', include: someone };

const putApp = async (seed: SeedOptions = {}) => {
  const { client, account_id, app } = await start(seed);
  return (sent: object) => client.put(`/accounts/${account_id}/access/apps/${app}`, { body: sent });
};

describe('a policy PUT', () => {
  it('replaces everything: a require that is not sent back is gone', async () => {
    const { scoped } = await start();
    expect(cf.account.state.policies.get(cf.account.ids.policy)?.body.require).toHaveLength(1);

    await scoped(valid);

    const body = cf.account.state.policies.get(cf.account.ids.policy)?.body;
    expect(body).toEqual({ name: 'Team access', decision: 'allow', include: someone, exclude: [], require: [] });
  });

  it.each([
    ['name', { decision: 'allow', include: someone }],
    ['decision', { name: 'Team access', include: someone }],
    ['include', { name: 'Team access', decision: 'allow' }],
    ['an empty include', { ...valid, include: [] }],
    ['a rule with two selectors', { ...valid, include: [{ everyone: {}, email: { email: 'a@b.example' } }] }],
    ['a rule without its value', { ...valid, require: [{ device_posture: {} }] }],
    ['an unknown selector', { ...valid, exclude: [{ mail: { mail: 'a@b.example' } }] }],
    ['a bad duration', { ...valid, session_duration: '8 hours' }],
  ])('is refused for %s and changes nothing', async (_what, body) => {
    const { scoped } = await start();
    const before = structuredClone(cf.account.state.policies.get(cf.account.ids.policy));

    expect(await refusal(scoped(body))).toMatchObject({ status: 400 });

    expect(cf.account.state.policies.get(cf.account.ids.policy)).toEqual(before);
  });

  it.each(['id', 'created_at', 'updated_at', 'app_count', 'reusable'])('refuses the read-only key %s', async (key) => {
    const { reusable } = await start({ reusable: true });

    expect(await refusal(reusable({ ...valid, [key]: 'x' }))).toMatchObject({ status: 400 });
    cf.quirks.readOnlyKeys = 'ignore';
    await expect(reusable({ ...valid, [key]: 'x' })).resolves.toBeDefined();
  });

  it('holds at most 1,000 rules', async () => {
    const { scoped } = await start({ people: 3 });
    const include = Array.from({ length: 1001 }, (_, n) => ({ email: { email: `p${n}@lanternhealth.example` } }));

    expect(await refusal(scoped({ ...valid, include }))).toMatchObject({ status: 400 });
    await expect(scoped({ ...valid, include: include.slice(0, 1000) })).resolves.toBeDefined();
  });

  it('puts a policy without precedence last, and refuses a precedence that is taken', async () => {
    const { scoped } = await start({ candidatePolicies: 1 });

    expect(await refusal(scoped({ ...valid, precedence: 2 }))).toMatchObject({ status: 400 });
    await scoped(valid);

    expect(cf.account.state.policies.get(cf.account.ids.policy)?.precedence).toBe(3);
  });

  it('keeps no order among the rules', async () => {
    const { client, account_id, app } = await start();

    const page = await client.zeroTrust.access.applications.policies.list(app, { account_id });

    const shown = page.result[0]?.include ?? [];
    const kept = cf.account.state.policies.get(cf.account.ids.policy)?.body.include ?? [];
    expect(shown).not.toEqual(kept);
    expect(new Set(shown.map((rule) => JSON.stringify(rule)))).toEqual(
      new Set(kept.map((rule) => JSON.stringify(rule))),
    );
  });
});

describe('the two kinds of policy', () => {
  it('an app-scoped one is unknown to the reusable route', async () => {
    const { client, account_id, policy, reusable } = await start();

    expect(await refusal(client.zeroTrust.access.policies.get(policy, { account_id }))).toMatchObject({ status: 404 });
    expect(await refusal(reusable(valid))).toMatchObject({ status: 404 });
  });

  it('a reusable one is refused on the route of an application, though that application lists it like its own', async () => {
    const { client, account_id, app, policy, scoped } = await start({ reusable: true, appCount: 2 });

    const listed = await client.zeroTrust.access.applications.policies.list(app, { account_id });
    const shown = await client.zeroTrust.access.policies.get(policy, { account_id });

    expect(listed.result[0]).toMatchObject({ id: policy, name: 'Team access', precedence: 1 });
    expect(listed.result[0]).not.toHaveProperty('reusable');
    expect(shown).toMatchObject({ reusable: true, app_count: 2 });
    expect(await refusal(scoped(valid))).toMatchObject({ status: 404 });
  });
});

describe('an application PUT', () => {
  const body = {
    type: 'self_hosted',
    name: 'Open Chat Studio',
    domain: 'ocs.lantern.internal',
    destinations: [{ type: 'private', hostname: 'ocs.lantern.internal' }],
  };
  it('drops settings that are not sent back, but leaves the policies when they are not mentioned', async () => {
    const send = await putApp();

    await send(body);

    expect(cf.account.state.apps.get(cf.account.ids.app)?.body).not.toHaveProperty('session_duration');
    expect(cf.account.state.policies.has(cf.account.ids.policy)).toBe(true);
  });

  it('takes the policies away with an empty array', async () => {
    const send = await putApp();

    await send({ ...body, policies: [] });

    expect(cf.account.wouldAdmit('amina.diallo@lanternhealth.example', 'C02FJ1XQMD6T')).toBe(false);
  });

  it('makes a private application public when the destinations are not sent back', async () => {
    const send = await putApp();

    await send({ type: 'self_hosted', name: 'Open Chat Studio', domain: 'ocs.lantern.internal' });

    expect(cf.account.state.apps.get(cf.account.ids.app)?.body.destinations).toEqual([
      { type: 'public', uri: 'ocs.lantern.internal' },
    ]);
  });

  it.each([
    ['no type', { name: 'x', domain: 'ocs.lantern.internal' }],
    ['no domain', { type: 'self_hosted', name: 'x' }],
    ['a domain that is no destination', { ...body, domain: 'other.internal' }],
    ['a read-only key', { ...body, aud: 'x' }],
    ['a duration that is none', { ...body, session_duration: 'a day' }],
    ['a login method that the account has not', { ...body, allowed_idps: ['gone'] }],
    ['a word for yes', { ...body, allow_authenticate_via_warp: 'yes' }],
    ['an unknown policy', { ...body, policies: ['00000000-0000-4000-a000-000000000000'] }],
  ])('is refused for %s', async (_what, sent) => {
    const send = await putApp();

    expect(await refusal(send(sent))).toMatchObject({ status: 400 });
  });

  it('does not mix reusable and inline policies', async () => {
    const send = await putApp({ reusable: true });
    const policies = [{ id: cf.account.ids.policy, precedence: 1 }, valid];

    expect(await refusal(send({ ...body, policies }))).toMatchObject({ status: 400 });
  });
});

describe('applications', () => {
  it('are narrowed by part of the domain, or by all of it', async () => {
    const { client, account_id } = await start({ candidateApps: 2 });
    const list = async (query: object) =>
      (await client.zeroTrust.access.applications.list({ account_id, ...query })).result.map((app) => app.name);

    expect(await list({ domain: 'ocs' })).toHaveLength(3);
    expect(await list({ domain: 'ocs', exact: true })).toEqual([]);
    expect(await list({ domain: 'ocs.lantern.internal', exact: true })).toEqual(['Open Chat Studio']);
    expect(await list({ name: 'staging 2' })).toEqual(['Open Chat Studio staging 2']);
  });

  it.each(['app', 'policy', 'posture-rule', 'serial-list', 'enrolment-app', 'tunnel'] as const)(
    'the account can lack its %s',
    async (missing) => {
      await start({ without: [missing] });
      const { state, ids } = cf.account;

      const found = {
        app: state.apps.has(ids.app),
        policy: state.policies.has(ids.policy),
        'posture-rule': state.postureRules.has(ids.postureRule),
        'serial-list': state.lists.has(ids.serialList),
        'enrolment-app': state.apps.has(ids.enrolmentApp),
        tunnel: state.tunnels.has(ids.tunnel),
      };
      expect(found[missing]).toBe(false);
      expect(Object.values(found).filter(Boolean)).toHaveLength(missing === 'app' ? 4 : 5);
    },
  );
});

describe('the organisation PUT', () => {
  it('loses what is not sent back, and takes back what was read', async () => {
    const { client, account_id } = await start();
    const read = (await client.get(`/accounts/${account_id}/access/organizations`)) as { result: object };
    const put = (body: object) => client.put(`/accounts/${account_id}/access/organizations`, { body });

    await put({ ...read.result, warp_auth_session_duration: '48h' });
    expect(cf.account.state.organization).toMatchObject({ session_duration: '24h', warp_auth_session_duration: '48h' });

    await put({ name: 'Lantern Health', auth_domain: 'lantern-health.cloudflareaccess.com' });
    expect(cf.account.state.organization).not.toHaveProperty('session_duration');
    expect(await refusal(put({ session_duration: '8h' }))).toMatchObject({ status: 400 });

    cf.quirks.organizationPut = 'merge';
    await put({ session_duration: '8h' });
    expect(cf.account.state.organization).toMatchObject({ name: 'Lantern Health', session_duration: '8h' });
  });

  it.each([
    ['a length in seconds', { warp_auth_session_duration: '3600s' }],
    ['a length that is none', { warp_auth_session_duration: 'a day' }],
    ['a word for yes', { allow_authenticate_via_warp: 'yes' }],
  ])('is refused for %s', async (_what, change) => {
    const { client, account_id } = await start();
    const body = { name: 'Lantern Health', auth_domain: 'lantern-health.cloudflareaccess.com', ...change };

    expect(await refusal(client.put(`/accounts/${account_id}/access/organizations`, { body }))).toMatchObject({
      status: 400,
    });
    expect(cf.account.sessionLengths().warpSignIn).toEqual({ ms: 86_400_000, isUsed: false });
  });
});
