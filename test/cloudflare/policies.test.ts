import { afterEach, describe, expect, it } from 'vitest';
import { ids } from '../../sandbox/cloudflare/seed-ids.ts';
import type { CloudflareOptions } from '../../sandbox/cloudflare/server.ts';
import type { PolicyRef } from '../../src/core/snapshot.ts';
import { admitting, barring, dropping, unbarring } from '../builders/a-policy.ts';
import { failureOf, startAdapter, type Started } from './start-adapter.ts';

let started: Started | undefined;
afterEach(() => started?.cf.stop());

async function start(options: CloudflareOptions = {}): Promise<Started> {
  started = await startAdapter(options);
  return started;
}

const scoped: PolicyRef = { kind: 'app', appId: ids.app, id: ids.policy };
const reusable: PolicyRef = { kind: 'reusable', id: ids.policy };

/** Every setting that a policy can have, and rules that we do not judge. */
const settings = {
  exclude: [{ email: { email: 'gone@lanternhealth.example' } }, { geo: { country_code: 'XX' } }],
  require: [{ device_posture: { integration_uid: ids.postureRule } }],
  session_duration: '4h',
  approval_required: true,
  approval_groups: [{ approvals_needed: 1, email_addresses: ['chief@lanternhealth.example'] }],
  isolation_required: false,
  purpose_justification_required: true,
  purpose_justification_prompt: 'Why?',
  mfa_config: { mfa_disabled: false, allowed_authenticators: ['totp'], session_duration: '24h' },
  connection_rules: { rdp: { allowed_clipboard_local_to_remote_formats: ['text'] } },
};

function bodyOf({ cf }: Started): Record<string, unknown> {
  const policy = cf.account.state.policies.get(ids.policy);
  return { ...structuredClone(policy?.body), precedence: policy?.precedence };
}

const sorted = (rules: unknown): string[] => (rules as unknown[]).map((rule) => JSON.stringify(rule)).toSorted();

/** Rules are a set: only what is in it counts. */
function comparable(body: Record<string, unknown>): Record<string, unknown> {
  return {
    ...body,
    include: sorted(body['include']),
    exclude: sorted(body['exclude']),
    require: sorted(body['require']),
  };
}

it.each([
  ['its application', scoped, {}],
  ['the account, shared by two applications', reusable, { reusable: true, appCount: 2 as const }],
])('adds a person to a policy of %s and changes nothing else', async (_whose, ref, seed) => {
  const house = await start({ seed });
  house.cf.account.editPolicy(ids.policy, (body) => Object.assign(body, settings));
  const before = bodyOf(house);

  await house.cloudflare.writePolicy(await house.cloudflare.readPolicy(ref), admitting('ada@x.org'));

  const include = [...(before['include'] as unknown[]), { email: { email: 'ada@x.org' } }];
  expect(comparable(bodyOf(house))).toEqual(comparable({ ...before, include }));
  expect(house.cf.calls.map((call) => call.status)).toEqual([200, 200]);
});

it.each([
  ['its application', scoped, {}],
  ['the account', reusable, { reusable: true }],
])('removes a person from a policy of %s and changes nothing else', async (_whose, ref, seed) => {
  const house = await start({ seed });
  house.cf.account.editPolicy(ids.policy, (body) => {
    Object.assign(body, settings);
    body.include.push({ email: { email: 'Ada@X.org' } });
  });
  const before = bodyOf(house);

  await house.cloudflare.writePolicy(await house.cloudflare.readPolicy(ref), dropping('ada@x.org'));

  const include = (before['include'] as unknown[]).slice(0, -1);
  expect(comparable(bodyOf(house))).toEqual(comparable({ ...before, include }));
});

it('sends back a key that it has never heard of, and none that is Cloudflare’s own', async () => {
  const { cf, cloudflare } = await start();
  const file = await cloudflare.readPolicy(scoped);
  const raw = {
    ...file.raw,
    of_tomorrow: { deep: [1] },
    uid: 'u',
    reusable: false,
    app_count: 1,
    session_duration: null,
  };

  await cloudflare.writePolicy({ ...file, raw }, admitting('ada@x.org'));

  const sent = cf.calls.at(-1)?.body as Record<string, unknown>;
  expect(Object.keys(sent).toSorted()).toEqual([
    'decision',
    'exclude',
    'include',
    'name',
    'of_tomorrow',
    'precedence',
    'purpose_justification_required',
    'require',
  ]);
  expect(sent['of_tomorrow']).toEqual({ deep: [1] });
});

