import type { ChainHead } from '../core/audit.ts';
import { PermanentError } from '../core/errors.ts';
import type { Request, Status } from '../core/request.ts';

/** Where somebody altered the audit log, or its head, so that no entry can follow. */

/** What is wrong, in a sentence, by what the commit script found. Undefined: nothing; somebody else has only been faster. */
export function whyBroken(outcome: string, head: ChainHead | undefined): string | undefined {
  if (outcome === 'no-log') return 'Something else is stored in the place of the audit log: it was changed in Redis.';
  if (head === undefined) return 'The stored head of the audit log can’t be read: it was changed in Redis.';
  if (outcome === 'past')
    return `The audit log goes on past entry ${head.seq}, which should be its last: it, or its stored head, was changed in Redis.`;
  return undefined;
}

const CARRIED_OUT: ReadonlySet<Status> = new Set(['approved', 'running', 'done', 'failed']);

/**
 * Nobody is given anything, and nothing is changed, without the log. Taking away and telling goes on without it: somebody
 * may have to be locked out at three in the morning where somebody else has been at the log.
 */
export function mustBeInLog(before: Request | undefined): boolean {
  if (before === undefined || before.effect === 'reduce') return false;
  return before.version === 0 || CARRIED_OUT.has(before.status);
}

/** For whoever asked for what must be in the log. */
export function brokenLog(why: string): PermanentError {
  return new PermanentError(
    `${why} Until an operator has put that right (docs/audit.md, “Verify”), ocs-access gives nobody access and changes nothing. Devices can still be reported lost, and access can still be revoked.`,
    { code: 'audit-broken' },
  );
}

/** For the operator. */
export function brokenLogInWords(why: string): string {
  return `Nothing can be added to the audit log. ${why} Until that is put right, whoever asks for access or for a change is refused. Access is still taken away, and what happens meanwhile is kept beside the log, in Redis under audit-aside. Leave Redis as it is, save its data folder, and go on with docs/audit.md, “Verify”.`;
}
