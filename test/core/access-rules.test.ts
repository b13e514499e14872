import { describe, expect, it } from 'vitest';
import {
  type AccessRule,
  admissionsOf,
  admits,
  listedAddresses,
  matches,
  type RuleContext,
  type RuleSet,
} from '../../src/core/access-rules.ts';
import { domain, email, emailList, everyone, group, other, posture } from '../builders/a-policy.ts';

const ANA = 'ana@lantern.example';

function rules(changes: Partial<RuleSet>): RuleSet {
  return { include: [], exclude: [], require: [], ...changes };
}

const context: RuleContext = {
  emailLists: new Map([
    ['with-ana', listedAddresses([ANA, 'ben@lantern.example'])],
    ['without-ana', listedAddresses(['ben@lantern.example'])],
    ['with-blanks', listedAddresses([` ${ANA}`])],
    ['with-both', listedAddresses([` ${ANA}`, 'Ana@Lantern.example', `${ANA} `])],
  ]),
  groups: new Map([
    ['staff', rules({ include: [domain('lantern.example')] })],
    ['partners', rules({ include: [domain('partner.example')] })],
    ['nested', rules({ include: [group('partners'), group('staff')] })],
    ['staff-but-ana', rules({ include: [group('staff')], exclude: [email(ANA)] })],
    ['staff-on-list', rules({ include: [group('staff')], require: [emailList('without-ana')] })],
    ['itself', rules({ include: [group('itself')] })],
    ['one', rules({ include: [group('two')] })],
    ['two', rules({ include: [group('one')] })],
    ['circle-with-way-out', rules({ include: [group('circle-with-way-out'), email(ANA)] })],
    ['twice', rules({ include: [group('partners')], require: [group('staff'), group('staff')] })],
    ['nobody', rules({})],
    ['checked-staff', rules({ include: [group('staff')], require: [posture('serials')] })],
  ]),
};

describe('a rule', () => {
  it.each<[string, AccessRule, string]>([
    ['everyone', everyone, 'yes'],
    ['her address', email(ANA), 'yes'],
    ['her address in other letters', email('Ana@Lantern.EXAMPLE'), 'yes'],
    ['another address', email('anna@lantern.example'), 'no'],
    ['her domain', domain('lantern.example'), 'yes'],
    ['her domain in other letters, with the sign', domain('@Lantern.example'), 'yes'],
    ['the end of her domain', domain('example'), 'no'],
    ['a domain that ends like hers', domain('antern.example'), 'no'],
    ['a list with her', emailList('with-ana'), 'yes'],
    ['a list without her', emailList('without-ana'), 'no'],
    ['a list with her and a blank', emailList('with-blanks'), 'unknown'],
    ['a list with her with a blank and without', emailList('with-both'), 'yes'],
    ['a list that could not be read', emailList('gone'), 'unknown'],
    ['a group of her domain', group('staff'), 'yes'],
    ['a group of another domain', group('partners'), 'no'],
    ['a group in a group', group('nested'), 'yes'],
    ['a group that excludes her', group('staff-but-ana'), 'no'],
    ['a group that requires what she lacks', group('staff-on-list'), 'no'],
    ['a group that could not be read', group('gone'), 'unknown'],
    ['a group that names itself', group('itself'), 'unknown'],
    ['two groups that name each other', group('one'), 'unknown'],
    ['a group that names itself and her', group('circle-with-way-out'), 'yes'],
    ['a group that names another group twice', group('twice'), 'no'],
    ['an empty group', group('nobody'), 'no'],
    ['a group that asks for a known device too', group('checked-staff'), 'yes'],
    ['a device check', posture('serials'), 'unknown'],
    ['anything else', other('country'), 'unknown'],
  ])('%s', (_what, rule, verdict) => {
    expect(matches(rule, ANA, context)).toBe(verdict);
  });
});

