import { describe, expect, it } from 'vitest';
import { revoke } from '../../src/actions/revoke.ts';
import { admittedBy, ruleContext, type Policy, type Snapshot } from '../../src/core/snapshot.ts';
import { planFacts, readPlan } from '../builders/a-plan.ts';
import { addresses, aPolicy, domain, email, emailList, everyone, group, other, posture } from '../builders/a-policy.ts';
import { ANA } from '../builders/a-request.ts';
import { anAccount } from '../builders/an-account.ts';
import { anEmailList, anEnrolment, anEnrolmentPolicy, anItem, aSnapshot, aUser } from '../builders/a-snapshot.ts';

const COLLEAGUES = addresses(2);
const colleagues = COLLEAGUES.map(email);
const ana = email(ANA.email);
const hers = { person: ANA, scope: 'everything', reason: 'She left.' };
const second = (changes: Partial<Policy>): Policy =>
  aPolicy({ ref: { kind: 'app', appId: 'app-ocs', id: 'policy-second' }, name: 'Second', ...changes });
const staff = (include: Policy['include'], id = 'staff', name = 'Staff'): Snapshot['groups'][number] => ({
  id,
  name,
  include,
  exclude: [],
  require: [],
});
const listed = anEmailList([
  anItem('Ana.Souza@LanternHealth.example', 'since May'),
  ...COLLEAGUES.map((one) => anItem(one)),
]);

interface Case {
  readonly by: string;
  readonly account: Partial<Snapshot>;
  /** What is done to the rules, and what the approver is told. */
  readonly plan: readonly string[];
}

