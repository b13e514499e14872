import { describe, expect, it } from 'vitest';
import { useSandbox, type TestSandbox } from '../harness/use-sandbox.ts';
import { BEN, channelSays, letIn, NO_TRACE, tracesOf, type Insider } from './leaving-driver.ts';
import { auditOf, cardOf, cardSays, dmSays, hasCard } from './onboarding-driver.ts';
import { ends, fillsRevoke, readsPlan, revokes, warningsIn } from './revoke-driver.ts';

const start = useSandbox();

const AMINA: Insider = {
  who: 'amina',
  name: 'Amina Diallo',
  email: 'amina.diallo@lanternhealth.example',
  serial: 'C02FJ1XQMD6T',
};
const BRUNO = 'bruno.keller@lanternhealth.example';
const revokeOf = ({ email }: Pick<Insider, 'email'>) => `/ocs-access revoke ${email}`;

/** What the DM with the proof says was found. */
async function foundIn(sandbox: TestSandbox, who = 'cara'): Promise<string> {
  const dm = await dmSays(sandbox, who, /It took/);
  return dm.slice(dm.indexOf('What was found'), dm.indexOf('(It took'));
}

/** Ana asks, and it waits for an approver. */
async function asksAna(sandbox: TestSandbox): Promise<void> {
  await fillsRevoke(sandbox, 'ana', '/ocs-access revoke @ben');
  expect((await sandbox.slack.as('ana').submits()).errors ?? {}).toEqual({});
  await cardSays(sandbox, /waiting for approval/);
}

async function approves(sandbox: TestSandbox): Promise<string> {
  await sandbox.slack.as('dina').clicks(cardOf(sandbox), 'Approve');
  return ends(sandbox);
}

