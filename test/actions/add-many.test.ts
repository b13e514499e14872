import { describe, expect, it } from 'vitest';
import { addMany } from '../../src/actions/add-many.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { addresses, aPolicy, domain, email, emailList } from '../builders/a-policy.ts';
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

const NILS = { email: 'nils.holm@lanternhealth.example', name: 'Nils Holm', slackId: 'U05NILS0001' };
const SAM = { email: 'sam@partner.example' };
const ANA_S = { line: 1, person: ANA, serial: 'C02XK0AZJG5J' };
const NILS_S = { line: 2, person: NILS, serial: 'PF2NILS7' };
const SAM_S = { line: 3, person: SAM, serial: 'PF3SAM88' };
const THREE = [ANA_S, NILS_S, SAM_S];

function input(people: readonly unknown[] = THREE, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { people, reason: 'The autumn course begins.', ...changes };
}

const plan = (snapshot: Snapshot, given = input(), facts = planFacts()) => addMany.plan(given, snapshot, facts);
const read = (...given: Parameters<typeof plan>): string => readPlan(plan(...given));

function many(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    line: index + 1,
    person: { email: `new-${index + 1}@lanternhealth.example` },
    serial: `PF9NEW${String(index + 1).padStart(3, '0')}`,
  }));
}

function withSerials(count: number): Pick<Snapshot, 'posture'> {
  return { posture: { ruleId: 'posture-serials', name: 'Known laptops', list: aSerialList(serials(count)) } };
}

