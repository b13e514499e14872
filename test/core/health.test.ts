import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHealth } from '../../src/core/health.ts';

describe('the health of the house', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('has a line for each probe, in order, whatever the others do', async () => {
    const health = createHealth([
      { name: 'Slack', look: async () => ({ ok: true, says: 'connected' }) },
      { name: 'Redis', look: () => new Promise(() => {}) },
      { name: 'Cloudflare', look: () => Promise.reject(new Error('token expired')) },
    ]);

    const checked = health.check();
    await vi.advanceTimersByTimeAsync(5_000);

    expect(await checked).toEqual([
      { name: 'Slack', ok: true, says: 'connected' },
      { name: 'Redis', ok: false, says: 'no answer within 5 s' },
      { name: 'Cloudflare', ok: false, says: 'token expired' },
    ]);
  });

  it('leaves no timer behind', async () => {
    await createHealth([{ name: 'Slack', look: async () => ({ ok: true, says: 'connected' }) }]).check();

    expect(vi.getTimerCount()).toBe(0);
  });

  it('survives a probe that throws before it looks', async () => {
    const health = createHealth([
      {
        name: 'Slack',
        look: () => {
          throw new Error('no client');
        },
      },
    ]);

    expect(await health.check()).toEqual([{ name: 'Slack', ok: false, says: 'no client' }]);
  });
});
