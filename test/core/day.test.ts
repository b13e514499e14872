import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundsOf, dayAfter, dayBefore, dayOf, daysBefore, momentOf } from '../../src/core/day.ts';

const HOUR = 60 * 60 * 1000;

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Santiago',
  'Africa/Cairo',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Kiritimati',
];

describe('the bounds of a day', () => {
  it.each([
    ['Europe/Berlin', '2026-11-20', '2026-11-19T23:00:00.000Z', 24],
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00.000Z', 23],
    ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00.000Z', 25],
    ['America/New_York', '2026-03-08', '2026-03-08T05:00:00.000Z', 23],
    ['America/New_York', '2026-11-01', '2026-11-01T04:00:00.000Z', 25],
    ['Asia/Kathmandu', '2026-11-20', '2026-11-19T18:15:00.000Z', 24],
    ['Australia/Lord_Howe', '2026-10-04', '2026-10-03T13:30:00.000Z', 23.5],
    ['Australia/Lord_Howe', '2026-04-05', '2026-04-04T13:00:00.000Z', 24.5],
    // The clocks go forward at midnight, so the day begins at 01:00.
    ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00.000Z', 23],
    // They go back at midnight, so the evening before has an hour more.
    ['America/Santiago', '2026-04-04', '2026-04-04T03:00:00.000Z', 25],
    // Left out when Samoa went to the other side of the date line.
    ['Pacific/Apia', '2011-12-29', '2011-12-29T10:00:00.000Z', 24],
    ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00.000Z', 0],
    ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00.000Z', 24],
  ])('in %s on %s', (timeZone, day, from, hours) => {
    const bounds = boundsOf(day, timeZone);

    expect(new Date(bounds.from).toISOString()).toBe(from);
    expect((bounds.to - bounds.from) / HOUR).toBe(hours);
  });

  it('are where the day of a moment changes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), fc.integer({ min: 0, max: 20_000 }), (timeZone, days) => {
        const day = daysBefore('2036-01-01', days % 9000);
        const { from, to } = boundsOf(day, timeZone);

        expect(boundsOf(dayBefore(day), timeZone).to).toBe(from);
        if (from === to) return;
        expect(dayOf(from, timeZone)).toBe(day);
        expect(dayOf(to - 1, timeZone)).toBe(day);
        expect(dayOf(from - 1, timeZone) < day).toBe(true);
        expect(dayOf(to, timeZone) > day).toBe(true);
      }),
    );
  });
});

describe('the days beside a day', () => {
  it('cross months, leap days and years', () => {
    expect(dayBefore('2028-03-01')).toBe('2028-02-29');
    expect(dayBefore('2027-01-01')).toBe('2026-12-31');
    expect(dayAfter('2026-02-28')).toBe('2026-03-01');
    expect(daysBefore('2026-11-20', 7)).toBe('2026-11-13');
  });
});

describe('a time of day', () => {
  it.each([
    ['Europe/Berlin', '2026-11-20', { hour: 8, minute: 0 }, '2026-11-20T07:00:00.000Z'],
    ['Asia/Kathmandu', '2026-11-20', { hour: 8, minute: 0 }, '2026-11-20T02:15:00.000Z'],
    ['Europe/Berlin', '2026-03-29', { hour: 8, minute: 0 }, '2026-03-29T06:00:00.000Z'],
    // Left out: right after the jump.
    ['Europe/Berlin', '2026-03-29', { hour: 2, minute: 30 }, '2026-03-29T01:00:00.000Z'],
    // Twice: the first time.
    ['Europe/Berlin', '2026-10-25', { hour: 2, minute: 30 }, '2026-10-25T00:30:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-05', { hour: 1, minute: 45 }, '2026-04-04T14:45:00.000Z'],
    ['Africa/Cairo', '2026-04-24', { hour: 0, minute: 0 }, '2026-04-23T22:00:00.000Z'],
    ['Pacific/Apia', '2011-12-30', { hour: 8, minute: 0 }, '2011-12-30T10:00:00.000Z'],
  ])('in %s on %s at %o', (timeZone, day, time, expected) => {
    expect(new Date(momentOf(day, time, timeZone)).toISOString()).toBe(expected);
  });
});
