import { afterEach, describe, expect, it } from 'vitest';
import type { SeedOptions } from '../../../sandbox/cloudflare/seed-options.ts';
import { startCheckedCloudflare } from '../../../sandbox/cloudflare/start-checked.ts';
import type { CloudflareSandbox } from '../../../sandbox/cloudflare/server.ts';
import { clientFor } from './client.ts';

let cf: CloudflareSandbox;
afterEach(() => cf.stop());

const AMINA = 'amina.diallo@lanternhealth.example';
const LAPTOP = 'C02FJ1XQMD6T';
const HOUR = 3_600_000;

async function start(seed: SeedOptions = {}) {
  const clock = { now: Date.parse('2026-03-02T09:00:00Z') };
  cf = await startCheckedCloudflare({ seed, now: () => clock.now });
  return { account: cf.account, clock };
}

describe('somebody stays signed in', () => {
  it.each<[string, SeedOptions, string | undefined, number]>([
    ['for as long as the application says', { appSession: '4h' }, LAPTOP, 4],
    ['for as long as the policy says', { appSession: '4h', policySession: '12h' }, LAPTOP, 12],
    ['for as long as WARP says, if they may come by it', { authenticateViaWarp: true, warpSession: '36h' }, LAPTOP, 36],
    ['for a day by WARP without a length', { authenticateViaWarp: true, warpSession: 'none' }, LAPTOP, 24],
    ['whatever WARP says, without a client', { authenticateViaWarp: true, warpSession: '36h' }, undefined, 8],
    ['whatever WARP says, if they may not come by it', { warpSession: '36h' }, LAPTOP, 8],
  ])('%s', async (_how, seed, serial, hours) => {
    const { account, clock } = await start({ ...seed, requirePosture: false });
    account.login(AMINA, serial);

    clock.now += hours * HOUR - 1;
    expect(account.hasSession(AMINA)).toBe(true);
    clock.now += 1;
    expect(account.hasSession(AMINA)).toBe(false);
  });

  it('for the length of the moment when they signed in', async () => {
    const { account, clock } = await start();
    account.login(AMINA, LAPTOP);

    account.setSession({ kind: 'app', id: account.ids.app }, '4h');
    clock.now += 5 * HOUR;

    expect(account.hasSession(AMINA)).toBe(true);
  });
});

describe('the history of the lengths', () => {
  it('begins with the seed and has every change since, in order', async () => {
    const { account, clock } = await start();
    const account_id = cf.accountId;

    clock.now += HOUR;
    account.setSession({ kind: 'warp-network', ruleId: account.ids.gatewayRule }, '72h0m0s');
    account.editPolicy(account.ids.policy, (policy) => (policy['session_duration'] = '12h'));
    await clientFor(cf).zeroTrust.organizations.update({
      account_id,
      name: 'Lantern Health',
      auth_domain: 'lantern-health.cloudflareaccess.com',
      warp_auth_session_duration: '48h',
    });
    account.editApp(account.ids.app, (app) => (app['tags'] = ['no length']));

    const began = clock.now - HOUR;
    expect(
      account
        .sessionHistory()
        .map(({ at, by, lengths: { policies, warpSignIn, warpNetwork } }) => [
          at - began,
          by,
          ...[policies[0]?.ms, warpSignIn.ms, warpNetwork[0]?.ms].map((ms) => ms && ms / HOUR),
        ]),
    ).toEqual([
      [0, 'seed', undefined, 24, 24],
      [HOUR, 'dashboard', undefined, 24, 72],
      [HOUR, 'dashboard', 12, 24, 72],
      [HOUR, 'api', 12, 48, 72],
    ]);
  });

  it('begins anew with the account', async () => {
    const { account } = await start();
    account.setSession({ kind: 'warp-sign-in' }, '48h');

    cf.reset();

    expect(account.sessionHistory()).toHaveLength(1);
  });
});

it('lists the login methods that the account was seeded with, all of them offered', async () => {
  const { account } = await start({ loginMethods: ['google', 'onetimepin'] });

  const { result } = await clientFor(cf).zeroTrust.identityProviders.list({ account_id: cf.accountId });

  expect(result.map(({ type }) => type)).toEqual(['google', 'onetimepin']);
  expect(account.state.apps.get(account.ids.app)?.body['allowed_idps']).toEqual(result.map(({ id }) => id));
});
