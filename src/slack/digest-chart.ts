import type { Digest } from '../core/digest/digest.ts';
import { barChart, type ChartBlock } from './chart.ts';
import { dayInWords } from './digest-words.ts';

/** 24 bars are more than Slack draws. */
export const HOURS_IN_A_BAR = 2;
const BARS = Array.from({ length: 24 / HOURS_IN_A_BAR }, (_, at) => at * HOURS_IN_A_BAR);

/**
 * Sign-ins and denials by the clock, two hours together. On a day of 25 hours one bar holds three, on one of 23 one.
 * Undefined: there is nothing to draw.
 */
export function digestChart({ day, timeZone, access }: Digest): ChartBlock | undefined {
  if (!access.hours.some(({ signIns, denied }) => signIns + denied > 0)) return undefined;
  const sum = (key: 'signIns' | 'denied') => BARS.map((start) => sumFrom(start, access.hours, key));
  return barChart({
    title: `Sign-ins and denials on ${dayInWords(day)}`,
    categories: BARS.map((start) => `${twoDigits(start)}–${twoDigits(start + HOURS_IN_A_BAR)}`),
    series: [
      { name: 'Signed in', values: sum('signIns') },
      { name: 'Turned away', values: sum('denied') },
    ],
    xLabel: `Hours in ${timeZone}`,
    yLabel: 'Times',
  });
}

/** `label`: `09:00`, `02:00 again`. */
function sumFrom(start: number, hours: Digest['access']['hours'], key: 'signIns' | 'denied'): number {
  return hours
    .filter(({ label }) => {
      const hour = Number(label.slice(0, 2));
      return hour >= start && hour < start + HOURS_IN_A_BAR;
    })
    .reduce((total, hour) => total + hour[key], 0);
}

function twoDigits(hour: number): string {
  return String(hour).padStart(2, '0');
}
