import { describe, expect, it } from 'vitest';
import { add } from '../../src/actions/add.ts';
import { UserError } from '../../src/core/errors.ts';
import { withoutRepeats } from '../../src/core/plan.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { anAdd } from '../builders/a-house.ts';
import { addresses, aPolicy, domain, email, emailList, everyone, group, other, posture } from '../builders/a-policy.ts';
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

const FACTS = {
  requestId: 'REQ-0142',
  today: '2026-11-21',
  requester: { name: BEN.name, slackId: BEN.slackId },
  appUrl: 'http://ocs.lantern.example:8000',
};
const ana = email(ANA.email);
const hers = anItem('C02XK0AZJG5J', `Ana Souza <${ANA.email}> · REQ-0100 · 2026-05-01`);

function planOf(snapshot: Snapshot, input = anAdd()) {
  return withoutRepeats(add.plan(input, snapshot, FACTS));
}

/** The plan as an approver reads it: a line for each step, the stages in order, and the warnings. */
function read(snapshot: Snapshot, input = anAdd()): string {
  const { stages, warnings } = planOf(snapshot, input);
  const lines = stages.flatMap((stage, index) =>
    stage.map(
      ({ says, change, already }) =>
        `${index + 1}. ${says}${change === undefined ? '' : ` [${change}]`}${already === true ? ' [so already]' : ''}`,
    ),
  );
  return [...lines, ...warnings.map((warning) => `!  ${warning}`)].join('\n');
}

function refusal(snapshot: Snapshot, input = anAdd()): string {
  try {
    planOf(snapshot, input);
  } catch (error) {
    if (error instanceof UserError) return `${error.code} (${error.field}): ${error.message}`;
    throw error;
  }
  throw new Error('It was planned.');
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
      3. Send Ana Souza the steps to sign in"
    `);
  });

  it('keeps owner, request and date with the serial number', () => {
    expect(planOf(aSnapshot()).stages[0]?.[0]?.args).toMatchInlineSnapshot(`
      {
        "description": "Ana Souza <ana.souza@lanternhealth.example> · REQ-0142 · 2026-11-21",
        "listId": "list-serials",
        "listName": "Laptops",
        "value": "C02XK0AZJG5J",
        "what": "serial",
      }
    `);
  });

  it('keeps the whole address however long the name is', () => {
    const person = { ...ANA, name: 'Ana '.repeat(80) };

    const description = planOf(aSnapshot(), anAdd({ person })).stages[0]?.[0]?.args['description'];

    expect(description).toMatch(/^(?:Ana )+.* <ana\.souza@lanternhealth\.example> · REQ-0142 · 2026-11-21$/);
    expect(description).toMatch(/^.{190,200}$/);
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
      3. Send Ana Souza the steps to sign in"
    `);
  });

  it('does not show her the steps but the requester, when she is not in Slack', () => {
    const person = { email: 'sam@partner.example' };

    const welcome = planOf(aSnapshot(), anAdd({ person })).stages.at(-1)?.[0];

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
      3. Send Ana Souza the steps to sign in"
    `);
  });

  it('it goes there once, when enrolment reads the same list', () => {
    const enrolment = anEnrolment(anEnrolmentPolicy({ include: [emailList('list-people')] }));

    expect(read(aSnapshot({ allow, enrolment, emailLists: [anEmailList()] }))).toMatchInlineSnapshot(`
      "1. Put serial C02XK0AZJG5J into the list “Laptops” [3 → 4 serials]
      1. Put address ana.souza@lanternhealth.example into the list “Colleagues” [0 → 1 address]
      2. Send Ana Souza the steps to sign in"
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
      3. Send Ana Souza the steps to sign in"
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
  it('by an exclude rule is not added around it', () => {
    expect(refusal(aSnapshot({ allow: aPolicy({ exclude: [ana] }) }))).toMatchInlineSnapshot(
      `"person-barred (person.email): Ana Souza is barred by an exclude rule in the policy “Team”. An administrator has to lift that first."`,
    );
  });

  it('by an exclude rule of enrolment', () => {
    const enrolment = anEnrolment(anEnrolmentPolicy({ exclude: [ana] }));

    expect(refusal(aSnapshot({ enrolment }))).toContain('person-barred');
  });

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
