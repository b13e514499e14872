import { mailDomain } from './seed-ids.ts';
import { uuidFor } from './state.ts';
import type { State } from './state.ts';

/** Somebody with what the account has of them, or with what it could have. */
export interface Persona {
  email: string;
  userId: string;
  /** Empty without an enrolled device. */
  registrationId: string;
  deviceId: string;
  deviceName: string;
  ip: string;
}

/** So many people with what the account has of them; more than it has are made up, each with a laptop. */
export function personas(state: State, wanted: number = state.users.size): Persona[] {
  const active = [...state.registrations.values()].filter(({ revokedAt }) => revokedAt === null);
  const registered = new Map(active.map((found) => [found.userId, found]));
  const known = [...state.users.values()].slice(0, wanted).map(({ id, email }, index) => {
    const found = registered.get(id);
    const { id: registrationId = '', deviceId = '', deviceName = '' } = found ?? {};
    return { email, userId: id, registrationId, deviceId, deviceName, ip: addressOf(index) };
  });
  const more = Array.from({ length: Math.max(0, wanted - known.length) }, (_, index) => {
    const name = `staff.${index + 1}`;
    return {
      email: `${name}@${mailDomain}`,
      userId: uuidFor(`user ${name}`),
      registrationId: uuidFor(`registration of ${name}`),
      deviceId: uuidFor(`device of ${name}`),
      deviceName: `${name}-laptop`,
      ip: addressOf(known.length + index),
    };
  });
  return [...known, ...more];
}

const addressOf = (index: number): string => `198.51.${100 + Math.floor(index / 250)}.${1 + (index % 250)}`;

export function withLaptops(people: readonly Persona[]): Persona[] {
  return people.filter(({ registrationId }) => registrationId !== '');
}