const CASES: readonly Case[] = [
  {
    by: 'her address',
    account: { allow: aPolicy({ include: [ana, ...colleagues] }) },
    plan: ['1. Take ana.souza@lanternhealth.example out of the policy “Team” (Open Chat Studio) [3 → 2 people]'],
  },
  {
    by: 'her address in capitals',
    account: { allow: aPolicy({ include: [email('ANA.Souza@lanternhealth.example'), ...colleagues] }) },
    plan: ['1. Take ana.souza@lanternhealth.example out of the policy “Team” (Open Chat Studio) [3 → 2 people]'],
  },
  {
    by: 'a rule for her domain',
    account: { allow: aPolicy({ include: [domain('lanternhealth.example')] }) },
    plan: [
      '1. Bar ana.souza@lanternhealth.example from the policy “Team” (Open Chat Studio) [0 → 1 exclude rule]',
      '!  The rule for everybody at lanternhealth.example would still let Ana Souza in by the policy “Team” (Open Chat Studio), so an exclude rule bars them.',
    ],
  },
  {
    by: 'her address and a rule for her domain',
    account: { allow: aPolicy({ include: [ana, domain('lanternhealth.example')] }) },
    plan: [
      '1. Take ana.souza@lanternhealth.example out of the policy “Team” (Open Chat Studio) [1 → 0 people]',
      '1. Bar ana.souza@lanternhealth.example from the policy “Team” (Open Chat Studio) [0 → 1 exclude rule]',
      '!  The rule for everybody at lanternhealth.example would still let Ana Souza in by the policy “Team” (Open Chat Studio), so an exclude rule bars them.',
    ],
  },
  {
    by: 'an e-mail list',
    account: { allow: aPolicy({ include: [emailList('list-people')] }), emailLists: [listed] },
    plan: ['1. Take address Ana.Souza@LanternHealth.example out of the list “Colleagues” [3 → 2 addresses]'],
  },
  {
    by: 'an e-mail list that bars people elsewhere',
    account: {
      allow: aPolicy({ include: [emailList('list-people')] }),
      policies: [
        aPolicy({ include: [emailList('list-people')] }),
        second({ include: colleagues, exclude: [emailList('list-people')] }),
      ],
      emailLists: [listed],
    },
    plan: [
      '1. Bar ana.souza@lanternhealth.example from the policy “Team” (Open Chat Studio) [0 → 1 exclude rule]',
      '!  The e-mail list “Colleagues” would still let Ana Souza in by the policy “Team” (Open Chat Studio), so an exclude rule bars them.',
    ],
  },
  {
    by: 'a rule for everyone',
    account: { allow: aPolicy({ include: [everyone] }) },
    plan: [
      '1. Bar ana.souza@lanternhealth.example from the policy “Team” (Open Chat Studio) [0 → 1 exclude rule]',
      '!  The rule for everyone would still let Ana Souza in by the policy “Team” (Open Chat Studio), so an exclude rule bars them.',
    ],
  },
  {
    by: 'a group',
    account: { allow: aPolicy({ include: [group('staff')] }), groups: [staff([ana, ...colleagues])] },
    plan: [
      '1. Bar ana.souza@lanternhealth.example from the policy “Team” (Open Chat Studio) [0 → 1 exclude rule]',
      '!  The group “Staff” would still let Ana Souza in by the policy “Team” (Open Chat Studio), so an exclude rule bars them.',
    ],
  },
  {
    by: 'a group in a group',
    account: {
      allow: aPolicy({ include: [group('all')] }),
      groups: [staff([group('staff')], 'all', 'All'), staff([domain('lanternhealth.example')])],
    },
    plan: [
      '1. Bar ana.souza@lanternhealth.example from the policy “Team” (Open Chat Studio) [0 → 1 exclude rule]',
      '!  The group “All” would still let Ana Souza in by the policy “Team” (Open Chat Studio), so an exclude rule bars them.',
    ],
  },
  {
    by: 'a reusable policy that other applications use too',
    account: { allow: aPolicy({ include: [ana, domain('lanternhealth.example')], sharedWith: ['Grafana', 'Wiki'] }) },
    plan: [
      '1. Take ana.souza@lanternhealth.example out of the policy “Team” (Open Chat Studio) [1 → 0 people]',
      '1. Bar ana.souza@lanternhealth.example from the policy “Team” (Open Chat Studio) [0 → 1 exclude rule]',
      '!  The rule for everybody at lanternhealth.example would still let Ana Souza in by the policy “Team” (Open Chat Studio), so an exclude rule bars them.',
      '!  The policy “Team” is shared: Ana Souza is kept out of Grafana and Wiki by it as well.',
    ],
  },
  {
    by: 'a second Allow policy',
    account: { policies: [aPolicy(), second({ include: [ana, ...colleagues] })] },
    plan: ['1. Take ana.souza@lanternhealth.example out of the policy “Second” (Open Chat Studio) [3 → 2 people]'],
  },
  {
    by: 'a second Allow policy for her domain',
    account: { policies: [aPolicy(), second({ include: [domain('lanternhealth.example')] })] },
    plan: [
      '1. Bar ana.souza@lanternhealth.example from the policy “Second” (Open Chat Studio) [0 → 1 exclude rule]',
      '!  The rule for everybody at lanternhealth.example would still let Ana Souza in by the policy “Second” (Open Chat Studio), so an exclude rule bars them.',
    ],
  },
  {
    by: 'a bypass policy that names her',
    account: { policies: [aPolicy(), second({ decision: 'bypass', include: [ana, ...colleagues] })] },
    plan: ['1. Take ana.souza@lanternhealth.example out of the policy “Second” (Open Chat Studio) [3 → 2 people]'],
  },
  {
    by: 'a bypass policy for everyone',
    account: { policies: [aPolicy(), second({ decision: 'bypass', include: [everyone] })] },
    plan: [
      '1. Bar ana.souza@lanternhealth.example from the policy “Second” (Open Chat Studio) [0 → 1 exclude rule]',
      '!  The rule for everyone would still let Ana Souza in by the policy “Second” (Open Chat Studio), so an exclude rule bars them.',
      '!  Check by hand: the policy “Second” (Open Chat Studio) lets people through without asking who they are, so an exclude rule may not keep Ana Souza out.',
    ],
  },
  {
    by: 'device enrolment',
    account: { enrolment: anEnrolment(anEnrolmentPolicy({ include: [ana, ...colleagues] })) },
    plan: [
      '1. Take ana.souza@lanternhealth.example out of the policy “Enrol devices” (device enrolment) [3 → 2 people]',
    ],
  },
  {
    by: 'device enrolment for her domain',
    account: { enrolment: anEnrolment(anEnrolmentPolicy({ include: [domain('lanternhealth.example')] })) },
    plan: [
      '1. Bar ana.souza@lanternhealth.example from the policy “Enrol devices” (device enrolment) [0 → 1 exclude rule]',
      '!  The rule for everybody at lanternhealth.example would still let Ana Souza in by the policy “Enrol devices” (device enrolment), so an exclude rule bars them.',
    ],
  },
  {
    by: 'one policy for enrolment and the application',
    account: {
      allow: aPolicy({ include: [ana, ...colleagues] }),
      enrolment: anEnrolment(aPolicy({ include: [ana, ...colleagues] })),
    },
    plan: [
      '1. Take ana.souza@lanternhealth.example out of the policy “Team” (Open Chat Studio and device enrolment) [3 → 2 people]',
    ],
  },
  {
    by: 'the last address of a policy',
    account: { allow: aPolicy({ include: [ana] }) },
    plan: [
      '1. Bar ana.souza@lanternhealth.example from the policy “Team” (Open Chat Studio) [0 → 1 exclude rule]',
      '!  The policy “Team” names nobody else and must not become empty: Ana Souza stays in it, and an exclude rule bars them.',
    ],
  },
  {
    by: 'her domain, with a demand that can’t be read',
    account: { allow: aPolicy({ include: [domain('lanternhealth.example')], require: [other('auth method')] }) },
    plan: [
      '1. Bar ana.souza@lanternhealth.example from the policy “Team” (Open Chat Studio) [0 → 1 exclude rule]',
      '!  The rule for everybody at lanternhealth.example would still let Ana Souza in by the policy “Team” (Open Chat Studio), so an exclude rule bars them.',
    ],
  },
  {
    by: 'her domain, with an exception that can’t be read',
    account: { allow: aPolicy({ include: [domain('lanternhealth.example')], exclude: [other('geo')] }) },
    plan: [
      '1. Bar ana.souza@lanternhealth.example from the policy “Team” (Open Chat Studio) [0 → 1 exclude rule]',
      '!  The rule for everybody at lanternhealth.example would still let Ana Souza in by the policy “Team” (Open Chat Studio), so an exclude rule bars them.',
    ],
  },
  {
    by: 'a rule of the identity provider',
    account: { allow: aPolicy({ include: [ana, other('okta')] }) },
    plan: [
      '1. Take ana.souza@lanternhealth.example out of the policy “Team” (Open Chat Studio) [1 → 0 people]',
      '!  Check by hand: a rule that can’t be read from here (okta) in the policy “Team” (Open Chat Studio) may still let Ana Souza in.',
    ],
  },
  {
    by: 'a group that is gone',
    account: { allow: aPolicy({ include: [ana, group('lost')] }) },
    plan: [
      '1. Take ana.souza@lanternhealth.example out of the policy “Team” (Open Chat Studio) [1 → 0 people]',
      '!  Check by hand: the group “lost” in the policy “Team” (Open Chat Studio) may still let Ana Souza in.',
    ],
  },
  {
    by: 'a device rule',
    account: { allow: aPolicy({ include: [ana, posture('posture-serials')] }) },
    plan: [
      '1. Take ana.souza@lanternhealth.example out of the policy “Team” (Open Chat Studio) [1 → 0 people]',
      '!  Check by hand: a rule about devices in the policy “Team” (Open Chat Studio) may still let Ana Souza in.',
    ],
  },
];

