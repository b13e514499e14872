import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { within } from '../../src/core/within.ts';

const never = new Promise<string>(() => undefined);

describe('within a time', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('what comes of the work counts, and no timer is left', async () => {
    expect(await within(1_000, Promise.resolve('work'), () => 'late')).toBe('work');
    await expect(within(1_000, Promise.reject(new Error('broken')), () => 'late')).rejects.toThrow('broken');

    expect(vi.getTimerCount()).toBe(0);
  });

  it('after it, what stands in for it', async () => {
    const first = within(1_000, never, () => 'late');
    await vi.advanceTimersByTimeAsync(1_000);

    expect(await first).toBe('late');
  });

  it('or what is thrown then', async () => {
    const first = within(1_000, never, () => {
      throw new Error('too slow');
    });
    const thrown = expect(first).rejects.toThrow('too slow');
    await vi.advanceTimersByTimeAsync(1_000);

    await thrown;
  });

  it('work that fails after all troubles nobody', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const work = new Promise<string>((_resolve, reject) => {
      setTimeout(() => reject(new Error('broken late')), 2_000);
    });
    const first = within(1_000, work, () => 'late');
    await vi.advanceTimersByTimeAsync(3_000);
    vi.useRealTimers();
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off('unhandledRejection', unhandled);

    expect(await first).toBe('late');
    expect(unhandled).not.toHaveBeenCalled();
  });
});
