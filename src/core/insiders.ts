import { foldAddress } from './address.ts';
import { foldSerial, usersOf } from './belongings.ts';
import type { EnrolledDevice } from './fields.ts';
import type { Person } from './person.ts';
import { ownerOf } from './serial.ts';
import { emailRules, ruleContext, type Device, type Snapshot } from './snapshot.ts';
import { mayEnter, waysIn } from './ways-in.ts';

export type Insider = Pick<Person, 'email' | 'name'>;

/**
 * Everybody who can come in now or has a device or a seat here, by name. Of people whom no rule names, only those in
 * `snapshot.users` can be known, so it has to be read with a scope of all users and all devices.
 */
export function insidersOf(snapshot: Snapshot): Insider[] {
  const names = new Map(snapshot.users.map(({ email, name }) => [email, name]));
  const ways = waysIn(snapshot);
  const context = ruleContext(snapshot);
  const known = new Set([...named(snapshot), ...names.keys()]);
  const entering = [...known].filter((email) => mayEnter(ways, email, context));
  const emails = new Set([
    ...entering,
    ...snapshot.users.filter(({ hasSeat }) => hasSeat).map(({ email }) => email),
    ...snapshot.devices.flatMap(({ registrations }) =>
      registrations.filter(({ isActive }) => isActive).map(({ email }) => email),
    ),
    ...(snapshot.posture?.list.items ?? []).flatMap(({ description }) => ownerOf(description) ?? []),
  ]);
  emails.delete('');
  return [...emails]
    .map((email) => personOf(email, names))
    .toSorted((one, other) => (one.name ?? one.email).localeCompare(other.name ?? other.email, 'en'));
}

/** Addresses that rules, groups or lists spell out, whether or not they let them in. */
function named(snapshot: Snapshot): string[] {
  const rules = [...waysIn(snapshot).map(({ policy }) => policy), ...snapshot.groups].flatMap(({ include }) => include);
  const listed = snapshot.emailLists.flatMap(({ items }) => items.map(({ value }) => foldAddress(value)));
  return [...emailRules(rules), ...listed];
}

/**
 * The devices that the account knows, of one person or of all: those that were connected, and serial numbers that are
 * registered for somebody and that none of these reports. The owner of a shared one is whoever was on it last.
 */
export function enrolledDevicesOf(
  snapshot: Pick<Snapshot, 'users' | 'devices' | 'posture'>,
  email?: string,
): EnrolledDevice[] {
  const names = new Map(snapshot.users.map((user) => [user.email, user.name]));
  const connected = snapshot.devices.filter((device) => email === undefined || device.emails.includes(email));
  const reported = new Set(snapshot.devices.map(({ serial }) => serial));
  const registered = (snapshot.posture?.list.items ?? []).flatMap(({ value, description }) => {
    const owner = ownerOf(description);
    const serial = foldSerial(value);
    if (owner === undefined || reported.has(serial) || (email !== undefined && owner !== email)) return [];
    return [{ name: serial, serial, owner: personOf(owner, names), others: [] }];
  });
  return [...connected.flatMap((device) => enrolled(device, names)), ...registered];
}

function enrolled(device: Device, names: ReadonlyMap<string, string | undefined>): EnrolledDevice[] {
  const { id, name, serial, platform, emails } = device;
  const users = usersOf(device);
  const owner = users[0] ?? emails[0];
  if (owner === undefined) return [];
  return [
    {
      id,
      name,
      ...(serial === undefined ? {} : { serial }),
      ...(platform === undefined ? {} : { platform }),
      owner: personOf(owner, names),
      others: users.filter((user) => user !== owner),
    },
  ];
}

function personOf(email: string, names: ReadonlyMap<string, string | undefined>): Insider {
  const name = names.get(email);
  return name === undefined ? { email } : { email, name };
}
