import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Effect } from '../../src/core/ports.ts';
import { createPosts, createQueues, type Queues } from '../../src/jobs/queues.ts';
import { createRelay, type Relay, withRelay } from '../../src/jobs/relay.ts';
import type { RedisConnection } from '../../src/store/connect.ts';
import { createStore } from '../../src/store/store.ts';
import { aRequest, connectToTestRedis, ownPrefix } from '../store/builders.ts';
import { aLog } from './builders.ts';

/** Never within a test: what the sweep does is tested by its own. */
const NEVER_MS = 2 ** 31 - 1;

describe('createRelay', () => {
  let redis: RedisConnection;
  let store: ReturnType<typeof createStore>;
  let queues: Queues;
  const relays: Relay[] = [];
  beforeEach(async () => {
    redis = await connectToTestRedis();
    const prefix = ownPrefix();
    store = createStore({ redis, prefix });
    queues = createQueues({ connection: redis, prefix, onError: () => {} });
  });
  afterEach(async () => {
    await Promise.all(relays.splice(0).map((one) => one.close()));
    await queues.close();
    redis.disconnect();
  });

  function relay(changes: { sweepMs?: number; log?: ReturnType<typeof aLog> } = {}): Relay {
    const made = createRelay({ store, queues, log: aLog(), sweepMs: NEVER_MS, ...changes });
    relays.push(made);
    return made;
  }

  /** As a process does that is killed right after: nobody kicks. */
  async function stage(...effects: Effect[]): Promise<void> {
    await store.commit({ audit: [], effects });
  }

  async function waitingPosts(): Promise<string[]> {
    const jobs = await queues.posts.getJobs(['waiting', 'delayed'], 0, -1, true);
    return jobs.map(({ data: { post } }) => {
      if (post.kind === 'operator-alert') return post.says;
      if (post.kind === 'tunnel-alert') return post.alertId;
      if (post.kind === 'home') return post.slackId;
      return 'requestId' in post ? (post.requestId ?? '') : post.kind;
    });
  }

  it('relays once what a process left behind that was killed after its commit', async () => {
    await stage(alert('one'), { kind: 'run', requestId: 'REQ-0001' });

    await relay().flush();
    await relay().flush();

    expect(await waitingPosts()).toEqual(['one']);
    expect((await queues.runs.getWaiting()).map(({ data }) => data)).toEqual([{ requestId: 'REQ-0001' }]);
    expect(await store.staged(10)).toEqual([]);
  });

  it('puts what is urgent into the queue of its own, before the messages about it', async () => {
    vi.spyOn(queues.posts, 'addBulk').mockRejectedValueOnce(new Error('down'));
    await stage(card('REQ-0001'), urgent('REQ-0001', true), urgent('REQ-0002', false));
    const ours = relay();

    await expect(ours.flush()).rejects.toThrow('down');
    expect((await queues.emergency.getWaiting()).map(({ data }) => data)).toEqual([{ requestId: 'REQ-0001' }]);
    await ours.flush();

    expect(await queues.emergency.getWaitingCount()).toBe(1);
    expect((await queues.runs.getWaiting()).map(({ data }) => data)).toEqual([{ requestId: 'REQ-0002' }]);
  });

  it('relays one of several Home tabs, behind all messages', async () => {
    await stage(page('U1'), pages('REQ-0001'), page('U2'), pages('REQ-0001'), page('U1'), alert('one'));

    await relay().flush();

    expect(await waitingPosts()).toEqual(['one']);
    const later = await queues.posts.getJobs(['prioritized'], 0, -1, true);
    expect(later.map(({ data: { post } }) => (post.kind === 'home' ? post.slackId : post.kind))).toEqual([
      'U2',
      'homes',
      'U1',
    ]);
  });

  it('relays only the newest of several cards of one request, in its place among the others', async () => {
    await stage(card('REQ-0001'), card('REQ-0002'), alert('between'), card('REQ-0001'));
    await stage(card('REQ-0003', 'incident-card'), card('REQ-0003', 'incident-card'));

    await relay().flush();

    expect(await waitingPosts()).toEqual(['REQ-0002', 'between', 'REQ-0001', 'REQ-0003']);
    expect(await store.staged(10)).toEqual([]);
  });

  it('adds nothing twice when a process was killed between the add and the note of it', async () => {
    await stage(alert('one'), alert('two'));
    const dies = createRelay({
      store: { staged: (limit) => store.staged(limit), unstage: () => Promise.reject(new Error('killed')) },
      queues,
      log: aLog(),
      sweepMs: NEVER_MS,
    });
    relays.push(dies);
    await expect(dies.flush()).rejects.toThrow('killed');
    expect(await waitingPosts()).toEqual(['one', 'two']);

    await relay().flush();

    expect(await waitingPosts()).toEqual(['one', 'two']);
    expect(await store.staged(10)).toEqual([]);
  });

  it('keeps the order, however many relays there are', async () => {
    const numbers = Array.from({ length: 250 }, (_, index) => `${index}`);
    await stage(...numbers.map(alert));

    await Promise.all([relay().flush(), relay().flush(), relay().flush()]);

    expect(await waitingPosts()).toEqual(numbers);
  });

  it('tells the outbox which version of the request a post is about, and delays what should leave later', async () => {
    await store.commit({
      request: aRequest(),
      audit: [],
      effects: [{ kind: 'post', post: { kind: 'approval-card', requestId: 'REQ-0001' }, delayMs: 60_000 }],
    });

    await relay().flush();

    const [job] = await queues.posts.getDelayed();
    expect(job?.data).toEqual({ post: { kind: 'approval-card', requestId: 'REQ-0001' }, version: 1 });
    expect(job?.opts.delay).toBe(60_000);
  });

  it('follows every commit of the store that it comes with', async () => {
    const followed = withRelay(store, relay());

    await followed.commit({ audit: [], effects: [alert('one')] });

    await vi.waitUntil(async () => (await waitingPosts()).length === 1, { timeout: 5000 });
  });

  it('finds by itself what nobody kicked it for', async () => {
    await stage(alert('one'));

    relay({ sweepMs: 20 });

    await vi.waitUntil(async () => (await waitingPosts()).length === 1, { timeout: 5000 });
  });

  it('looks once more, not a hundred times, for a hundred kicks during one look', async () => {
    let looks = 0;
    const underWay: (() => void)[] = [];
    const staged = (): Promise<never[]> => {
      looks += 1;
      if (looks > 1) return Promise.resolve([]);
      return new Promise((resolve) => underWay.push(() => resolve([])));
    };
    const counted = createRelay({ store: { staged, unstage: async () => {} }, queues, log: aLog(), sweepMs: NEVER_MS });
    relays.push(counted);

    for (let kick = 0; kick < 100; kick += 1) counted.kick();
    expect(looks).toBe(1);
    for (const arrive of underWay) arrive();
    await counted.flush();

    expect(looks).toBe(2);
  });

  it('does not throw at those who kick it while Redis is down, says so once, and goes on', async () => {
    const log = aLog();
    let isDown = true;
    const staged = (limit: number) => (isDown ? Promise.reject(new Error('down')) : store.staged(limit));
    const flaky = createRelay({ store: { ...store, staged }, queues, log, sweepMs: 10 });
    relays.push(flaky);
    await stage(alert('one'));

    await expect(flaky.flush()).rejects.toThrow('down');
    await vi.waitUntil(() => log.lines.length > 0);
    await expect(flaky.flush()).rejects.toThrow('down');
    isDown = false;
    await vi.waitUntil(() => log.lines.length > 1);

    expect(log.lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      'warn: Stored effects do not reach the queues; trying again',
      'info: Stored effects reach the queues again',
    ]);
    expect(await waitingPosts()).toEqual(['one']);
  });
});

