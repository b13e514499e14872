import { ids, mailDomain } from './seed-ids.ts';
import type { SeedOptions } from './seed-options.ts';
import type { Session } from './people.ts';
import { hexFor, uuidFor } from './state.ts';
import type { State } from './state.ts';

export interface Person {
  name: string;
  email: string;
}

const day = 86_400_000;

const names = [
  'Amina Diallo',
  'Bruno Keller',
  'Chioma Okafor',
  'Daniel Reyes',
  'Elif Yilmaz',
  'Dina Haddad',
  'Cara Lindqvist',
  'Henrik Lund',
  'Isabel Costa',
  'Jonas Weber',
  'Kavya Nair',
  'Olu Adeyemi',
  'Mei Tanaka',
  'Noah Fischer',
];

const serialNumbers = [
  'C02FJ1XQMD6T',
  '7HX2KQ3',
  'PF3K9WQX',
  'FVFGH81KQ05N',
  '5CD1342ZTP',
  'C02ZR4T8LVDL',
  'PF2TW6RD',
  '8KJ5MN3',
  'FVFHC2YQ1WFV',
  '5CG2081XQ7',
  'C02DV7QPML7J',
  'PF4B1S9M',
  '2ZW8RT3',
  'FVFJR30TQ6L4',
  '5CD9265KLW',
];

export const emailOf = (name: string): string => `${name.toLowerCase().replace(' ', '.')}@${mailDomain}`;

/** So many people, the first fourteen with names of their own, or exactly those whose addresses are given. */
export function peopleOf(wanted: number | string[] | undefined): Person[] {
  if (Array.isArray(wanted)) return wanted.map((email) => ({ name: email.split('@')[0] ?? email, email }));
  return Array.from({ length: wanted ?? names.length }, (_, index) => {
    const name = names[index] ?? `Colleague ${index + 1}`;
    return { name, email: emailOf(name) };
  });
}

/** The serial number of the laptop at that place of the list. */
export function serialOf(index: number): string {
  return serialNumbers[index] ?? `LH${String(index).padStart(8, '0')}`;
}

export const laptopsOf = ({ laptops = 12 }: SeedOptions, people: readonly Person[]): number =>
  Math.min(laptops, people.length);

/** A user with a seat for each person, a laptop for the first ones, and some rows of the Access log. */
export function seedDevices(state: State, options: SeedOptions, people: Person[], now: number): void {
  const laptops = laptopsOf(options, people);
  for (const [index, { name, email }] of people.entries()) {
    const at = now - 170 * day;
    const id = uuidFor(`user ${email}`);
    const hasLaptop = index < laptops;
    state.users.set(id, {
      id,
      seatUid: uuidFor(`seat ${email}`),
      email,
      name,
      accessSeat: true,
      gatewaySeat: hasLaptop,
      createdAt: at,
      updatedAt: at,
      lastLoginAt: now - day,
      sessions: hasLaptop && options.sessions === true ? [sessionOf(email, now)] : [],
      blockedUntil: 0,
    });
    if (!hasLaptop) continue;
    seedDevice(state, id, name, index, now);
    seedRegistration(state, { userId: id, email, name: `registration ${index}`, index }, now);
  }
  const [, second] = people;
  if (options.sharedLaptop === true && second !== undefined) {
    const userId = uuidFor(`user ${second.email}`);
    seedRegistration(state, { userId, email: second.email, name: 'registration shared', index: 0 }, now);
  }
  for (const [index, user] of [...state.users.values()].slice(0, 5).entries()) {
    state.accessLog.push({
      at: now - day - index * 3_600_000,
      email: user.email,
      allowed: index !== 3,
      appId: ids.app,
      ip: `198.51.100.${10 + index}`,
      country: 'DE',
      rayId: hexFor(`ray ${index}`).slice(0, 16),
      userId: user.id,
      policyId: index === 3 ? '' : ids.policy,
      registrationId: uuidFor(`registration ${index}`),
    });
  }
}

function sessionOf(email: string, now: number): Session {
  const hours = 3_600_000;
  const nonce = hexFor(`session ${email}`).slice(0, 16);
  return { nonce, appId: ids.app, startedAt: now - hours, expiresAt: now + 7 * hours, endedAt: null };
}

const platformOf = (index: number) => (['mac', 'windows', 'linux'] as const)[index % 3] ?? 'mac';

function seedDevice(state: State, userId: string, name: string, index: number, now: number): void {
  const platform = platformOf(index);
  const id = uuidFor(`device ${index}`);
  state.devices.set(id, {
    id,
    name: `${name.split(' ')[0]?.toLowerCase() ?? 'spare'}-laptop`,
    serial: serialOf(index),
    platform,
    model: { mac: 'MacBook Pro', windows: 'Latitude 5440', linux: 'ThinkPad X1' }[platform],
    osVersion: { mac: '15.1.0', windows: '10.0.22631', linux: '6.8.0' }[platform],
    clientVersion: '2026.3.846.0',
    lastSeenAt: now - day,
    lastSeenUserId: userId,
    createdAt: now - 160 * day,
    updatedAt: now - day,
  });
}

interface Registered {
  userId: string;
  email: string;
  name: string;
  /** Of the device. */
  index: number;
}

function seedRegistration(state: State, { userId, email, name, index }: Registered, now: number): void {
  const id = uuidFor(name);
  const deviceId = uuidFor(`device ${index}`);
  const deviceName = state.devices.get(deviceId)?.name ?? '';
  state.clients.push({ serial: serialOf(index), email, name: deviceName, platform: platformOf(index) });
  const times = { createdAt: now - 160 * day, lastSeenAt: now - day, updatedAt: now - day, revokedAt: null };
  state.registrations.set(id, { id, deviceId, deviceName, userId, ...times });
}
