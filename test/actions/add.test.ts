import { describe, expect, it } from 'vitest';
import { add } from '../../src/actions/add.ts';
import { withoutRepeats } from '../../src/core/plan.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import type { Stay } from '../../src/core/stay.ts';
import { anAdd } from '../builders/a-house.ts';
import { addresses, aPolicy, domain, email, emailList, everyone, group, other, posture } from '../builders/a-policy.ts';
import { aStay, endOf, planFacts, readPlan, readRefusal } from '../builders/a-plan.ts';
import { ANA, BEN } from '../builders/a-request.ts';
import {
  anEmailList,
  anEnrolment,
  anEnrolmentPolicy,
  anItem,
  aSerialList,
  aSnapshot,
  serials,
} from '../builders/a-snapshot.ts';

const ana = email(ANA.email);
const hers = anItem('C02XK0AZJG5J', `Ana Souza <${ANA.email}> · REQ-0100 · 2026-05-01`);

function planOf(snapshot: Snapshot, input = anAdd(), facts = planFacts()) {
  return withoutRepeats(add.plan(input, snapshot, facts));
}

function read(snapshot: Snapshot, input = anAdd(), facts = planFacts()): string {
  return readPlan(planOf(snapshot, input, facts));
}

function refusal(snapshot: Snapshot, input = anAdd(), facts = planFacts()): string {
  return readRefusal(() => planOf(snapshot, input, facts));
}

function withPosture(items: Parameters<typeof aSerialList>[0]): Pick<Snapshot, 'posture'> {
  return { posture: { ruleId: 'posture-serials', name: 'Known laptops', list: aSerialList(items) } };
}

describe('the plan for a new colleague', () => {
  it('registers the device, lets her enrol it, lets her in, and tells her', () => {
    expect(read(aSnapshot())).toMatchInlineSnapshot(`
      "1. Put serial C02XK0AZJG5J into the list “Laptops” [3 → 4 serials]
      1. Let ana.souza@lanternhealth.example in by the policy “Enrol devices” (device enrolment) [2 → 3 people]
      2. Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio) [2 → 3 people]
      3. Send Ana Souza the steps to sign in
      4. Keep the access of Ana Souza without an end date [so already]"
    `);
  });

  it('keeps owner, request and date with the serial number', () => {
    expect(planOf(aSnapshot()).stages[0]?.[0]?.args).toMatchInlineSnapshot(`
      {
        "items": [
          {
            "description": "Ana Souza <ana.souza@lanternhealth.example> · REQ-0142 · 2026-11-21",
            "value": "C02XK0AZJG5J",
          },
        ],
        "listId": "list-serials",
        "listName": "Laptops",
        "present": true,
        "what": "serial",
      }
    `);
  });

  it('keeps the whole address however long the name is', () => {
    const person = { ...ANA, name: 'Ana '.repeat(80) };

    const args = planOf(aSnapshot(), anAdd({ person })).stages[0]?.[0]?.args;

    expect(args).toMatchObject({
      items: [
        {
          description: expect.stringMatching(
            /^(?:Ana )+.* <ana\.souza@lanternhealth\.example> · REQ-0142 · 2026-11-21$/,
          ),
        },
      ],
    });
    expect(args).toMatchObject({ items: [{ description: expect.stringMatching(/^.{190,200}$/) }] });
  });

  it('writes a policy of the application by the application', () => {
    const allow = aPolicy({ ref: { kind: 'app', appId: 'app-ocs', id: 'policy-team' } });

    expect(planOf(aSnapshot({ allow })).stages[1]?.[0]?.args['policy']).toEqual(allow.ref);
  });

  it('warns that a policy is shared with other applications', () => {
    const allow = aPolicy({ sharedWith: ['Grafana', 'Wiki', '2 more applications'] });

    expect(read(aSnapshot({ allow }))).toContain(
      '!  The policy “Team” is shared: Ana Souza gets into Grafana, Wiki, and 2 more applications as well.',
    );
  });

  it('counts the first one right', () => {
    const allow = aPolicy({ include: [group('staff')] });

    expect(read(aSnapshot({ allow, ...withPosture([]) }))).toMatchInlineSnapshot(`
      "1. Put serial C02XK0AZJG5J into the list “Laptops” [0 → 1 serial]
      1. Let ana.souza@lanternhealth.example in by the policy “Enrol devices” (device enrolment) [2 → 3 people]
      2. Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio) [0 → 1 person]
      3. Send Ana Souza the steps to sign in
      4. Keep the access of Ana Souza without an end date [so already]"
    `);
  });

  it('does not show her the steps but the requester, when she is not in Slack', () => {
    const person = { email: 'sam@partner.example' };

    const welcome = planOf(aSnapshot(), anAdd({ person })).stages.at(-2)?.[0];

    expect(welcome?.says).toMatchInlineSnapshot(
      `"Send the requester the steps to sign in, to pass on to sam@partner.example, who is not in Slack"`,
    );
    expect(welcome?.args).toMatchObject({ slackId: BEN.slackId, isForReader: false });
  });
});