it.each([
  ['adds nobody twice, in whatever spelling', admitting('AMINA.DIALLO@lanternhealth.example')],
  ['removes nobody who is not there', dropping('ada@x.org')],
])('%s, and then writes nothing', async (_what, edit) => {
  const { cloudflare, routes } = await start();

  await cloudflare.writePolicy(await cloudflare.readPolicy(scoped), edit);

  expect(routes().filter((route) => route.startsWith('PUT'))).toEqual([]);
});

it('keeps the address of a rule that excludes somebody', async () => {
  const house = await start();
  house.cf.account.editPolicy(ids.policy, (body) => {
    body.include.push({ email: { email: 'ada@x.org' } });
    body.exclude.push({ email: { email: 'ada@x.org' } });
  });

  await house.cloudflare.writePolicy(await house.cloudflare.readPolicy(scoped), dropping('ada@x.org'));

  expect(bodyOf(house)['exclude']).toEqual([{ email: { email: 'ada@x.org' } }]);
  expect(house.cf.account.emails()).not.toContain('ada@x.org');
});

it('writes several people with one call', async () => {
  const { cf, cloudflare } = await start({ seed: { people: ['ada@x.org', 'bea@x.org', 'cem@x.org'] } });

  await cloudflare.writePolicy(await cloudflare.readPolicy(scoped), dropping('ADA@x.org', 'cem@x.org', 'gone@x.org'));
  await cloudflare.writePolicy(await cloudflare.readPolicy(scoped), admitting('dan@x.org', 'Bea@x.org', 'eve@x.org'));

  expect(cf.account.emails()).toEqual(['bea@x.org', 'dan@x.org', 'eve@x.org']);
  expect(cf.calls.filter((call) => call.method === 'PUT')).toHaveLength(2);
});

describe('excluding', () => {
  it.each([
    ['its application', scoped, {}],
    ['the account', reusable, { reusable: true }],
  ])('bars people in a policy of %s and lifts it, and changes nothing else', async (_whose, ref, seed) => {
    const house = await start({ seed });
    house.cf.account.editPolicy(ids.policy, (body) => Object.assign(body, settings));
    const before = bodyOf(house);
    const emails = ['ada@x.org', 'bea@x.org'];

    await house.cloudflare.writePolicy(await house.cloudflare.readPolicy(ref), barring(...emails));
    const exclude = [...settings.exclude, ...emails.map((email) => ({ email: { email } }))];
    expect(comparable(bodyOf(house))).toEqual(comparable({ ...before, exclude }));

    await house.cloudflare.writePolicy(await house.cloudflare.readPolicy(ref), unbarring(...emails));
    expect(comparable(bodyOf(house))).toEqual(comparable(before));
  });

  it('may leave nobody barred', async () => {
    const house = await start();
    house.cf.account.editPolicy(ids.policy, (body) => body.exclude.push({ email: { email: 'ada@x.org' } }));
    const file = await house.cloudflare.readPolicy(scoped);

    await house.cloudflare.writePolicy(file, unbarring('ada@x.org'));

    expect(bodyOf(house)['exclude']).toEqual([]);
  });

  it('bars somebody whom the policy includes by name', async () => {
    const { cf, cloudflare } = await start({ seed: { people: ['ada@x.org', 'bea@x.org'] } });
    const file = await cloudflare.readPolicy(scoped);

    await cloudflare.writePolicy(file, barring('ada@x.org'));

    expect(cf.account.emails()).toContain('ada@x.org');
    expect((await cloudflare.readPolicy(scoped)).exclude).toEqual([{ kind: 'email', email: 'ada@x.org' }]);
  });

  it('reaches a policy that bypasses the login', async () => {
    const { cf, cloudflare } = await start();
    const id = cf.account.addPolicy(ids.app, { name: 'Hooks', decision: 'bypass', include: [{ everyone: {} }] });
    const file = await cloudflare.readPolicy({ kind: 'app', appId: ids.app, id });

    await cloudflare.writePolicy(file, barring('ada@x.org'));

    expect(cf.account.state.policies.get(id)?.body).toMatchObject({
      decision: 'bypass',
      include: [{ everyone: {} }],
      exclude: [{ email: { email: 'ada@x.org' } }],
    });
  });
});

