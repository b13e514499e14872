import { describe, expect, it } from 'vitest';
import type { SignInFacts } from '../../src/checks/check.ts';
import { signInChecks } from '../../src/checks/registry.ts';
import type { AccessEvent } from '../../src/core/access-event.ts';
import type { Policy, Snapshot } from '../../src/core/snapshot.ts';
import { addresses, aPolicy, domain, email, emailList, everyone, group, other } from '../builders/a-policy.ts';
import { ANA, ASKED_AT } from '../builders/a-request.ts';
import {
  anEmailList,
  anEnrolment,
  anEnrolmentPolicy,
  anItem,
  aSerialList,
  aSnapshot,
  aUser,
} from '../builders/a-snapshot.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function facts(changes: Partial<SignInFacts> = {}): SignInFacts {
  return {
    email: ANA.email,
    snapshot: undefined,
    events: undefined,
    profile: undefined,
    showsOthers: true,
    now: ASKED_AT,
    ...changes,
  };
}

/** What one check finds, a line each: `ok: … > what to do`. */
function found(id: string, given: Partial<SignInFacts>): string[] {
  const check = signInChecks.find((one) => one.id === id);
  if (check === undefined) throw new Error(`There is no check ${id}.`);
  return check
    .findings(facts(given))
    .map(({ verdict, says, fix }) => `${verdict}: ${says}${fix === undefined ? '' : ` > ${fix}`}`);
}

const enrolling = anEnrolment(anEnrolmentPolicy({ include: [email(ANA.email)] }));

function withAllow(changes: Partial<Policy>, more: Partial<Snapshot> = {}): { snapshot: Snapshot } {
  return { snapshot: aSnapshot({ allow: aPolicy(changes), enrolment: enrolling, ...more }) };
}

it('no check guesses what could not be read', () => {
  expect(signInChecks.flatMap((check) => check.findings(facts()))).toEqual([]);
});

it('every check has an id of its own', () => {
  expect(new Set(signInChecks.map(({ id }) => id)).size).toBe(signInChecks.length);
});

