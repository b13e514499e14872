import { TransientError } from './errors.ts';

/** After a write that was answered and can’t be seen. */
export function notReadBack(): TransientError {
  return new TransientError(
    'Cloudflare took the change but does not show it; somebody may have edited the same thing.',
    { code: 'not-read-back' },
  );
}
