import { setTimeout as after } from 'node:timers/promises';
import { TransientError } from '../core/errors.ts';
import type { Cloudflare } from '../core/ports.ts';

type Reads = Pick<Cloudflare, 'snapshot' | 'tunnels'>;

/**
 * The reads of a page that goes out between messages: no message waits longer than `ms` for them. What takes longer
 * throws TransientError.
 */
export function hasty({ snapshot, tunnels }: Reads, ms = 4_000): Reads {
  return {
    snapshot: (scope) => within(snapshot(scope), ms),
    tunnels: () => within(tunnels(), ms),
  };
}

async function within<T>(reading: Promise<T>, ms: number): Promise<T> {
  const over = new AbortController();
  const late = after(ms, undefined, { signal: over.signal }).then((): never => {
    throw new TransientError('Cloudflare did not answer in time for the Home tab.', { code: 'too-slow' });
  });
  // Whichever comes second is of no interest.
  late.catch(() => undefined);
  reading.catch(() => undefined);
  try {
    return await Promise.race([reading, late]);
  } finally {
    over.abort();
  }
}
