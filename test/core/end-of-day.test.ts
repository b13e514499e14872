import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayLater, dayOf, endOfDay, isDay } from '../../src/core/day.ts';

describe('a day ends with its last millisecond', () => {
  it.each([
    ['in UTC', '2026-12-24', 'UTC', '2026-12-24T23:59:59.999Z'],
    ['in winter', '2026-12-24', 'Europe/Berlin', '2026-12-24T22:59:59.999Z'],
    ['in summer', '2026-07-01', 'Europe/Berlin', '2026-07-01T21:59:59.999Z'],
    ['where the clocks are put back in it', '2026-10-25', 'Europe/Berlin', '2026-10-25T22:59:59.999Z'],
    ['west of Greenwich', '2026-12-31', 'America/Sao_Paulo', '2027-01-01T02:59:59.999Z'],
    ['where half hours count', '2026-12-31', 'Asia/Kolkata', '2026-12-31T18:29:59.999Z'],
    ['where the next one begins at one o’clock', '2026-03-28', 'Asia/Beirut', '2026-03-28T21:59:59.999Z'],
    ['where its last hour comes twice', '2026-10-24', 'Asia/Beirut', '2026-10-24T21:59:59.999Z'],
  ])('%s', (_where, date, timeZone, end) => {
    expect(new Date(endOfDay(date, timeZone)).toISOString()).toBe(end);
  });

  it('whatever the day and the zone: a millisecond later it is tomorrow', () => {
    const zones = ['UTC', 'Europe/Berlin', 'Asia/Beirut', 'America/Havana', 'Pacific/Auckland', 'America/St_Johns'];
    const days = fc.date({ min: new Date('2024-01-01'), max: new Date('2036-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(days, fc.constantFrom(...zones), (day, timeZone) => {
        const date = day.toISOString().slice(0, 10);
        const end = endOfDay(date, timeZone);
        expect([dayOf(end, timeZone), dayOf(end + 1, timeZone)]).toEqual([date, dayLater(date, { days: 1 })]);
      }),
      { numRuns: 300 },
    );
  });
});

it('a month after the last of January is the last of February', () => {
  expect(dayLater('2027-01-31', { months: 1 })).toBe('2027-02-28');
  expect(dayLater('2026-11-30', { months: 3 })).toBe('2027-02-28');
  expect(dayLater('2026-12-31', { days: 1 })).toBe('2027-01-01');
  expect(dayLater('2026-12-15', { months: 12 })).toBe('2027-12-15');
});

it.each(['2026-02-30', '2026-13-01', '24.12.2026', '2026-1-1', ''])('“%s” is no day', (text) => {
  expect(isDay(text)).toBe(false);
});
