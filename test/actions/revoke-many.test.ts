import { describe, expect, it } from 'vitest';
import { revokeMany } from '../../src/actions/revoke-many.ts';
import { flatten } from '../../src/core/plan.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { planFacts, readPlan, readRefusal } from '../builders/a-plan.ts';
import { addresses, aPolicy, domain, email } from '../builders/a-policy.ts';
import {
  aDevice,
  anEmailList,
  anEnrolment,
  anEnrolmentPolicy,
  anItem,
  aRegistration,
  aSerialList,
  aSnapshot,
  aUser,
  serials,
} from '../builders/a-snapshot.ts';
import { anAccount } from '../builders/an-account.ts';

/** So many people with a rule, a right to enrol, a serial, a device and a seat each. */
function accountOf(count: number, changes: Partial<Snapshot> = {}): Snapshot {
  const people = addresses(count);
  return aSnapshot({
    allow: aPolicy({ include: [...people, 'stays@lanternhealth.example'].map(email) }),
    enrolment: anEnrolment(anEnrolmentPolicy({ include: [...people, 'stays@lanternhealth.example'].map(email) })),
    posture: { ruleId: 'posture-serials', name: 'Known laptops', list: aSerialList(serials(count)) },
    users: people.map((address, at) => aUser({ id: `user-${at}`, email: address, seatUid: `seat-${at}` })),
    devices: people.map((address, at) =>
      aDevice({
        id: `device-${at}`,
        serial: serials(count)[at]?.value,
        registrations: [aRegistration({ id: `registration-${at}`, email: address })],
      }),
    ),
    ...changes,
  });
}

function listOf(...emails: readonly string[]) {
  const people = emails.map((address, at) => ({ line: at + 1, person: { email: address } }));
  return { people, scope: 'everything', reason: 'The project is over.' };
}

