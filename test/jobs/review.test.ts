import { describe, expect, inject, it } from 'vitest';
import type { Review } from '../../src/core/review.ts';
import { PermanentError, TransientError } from '../../src/core/errors.ts';
import type { Change } from '../../src/core/ports.ts';
import { keptReviewList } from '../../src/core/review-list.ts';
import { sendReview, startReviews, type ReviewDependencies } from '../../src/jobs/review.ts';
import { connectForWork } from '../../src/store/connect.ts';
import { createLocks } from '../../src/store/locks.ts';
import { createLogs } from '../../src/store/logs.ts';
import { createStore } from '../../src/store/store.ts';
import { parseRedisTarget } from '../../src/core/redis-target.ts';
import { reviewMessage } from '../../src/slack/review-message.ts';
import { aClock } from '../builders/a-clock.ts';
import { addresses, aPolicy, email } from '../builders/a-policy.ts';
import {
  aDevice,
  anEnrolment,
  anEnrolmentPolicy,
  aRegistration,
  aSerialList,
  aSnapshot,
  aUser,
  serials,
} from '../builders/a-snapshot.ts';
import { aFuse, Killed } from '../builders/fuse.ts';
import { createMemoryCloudflare } from '../builders/memory-cloudflare.ts';
import { createMemoryLocks } from '../builders/memory-locks.ts';
import { createMemoryLogs } from '../builders/memory-logs.ts';
import { createMemoryStore } from '../builders/memory-store.ts';
import { expectWithinLimits } from '../slack/read.ts';
import { collectAudit, connectToTestRedis, ownPrefix } from '../store/builders.ts';
import { aLog } from './builders.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Saturday. */
const BEGAN = Date.parse('2026-11-21T11:00:00Z');
/** 8 o’clock in Zurich. */
const MONDAY = Date.parse('2026-11-23T07:00:00Z');
const SETTINGS = { timeZone: 'Europe/Zurich', at: { hour: 8, minute: 0 } };

const DOWN = new TransientError('Cloudflare does not answer.', { code: 'cloudflare-down' });
const REFUSED = new PermanentError('The API token may not read the users.', { code: 'cloudflare-permission-missing' });

/** A house in which somebody has looked for the first time already. */
async function aHouse(snapshot = aSnapshot()) {
  const clock = aClock(BEGAN);
  const store = createMemoryStore(clock);
  const logs = createMemoryLogs();
  const log = aLog();
  const cloudflare = createMemoryCloudflare(snapshot);
  let problem: Error | undefined;
  cloudflare.intercept('before', () => {
    if (problem !== undefined) throw problem;
  });
  const dependencies: ReviewDependencies = {
    store,
    stays: store,
    logs,
    log,
    cloudflare,
    clock,
    locks: createMemoryLocks(),
    settings: SETTINGS,
  };
  const look = (changes: Partial<ReviewDependencies> = {}) => sendReview({ ...dependencies, ...changes });
  const posts = () => store.effects.flatMap((effect) => (effect.kind === 'post' ? [effect.post] : []));
  await look();
  return {
    clock,
    store,
    logs,
    log,
    cloudflare,
    look,
    fails: (error: Error | undefined) => {
      problem = error;
    },
    reviews: (): Review[] => posts().flatMap((post) => (post.kind === 'review' ? [post.data] : [])),
    alerts: () => posts().flatMap((post) => (post.kind === 'operator-alert' ? [post.says] : [])),
    told: () => store.entries.filter(({ kind }) => kind === 'review.sent'),
  };
}

const notNow = () => Promise.reject(new TransientError('Redis does not answer.', { code: 'store-down' }));

