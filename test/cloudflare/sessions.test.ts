import { afterEach, describe, expect, it } from 'vitest';
import { ids } from '../../sandbox/cloudflare/seed-ids.ts';
import type { CloudflareOptions } from '../../sandbox/cloudflare/server.ts';
import type { SessionPlace } from '../../src/core/sessions.ts';
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

const APP: SessionPlace = { kind: 'app', id: ids.app };
const POLICY: SessionPlace = { kind: 'policy', policy: scoped };
const WARP: SessionPlace = { kind: 'warp-sign-in' };
const RULE: SessionPlace = { kind: 'warp-network', ruleId: ids.gatewayRule };

const check = (duration: string, enforce = true) => ({ rule_settings: { check_session: { enforce, duration } } });

const FIRST_WAVE = ['GET access/apps', 'GET access/organizations', 'GET access/policies', 'GET gateway/rules'];

describe('reading', () => {
  it('finds every length of an ordinary account with five calls', async () => {
    const { cloudflare, routes } = await start();

    await expect(cloudflare.sessionLengths()).resolves.toEqual({
      app: { id: ids.app, name: 'Open Chat Studio', ms: 8 * HOUR_MS },
      policies: [{ ref: scoped, name: 'Team access', ms: undefined, sharedWith: [] }],
      warpSignIn: { ms: 24 * HOUR_MS, isUsed: false },
      warpNetwork: [{ ruleId: ids.gatewayRule, name: 'Staff to Open Chat Studio', ms: 24 * HOUR_MS }],
    });
    expect(routes().slice(0, 4).toSorted()).toEqual(FIRST_WAVE);
    expect(routes().slice(4)).toEqual([`GET access/apps/${ids.app}/policies`]);
  });

  it.each([
    [
      'nothing is as it comes',
      { appSession: '2h45m', policySession: '90m', warpSession: '36h', networkSession: '300s' },
    ],
    ['the policy is shared', { reusable: true, appCount: 2 as const, policySession: '12h' }],
    ['people sign in by WARP', { authenticateViaWarp: true }],
    ['WARP has no length', { warpSession: 'none' }],
    ['the network session never ends', { networkSession: 'none' }],
    ['there are several policies', { candidatePolicies: 2, bypass: true }],
  ])('agrees with the account where %s', async (_where, seed) => {
    const { cf, cloudflare } = await start({ seed });

    await expect(cloudflare.sessionLengths()).resolves.toEqual(cf.account.sessionLengths());
  });

  it('is part of a snapshot for one call more', async () => {
    const { cf, cloudflare, routes } = await start({ seed: { policySession: '12h', reusable: true, appCount: 2 } });

    const { sessions } = await cloudflare.snapshot({ sessions: true });

    expect(sessions).toEqual(cf.account.sessionLengths());
    expect(routes()).toHaveLength(8);
    expect(routes().slice(0, 5)).toContain('GET gateway/rules');
  });

  it('is no part of a snapshot that does not ask', async () => {
    const { cloudflare } = await start();

    await expect(cloudflare.snapshot()).resolves.not.toHaveProperty('sessions');
  });

  it('takes an application without a length for one of 24 hours', async () => {
    const { cf, cloudflare } = await start();
    cf.account.setSession(APP, null);

    await expect(cloudflare.sessionLengths()).resolves.toMatchObject({ app: { ms: 24 * HOUR_MS } });
  });

  it.each([
    [true, false, true],
    [false, true, false],
    [undefined, true, true],
    [undefined, false, false],
  ])('lets the application (%s) decide before the organisation (%s) about WARP', async (own, ofAll, isUsed) => {
    const { cf, cloudflare } = await start({ seed: { authenticateViaWarp: ofAll } });
    cf.account.editApp(ids.app, (body) => {
      if (own !== undefined) body['allow_authenticate_via_warp'] = own;
    });

    await expect(cloudflare.sessionLengths()).resolves.toMatchObject({ warpSignIn: { isUsed } });
  });

  it('counts only Gateway rules that end sessions, in their order', async () => {
    const { cf, cloudflare } = await start();
    const { account } = cf;
    account.addGatewayRule('Off', { ...check('1h0m0s'), enabled: false });
    account.addGatewayRule('Blocks', { ...check('1h0m0s'), action: 'block' });
    account.addGatewayRule('Names', { ...check('1h0m0s'), filters: ['dns'] });
    account.addGatewayRule('Asks nobody', check('1h0m0s', false));
    account.addGatewayRule('No settings');
    const first = account.addGatewayRule('Web', { ...check('72h0m0s'), filters: ['http'], precedence: 1 });

    await expect(cloudflare.sessionLengths()).resolves.toMatchObject({
      warpNetwork: [
        { ruleId: first, name: 'Web', ms: 72 * HOUR_MS },
        { ruleId: ids.gatewayRule, ms: 24 * HOUR_MS },
      ],
    });
  });

  it.each([
    ['application', () => APP, 'access/apps, field session_duration'],
    ['policy', () => POLICY, 'access/apps/:id/policies, field session_duration'],
    ['organisation', () => WARP, 'access/organizations, field warp_auth_session_duration'],
    ['network', () => RULE, 'gateway/rules, field check_session.duration'],
  ])('does not guess where the length of the %s can’t be read', async (_whose, place, where) => {
    const { cf, cloudflare } = await start();
    cf.account.setSession(place(), 'for a while');

    const failure = await failureOf(cloudflare.sessionLengths());

    expect(failure).toMatchObject({ name: 'PermanentError', code: 'cloudflare-unexpected-answer' });
    expect(failure.message).toContain(where);
    expect(failure.message).not.toContain('for a while');
    await expect(cloudflare.snapshot()).resolves.toBeDefined();
  });

  it('names the permission that it lacks', async () => {
    const { cf, cloudflare } = await start();
    cf.account.removePermission('Zero Trust Write');

    const failure = await failureOf(cloudflare.sessionLengths());

    expect(failure).toMatchObject({ code: 'cloudflare-permission-missing' });
    expect(failure.message).toContain('“Zero Trust → Read”, which is needed to read the Gateway rules');
  });
});
