import { afterEach, describe, expect, it } from 'vitest';
import { rule } from '../../../sandbox/cloudflare/seed-rules.ts';
import type { SeedOptions } from '../../../sandbox/cloudflare/seed-options.ts';
import { startCloudflare } from '../../../sandbox/cloudflare/server.ts';
import type { CloudflareSandbox } from '../../../sandbox/cloudflare/server.ts';
import { clientFor } from './client.ts';

let cf: CloudflareSandbox;
afterEach(() => cf.stop());

const amina = 'amina.diallo@lanternhealth.example';
const bruno = 'bruno.keller@lanternhealth.example';
const someone = 'someone.new@lanternhealth.example';

async function start(seed: SeedOptions = {}) {
  cf = await startCloudflare({ seed });
  return cf.account;
}

describe('an account', () => {
  it('can have a laptop that two people use, and a serial number with two owners', async () => {
    const account = await start({ sharedLaptop: true, sharedSerial: true });

    const [laptop] = account.devicesOf(amina);
    expect(account.devicesOf(bruno).map(({ id }) => id)).toContain(laptop?.id);
    const item = account.state.lists.get(account.ids.serialList)?.items.find(({ value }) => value === laptop?.serial);
    expect(item?.description).toBe(`Amina Diallo <${amina}> and Bruno Keller <${bruno}>`);
  });

  it('can be large: people with laptops, serial numbers, seats and sessions', async () => {
    const account = await start({ people: 300, laptops: 300, sessions: true });
    const last = 'colleague.300@lanternhealth.example';

    expect([account.emails().length, account.serials().length]).toEqual([300, 300]);
    expect([account.registrations(last), account.hasSeat(last), account.hasSession(last)]).toEqual([1, true, true]);
  });

  it.each([
    ['a domain', { accessDomain: true }, someone],
    ['a group inside a group', { nestedGroups: true }, 'nested@partner.example'],
    ['a bypass policy', { bypass: true }, 'stranger@elsewhere.example'],
    ['a reusable bypass policy', { bypass: true, reusable: true }, 'stranger@elsewhere.example'],
  ] as const)('can admit by %s, until an exclude rule says otherwise', async (_what, seed, email) => {
    const account = await start({ requirePosture: false, ...seed });
    expect(account.wouldAdmit(email)).toBe(true);

    for (const { id } of account.state.policies.values()) {
      account.editPolicy(id, (body) => body.exclude.push(rule.email(email)));
    }

    expect(account.wouldAdmit(email)).toBe(false);
  });

  it('can have a bypass policy that knows nobody, as the documentation has it', async () => {
    const account = await start({ bypass: true });
    cf.quirks.bypassExclude = 'ignored';
    account.editPolicy(account.ids.bypassPolicy, (body) => body.exclude.push(rule.email(amina)));

    expect(account.wouldAdmit(amina)).toBe(true);
  });

  it('can have groups that only the identity provider knows, which a write keeps', async () => {
    const account = await start({ providerGroups: true });
    const { result } = await clientFor(cf).zeroTrust.access.applications.policies.list(account.ids.app, {
      account_id: cf.accountId,
    });
    expect(JSON.stringify(result)).toContain('"github-organization":{"name":"lantern-health"');
    const include = [rule.github('lantern-health'), rule.okta('Clinicians'), rule.azure('aa0a4aab')];

    const path = `/accounts/${cf.accountId}/access/apps/${account.ids.app}/policies/${account.ids.policy}`;
    await clientFor(cf).put(path, { body: { name: 'Team access', decision: 'allow', include } });

    expect(account.state.policies.get(account.ids.policy)?.body.include).toEqual(include);
    expect(account.wouldAdmit(amina)).toBe(false);
  });

  it('can share a reusable policy with one more application', async () => {
    const account = await start({ reusable: true });

    account.sharePolicy(account.ids.policy, account.ids.secondApp);

    const read = await clientFor(cf).zeroTrust.access.policies.get(account.ids.policy, { account_id: cf.accountId });
    expect(read).toMatchObject({ app_count: 2 });
    expect(() => account.sharePolicy(account.ids.enrolmentPolicy, account.ids.app)).toThrow(
      'belongs to one application',
    );
  });

  it('can admit by one more list of addresses', async () => {
    const account = await start({ requirePosture: false });
    const list = account.addEmailList('Board', [someone]);
    account.editPolicy(account.ids.policy, (body) => body.include.push(rule.emailList(list)));

    expect(account.wouldAdmit(someone)).toBe(true);
    account.removeListItem(list, someone);
    expect(account.wouldAdmit(someone)).toBe(false);
  });
});

it('nobody is asked who they are at a bypass policy: no session, no seat, no row of the log', async () => {
  const account = await start({ bypass: true });
  const rows = account.state.accessLog.length;

  expect(account.login('stranger@elsewhere.example')).toBe(true);

  expect(account.state.accessLog).toHaveLength(rows);
  expect([account.hasSession('stranger@elsewhere.example'), account.hasSeat('stranger@elsewhere.example')]).toEqual([
    false,
    false,
  ]);
});
