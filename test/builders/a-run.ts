import type { Actor } from '../../src/core/person.ts';
import type { Cloudflare, Posts, Stays, Store, Timers } from '../../src/core/ports.ts';
import type { Post } from '../../src/core/post.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import type { Server } from '../../src/core/server.ts';
import type { Step } from '../../src/core/step.ts';
import type { Vault } from '../../src/core/vault.ts';
import type { Timer } from '../../src/core/timer.ts';
import { createRunRequest } from '../../src/jobs/run-request.ts';
import { steps as allSteps } from '../../src/steps/registry.ts';
import { aHouse, anAdd, presses, seen } from './a-house.ts';
import { BEN, CARA } from './a-request.ts';
import { aSnapshot } from './a-snapshot.ts';
import type { Fuse } from './fuse.ts';
import { createMemoryCloudflare } from './memory-cloudflare.ts';
import { createMemoryLocks } from './memory-locks.ts';
import { createMemoryServer } from './memory-server.ts';
import type { PeopleOptions } from './memory-people.ts';
import { createMemoryVault } from './memory-vault.ts';

export interface RunOptions extends PeopleOptions {
  readonly snapshot?: Snapshot;
  readonly steps?: readonly Step[];
  readonly action?: string;
  readonly input?: Record<string, unknown>;
  readonly by?: Actor;
  readonly vault?: Pick<Vault, 'open'>;
}

/** A request that was approved, the account that it is about, and workers to run it. */
export async function aRun({
  snapshot = aSnapshot(),
  steps = allSteps,
  action = 'add',
  input = anAdd(),
  by = BEN,
  vault = createMemoryVault(),
  ...people
}: RunOptions = {}) {
  const house = aHouse({ snapshot });
  const { store, clock } = house;
  const asked = await house.ask(action, input, by);
  const request = asked.status === 'approved' ? asked : await house.approve(asked.id, seen(asked), presses(CARA));
  const cloudflare = createMemoryCloudflare(snapshot, people);
  const server = createMemoryServer();
  const locks = createMemoryLocks();
  const bugs: unknown[] = [];
  // One message for each key, as the outbox does it.
  const posted = new Map<string, Post>();
  const posts: Posts = {
    enqueue: async (key, post) => {
      if (!posted.has(key)) posted.set(key, post);
    },
  };
  // One for each key, as the queue of timers does it.
  const timersSet = new Map<string, { readonly timer: Timer; readonly at: number }>();
  const timers: Timers = {
    set: async (key, timer, at) => {
      if (!timersSet.has(key)) timersSet.set(key, { timer, at });
    },
  };

  /** A process that takes the request up. Killed where the fuse burns; the locks of a killed one have run out by the next. */
  function worker(fuse?: Fuse) {
    const wrap = <T extends object>(port: T): T => fuse?.wrap(port) ?? port;
    return createRunRequest({
      steps,
      store: wrap<Store>(store),
      stays: wrap<Stays>(store),
      cloudflare: wrap<Cloudflare>(cloudflare),
      server: wrap<Server>(server),
      vault,
      posts: wrap(posts),
      timers: wrap(timers),
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
    server,
    locks,
    posted,
    timersSet,
    bugs,
    worker,
    /** What one go of a worker comes to. */
    runOnce: () => runOnce(request.id),
    /** As often as it wants to be taken up again, at the moments that it names. */
    async run({ atMost = 100 } = {}) {
      for (let goes = 1; goes <= atMost; goes += 1) {
        const result = await runOnce(request.id);
        if (result.kind === 'over') return { goes, request: await stored() };
        clock.advanceTo(result.at);
      }
      throw new Error('The run does not end.');
    },
    stored,
    /** Sentences of the audit log from the run on. */
    told: () => store.entries.filter(({ kind }) => kind.startsWith('run.')).map(({ says }) => says),
  };

  async function stored() {
    const found = await store.load(request.id);
    if (found === undefined) throw new Error('The request is gone.');
    return found;
  }
}

export type Run = Awaited<ReturnType<typeof aRun>>;
