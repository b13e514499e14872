import type {
  AccessList,
  AccessUser,
  Device,
  ListItem,
  Policy,
  Registration,
  Snapshot,
} from '../../src/core/snapshot.ts';
import { addresses, aPolicy, email } from './a-policy.ts';
import { ANA, ASKED_AT } from './a-request.ts';

export function anItem(value: string, description = ''): ListItem {
  return { value, description };
}

export function aSerialList(items: readonly ListItem[] = serials(3)): AccessList {
  return { id: 'list-serials', name: 'Laptops', type: 'SERIAL', items };
}

export function anEmailList(items: readonly ListItem[] = [], changes: Partial<AccessList> = {}): AccessList {
  return { id: 'list-people', name: 'Colleagues', type: 'EMAIL', items, ...changes };
}

/** Serials with their owners, `person-1@…` and so on. */
export function serials(count: number): ListItem[] {
  return addresses(count).map((address, index) =>
    anItem(`PF1ABC${String(index + 1).padStart(2, '0')}`, `Person ${index + 1} <${address}> · REQ-0001 · 2026-01-01`),
  );
}

export const WARP_APP = { id: 'app-warp', name: 'Warp Login App', domain: undefined };

export function anEnrolmentPolicy(changes: Partial<Policy> = {}): Policy {
  return aPolicy({
    ref: { kind: 'app', appId: WARP_APP.id, id: 'policy-enrol' },
    name: 'Enrol devices',
    include: addresses(2).map(email),
    require: [],
    ...changes,
  });
}

/** What enrolment looks like with these policies; the first that allows is the one that people are put into. */
export function anEnrolment(...policies: readonly Policy[]): NonNullable<Snapshot['enrolment']> {
  return { app: WARP_APP, policies, allow: policies.find((policy) => policy.decision === 'allow') };
}

export function aRegistration(changes: Partial<Registration> = {}): Registration {
  return { id: 'registration-1', email: ANA.email, isActive: true, ...changes };
}

/** Ana's Mac, with one registration of hers. `emails` follow from the registrations unless told. */
export function aDevice(changes: Partial<Device> = {}): Device {
  const registrations = changes.registrations ?? [aRegistration()];
  return {
    id: 'device-1',
    name: 'Ana’s MacBook',
    serial: 'C02XK0AZJG5J',
    platform: 'macos',
    lastSeenAt: ASKED_AT - 3_600_000,
    emails: [...new Set(registrations.map(({ email: address }) => address))],
    registrations,
    ...changes,
  };
}

/** Ana, who takes up a seat. */
export function aUser(changes: Partial<AccessUser> = {}): AccessUser {
  return {
    id: 'user-ana',
    email: ANA.email,
    name: ANA.name,
    seatUid: 'seat-ana',
    hasSeat: true,
    ...changes,
  };
}

/** A believable account: serial list, an Allow policy that requires it, and a policy of its own for enrolment. */
export function aSnapshot(changes: Partial<Snapshot> = {}): Snapshot {
  const allow = changes.allow ?? aPolicy();
  return {
    takenAt: ASKED_AT,
    teamName: 'lantern-health',
    app: { id: 'app-ocs', name: 'Open Chat Studio', domain: 'ocs.lantern.example' },
    allow,
    policies: [allow],
    enrolment: anEnrolment(anEnrolmentPolicy()),
    posture: { ruleId: 'posture-serials', name: 'Known laptops', list: aSerialList() },
    emailLists: [],
    groups: [],
    users: [],
    devices: [],
    ...changes,
  };
}
