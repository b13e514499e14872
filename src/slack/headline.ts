import { nameOf } from '../core/person.ts';
import type { Request } from '../core/request.ts';
import { undoWords } from '../core/undo-words.ts';
import { fit } from './fit.ts';
import { shownSteps } from './group-steps.ts';

const SIGNS: Record<Request['status'], string> = {
  waiting: '✉️',
  pending: '🔔',
  approved: '👍',
  running: '⏳',
  done: '✅',
  failed: '❌',
  denied: '🚫',
  withdrawn: '↩️',
  expired: '⌛',
};

/** Where a request stands, in one line; the sign never stands without the words. */
export function headline(request: Request): string {
  return `${SIGNS[request.status]} ${request.id} ${standing(request)}`;
}

/** Completes the sentence “REQ-0142 …”: `is waiting for approval`. Names in it are not escaped. */
export function standing(request: Request): string {
  switch (request.status) {
    case 'waiting':
      return `is waiting for ${fit(nameOf(request.waitsFor?.from ?? {}), 60)}`;
    case 'pending':
      return 'is waiting for approval';
    case 'approved':
      return request.approvals.length === 0 ? 'starts in a moment' : 'is approved and starts in a moment';
    case 'running':
      return running(request);
    case 'done':
      return 'is done';
    case 'failed':
      return isHalfDone(request) ? 'could be done only in part' : 'could not be done';
    case 'denied':
      return `was denied by ${fit(request.denial?.by.name ?? 'an approver', 60)}`;
    case 'withdrawn':
      return `was withdrawn by ${fit(request.requester.name, 60)}`;
    case 'expired':
      return 'expired before it was decided';
  }
}

function running(request: Request): string {
  if (request.direction === 'back') {
    const { undoing, gave } = undoWords(request);
    return `went wrong: ${undoing} what it ${gave}`;
  }
  const isTrying = request.effect === 'reduce' && shownSteps(request).some(({ isRetried }) => isRetried);
  return isTrying ? 'is trying again what has not worked yet' : 'is in progress';
}

/** A reduction keeps what it did, whatever else failed. */
function isHalfDone({ effect, steps }: Request): boolean {
  return effect === 'reduce' && steps.some(({ state, changed }) => state === 'done' && changed);
}
