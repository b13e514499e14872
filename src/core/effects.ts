import type { Effect } from './ports.ts';
import type { Post } from './post.ts';
import type { Request } from './request.ts';

/** The posts that are drawn from a request alone. */
type RequestPostKind =
  | 'approval-card'
  | 'requester-card'
  | 'incident-card'
  | 'outcome'
  | 'invite'
  | 'audit-summary'
  | 'stuck'
  | 'homes';

export function show(kind: Extract<Post['kind'], RequestPostKind>, requestId: string): Effect {
  return { kind: 'post', post: { kind, requestId } };
}

/**
 * The messages that follow a request from its asking to its end. What is urgent is followed in the security channel, and
 * in the approvals channel only if it waits, or waited, for approval.
 */
export function showCards({ id, isUrgent, approvalsNeeded }: Request): Effect[] {
  const cards: RequestPostKind[] = [
    ...(isUrgent ? (['incident-card'] as const) : []),
    ...(!isUrgent || approvalsNeeded > 0 ? (['approval-card'] as const) : []),
    'requester-card',
  ];
  return cards.map((kind) => show(kind, id));
}

/** The same, and the Home tabs, which say where a request stands and not how far its steps have got. */
export function showStanding(request: Request): Effect[] {
  return [...showCards(request), show('homes', request.id)];
}

/** What everybody sees once a request is over without having run, `more` among it. */
export function showEnd(request: Request, ...more: readonly Effect[]): Effect[] {
  const invited = request.waitsFor === undefined ? [] : [show('invite', request.id)];
  return [...showStanding(request), show('audit-summary', request.id), ...more, ...invited];
}

/** Mentions them in the thread of its card. `isFirst`: at once, because it can't wait. */
export function callApprovers({ id }: Request, { isFirst }: { readonly isFirst: boolean }): Effect {
  return { kind: 'post', post: { kind: 'reminder', requestId: id, isFirst } };
}

/** To the worker. */
export function run({ id, isUrgent }: Request): Effect {
  return { kind: 'run', requestId: id, isUrgent };
}
