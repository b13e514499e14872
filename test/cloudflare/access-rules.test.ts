import { expect, it } from 'vitest';
import { RawRuleSet, readRule, readRules } from '../../src/cloudflare/access-rules.ts';

it.each([
  [{ email: { email: 'Ada@x.org' } }, { kind: 'email', email: 'Ada@x.org' }],
  [{ email_domain: { domain: 'x.org' } }, { kind: 'email-domain', domain: 'x.org' }],
  [{ email_list: { id: 'l1' } }, { kind: 'email-list', listId: 'l1' }],
  [{ everyone: {} }, { kind: 'everyone' }],
  [{ group: { id: 'g1' } }, { kind: 'group', groupId: 'g1' }],
  [{ device_posture: { integration_uid: 'p1' } }, { kind: 'device-posture', ruleId: 'p1' }],
])('reads %j', (raw, rule) => {
  expect(readRule(raw)).toEqual(rule);
});

it.each([
  [{ any_valid_service_token: {} }, 'any valid service token'],
  [{ ip: { ip: '192.0.2.0/24' } }, 'ip'],
  [{ geo: { country_code: 'KE' } }, 'geo'],
  [{ saml: { attribute_name: 'a', attribute_value: 'b', identity_provider_id: 'c' } }, 'saml'],
  [{ 'github-organization': { name: 'x', identity_provider_id: 'c' } }, 'github organization “x”'],
  [{ of_tomorrow: 7 }, 'of tomorrow'],
  [{ email: { address: 'ada@x.org' } }, 'email'],
  [{ everyone: {}, email: { email: 'ada@x.org' } }, 'everyone and email'],
  [{}, 'unknown rule'],
])('cannot judge %j and keeps its name', (raw, name) => {
  expect(readRule(raw)).toEqual({ kind: 'other', name });
});

it('reads absent and null lists of rules as none', () => {
  expect(readRules(RawRuleSet.parse({ include: [{ everyone: {} }], exclude: null }))).toEqual({
    include: [{ kind: 'everyone' }],
    exclude: [],
    require: [],
  });
});

it('reads the same rules in the same order, however Cloudflare puts them', () => {
  const include = [{ email: { email: 'ada@x.org' } }, { okta: { name: 'Clinicians' } }, { group: { id: 'g1' } }];

  expect(readRules(RawRuleSet.parse({ include: include.toReversed() }))).toEqual(
    readRules(RawRuleSet.parse({ include })),
  );
});
