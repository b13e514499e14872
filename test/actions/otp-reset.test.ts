import { describe, expect, it } from 'vitest';
import { otpReset } from '../../src/actions/otp-reset.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { aHouse, refusal } from '../builders/a-house.ts';
import { planFacts, readPlan, readRefusal } from '../builders/a-plan.ts';
import { addresses, aPolicy, domain, email, emailList, group, other } from '../builders/a-policy.ts';
import { ANA, BEN, CARA } from '../builders/a-request.ts';
import { anEmailList, anItem, aSnapshot } from '../builders/a-snapshot.ts';
import { anAccount } from '../builders/an-account.ts';

const SAM = { email: 'sam@partner.example' };
const inside = aSnapshot({ allow: aPolicy({ include: [...addresses(2), ANA.email].map(email) }) });

function input(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { person: ANA, readd: false, reason: 'No code arrives.', ...changes };
}

function planned(snapshot: Snapshot, changes: Record<string, unknown> = {}): string {
  return readPlan(otpReset.plan(input(changes), snapshot, planFacts()));
}

describe('the plan', () => {
  it('signs the person out and tells them', () => {
    expect(planned(inside)).toMatchInlineSnapshot(`
      "1. Sign ana.souza@lanternhealth.example out everywhere; WARP stays connected
      2. Tell ana.souza@lanternhealth.example how to sign in again
      !  Ana Souza is signed out of everything behind this sign-in, other applications too, and can’t sign in again for a minute. WARP stays connected."
    `);
  });

  it('takes the address out and puts it in again between the two, if that is ticked', () => {
    expect(planned(inside, { readd: true })).toMatchInlineSnapshot(`
      "1. Sign ana.souza@lanternhealth.example out everywhere; WARP stays connected
      2. Take ana.souza@lanternhealth.example out of the policy “Team” (Open Chat Studio) and put it in again
      3. Tell ana.souza@lanternhealth.example how to sign in again
      !  Ana Souza is signed out of everything behind this sign-in, other applications too, and can’t sign in again for a minute. WARP stays connected."
    `);
  });

  it('does so wherever it is spelled out: each policy, each list, once', () => {
    const people = anEmailList([anItem('Ana.Souza@lanternhealth.example ', 'Ana')]);
    const team = aPolicy({ include: [email(ANA.email), emailList('list-people')], sharedWith: ['Wiki', 'Grafana'] });
    const night = aPolicy({
      ref: { kind: 'app', appId: 'app-ocs', id: 'policy-night' },
      name: 'Night shift',
      include: [email('Ana.Souza@lanternhealth.example'), email(ANA.email), group('staff'), emailList('list-people')],
    });
    const staff = { id: 'staff', name: 'Staff', include: [email(ANA.email)], exclude: [], require: [] };
    const snapshot = aSnapshot({ allow: team, policies: [team, night], emailLists: [people], groups: [staff] });

    expect(planned(snapshot, { readd: true })).toMatchInlineSnapshot(`
      "1. Sign ana.souza@lanternhealth.example out everywhere; WARP stays connected
      2. Take ana.souza@lanternhealth.example out of the policy “Team” (Open Chat Studio) and put it in again
      2. Take ana.souza@lanternhealth.example out of the list “Colleagues” and put it in again
      2. Take ana.souza@lanternhealth.example out of the policy “Night shift” (Open Chat Studio) and put it in again
      3. Tell ana.souza@lanternhealth.example how to sign in again
      !  Ana Souza is signed out of everything behind this sign-in, other applications too, and can’t sign in again for a minute. WARP stays connected.
      !  The policy “Team” is shared: the address is out of Wiki and Grafana for a moment as well.
      !  ana.souza@lanternhealth.example stands in the group “Staff”, which I can’t change: it stays there as it is."
    `);
  });

  it('puts an entry with blanks right', async () => {
    const snapshot = aSnapshot({
      allow: aPolicy({ include: [emailList('list-people')] }),
      emailLists: [anEmailList([anItem(` ${ANA.email}`)])],
    });
    const { cloudflare, carryOut } = anAccount(snapshot);

    await carryOut(otpReset.plan(input({ readd: true }), snapshot, planFacts()));

    expect(cloudflare.valuesOf('list-people')).toEqual([ANA.email]);
  });

  it('leaves it in where it is the only rule', () => {
    const snapshot = aSnapshot({ allow: aPolicy({ include: [email(ANA.email)] }) });
    expect(planned(snapshot, { readd: true })).toMatchInlineSnapshot(`
      "1. Sign ana.souza@lanternhealth.example out everywhere; WARP stays connected
      2. Tell ana.souza@lanternhealth.example how to sign in again
      !  Ana Souza is signed out of everything behind this sign-in, other applications too, and can’t sign in again for a minute. WARP stays connected.
      !  ana.souza@lanternhealth.example is the only rule of the policy “Team”, and a policy can’t be without one: it stays there."
    `);
  });

  it('has nothing to take out of a wider rule', () => {
    const snapshot = aSnapshot({ allow: aPolicy({ include: [domain('lanternhealth.example')] }) });
    expect(planned(snapshot, { readd: true })).toMatchInlineSnapshot(`
      "1. Sign ana.souza@lanternhealth.example out everywhere; WARP stays connected
      2. Tell ana.souza@lanternhealth.example how to sign in again
      !  Ana Souza is signed out of everything behind this sign-in, other applications too, and can’t sign in again for a minute. WARP stays connected.
      !  No policy of Open Chat Studio spells ana.souza@lanternhealth.example out: a wider rule lets Ana Souza in, so there is nothing to take out and put back."
    `);
  });

  it('goes on where nobody can tell whether a policy lets them in', () => {
    const snapshot = aSnapshot({ allow: aPolicy({ include: [other('okta “Clinicians”')] }) });
    expect(planned(snapshot, { person: SAM })).toMatchInlineSnapshot(`
      "1. Sign sam@partner.example out everywhere; WARP stays connected
      2. Say what sam@partner.example has to be told
      !  sam@partner.example is signed out of everything behind this sign-in, other applications too, and can’t sign in again for a minute. WARP stays connected."
    `);
  });

  it('is refused for somebody whom no policy lets in', () => {
    expect(readRefusal(() => planned(aSnapshot()))).toMatchInlineSnapshot(
      `"no-access (person.pick): No policy of Open Chat Studio lets ana.souza@lanternhealth.example in, so no code is ever sent there and a reset does not help. Use “add” to give Ana Souza access."`,
    );
  });

  it('is refused for somebody whom an exclude rule keeps out', () => {
    const snapshot = aSnapshot({ allow: aPolicy({ include: [email(ANA.email)], exclude: [email(ANA.email)] }) });
    expect(readRefusal(() => planned(snapshot))).toMatch(/^no-access \(person\.pick\)/);
  });
});