it('refuses to remove the last rule that lets anybody in', async () => {
  const { cf, cloudflare } = await start({ seed: { people: ['ada@x.org'] } });
  const file = await cloudflare.readPolicy(scoped);

  const failure = await failureOf(cloudflare.writePolicy(file, dropping('ada@x.org')));

  expect(failure).toMatchObject({ name: 'PermanentError', code: 'would-empty-policy' });
  expect(failure.message).toContain('“Team access”');
  expect(cf.calls.filter((call) => call.method === 'PUT')).toEqual([]);
});

it('reads the rules in our words and keeps the raw ones', async () => {
  const { cf, cloudflare } = await start({ seed: { people: ['ada@x.org'] } });
  cf.account.editPolicy(ids.policy, (body) => Object.assign(body, settings));

  const file = await cloudflare.readPolicy(scoped);

  expect(file).toMatchObject({
    ref: scoped,
    name: 'Team access',
    include: [{ kind: 'email', email: 'ada@x.org' }],
    require: [{ kind: 'device-posture', ruleId: ids.postureRule }],
    raw: { session_duration: '4h', connection_rules: settings.connection_rules },
  });
  expect(file.exclude).toContainEqual({ kind: 'other', name: 'geo' });
});

it.each([scoped, reusable])('says that a policy is not where it was ($kind)', async (ref) => {
  const { cloudflare } = await start({ seed: { reusable: ref.kind === 'app' } });

  const failure = await failureOf(cloudflare.readPolicy(ref));

  expect(failure).toMatchObject({ name: 'PermanentError', code: 'cloudflare-not-found' });
});

it('names the permission that writing needs and reading does not', async () => {
  const { cf, cloudflare } = await start();
  cf.account.setPermissions(['Access: Apps and Policies Read']);
  const file = await cloudflare.readPolicy(scoped);

  const failure = await failureOf(cloudflare.writePolicy(file, admitting('ada@x.org')));

  expect(failure.message.replace(/cf-ray [\w-]+/, 'cf-ray …')).toMatchInlineSnapshot(
    `"The Cloudflare API token lacks the permission “Access: Apps and Policies → Edit”, which is needed to write a policy (PUT access/apps/:id/policies/:id, HTTP 403, error 10000, cf-ray …). Add it at dash.cloudflare.com → My Profile (or Manage Account, if the account owns the token) → API Tokens → Edit. If it is there, CLOUDFLARE_ACCOUNT_ID names an account that the token is not for."`,
  );
});

it.each([
  ['500', { status: 500, afterWrite: true as const }],
  ['a cut connection', { dropConnection: true as const, afterWrite: true as const }],
])('calls a write that was answered with %s unknown, not failed', async (_what, fault) => {
  const { cf, cloudflare } = await start();
  const file = await cloudflare.readPolicy(scoped);
  cf.faults.add({ method: 'PUT', ...fault });

  const failure = await failureOf(cloudflare.writePolicy(file, admitting('ada@x.org')));

  expect(failure).toMatchObject({ name: 'TransientError', code: 'cloudflare-unavailable' });
  expect(cf.account.emails()).toContain('ada@x.org');
  expect(cf.calls.filter((call) => call.method === 'PUT')).toHaveLength(1);
});

it('notices success:false under HTTP 200', async () => {
  const { cf, cloudflare } = await start();
  const file = await cloudflare.readPolicy(scoped);
  cf.faults.add({ method: 'PUT', successFalse: true });

  const failure = await failureOf(cloudflare.writePolicy(file, admitting('ada@x.org')));

  expect(failure).toMatchObject({ name: 'PermanentError', code: 'cloudflare-refused' });
  expect(cf.account.emails()).not.toContain('ada@x.org');
});
