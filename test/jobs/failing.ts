import { PermanentError, TransientError } from '../../src/core/errors.ts';
import type { Run } from '../builders/a-run.ts';

/** Calls that begin with this fail, the first so many times. */
export function failing(run: Run, call: string, error: () => Error, { when = 'before', times = Infinity } = {}): void {
  let left = times;
  run.cloudflare.intercept(when === 'before' ? 'before' : 'after', (name) => {
    if (!name.startsWith(call) || left === 0) return;
    left -= 1;
    throw error();
  });
}

export const NO_PERMISSION = 'Cloudflare does not allow our token to write policies.';

export const refused = () => new PermanentError(NO_PERMISSION, { code: 'cloudflare-permission-missing' });
export const unavailable = () => new TransientError('Cloudflare does not answer.', { code: 'cloudflare-unavailable' });
export const rateLimited = (retryAfterMs: number) =>
  new TransientError('Cloudflare asks us to wait.', { code: 'cloudflare-rate-limited', retryAfterMs });
