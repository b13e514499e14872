import { randomBytes } from 'node:crypto';
import type { ModalView } from '@slack/types';
import { isKnownError, PermanentError, TransientError, UserError } from '../core/errors.ts';
import { problemView } from '../slack/form-view.ts';
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

/** Not the person's fault and nothing that went wrong: they are not allowed. */
const NOT_ALLOWED = new Set([
  'is-guest',
  'is-bot',
  'is-deactivated',
  'is-foreign',
  'not-approver',
  'own-request',
  'own-access',
]);

/** The same in a modal. */
export function failureView(error: unknown, desk: Pick<Desk, 'onBug'>): ModalView {
  return problemView(explain(error, desk), kindOf(error));
}

function kindOf(error: unknown): Parameters<typeof problemView>[1] {
  if (!(error instanceof UserError)) return 'problem';
  if (error.code === 'under-way') return 'under-way';
  return NOT_ALLOWED.has(error.code) ? 'not-allowed' : 'problem';
}