describe('the review', () => {
  it('is sent on Monday, once, with its list and one audit entry', async () => {
    const { clock, store, look, reviews, told, cloudflare } = await aHouse();
    clock.advanceTo(MONDAY - 1);
    await look();
    expect(reviews()).toEqual([]);
    expect(cloudflare.calls).toEqual([]);

    clock.advanceTo(MONDAY);
    await look();
    clock.advance(5 * MINUTE);
    await look();

    expect(reviews()).toMatchObject([{ week: '2026-11-23', people: 2, isLate: false, notes: [] }]);
    expect(cloudflare.calls).toHaveLength(1);
    expect(told().map(({ says, facts }) => ({ says, facts }))).toMatchInlineSnapshot(`
      [
        {
          "facts": {
            "counts": {
              "leftovers": 1,
              "ownerless": 0,
              "people": 2,
              "unseen": 2,
            },
            "isLate": false,
            "week": "2026-11-23",
          },
          "says": "The review of the week of 2026-11-23 was sent. Can come in: 2. Of them not seen in 30 days: 2. Serial numbers without an owner: 0.",
        },
      ]
    `);
    const kept = await keptReviewList(store, '2026-11-23');
    expect(kept).toMatchObject({ state: 'waiting', list: { madeAt: MONDAY } });
    expect(kept?.state === 'waiting' && kept.list.people).toHaveLength(3);
  });

  it('comes again the next Monday', async () => {
    const { clock, look, reviews } = await aHouse();
    clock.advanceTo(MONDAY);
    await look();
    clock.advance(7 * DAY);
    await look();

    expect(reviews().map(({ week }) => week)).toEqual(['2026-11-23', '2026-11-30']);
  });

  it('that was missed is made up within the week, and says that it is late', async () => {
    const { clock, look, reviews } = await aHouse();
    clock.advanceTo(MONDAY + 3 * DAY);
    await look();
    await look();

    expect(reviews()).toMatchObject([{ week: '2026-11-23', isLate: true }]);
  });

  it('that was missed for a whole week is not made up', async () => {
    const { clock, look, reviews } = await aHouse();
    clock.advanceTo(MONDAY + 7 * DAY - HOUR);
    await look();
    expect(reviews()).toEqual([]);
    clock.advance(HOUR);
    await look();

    expect(reviews().map(({ week }) => week)).toEqual(['2026-11-30']);
  });

  it('comes at 8 on the clock also after the clocks were put forward', async () => {
    const { clock, look, reviews } = await aHouse();
    clock.advanceTo(Date.parse('2027-03-22T07:00:00Z'));
    await look();
    clock.advanceTo(Date.parse('2027-03-29T05:59:59Z'));
    await look();
    expect(reviews().map(({ week }) => week)).toEqual(['2027-03-22']);
    clock.advance(1000);
    await look();

    expect(reviews().map(({ week }) => week)).toEqual(['2027-03-22', '2027-03-29']);
  });

  it('knows since when and when last', async () => {
    const { clock, store, logs, look, reviews } = await aHouse();
    const [one = '', other = ''] = addresses(2);
    const actor = { slackId: 'system', teamId: 'system', name: 'ocs-access' };
    await store.commit({
      audit: [
        {
          kind: 'run.finished',
          action: 'add',
          requestId: 'REQ-0001',
          at: BEGAN - 60 * DAY,
          actor,
          people: [one],
          says: 'Done.',
          facts: { access: 'given' },
        },
      ],
      effects: [],
    });
    await logs.keepSeen([{ email: other, countries: [], devices: [], lastAt: MONDAY - DAY }]);
    clock.advanceTo(MONDAY);
    await look();

    expect(reviews()[0]?.unseen).toEqual([{ email: one, since: { at: BEGAN - 60 * DAY, requestId: 'REQ-0001' } }]);
  });

  it('waits for Cloudflare without a word', async () => {
    const { clock, look, fails, reviews, alerts, log } = await aHouse();
    clock.advanceTo(MONDAY);
    fails(DOWN);
    await look();
    expect(reviews()).toEqual([]);
    expect(log.lines).toMatchObject([{ level: 'info', facts: { code: 'cloudflare-down' } }]);

    fails(undefined);
    clock.advance(5 * MINUTE);
    await look();
    expect(reviews()).toMatchObject([{ isLate: false }]);
    expect(alerts()).toEqual([]);
  });

  it('that can’t be made calls the operator once a day', async () => {
    const { clock, look, fails, reviews, alerts } = await aHouse();
    clock.advanceTo(MONDAY);
    fails(REFUSED);
    await look();
    clock.advance(HOUR);
    await look();
    expect(alerts()).toEqual([
      'The weekly review of 2026-11-23 could not be made: The API token may not read the users. It is tried again every five minutes until Sunday.',
    ]);
    clock.advance(DAY);
    await look();
    expect(alerts()).toHaveLength(2);

    fails(undefined);
    await look();
    expect(reviews()).toHaveLength(1);
  });

  it('calls the operator at the next look where the call could not be stored', async () => {
    const { clock, store, look, fails, alerts } = await aHouse();
    clock.advanceTo(MONDAY);
    fails(REFUSED);
    await look({ store: { ...store, commit: notNow } });
    expect(alerts()).toEqual([]);
    clock.advance(5 * MINUTE);
    await look();

    expect(alerts()).toHaveLength(1);
  });

  it('that breaks in our own code calls the operator too, without the words of the bug', async () => {
    const { clock, look, fails, alerts, log } = await aHouse();
    clock.advanceTo(MONDAY);
    fails(new TypeError('ana@lanternhealth.example is not iterable'));
    await look();

    expect(alerts().join()).toContain('Something broke in ocs-access; its log says what.');
    expect(log.lines.at(-1)).toMatchObject({ level: 'error', message: 'A review can’t be made' });
  });

  it('is not sent by somebody whose lock is lost', async () => {
    const { clock, look, reviews } = await aHouse();
    clock.advanceTo(MONDAY);
    const locks = createMemoryLocks();
    locks.lose('review');
    await look({ locks });

    expect(reviews()).toEqual([]);
  });
});

