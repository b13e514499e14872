import { auditOf, changeRequest } from './change-request.ts';
import { show, showEnd } from './effects.ts';
import { SYSTEM } from './person.ts';
import type { Clock, Store } from './ports.ts';
import { isOpen, move, type Request } from './request.ts';

/** Ends those of the requests that are open although their time is over; returns their ids. Harmless to run at any moment, in several processes. */
export async function expireRequests(store: Store, clock: Clock, unfinished: readonly Request[]): Promise<string[]> {
  const now = clock.now();
  const due = unfinished.filter((request) => isOpen(request) && request.expiresAt <= now);
  const expired: string[] = [];
  for (const { id } of due) {
    const after = await changeRequest(store, id, (request) => {
      if (!isOpen(request) || request.expiresAt > now) return undefined;
      return {
        request: move(request, 'expire', { finishedAt: now }),
        audit: [auditOf(request, 'request.expired', SYSTEM, now, `${request.id} expired undecided: ${request.says}.`)],
        effects: showEnd(request, show('outcome', id)),
      };
    });
    if (after.status === 'expired') expired.push(id);
  }
  return expired;
}
