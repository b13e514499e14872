import { TransientError } from '../core/errors.ts';
import type { Cloudflare } from '../core/ports.ts';
import { within } from '../core/within.ts';

type Reads = Pick<Cloudflare, 'snapshot' | 'tunnels'>;

/**
 * The reads of a page that goes out between messages: no message waits longer than `ms` for them. What takes longer
 * throws TransientError.
 */
export function hasty({ snapshot, tunnels }: Reads, ms = 4_000): Reads {
  return {
    snapshot: (scope) => within(ms, snapshot(scope), tooSlow),
    tunnels: () => within(ms, tunnels(), tooSlow),
  };
}

function tooSlow(): never {
  throw new TransientError('Cloudflare did not answer in time for the Home tab.', { code: 'too-slow' });
}
