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

/** A moment that is still in the last day of something that ends then: an end may be the first moment of the day after. */
export function lastMoment(endsAt: number): number {
  return endsAt - 1000;
}
