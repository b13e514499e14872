import type { Digest } from '../core/digest/digest.ts';
import { fit } from './fit.ts';

const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** `1,204`, `2.4` */
export function numberInWords(value: number): string {
  return numbers.format(value);
}

/** Of a mean: `110`, `2.4` */
export function meanInWords(mean: number): string {
  return numberInWords(mean >= 10 ? Math.round(mean) : mean);
}

/** `1 person`, `1,204 people` */
export function countOf(count: number, one: string, many: string): string {
  return `${numberInWords(count)} ${count === 1 ? one : many}`;
}

/** `once`, `3 times` */
export function times(count: number): string {
  return count === 1 ? 'once' : countOf(count, 'time', 'times');
}

/** An address as people may have typed it at the door. */
export function addressOf(email: string): string {
  return fit(email, 64) || 'no address given';
}

const days = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', weekday: 'long', day: 'numeric', month: 'long' });

/** `Friday 20 November` for `2026-11-20`. */
export function dayInWords(day: string): string {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) ? fit(day, 30) : days.format(at).replace(',', '');
}

const HOUR_MS = 60 * 60 * 1000;

/** How many hours the day was longer than others; below 0 shorter. */
export function extraHours({ from, to }: Pick<Digest, 'from' | 'to'>): number {
  return (to - from) / HOUR_MS - 24;
}

/** `about twice as many as usual` */
export function comparedWith(usual: number, now: number): string {
  if (Math.abs(now - usual) <= Math.max(2, usual / 4)) return 'about as usual';
  // A day with next to none has nothing to be a multiple of.
  if (usual < 1 && now > usual) return 'more than usual';
  const ratio = now / usual;
  if (ratio >= 20) return 'far more than usual';
  if (ratio >= 2.5) return `about ${numberInWords(Math.round(ratio))} times as many as usual`;
  if (ratio >= 1.75) return 'about twice as many as usual';
  if (ratio > 1) return 'more than usual';
  if (ratio > 0.6) return 'fewer than usual';
  return ratio >= 0.4 ? 'about half as many as usual' : 'far fewer than usual';
}

/** Who was turned away, as far as it could be counted. */
export function deniedPeople({ denials, moreDenials }: Pick<Digest, 'denials' | 'moreDenials'>): number {
  return denials.length + moreDenials;
}

/** `about 6,200` */
export function deniedInWords(digest: Pick<Digest, 'denials' | 'moreDenials' | 'denialsAreRough'>): string {
  return `${digest.denialsAreRough === true ? 'about ' : ''}${numberInWords(deniedPeople(digest))}`;
}
