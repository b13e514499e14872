import { describe, expect, it } from 'vitest';
import { enrolledDevicesOf, insidersOf } from '../../src/core/insiders.ts';
import { aPolicy, domain, email, emailList, everyone, group, other } from '../builders/a-policy.ts';
import { ANA } from '../builders/a-request.ts';
import {
  aDevice,
  anEmailList,
  anEnrolment,
  anEnrolmentPolicy,
  anItem,
  aRegistration,
  aSerialList,
  aSnapshot,
  aUser,
} from '../builders/a-snapshot.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';

const BEN = 'ben.okafor@lanternhealth.example';
const EVE = 'eve@elsewhere.example';

/** Nobody is in, unless told. */
function anEmptyAccount(changes: Partial<Snapshot> = {}): Snapshot {
  const allow = changes.allow ?? aPolicy({ include: [] });
  return aSnapshot({
    allow,
    policies: [allow],
    enrolment: anEnrolment(anEnrolmentPolicy({ include: [] })),
    ...registered(),
    ...changes,
  });
}

function insiders(changes: Partial<Snapshot>): string[] {
  return insidersOf(anEmptyAccount(changes)).map((person) => person.email);
}

describe('who has access now', () => {
  it.each<[string, Partial<Snapshot>]>([
    [
      'whom a rule names, in other letters too',
      { allow: aPolicy({ include: [email('Ana.Souza@LanternHealth.example')] }) },
    ],
    ['who may only enrol', { enrolment: anEnrolment(anEnrolmentPolicy({ include: [email(ANA.email)] })) }],
    ['whom a bypass lets pass', { allow: aPolicy({ decision: 'bypass', include: [email(ANA.email)] }) }],
    [
      'who is on a list',
      { allow: aPolicy({ include: [emailList('list-people')] }), emailLists: [anEmailList([anItem(ANA.email)])] },
    ],
    [
      'who is on a list with blanks around the address',
      {
        allow: aPolicy({ include: [emailList('list-people')] }),
        emailLists: [anEmailList([anItem(` ${ANA.email} `)])],
      },
    ],
    [
      'who may not be barred by such a list',
      {
        allow: aPolicy({ include: [email(ANA.email)], exclude: [emailList('list-people')] }),
        emailLists: [anEmailList([anItem(` ${ANA.email} `)])],
      },
    ],
    [
      'who is named by a group in a group',
      {
        allow: aPolicy({ include: [group('outer')] }),
        groups: [
          { id: 'outer', name: 'Outer', include: [group('inner')], exclude: [], require: [] },
          { id: 'inner', name: 'Inner', include: [email(ANA.email)], exclude: [], require: [] },
        ],
      },
    ],
    [
      'who has signed in and is let in by a wider rule',
      {
        allow: aPolicy({ include: [domain('lanternhealth.example')] }),
        users: [aUser({ hasSeat: false }), aUser({ id: 'user-eve', email: EVE, hasSeat: false })],
      },
    ],
    [
      'who has signed in and may be let in by a rule that nobody can read',
      { allow: aPolicy({ include: [other('okta')] }), users: [aUser({ hasSeat: false })] },
    ],
    ['who takes up a seat', { users: [aUser(), aUser({ id: 'user-eve', email: EVE, hasSeat: false })] }],
    ['who has a device', { devices: [aDevice()] }],
    ['for whom a serial number is registered', registered(anasSerial('C02XK0AZJG5J'), anItem('PF1'))],
  ])('has %s', (_who, changes) => {
    expect(insiders(changes)).toEqual([ANA.email]);
  });

  it.each<[string, Partial<Snapshot>]>([
    ['whom an exclude rule bars', { allow: aPolicy({ include: [email(ANA.email)], exclude: [email(ANA.email)] }) }],
    ['whom a Block policy names', { allow: aPolicy({ decision: 'deny', include: [email(ANA.email)] }) }],
    ['who is on a list that no policy reads', { emailLists: [anEmailList([anItem(ANA.email)])] }],
    [
      'whose registrations are revoked',
      { devices: [aDevice({ registrations: [aRegistration({ isActive: false })] })] },
    ],
    [
      'an address that Cloudflare did not tell',
      { devices: [aDevice({ emails: [], registrations: [aRegistration({ email: '' })] })] },
    ],
  ])('does not have %s', (_who, changes) => {
    expect(insiders(changes)).toEqual([]);
  });

  it('has each of them once, with the name, in the order of names', () => {
    const snapshot = anEmptyAccount({
      allow: aPolicy({ include: [everyone, email(EVE), email(BEN), email(ANA.email)] }),
      users: [aUser(), aUser({ id: 'user-ben', email: BEN, name: 'Ben Okafor' })],
      devices: [aDevice()],
    });

    expect(insidersOf(snapshot)).toEqual([
      { email: ANA.email, name: 'Ana Souza' },
      { email: BEN, name: 'Ben Okafor' },
      { email: EVE },
    ]);
  });
});