describe('where the policy reads an e-mail list', () => {
  const allow = aPolicy({ include: [emailList('list-people')] });

  it('the address goes into the list', () => {
    const emailLists = [anEmailList(addresses(14).map((address) => anItem(address)))];

    expect(read(aSnapshot({ allow, emailLists }))).toMatchInlineSnapshot(`
      "1. Put serial C02XK0AZJG5J into the list “Laptops” [3 → 4 serials]
      1. Let ana.souza@lanternhealth.example in by the policy “Enrol devices” (device enrolment) [2 → 3 people]
      2. Put address ana.souza@lanternhealth.example into the list “Colleagues” [14 → 15 addresses]
      3. Send Ana Souza the steps to sign in
      4. Keep the access of Ana Souza without an end date [so already]"
    `);
  });

  it('it goes there once, when enrolment reads the same list', () => {
    const enrolment = anEnrolment(anEnrolmentPolicy({ include: [emailList('list-people')] }));

    expect(read(aSnapshot({ allow, enrolment, emailLists: [anEmailList()] }))).toMatchInlineSnapshot(`
      "1. Put serial C02XK0AZJG5J into the list “Laptops” [3 → 4 serials]
      1. Put address ana.souza@lanternhealth.example into the list “Colleagues” [0 → 1 address]
      2. Send Ana Souza the steps to sign in
      3. Keep the access of Ana Souza without an end date [so already]"
    `);
  });

  it('she is in it already, in other letters', () => {
    const emailLists = [anEmailList([anItem('Ana.Souza@LanternHealth.example')])];

    expect(read(aSnapshot({ allow, emailLists }))).toContain('into the list “Colleagues” [so already]');
  });

  it('she is in the policy itself already', () => {
    const both = aPolicy({ include: [emailList('list-people'), ana] });

    expect(read(aSnapshot({ allow: both, emailLists: [anEmailList()] }))).toContain(
      'by the policy “Team” (Open Chat Studio) [so already]',
    );
  });

  it('and the list is gone, the address goes into the policy', () => {
    expect(read(aSnapshot({ allow }))).toContain('by the policy “Team” (Open Chat Studio)');
  });
});

