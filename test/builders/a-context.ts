import type { AccessRule } from '../../src/core/access-rules.ts';
import type { Post } from '../../src/core/post.ts';
import type { ListItem } from '../../src/core/snapshot.ts';
import type { StepContext } from '../../src/core/step.ts';
import { aPolicy } from './a-policy.ts';
import { aSerialList, aSnapshot } from './a-snapshot.ts';
import { createMemoryCloudflare } from './memory-cloudflare.ts';

/** What a step works on: an account with these serials, and a policy “Team” with these rules. */
export function aContext({
  serials = [],
  include = [],
}: { readonly serials?: readonly ListItem[]; readonly include?: readonly AccessRule[] } = {}) {
  const cloudflare = createMemoryCloudflare(
    aSnapshot({
      allow: aPolicy({ include }),
      posture: { ruleId: 'posture-serials', name: 'Known laptops', list: aSerialList(serials) },
    }),
  );
  const enqueued: { readonly key: string; readonly post: Post }[] = [];
  const context: StepContext = {
    requestId: 'REQ-0142',
    cloudflare,
    posts: {
      enqueue: async (key, post) => {
        enqueued.push({ key, post });
      },
    },
  };
  return { context, cloudflare, enqueued };
}
