/**
 * A moment in the reader's own time zone, for `text` and mrkdwn: `today at 12:04`. `at`: epoch milliseconds. Readers
 * whose client does not know the form see UTC.
 */
export function time(at: number): string {
  return `<!date^${seconds(at)}^${TIME_FORMAT}|${utc(at)}>`;
}

export const TIME_FORMAT = '{date_short_pretty} at {time}';
/** With its date spelled out, for records that are read months later. */
export const FULL_FORMAT = '{date_short} at {time_secs}';

export function seconds(at: number): number {
  return Math.floor(at / 1000);
}

/** `2026-11-21 12:04 UTC` */
export function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `8 s`, `2 min 5 s`, `3 h 10 min` */
export function duration(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1000));
  if (total < 60) return `${Math.max(1, total)} s`;
  const minutes = Math.floor(total / 60);
  if (minutes < 60) return total % 60 === 0 ? `${minutes} min` : `${minutes} min ${total % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** A moment that is still in the last day of something that ends then: an end may be the first moment of the day after. */
export function lastMoment(endsAt: number): number {
  return endsAt - 1000;
}