describe('whether a policy lets the address in', () => {
  it('by each kind of rule, or why not', () => {
    const kinds: readonly Partial<Policy>[] = [
      { include: [email(ANA.email)] },
      { include: [domain('lanternhealth.example')] },
      { include: [everyone], decision: 'bypass' },
      {},
      { include: [domain('lanternhealth.example')], exclude: [email(ANA.email)] },
      { include: [email(ANA.email)], require: [domain('partner.example')] },
      { include: [other('okta “Clinicians”')] },
      { include: [email(ANA.email)], exclude: [other('geo')] },
    ];
    expect(kinds.map((policy) => found('admission', withAllow(policy)).join('\n'))).toMatchInlineSnapshot(`
      [
        "ok: The policy “Team” lets this address in, by the rule for ana.souza@lanternhealth.example.",
        "ok: The policy “Team” lets this address in, by the rule for everybody at lanternhealth.example.",
        "ok: The policy “Team” lets everybody it is meant for pass without signing in, this address too, by the rule for everyone.",
        "failure: No policy of Open Chat Studio lets this address in. The sign-in page claims to have sent a code all the same. > If the person is to have access, use “add”.",
        "failure: The policy “Team” would let this address in, but the rule for ana.souza@lanternhealth.example among its exceptions keeps it out. The sign-in page claims to have sent a code all the same. > Such an exception stands there after a lost device or a revocation. If it is over, use “add”: it lifts it.",
        "failure: The policy “Team” would let this address in, but it also demands something that the address does not meet, the rule for everybody at partner.example. The sign-in page claims to have sent a code all the same. > Look at it in the Zero Trust dashboard → Access controls → Policies.",
        "warning: I can’t tell whether the policy “Team” lets this address in: it depends on a rule that can’t be read from here (okta “Clinicians”). > Look at it in the Zero Trust dashboard → Access controls → Policies.",
        "warning: I can’t tell whether the policy “Team” lets this address in: it depends on a rule that can’t be read from here (geo). > Look at it in the Zero Trust dashboard → Access controls → Policies.",
      ]
    `);
  });

  const blocking = aPolicy({
    ref: { kind: 'app', appId: 'app-ocs', id: 'policy-block' },
    name: 'Keep out',
    decision: 'deny',
    include: [email(ANA.email)],
    require: [],
  });
  const open = aPolicy({ include: [email(ANA.email)] });

  it('names a Block policy that keeps it out', () => {
    const allow = aPolicy();
    expect(found('admission', { snapshot: aSnapshot({ allow, policies: [allow, blocking] }) })).toMatchInlineSnapshot(`
      [
        "failure: The policy “Keep out” blocks this address by the rule for ana.souza@lanternhealth.example. The sign-in page claims to have sent a code all the same. > Somebody made this policy on purpose. Look at it in the Zero Trust dashboard → Access controls → Policies.",
      ]
    `);
  });

  it('does not guess which of an Allow and a Block policy comes first', () => {
    const snapshot = aSnapshot({ allow: open, policies: [open, blocking], enrolment: enrolling });
    expect(found('admission', { snapshot })).toMatchInlineSnapshot(`
      [
        "warning: The policy “Team” lets this address in and the policy “Keep out” blocks it. Which of them counts depends on their order, which I can’t read. > Look at it in the Zero Trust dashboard → Access controls → Policies.",
      ]
    `);
  });

  it('names a Block policy whose rule can’t be read, beside what lets them in', () => {
    const unread = { ...blocking, include: [other('geo')] };
    const snapshot = aSnapshot({ allow: open, policies: [open, unread], enrolment: enrolling });
    expect(found('admission', { snapshot })).toMatchInlineSnapshot(`
      [
        "ok: The policy “Team” lets this address in, by the rule for ana.souza@lanternhealth.example.",
        "warning: The policy “Keep out” may block this address: it depends on a rule that can’t be read from here (geo). > Look at it in the Zero Trust dashboard → Access controls → Policies.",
      ]
    `);
  });

  it('says so where only WARP would not send a code', () => {
    expect(found('admission', { snapshot: aSnapshot({ allow: open }) })[1]).toMatchInlineSnapshot(
      `"warning: No policy lets this address connect a computer with WARP. If it is WARP that asks for the code, none is sent. > Use “add”: it opens both doors."`,
    );
  });
});

const list = (value: string) => ({
  include: [emailList('list-people')],
  more: { emailLists: [anEmailList([anItem(value)])] },
});
const staff = (address: string) => ({
  groups: [{ id: 'staff', name: 'Staff', include: [email(address)], exclude: [], require: [] }],
});

