import { afterEach, expect, it, vi } from 'vitest';
import { TransientError } from '../../src/core/errors.ts';
import { hasty } from '../../src/wiring/hasty.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';

afterEach(() => void vi.useRealTimers());

it('waits for no read of a page longer than it may, whatever the others do', async () => {
  vi.useFakeTimers();
  const snapshot = aSnapshot();
  const reads = hasty({ snapshot: async () => snapshot, tunnels: () => new Promise(() => undefined) }, 1_000);
  const late = expect(reads.tunnels()).rejects.toThrow(
    new TransientError('Cloudflare did not answer in time for the Home tab.', { code: 'too-slow' }),
  );

  expect(await reads.snapshot()).toBe(snapshot);
  await vi.advanceTimersByTimeAsync(1_000);
  await late;
});
