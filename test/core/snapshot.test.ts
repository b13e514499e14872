import { describe, expect, it } from 'vitest';
import { admittedBy, requiresPosture, ruleContext } from '../../src/core/snapshot.ts';
import { aPolicy, domain, email, emailList, everyone, other, posture } from '../builders/a-policy.ts';
import { ANA } from '../builders/a-request.ts';
import { anEmailList, anItem, aSnapshot } from '../builders/a-snapshot.ts';

const context = ruleContext(aSnapshot({ emailLists: [anEmailList([anItem('Ana.Souza@LanternHealth.example')])] }));

describe('policies together let her in', () => {
  it.each([
    ['when one does', [aPolicy(), aPolicy({ include: [email(ANA.email)] })], 'yes'],
    ['by a list, whatever its letters', [aPolicy({ include: [emailList('list-people')] })], 'yes'],
    ['by a bypass', [aPolicy({ decision: 'bypass', include: [everyone] })], 'yes'],
    ['not by a Block policy', [aPolicy({ decision: 'deny', include: [everyone] })], 'no'],
    ['not by one for machines', [aPolicy({ decision: 'non_identity', include: [everyone] })], 'no'],
    ['perhaps', [aPolicy(), aPolicy({ include: [other('okta')] })], 'unknown'],
    [
      'when one does and another is unclear',
      [aPolicy({ include: [other('okta')] }), aPolicy({ include: [domain('lanternhealth.example')] })],
      'yes',
    ],
    ['not without any', [], 'no'],
  ])('%s', (_when, policies, verdict) => {
    expect(admittedBy(policies, ANA.email, context)).toBe(verdict);
  });
});

describe('a policy asks for the device check', () => {
  it.each([
    ['when it requires it', aPolicy({ require: [posture('posture-serials')] }), true],
    ['not when it requires another', aPolicy({ require: [posture('posture-disk')] }), false],
    ['not when it only includes it', aPolicy({ include: [posture('posture-serials')], require: [] }), false],
  ])('%s', (_when, policy, asks) => {
    expect(requiresPosture(policy, 'posture-serials')).toBe(asks);
  });
});