describe('asking for it', () => {
  it('says what it is about, and gives nobody anything', () => {
    expect([otpReset.describe(input()), otpReset.describe(input({ person: SAM, readd: true }))]).toMatchInlineSnapshot(`
      [
        "Reset the sign-in of Ana Souza",
        "Reset the sign-in of sam@partner.example, taking the address out and putting it back",
      ]
    `);
    expect(otpReset.beneficiaries(input())).toEqual([]);
    expect(otpReset.about(input())).toEqual([ANA]);
  });

  it('needs nobody else where an approver asks, and an approver where somebody else does', async () => {
    const { ask } = aHouse({ snapshot: inside });
    expect((await ask('otp-reset', input(), CARA)).status).toBe('approved');
    expect((await ask('otp-reset', input(), BEN)).status).toBe('pending');
  });

  it('does not need an operator who has decided between two Allow policies', async () => {
    const { ask, scopes } = aHouse({ snapshot: inside });
    await ask('otp-reset', input(), CARA);
    expect(scopes).toEqual([{ undecided: 'first' }]);
  });

  it('is refused before anything is stored', async () => {
    const { ask, store } = aHouse({ snapshot: aSnapshot() });
    expect((await refusal(ask('otp-reset', input(), CARA))).code).toBe('no-access');
    expect(await store.unfinished()).toEqual([]);
  });
});
