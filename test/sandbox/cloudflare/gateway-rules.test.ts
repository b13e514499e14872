import { afterEach, expect, it } from 'vitest';
import type { CloudflareOptions, CloudflareSandbox } from '../../../sandbox/cloudflare/server.ts';
import { startCheckedCloudflare } from '../../../sandbox/cloudflare/start-checked.ts';
import { clientFor, refusal } from './client.ts';

let cf: CloudflareSandbox;
afterEach(() => cf.stop());

async function start(options: CloudflareOptions = {}) {
  cf = await startCheckedCloudflare(options);
  const path = `/accounts/${cf.accountId}/gateway/rules/${cf.account.ids.gatewayRule}`;
  const client = clientFor(cf);
  return {
    client,
    path,
    put: (body: object) => client.put(path, { body }),
    rule: () => cf.account.state.gatewayRules.get(cf.account.ids.gatewayRule),
  };
}

const check = (duration: string) => ({ check_session: { enforce: true, duration } });
const valid = { name: 'Staff', action: 'allow', enabled: true, filters: ['l4'], rule_settings: check('12h') };

it('is read with the keys that only the platform sets', async () => {
  const { client, path } = await start();

  await expect(client.get(path)).resolves.toMatchObject({
    result: {
      id: cf.account.ids.gatewayRule,
      version: 3,
      read_only: false,
      sharable: false,
      schedule: null,
      deleted_at: null,
      rule_settings: check('24h0m0s'),
    },
  });
});

it('writes a duration as it always does, and counts the version up', async () => {
  const { put, rule } = await start();

  await put({ ...valid, rule_settings: check('5400s') });

  expect(rule()?.body.rule_settings).toEqual(check('1h30m0s'));
  expect(rule()?.version).toBe(4);
});

it('replaces everything: what is not sent back is gone', async () => {
  const { put, rule } = await start();

  await put({ name: 'Staff', action: 'allow' });

  expect(rule()?.body).toEqual({
    name: 'Staff',
    action: 'allow',
    description: '',
    enabled: false,
    filters: ['dns'],
    precedence: 2000,
    traffic: '',
    identity: '',
    device_posture: '',
    rule_settings: {},
  });
  expect(cf.account.sessionLengths().warpNetwork).toEqual([]);
});

it.each([
  ['no name', { action: 'allow' }],
  ['no action', { name: 'Staff' }],
  ['an unknown action', { ...valid, action: 'permit' }],
  ['two layers', { ...valid, filters: ['l4', 'http'] }],
  ['an unknown layer', { ...valid, filters: ['tcp'] }],
  ['a duration that is none', { ...valid, rule_settings: check('a day') }],
  ['a session on a rule that blocks', { ...valid, action: 'block' }],
  ['a session on a rule about names', { ...valid, filters: ['dns'] }],
  ['a session on no layer', { ...valid, filters: undefined }],
])('refuses %s and changes nothing', async (_what, body) => {
  const { put, rule } = await start();
  const before = structuredClone(rule());

  expect(await refusal(put(body))).toMatchObject({ status: 400 });

  expect(rule()).toEqual(before);
  cf.violations.length = 0;
});

it.each(['id', 'created_at', 'version', 'sharable', 'read_only', 'warning_status', 'source_account'])(
  'refuses the read-only key %s, or takes no notice of it',
  async (key) => {
    const { put, rule } = await start();
    const sent = { ...valid, [key]: 'x' };

    expect(await refusal(put(sent))).toMatchObject({ status: 400 });
    cf.quirks.readOnlyKeys = 'ignore';
    await expect(put(sent)).resolves.toBeDefined();

    expect(rule()?.body).not.toHaveProperty(key);
  },
);

it('refuses a rule of another account, and knows none that is not there', async () => {
  const { put, rule } = await start();
  const found = rule();
  if (found !== undefined) found.isReadOnly = true;

  expect(await refusal(put(valid))).toMatchObject({ status: 400 });
  cf.account.removeGatewayRule(cf.account.ids.gatewayRule);
  expect(await refusal(put(valid))).toMatchObject({ status: 404 });
});

it('asks for the permissions of Zero Trust', async () => {
  const { client, path, put } = await start();
  cf.account.setPermissions(['Zero Trust Read']);

  await expect(client.get(path)).resolves.toBeDefined();
  expect(await refusal(put(valid))).toMatchObject({ status: 403 });
});