describe('whatever would still let them in is closed, or named', () => {
  it('a rule for the whole domain: they are barred', async () => {
    const sandbox = await start({ cloudflare: { accessDomain: true } });
    letIn(sandbox, BEN);

    expect(warningsIn(await revokes(sandbox))).toMatchInlineSnapshot(`
      [
        "⚠️ Warning: The rule for everybody at lanternhealth.example would still let Ben Okafor in by the policy “Team access” (Open Chat Studio), so an exclude rule bars them.",
      ]
    `);
    await ends(sandbox);

    expect(tracesOf(sandbox, BEN)).toEqual(NO_TRACE);
    expect(sandbox.cloudflare.account.waysIn(BEN.email)).toEqual([]);
  });

  it('an e-mail list: they are taken out of it', async () => {
    const sandbox = await start({ cloudflare: { emailList: true } });
    const { cloudflare } = sandbox;

    const plan = await revokes(sandbox, 'cara', revokeOf(AMINA));
    expect(plan).toMatchInlineSnapshot(`
      "== Revoke access ==
      Revoke all access of Amina Diallo?
      What will be done, in 9 steps
      1. Take amina.diallo@lanternhealth.example out of the policy “Who may enrol” (device enrolment): 14 → 13 people
      2. Take address amina.diallo@lanternhealth.example out of the list “Open Chat Studio people”: 14 → 13 addresses
      3. Take serial C02FJ1XQMD6T out of the list “Lantern laptops”: 15 → 14 serials
      4. Remove the device “amina-laptop” (…MD6T)
      5. End every WARP registration of amina.diallo@lanternhealth.example
      6. End all sessions of amina.diallo@lanternhealth.example
      7. Free the seat of amina.diallo@lanternhealth.example
      8. Watch for attempts of amina.diallo@lanternhealth.example to come in again
      9. Read everything back and make sure that Amina Diallo can’t get in
      (Nothing has been done yet. It needs nobody’s approval and begins when you press the button.)
      [Revoke now] [Cancel]"
    `);
    await ends(sandbox);

    expect(tracesOf(sandbox, AMINA)).toEqual(NO_TRACE);
    expect(cloudflare.account.emails()).toContain(BRUNO);
    expect(cloudflare.account.emails()).not.toContain(AMINA.email);
  });

  it('a group and a group inside a group: they are barred where those let them in', async () => {
    const sandbox = await start({ cloudflare: { nestedGroups: true } });

    expect(warningsIn(await revokes(sandbox, 'cara', revokeOf(AMINA)))).toMatchInlineSnapshot(`
      [
        "⚠️ Warning: The group “Field and office” would still let Amina Diallo in by the policy “Team access” (Open Chat Studio), so an exclude rule bars them.",
      ]
    `);
    await ends(sandbox);

    expect(tracesOf(sandbox, AMINA)).toEqual(NO_TRACE);
    expect(sandbox.cloudflare.account.waysIn(AMINA.email)).toEqual([]);
  });

  it('somebody whom only a nested group lets in has access, and loses it', async () => {
    const sandbox = await start({ cloudflare: { nestedGroups: true } });
    const { account } = sandbox.cloudflare;

    await revokes(sandbox, 'cara', '/ocs-access revoke nested@partner.example');
    await ends(sandbox);

    expect(account.waysIn('nested@partner.example')).toEqual([]);
    expect(account.wouldAdmit(AMINA.email, AMINA.serial)).toBe(true);
  });

  it('groups of the sign-in provider: “check by hand” stands in the plan, the report and the audit channel', async () => {
    const sandbox = await start({ cloudflare: { providerGroups: true } });
    letIn(sandbox, BEN);

    expect(warningsIn(await revokes(sandbox))).toMatchInlineSnapshot(`
      [
        "⚠️ Warning: Check by hand: rules that can’t be read from here (github organization “lantern-health”, okta “Clinicians”) in the policy “Team access” (Open Chat Studio) may still let Ben Okafor in.",
      ]
    `);
    await ends(sandbox);

    expect(await foundIn(sandbox)).toMatchInlineSnapshot(`
      "What was found
      • Read back at the end: no rule that can be read from here lets Ben Okafor in, 0 devices, 0 sessions.
      • Check by hand: the policy “Team access” (Open Chat Studio) may let Ben Okafor in by rules that can’t be read from here (github organization “lantern-health”, okta “Clinicians”).
      "
    `);
    expect(await channelSays(sandbox, 'ocs-audit', /REQ-0001 is done/)).toMatch(/Check by hand/);
    expect(tracesOf(sandbox, BEN)).toEqual(NO_TRACE);
  });

  it('a bypass for everybody: they are barred, and it is said that this may not hold', async () => {
    const sandbox = await start({ cloudflare: { bypass: true } });
    letIn(sandbox, BEN);

    expect(warningsIn(await revokes(sandbox))).toMatchInlineSnapshot(`
      [
        "⚠️ Warning: The rule for everyone would still let Ben Okafor in by the policy “Open door” (Open Chat Studio), so an exclude rule bars them.",
        "⚠️ Warning: Check by hand: the policy “Open door” (Open Chat Studio) lets people through without asking who they are, so an exclude rule may not keep Ben Okafor out.",
      ]
    `);
    await ends(sandbox);

    expect(await foundIn(sandbox)).toMatchInlineSnapshot(`
      "What was found
      • Read back at the end: no rule that can be read from here lets Ben Okafor in, 0 devices, 0 sessions.
      • Check by hand: the policy “Open door” (Open Chat Studio) lets people through without asking who they are.
      "
    `);
    expect(tracesOf(sandbox, BEN)).toEqual(NO_TRACE);
  });

  it('a policy that other applications use too: the approver reads which', async () => {
    const sandbox = await start({ cloudflare: { reusable: true, appCount: 2 } });
    letIn(sandbox, BEN);

    expect(warningsIn(await revokes(sandbox))).toMatchInlineSnapshot(`
      [
        "⚠️ Warning: The policy “Team access” is shared: Ben Okafor is kept out of Wiki by it as well.",
      ]
    `);
    await ends(sandbox);

    expect(tracesOf(sandbox, BEN)).toEqual(NO_TRACE);
    expect(sandbox.cloudflare.account.waysIn(BEN.email)).toEqual([]);
  });

  it('the last address of a policy stays in it, barred', async () => {
    const sandbox = await start({ cloudflare: { people: [AMINA.email] } });
    const { account } = sandbox.cloudflare;

    expect(warningsIn(await revokes(sandbox, 'cara', revokeOf(AMINA)))).toMatchInlineSnapshot(`
      [
        "⚠️ Warning: The policy “Who may enrol” names nobody else and must not become empty: amina.diallo stays in it, and an exclude rule bars them.",
        "⚠️ Warning: The policy “Team access” names nobody else and must not become empty: amina.diallo stays in it, and an exclude rule bars them.",
      ]
    `);
    await ends(sandbox);

    expect(tracesOf(sandbox, AMINA)).toEqual(NO_TRACE);
    expect(account.emails()).toEqual([AMINA.email]);
    expect(account.waysIn(AMINA.email)).toEqual([]);
  });

  it('a second Allow policy that appeared since the bot began does not stop it', async () => {
    const sandbox = await start();
    const { account } = sandbox.cloudflare;
    letIn(sandbox, BEN);
    account.addPolicy(account.ids.app, {
      name: 'Contractors',
      include: [{ email: { email: BEN.email } }, { email: { email: 'sam@partner.example' } }],
    });

    expect(await revokes(sandbox)).toMatch(/out of the policy “Contractors”/);
    await ends(sandbox);

    expect(tracesOf(sandbox, BEN)).toEqual(NO_TRACE);
    expect(account.wouldAdmit('sam@partner.example')).toBe(true);
  });
});

