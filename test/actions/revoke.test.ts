import { describe, expect, it } from 'vitest';
import { revoke } from '../../src/actions/revoke.ts';
import type { Asking } from '../../src/core/action.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { aStay, planFacts, readPlan, readRefusal } from '../builders/a-plan.ts';
import { addresses, aPolicy, domain, email, everyone, other } from '../builders/a-policy.ts';
import { ANA, aRequest, BEN } from '../builders/a-request.ts';
import {
  aDevice,
  anEnrolment,
  anEnrolmentPolicy,
  anItem,
  aRegistration,
  aSerialList,
  aSnapshot,
  aUser,
} from '../builders/a-snapshot.ts';
import { anAccount } from '../builders/an-account.ts';

const [colleague = ''] = addresses(1);
const hers = { person: ANA, scope: 'everything', reason: 'She left.' };
const devicesOnly = { ...hers, scope: 'devices' };
const serialOf = (value: string, ...owners: readonly string[]) =>
  anItem(value, `${owners.map((owner) => `Somebody <${owner}>`).join(', ')} · REQ-0001 · 2026-01-01`);
const withSerials = (...items: ReturnType<typeof anItem>[]): Pick<Snapshot, 'posture'> => ({
  posture: { ruleId: 'posture-serials', name: 'Known laptops', list: aSerialList(items) },
});

/** Ana with everything: two rules, a serial, a device, a seat. */
function everythingOfAna(changes: Partial<Snapshot> = {}): Snapshot {
  return aSnapshot({
    allow: aPolicy({ include: [...addresses(2), ANA.email].map(email) }),
    enrolment: anEnrolment(anEnrolmentPolicy({ include: [...addresses(2), ANA.email].map(email) })),
    ...withSerials(serialOf('C02XK0AZJG5J', ANA.email), serialOf('PF1ABC01', colleague)),
    users: [aUser()],
    devices: [aDevice()],
    ...changes,
  });
}

const planOf = (snapshot: Snapshot, input = hers, facts = planFacts()) => revoke.plan(input, snapshot, facts);
const asking = (changes: Partial<Asking>): Asking => ({ actor: BEN, isSystem: false, isApprover: false, ...changes });

describe('revoking all access of a colleague', () => {
  it('closes the rules, ends what is open, frees the seat and proves it', () => {
    const facts = planFacts({ stays: [aStay('2026-12-24')] });

    expect(readPlan(planOf(everythingOfAna(), hers, facts))).toMatchInlineSnapshot(`
      "1. Take ana.souza@lanternhealth.example out of the policy “Enrol devices” (device enrolment) [3 → 2 people]
      1. Take ana.souza@lanternhealth.example out of the policy “Team” (Open Chat Studio) [3 → 2 people]
      1. Take serial C02XK0AZJG5J out of the list “Laptops” [2 → 1 serial]
      2. Remove the device “Ana’s MacBook” (…JG5J)
      2. End every WARP registration of ana.souza@lanternhealth.example
      2. End all sessions of ana.souza@lanternhealth.example
      3. Free the seat of ana.souza@lanternhealth.example
      3. Remove the end date of Ana Souza’s access
      3. Watch for attempts of ana.souza@lanternhealth.example to come in again
      4. Read everything back and make sure that Ana Souza can’t get in"
    `);
  });

  it('leaves nothing behind', async () => {
    const snapshot = everythingOfAna();
    const stay = aStay('2026-12-24');
    const { cloudflare, carryOut, stays, timers } = anAccount(snapshot, {
      sessions: { 'user-ana': 3 },
      stays: [stay],
    });

    const notes = await carryOut(planOf(snapshot, hers, planFacts({ stays: [stay] })));

    expect(notes).toEqual(['Read back at the end: no policy lets Ana Souza in, 0 devices, 0 sessions.']);
    expect(cloudflare.peopleOf('policy-team')).toEqual(addresses(2));
    expect(cloudflare.peopleOf('policy-enrol')).toEqual(addresses(2));
    expect(cloudflare.valuesOf('list-serials')).toEqual(['PF1ABC01']);
    expect(await cloudflare.devices({ of: [ANA.email] })).toEqual([]);
    expect(await cloudflare.sessions('user-ana')).toBe(0);
    expect((await cloudflare.users([ANA.email]))[0]?.hasSeat).toBe(false);
    expect([...stays.keys()]).toEqual([]);
    expect([...timers.values()].map(({ timer, at }) => [timer.kind, at - snapshot.takenAt])).toEqual([
      ['attempts', 60_000],
      ['attempts', 900_000],
    ]);
  });

  it('changes nothing when it runs a second time, but ends sessions again', async () => {
    const snapshot = everythingOfAna();
    const { cloudflare, carryOut } = anAccount(snapshot);
    const plan = planOf(snapshot);
    await carryOut(plan);
    const { length } = cloudflare.writes;

    await carryOut(plan);

    expect(cloudflare.writes.slice(length)).toEqual([`revokeSessions ${ANA.email}`]);
  });

  it('keeps the seat where the operator pays for it anyway', () => {
    const plan = planOf(everythingOfAna(), hers, planFacts({ revokeSeat: false }));

    expect(readPlan(plan)).not.toContain('seat');
  });

  it('ends what is left of somebody whose rules were taken out by hand', () => {
    const allow = aPolicy();
    const enrolment = anEnrolment(anEnrolmentPolicy());

    expect(readPlan(planOf(everythingOfAna({ allow, enrolment, ...withSerials(), devices: [] }))))
      .toMatchInlineSnapshot(`
      "1. End every WARP registration of ana.souza@lanternhealth.example
      1. End all sessions of ana.souza@lanternhealth.example
      2. Free the seat of ana.souza@lanternhealth.example
      2. Watch for attempts of ana.souza@lanternhealth.example to come in again
      3. Read everything back and make sure that Ana Souza can’t get in"
    `);
  });

  it('does not bar a second time', () => {
    const allow = aPolicy({ include: [domain('lanternhealth.example')], exclude: [email(ANA.email)] });

    const read = readPlan(planOf(everythingOfAna({ allow, enrolment: undefined })));

    expect(read).not.toContain('Bar ');
    expect(read).not.toContain('exclude rule');
  });
});

