const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const GO_UNITS: Readonly<Record<string, number>> = { h: HOUR, m: MINUTE, s: SECOND, ms: 1, us: 0, µs: 0, ns: 0 };

/** Milliseconds of a duration as Cloudflare writes it: `8h`, `2h45m`, `24h0m0s`. Undefined for anything else. */
export function readGoDuration(text: string): number | undefined {
  if (text === '0') return 0;
  if (!/^(\d+(\.\d+)?(h|ms|m|s|us|µs|ns))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)/g)];
  return parts.reduce((total, [, amount, unit = '']) => total + Number(amount) * (GO_UNITS[unit] ?? 0), 0);
}

/** The same for Cloudflare, to the minute: `8h`, `45m`, `2h45m`. */
export function goDuration(ms: number): string {
  const minutes = Math.round(ms / MINUTE);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (rest === 0) return `${hours}h`;
  return hours === 0 ? `${rest}m` : `${hours}h${rest}m`;
}

const TYPED_UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(h|hr|hrs|hours?)$/, HOUR],
  [/^(m|min|mins|minutes?)$/, MINUTE],
  [/^(d|days?)$/, 24 * HOUR],
];

/**
 * Milliseconds of what a person types for a length of hours: `8h`, `8 hours`, `480m`, `2h 30m`, `1 day`; a number alone is
 * hours. Undefined for anything else.
 */
export function readTypedDuration(text: string): number | undefined {
  const typed = text.trim().toLowerCase().replace(',', '.');
  if (/^\d+(\.\d+)?$/.test(typed)) return wholeMs(Number(typed) * HOUR);
  if (!/^(\d+(\.\d+)?\s*[a-z]+\s*)+$/.test(typed)) return undefined;
  let total = 0;
  for (const [, amount, word = ''] of typed.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)) {
    const unit = TYPED_UNITS.find(([form]) => form.test(word))?.[1];
    if (unit === undefined) return undefined;
    total += Number(amount) * unit;
  }
  return wholeMs(total);
}

/** As many as a computer can count with. */
function wholeMs(total: number): number {
  return Math.min(Math.round(total), Number.MAX_SAFE_INTEGER);
}

/** `8 s`, `2 min 5 s`, `3 h 10 min` */
export function duration(ms: number): string {
  const total = Math.max(0, Math.round(ms / SECOND));
  if (total < 60) return `${Math.max(1, total)} s`;
  const minutes = Math.floor(total / 60);
  if (minutes < 60) return total % 60 === 0 ? `${minutes} min` : `${minutes} min ${total % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}