describe('the spelling', () => {
  it('is right in a policy, a list, a group', () => {
    const listed = list(ANA.email);
    expect([
      ...found('spelling', withAllow({ include: [email(ANA.email)] })),
      ...found('spelling', withAllow({ include: listed.include }, listed.more)),
      ...found('spelling', withAllow({ include: [group('staff')] }, staff(ANA.email))),
      ...found('spelling', withAllow({ include: [domain('lanternhealth.example')] })),
    ]).toMatchInlineSnapshot(`
      [
        "ok: The address is in the policy “Team”, letter for letter.",
        "ok: The address is in the e-mail list “Colleagues”, letter for letter.",
        "ok: The address is in the group “Staff”, letter for letter.",
        "ok: No policy spells this address out, and none has to: a wider rule lets it in.",
      ]
    `);
  });

  it('has capitals, which should not matter, or blanks, which do', () => {
    const listed = list(` ${ANA.email}\u200B`);
    expect([
      ...found('spelling', withAllow({ include: [email('Ana.Souza@LanternHealth.example')] })),
      ...found('spelling', withAllow({ include: listed.include }, listed.more)),
    ]).toMatchInlineSnapshot(`
      [
        "warning: In the policy “Team” the address is written with capital letters: “Ana.Souza@LanternHealth.example”. That should make no difference. > If nothing else helps, a reset that takes the address out and puts it back writes it in small letters.",
        "failure: In the e-mail list “Colleagues” the address is written with a blank, or a letter that nobody sees: “ ana.souza@lanternhealth.example​”. To Cloudflare that is another address. > Take that entry out in the Zero Trust dashboard, and use “add” to put the address in.",
      ]
    `);
  });

  it.each([
    ['another ending', 'ana.souza@lanternhealth.exam'],
    ['another domain', 'ana.souza@partner.example'],
    ['two letters', 'ana.sousaa@lanternhealth.example'],
    ['other capitals as well', 'ANA.SOUSA@lanternhealth.example'],
  ])('is near: %s', (_name, listed) => {
    expect(found('spelling', withAllow({ include: [email(listed)] }))).toEqual([
      `failure: No policy has this address, but there is something like it: ${listed.toLowerCase()} in the policy “Team”. > If that was meant to be this person, use “add” with the right address and “revoke” with the wrong one. It may be somebody else.`,
    ]);
  });

  it('is not taken for near where three letters differ', () => {
    expect(found('spelling', withAllow({ include: [email('anna.sousaa@lanternhealth.example')] })))
      .toMatchInlineSnapshot(`
      [
        "failure: No policy of Open Chat Studio has this address, nor one that looks like it.",
      ]
    `);
  });

  it('shows nobody else’s address to somebody who is no approver', () => {
    const near = { ...withAllow({ include: [email('ana.souza@partner.example')] }), showsOthers: false };
    expect(found('spelling', near)).toMatchInlineSnapshot(`
      [
        "failure: No policy has this address, but there is one that looks like it. > Ask an approver to type /ocs-access otp with your name: they see which one.",
      ]
    `);
  });

  it('does not point at others where a wider rule lets the address in', () => {
    const wide = { include: [domain('lanternhealth.example'), email('ana.souza@partner.example')] };
    expect(found('spelling', withAllow(wide))[0]).toMatch(/^ok: .* a wider rule lets it in/);
  });

  it('names a few of many', () => {
    const near = Array.from({ length: 8 }, (_, index) => email(`ana.souza@partner-${index}.example`));
    expect(found('spelling', withAllow({ include: near }))[0]).toMatch(
      /partner-4\.example in .*, and 3 more like them\./,
    );
  });

  it('looks through a thousand addresses at once', () => {
    expect(found('spelling', withAllow({ include: addresses(1000).map(email) }))).toHaveLength(1);
  });
});

const methods = (...loginMethods: NonNullable<Snapshot['loginMethods']>) =>
  found('login-method', { snapshot: aSnapshot({ loginMethods }) });
const code = { id: '1', name: 'One-time PIN', type: 'onetimepin' };

it('whether a code by e-mail is offered', () => {
  const okta = { id: '2', name: 'Okta', type: 'okta' };
  const azure = { id: '3', name: '', type: 'azureAD' };

  expect([
    ...methods(code),
    ...methods({ ...code, name: '' }, okta),
    ...methods(code, okta, azure),
    ...methods(okta),
    ...methods(),
  ]).toMatchInlineSnapshot(`
    [
      "ok: The sign-in page offers the code by e-mail.",
      "ok: The sign-in page offers the code by e-mail, as “One-time PIN”. Whoever chooses “Okta” there gets no code.",
      "ok: The sign-in page offers the code by e-mail, as “One-time PIN”. Whoever chooses “Okta” or “azureAD” there gets no code.",
      "failure: The sign-in page does not offer a code by e-mail, so nobody gets one. People sign in with “Okta” instead. > If it should, the operator adds “One-time PIN” in the Zero Trust dashboard → Integrations → Identity providers, and lets the application use it.",
      "failure: The sign-in page does not offer a code by e-mail, so nobody gets one. > If it should, the operator adds “One-time PIN” in the Zero Trust dashboard → Integrations → Identity providers, and lets the application use it.",
    ]
  `);
});

