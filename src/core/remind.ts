import { auditOf, changeRequest } from './change-request.ts';
import { callApprovers } from './effects.ts';
import { SYSTEM } from './person.ts';
import type { Clock, Store } from './ports.ts';
import type { Request } from './request.ts';

/**
 * Calls the approvers, once, to those of the requests that have waited for them for a quarter of their time; returns the
 * ids. Harmless to run at any moment, in several processes.
 */
export async function remindRequests(store: Store, clock: Clock, unfinished: readonly Request[]): Promise<string[]> {
  const now = clock.now();
  const reminded: string[] = [];
  for (const { id } of unfinished.filter((request) => isDue(request, now))) {
    let isOurs = false;
    await changeRequest(store, id, (request) => {
      isOurs = isDue(request, now);
      if (!isOurs) return undefined;
      const says = `The approvers were reminded that ${request.id} waits for them: ${request.says}.`;
      return {
        request: { ...request, remindedAt: now },
        audit: [auditOf(request, 'request.reminded', SYSTEM, now, says)],
        effects: [callApprovers(request, { isFirst: false })],
      };
    });
    if (isOurs) reminded.push(id);
  }
  return reminded;
}

/** What nobody can decide any more is left to expire. */
function isDue({ status, createdAt, expiresAt, remindedAt }: Request, now: number): boolean {
  const at = createdAt + (expiresAt - createdAt) / 4;
  return status === 'pending' && remindedAt === undefined && at <= now && now < expiresAt;
}