describe('the plan for a list of people', () => {
  it('has one step for each list and policy, and a message about each person', () => {
    expect(read(aSnapshot())).toMatchInlineSnapshot(`
      "1. Put 3 serials into the list “Laptops” [3 → 6 serials]
      1. Let 3 people in by the policy “Enrol devices” (device enrolment) [2 → 5 people]
      2. Let 3 people in by the policy “Team” (Open Chat Studio) [2 → 5 people]
      3. Send Ana Souza the steps to sign in
      3. Send Nils Holm the steps to sign in
      3. Send the requester the steps to sign in, to pass on to sam@partner.example, who is not in Slack
      4. Keep the access of 3 people without an end date [so already]"
    `);
  });

  it('shows one by one who gets what', () => {
    expect(
      plan(aSnapshot())
        .stages.flat()
        .map(({ items }) => items),
    ).toMatchInlineSnapshot(`
      [
        [
          "C02XK0AZJG5J (Ana Souza)",
          "PF2NILS7 (Nils Holm)",
          "PF3SAM88 (sam@partner.example)",
        ],
        [
          "Ana Souza (ana.souza@lanternhealth.example)",
          "Nils Holm (nils.holm@lanternhealth.example)",
          "sam@partner.example",
        ],
        [
          "Ana Souza (ana.souza@lanternhealth.example)",
          "Nils Holm (nils.holm@lanternhealth.example)",
          "sam@partner.example",
        ],
        undefined,
        undefined,
        undefined,
        undefined,
      ]
    `);
  });

  it('writes to those in Slack, and to the requester about the others', () => {
    const welcomes = plan(aSnapshot())
      .stages.at(-2)
      ?.map(({ args }) => [args['email'], args['slackId']]);

    expect(welcomes).toEqual([
      [ANA.email, ANA.slackId],
      [NILS.email, NILS.slackId],
      [SAM.email, BEN.slackId],
    ]);
  });

  it('puts them into the e-mail list that the policy reads', () => {
    const allow = aPolicy({ include: [emailList('list-people'), email(NILS.email)] });

    expect(read(aSnapshot({ allow, emailLists: [anEmailList([anItem(ANA.email)])] }))).toMatchInlineSnapshot(`
      "1. Put 3 serials into the list “Laptops” [3 → 6 serials]
      1. Let 3 people in by the policy “Enrol devices” (device enrolment) [2 → 5 people]
      2. Let nils.holm@lanternhealth.example in by the policy “Team” (Open Chat Studio) [so already]
      2. Put 2 addresses into the list “Colleagues” [1 → 2 addresses]
      3. Send Ana Souza the steps to sign in
      3. Send Nils Holm the steps to sign in
      3. Send the requester the steps to sign in, to pass on to sam@partner.example, who is not in Slack
      4. Keep the access of 3 people without an end date [so already]"
    `);
  });

  it('says once what is so for all of them', () => {
    const allow = aPolicy({ require: [], sharedWith: ['Grafana'] });

    expect(read(aSnapshot({ allow, enrolment: anEnrolment() }))).toMatchInlineSnapshot(`
      "1. Put 3 serials into the list “Laptops” [3 → 6 serials]
      2. Let 3 people in by the policy “Team” (Open Chat Studio) [2 → 5 people]
      3. Send Ana Souza the steps to sign in
      3. Send Nils Holm the steps to sign in
      3. Send the requester the steps to sign in, to pass on to sam@partner.example, who is not in Slack
      4. Keep the access of 3 people without an end date [so already]
      !  The policy “Team” does not require the device check “Known laptops”, so registering the serials protects nothing: Ana Souza, Nils Holm, and sam@partner.example get in from any enrolled device.
      !  “Warp Login App” has no Allow policy, so Ana Souza, Nils Holm, and sam@partner.example can’t enrol a device yet.
      !  The policy “Team” is shared: Ana Souza, Nils Holm, and sam@partner.example get into Grafana as well."
    `);
  });

  it('says for whom a wider rule is enough', () => {
    const allow = aPolicy({ include: [domain('lanternhealth.example')] });

    expect(read(aSnapshot({ allow }))).toMatchInlineSnapshot(`
      "1. Put 3 serials into the list “Laptops” [3 → 6 serials]
      1. Let 3 people in by the policy “Enrol devices” (device enrolment) [2 → 5 people]
      2. Let sam@partner.example in by the policy “Team” (Open Chat Studio) [0 → 1 person]
      3. Send Ana Souza the steps to sign in
      3. Send Nils Holm the steps to sign in
      3. Send the requester the steps to sign in, to pass on to sam@partner.example, who is not in Slack
      4. Keep the access of 3 people without an end date [so already]
      !  The policy “Team” lets Ana Souza and Nils Holm in already by a wider rule (a domain, a group or everyone), so no rule is added for them."
    `);
  });

  it('lifts the bars of all in one step', () => {
    const allow = aPolicy({ exclude: [email(ANA.email), email(SAM.email)] });

    expect(read(aSnapshot({ allow }))).toMatchInlineSnapshot(`
      "1. Put 3 serials into the list “Laptops” [3 → 6 serials]
      1. Let 3 people in by the policy “Enrol devices” (device enrolment) [2 → 5 people]
      2. Lift the bar on 2 people in the policy “Team” (Open Chat Studio)
      2. Let 3 people in by the policy “Team” (Open Chat Studio) [2 → 5 people]
      3. Send Ana Souza the steps to sign in
      3. Send Nils Holm the steps to sign in
      3. Send the requester the steps to sign in, to pass on to sam@partner.example, who is not in Slack
      4. Keep the access of 3 people without an end date [so already]
      !  Ana Souza and sam@partner.example were barred from Open Chat Studio by an exclude rule in the policy “Team”, put there when access was revoked or a device was lost. This lifts it."
    `);
  });

  it('sets an end for each who has none that is later', () => {
    const facts = planFacts({ stays: [aStay('2027-01-31'), aStay('2026-12-01', { person: NILS })] });

    expect(read(aSnapshot(), input(THREE, { until: endOf('2026-12-24') }), facts)).toMatchInlineSnapshot(`
      "1. Put 3 serials into the list “Laptops” [3 → 6 serials]
      1. Let 3 people in by the policy “Enrol devices” (device enrolment) [2 → 5 people]
      1. Move the end of Nils Holm’s access to 24 December 2026
      1. Let the access of sam@partner.example end on 24 December 2026
      2. Let 3 people in by the policy “Team” (Open Chat Studio) [2 → 5 people]
      3. Send Ana Souza the steps to sign in
      3. Send Nils Holm the steps to sign in
      3. Send the requester the steps to sign in, to pass on to sam@partner.example, who is not in Slack
      !  The access of Ana Souza (31 January 2027) ends later than 24 December 2026 already. The later end date stays."
    `);
  });

  it('takes the ends away when the new access has none', () => {
    const facts = planFacts({ stays: [aStay('2027-01-31'), aStay('2026-12-01', { person: NILS })] });

    expect(read(aSnapshot(), input(), facts)).toMatchInlineSnapshot(`
      "1. Put 3 serials into the list “Laptops” [3 → 6 serials]
      1. Let 3 people in by the policy “Enrol devices” (device enrolment) [2 → 5 people]
      1. Remove the end date of Ana Souza’s access
      1. Remove the end date of Nils Holm’s access
      2. Let 3 people in by the policy “Team” (Open Chat Studio) [2 → 5 people]
      3. Send Ana Souza the steps to sign in
      3. Send Nils Holm the steps to sign in
      3. Send the requester the steps to sign in, to pass on to sam@partner.example, who is not in Slack
      4. Keep the access of sam@partner.example without an end date [so already]
      !  The access of Ana Souza (31 January 2027) and Nils Holm (1 December 2026) had an end date. This takes it away: there is no end date any more."
    `);
  });

  it('gives one person two devices, with one rule and one message', () => {
    expect(read(aSnapshot(), input([ANA_S, { ...ANA_S, line: 2, serial: 'PF4SECOND' }]))).toMatchInlineSnapshot(`
      "1. Put 2 serials into the list “Laptops” [3 → 5 serials]
      1. Let ana.souza@lanternhealth.example in by the policy “Enrol devices” (device enrolment) [2 → 3 people]
      2. Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio) [2 → 3 people]
      3. Send Ana Souza the steps to sign in
      4. Keep the access of Ana Souza without an end date [so already]"
    `);
  });
});