it('whether it is the address of the Slack profile', () => {
  expect([
    ...found('slack-profile', { profile: { name: 'Ana Souza', email: 'Ana.Souza@lanternhealth.example' } }),
    ...found('slack-profile', { profile: { name: 'Ana Souza', email: 'ana@lanternhealth.example' } }),
    ...found('slack-profile', { profile: { name: 'Ana Souza', email: undefined } }),
    ...found('slack-profile', { profile: 'nobody' }),
  ]).toMatchInlineSnapshot(`
    [
      "ok: It is the address of Ana Souza’s Slack profile.",
      "warning: The Slack profile of Ana Souza has another one, ana@lanternhealth.example. > A code goes to the address that is typed on the sign-in page: they have to type ana.souza@lanternhealth.example.",
      "warning: The Slack profile of Ana Souza shows no address. > A code goes to the address that is typed on the sign-in page: they have to type ana.souza@lanternhealth.example.",
      "warning: Nobody in Slack has this address. > For somebody outside Slack that is right. Otherwise compare it letter by letter with their profile.",
    ]
  `);
});

it('whether a known computer is asked for too', () => {
  const include = [email(ANA.email)];
  const registered = {
    posture: {
      ruleId: 'posture-serials',
      name: 'Known laptops',
      list: aSerialList([anItem('C02XK0AZJG5J', `Ana Souza <${ANA.email}> · REQ-0001 · 2026-01-01`)]),
    },
  };
  expect([
    ...found('known-device', withAllow({ include }, registered)),
    ...found('known-device', withAllow({ include })),
    ...found('known-device', withAllow({ include }, { posture: undefined })),
    ...found('known-device', withAllow({ include, require: [] })),
    ...found('known-device', withAllow({})),
  ]).toMatchInlineSnapshot(`
    [
      "ok: Besides the code, the policy “Team” asks for a checked computer with WARP switched on. A serial number is registered for this address.",
      "warning: Besides the code, the policy “Team” asks for a checked computer with WARP switched on. No serial number in the list “Laptops” is noted for this address, so the page may say no after the right code. > Use “add” with their computer, unless its serial number is in the list under another name.",
      "ok: Besides the code, the policy “Team” asks for a checked computer with WARP switched on.",
    ]
  `);
});

const event = (msAgo: number, allowed: boolean, changes: Partial<AccessEvent> = {}): AccessEvent => ({
  at: ASKED_AT - msAgo,
  email: ANA.email,
  allowed,
  app: 'ocs.lantern.example',
  ip: '203.0.113.7',
  country: 'DE',
  ...changes,
});

it('what the log of the last day says', () => {
  const { country: _unknown, ...nowhere } = event(3 * HOUR, false, { ip: '' });
  const known = aSnapshot({ users: [aUser({ lastLoginAt: ASKED_AT - 12 * 24 * HOUR })] });

  expect([
    ...found('failed-logins', { events: [] }),
    ...found('failed-logins', { events: [], snapshot: known }),
    ...found('failed-logins', { events: [event(30_000, true)] }),
    ...found('failed-logins', { events: [event(12 * MINUTE, false), event(2 * HOUR, false), event(5 * HOUR, true)] }),
    ...found('failed-logins', { events: [event(5 * MINUTE, true), event(12 * MINUTE, false)] }),
    ...found('failed-logins', { events: [nowhere] }),
  ]).toMatchInlineSnapshot(`
    [
      "ok: No sign-in is in the log of the last day, and none that failed. That proves little: the code is asked for before anything is logged.",
      "ok: No sign-in is in the log of the last day, and none that failed. That proves little: the code is asked for before anything is logged. The last sign-in that Cloudflare knows of was 12 days ago.",
      "ok: Let in just now, and not turned away in the last day.",
      "warning: Turned away 2 times in the last day, the last time 12 min ago from 203.0.113.7 (DE). > A wrong or old code, a computer that is not known, and WARP switched off look like this. Use the newest code only, with WARP switched on.",
      "ok: Turned away once in the last day, the last time 12 min ago from 203.0.113.7 (DE). Since then it was let in, 5 min ago.",
      "warning: Turned away once in the last day, the last time 3 h ago from an unknown address. > A wrong or old code, a computer that is not known, and WARP switched off look like this. Use the newest code only, with WARP switched on.",
    ]
  `);
});
