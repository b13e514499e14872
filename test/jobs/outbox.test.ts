import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { PermanentError, TransientError } from '../../src/core/errors.ts';
import type { Notifier } from '../../src/core/ports.ts';
import type { Post } from '../../src/core/post.ts';
import { parseRedisTarget } from '../../src/core/redis-target.ts';
import type { Request } from '../../src/core/request.ts';
import { createOutbox, type Outbox } from '../../src/jobs/outbox.ts';
import { createPosts, createQueues, type Queues } from '../../src/jobs/queues.ts';
import { createRelay, type Relay } from '../../src/jobs/relay.ts';
import { connectForWork, type RedisConnection } from '../../src/store/connect.ts';
import { createStore } from '../../src/store/store.ts';
import { aRequest, connectToTestRedis, ownPrefix } from '../store/builders.ts';
import { aDigest } from '../builders/a-digest.ts';
import { aLog } from './builders.ts';

const systemClock = { now: () => Date.now() };

describe('createOutbox', () => {
  let answers: RedisConnection;
  let work: RedisConnection;
  let prefix: string;
  let store: ReturnType<typeof createStore>;
  let queues: Queues;
  let relay: Relay;
  let log: ReturnType<typeof aLog>;
  const outboxes: Outbox[] = [];
  beforeEach(async () => {
    answers = await connectToTestRedis();
    work = connectForWork(parseRedisTarget(inject('redisUrl')), { onError: () => {} });
    prefix = ownPrefix();
    store = createStore({ redis: answers, prefix });
    queues = createQueues({ connection: answers, prefix, onError: () => {} });
    log = aLog();
    relay = createRelay({ store, queues, log });
  });
  afterEach(async () => {
    await Promise.all(outboxes.splice(0).map((outbox) => outbox.close()));
    await relay.close();
    await queues.close();
    answers.disconnect();
    work.disconnect();
  });

  /** Starts a process that delivers; `deliver` may throw. What was delivered is in the list. */
  function start(
    deliver: (post: Post) => void | Promise<void> = () => {},
    options: { cardEveryMs?: number; homeEveryMs?: number; firstPauseMs?: number } = {},
  ): Post[] {
    const delivered: Post[] = [];
    const notifier: Notifier = {
      async deliver(post) {
        await deliver(post);
        delivered.push(post);
      },
    };
    const shared = { notifier, store, connection: work, prefix, log, clock: systemClock };
    outboxes.push(createOutbox({ ...shared, firstPauseMs: 5, ...options }));
    return delivered;
  }

  async function enqueue(...says: string[]): Promise<void> {
    for (const one of says) await createPosts({ queues }).enqueue(one, { kind: 'operator-alert', says: one });
  }

  async function becomesIdle(): Promise<void> {
    await vi.waitUntil(
      async () => {
        const counts = await queues.posts.getJobCounts('waiting', 'active', 'delayed', 'prioritized');
        return Object.values(counts).every((count) => count === 0);
      },
      { timeout: 15_000 },
    );
  }

  describe('the order of posts', () => {
    it('is the order in which they were enqueued', async () => {
      await enqueue('one', 'two', 'three');

      const delivered = start();

      await delivers(3, delivered);
      expect(saysOf(delivered)).toEqual(['one', 'two', 'three']);
    });

    it('stays the same, and nothing is lost, while Slack is down', async () => {
      await enqueue('one', 'two', 'three', 'four');
      const failuresLeft = new Map([
        ['one', 3],
        ['three', 2],
      ]);
      const tried: string[] = [];

      const delivered = start((post) => {
        const says = textOf(post);
        tried.push(says);
        const left = failuresLeft.get(says) ?? 0;
        failuresLeft.set(says, left - 1);
        if (left > 0) throw new TransientError('Slack does not answer.', { code: 'slack-down' });
      });

      await delivers(4, delivered);
      expect(saysOf(delivered)).toEqual(['one', 'two', 'three', 'four']);
      expect(tried).toEqual(['one', 'one', 'one', 'one', 'two', 'three', 'three', 'three', 'four']);
    });

    it('stays the same over two processes, which never deliver at the same time', async () => {
      const numbers = Array.from({ length: 20 }, (_, index) => `${index}`);
      let inside = 0;
      const seen: string[] = [];
      const deliver = async (post: Post): Promise<void> => {
        inside += 1;
        expect(inside).toBe(1);
        await answers.call('PING');
        seen.push(textOf(post));
        inside -= 1;
      };
      start(deliver);
      start(deliver);

      await enqueue(...numbers);

      await delivers(20, seen);
      expect(seen).toEqual(numbers);
      expect(log.lines).toEqual([]);
    });
  });

  describe('closing', () => {
    it('lets the post on its way arrive and leaves the others to another process', async () => {
      await enqueue('one', 'two');
      const underWay: (() => void)[] = [];
      const delivered = start(() => new Promise((resolve) => underWay.push(resolve)));
      await delivers(1, underWay);
      const [outbox] = outboxes;

      const closed = outbox?.close();
      for (const arrive of underWay) arrive();
      await closed;
      expect(saysOf(delivered)).toEqual(['one']);

      const byAnother = start();
      await delivers(1, byAnother);
      expect(saysOf(byAnother)).toEqual(['two']);
    });
  });

  describe('a pause', () => {
    it('doubles while Slack is down', async () => {
      await enqueue('one');
      let failuresLeft = 4;

      const delivered = start(() => {
        failuresLeft -= 1;
        if (failuresLeft >= 0) throw new TransientError('Slack does not answer.', { code: 'slack-down' });
      });

      await delivers(1, delivered);
      expect(log.lines.map(({ level, facts }) => [level, 'pauseMs' in facts ? facts.pauseMs : 0])).toEqual([
        ['warn', 5],
        ['info', 10],
        ['info', 20],
        ['info', 40],
      ]);
    });

    it('is as long as Slack asks for, for every process', async () => {
      await enqueue('one');
      const triedAt: number[] = [];
      const deliver = (): void => {
        triedAt.push(Date.now());
        if (triedAt.length === 1) throw new TransientError('Too fast.', { code: 'slack-429', retryAfterMs: 300 });
      };
      start(deliver);
      start(deliver);

      await delivers(2, triedAt);
      const [first = 0, second = 0] = triedAt;
      expect(second - first).toBeGreaterThanOrEqual(295);
    });
  });

  describe('a post that can’t be delivered', () => {
    it('is logged and told to the operator, and the next one goes on', async () => {
      await relayed({ kind: 'outcome', requestId: 'REQ-0007' });
      await enqueue('next');

      const delivered = start((post) => {
        if (post.kind === 'outcome') throw new PermanentError('There is no such user.', { code: 'no-such-user' });
      });

      await delivers(2, delivered);
      await becomesIdle();
      expect(delivered).toEqual([
        { kind: 'operator-alert', says: 'next' },
        {
          kind: 'operator-alert',
          says: 'A Slack message (outcome of REQ-0007) could not be delivered. There is no such user.',
          requestId: 'REQ-0007',
        },
      ]);
      expect(log.lines).toEqual([
        {
          level: 'error',
          message: 'A post could not be delivered',
          facts: expect.objectContaining({ requestId: 'REQ-0007', post: 'outcome', err: expect.any(PermanentError) }),
        },
      ]);
    });

    it('is told once for a digest and its details, with the way to read it nevertheless', async () => {
      const data = aDigest();
      await relayed({ kind: 'digest', day: data.day, data });
      await relayed({ kind: 'digest-details', day: data.day, data });
      await relayed({ kind: 'digest', day: data.day, data, askedBy: 'U05CARA0001' });

      const delivered = start((post) => {
        if (post.kind !== 'operator-alert') throw new PermanentError('It is archived.', { code: 'slack-is-archived' });
      });

      await delivers(2, delivered);
      await becomesIdle();
      expect(saysOf(delivered)).toEqual([
        'The digest of 2026-11-20 could not be delivered. It is archived. To read it nevertheless, type /ocs-access logs digest 2026-11-20.',
        'A Slack message (digest) could not be delivered. It is archived.',
      ]);
    });

    it('does not show what broke to people when it is our bug', async () => {
      await relayed({ kind: 'outcome', requestId: 'REQ-0007' });

      const delivered = start((post) => {
        if (post.kind === 'outcome') throw new TypeError('x is not a function at secret.ts');
      });

      await delivers(1, delivered);
      expect(textOf(delivered[0])).toMatch(
        /^A Slack message \(outcome of REQ-0007\) could not be delivered\. Something broke in ocs-access; the log has it as [0-9a-f-]{36}\.$/,
      );
    });

    it('does not lead to an alert about an alert', async () => {
      await enqueue('nobody can read this');
      const tried: string[] = [];

      start((post) => {
        tried.push(textOf(post));
        throw new PermanentError('There is no such channel.', { code: 'no-such-channel' });
      });

      await vi.waitUntil(() => tried.length > 0, { timeout: 15_000 });
      await becomesIdle();
      expect(tried).toEqual(['nobody can read this']);
    });
  });

  describe('the card of a request', () => {
    it('is drawn once for all the changes that happened before', async () => {
      let request = await change(aRequest());
      for (let more = 0; more < 4; more += 1) request = await change({ ...request, reason: `${more}` });
      await relay.flush();

      const delivered = start();

      await becomesIdle();
      expect(delivered).toEqual([{ kind: 'approval-card', requestId: 'REQ-0001' }]);
    });

    it('is drawn again for a change that came after', async () => {
      const delivered = start();
      const request = await change(aRequest());
      await relay.flush();
      await delivers(1, delivered);

      await change({ ...request, reason: 'another' });
      await relay.flush();

      await delivers(2, delivered);
    });

    it('is drawn again by a post that belongs to no change', async () => {
      const delivered = start();
      await change(aRequest());
      await relay.flush();
      await relayed({ kind: 'approval-card', requestId: 'REQ-0001' });
      await relay.flush();
      await relayed({ kind: 'approval-card', requestId: 'REQ-0001' });

      await delivers(3, delivered);
    });

    it('is edited in steps while the request runs, and shows the last of them', async () => {
      const shown: { version: number; at: number }[] = [];
      start(
        async () => {
          const request = await store.load('REQ-0001');
          shown.push({ version: request?.version ?? 0, at: Date.now() });
        },
        { cardEveryMs: 200 },
      );
      let request = await change(aRequest({ status: 'running' }));
      for (let progress = 0; progress < 20; progress += 1) {
        await relay.flush();
        request = await change({ ...request, problem: `${progress}` });
      }
      await relay.flush();

      await becomesIdle();
      expect(shown.at(-1)?.version).toBe(21);
      expect(shown.length).toBeGreaterThan(1);
      const pauses = shown.slice(1).map(({ at }, index) => at - (shown[index]?.at ?? 0));
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(190);
    });

    it('shows at once that the request is over, whenever it was edited before', async () => {
      const delivered = start(undefined, { cardEveryMs: 3_600_000 });
      const request = await change(aRequest({ status: 'running' }));
      await relay.flush();
      await delivers(1, delivered);

      await change({ ...request, status: 'done' });
      await relay.flush();

      await delivers(2, delivered);
    });

    it('does not hold back the card of somebody else', async () => {
      const delivered = start(undefined, { cardEveryMs: 3_600_000 });
      const first = await change(aRequest({ status: 'running' }));
      await change({ ...first, problem: 'more' });
      await change(aRequest({ id: 'REQ-0002', status: 'running' }));
      await relay.flush();

      await delivers(2, delivered);
      expect(delivered.map((post) => ('requestId' in post ? post.requestId : ''))).toEqual(['REQ-0001', 'REQ-0002']);
    });
  });

  describe('the Home tabs', () => {
    it('of those whom a request concerns are drawn in steps, and at last as it is', async () => {
      const shown: { version: number; at: number }[] = [];
      start(
        async () => {
          const request = await store.load('REQ-0001');
          shown.push({ version: request?.version ?? 0, at: Date.now() });
        },
        { homeEveryMs: 200 },
      );
      let request = await change(aRequest(), 'homes');
      for (let progress = 0; progress < 20; progress += 1) {
        await relay.flush();
        request = await change({ ...request, problem: `${progress}` }, 'homes');
      }
      await relay.flush();

      await becomesIdle();
      expect(shown.at(-1)?.version).toBe(21);
      expect(shown.length).toBeGreaterThan(1);
      const pauses = shown.slice(1).map(({ at }, index) => at - (shown[index]?.at ?? 0));
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(190);
    });

    it('are held back also for a request that is over', async () => {
      const delivered = start(undefined, { homeEveryMs: 3_600_000 });
      const request = await change(aRequest(), 'homes');
      await relay.flush();
      await delivers(1, delivered);

      await change({ ...request, status: 'denied' }, 'homes');
      await relay.flush();
      await vi.waitUntil(async () => (await queues.posts.getDelayedCount()) === 1, { timeout: 15_000 });

      expect(delivered).toHaveLength(1);
    });

    it('of one person hold back nobody else’s', async () => {
      const delivered = start(undefined, { homeEveryMs: 3_600_000 });
      for (const slackId of ['U1', 'U1', 'U2']) await relayed({ kind: 'home', slackId });

      await delivers(2, delivered);
      expect(delivered).toEqual([
        { kind: 'home', slackId: 'U1' },
        { kind: 'home', slackId: 'U2' },
      ]);
    });

    it('that were asked for before one was drawn are not drawn again', async () => {
      const asked = { kind: 'home', slackId: 'U1' } as const;
      const before = Date.now() - 60_000;
      await queues.posts.add('home', { post: asked }, { timestamp: before });
      await queues.posts.add('home', { post: asked }, { timestamp: before });

      const delivered = start(undefined, { homeEveryMs: 3_600_000 });

      await becomesIdle();
      expect(delivered).toEqual([asked]);
    });
  });

  /** Stores the request together with the post of its card, as decisions and runs do. */
  async function change(request: Request, kind: 'approval-card' | 'homes' = 'approval-card'): Promise<Request> {
    const { id } = request;
    const stored = await store.commit({
      request,
      audit: [],
      effects: [{ kind: 'post', post: { kind, requestId: id } }],
    });
    if (stored === undefined) throw new Error('A commit with a request returns the request.');
    return stored;
  }

  async function relayed(post: Post): Promise<void> {
    await store.commit({ audit: [], effects: [{ kind: 'post', post }] });
    await relay.flush();
  }
});

function textOf(post: Post | undefined): string {
  return post?.kind === 'operator-alert' ? post.says : '';
}

function saysOf(posts: readonly Post[]): string[] {
  return posts.map(textOf);
}

async function delivers(count: number, delivered: { readonly length: number }): Promise<void> {
  await vi.waitUntil(() => delivered.length >= count, { timeout: 15_000 });
}