describe('what others share', () => {
  it('keeps a serial number that somebody else has too, and says so', async () => {
    const sandbox = await start({ cloudflare: { sharedSerial: true } });
    const { account } = sandbox.cloudflare;

    expect(warningsIn(await revokes(sandbox, 'cara', revokeOf(AMINA)))).toMatchInlineSnapshot(`
      [
        "⚠️ Warning: The serial C02FJ1XQMD6T stays in the list “Lantern laptops”: bruno.keller@lanternhealth.example has it too, and keeps access.",
      ]
    `);
    await ends(sandbox);

    expect(account.serials()).toContain(AMINA.serial);
    expect(tracesOf(sandbox, AMINA)).toEqual({ ...NO_TRACE, serialListed: true });
    expect(await foundIn(sandbox)).toMatchInlineSnapshot(`
      "What was found
      • Read back at the end: no policy lets Amina Diallo in, 0 devices, 0 sessions.
      • The serial C02FJ1XQMD6T stays in the list “Lantern laptops”: bruno.keller@lanternhealth.example has it too.
      "
    `);
  });

  it('keeps a laptop that somebody else uses too, without the registration of the leaver', async () => {
    const sandbox = await start({ cloudflare: { sharedLaptop: true } });
    const { account } = sandbox.cloudflare;

    expect(warningsIn(await revokes(sandbox, 'cara', revokeOf(AMINA)))).toMatchInlineSnapshot(`
      [
        "⚠️ Warning: The serial C02FJ1XQMD6T stays in the list “Lantern laptops”: bruno.keller@lanternhealth.example has it too, and keeps access.",
        "⚠️ Warning: The device “amina-laptop” (…MD6T) stays, because bruno.keller@lanternhealth.example uses it too.",
      ]
    `);
    await ends(sandbox);

    expect(account.registrations(AMINA.email)).toBe(0);
    expect(account.registrations(BRUNO)).toBe(2);
    expect(account.wouldAdmit(BRUNO, AMINA.serial)).toBe(true);
  });
});