describe('a set of rules', () => {
  it.each<[string, Partial<RuleSet>, string]>([
    ['lets nobody in without an include', {}, 'no'],
    ['lets in who is included', { include: [email(ANA)] }, 'yes'],
    ['needs only one include', { include: [email('ben@lantern.example'), domain('lantern.example')] }, 'yes'],
    ['one yes outweighs what is unknown', { include: [other('country'), email(ANA)] }, 'yes'],
    ['an include that is unknown is unknown', { include: [other('country')] }, 'unknown'],
    ['keeps out who is excluded', { include: [everyone], exclude: [domain('lantern.example')] }, 'no'],
    ['an exclude outweighs what is unknown', { include: [other('country')], exclude: [email(ANA)] }, 'no'],
    ['an exclude that is unknown is unknown', { include: [everyone], exclude: [other('country')] }, 'unknown'],
    [
      'needs every require',
      { include: [everyone], require: [domain('lantern.example'), email('ben@x.example')] },
      'no',
    ],
    ['a require that is unknown is unknown', { include: [everyone], require: [other('country')] }, 'unknown'],
    [
      'a require that fails outweighs it',
      { include: [everyone], require: [other('country'), domain('x.example')] },
      'no',
    ],
    ['an exclude with a blank is unknown', { include: [everyone], exclude: [emailList('with-blanks')] }, 'unknown'],
    ['leaves the device out of it', { include: [email(ANA)], require: [posture('serials')] }, 'yes'],
    ['who is not included is out whatever is unknown', { exclude: [other('country')], require: [other('mfa')] }, 'no'],
  ])('%s', (_what, set, verdict) => {
    expect(admits(rules(set), ANA, context)).toBe(verdict);
  });
});

describe('what lets her in', () => {
  const named: RuleContext = {
    ...context,
    names: new Map([
      ['with-ana', 'Colleagues'],
      ['staff', 'Staff'],
    ]),
  };

  it.each<[string, Partial<RuleSet>, string[]]>([
    ['nothing', { include: [email('ben@lantern.example')] }, []],
    ['nothing, being excluded', { include: [everyone], exclude: [email(ANA)] }, []],
    ['everyone', { include: [everyone] }, ['yes: the rule for everyone']],
    ['her address', { include: [email('Ana@Lantern.example')] }, ['yes: the rule for ana@lantern.example']],
    ['her domain', { include: [domain('@Lantern.example')] }, ['yes: the rule for everybody at lantern.example']],
    ['a list', { include: [emailList('with-ana')] }, ['yes: the e-mail list “Colleagues”']],
    ['a group', { include: [email('ben@lantern.example'), group('staff')] }, ['yes: the group “Staff”']],
    ['a group without a name', { include: [group('nested')] }, ['yes: the group “nested”']],
    ['what is sure rather than what is not', { include: [other('okta'), group('staff')] }, ['yes: the group “Staff”']],
    ['perhaps a rule', { include: [other('okta')] }, ['unknown: a rule that can’t be read from here (okta)']],
    [
      'perhaps any of several rules, each named',
      { include: [other('okta'), group('gone'), other('github'), other('okta')] },
      ['unknown: the group “gone” and rules that can’t be read from here (okta, github)'],
    ],
    [
      'perhaps, where a demand can’t be judged',
      { include: [everyone], require: [other('country')] },
      ['unknown: a rule that can’t be read from here (country)'],
    ],
    [
      'everyone with a known device, for the device is another question',
      { include: [everyone], require: [posture('serials')] },
      ['yes: the rule for everyone'],
    ],
  ])('is %s', (_what, set, admissions) => {
    const found = admissionsOf([rules(set)], ANA, named);

    expect(found.map(({ verdict, because }) => `${verdict}: ${because}`)).toEqual(admissions);
  });

  it('is told of each policy that does', () => {
    const [shut, open, unclear] = [rules({}), rules({ include: [everyone] }), rules({ include: [other('okta')] })];

    expect(admissionsOf([shut, open, unclear], ANA, named).map(({ policy }) => policy)).toEqual([open, unclear]);
  });
});
