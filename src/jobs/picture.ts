import type { Post } from '../core/post.ts';

const CARDS: ReadonlySet<Post['kind']> = new Set(['approval-card', 'requester-card', 'incident-card', 'homes']);

/**
 * Names what a post draws, where that is drawn as it is at delivery and put in the place of what was there: of several
 * posts with one name only the last matters. Undefined: a message of its own.
 */
export function pictureOf(post: Post): string | undefined {
  if (post.kind === 'home') return `home:${post.slackId}`;
  return CARDS.has(post.kind) && 'requestId' in post ? `${post.kind}:${post.requestId}` : undefined;
}

/** Home tabs: each reads the account when it is drawn, so messages go before it, and it is drawn less often. */
export function isPage({ kind }: Post): boolean {
  return kind === 'home' || kind === 'homes';
}
