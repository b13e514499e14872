import type { Cloudflare, Posts, Store } from '../../src/core/ports.ts';
import type { Post } from '../../src/core/post.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import type { Step } from '../../src/core/step.ts';
import { createRunRequest } from '../../src/jobs/run-request.ts';
import { steps as allSteps } from '../../src/steps/registry.ts';
import { aHouse, anAdd, presses, seen } from './a-house.ts';
import { BEN, CARA } from './a-request.ts';
import { aSnapshot } from './a-snapshot.ts';
import type { Fuse } from './fuse.ts';
import { createMemoryCloudflare } from './memory-cloudflare.ts';
import { createMemoryLocks } from './memory-locks.ts';

export interface RunOptions {
  readonly snapshot?: Snapshot;
  readonly steps?: readonly Step[];
  readonly input?: Record<string, unknown>;
}

/** A request that was approved, the account that it is about, and workers to run it. */
export async function aRun({ snapshot = aSnapshot(), steps = allSteps, input = anAdd() }: RunOptions = {}) {
  const house = aHouse({ snapshot });
  const { store, clock } = house;
  const asked = await house.ask('add', input, BEN);
  const request = await house.approve(asked.id, seen(asked), presses(CARA));
  const cloudflare = createMemoryCloudflare(snapshot);
  const locks = createMemoryLocks();
  const bugs: unknown[] = [];
  // One message for each key, as the outbox does it.
  const posted = new Map<string, Post>();
  const posts: Posts = {
    enqueue: async (key, post) => {
      if (!posted.has(key)) posted.set(key, post);
    },
  };

  /** A process that takes the request up. Killed where the fuse burns; the locks of a killed one have run out by the next. */
  function worker(fuse?: Fuse) {
    const wrap = <T extends object>(port: T): T => fuse?.wrap(port) ?? port;
    return createRunRequest({
      steps,
      store: wrap<Store>(store),
      cloudflare: wrap<Cloudflare>(cloudflare),
      posts: wrap(posts),
      locks: fuse === undefined ? locks : createMemoryLocks(),
      clock,
      onBug: (error) => bugs.push(error),
    });
  }
  const runOnce = worker();

  return {
    ...house,
    request,
    cloudflare,
    locks,
    posted,
    bugs,
    worker,
    /** What one go of a worker comes to. */
    runOnce: () => runOnce(request.id),
    /** As often as it wants to be taken up again, at the moments that it names. */
    async run() {
      for (let goes = 1; goes <= 100; goes += 1) {
        const result = await runOnce(request.id);
        if (result.kind === 'over') return { goes, request: await stored() };
        clock.advanceTo(result.at);
      }
      throw new Error('The run does not end.');
    },
    stored,
    /** Sentences of the audit log from the run on. */
    told: () => store.entries.slice(2).map(({ says }) => says),
  };

  async function stored() {
    const found = await store.load(request.id);
    if (found === undefined) throw new Error('The request is gone.');
    return found;
  }
}

export type Run = Awaited<ReturnType<typeof aRun>>;