describe('what others have too', () => {
  const shared = aDevice({
    registrations: [aRegistration(), aRegistration({ id: 'registration-2', email: colleague })],
  });

  it('a device stays with its serial, and only her part of it ends', async () => {
    const snapshot = everythingOfAna({ devices: [shared] });
    const plan = planOf(snapshot);
    const { cloudflare, carryOut } = anAccount(snapshot);

    const notes = await carryOut(plan);

    expect(plan.warnings).toMatchInlineSnapshot(`
      [
        "The serial C02XK0AZJG5J stays in the list “Laptops”: person-1@lanternhealth.example has it too, and keeps access.",
        "The device “Ana’s MacBook” (…JG5J) stays, because person-1@lanternhealth.example uses it too.",
      ]
    `);
    expect(notes).toMatchInlineSnapshot(`
      [
        "Read back at the end: no policy lets Ana Souza in, 0 devices, 0 sessions.",
        "The serial C02XK0AZJG5J stays in the list “Laptops”: person-1@lanternhealth.example has it too.",
      ]
    `);
    expect(cloudflare.valuesOf('list-serials')).toContain('C02XK0AZJG5J');
    const [device] = await cloudflare.devices({ ids: [shared.id] });
    expect(device?.registrations.map((one) => one.email)).toEqual([colleague]);
  });

  it('a serial with two owners stays', () => {
    const snapshot = everythingOfAna({ devices: [], ...withSerials(serialOf('SHARED01', ANA.email, colleague)) });

    const plan = planOf(snapshot);

    expect(plan.warnings).toMatchInlineSnapshot(`
      [
        "The serial SHARED01 stays in the list “Laptops”: person-1@lanternhealth.example has it too, and keeps access.",
      ]
    `);
    expect(readPlan(plan)).not.toContain('out of the list');
    expect(plan.stages.at(-1)?.[0]?.args['keepSerials']).toEqual(['SHARED01']);
  });

  it.each([
    ['somebody who has no access any more', 'gone@elsewhere.example', true],
    ['somebody whose registration is revoked', colleague, false],
  ])('does not count %s', (_who, address, isActive) => {
    const registrations = [aRegistration(), aRegistration({ id: 'registration-2', email: address, isActive })];
    const snapshot = everythingOfAna({ devices: [aDevice({ registrations })] });

    expect(readPlan(planOf(snapshot))).toMatch(/1\. Take serial C02XK0AZJG5J[^]*2\. Remove the device/);
  });

  it('a serial that nobody wrote an owner to goes with her device', () => {
    const snapshot = everythingOfAna({ ...withSerials(anItem('c02xk0azjg5j')) });

    expect(readPlan(planOf(snapshot))).toContain('Take serial c02xk0azjg5j out of the list “Laptops”');
  });
});

