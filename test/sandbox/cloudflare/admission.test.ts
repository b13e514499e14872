import { afterEach, describe, expect, it } from 'vitest';
import type { CloudflareSandbox } from '../../../sandbox/cloudflare/server.ts';
import { startCloudflare } from '../../../sandbox/cloudflare/server.ts';
import type { SeedOptions } from '../../../sandbox/cloudflare/seed-options.ts';

let cf: CloudflareSandbox;
afterEach(() => cf.stop());

const minute = 60_000;
const amina = 'amina.diallo@lanternhealth.example';
const ines = 'ines.silva@lanternhealth.example';
const known = 'C02FJ1XQMD6T';

async function start(seed: SeedOptions = {}) {
  const clock = { now: Date.parse('2026-11-02T09:00:00Z') };
  cf = await startCloudflare({ seed, now: () => clock.now });
  return { clock, account: cf.account };
}

describe('who would be admitted', () => {
  it('is somebody whom the policy names, with a laptop from the list', async () => {
    const { account } = await start();

    expect(account.wouldAdmit(amina, known)).toBe(true);
    expect(account.wouldAdmit(amina.toUpperCase(), known)).toBe(true);
    expect(account.wouldAdmit(amina, 'UNKNOWN')).toBe(false);
    expect(account.wouldAdmit(amina)).toBe(false);
    expect(account.wouldAdmit(ines, known)).toBe(false);
  });

  it('is anybody named, with any laptop, when the policy does not require the check', async () => {
    const { account } = await start({ requirePosture: false });

    expect(account.wouldAdmit(amina)).toBe(true);
  });

  it('lags behind the list by the schedule of the posture rule, both ways', async () => {
    const { account, clock } = await start();

    account.addListItem(account.ids.serialList, 'NEW1234');
    account.removeListItem(account.ids.serialList, known);
    clock.now += 5 * minute - 1;
    expect([account.wouldAdmit(amina, 'NEW1234'), account.wouldAdmit(amina, known)]).toEqual([false, true]);

    clock.now += 1;
    expect([account.wouldAdmit(amina, 'NEW1234'), account.wouldAdmit(amina, known)]).toEqual([true, false]);
  });

  it('does not see a serial that was there only for a moment', async () => {
    const { account, clock } = await start();

    account.addListItem(account.ids.serialList, 'BRIEF');
    clock.now += minute;
    account.removeListItem(account.ids.serialList, 'BRIEF');
    clock.now += 10 * minute;

    expect(account.wouldAdmit(amina, 'BRIEF')).toBe(false);
  });

  it('compares serials exactly, unless told otherwise', async () => {
    const { account } = await start();

    expect(account.wouldAdmit(amina, known.toLowerCase())).toBe(false);
    cf.quirks.serialCase = 'ignore';
    expect(account.wouldAdmit(amina, known.toLowerCase())).toBe(true);
  });

  it('sees through e-mail lists, groups and whole domains', async () => {
    const { account } = await start({ emailList: true, requirePosture: false });
    expect([account.wouldAdmit(amina), account.wouldAdmit(ines)]).toEqual([true, false]);

    account.addListItem(account.ids.emailList, ines);
    expect(account.wouldAdmit(ines)).toBe(true);

    const group = account.addGroup({ name: 'Guests', include: [{ email: { email: 'guest@partner.example' } }] });
    account.editPolicy(account.ids.policy, (body) => body.include.push({ group: { id: group } }));
    expect(account.wouldAdmit('guest@partner.example')).toBe(true);

    account.editPolicy(account.ids.policy, (body) => {
      body.include = [{ email_domain: { domain: 'lanternhealth.example' } }];
    });
    expect(account.wouldAdmit('nobody.yet@lanternhealth.example')).toBe(true);
    expect(account.wouldAdmit('nobody.yet@not-lanternhealth.example')).toBe(false);
  });

  it('is not somebody excluded, and a Block policy before an Allow wins', async () => {
    const { account } = await start({ requirePosture: false });
    account.editPolicy(account.ids.policy, (body) => body.exclude.push({ email: { email: amina } }));
    expect(account.admission(amina)).toEqual({ admitted: false, because: 'no policy matches' });

    const rules = { include: [{ email: { email: 'mei.tanaka@lanternhealth.example' } }] };
    const block = account.addPolicy(account.ids.app, { name: 'Out', decision: 'deny', ...rules });
    expect(account.wouldAdmit('mei.tanaka@lanternhealth.example')).toBe(true);
    for (const policy of account.state.policies.values()) policy.precedence = policy.id === block ? 1 : 2;
    expect(account.admission('mei.tanaka@lanternhealth.example').because).toBe('policy "Out" (deny)');
  });

  it('is everybody when there is a bypass policy, wherever it stands', async () => {
    const { account } = await start();

    account.addPolicy(account.ids.app, { name: 'Open door', decision: 'bypass', include: [{ everyone: {} }] });

    expect(account.wouldAdmit('stranger@elsewhere.example')).toBe(true);
  });
});

describe('who could enrol', () => {
  it('is whom the enrolment application names, or everybody of the domain', async () => {
    const { account } = await start();
    expect([account.couldEnrol(amina), account.couldEnrol(ines)]).toEqual([true, false]);

    cf.reset({ enrolmentDomain: true });
    expect([account.couldEnrol(ines), account.couldEnrol('x@partner.example')]).toEqual([true, false]);

    cf.reset({ without: ['enrolment-app'] });
    expect(account.couldEnrol(amina)).toBe(false);
  });

  it('gets a device and a registration by enrolling, and nobody else does', async () => {
    const { account } = await start();

    expect(account.enrol(ines, 'NEW1234')).toBe(false);
    account.addPerson(ines, account.ids.enrolmentPolicy);
    expect(account.enrol(ines, 'NEW1234')).toBe(true);

    expect(account.registrations(ines)).toBe(1);
    expect([...account.state.devices.values()].map((device) => device.serial)).toContain('NEW1234');
  });
});

it('a login leaves a session and a row of the log, a refusal only the row', async () => {
  const { account } = await start();
  const rows = account.state.accessLog.length;

  expect([account.login(amina, known), account.login(ines, known)]).toEqual([true, false]);

  expect([account.hasSession(amina), account.hasSession(ines)]).toEqual([true, false]);
  expect(account.state.accessLog.slice(rows).map((row) => row.allowed)).toEqual([true, false]);
});
