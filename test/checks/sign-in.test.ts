import { describe, expect, it } from 'vitest';
import type { SignInFacts } from '../../src/checks/check.ts';
import { signInChecks } from '../../src/checks/registry.ts';
import type { AccessEvent } from '../../src/core/access-event.ts';
import type { Policy, Snapshot } from '../../src/core/snapshot.ts';
import { addresses, aPolicy, domain, email, emailList, everyone, group, other } from '../builders/a-policy.ts';
import { ANA, ASKED_AT } from '../builders/a-request.ts';
import {
  aDevice,
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
    isForApprover: true,
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
        "ok: The policy “Team” lets this address in.",
        "ok: The policy “Team” lets this address in, by the rule for everybody at lanternhealth.example.",
        "ok: The policy “Team” lets this address pass without signing in, so no code is asked for, by the rule for everyone.",
        "failure: No policy of Open Chat Studio lets this address in. > To give access, use “add”.",
        "failure: An exception in the policy “Team” keeps this address out. > Such exceptions come from a lost device or a revocation. If that is over, “add” lifts it.",
        "failure: The policy “Team” demands something more, which this address does not meet: the rule for everybody at partner.example. > Look at it in the Zero Trust dashboard → Access controls → Policies.",
        "warning: I can’t tell whether the policy “Team” lets this address in: that depends on a rule that can’t be read from here (okta “Clinicians”). > Look at it in the Zero Trust dashboard → Access controls → Policies.",
        "warning: I can’t tell whether the policy “Team” lets this address in: that depends on a rule that can’t be read from here (geo). > Look at it in the Zero Trust dashboard → Access controls → Policies.",
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
        "failure: The policy “Keep out” blocks this address. > Somebody made it on purpose. Look at it in the Zero Trust dashboard → Access controls → Policies.",
      ]
    `);
  });

  it('does not guess which of an Allow and a Block policy comes first', () => {
    const snapshot = aSnapshot({ allow: open, policies: [open, blocking], enrolment: enrolling });
    expect(found('admission', { snapshot })).toMatchInlineSnapshot(`
      [
        "warning: The policy “Team” lets this address in and the policy “Keep out” blocks it. The one that comes first counts. > Look at it in the Zero Trust dashboard → Access controls → Policies.",
      ]
    `);
  });

  it('names a Block policy whose rule can’t be read, beside what lets them in', () => {
    const unread = { ...blocking, include: [other('geo')] };
    const snapshot = aSnapshot({ allow: open, policies: [open, unread], enrolment: enrolling });
    expect(found('admission', { snapshot })).toMatchInlineSnapshot(`
      [
        "ok: The policy “Team” lets this address in.",
        "warning: The policy “Keep out” may block this address: that depends on a rule that can’t be read from here (geo). > Look at it in the Zero Trust dashboard → Access controls → Policies.",
      ]
    `);
  });

  it('says so where only WARP would not send a code', () => {
    expect(found('admission', { snapshot: aSnapshot({ allow: open }) })[1]).toMatchInlineSnapshot(
      `"warning: No policy lets this address connect a computer with WARP, so WARP sends it no code. > Use “add”: it opens WARP too."`,
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
        "ok: No policy spells the address out, and none has to: a wider rule lets it in.",
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
        "warning: In the policy “Team” the address is written with capital letters: “Ana.Souza@LanternHealth.example”. That should make no difference. > If nothing else helps: a reset that takes it out and puts it back writes it in small letters.",
        "failure: In the e-mail list “Colleagues” the address is written with a blank or an invisible letter: “ ana.souza@lanternhealth.example​”. To Cloudflare that may be another address. > Take that entry out in the Zero Trust dashboard, then use “add”.",
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
      `failure: No policy that lets people in has this address, but one has something like it: ${listed.toLowerCase()} in the policy “Team”. > If that is a slip, “add” the right address and “revoke” the wrong one. It may be somebody else.`,
    ]);
  });

  it('tells somebody who is no approver what they can do themselves', () => {
    const mine = { isForApprover: false, email: ANA.email };
    const blank = list(` ${ANA.email}`);
    expect([
      ...found('admission', { ...withAllow({}), ...mine }),
      ...found('admission', { ...withAllow({ include: [email(ANA.email)], exclude: [email(ANA.email)] }), ...mine }),
      ...found('spelling', { ...withAllow({ include: blank.include }, blank.more), ...mine }),
      ...found('login-method', { snapshot: aSnapshot({ loginMethods: [okta] }), ...mine }),
      ...found('login-method', { snapshot: aSnapshot({ loginMethods: [] }), ...mine }),
    ]).toMatchInlineSnapshot(`
      [
        "failure: No policy of Open Chat Studio lets this address in. > Ask for access with the button below.",
        "failure: An exception in the policy “Team” keeps this address out. > Ask an approver to look at it.",
        "failure: In the e-mail list “Colleagues” the address is written with a blank or an invisible letter: “ ana.souza@lanternhealth.example”. To Cloudflare that may be another address. > Ask an approver to correct it.",
        "failure: The sign-in page offers no code by e-mail, so nobody gets one. > Sign in with “Okta”.",
        "failure: The sign-in page offers no code by e-mail, so nobody gets one. > Ask an approver.",
      ]
    `);
  });

  it('is not taken for near where three letters differ', () => {
    expect(found('spelling', withAllow({ include: [email('anna.sousaa@lanternhealth.example')] })))
      .toMatchInlineSnapshot(`
        [
          "failure: No policy that lets people in has this address, nor one like it.",
        ]
      `);
  });

  it('shows nobody else’s address to somebody who is no approver', () => {
    const near = { ...withAllow({ include: [email('ana.souza@partner.example')] }), isForApprover: false };
    expect(found('spelling', near)).toMatchInlineSnapshot(`
      [
        "failure: No policy that lets people in has this address, but one has something like it. > Ask an approver to type /ocs-access otp with your name: they see which one.",
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
const okta = { id: '2', name: 'Okta', type: 'okta' };

it('whether a code by e-mail is offered', () => {
  const azure = { id: '3', name: '', type: 'azureAD' };

  expect([
    ...methods(code),
    ...methods({ ...code, name: '' }, okta),
    ...methods(code, okta, azure),
    ...methods(okta),
    ...methods(),
  ]).toMatchInlineSnapshot(`
    [
      "ok: The sign-in page offers a code by e-mail.",
      "ok: The sign-in page offers a code by e-mail, as “One-time PIN”. Choosing “Okta” brings none.",
      "ok: The sign-in page offers a code by e-mail, as “One-time PIN”. Choosing “Okta” or “azureAD” brings none.",
      "failure: The sign-in page offers no code by e-mail, so nobody gets one. People sign in with “Okta” there. > If it should, add “One-time PIN” in the Zero Trust dashboard → Integrations → Identity providers, and let the application use it.",
      "failure: The sign-in page offers no code by e-mail, so nobody gets one. > If it should, add “One-time PIN” in the Zero Trust dashboard → Integrations → Identity providers, and let the application use it.",
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
      "ok: The Slack profile of Ana Souza has the same address.",
      "warning: The Slack profile of Ana Souza has another one, ana@lanternhealth.example. > The code goes to the address typed on the sign-in page: it has to be ana.souza@lanternhealth.example.",
      "warning: The Slack profile of Ana Souza shows no address. > The code goes to the address typed on the sign-in page: it has to be ana.souza@lanternhealth.example.",
      "warning: Nobody in Slack has this address. > Right for somebody outside Slack. Otherwise compare it with their profile, letter by letter.",
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
  const laptops = aSerialList([anItem('c02xk0azjg5j', 'Somebody, since 2025')]);
  const connected = { posture: { ...registered.posture, list: laptops }, devices: [aDevice({ emails: [ANA.email] })] };
  expect([
    ...found('known-device', withAllow({ include }, registered)),
    ...found('known-device', withAllow({ include })),
    ...found('known-device', withAllow({ include }, connected)),
    ...found('known-device', withAllow({ include }, { ...connected, devices: [aDevice({ serial: 'PF4OTHER' })] })),
    ...found('known-device', withAllow({ include }, { posture: undefined })),
    ...found('known-device', withAllow({ include, require: [] })),
    ...found('known-device', withAllow({})),
  ]).toMatchInlineSnapshot(`
    [
      "ok: Signing in also takes a known computer with WARP switched on: one is registered.",
      "warning: Signing in also takes a known computer, and the list “Laptops” notes none for this address. The page may say no to the right code. > Register it with “add”, unless it is in the list under another name.",
      "ok: Signing in also takes a known computer with WARP switched on: “Ana’s MacBook” is one.",
      "warning: Signing in also takes a known computer, and the list “Laptops” notes none for this address. The page may say no to the right code. > Register it with “add”, unless it is in the list under another name.",
      "ok: Signing in also takes a checked computer, with WARP switched on.",
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
    ...found('failed-logins', { events: [event(HOUR, false, { country: 'XX' })] }),
  ]).toMatchInlineSnapshot(`
    [
      "ok: No sign-in in the last day, and none that failed. A code that never came leaves no trace there.",
      "ok: No sign-in in the last day, and none that failed. A code that never came leaves no trace there. The last sign-in before was 12 days ago.",
      "ok: Signed in just now, and not turned away in the last day.",
      "warning: Turned away twice in the last day, last 12 min ago from 203.0.113.7 (DE). > An old code, an unknown computer and WARP switched off look like this. Use the newest code, with WARP switched on.",
      "ok: Turned away once in the last day, last 12 min ago from 203.0.113.7 (DE). Signed in since then, 5 min ago.",
      "warning: Turned away once in the last day, last 3 h ago from an unknown address. > An old code, an unknown computer and WARP switched off look like this. Use the newest code, with WARP switched on.",
      "warning: Turned away once in the last day, last 1 h ago from 203.0.113.7. > An old code, an unknown computer and WARP switched off look like this. Use the newest code, with WARP switched on.",
    ]
  `);
});
