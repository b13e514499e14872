import type { StagedEffect, StagedEffects, Store } from '../core/ports.ts';
import type { Log } from './log.ts';
import { isPage, pictureOf } from './picture.ts';
import type { Queues } from './queues.ts';

export interface RelayDependencies {
  readonly store: StagedEffects;
  readonly queues: Pick<Queues, 'runs' | 'emergency' | 'posts'>;
  readonly log: Log;
  /** Between two looks for effects of a process that ended before it could relay them. */
  readonly sweepMs?: number;
}

export interface Relay {
  /** Relays soon. Call it after every commit: any number of calls costs one look more. Never throws. */
  kick(): void;
  /** Relays whatever is staged. Throws TransientError (`store-down`) or what the queue throws; nothing is lost then. */
  flush(): Promise<void>;
  /** Stops sweeping and waits for what is under way. */
  close(): Promise<void>;
}

const BATCH = 100;

/** BullMQ takes jobs without a priority first. */
const AFTER_MESSAGES = 1;

/**
 * Moves stored effects into the queues, in order, each at least once: an effect is unstaged only after its job was
 * added, and its id is the job's, so the one that a second relay adds is ignored. Any number of processes may do this.
 */
export function createRelay({ store, queues, log, sweepMs = 3000 }: RelayDependencies): Relay {
  let underWay: Promise<void> | undefined;
  let isWanted = false;
  let isFailing = false;

  async function moveAll(): Promise<void> {
    for (;;) {
      const batch = await store.staged(BATCH);
      if (batch.length === 0) return;
      // What cuts somebody off first: it waits for nothing, not even for the messages about it.
      const urgent = batch.filter(isUrgent);
      if (urgent.length > 0) await queues.emergency.addBulk(urgent.flatMap(runJob));
      await queues.posts.addBulk(withoutOutdatedCards(batch).flatMap(postJob));
      await queues.runs.addBulk(batch.filter((staged) => !isUrgent(staged)).flatMap(runJob));
      await store.unstage(batch);
    }
  }

  async function moveWhileWanted(): Promise<void> {
    try {
      while (isWanted) {
        isWanted = false;
        await moveAll();
      }
    } finally {
      underWay = undefined;
    }
  }

  function flush(): Promise<void> {
    isWanted = true;
    underWay ??= moveWhileWanted();
    return underWay;
  }

  function kick(): void {
    flush().then(
      () => {
        if (isFailing) log.info({}, 'Stored effects reach the queues again');
        isFailing = false;
      },
      (error: unknown) => {
        // Told once and not with every sweep: while Redis is down there is nothing new to say.
        if (!isFailing) log.warn({ err: error }, 'Stored effects do not reach the queues; trying again');
        isFailing = true;
      },
    );
  }

  const sweep = setInterval(kick, sweepMs);
  // It must not keep a process alive that has nothing else to do.
  sweep.unref();

  return {
    kick,
    flush,
    async close() {
      clearInterval(sweep);
      await underWay?.catch(() => {});
    },
  };
}

/** The same store, whose commits are followed by their effects at once. */
export function withRelay<Inner extends Store>(store: Inner, relay: Pick<Relay, 'kick'>): Inner {
  return {
    ...store,
    async commit(change) {
      const request = await store.commit(change);
      relay.kick();
      return request;
    },
  };
}

/** Cards and pages are drawn from what is stored when they are delivered: of several like it the last shows it all. */
function withoutOutdatedCards(batch: readonly StagedEffect[]): StagedEffect[] {
  const newest = new Map(batch.map((staged) => [cardOf(staged), staged.id]));
  return batch.filter((staged) => cardOf(staged) === undefined || newest.get(cardOf(staged)) === staged.id);
}

function cardOf({ effect }: StagedEffect): string | undefined {
  return effect.kind === 'post' ? pictureOf(effect.post) : undefined;
}

function isUrgent({ effect }: StagedEffect): boolean {
  return effect.kind === 'run' && effect.isUrgent === true;
}

function postJob({ id, effect, version }: StagedEffect) {
  if (effect.kind !== 'post') return [];
  const data = { post: effect.post, ...(version === undefined ? {} : { version }) };
  const opts = { jobId: id, delay: effect.delayMs ?? 0, ...(isPage(effect.post) ? { priority: AFTER_MESSAGES } : {}) };
  return [{ name: effect.post.kind, data, opts }];
}

function runJob({ id, effect }: StagedEffect) {
  return effect.kind === 'run' ? [{ name: 'run', data: { requestId: effect.requestId }, opts: { jobId: id } }] : [];
}
