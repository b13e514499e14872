import { type ConnectionOptions, type DefaultJobOptions, Queue, type WorkerOptions } from 'bullmq';
import { z } from 'zod';
import { TransientError } from '../core/errors.ts';
import type { Posts } from '../core/ports.ts';
import { Post } from '../core/post.ts';
import { Timer } from '../core/timer.ts';

/** `emergency` holds runs too; it has workers of its own, so that they never wait behind others. */
export type QueueName = 'runs' | 'emergency' | 'posts' | 'timers';

export const RunJob = z.object({ requestId: z.string() });
export type RunJob = z.infer<typeof RunJob>;

export const PostJob = z.object({
  post: Post,
  /** Version of the request that the post was stored with. Undefined: it does not belong to a stored change. */
  version: z.number().int().exactOptional(),
});
export type PostJob = z.infer<typeof PostJob>;

export const TimerJob = z.object({ timer: Timer });
export type TimerJob = z.infer<typeof TimerJob>;

/** Ended jobs stay this long, in seconds, and so do their ids: adding one of them again does nothing. */
const REMEMBERED = { age: 24 * 60 * 60 };

const JOB_OPTIONS: DefaultJobOptions = { removeOnComplete: REMEMBERED, removeOnFail: REMEMBERED };

export interface QueuesDependencies {
  /** From `connectForAnswers`, so that an add fails at once instead of hanging. Stays the caller's to close. */
  readonly connection: ConnectionOptions;
  /** The prefix of all keys, such as `{ocs-access}`. */
  readonly prefix: string;
  readonly onError: (error: Error) => void;
}

export interface Queues {
  readonly runs: Queue<RunJob>;
  readonly emergency: Queue<RunJob>;
  readonly posts: Queue<PostJob>;
  readonly timers: Queue<TimerJob>;
  close(): Promise<void>;
}

export function createQueues({ connection, prefix, onError }: QueuesDependencies): Queues {
  function open<Data>(name: QueueName): Queue<Data> {
    const queue = new Queue<Data>(name, {
      connection,
      prefix: queuePrefix(prefix),
      defaultJobOptions: JOB_OPTIONS,
      // Both or none: with the first alone a queue that was opened while Redis was down never recovers.
      skipWaitingForReady: true,
      skipVersionCheck: true,
    });
    queue.on('error', onError);
    return queue;
  }
  const runs = open<RunJob>('runs');
  const emergency = open<RunJob>('emergency');
  const posts = open<PostJob>('posts');
  const timers = open<TimerJob>('timers');
  return {
    runs,
    emergency,
    posts,
    timers,
    async close() {
      await Promise.all([runs, emergency, posts, timers].map((queue) => queue.close()));
    },
  };
}

/**
 * What every worker of these queues has in common. A job of a killed worker starts again after 7 to 15 s, and as often
 * as it takes: by default a second kill would fail it for good, whatever its attempts.
 */
export function workerOptions({
  connection,
  prefix,
}: {
  /** From `connectForWork`. */
  readonly connection: ConnectionOptions;
  readonly prefix: string;
}) {
  return {
    connection,
    prefix: queuePrefix(prefix),
    lockDuration: 10_000,
    stalledInterval: 5_000,
    maxStalledCount: 1000,
  } satisfies WorkerOptions;
}

/** Throws TransientError (`store-down`) when Redis does not answer; the post may leave nevertheless. */
export function createPosts({ queues }: { readonly queues: Pick<Queues, 'posts'> }): Posts {
  return {
    async enqueue(key, post) {
      try {
        await queues.posts.add(post.kind, { post }, { jobId: jobIdOf(key) });
      } catch (cause) {
        throw storeDown(cause);
      }
    },
  };
}

/** BullMQ allows no colon in an id, and no bare number. */
export function jobIdOf(key: string): string {
  return `key-${encodeURIComponent(key)}`;
}

export function storeDown(cause: unknown): TransientError {
  return new TransientError('The memory of the bot (Redis) does not answer.', { code: 'store-down', cause });
}

/** Keeps the queues' keys apart from the store's. */
function queuePrefix(prefix: string): string {
  return `${prefix}:queue`;
}