describe('what is so already', () => {
  it('is shown as such and looked at again', () => {
    const allow = aPolicy({ include: [ana] });
    const enrolment = anEnrolment(anEnrolmentPolicy({ include: [ana] }));

    expect(read(aSnapshot({ allow, enrolment }))).toMatchInlineSnapshot(`
      "1. Put serial C02XK0AZJG5J into the list “Laptops” [3 → 4 serials]
      1. Let ana.souza@lanternhealth.example in by the policy “Enrol devices” (device enrolment) [so already]
      2. Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio) [so already]
      3. Send Ana Souza the steps to sign in
      4. Keep the access of Ana Souza without an end date [so already]"
    `);
  });

  it('is everything: there is nothing to ask for', () => {
    const allow = aPolicy({ include: [ana] });
    const enrolment = anEnrolment(anEnrolmentPolicy({ include: [ana] }));

    expect(refusal(aSnapshot({ allow, enrolment, ...withPosture([hers]) }))).toMatchInlineSnapshot(
      `"nothing-to-do (person.email): Ana Souza has access with this device already: there is nothing to do."`,
    );
  });

  it('is everything by wider rules', () => {
    const allow = aPolicy({ include: [domain('lanternhealth.example')], require: [] });
    const enrolment = anEnrolment(anEnrolmentPolicy({ include: [everyone] }));

    expect(refusal({ ...aSnapshot({ allow, enrolment }), posture: undefined })).toContain('nothing-to-do');
  });

  it('a domain rule lets her in, so no rule of her own is added', () => {
    const allow = aPolicy({ include: [domain('lanternhealth.example')] });

    expect(read(aSnapshot({ allow }))).toMatchInlineSnapshot(`
      "1. Put serial C02XK0AZJG5J into the list “Laptops” [3 → 4 serials]
      1. Let ana.souza@lanternhealth.example in by the policy “Enrol devices” (device enrolment) [2 → 3 people]
      2. Send Ana Souza the steps to sign in
      3. Keep the access of Ana Souza without an end date [so already]
      !  The policy “Team” lets Ana Souza in already by a wider rule (a domain, a group or everyone), so no rule is added for them."
    `);
  });
});

describe('device enrolment', () => {
  it('is left alone when a domain rule lets her enrol', () => {
    const enrolment = anEnrolment(anEnrolmentPolicy({ include: [domain('lanternhealth.example')] }));

    expect(read(aSnapshot({ enrolment }))).not.toContain('device enrolment');
  });

  it('is written once when one policy opens both doors', () => {
    const allow = aPolicy({ sharedWith: ['Warp Login App'] });
    const plan = read(aSnapshot({ allow, enrolment: anEnrolment(allow) }));

    expect(plan.match(/Let ana/g)).toHaveLength(1);
  });

  it('that nobody has set up is told', () => {
    expect(read({ ...aSnapshot(), enrolment: undefined })).toContain(
      '!  Device enrolment is not set up in this account, so nobody can connect a new device with WARP yet.',
    );
  });

  it('without a policy that allows anybody is told', () => {
    expect(read(aSnapshot({ enrolment: anEnrolment() }))).toContain(
      '!  “Warp Login App” has no Allow policy, so Ana Souza can’t enrol a device yet.',
    );
  });

  it('that may let her in by a rule that can’t be judged gets a rule of her own', () => {
    const enrolment = anEnrolment(anEnrolmentPolicy({ include: [other('okta')] }));

    expect(read(aSnapshot({ enrolment }))).toContain('(device enrolment)');
  });
});

describe('a serial number', () => {
  it('that protects nothing is told', () => {
    expect(read(aSnapshot({ allow: aPolicy({ require: [] }) }))).toContain(
      '!  The policy “Team” does not require the device check “Known laptops”, so registering the serial protects nothing: Ana Souza gets in from any enrolled device.',
    );
  });

  it('protects nothing when the policy asks for another check', () => {
    expect(read(aSnapshot({ allow: aPolicy({ require: [posture('posture-disk')] }) }))).toContain('protects nothing');
  });

  it('goes nowhere in an account without a rule for it, and that is told', () => {
    expect(read({ ...aSnapshot(), posture: undefined })).toMatchInlineSnapshot(`
      "1. Let ana.souza@lanternhealth.example in by the policy “Enrol devices” (device enrolment) [2 → 3 people]
      2. Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio) [2 → 3 people]
      3. Send Ana Souza the steps to sign in
      4. Keep the access of Ana Souza without an end date [so already]
      !  This account has no serial number rule, so no device is checked and the serial is only kept in this request."
    `);
  });

  it('of somebody else is refused, with the owner', () => {
    expect(
      refusal(aSnapshot(), anAdd({ device: { kind: 'typed', platform: 'windows', serial: 'pf1abc02' } })),
    ).toMatchInlineSnapshot(
      `"serial-taken (device.serial): PF1ABC02 is registered already, as “Person 2 <person-2@lanternhealth.example> · REQ-0001 · 2026-01-01”. Check the number. If the device really is Ana Souza’s now, have the old entry removed first."`,
    );
  });

  it('that is hers already stays', () => {
    expect(read(aSnapshot(withPosture([hers])))).toContain(
      '1. Put serial C02XK0AZJG5J into the list “Laptops” [so already]',
    );
  });

  it('that is listed in small letters is the same', () => {
    expect(read(aSnapshot(withPosture([{ ...hers, value: ' c02xk0azjg5j ' }])))).toContain('[so already]');
  });

  it('of which nobody wrote down whose it is has to be looked at', () => {
    expect(read(aSnapshot(withPosture([anItem('C02XK0AZJG5J')])))).toContain(
      '!  C02XK0AZJG5J is in the list “Laptops” already and nobody wrote down whose it is. Make sure that it is Ana Souza’s device.',
    );
  });

  it('that somebody wrote down by hand is hers if her name is there', () => {
    expect(read(aSnapshot(withPosture([anItem('C02XK0AZJG5J', 'MacBook of ana souza')])))).toContain('[so already]');
    expect(refusal(aSnapshot(withPosture([anItem('C02XK0AZJG5J', 'MacBook of Anna')])))).toContain('serial-taken');
  });
});

