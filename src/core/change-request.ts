import type { AuditFacts } from './audit.ts';
import { PermanentError, TransientError } from './errors.ts';
import { signatureOf, type Actor } from './person.ts';
import type { Change, Store } from './ports.ts';
import { type Request } from './request.ts';

/** Enough for everybody of a large approvers group to press in the same second. */
const TRIES = 25;

/**
 * Reads a request, lets `decide` make a change of it, and stores that; when somebody else stored first, decides again on
 * what they stored. `decide` may return `undefined` to leave things as they are; it may throw.
 */
export async function changeRequest(
  store: Store,
  id: string,
  decide: (request: Request) => Change | undefined,
): Promise<Request> {
  for (let attempt = 1; ; attempt += 1) {
    const request = await store.load(id);
    if (request === undefined) throw new PermanentError(`There is no request ${id}.`, { code: 'no-such-request' });
    const change = decide(request);
    if (change === undefined) return request;
    try {
      return (await store.commit(change)) ?? request;
    } catch (error) {
      const isConflict = error instanceof TransientError && error.code === 'conflict';
      if (!isConflict || attempt === TRIES) throw error;
    }
  }
}

/** The audit facts of something that happened to a request. */
export function auditOf(
  request: Request,
  kind: AuditFacts['kind'],
  actor: Actor,
  at: number,
  says: string,
  facts: AuditFacts['facts'] = {},
): AuditFacts {
  return {
    kind,
    at,
    actor: signatureOf(actor),
    requestId: request.id,
    action: request.action,
    people: peopleOf(request).map(({ email }) => email),
    says,
    facts,
  };
}

/** Requests from before there was `about` name their beneficiaries only. */
function peopleOf({ about, beneficiaries }: Request): Request['about'] {
  return about.length > 0 ? about : beneficiaries;
}

/** The audit facts of somebody who was turned away before there was a request. */
export function auditOfRefusal(actor: Actor, at: number, says: string, code: string, action?: string): AuditFacts {
  return {
    kind: 'request.refused',
    at,
    actor: signatureOf(actor),
    ...(action === undefined ? {} : { action }),
    people: [],
    says,
    facts: { code },
  };
}
