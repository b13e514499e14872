import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineStep } from '../../src/core/step.ts';
import { steps } from '../../src/steps/registry.ts';

const paint = defineStep({
  id: 'paint',
  args: z.object({ door: z.string().trim() }),
  says: ({ door }) => `Paint ${door}`,
  look: async () => ({ holds: false, found: undefined }),
  apply: async () => {},
});

describe('a step in a plan', () => {
  it('is what the approver reads and the arguments as they will run', () => {
    expect(paint.with({ door: ' the red one ' }, { change: '1 → 2 doors' })).toEqual({
      step: 'paint',
      says: 'Paint the red one',
      args: { door: 'the red one' },
      change: '1 → 2 doors',
    });
  });

  it('can’t be planned or run with arguments that are not its own', () => {
    expect(() => paint.bind({ door: 7 })).toThrow();
    expect(() => paint.bind({})).toThrow();
  });

  it('can be taken back only if it says how', () => {
    expect(paint.undoes).toBe('nothing');
  });
});

it('no two steps have the same id', () => {
  expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
});