describe('a list or policy that fills up', () => {
  it.each([
    [899, ''],
    [900, 'The list “Laptops” holds 900 entries; the usual limit is 1,000. Clear it out soon.'],
    [999, 'The list “Laptops” holds 999 entries; the usual limit is 1,000. Clear it out soon.'],
    [1000, 'The list “Laptops” holds 1000 entries; the usual limit is 1,000. Cloudflare may refuse another one.'],
  ])('with %i serial numbers', (count, warning) => {
    expect(planOf(aSnapshot(withPosture(serials(count)))).warnings.join()).toBe(warning);
  });

  it('with 950 people in the policy', () => {
    const allow = aPolicy({ include: addresses(950).map(email) });

    expect(read(aSnapshot({ allow }))).toContain('!  The policy “Team” holds 950 entries; the usual limit is 1,000.');
  });
});

describe('somebody who is kept out', () => {
  it('by an exclude rule that names a list', () => {
    const allow = aPolicy({ exclude: [emailList('list-leavers')] });
    const emailLists = [anEmailList([anItem(ANA.email)], { id: 'list-leavers', name: 'Leavers' })];

    expect(refusal(aSnapshot({ allow, emailLists }))).toContain('person-barred');
  });

  it('by an exclude rule that names a group', () => {
    const allow = aPolicy({ exclude: [group('leavers')] });
    const groups = [{ id: 'leavers', name: 'Leavers', include: [ana], exclude: [], require: [] }];

    expect(refusal(aSnapshot({ allow, groups }))).toMatchInlineSnapshot(
      `"person-barred (person.email): Ana Souza is barred from Open Chat Studio by a group, domain or list in the policy “Team”, whatever is added to it. An administrator has to lift that first."`,
    );
  });

  it('by a require rule that no added address gets round', () => {
    const allow = aPolicy({ require: [domain('lanternhealth.example')] });
    const person = { email: 'sam@partner.example' };

    expect(refusal(aSnapshot({ allow }), anAdd({ person }))).toContain('person-barred');
  });

  it('by a Block policy that names them', () => {
    const block = aPolicy({
      ref: { kind: 'reusable', id: 'policy-block' },
      name: 'Leavers',
      decision: 'deny',
      include: [ana],
    });

    expect(refusal(aSnapshot({ policies: [block, aPolicy()] }))).toMatchInlineSnapshot(
      `"person-barred (person.email): Ana Souza is barred by the Block policy “Leavers”. An administrator has to lift that first."`,
    );
  });

  it('but not by a Block policy that spares them', () => {
    const block = aPolicy({
      name: 'All but Ana',
      decision: 'deny',
      include: [everyone, ana],
      exclude: [ana],
      require: [],
    });

    expect(read(aSnapshot({ policies: [aPolicy(), block] }))).toContain('Let ana.souza@lanternhealth.example in');
  });

  it('but not by a Bypass policy that is not for them', () => {
    const bypass = aPolicy({ name: 'Health check', decision: 'bypass', include: [everyone], exclude: [ana] });

    expect(read(aSnapshot({ policies: [aPolicy(), bypass] }))).toContain('Let ana.souza@lanternhealth.example in');
  });

  it('but not by a rule that can’t be judged from here', () => {
    const allow = aPolicy({ exclude: [other('country')], require: [other('mfa')] });

    expect(read(aSnapshot({ allow }))).toContain('Let ana.souza@lanternhealth.example in');
  });
});

