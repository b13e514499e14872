import { describe, expect, it } from 'vitest';
import type { TimeOfDay } from '../../../src/core/day.ts';
import { dueDays } from '../../../src/core/digest/due.ts';

const EIGHT: TimeOfDay = { hour: 8, minute: 0 };
/** As often as the job looks. */
const LOOK_MS = 5 * 60_000;

interface Morning {
  readonly timeZone?: string;
  readonly at?: TimeOfDay;
  readonly lastDay?: string | undefined;
}

/** The days that are due at a moment such as `2026-11-21T07:00Z`. */
function dueAt(moment: string, { timeZone = 'Europe/Berlin', at = EIGHT, lastDay = '2026-11-19' }: Morning = {}) {
  return dueDays({ now: Date.parse(moment), at, timeZone, lastDay }).days.map(({ day }) => day);
}

/** Every look at which a day was told that had not been told before. */
function toldFrom(
  from: string,
  to: string,
  { timeZone, at, lastDay }: Required<Morning>,
): { readonly day: string; readonly at: string }[] {
  const told: { day: string; at: string }[] = [];
  let last = lastDay;
  for (let now = Date.parse(from); now <= Date.parse(to); now += LOOK_MS) {
    for (const { day } of dueDays({ now, at, timeZone, lastDay: last }).days) {
      told.push({ day, at: new Date(now).toISOString().slice(0, 16) });
      last = day;
    }
  }
  return told;
}

describe('yesterday is due', () => {
  it('from the time of the day on, in the operator’s time zone', () => {
    expect(dueAt('2026-11-21T06:59:59.999Z')).toEqual([]);
    expect(dueAt('2026-11-21T07:00Z')).toEqual(['2026-11-20']);
    expect(dueAt('2026-11-21T22:59Z')).toEqual(['2026-11-20']);
  });

  it('not once more, whatever the clock says since', () => {
    expect(dueAt('2026-11-21T23:30Z', { lastDay: '2026-11-20' })).toEqual([]);
    expect(dueAt('2026-11-20T07:00Z', { lastDay: '2026-11-20' })).toEqual([]);
  });

  it('at midnight, where that is the time', () => {
    const at = { hour: 0, minute: 0 };
    expect(dueAt('2026-11-20T22:59Z', { at })).toEqual([]);
    expect(dueAt('2026-11-20T23:00Z', { at })).toEqual(['2026-11-20']);
  });

  it('alone, when nothing was ever told', () => {
    expect(dueDays({ now: Date.parse('2026-11-21T07:00Z'), at: EIGHT, timeZone: 'UTC', lastDay: undefined })).toEqual({
      days: [{ day: '2026-11-19', dueAt: Date.parse('2026-11-20T08:00Z') }],
      skipped: 0,
    });
  });
});

describe('days that were missed', () => {
  it('are made up for, oldest first', () => {
    expect(dueAt('2026-11-21T07:00Z', { lastDay: '2026-11-17' })).toEqual(['2026-11-18', '2026-11-19', '2026-11-20']);
  });

  it('are seven at most; how many were left out is known', () => {
    const due = dueDays({
      now: Date.parse('2026-11-21T09:00Z'),
      at: EIGHT,
      timeZone: 'UTC',
      lastDay: '2026-10-31',
    });
    expect(due.days.map(({ day }) => day)).toEqual([14, 15, 16, 17, 18, 19, 20].map((day) => `2026-11-${day}`));
    expect(due.skipped).toBe(13);
  });

  it('have the moment at which they were due', () => {
    const { days } = dueDays({
      now: Date.parse('2026-10-26T12:00Z'),
      at: EIGHT,
      timeZone: 'Europe/Berlin',
      lastDay: '2026-10-23',
    });
    expect(days.map(({ dueAt: due }) => new Date(due).toISOString())).toEqual([
      '2026-10-25T07:00:00.000Z',
      '2026-10-26T07:00:00.000Z',
    ]);
  });
});

describe('where the clocks are changed', () => {
  const at0230 = { hour: 2, minute: 30 };

  it.each([
    ['Europe/Berlin', '2026-03-26', ['2026-03-28T01:30', '2026-03-29T01:00', '2026-03-30T00:30']],
    ['America/New_York', '2026-03-05', ['2026-03-07T07:30', '2026-03-08T07:00', '2026-03-09T06:30']],
  ])('a time that does not exist is the moment right after the jump, in %s', (timeZone, lastDay, moments) => {
    const from = `${moments[0]?.slice(0, 10) ?? ''}T00:00Z`;
    const to = `${moments[2]?.slice(0, 10) ?? ''}T23:59Z`;
    expect(toldFrom(from, to, { timeZone, at: at0230, lastDay }).map(({ at }) => at)).toEqual(moments);
  });

  it('a time that comes twice is the first of the two, in Berlin in October', () => {
    expect(
      toldFrom('2026-10-24T00:00Z', '2026-10-26T23:59Z', {
        timeZone: 'Europe/Berlin',
        at: at0230,
        lastDay: '2026-10-22',
      }),
    ).toEqual([
      { day: '2026-10-23', at: '2026-10-24T00:30' },
      { day: '2026-10-24', at: '2026-10-25T00:30' },
      { day: '2026-10-25', at: '2026-10-26T01:30' },
    ]);
  });

  it('eight o’clock stays eight o’clock, and each day is told once', () => {
    const berlin = { timeZone: 'Europe/Berlin', at: EIGHT };
    expect(toldFrom('2026-03-28T00:00Z', '2026-03-30T23:59Z', { ...berlin, lastDay: '2026-03-26' })).toEqual([
      { day: '2026-03-27', at: '2026-03-28T07:00' },
      { day: '2026-03-28', at: '2026-03-29T06:00' },
      { day: '2026-03-29', at: '2026-03-30T06:00' },
    ]);
    const newYork = { timeZone: 'America/New_York', at: EIGHT };
    expect(toldFrom('2026-10-31T00:00Z', '2026-11-02T23:59Z', { ...newYork, lastDay: '2026-10-29' })).toEqual([
      { day: '2026-10-30', at: '2026-10-31T12:00' },
      { day: '2026-10-31', at: '2026-11-01T13:00' },
      { day: '2026-11-01', at: '2026-11-02T13:00' },
    ]);
  });

  it('a day that was left out has no digest', () => {
    // Samoa went from the 29th straight to the 31st.
    const told = dueDays({
      now: Date.parse('2012-01-01T00:00Z'),
      at: EIGHT,
      timeZone: 'Pacific/Apia',
      lastDay: '2011-12-28',
    });
    expect(told.days.map(({ day }) => day)).toEqual(['2011-12-29', '2011-12-31']);
  });
});