function verdictOn(address: string, snapshot: Snapshot) {
  const policies = [...snapshot.policies, ...(snapshot.enrolment?.policies ?? [])];
  return admittedBy(policies, address, ruleContext(snapshot));
}

function accountOf(changes: Partial<Snapshot>): Snapshot {
  return aSnapshot({ users: [aUser()], ...changes });
}

describe('somebody whose access is revoked, and who was let in by', () => {
  it.each(CASES)('$by', async ({ account, plan: expected }) => {
    const snapshot = accountOf(account);
    const plan = revoke.plan(hers, snapshot, planFacts());
    const read = readPlan(plan)
      .split('\n')
      .filter((line) => /^[1!]/.test(line));
    expect(read).toEqual(expected);
    const { cloudflare, carryOut } = anAccount(snapshot, { sessions: { 'user-ana': 2 } });

    const notes = await carryOut(plan);

    const now = await cloudflare.snapshot();
    const isByHand = expected.some((line) => line.includes('Check by hand'));
    const isUnsure = isByHand && !expected.some((line) => line.includes('without asking'));
    expect(verdictOn(ANA.email, now)).toBe(isUnsure ? 'unknown' : 'no');
    expect(notes.some((note) => note.startsWith('Check by hand'))).toBe(isByHand);
    expect(COLLEAGUES.map((one) => verdictOn(one, now))).toEqual(COLLEAGUES.map((one) => verdictOn(one, snapshot)));
    expect(await cloudflare.sessions('user-ana')).toBe(0);
  });
});
