import type { AccessEvent } from '../../src/core/access-event.ts';
import type { AccessUser, Device, Registration, Snapshot, SnapshotScope } from '../../src/core/snapshot.ts';
import type { DeviceQuery } from '../../src/core/ports.ts';

export interface PeopleOptions {
  /** Live sessions, by the user's id. */
  readonly sessions?: Readonly<Record<string, number>>;
  readonly events?: readonly AccessEvent[];
}

/** People, devices, sessions and the log of a pretended account. Whoever was seen on a device stays known there, as at the far end. */
export function createMemoryPeople({ users: known, devices: enrolled }: Snapshot, options: PeopleOptions) {
  let users = [...known];
  let devices = [...enrolled];
  const sessions = new Map(Object.entries(options.sessions ?? {}));
  const events = [...(options.events ?? [])];

  function keepRegistrations(change: (one: Registration) => Registration | undefined): void {
    devices = devices.map((device) => ({
      ...device,
      registrations: device.registrations.flatMap((one) => change(one) ?? []),
    }));
  }
  function usersOf(query: readonly string[] | 'all'): AccessUser[] {
    return query === 'all' ? users : users.filter(({ email }) => lower(query).includes(email));
  }
  function devicesOf(query: DeviceQuery): Device[] {
    if ('ids' in query) return devices.filter(({ id }) => query.ids.includes(id));
    if ('matching' in query) return devices.filter((device) => wordsOf(device).includes(query.matching.toLowerCase()));
    const { of } = query;
    return of === 'all' ? devices : devices.filter(({ emails }) => lower(of).some((email) => emails.includes(email)));
  }
  return {
    usersOf,
    devicesOf,
    /** What a snapshot with this scope has of them. */
    within({ users: wanted = [], devicesOf: owners = [], devices: ids = [] }: SnapshotScope) {
      const found = new Set([...devicesOf({ of: owners }), ...devicesOf({ ids })]);
      return { users: usersOf(wanted), devices: [...found] };
    },
    sessions: (userId: string) => sessions.get(userId) ?? 0,
    signIn: (userId: string) => void sessions.set(userId, (sessions.get(userId) ?? 0) + 1),
    enrol: (device: Device) => {
      devices = [...devices.filter(({ id }) => id !== device.id), device];
    },
    log: (event: AccessEvent) => void events.push(event),
    revoke(email: string, keepDevices: boolean): void {
      const address = email.toLowerCase();
      for (const user of usersOf([address])) sessions.delete(user.id);
      if (keepDevices) return;
      keepRegistrations((one) => (one.email === address ? { ...one, isActive: false } : one));
    },
    deleteDevice: (id: string) => {
      devices = devices.filter((device) => device.id !== id);
    },
    deleteRegistrations: (ids: readonly string[]) =>
      keepRegistrations((one) => (ids.includes(one.id) ? undefined : one)),
    /** Takes the person's registrations along, as the far end does. */
    freeSeats(seatUids: readonly string[]): void {
      const freed = users.filter(({ seatUid }) => seatUid !== undefined && seatUids.includes(seatUid));
      users = users.map((user) => (freed.includes(user) ? { ...user, hasSeat: false } : user));
      keepRegistrations((one) => (freed.some(({ email }) => email === one.email) ? undefined : one));
    },
    eventsOf: (email: string, since: number, limit: number) =>
      events
        .filter((event) => event.email === email.toLowerCase() && event.at >= since)
        .toSorted((one, other) => other.at - one.at)
        .slice(0, limit),
  };
}

function lower(emails: readonly string[]): string[] {
  return emails.map((email) => email.toLowerCase());
}

function wordsOf({ name, serial, emails }: Device): string {
  return [name, serial, ...emails].join(' ').toLowerCase();
}
