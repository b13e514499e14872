import { personas, withLaptops } from './day-people.ts';
import type { Persona } from './day-people.ts';
import type { NetworkSession } from './network-analytics.ts';
import { userByEmail } from './people.ts';
import type { AccessLogRow } from './people.ts';
import { ids, mailDomain } from './seed-ids.ts';
import type { State } from './state.ts';

export interface DaySpan {
  /** Milliseconds since 1970; `to` does not count. */
  from: number;
  to: number;
  /** Another number, another day. 1 unless told. */
  seed?: number;
}

export interface BusySpan extends DaySpan {
  /** Those of the account first, then made-up ones. All of the account unless told. */
  people?: number;
  /** 400 unless told; of them, 3 in 100 are denials. */
  signIns?: number;
  /** Twice as many as sign-ins unless told. */
  networkSessions?: number;
}

export interface AttackSpan extends DaySpan {
  /** Somebody who was revoked and tries again and again. */
  revoked?: string;
  /** Denials of addresses that nobody knows. 240 unless told. */
  attempts?: number;
}

export interface GeneratedDay {
  /** Oldest first, both. */
  access: AccessLogRow[];
  network: NetworkSession[];
}

/** What is in an attack, for tests to compare with what they are told. */
export interface Attack extends GeneratedDay {
  revoked: string;
  strangers: readonly string[];
  /** Who was let in from two countries within an hour. */
  traveller: string;
}

const destinations = [
  { destination: '10.20.0.5', port: 443, transport: 'tcp' },
  { destination: '10.20.0.5', port: 8000, transport: 'tcp' },
  { destination: '10.20.0.12', port: 5432, transport: 'tcp' },
  { destination: '10.20.0.53', port: 53, transport: 'udp' },
] as const;

type Chance = () => number;

/** Numbers between 0 and 1, the same for the same seed (mulberry32). */
function chances(seed: number): Chance {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of them. */
function pick<Item>(chance: Chance, items: readonly Item[]): Item {
  const item = items[Math.floor(chance() * items.length)];
  if (item === undefined) throw new Error('there is nobody in the account to make a day of');
  return item;
}

/** A maker of the rows of one day. */
function createDay({ from, to, seed = 1 }: DaySpan) {
  const chance = chances(seed ^ Math.floor(from / 1000));
  const hex = (): string =>
    Math.floor(chance() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  const access: AccessLogRow[] = [];
  const network: NetworkSession[] = [];

  return {
    chance,
    /** Most of it around the middle. */
    moment: (): number => from + Math.floor(((chance() + chance()) / 2) * (to - from)),
    visit: (at: number, { email, userId, registrationId, ip }: Persona, row: Partial<AccessLogRow> = {}): void => {
      const allowed = row.allowed ?? true;
      access.push({
        at,
        email,
        allowed,
        appId: ids.app,
        ip,
        country: 'DE',
        rayId: hex() + hex(),
        userId,
        policyId: allowed ? ids.policy : '',
        registrationId,
        ...row,
      });
    },
    session: (at: number, { email, deviceId, deviceName }: Persona, action: 'allow' | 'block' = 'allow'): void => {
      const bytes = action === 'allow' ? 500 + Math.floor(chance() ** 4 * 2_000_000) : 0;
      const where = pick(chance, destinations);
      const counted = { sent: bytes, received: bytes * 8 };
      network.push({ at, email, ...where, action, deviceId, deviceName, ...counted });
    },
    done: (): GeneratedDay => ({ access: access.toSorted(byTime), network: network.toSorted(byTime) }),
  };
}

type Day = ReturnType<typeof createDay>;

const byTime = (a: { at: number }, b: { at: number }): number => a.at - b.at;

function fillQuiet(day: Day, people: readonly Persona[]): void {
  for (let visit = 0; visit < 4; visit += 1) {
    const at = day.moment();
    const person = pick(day.chance, people);
    day.visit(at, person);
    day.session(at, person);
  }
}

/** Four people come in, as every day. Nobody is turned away. */
export function quietDay(state: State, span: DaySpan): GeneratedDay {
  const day = createDay(span);
  fillQuiet(day, withLaptops(personas(state)));
  return day.done();
}

/** Working hours of many; now and then somebody is turned away, because the laptop is not registered. */
export function busyDay(state: State, span: BusySpan): GeneratedDay {
  const { people, signIns = 400, networkSessions = signIns * 2 } = span;
  const day = createDay(span);
  const everybody = personas(state, people);
  for (let visit = 0; visit < signIns; visit += 1) {
    const isRefused = day.chance() < 0.03;
    const person = pick(day.chance, everybody);
    day.visit(day.moment(), person, isRefused ? { allowed: false, policyId: '', registrationId: '' } : {});
  }
  const online = withLaptops(everybody);
  for (let session = 0; session < networkSessions; session += 1) {
    day.session(day.moment(), pick(day.chance, online), day.chance() < 0.01 ? 'block' : 'allow');
  }
  return day.done();
}

/**
 * A quiet day on which strangers try one address after the other, somebody who was revoked tries for an hour, and a known
 * person comes in from two countries, forty minutes apart.
 */
export function attackDay(state: State, span: AttackSpan): Attack {
  const { from, to, revoked = `former.colleague@${mailDomain}`, attempts = 240 } = span;
  const day = createDay(span);
  const people = withLaptops(personas(state));
  fillQuiet(day, people);
  const strangers = Array.from({ length: 12 }, (_, index) => `admin${index + 1}@elsewhere.example`);
  const [traveller] = people;
  if (traveller === undefined) throw new Error('nobody in the account has a laptop');
  const outsider = (email: string): Persona => {
    const userId = userByEmail(state, email)?.id ?? '';
    return { email, userId, registrationId: '', deviceId: '', deviceName: '', ip: '203.0.113.66' };
  };
  const middle = from + Math.floor((to - from) / 2);
  const hour = Math.min(3_600_000, Math.floor((to - from) / 4));
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const stranger = pick(day.chance, strangers);
    day.visit(middle + Math.floor(day.chance() * hour), outsider(stranger), { allowed: false, country: 'BR' });
  }
  for (let attempt = 0; attempt < 20; attempt += 1) {
    day.visit(middle - Math.floor(day.chance() * hour), outsider(revoked), { allowed: false, country: 'FR' });
  }
  day.visit(middle, traveller);
  day.visit(middle + Math.floor((hour * 2) / 3), traveller, { country: 'BR', ip: '203.0.113.90' });
  return { ...day.done(), revoked, strangers, traveller: traveller.email };
}