describe('a line that can’t be carried out', () => {
  it('is left out, and the rest goes on', () => {
    const allow = aPolicy({ include: [email(NILS.email)], exclude: [emailList('list-leavers')] });
    const enrolment = anEnrolment(anEnrolmentPolicy({ include: [email(NILS.email)] }));
    const snapshot = aSnapshot({
      allow,
      enrolment,
      emailLists: [anEmailList([anItem('leaver@lanternhealth.example')], { id: 'list-leavers', name: 'Leavers' })],
      posture: {
        ruleId: 'posture-serials',
        name: 'Known laptops',
        list: aSerialList([
          anItem('PF2NILS7', `Nils Holm <${NILS.email}>`),
          anItem('PF3SAM88', 'Kim Lee <kim@partner.example>'),
        ]),
      },
    });
    const people = [
      ANA_S,
      NILS_S,
      SAM_S,
      { line: 4, person: { email: 'leaver@lanternhealth.example' }, serial: 'PF5LEAVE' },
      { line: 6, person: { email: 'new@lanternhealth.example' } },
      { line: 7, person: { email: 'new@lanternhealth.example' }, serial: 'C02XK0AZJG5J' },
      { ...ANA_S, line: 8 },
    ];

    expect(read(snapshot, input(people))).toMatchInlineSnapshot(`
      "1. Put serial C02XK0AZJG5J into the list “Laptops” [2 → 3 serials]
      1. Let ana.souza@lanternhealth.example in by the policy “Enrol devices” (device enrolment) [1 → 2 people]
      2. Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio) [1 → 2 people]
      3. Send Ana Souza the steps to sign in
      4. Keep the access of Ana Souza without an end date [so already]
      -  Line 2, Nils Holm: Nils Holm has access with this device already: there is nothing to do.
      -  Line 3, sam@partner.example: PF3SAM88 is registered already, as “Kim Lee <kim@partner.example>”. Check the number. If the device really is sam@partner.example’s now, have the old entry removed first.
      -  Line 4, leaver@lanternhealth.example: leaver@lanternhealth.example is barred by an exclude rule in the policy “Team”. An administrator has to lift that first.
      -  Line 6, new@lanternhealth.example: There is no serial number, and without one new@lanternhealth.example can’t get in. Add the serial number of their device.
      -  Line 7, new@lanternhealth.example: Line 1 gives the same serial number C02XK0AZJG5J to Ana Souza. One device belongs to one person: correct one of the lines.
      -  Line 8, Ana Souza: It says the same as line 1."
    `);
  });

  it('leaves nothing to ask for if there is no other', () => {
    const people = many(7).map(({ line, person }) => ({ line, person }));

    expect(readRefusal(() => plan(aSnapshot(), input(people)))).toMatchInlineSnapshot(
      `"nobody-left (people.text): No line of the list can be carried out. Line 1, new-1@lanternhealth.example: There is no serial number, and without one new-1@lanternhealth.example can’t get in. Add the serial number of their device. Line 2, new-2@lanternhealth.example: There is no serial number, and without one new-2@lanternhealth.example can’t get in. Add the serial number of their device. Line 3, new-3@lanternhealth.example: There is no serial number, and without one new-3@lanternhealth.example can’t get in. Add the serial number of their device. Line 4, new-4@lanternhealth.example: There is no serial number, and without one new-4@lanternhealth.example can’t get in. Add the serial number of their device. Line 5, new-5@lanternhealth.example: There is no serial number, and without one new-5@lanternhealth.example can’t get in. Add the serial number of their device. And 2 more lines."`,
    );
  });

  it('is not one without a serial number where no device is checked', () => {
    const people = [{ line: 1, person: ANA }, { line: 2, person: ANA }, SAM_S];

    expect(read({ ...aSnapshot(), posture: undefined }, input(people))).toMatchInlineSnapshot(`
      "1. Let 2 people in by the policy “Enrol devices” (device enrolment) [2 → 4 people]
      2. Let 2 people in by the policy “Team” (Open Chat Studio) [2 → 4 people]
      3. Send Ana Souza the steps to sign in
      3. Send the requester the steps to sign in, to pass on to sam@partner.example, who is not in Slack
      4. Keep the access of 2 people without an end date [so already]
      !  This account has no serial number rule, so no device is checked and the serial is only kept in this request.
      -  Line 2, Ana Souza: It says the same as line 1."
    `);
  });
});