describe('revoking the access of several people', () => {
  it('is one plan', () => {
    const plan = revokeMany.plan(listOf(...addresses(3)), accountOf(3), planFacts());

    expect(readPlan(plan)).toMatchInlineSnapshot(`
      "1. Take 3 people out of the policy “Enrol devices” (device enrolment) [4 → 1 person]
      1. Take 3 people out of the policy “Team” (Open Chat Studio) [4 → 1 person]
      1. Take 3 serials out of the list “Laptops” [3 → 0 serials]
      2. Remove 3 devices
      2. End every WARP registration of 3 people
      2. End all sessions of person-1@lanternhealth.example
      2. End all sessions of person-2@lanternhealth.example
      2. End all sessions of person-3@lanternhealth.example
      3. Free 3 seats
      3. Watch for attempts of 3 people to come in again
      4. Read everything back and make sure that 3 people can’t get in"
    `);
    expect(flatten(plan).map(({ step, items }) => [step, items])).toMatchInlineSnapshot(`
      [
        [
          "policy-emails",
          [
            "person-1@lanternhealth.example",
            "person-2@lanternhealth.example",
            "person-3@lanternhealth.example",
          ],
        ],
        [
          "policy-emails",
          [
            "person-1@lanternhealth.example",
            "person-2@lanternhealth.example",
            "person-3@lanternhealth.example",
          ],
        ],
        [
          "list-items",
          [
            "PF1ABC01 (person-1@lanternhealth.example)",
            "PF1ABC02 (person-2@lanternhealth.example)",
            "PF1ABC03 (person-3@lanternhealth.example)",
          ],
        ],
        [
          "remove-devices",
          [
            "Ana’s MacBook (person-1@lanternhealth.example)",
            "Ana’s MacBook (person-2@lanternhealth.example)",
            "Ana’s MacBook (person-3@lanternhealth.example)",
          ],
        ],
        [
          "end-registrations",
          [
            "person-1@lanternhealth.example",
            "person-2@lanternhealth.example",
            "person-3@lanternhealth.example",
          ],
        ],
        [
          "revoke-sessions",
          undefined,
        ],
        [
          "revoke-sessions",
          undefined,
        ],
        [
          "revoke-sessions",
          undefined,
        ],
        [
          "free-seats",
          [
            "person-1@lanternhealth.example",
            "person-2@lanternhealth.example",
            "person-3@lanternhealth.example",
          ],
        ],
        [
          "watch-attempts",
          undefined,
        ],
        [
          "prove-out",
          undefined,
        ],
      ]
    `);
  });

  it('names the lines that it leaves out, and why', () => {
    const list = listOf('person-1@lanternhealth.example', 'nobody@elsewhere.example', 'person-1@lanternhealth.example');

    expect(revokeMany.plan(list, accountOf(1), planFacts()).leftOut).toMatchInlineSnapshot(`
      [
        {
          "line": "Line 2, nobody@elsewhere.example",
          "why": "nobody@elsewhere.example has no access, no device and no seat here, so there is nothing to revoke. Check the address.",
        },
        {
          "line": "Line 3, person-1@lanternhealth.example",
          "why": "It says the same as line 1.",
        },
      ]
    `);
  });

  it('says what remains without them', () => {
    const list = listOf('person-1@lanternhealth.example', 'nobody@elsewhere.example', 'person-1@lanternhealth.example');

    expect(revokeMany.plan(list, accountOf(1), planFacts()).remaining).toMatchObject({
      says: 'Revoke all access of 1 person',
      people: [{ email: 'person-1@lanternhealth.example' }],
    });
  });

  it('is refused when nobody is left', () => {
    expect(
      readRefusal(() => revokeMany.plan(listOf('nobody@elsewhere.example'), accountOf(1), planFacts())),
    ).toMatchInlineSnapshot(
      `"nobody-left (people.text): No line of the list can be carried out. Line 1, nobody@elsewhere.example: nobody@elsewhere.example has no access, no device and no seat here, so there is nothing to revoke. Check the address."`,
    );
  });

  it('takes a device along that two of them share', () => {
    const [one = '', two = ''] = addresses(2);
    const registrations = [aRegistration({ id: 'a', email: one }), aRegistration({ id: 'b', email: two })];
    const snapshot = accountOf(2, { devices: [aDevice({ registrations })] });

    expect(readPlan(revokeMany.plan(listOf(one, two), snapshot, planFacts()))).toContain('2. Remove the device');
    expect(revokeMany.plan(listOf(one), snapshot, planFacts()).warnings.join()).toContain('stays, because');
  });

  it('says once which rule would still let them in', () => {
    const allow = aPolicy({ include: [domain('lanternhealth.example')] });

    expect(revokeMany.plan(listOf(...addresses(5)), accountOf(5, { allow }), planFacts()).warnings)
      .toMatchInlineSnapshot(`
      [
        "The rule for everybody at lanternhealth.example would still let 5 people in by the policy “Team” (Open Chat Studio), so an exclude rule bars them.",
      ]
    `);
  });

  it('keeps the last one of a policy in it, barred', async () => {
    const people = addresses(2);
    const snapshot = accountOf(2, { allow: aPolicy({ include: people.map(email) }) });
    const plan = revokeMany.plan(listOf(...people), snapshot, planFacts());
    const { cloudflare, carryOut } = anAccount(snapshot);

    await carryOut(plan);

    expect(plan.warnings).toMatchInlineSnapshot(`
      [
        "The policy “Team” names nobody else and must not become empty: person-2@lanternhealth.example stays in it, and an exclude rule bars them.",
      ]
    `);
    expect([cloudflare.peopleOf('policy-team'), cloudflare.barredBy('policy-team')]).toEqual([
      [people[1]],
      [people[1]],
    ]);
  });

  it('works for 200 people, with one write for each thing that they share', async () => {
    const people = addresses(200);
    const allow = aPolicy({ include: [{ kind: 'email-list', listId: 'list-people' }] });
    const emailLists = [anEmailList(people.map((address) => anItem(address)))];
    const snapshot = accountOf(200, { allow, emailLists });
    const { cloudflare, carryOut } = anAccount(snapshot, { sessions: { 'user-7': 2 } });

    const notes = await carryOut(revokeMany.plan(listOf(...people), snapshot, planFacts()));

    expect(notes).toEqual(['Read back at the end: no policy lets 200 people in, 0 devices, 0 sessions.']);
    const kinds = cloudflare.writes.map((write) => write.split(' ')[0]);
    expect(kinds.filter((kind) => kind !== 'revokeSessions' && kind !== 'deleteDevice')).toEqual([
      'writePolicy',
      'removeFromList',
      'removeFromList',
      'deleteRegistrations',
      'freeSeats',
    ]);
  });

  it('is described by how many there are, each counted once', () => {
    const [one = ''] = addresses(1);

    expect(revokeMany.describe(listOf(...addresses(12)))).toBe('Revoke all access of 12 people');
    expect(revokeMany.describe({ ...listOf(one, one), scope: 'devices' })).toBe('Revoke the devices of 1 person');
  });
});
