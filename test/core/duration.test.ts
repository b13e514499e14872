import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duration, goDuration, readGoDuration, readTypedDuration } from '../../src/core/duration.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('a duration as Cloudflare writes it', () => {
  it.each([
    ['8h', 8 * HOUR],
    ['2h45m', 2 * HOUR + 45 * MINUTE],
    ['24h0m0s', 24 * HOUR],
    ['1.5h', 90 * MINUTE],
    ['90m', 90 * MINUTE],
    ['30s', 30 * SECOND],
    ['1500ms', 1500],
    ['1h500us', HOUR],
    ['1h7ns', HOUR],
    ['0', 0],
    ['0s', 0],
  ])('%s', (text, ms) => {
    expect(readGoDuration(text)).toBe(ms);
  });

  it.each(['', '8', 'h', '8 h', '8d', '-8h', '8H', '1h-5m', '.5h', '8h ', 'infinite'])('is not “%s”', (text) => {
    expect(readGoDuration(text)).toBeUndefined();
  });

  it('is read as it was written, to the minute', () => {
    expect([8 * HOUR, 45 * MINUTE, 2 * HOUR + 45 * MINUTE, 168 * HOUR].map(goDuration)).toEqual([
      '8h',
      '45m',
      '2h45m',
      '168h',
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (minutes) => {
        expect(readGoDuration(goDuration(minutes * MINUTE))).toBe(minutes * MINUTE);
      }),
    );
  });
});

describe('a duration as people type it', () => {
  it.each([
    ['8', 8 * HOUR],
    ['8h', 8 * HOUR],
    ['8 h', 8 * HOUR],
    ['8 hours', 8 * HOUR],
    ['1 hour', HOUR],
    ['8 Hrs', 8 * HOUR],
    ['480m', 8 * HOUR],
    ['480 minutes', 8 * HOUR],
    ['2h30m', 150 * MINUTE],
    [' 2 h 30 min ', 150 * MINUTE],
    ['1 day', 24 * HOUR],
    ['1d 12h', 36 * HOUR],
    ['1.5h', 90 * MINUTE],
    ['1,5 h', 90 * MINUTE],
    ['0', 0],
  ])('%s', (text, ms) => {
    expect(readTypedDuration(text)).toBe(ms);
  });

  it.each(['', ' ', 'h', 'soon', '-8h', '8 weeks', '8h later', '8:30', '1e3', '½h', '1/2 h', 'constructor'])(
    'is not “%s”',
    (text) => {
      expect(readTypedDuration(text)).toBeUndefined();
    },
  );

  it('is read back from what is offered', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (minutes) => {
        expect(readTypedDuration(goDuration(minutes * MINUTE))).toBe(minutes * MINUTE);
      }),
    );
  });

  it('is never read as something that can’t be counted with', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ maxLength: 40 }), fc.stringMatching(/^\d{1,30}([.,]\d{1,5})? ?(h|m|d|hours)?$/)),
        (text) => {
          const ms = readTypedDuration(text);

          expect(ms === undefined || (Number.isSafeInteger(ms) && ms >= 0)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('a duration as people read it', () => {
  it.each([
    [0, '1 s'],
    [8 * SECOND, '8 s'],
    [59_600, '1 min'],
    [2 * MINUTE + 5 * SECOND, '2 min 5 s'],
    [HOUR - 1, '1 h'],
    [3 * HOUR + 10 * MINUTE, '3 h 10 min'],
    [24 * HOUR, '24 h'],
    [168 * HOUR, '168 h'],
  ])('%d: %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});