describe('what changes between the plan and the run', () => {
  it('a device that is gone already is no failure', async () => {
    const sandbox = await start();
    const { state, devicesOf } = sandbox.cloudflare.account;
    letIn(sandbox, BEN);
    await asksAna(sandbox);
    for (const { id } of devicesOf(BEN.email)) {
      state.devices.delete(id);
      for (const one of state.registrations.values()) if (one.deviceId === id) state.registrations.delete(one.id);
    }

    expect(await approves(sandbox)).toMatch(/Remove the device “ben.okafor-laptop” \(…7BEN\): was so already/);
    expect(tracesOf(sandbox, BEN)).toEqual(NO_TRACE);
  });

  it('a list that was edited keeps what others put into it', async () => {
    const sandbox = await start();
    const { account } = sandbox.cloudflare;
    letIn(sandbox, BEN);
    await asksAna(sandbox);
    account.removeListItem(account.ids.serialList, BEN.serial);
    account.addListItem(account.ids.serialList, 'C02NEW00NEW1', 'Sam <sam@partner.example>');
    account.addPerson('sam@partner.example');

    expect(await approves(sandbox)).toMatch(/Take serial 5CG0917BEN out of the list “Lantern laptops”: was so already/);
    expect(tracesOf(sandbox, BEN)).toEqual(NO_TRACE);
    expect(account.serials()).toContain('C02NEW00NEW1');
    expect(account.emails()).toContain('sam@partner.example');
  });

  it('a new way in that nobody planned for keeps the proof from holding, and is named', async () => {
    const sandbox = await start();
    const { account } = sandbox.cloudflare;
    letIn(sandbox, BEN);
    await asksAna(sandbox);
    account.editPolicy(account.ids.enrolmentPolicy, (body) => {
      body.include.push({ everyone: {} });
    });
    await sandbox.slack.as('dina').clicks(cardOf(sandbox), 'Approve');

    expect(await ends(sandbox, /Trying again: Read everything back/)).toContain(
      'the policy “Who may enrol” (device enrolment) lets Ben Okafor in by the rule for everyone',
    );
    expect(account.hasSession(BEN.email)).toBe(false);
  });
});

describe('people', () => {
  it('an approver can revoke their own access, also as the only approver', async () => {
    const sandbox = await start();
    const { slack, cloudflare } = sandbox;
    for (const one of ['dina', 'olu']) await slack.groups.remove('ocs-approvers', one);
    const cara = { email: 'cara.lindqvist@lanternhealth.example', serial: 'PF2TW6RD' };

    await revokes(sandbox, 'cara', '/ocs-access revoke @cara');
    await ends(sandbox);

    expect(cloudflare.account.waysIn(cara.email)).toEqual([]);
    expect(cloudflare.account.serials()).not.toContain(cara.serial);
  });

  it('somebody who is deactivated in Slack is found by address', async () => {
    const sandbox = await start();
    const fay: Insider = {
      who: 'fay',
      name: 'Fay Whitlock',
      email: 'fay.whitlock@lanternhealth.example',
      serial: '5CG0917FAY',
    };
    letIn(sandbox, fay);

    expect(await revokes(sandbox, 'cara', revokeOf(fay))).toContain(
      'Take fay.whitlock@lanternhealth.example out of the policy “Team access”',
    );
    await ends(sandbox);

    expect(tracesOf(sandbox, fay)).toEqual(NO_TRACE);
    expect(sandbox.slack.dms('fay')).toEqual([]);
  });

  it('somebody whom Slack does not know is found by address too, in the spelling of an old mail', async () => {
    const sandbox = await start();
    const sam: Insider = { who: 'sam', name: 'Sam', email: 'sam@partner.example', serial: '5CG0917SAM' };
    letIn(sandbox, sam);

    await revokes(sandbox, 'cara', '/ocs-access revoke Sam@Partner.example');
    await ends(sandbox);

    expect(tracesOf(sandbox, sam)).toEqual(NO_TRACE);
  });

  it('finds people in the form by a part of their name, among those who have access', async () => {
    const sandbox = await start();
    const cara = sandbox.slack.as('cara');
    await cara.types('/ocs-access revoke');
    await sandbox.slack.until(() => cara.view()?.submit, { what: 'the form' });

    expect(await cara.suggestions('person.pick', 'amin')).toEqual([expect.stringContaining('Amina Diallo')]);
    await cara.sets('person.pick', AMINA.email);
    await cara.sets('reason', 'Leaves today');
    await readsPlan(sandbox, 'cara');
    await cara.submits();
    await ends(sandbox);

    expect(tracesOf(sandbox, AMINA)).toEqual(NO_TRACE);
  });

  it('a guest is turned away before there is a form', async () => {
    const sandbox = await start();
    const gus = sandbox.slack.as('gus');
    await gus.types('/ocs-access revoke @ben');

    const view = await sandbox.slack.until(
      () =>
        gus
          .views()
          .map(sandbox.slack.text)
          .find((text) => /can’t use/.test(text)),
      { what: 'the refusal' },
    );
    expect(view).not.toMatch(/Ask for approval|Next/);
    expect(hasCard(sandbox)).toBe(false);
  });

  it('what a member asks for is denied: nothing is taken, and they read why', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    letIn(sandbox, BEN);
    const before = tracesOf(sandbox, BEN);
    await fillsRevoke(sandbox, 'ana', '/ocs-access revoke @ben');
    await slack.as('ana').submits();
    await cardSays(sandbox, /waiting for approval/);

    const dina = slack.as('dina');
    await dina.clicks(cardOf(sandbox), 'Deny');
    await slack.until(() => dina.view()?.submit, { what: 'the form for the reason' });
    await dina.sets('deny-reason', 'Ben only changes teams');
    await dina.submits();

    expect(await dmSays(sandbox, 'ana', /Ben only changes teams/)).toMatchInlineSnapshot(`
      "🚫 REQ-0001 was denied by Dina Haddad: Revoke all access of Ben Okafor.
      The reason:
      > Ben only changes teams"
    `);
    expect(tracesOf(sandbox, BEN)).toEqual(before);
    expect(await auditOf(sandbox, 'REQ-0001')).toMatchInlineSnapshot(`
      [
        "request.asked: Ana Souza asked: Revoke all access of Ben Okafor. Reason: Leaves today",
        "request.denied: Dina Haddad denied REQ-0001: Revoke all access of Ben Okafor. Reason: Ben only changes teams",
      ]
    `);
  });
});