describe('a list that is too long', () => {
  it.each([
    [998, 'The list “Laptops” holds 998 entries and the usual limit is 1,000, so only 2 more fit, and these are 3.'],
    [999, 'so only 1 more fits, and these are 3.'],
    [1000, 'so no more fit, and these are 3. Clear it out, or make the list shorter.'],
  ])('for the serial list that holds %i', (count, sentence) => {
    expect(readRefusal(() => plan(aSnapshot(withSerials(count))))).toContain(sentence);
  });

  it('for the policy', () => {
    const allow = aPolicy({ include: addresses(999).map(email) });

    expect(readRefusal(() => plan(aSnapshot({ allow })))).toMatchInlineSnapshot(
      `"no-room (people.text): The policy “Team” holds 999 entries and the usual limit is 1,000, so only 1 more fits, and these are 3. Clear it out, or make the list shorter."`,
    );
  });

  it('fits where the account evidently has a higher limit', () => {
    expect(read(aSnapshot(withSerials(1001)))).toContain('[1001 → 1004 serials]');
  });

  it('fits when most are there already', () => {
    const allow = aPolicy({ include: [...addresses(997), ANA.email, NILS.email].map(email) });

    expect(read(aSnapshot({ allow }))).toContain('[999 → 1000 people]');
  });
});

describe('200 people at once', () => {
  it('have one step for each list and policy, an end each, and one message for those who are not in Slack', () => {
    const given = input(many(200), { until: endOf('2026-12-24') });

    expect(plan(aSnapshot(withSerials(700)), given).stages.map((stage) => stage.length)).toEqual([202, 1, 1]);
  });
});

describe('what is asked for, in a sentence', () => {
  it.each([
    [THREE, 'Give 3 people access'],
    [[ANA_S, { ...ANA_S, line: 2, serial: 'PF4SECOND' }], 'Give 1 person access'],
  ])('%#', (people, sentence) => {
    expect(addMany.describe(input(people))).toBe(sentence);
  });

  it('and who gains by it, each once', () => {
    expect(addMany.beneficiaries(input([...THREE, { ...ANA_S, line: 4 }]))).toEqual([ANA, NILS, SAM]);
  });
});
