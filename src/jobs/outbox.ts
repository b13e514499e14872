import { DelayedError, type Job, Queue, UnrecoverableError, Worker } from 'bullmq';
import { z } from 'zod';
import { isKnownError, TransientError } from '../core/errors.ts';
import { maskAddresses } from '../core/mask.ts';
import type { Clock, Notifier, Store } from '../core/ports.ts';
import { createCardPace } from './card-pace.ts';
import { type Log, tellRedisLost } from './log.ts';
import { PostJob, workerOptions } from './queues.ts';

export interface OutboxDependencies {
  readonly notifier: Notifier;
  readonly store: Pick<Store, 'load' | 'keep' | 'recall'>;
  /** From `connectForWork`. Stays the caller's to close. */
  readonly connection: Parameters<typeof workerOptions>[0]['connection'];
  readonly prefix: string;
  readonly log: Log;
  readonly clock: Clock;
  /** Between two edits of one card while its request runs. */
  readonly cardEveryMs?: number;
  /** Between two publications of one Home tab, and of those that one request concerns. */
  readonly homeEveryMs?: number;
  /** First pause while Slack is down; it doubles up to a minute. */
  readonly firstPauseMs?: number;
}

export interface Outbox {
  /** Lets the post that is on its way arrive, and takes no more. */
  close(): Promise<void>;
}

const LONGEST_PAUSE_MS = 60_000;

/**
 * Delivers posts one at a time over all processes, so they leave in order. While Slack does not take one, it stays at
 * the head and all wait. A post that can't be delivered is logged and told to the operator, and the next one goes on.
 */
export function createOutbox(dependencies: OutboxDependencies): Outbox {
  const { notifier, store, connection, prefix, log, clock, firstPauseMs = 1000 } = dependencies;
  const { cardEveryMs = 2000, homeEveryMs = 5000 } = dependencies;
  const options = workerOptions({ connection, prefix });
  const paceOf = createCardPace({ store, clock, cardEveryMs, homeEveryMs });
  const onError = tellRedisLost(log, 'The outbox lost Redis; it goes on when it is back');

  // On the worker's connection, unlike other producers: it waits for Redis instead of losing the alert.
  const queue = new Queue<PostJob>('posts', options);
  const worker = new Worker<PostJob>('posts', process, {
    ...options,
    autorun: false,
    // No limit in practice; without one BullMQ ignores the pauses below.
    limiter: { max: 1000, duration: 1000 },
  });
  queue.on('error', onError);
  worker.on('error', onError);

  async function process(job: Job<PostJob>, token?: string): Promise<void> {
    try {
      await deliver(job, token);
    } catch (error) {
      if (error instanceof DelayedError) throw error;
      if (error instanceof TransientError) throw await pause(job, error);
      await giveUp(job, error);
      throw new UnrecoverableError(error instanceof Error ? error.message : String(error));
    }
  }

  async function deliver(job: Job<PostJob>, token: string | undefined): Promise<void> {
    const data = PostJob.parse(job.data);
    const pace = await paceOf(data, job.timestamp);
    switch (pace.kind) {
      case 'drop':
        return;
      case 'wait':
        // The queue's clock is the machine's, whatever ours says.
        await job.moveToDelayed(Date.now() + pace.ms, token);
        throw new DelayedError();
      case 'show':
        await notifier.deliver(data.post);
        await pace.shown();
    }
  }

  /** Makes the whole queue wait; the error that it returns puts this job back to the head. */
  async function pause(job: Job<PostJob>, error: TransientError): Promise<Error> {
    const backOff = firstPauseMs * 2 ** Math.min(job.attemptsStarted - 1, 20);
    const ms = Math.ceil(Math.max(1, error.retryAfterMs ?? Math.min(backOff, LONGEST_PAUSE_MS)));
    const facts = { ...factsOf(job), pauseMs: ms };
    // Once with the cause: while Slack stays down there is nothing new to say.
    if (job.attemptsStarted === 1) log.warn({ ...facts, err: error }, 'A post could not leave; the outbox pauses');
    else log.info(facts, 'The outbox still pauses');
    await queue.rateLimit(ms);
    return Worker.RateLimitError();
  }

  async function giveUp(job: Job<PostJob>, error: unknown): Promise<void> {
    const facts = factsOf(job);
    log.error({ ...facts, err: error }, 'A post could not be delivered');
    // An alert about an alert would go the same way.
    if (job.name === 'operator-alert') return;
    const why = isKnownError(error)
      ? error.message
      : `Something broke in ocs-access; the log has it as ${maskAddresses(String(facts.jobId))}.`;
    const { post, jobId } = alertAbout(job.name, facts, why);
    await queue.add(post.kind, { post }, { jobId });
  }

  async function start(): Promise<void> {
    await queue.setGlobalConcurrency(1);
    await worker.run();
  }
  start().catch((error: unknown) => log.error({ err: error }, 'The outbox stopped'));

  return {
    async close() {
      await worker.close();
      await queue.close();
    },
  };
}

interface FailedPost {
  readonly jobId: string | undefined;
  readonly post: string;
  readonly requestId: string | undefined;
  /** Of a digest in its channel. */
  readonly day: string | undefined;
}

function factsOf(job: Job<PostJob>): FailedPost {
  // Read with care: it may be the very data that could not be parsed.
  const { data: post } = Readable.safeParse(job.data.post);
  const day = post?.askedBy === undefined ? post?.day : undefined;
  return { jobId: job.id, post: job.name, requestId: post?.requestId, day };
}

const Readable = z.object({
  requestId: z.string().optional().catch(undefined),
  day: z.string().optional().catch(undefined),
  askedBy: z.string().optional().catch(undefined),
});

function alertAbout(name: string, { jobId, requestId, day }: FailedPost, why: string) {
  if (day !== undefined) {
    const says = `The digest of ${day} could not be delivered. ${why} To read it nevertheless, type /ocs-access logs digest ${day}.`;
    // A digest and its details fail together: one alert for both.
    return { post: { kind: 'operator-alert' as const, says }, jobId: `alert-digest-${day}` };
  }
  const says = `A Slack message (${name}${requestId === undefined ? '' : ` of ${requestId}`}) could not be delivered. ${why}`;
  return {
    post: { kind: 'operator-alert' as const, says, ...(requestId === undefined ? {} : { requestId }) },
    jobId: `alert-${jobId}`,
  };
}
