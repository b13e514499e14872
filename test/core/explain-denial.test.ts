import { describe, expect, it } from 'vitest';
import { denialExplainer, type DenialReason, deviceFinder, reasonInWords } from '../../src/core/explain-denial.ts';
import type { AccessRow } from '../../src/core/log-row.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { aPolicy, email, everyone, group, other, posture } from '../builders/a-policy.ts';
import { ANA, ASKED_AT } from '../builders/a-request.ts';
import {
  aDevice,
  anEnrolment,
  anEnrolmentPolicy,
  anItem,
  aRegistration,
  aSerialList,
  aSnapshot,
  WARP_APP,
} from '../builders/a-snapshot.ts';

const SERIAL = 'C02XK0AZJG5J';
const POSTURE = { ruleId: 'posture-serials', name: 'Known laptops' };

function aRow(changes: Partial<AccessRow> = {}): AccessRow {
  return {
    id: '8c3e1f20a1b2c3d4',
    at: ASKED_AT,
    email: ANA.email,
    allowed: false,
    app: 'ocs.lantern.example',
    ip: '203.0.113.7',
    method: 'onetimepin',
    deviceId: 'device-1',
    withWarp: true,
    ...changes,
  };
}

/** Ana is in the policy, her Mac is in the list and registered: nothing is wrong. */
function anAccount(changes: Partial<Snapshot> = {}): Snapshot {
  const allow = aPolicy({ include: [email(ANA.email)] });
  return aSnapshot({
    allow,
    posture: { ...POSTURE, list: aSerialList([anItem(SERIAL)]) },
    devices: [aDevice()],
    loginMethods: [{ id: 'idp-1', name: 'One-time PIN', type: 'onetimepin' }],
    ...changes,
  });
}

function explainDenial(row: AccessRow, account = anAccount()): DenialReason {
  return denialExplainer({ snapshot: account })(row);
}

function why(row: Partial<AccessRow> = {}, account: Partial<Snapshot> = {}): string {
  return reasonInWords(explainDenial(aRow(row), anAccount(account)));
}

function withPolicies(...policies: Snapshot['policies']): Partial<Snapshot> {
  return { policies };
}