describe('revoking the devices only', () => {
  it('leaves the rules alone and says what that means', async () => {
    const snapshot = everythingOfAna();
    const plan = planOf(snapshot, devicesOnly);
    const { cloudflare, carryOut } = anAccount(snapshot, { sessions: { 'user-ana': 1 } });

    const notes = await carryOut(plan);

    expect(readPlan(plan)).toMatchInlineSnapshot(`
      "1. Take serial C02XK0AZJG5J out of the list “Laptops” [2 → 1 serial]
      2. Remove the device “Ana’s MacBook” (…JG5J)
      2. End every WARP registration of ana.souza@lanternhealth.example
      2. End all sessions of ana.souza@lanternhealth.example
      3. Read back that no device of Ana Souza is registered
      !  Ana Souza keeps access and can come in again with another registered device."
    `);
    expect(notes).toMatchInlineSnapshot(`
      [
        "Read back at the end: no serial number of Ana Souza is registered, 0 devices, 0 sessions.",
      ]
    `);
    expect(cloudflare.peopleOf('policy-team')).toContain(ANA.email);
  });

  it('warns where no known device is asked for', () => {
    const allow = aPolicy({ include: [everyone], require: [] });

    expect(planOf(everythingOfAna({ allow }), devicesOnly).warnings).toMatchInlineSnapshot(`
      [
        "Ana Souza keeps access, and the policy “Team” asks for no known device: a removed device can enrol again by itself and get in.",
      ]
    `);
  });

  it('is refused when there is none', () => {
    const snapshot = everythingOfAna({ devices: [], ...withSerials() });

    expect(readRefusal(() => planOf(snapshot, devicesOnly))).toMatchInlineSnapshot(
      `"no-access (person.pick): Ana Souza has no device here: none is enrolled by ana.souza@lanternhealth.example, and no serial number is registered for them."`,
    );
  });
});

describe('somebody without access', () => {
  it('is told to be that', () => {
    expect(readRefusal(() => planOf(aSnapshot()))).toMatchInlineSnapshot(
      `"no-access (person.pick): Ana Souza has no access here: no policy lets ana.souza@lanternhealth.example in, and no device, serial number or seat is theirs. Check the address."`,
    );
  });

  it('is no insider because of a rule that nobody can read', () => {
    const allow = aPolicy({ include: [other('okta'), ...addresses(1).map(email)] });

    expect(readRefusal(() => planOf(aSnapshot({ allow })))).toContain('no-access');
    expect(readPlan(planOf(aSnapshot({ allow, users: [aUser({ hasSeat: false })] })))).toContain('Check by hand');
  });

  it('is an insider by a rule for her domain, though she never came', () => {
    const allow = aPolicy({ include: [domain('lanternhealth.example')] });

    expect(readPlan(planOf(aSnapshot({ allow })))).toContain('1. Bar ');
  });
});

describe('asking for it', () => {
  it.each([
    ['an approver', asking({ isApprover: true }), 0],
    ['the bot at an end date', asking({ isSystem: true }), 0],
    ['anybody else', asking({}), 1],
  ])('%s needs so many approvals', (_who, who, needed) => {
    expect(revoke.approvals(hers, who)).toBe(needed);
  });

  it('is described by whom it is about, and nobody gains by it', () => {
    expect([revoke.describe(hers), revoke.describe(devicesOnly)]).toEqual([
      'Revoke all access of Ana Souza',
      'Revoke the devices of Ana Souza',
    ]);
    expect(revoke.about(hers)).toEqual([ANA]);
    expect(revoke.beneficiaries(hers)).toEqual([]);
  });

  it('begins with the owner when it is opened from an incident', () => {
    expect(revoke.from?.(aRequest({ about: [ANA] })).values).toEqual({ person: { email: ANA.email } });
  });
});
