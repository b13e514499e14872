import type { SeenBefore } from '../logs.ts';
import { duration } from '../duration.ts';
import type { Digest } from './digest.ts';
import type { Place, Visitor } from './visitors.ts';

type Unusual = Digest['unusual'][number];

const KINDS: readonly Unusual['kind'][] = ['impossible-travel', 'first-country', 'first-device'];
const COUNTRIES_NAMED = 3;
/** Of one person, for as long as they come: the newest ones. */
const PLACES_KEPT = 100;

const WITH_ARTICLE = new Set(['AE', 'BS', 'CF', 'DO', 'GB', 'GM', 'KM', 'MH', 'MV', 'NL', 'PH', 'SB', 'SC', 'US']);

const regions = new Intl.DisplayNames('en', { type: 'region' });

/** What is worth a look, the rarer kind first. `deviceName`: what people call a device; undefined if nobody knows. */
export function unusualOf(
  visitors: readonly Visitor[],
  before: ReadonlyMap<string, SeenBefore>,
  deviceName: (deviceId: string) => string | undefined,
): Unusual[] {
  return visitors
    .flatMap((visitor) => {
      const seen = before.get(visitor.email);
      return [...travelOf(visitor), ...newCountries(visitor, seen), ...newDevices(visitor, seen, deviceName)];
    })
    .toSorted(
      (one, other) =>
        KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind) || one.at - other.at || (one.email < other.email ? -1 : 1),
    );
}

/** What is known of those who were let in, with this day. */
export function seenWith(visitors: readonly Visitor[], before: ReadonlyMap<string, SeenBefore>): SeenBefore[] {
  return visitors.filter(isSomebodyLetIn).map(({ email, countries, devices, lastIn }) => {
    const seen = before.get(email);
    return {
      email,
      countries: joined(seen?.countries, countries),
      devices: joined(seen?.devices, devices),
      lastAt: Math.max(seen?.lastAt ?? 0, lastIn),
    };
  });
}

/** Tokens of programs come without an address. */
export function isSomebodyLetIn({ email, signIns }: Visitor): boolean {
  return signIns > 0 && email !== '';
}

function joined(before: readonly string[] = [], places: readonly Place[]): string[] {
  const today = places.toSorted((one, other) => one.at - other.at).map(({ name }) => name);
  return [...before.filter((name) => !today.includes(name)), ...today].slice(-PLACES_KEPT);
}

function travelOf({ email, travel }: Visitor): Unusual[] {
  if (travel === undefined || email === '') return [];
  const { from, fromAt, to, at } = travel;
  const says = `Signed in from ${countryName(from)} and, ${duration(at - fromAt)} later, from ${countryName(to)}. A VPN or a phone network can look like that.`;
  return [{ kind: 'impossible-travel', email, says, basis: 'inference', at }];
}

/** Of somebody of whom nothing is known yet, everything would be new. */
function newCountries({ email, countries }: Visitor, seen: SeenBefore | undefined): Unusual[] {
  const known = seen?.countries ?? [];
  if (known.length === 0) return [];
  const others = known.length - COUNTRIES_NAMED;
  const named = known.slice(-COUNTRIES_NAMED).map(countryName);
  const before = listOf(others > 0 ? [...named, others === 1 ? '1 other' : `${others} others`] : named);
  return countries
    .filter(({ name }) => !known.includes(name))
    .map(({ name, at }) => {
      const says = `${countryName(name)}. So far from ${before}.`;
      return { kind: 'first-country', email, says, basis: 'fact', at };
    });
}

/** The log names a device, or its registration: the second changes when a device is enrolled again. */
function newDevices(
  { email, devices }: Visitor,
  seen: SeenBefore | undefined,
  deviceName: (deviceId: string) => string | undefined,
): Unusual[] {
  const known = seen?.devices ?? [];
  if (known.length === 0) return [];
  return devices
    .filter(({ name }) => !known.includes(name))
    .map(({ name: id, at }) => {
      const says = `“${deviceName(id) ?? id}”. It may be a known one that was enrolled again.`;
      return { kind: 'first-device', email, says, basis: 'inference', at };
    });
}

function countryName(code: string): string {
  if (code === 'T1') return 'the Tor network';
  try {
    const name = regions.of(code) ?? code;
    return WITH_ARTICLE.has(code) ? `the ${name}` : name;
  } catch {
    // Not a code of a country.
    return code;
  }
}

function listOf(names: readonly string[]): string {
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(names);
}
