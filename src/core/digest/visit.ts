import type { AccessRow } from '../log-row.ts';
import type { Place, Visitor } from './visitors.ts';

/** More than anybody has; the list is gone through for each row. */
const PLACES_KEPT = 32;
const TRAVEL_MS = 60 * 60 * 1000;
/** What stands for a country that is not known. */
const NOWHERE = 'XX';

export function noteDenial(visitor: Visitor, row: AccessRow): void {
  if (visitor.cut !== undefined) noteTry(visitor, row);
  visitor.denied += 1;
  const { lastDenied } = visitor;
  if (row.at < visitor.lastDeniedAt) return;
  visitor.lastDeniedAt = row.at;
  // A row that is kept for a while is expensive to throw away, and most are like the one before.
  if (lastDenied === undefined || !isAlike(row, lastDenied)) visitor.lastDenied = row;
}

/** Returns whether the device may be one that nobody has counted. */
export function noteSignIn(visitor: Visitor, row: AccessRow): boolean {
  const { at, country, deviceId } = row;
  if (visitor.cut !== undefined) noteTry(visitor, row);
  visitor.signIns += 1;
  const isNext = at >= visitor.lastIn;
  if (isNext) visitor.lastIn = at;
  if (country !== undefined) noteCountry(visitor, country, at);
  if (deviceId === undefined || (isNext && deviceId === visitor.device)) return false;
  visitor.device = deviceId;
  return notePlace(visitor.devices, deviceId, at);
}

/** In everything that a reason could be read from. */
function isAlike(one: AccessRow, other: AccessRow): boolean {
  return (
    one.app === other.app &&
    one.method === other.method &&
    one.deviceId === other.deviceId &&
    one.withWarp === other.withWarp &&
    one.country === other.country &&
    one.ip === other.ip
  );
}

/** Of somebody whose device was reported lost, being let in is no try: they may have another one. */
function noteTry(visitor: Visitor, { at, allowed }: AccessRow): void {
  const { cut } = visitor;
  if (cut === undefined || at < cut.at || at >= (cut.until ?? Infinity)) return;
  if (cut.because === 'lost' && allowed) return;
  visitor.tries += 1;
  if (allowed) visitor.triesLetIn += 1;
  if (at > visitor.lastTry) visitor.lastTry = at;
}

function noteCountry(visitor: Visitor, country: string, at: number): void {
  const { country: from, countryAt: fromAt } = visitor;
  if (country === from && at >= fromAt) {
    visitor.countryAt = at;
    return;
  }
  if (country === NOWHERE || country === '') return;
  notePlace(visitor.countries, country, at);
  if (from !== undefined && from !== country && visitor.travel === undefined && Math.abs(at - fromAt) < TRAVEL_MS) {
    visitor.travel =
      at < fromAt ? { from: country, fromAt: at, to: from, at: fromAt } : { from, fromAt, to: country, at };
  }
  if (at < fromAt) return;
  visitor.country = country;
  visitor.countryAt = at;
}

/** Returns whether it is new here. */
function notePlace(places: Place[], name: string, at: number): boolean {
  for (const place of places) {
    if (place.name !== name) continue;
    if (at < place.at) place.at = at;
    return false;
  }
  if (places.length < PLACES_KEPT) places.push({ name, at });
  return true;
}
