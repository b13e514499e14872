import { describe, expect, it } from 'vitest';
import { checkValues, resolveValues } from '../../../src/commands/resolve-values.ts';
import type { Actor } from '../../../src/core/person.ts';
import { aDesk } from '../../builders/a-desk.ts';
import { CARA } from '../../builders/a-request.ts';
import { aLengthChange } from '../../builders/quick-actions.ts';

const { desk } = aDesk();
const cara: Actor = CARA;
const HOUR = 3_600_000;

function problemOf(app: string): string | undefined {
  return checkValues(desk, aLengthChange(), { app, reason: 'because' })['app'];
}

describe('a length of time', () => {
  it.each([
    ['8h', 8],
    ['8 hours', 8],
    ['8', 8],
    ['480m', 8],
    ['7h 60min', 8],
    ['1.5h', 1.5],
    ['1,5 h', 1.5],
    ['1 day', 24],
    [' 8H ', 8],
  ])('%j is %d hours', async (app, hours) => {
    expect(problemOf(app)).toBeUndefined();
    expect(await resolveValues(desk, aLengthChange(), { app, reason: 'because' }, cara)).toMatchObject({
      app: hours * HOUR,
    });
  });

  it.each([
    ['soon', 'That is not a length of time.'],
    ['h', 'That is not a length of time.'],
    ['0', 'It has to be longer than nothing.'],
    ['0h 0m', 'It has to be longer than nothing.'],
    ['-3h', 'A length of time can’t be negative.'],
    ['−3h', 'A length of time can’t be negative.'],
    ['8 parsecs', 'I don’t know the unit “parsecs”.'],
    ['8h 3x', 'I don’t know the unit “x”.'],
    ['30s', 'I don’t know the unit “s”.'],
    ['8.333h', 'That has too many decimals: it is no whole number of minutes.'],
    ['1.2.3h', 'That is not a length of time.'],
    ['99999999999999999999999h', 'That is longer than a year.'],
  ])('%j: %s', (app, why) => {
    expect(problemOf(app)).toBe(`${why} Type hours, such as 8h, or minutes, such as 480m.`);
  });

  it('may be left out where the action can do without', () => {
    expect(problemOf('')).toBeUndefined();
  });
});