describe('somebody who was barred when access was revoked or a device was lost', () => {
  it('is let in again, and the approver is told first of all', () => {
    const allow = aPolicy({ exclude: [other('country'), ana] });
    const enrolment = anEnrolment(
      anEnrolmentPolicy({ include: [ana], exclude: [email('Ana.Souza@lanternhealth.example')] }),
    );

    expect(read(aSnapshot({ allow, enrolment }))).toMatchInlineSnapshot(`
      "1. Put serial C02XK0AZJG5J into the list “Laptops” [3 → 4 serials]
      1. Let ana.souza@lanternhealth.example in by the policy “Enrol devices” (device enrolment) [so already]
      2. Lift the bar on ana.souza@lanternhealth.example in the policy “Enrol devices” (device enrolment)
      2. Lift the bar on ana.souza@lanternhealth.example in the policy “Team” (Open Chat Studio)
      2. Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio) [2 → 3 people]
      3. Send Ana Souza the steps to sign in
      4. Keep the access of Ana Souza without an end date [so already]
      !  Ana Souza was barred from device enrolment by an exclude rule in the policy “Enrol devices”, put there when access was revoked or a device was lost. This lifts it.
      !  Ana Souza was barred from Open Chat Studio by an exclude rule in the policy “Team”, put there when access was revoked or a device was lost. This lifts it."
    `);
  });

  it('and has everything else: the bar alone is lifted', () => {
    const allow = aPolicy({ include: [ana], exclude: [ana] });
    const enrolment = anEnrolment(anEnrolmentPolicy({ include: [ana] }));

    expect(read(aSnapshot({ allow, enrolment, ...withPosture([hers]) }))).toMatchInlineSnapshot(`
      "1. Put serial C02XK0AZJG5J into the list “Laptops” [so already]
      1. Let ana.souza@lanternhealth.example in by the policy “Enrol devices” (device enrolment) [so already]
      2. Lift the bar on ana.souza@lanternhealth.example in the policy “Team” (Open Chat Studio)
      2. Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio) [so already]
      3. Send Ana Souza the steps to sign in
      4. Keep the access of Ana Souza without an end date [so already]
      !  Ana Souza was barred from Open Chat Studio by an exclude rule in the policy “Team”, put there when access was revoked or a device was lost. This lifts it."
    `);
  });

  it('in another Allow policy of the application, and what else that opens is told', () => {
    const guests = aPolicy({
      ref: { kind: 'reusable', id: 'policy-guests' },
      name: 'Guests',
      exclude: [ana],
      sharedWith: ['Grafana'],
    });

    const plan = read(aSnapshot({ policies: [aPolicy(), guests] }));

    expect(plan).toContain('Lift the bar on ana.souza@lanternhealth.example in the policy “Guests” (Open Chat Studio)');
    expect(plan).toContain('This lifts it. The policy is shared, so it is lifted for Grafana as well.');
  });

  it('is lifted once where one policy opens both doors', () => {
    const allow = aPolicy({ exclude: [ana] });

    expect(read(aSnapshot({ allow, enrolment: anEnrolment(allow) })).match(/Lift the bar/g)).toHaveLength(1);
  });

  it('needs no rule of their own where a domain rule lets them in without the bar', () => {
    const allow = aPolicy({ include: [domain('lanternhealth.example')], exclude: [ana] });

    expect(read(aSnapshot({ allow }))).not.toContain('Let ana.souza@lanternhealth.example in by the policy “Team”');
  });

  it('stays out while a list keeps them out too', () => {
    const allow = aPolicy({ exclude: [ana, emailList('list-leavers')] });
    const emailLists = [anEmailList([anItem(ANA.email)], { id: 'list-leavers', name: 'Leavers' })];

    expect(refusal(aSnapshot({ allow, emailLists }))).toContain('person-barred');
  });
});