function registered(...items: ReturnType<typeof anItem>[]): Pick<Snapshot, 'posture'> {
  return { posture: { ruleId: 'posture-serials', name: 'Known laptops', list: aSerialList(items) } };
}

function anasSerial(serial: string): ReturnType<typeof anItem> {
  return anItem(serial, `Ana Souza <${ANA.email}> · REQ-0001 · 2026-01-01`);
}

describe('the devices of a person', () => {
  it('are those that were connected, as Cloudflare knows them', () => {
    const snapshot = anEmptyAccount({ devices: [aDevice()], users: [aUser()] });

    expect(enrolledDevicesOf(snapshot, ANA.email)).toEqual([
      {
        id: 'device-1',
        name: 'Ana’s MacBook',
        serial: 'C02XK0AZJG5J',
        platform: 'macos',
        owner: { email: ANA.email, name: 'Ana Souza' },
        others: [],
      },
    ]);
  });

  it('are those too that are registered and were never connected', () => {
    const snapshot = anEmptyAccount({
      devices: [aDevice()],
      ...registered(
        anasSerial('c02xk0azjg5j'),
        anasSerial('PF2XYZ'),
        anItem('PF3XYZ', `Ben <${BEN}>`),
        anItem('PF4XYZ', 'a spare one'),
      ),
    });

    expect(enrolledDevicesOf(snapshot, ANA.email).map(({ id, serial }) => ({ id, serial }))).toEqual([
      { id: 'device-1', serial: 'C02XK0AZJG5J' },
      { id: undefined, serial: 'PF2XYZ' },
    ]);
    expect(enrolledDevicesOf(snapshot)).toHaveLength(3);
  });

  it('belong to whoever was on them last, and others use them too', () => {
    const registrations = [
      aRegistration({ email: ANA.email }),
      aRegistration({ id: 'registration-2', email: BEN }),
      aRegistration({ id: 'registration-3', email: EVE, isActive: false }),
    ];
    const snapshot = anEmptyAccount({ devices: [aDevice({ registrations, emails: [BEN, ANA.email, EVE] })] });

    for (const user of [ANA.email, BEN]) {
      expect(enrolledDevicesOf(snapshot, user)).toMatchObject([{ owner: { email: BEN }, others: [ANA.email] }]);
    }
  });

  it('may still be reported when their registrations are revoked', () => {
    const snapshot = anEmptyAccount({ devices: [aDevice({ registrations: [aRegistration({ isActive: false })] })] });

    expect(enrolledDevicesOf(snapshot, ANA.email)).toMatchObject([{ owner: { email: ANA.email }, others: [] }]);
  });

  it('are not those of others, nor one that nobody was ever on', () => {
    const devices = [aDevice({ emails: [BEN] }), aDevice({ id: 'device-2', emails: [], registrations: [] })];

    expect(enrolledDevicesOf(anEmptyAccount({ devices }), ANA.email)).toEqual([]);
    expect(enrolledDevicesOf(anEmptyAccount({ devices })).map(({ id }) => id)).toEqual(['device-1']);
  });
});