describe('the reason of a denial, from a known cause', () => {
  it('is a fact where no policy lets the address in', () => {
    expect(explainDenial(aRow({ email: 'eve@elsewhere.example' }))).toEqual({
      reason: 'No policy lets this address in now',
      basis: 'fact',
    });
  });

  it('is an exception, a block or a further demand where one of them keeps the address out', () => {
    const included = { include: [email(ANA.email)] };
    expect(why({}, withPolicies(aPolicy({ ...included, exclude: [email(ANA.email)] })))).toBe(
      'An exception in the policy “Team” keeps this address out now',
    );
    expect(why({}, withPolicies(aPolicy({ name: 'Leavers', decision: 'deny', ...included, require: [] })))).toBe(
      'The policy “Leavers” blocks this address now',
    );
    expect(why({}, { ...withPolicies(aPolicy({ ...included, require: [email('ben@x.example')] })) })).toBe(
      'The policy “Team” demands more than this address has now: the rule for ben@x.example',
    );
  });

  it('is only likely a block where another policy lets the address in and their order is not known', () => {
    const included = { include: [email(ANA.email)] };
    const block = aPolicy({ name: 'Leavers', decision: 'deny', ...included, require: [] });

    expect(why({}, withPolicies(aPolicy(included), block))).toBe(
      'The policy “Leavers” blocks this address now, if it comes before the policy “Team” (likely)',
    );
  });

  it('is WARP, if the row says that it was off', () => {
    expect(why({ withWarp: false, deviceId: undefined })).toBe('WARP was off, so no device was checked');
  });

  it('is the device, if its serial number is not in the list', () => {
    expect(why({}, { posture: { ...POSTURE, list: aSerialList([]) } })).toBe(
      `The serial number ${SERIAL} is not in the list “Laptops” now`,
    );
  });

  it('compares serial numbers without regard to case and blanks', () => {
    expect(why({}, { posture: { ...POSTURE, list: aSerialList([anItem(` ${SERIAL.toLowerCase()} `)]) } })).toContain(
      'A code that was wrong',
    );
  });

  it('is the device, if it reports no serial number or has no registration', () => {
    expect(why({}, { devices: [aDevice({ serial: undefined })] })).toBe(
      'The device “Ana’s MacBook” reports no serial number',
    );
    expect(why({}, { devices: [aDevice({ registrations: [aRegistration({ isActive: false })] })] })).toBe(
      'The device “Ana’s MacBook” has no registration now',
    );
    expect(why({}, { devices: [] })).toBe('The device has no registration any more (likely)');
  });

  it('finds the device by its registration too: which of the two analytics mean is not documented', () => {
    expect(why({ deviceId: 'registration-1' }, { posture: { ...POSTURE, list: aSerialList([]) } })).toContain(SERIAL);
  });

  it('is likely the device, if none was named', () => {
    expect(why({ deviceId: undefined })).toBe('WARP was on, but no device was sent (likely)');
    const unknown = { posture: { ...POSTURE, list: aSerialList([]) } };
    expect(why({ deviceId: undefined, withWarp: undefined }, unknown)).toBe(
      'None of their computers is in the list “Laptops” now (likely)',
    );
    // They have a known one: then nothing speaks for the device.
    expect(why({ deviceId: undefined, withWarp: undefined })).toContain('A code that was wrong');
  });

  it('is not the device where a policy lets the person in without one', () => {
    const open = aPolicy({ name: 'Anywhere', include: [everyone], require: [] });
    const strict = aPolicy({ include: [email(ANA.email)] });

    expect(why({ withWarp: false }, withPolicies(strict, open))).toContain('A code that was wrong');
  });

  it('is likely another check of the device, if the policy asks for one that nobody reads here', () => {
    const policy = aPolicy({ include: [email(ANA.email)], require: [posture('disk-encryption')] });

    expect(why({}, withPolicies(policy))).toBe('A device check that can’t be read from here (likely)');
  });

  it('is the way to sign in, if the page does not offer it', () => {
    expect(why({ method: 'google' })).toBe('The sign-in page does not offer “google” now');
    // Not read: nothing is claimed.
    const { loginMethods: _, ...unread } = anAccount();
    expect(reasonInWords(explainDenial(aRow({ method: 'google' }), unread))).toBe(
      'The sign-in with “google” was not finished (likely)',
    );
  });

  it('is likely a rule that can’t be read, if one decides', () => {
    const policy = aPolicy({ include: [other('okta')], require: [] });
    expect(why({}, withPolicies(policy))).toBe(
      'The policy “Team” depends on a rule that can’t be read from here (okta) (likely)',
    );
    const unread = aPolicy({ include: [group('group-gone')], require: [] });
    expect(why({}, withPolicies(unread))).toBe('The policy “Team” depends on the group “group-gone” (likely)');
  });

  it('is likely the code, if nothing is wrong', () => {
    expect(explainDenial(aRow())).toEqual({
      reason: 'A code that was wrong or not entered',
      basis: 'inference',
    });
  });

  it('comes from the enrolment’s own policies for a row of the enrolment', () => {
    const enrolment = anEnrolment(anEnrolmentPolicy());
    const app = 'lantern-health.cloudflareaccess.com/warp';
    expect(why({ app }, { enrolment })).toBe('No policy lets this address in now');
    const named = { ...enrolment, app: { ...WARP_APP, domain: 'Enrol.example/' } };
    expect(why({ app: 'https://enrol.example' }, { enrolment: named })).toBe('No policy lets this address in now');
  });

  it('is not guessed for another application, for nobody, and where nothing could be read', () => {
    expect(why({ app: 'wiki.lantern.example' })).toBe(
      'Cloudflare does not say, and the policies there are not read (likely)',
    );
    expect(why({ email: '' })).toBe('Nobody had given an address yet (likely)');
    expect(reasonInWords(denialExplainer({})(aRow()))).toBe(
      'Cloudflare does not say, and the policies could not be read (likely)',
    );
  });
});

describe('finding a device', () => {
  it('prefers its own id to one of a registration', () => {
    const one = aDevice({ id: 'a', registrations: [aRegistration({ id: 'b' })] });
    const two = aDevice({ id: 'b', registrations: [] });

    expect(deviceFinder([one, two])({ deviceId: 'b' })).toBe(two);
    expect(deviceFinder([one, two])({ deviceId: 'c' })).toBeUndefined();
    expect(deviceFinder([one, two])({ deviceId: undefined })).toBeUndefined();
  });
});
