import { describe, expect, it } from 'vitest';
import { readMoment } from '../../src/core/moment.ts';

const NOW = Date.UTC(2026, 10, 21, 11);

function reads(text: string, now = NOW): string | undefined {
  const read = readMoment(text.split(' '), { now, timeZone: 'Europe/Berlin' });
  if (read === undefined) return undefined;
  return 'at' in read ? `${new Date(read.at).toISOString()} of ${read.words}` : read.problem;
}

describe('a typed moment', () => {
  it.each([
    ['today', '2026-11-20T23:00:00.000Z of 1'],
    ['Yesterday ana', '2026-11-19T23:00:00.000Z of 1'],
    ['yesterday 9:30', '2026-11-20T08:30:00.000Z of 2'],
    ['90m', '2026-11-21T09:30:00.000Z of 1'],
    ['12h', '2026-11-20T23:00:00.000Z of 1'],
    ['3d denied', '2026-11-18T11:00:00.000Z of 1'],
    ['2w', '2026-11-07T11:00:00.000Z of 1'],
    ['2026-11-20', '2026-11-19T23:00:00.000Z of 1'],
    ['2026-11-20 14:00', '2026-11-20T13:00:00.000Z of 2'],
    ['2026-11-20T14:00 denied', '2026-11-20T13:00:00.000Z of 1'],
    // Summer time.
    ['2026-07-01', '2026-06-30T22:00:00.000Z of 1'],
  ])('reads “%s” in the operator’s time zone', (text, at) => {
    expect(reads(text)).toBe(at);
  });

  it('reads the day on which the clocks change', () => {
    expect(reads('2026-10-25 02:30')).toBe('2026-10-25T00:30:00.000Z of 2');
    expect(reads('2026-03-29 02:30')).toBe('2026-03-29T01:00:00.000Z of 2');
  });

  it.each([
    ['0h', '“0h” is no time at all.'],
    ['2026-02-30', '“2026-02-30” is not a time that I can read.'],
    ['2026-13-01', '“2026-13-01” is not a time that I can read.'],
    ['20.11.2026', '“20.11.2026” is not a time that I can read.'],
    ['2026-11-20t25:00', '“2026-11-20t25:00” is not a time that I can read.'],
    ['yesterday 24:00', '“yesterday 24:00” is not a time that I can read.'],
    ['14:00', '“14:00” is not a time that I can read.'],
    ['3', '“3” is not a time that I can read.'],
    ['3months', '“3months” is not a time that I can read.'],
    ['today 23:00', '“today 23:00” is still to come.'],
    ['2026-11-22', '“2026-11-22” is still to come.'],
    ['99999d', '“99999d” is more than ten years ago.'],
    ['0026-11-20', '“0026-11-20” is more than ten years ago.'],
  ])('says what is wrong with “%s”', (text, problem) => {
    expect(reads(text)).toBe(problem);
  });

  it.each(['denied', 'ana', '<@U05ANA00001>', '', 'todayy'])('leaves “%s” to others', (text) => {
    expect(reads(text)).toBeUndefined();
  });
});
