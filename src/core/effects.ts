import type { Effect } from './ports.ts';
import type { Post } from './post.ts';
import type { Request } from './request.ts';

/** The posts that are drawn from a request alone. */
type RequestPostKind = Exclude<Post['kind'], 'welcome' | 'feedback' | 'operator-alert'>;

export function show(kind: RequestPostKind, requestId: string): Effect {
  return { kind: 'post', post: { kind, requestId } };
}

/** Both messages that follow a request from its asking to its end. */
export function showCards(requestId: string): Effect[] {
  return [show('approval-card', requestId), show('requester-card', requestId)];
}

/** What everybody sees once a request is over without having run, `more` among it. */
export function showEnd({ id, waitsFor }: Request, ...more: readonly Effect[]): Effect[] {
  const invited = waitsFor === undefined ? [] : [show('invite', id)];
  return [...showCards(id), show('audit-summary', id), ...more, ...invited];
}