describe('createPosts', () => {
  it('enqueues a key once, whatever characters it has', async () => {
    const redis = await connectToTestRedis();
    const queues = createQueues({ connection: redis, prefix: ownPrefix(), onError: () => {} });
    const posts = createPosts({ queues });

    await posts.enqueue('REQ-0001:2', { kind: 'operator-alert', says: 'first' });
    await posts.enqueue('REQ-0001:2', { kind: 'operator-alert', says: 'again' });
    await posts.enqueue('7', { kind: 'operator-alert', says: 'seven' });

    const jobs = await queues.posts.getJobs(['waiting'], 0, -1, true);
    expect(jobs.map(({ data }) => data.post)).toEqual([
      { kind: 'operator-alert', says: 'first' },
      { kind: 'operator-alert', says: 'seven' },
    ]);
    await queues.close();
    redis.disconnect();
  });
});

function alert(says: string): Effect {
  return { kind: 'post', post: { kind: 'operator-alert', says } };
}

function urgent(requestId: string, isUrgent: boolean): Effect {
  return { kind: 'run', requestId, isUrgent };
}

function page(slackId: string): Effect {
  return { kind: 'post', post: { kind: 'home', slackId } };
}

function pages(requestId: string): Effect {
  return { kind: 'post', post: { kind: 'homes', requestId } };
}

function card(requestId: string, kind: 'approval-card' | 'incident-card' = 'approval-card'): Effect {
  return { kind: 'post', post: { kind, requestId } };
}
