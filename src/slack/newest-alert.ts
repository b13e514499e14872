import type { Store } from '../core/ports.ts';
import { Post } from '../core/post.ts';
import type { LonePost } from './draw-lone-post.ts';
import { KEPT_MS } from './posted.ts';

/**
 * What to show in the place of this post: of an alert the newest that any process was given, so that one that comes late,
 * or a second time, shows the truth.
 */
export async function newestOf(store: Pick<Store, 'keep' | 'recall'>, post: LonePost): Promise<LonePost> {
  if (post.kind !== 'tunnel-alert') return post;
  const key = `newest-alert:${post.alertId}`;
  const kept = Post.safeParse(await store.recall(key)).data;
  if (kept?.kind === 'tunnel-alert' && kept.seq >= post.seq) return kept;
  await store.keep(key, post, KEPT_MS);
  return post;
}
