import { afterEach, describe, expect, it } from 'vitest';
import { ids } from '../../sandbox/cloudflare/seed-ids.ts';
import { emailOf } from '../../sandbox/cloudflare/seed-people.ts';
import type { SeedOptions } from '../../sandbox/cloudflare/seed-options.ts';
import { lost } from '../../src/actions/lost.ts';
import { revoke } from '../../src/actions/revoke.ts';
import type { EnrolledDevice } from '../../src/core/fields.ts';
import { planFacts } from '../builders/a-plan.ts';
import { anExecutor } from '../builders/an-account.ts';
import { startAdapter, type Started } from '../cloudflare/start-adapter.ts';

const LEAVER = emailOf('Amina Diallo');

let started: Started | undefined;

afterEach(async () => {
  await started?.cf.stop();
  started = undefined;
});

async function accountWith(seed: SeedOptions): Promise<Started & { readonly email: string }> {
  started = await startAdapter({ seed: { sessions: true, ...seed } });
  const [email = ''] = started.cf.account.emails();
  // Of several Allow policies the operator has named the one that people are put into.
  return { ...started, cloudflare: started.decided({ policy: ids.policy }), email };
}

/** What the account says about somebody after their access was revoked, and what the report says. */
async function revoked(seed: SeedOptions, prepare: (cf: Started['cf'], email: string) => void = () => undefined) {
  const { cf, cloudflare, email } = await accountWith(seed);
  prepare(cf, email);
  expect(cf.account.waysIn(email)).not.toEqual([]);
  const input = { person: { email }, scope: 'everything', reason: 'They left.' };

  const plan = revoke.plan(input, await cloudflare.snapshot(revoke.scope(input)), planFacts());
  const notes = await anExecutor(cloudflare).carryOut(plan);

  return { left: cf.account.waysIn(email), notes, account: cf.account };
}

describe('on an account that answers as Cloudflare does, somebody is out', () => {
  it.each<[string, SeedOptions]>([
    ['as it is', {}],
    ['with an e-mail list', { emailList: true }],
    ['with a domain rule', { accessDomain: true, enrolmentDomain: true }],
    ['with nested groups', { nestedGroups: true }],
    ['with a bypass policy', { bypass: true }],
    ['with a second Allow policy', { candidatePolicies: 1 }],
    ['with a reusable policy that another application has too', { reusable: true, appCount: 2 }],
    ['with a laptop that a colleague uses too', { sharedLaptop: true }],
    ['with a serial number that has two owners', { sharedSerial: true }],
    ['with nobody else in the policy', { people: 1, laptops: 1 }],
    ['without a device check', { requirePosture: false }],
    ['without a rule about serial numbers', { without: ['posture-rule'], requirePosture: false }],
    ['without enrolment', { without: ['enrolment-app'] }],
  ])('%s', async (_name, seed) => {
    const { left, notes } = await revoked(seed);

    expect(left).toEqual([]);
    expect(notes[0]).toMatch(
      /^Read back at the end: no (?:policy|rule that can be read from here) lets .* in, 0 devices, 0 sessions\.$/,
    );
  });

  /** Whatever Cloudflare makes of them: the simulator takes it for another address. */
  describe('with blanks around the address', () => {
    const proof = /^Read back at the end: no policy lets .* in, 0 devices, 0 sessions\.$/;

    it('in a list that has it as it should be too', async () => {
      const { left, notes, account } = await revoked({ emailList: true }, (cf, email) => {
        cf.account.addListItem(ids.emailList, ` ${email}`);
        cf.account.addListItem(ids.emailList, `${email.toUpperCase()} `);
      });

      expect(left).toEqual([]);
      expect(account.emails().map((one) => one.trim().toLowerCase())).not.toContain(LEAVER);
      expect(notes[0]).toMatch(proof);
    });

    it('in a list that lets people in', async () => {
      const { account, notes } = await revoked({ emailList: true }, (cf, email) => {
        cf.account.removeListItem(ids.emailList, email);
        cf.account.addListItem(ids.emailList, ` ${email} `);
      });

      expect(account.emails().map((one) => one.trim())).not.toContain(LEAVER);
      expect(notes[0]).toMatch(proof);
    });

    it('in a list that is to keep people out, and may not', async () => {
      const { left, notes } = await revoked({ accessDomain: true, enrolmentDomain: true }, (cf, email) => {
        const id = cf.account.addEmailList('Kept out', [` ${email}`]);
        cf.account.editPolicy(ids.policy, (body) => body.exclude.push({ email_list: { id } }));
      });

      expect(left).toEqual([]);
      expect(notes[0]).toMatch(proof);
    });
  });

  it('with rules of an identity provider, as far as anybody can tell', async () => {
    const { notes } = await revoked({ providerGroups: true });

    expect(notes.join('\n')).toContain('Check by hand');
  });
});

describe('on an account that answers as Cloudflare does, a lost laptop', () => {
  it.each([true, false])('is cut off, whether the device check is required (%s) or not', async (requirePosture) => {
    const { cf, cloudflare, email } = await accountWith({ requirePosture });
    const [laptop] = await cloudflare.devices({ of: [email] });
    if (laptop?.serial === undefined) throw new Error('There is no laptop.');
    const { id, name, serial } = laptop;
    const device: EnrolledDevice = { id, name, serial, owner: { email }, others: [] };

    const plan = lost.plan({ device }, await cloudflare.snapshot(lost.scope({ device })), planFacts());
    await anExecutor(cloudflare).carryOut(plan);

    expect(cf.account.willAdmit(email, serial)).toBe(false);
    expect(cf.account.serials()).not.toContain(serial);
    expect(cf.account.devicesOf(email)).toEqual([]);
    expect(cf.account.sessionsOf(email)).toEqual([]);
    expect(await cloudflare.devices({ ids: [id] })).toEqual([]);
  });
});