describe('the plan that is confirmed', () => {
  it('becomes one request, however often the button is pressed', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    letIn(sandbox, BEN);
    await fillsRevoke(sandbox, 'cara', '/ocs-access revoke @ben');
    await readsPlan(sandbox, 'cara');

    slack.faults.duplicateDeliveries(1);
    await slack.as('cara').submits();
    await ends(sandbox);

    expect(slack.messages('ocs-approvals')).toHaveLength(1);
    expect(await auditOf(sandbox, 'REQ-0002')).toEqual([]);
    expect((await auditOf(sandbox, 'REQ-0001')).filter((entry) => entry.startsWith('request.asked'))).toHaveLength(1);
  });

  it('is dropped by Cancel: nothing happens, and what was typed is there the next time', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    letIn(sandbox, BEN);
    const before = tracesOf(sandbox, BEN);
    const cara = slack.as('cara');
    await fillsRevoke(sandbox, 'cara', '/ocs-access revoke @ben');
    await readsPlan(sandbox, 'cara');
    await cara.closes();

    expect(cara.view()).toBeUndefined();
    expect(hasCard(sandbox)).toBe(false);
    await cara.types('/ocs-access revoke');
    await slack.until(() => cara.view()?.submit, { what: 'the form again' });
    expect(await readsPlan(sandbox, 'cara')).toContain('Revoke all access of Ben Okafor?');
    expect(tracesOf(sandbox, BEN)).toEqual(before);
  });

  it('is not for somebody who has stopped being an approver meanwhile: it needs an approval then', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    letIn(sandbox, BEN);
    await fillsRevoke(sandbox, 'cara', '/ocs-access revoke @ben');
    await readsPlan(sandbox, 'cara');
    await slack.groups.remove('ocs-approvers', 'cara');
    await slack.as('cara').submits();

    await cardSays(sandbox, /REQ-0001 is waiting for approval/);
    expect(tracesOf(sandbox, BEN).hasSession).toBe(true);
  });
});