it('is sent once, wherever the process is killed on its way', async () => {
  let wasWhole = false;
  let point = 1;
  for (; !wasWhole; point += 1) {
    const { clock, store, look, reviews, told } = await aHouse();
    clock.advanceTo(MONDAY);
    const fuse = aFuse(point);
    const mortal = fuse.wrap({
      claim: (key: string, ms: number) => store.claim(key, ms),
      commit: (change: Change) => store.commit(change),
      keep: (key: string, value: unknown, ms: number) => store.keep(key, value, ms),
      recall: (key: string) => store.recall(key),
    });
    await look({ store: { ...store, ...mortal } }).catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
    wasWhole = !fuse.hasBurnt;
    clock.advance(5 * MINUTE);
    await look();

    expect(reviews()).toHaveLength(1);
    expect(told()).toHaveLength(1);
    expect(await keptReviewList(store, '2026-11-23')).toMatchObject({ state: 'waiting' });
  }
  expect(point).toBeGreaterThan(8);
});

it('of a thousand people fits into a message and is made at once', async () => {
  const people = addresses(1000);
  const allow = aPolicy({ include: people.map(email) });
  const { clock, look, reviews, store } = await aHouse(
    aSnapshot({
      allow,
      policies: [allow],
      enrolment: anEnrolment(anEnrolmentPolicy({ include: people.map(email) })),
      posture: { ruleId: 'posture-serials', name: 'Known laptops', list: aSerialList(serials(1000)) },
      users: people.map((address, index) => aUser({ id: `user-${index}`, email: address, seatUid: `seat-${index}` })),
      devices: people.map((address, index) =>
        aDevice({
          id: `device-${index}`,
          serial: `PF${index}`,
          lastSeenAt: MONDAY - (index % 60) * DAY,
          registrations: [aRegistration({ id: `registration-${index}`, email: address })],
        }),
      ),
    }),
  );
  clock.advanceTo(MONDAY);
  const began = performance.now();
  await look();

  // A third of a second on a small machine; what is far from that grows too fast.
  expect(performance.now() - began).toBeLessThan(5000);
  const [review] = reviews();
  expect(review).toMatchObject({ people: 1000, ownerless: [], wide: [] });
  expect(review?.unseen).toHaveLength(10);
  if (review !== undefined) expectWithinLimits(reviewMessage(review));
  const kept = await keptReviewList(store, '2026-11-23');
  expect(kept?.state === 'waiting' && kept.list.people).toHaveLength(1000);
});

it('is sent once by two workers on one Redis that look at the same moment', async () => {
  const prefix = ownPrefix();
  const clock = aClock(BEGAN);
  const closing: (() => Promise<void> | void)[] = [];
  async function aProcess() {
    const redis = await connectToTestRedis();
    const connection = connectForWork(parseRedisTarget(inject('redisUrl')), { onError: () => undefined });
    closing.push(
      () => redis.disconnect(),
      () => connection.disconnect(),
    );
    const store = createStore({ redis, prefix });
    return {
      store,
      stays: store,
      logs: createLogs({ redis, prefix }),
      cloudflare: createMemoryCloudflare(aSnapshot()),
      locks: createLocks({ redis, prefix }),
      clock,
      log: aLog(),
      settings: SETTINGS,
      connection,
      prefix,
      everyMs: 100,
    };
  }
  const [one, other] = [await aProcess(), await aProcess()];
  await sendReview(one);
  clock.advanceTo(MONDAY);
  const reviewing = await Promise.all([startReviews(one), startReviews(other)]);
  await Promise.all([sendReview(one), sendReview(other)]);
  await Promise.all(reviewing.map((part) => part.close()));

  const staged = await one.store.staged(100);
  expect(staged.map(({ effect }) => effect)).toMatchObject([{ kind: 'post', post: { kind: 'review' } }]);
  expect((await collectAudit(one.store)).map(({ kind }) => kind)).toEqual(['review.sent']);
  for (const close of closing) await close();
});
