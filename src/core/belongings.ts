import { foldAddress } from './address.ts';
import { ruleContext, type Device, type ListItem, type Snapshot } from './snapshot.ts';
import { mayEnter, waysIn } from './ways-in.ts';

/** Something of theirs in which others, who have access and keep it, have a part: their lower-cased addresses. */
interface Shared<Thing> {
  readonly thing: Thing;
  readonly others: readonly string[];
}

/** What belongs to some people: to them alone, or to others too. */
export interface Belongings {
  readonly devices: readonly Device[];
  readonly sharedDevices: readonly Shared<Device>[];
  /** Entries of the serial number list. */
  readonly serials: readonly ListItem[];
  readonly sharedSerials: readonly Shared<ListItem>[];
}

/**
 * The devices that these people use and the serial numbers that are theirs, devices by name whatever their order in the
 * snapshot. Addresses are in lower case.
 */
export function belongingsOf(emails: readonly string[], snapshot: Snapshot): Belongings {
  const theirs = new Set(emails);
  const ways = waysIn(snapshot);
  const context = ruleContext(snapshot);
  const othersAmong = (some: readonly string[]): string[] =>
    [...new Set(some)].filter((email) => !theirs.has(email) && mayEnter(ways, email, context)).toSorted();

  const devices = snapshot.devices
    .filter((device) => device.emails.some((email) => theirs.has(email)))
    .toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
    .map((thing) => ({ thing, others: othersAmong(usersOf(thing)) }));
  const entries = (snapshot.posture?.list.items ?? []).flatMap((thing) => {
    const owners = addressesIn(thing.description);
    const usedBy = devices.filter(({ thing: device }) => device.serial === foldSerial(thing.value));
    if (usedBy.length === 0 && !owners.some((owner) => theirs.has(owner))) return [];
    return [{ thing, others: othersAmong([...owners, ...usedBy.flatMap(({ others }) => others)]) }];
  });
  return {
    devices: alone(devices),
    sharedDevices: devices.filter(isShared),
    serials: alone(entries),
    sharedSerials: entries.filter(isShared),
  };
}

/** As lists of serial numbers are compared. */
export function foldSerial(serial: string): string {
  return serial.trim().toUpperCase();
}

/** Everybody who can be on it now: whose registrations are revoked is not. */
export function usersOf({ emails, registrations }: Device): string[] {
  return emails.filter((email) => {
    const own = registrations.filter((registration) => registration.email === email);
    return own.length === 0 || own.some(({ isActive }) => isActive);
  });
}

/** Every address in angle brackets, or, if none is, every address: an entry kept by hand may name two owners. */
function addressesIn(description: string): string[] {
  const inBrackets = [...description.matchAll(/<([^\s<>]+@[^\s<>]+)>/g)].map(([, address = '']) => address);
  const bare = [...description.matchAll(/[^\s<>(),;]+@[^\s<>(),;]+/g)].map(([address]) => address);
  return (inBrackets.length > 0 ? inBrackets : bare).map(foldAddress);
}

function keyOf({ name, id }: Device): string {
  return `${name} ${id}`;
}

function isShared<Thing>({ others }: Shared<Thing>): boolean {
  return others.length > 0;
}

function alone<Thing>(things: readonly Shared<Thing>[]): Thing[] {
  return things.filter((one) => !isShared(one)).map(({ thing }) => thing);
}