describe('access until a day', () => {
  const christmas = anAdd({ until: endOf('2026-12-24') });
  const hasAll = aSnapshot({
    allow: aPolicy({ include: [ana] }),
    enrolment: anEnrolment(anEnrolmentPolicy({ include: [ana] })),
    ...withPosture([hers]),
  });

  it('has its end before the doors open', () => {
    expect(read(aSnapshot(), christmas)).toMatchInlineSnapshot(`
      "1. Put serial C02XK0AZJG5J into the list “Laptops” [3 → 4 serials]
      1. Let ana.souza@lanternhealth.example in by the policy “Enrol devices” (device enrolment) [2 → 3 people]
      1. Let the access of Ana Souza end on 24 December 2026
      2. Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio) [2 → 3 people]
      3. Send Ana Souza the steps to sign in"
    `);
  });

  it('keeps the end, and where to look whether she was let in without one meanwhile', () => {
    const end = planOf(aSnapshot(), christmas).stages[0]?.find(({ step }) => step === 'set-end');

    expect(end?.args).toMatchInlineSnapshot(`
      {
        "day": "24 December 2026",
        "endsAt": 1798153199999,
        "entrance": {
          "kind": "policy",
          "policy": {
            "id": "policy-team",
            "kind": "reusable",
          },
        },
        "person": {
          "email": "ana.souza@lanternhealth.example",
          "name": "Ana Souza",
          "slackId": "U05ANA00001",
        },
      }
    `);
  });

  it('looks in the e-mail list where the policy reads one', () => {
    const snapshot = aSnapshot({
      allow: aPolicy({ include: [emailList('list-people')] }),
      emailLists: [anEmailList()],
    });

    expect(
      planOf(snapshot, christmas)
        .stages.flat()
        .find(({ step }) => step === 'set-end')?.args['entrance'],
    ).toEqual({
      kind: 'list',
      listId: 'list-people',
    });
  });

  it('does not shorten access without an end', () => {
    const halfway = { ...hasAll, ...withPosture([]) };

    expect(read(halfway, christmas)).toMatchInlineSnapshot(`
      "1. Put serial C02XK0AZJG5J into the list “Laptops” [0 → 1 serial]
      1. Let ana.souza@lanternhealth.example in by the policy “Enrol devices” (device enrolment) [so already]
      2. Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio) [so already]
      3. Send Ana Souza the steps to sign in
      !  Ana Souza has access without an end date already. It stays open-ended: no end date is set."
    `);
  });

  it('does not shorten access that ends later', () => {
    const halfway = { ...hasAll, ...withPosture([]) };

    expect(read(halfway, christmas, planFacts({ stays: [aStay('2027-01-31')] }))).toMatchInlineSnapshot(`
      "1. Put serial C02XK0AZJG5J into the list “Laptops” [0 → 1 serial]
      1. Let ana.souza@lanternhealth.example in by the policy “Enrol devices” (device enrolment) [so already]
      2. Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio) [so already]
      3. Send Ana Souza the steps to sign in
      !  The access of Ana Souza (31 January 2027) ends later than 24 December 2026 already. The later end date stays."
    `);
  });

  it('moves an earlier end, with nothing else to do', () => {
    expect(read(hasAll, christmas, planFacts({ stays: [aStay('2026-12-01')] }))).toMatchInlineSnapshot(`
      "1. Put serial C02XK0AZJG5J into the list “Laptops” [so already]
      1. Let ana.souza@lanternhealth.example in by the policy “Enrol devices” (device enrolment) [so already]
      1. Move the end of Ana Souza’s access to 24 December 2026
      2. Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio) [so already]"
    `);
  });

  it('takes an end away when the new access has none', () => {
    expect(read(hasAll, anAdd(), planFacts({ stays: [aStay('2026-12-01')] }))).toMatchInlineSnapshot(`
      "1. Put serial C02XK0AZJG5J into the list “Laptops” [so already]
      1. Let ana.souza@lanternhealth.example in by the policy “Enrol devices” (device enrolment) [so already]
      1. Remove the end date of Ana Souza’s access
      2. Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio) [so already]
      !  The access of Ana Souza (1 December 2026) had an end date. This takes it away: there is no end date any more."
    `);
  });

  it('is nothing to do when she has it without an end, for longer, or until that very day', () => {
    const ends: Stay[][] = [[], [aStay('2027-01-31')], [aStay('2026-12-24')]];

    expect(ends.map((stays) => refusal(hasAll, christmas, planFacts({ stays })))).toMatchInlineSnapshot(`
      [
        "nothing-to-do (person.email): Ana Souza has access with this device already: there is nothing to do. Ana Souza has access without an end date already. It stays open-ended: no end date is set.",
        "nothing-to-do (person.email): Ana Souza has access with this device already: there is nothing to do. The access of Ana Souza (31 January 2027) ends later than 24 December 2026 already. The later end date stays.",
        "nothing-to-do (person.email): Ana Souza has access with this device already: there is nothing to do.",
      ]
    `);
  });

  it('may end for somebody whom only a domain rule would let in, once they have a device', () => {
    const allow = aPolicy({ include: [domain('lanternhealth.example')] });

    expect(read(aSnapshot({ allow }), christmas)).toContain('Let the access of Ana Souza end on 24 December 2026');
    expect(read(aSnapshot({ allow, ...withPosture([{ ...hers, value: 'PF1ABC99' }]) }), christmas)).toContain(
      'It stays open-ended',
    );
    expect(read(aSnapshot({ allow: { ...allow, require: [] } }), christmas)).toContain('It stays open-ended');
  });

  it('counts a rule that can’t be judged from here for access, of those who are named', () => {
    const allow = aPolicy({ include: [ana], require: [other('country')] });

    expect(read(aSnapshot({ allow }), christmas)).toContain('It stays open-ended');
  });

  it('counts nothing for access of somebody who is barred', () => {
    const allow = aPolicy({ include: [ana], exclude: [ana] });

    expect(read(aSnapshot({ allow }), christmas)).toContain('Let the access of Ana Souza end on 24 December 2026');
  });

  it('can’t end on a day that is over', () => {
    expect(refusal(aSnapshot(), anAdd({ until: endOf('2026-11-20') }))).toMatchInlineSnapshot(
      `"end-is-past (until.date): The end date 20 November 2026 is over. Choose a day that is still to come."`,
    );
  });

  it('names the day by the operator’s clock, also at its last moment', () => {
    const midnight = Date.parse('2026-12-25T00:00:00+01:00');

    expect(read(aSnapshot(), anAdd({ until: midnight }))).toContain('end on 24 December 2026');
    expect(read(aSnapshot(), anAdd({ until: midnight }), planFacts({ timeZone: 'Asia/Tokyo' }))).toContain(
      'end on 25 December 2026',
    );
  });
});

describe('asking the colleague for the serial number', () => {
  it('is for those in Slack', () => {
    expect(add.missing(anAdd({ device: { kind: 'ask' } }))).toEqual({ field: 'device', from: ANA });
    expect(add.missing(anAdd())).toBeUndefined();
  });

  it('is refused for those who are not', () => {
    const input = anAdd({ person: { email: 'sam@partner.example' }, device: { kind: 'ask' } });

    expect(() => add.missing(input)).toThrowErrorMatchingInlineSnapshot(
      `[UserError: They are not in Slack, so they can’t be asked here. Ask them yourself and type the serial number.]`,
    );
  });
});

describe('what is asked for, in a sentence', () => {
  it.each([
    [anAdd(), 'Give Ana Souza access with their macOS device (serial number C02XK0AZJG5J)'],
    [
      anAdd({ person: { email: 'sam@partner.example' } }),
      'Give sam@partner.example access with their macOS device (serial number C02XK0AZJG5J)',
    ],
  ])('%#', (input, sentence) => {
    expect(add.describe(input)).toBe(sentence);
  });

  it('and who gains by it', () => {
    expect(add.beneficiaries(anAdd())).toEqual([ANA]);
  });
});
