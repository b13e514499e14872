import { nameOf } from '../core/person.ts';
import type { Request } from '../core/request.ts';
import { fit } from './fit.ts';

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
      return request.direction === 'back' ? 'went wrong: taking back what it gave' : 'is in progress';
    case 'done':
      return 'is done';
    case 'failed':
      return 'could not be done';
    case 'denied':
      return `was denied by ${fit(request.denial?.by.name ?? 'an approver', 60)}`;
    case 'withdrawn':
      return `was withdrawn by ${fit(request.requester.name, 60)}`;
    case 'expired':
      return 'expired before it was decided';
  }
}
