const DAY = 24 * 60 * 60 * 1000;

/** `2026-12-24`: the day at a moment (epoch milliseconds), in an IANA time zone. */
export function dateAt(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone }).format(at);
}

/** Whether there is such a day: `2026-02-30` is none. */
export function isDate(text: string): boolean {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(at) && isoDate(at) === text;
}

/** So many days or months later. A month later than 31 January is the last day of February. */
export function dateAfter(date: string, { days = 0, months = 0 }: { days?: number; months?: number }): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const lastOfMonth = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return isoDate(Date.UTC(year, month - 1 + months, Math.min(day, lastOfMonth) + days));
}

/**
 * The last millisecond of a day in a time zone. Its next day mostly begins 24 hours after it; where clocks are changed at
 * midnight, of the moments that two offsets make of midnight, the first one that is in the next day counts.
 */
export function endOfDay(date: string, timeZone: string): number {
  const next = dateAfter(date, { days: 1 });
  const midnight = Date.parse(`${next}T00:00:00Z`);
  const candidates = [midnight - DAY, midnight + DAY]
    .map((near) => midnight - offsetAt(near, timeZone))
    .toSorted((one, other) => one - other);
  const begins = candidates.find((at) => dateAt(at, timeZone) >= next) ?? midnight;
  return begins - 1;
}

/** How far the clocks there are ahead of UTC, in milliseconds. */
function offsetAt(at: number, timeZone: string): number {
  const whole = Math.floor(at / 1000) * 1000;
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(whole);
  return Date.parse(`${parts.replace(' ', 'T')}Z`) - whole;
}

function isoDate(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
