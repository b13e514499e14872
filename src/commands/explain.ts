import { randomBytes } from 'node:crypto';
import { isKnownError, PermanentError, TransientError } from '../core/errors.ts';
import type { Desk } from './desk.ts';

/** What went wrong, in a sentence for the person who called. Bugs get a reference that the log has too. */
export function explain(error: unknown, { onBug }: Pick<Desk, 'onBug'>): string {
  if (error instanceof TransientError) {
    const cannot = error.code === 'store-down' ? 'I can’t take requests right now.' : 'That did not work right now.';
    return `${cannot} ${error.message} Nothing was changed unless a message here says so; please try again in a minute.`;
  }
  if (error instanceof PermanentError)
    return `${error.message} Tell your operator: trying again will not help (${error.code}).`;
  if (isKnownError(error)) return error.message;
  const reference = randomBytes(3).toString('hex');
  onBug(error, reference);
  return `Something broke in ocs-access. Nothing was changed unless a message here says so. Tell your operator the reference ${reference}.`;
}
