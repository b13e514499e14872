import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { askedDigest } from '../../src/core/digest/asked-digest.ts';
import { recallDigests } from '../../src/core/digest/remembered.ts';
import { PermanentError, TransientError } from '../../src/core/errors.ts';
import { parseRedisTarget } from '../../src/core/redis-target.ts';
import { sendDigests, startDigests, type DigestDependencies } from '../../src/jobs/digest.ts';
import type { Repeating } from '../../src/jobs/repeat.ts';
import { connectForWork, type RedisConnection } from '../../src/store/connect.ts';
import {
  alertsIn,
  aMorning,
  anAuditEntry,
  aVisit,
  digestsIn,
  readUpTo,
  type MorningOptions,
} from '../builders/a-morning.ts';
import { ANA } from '../builders/a-request.ts';
import { ownPrefix } from '../store/builders.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

type Morning = ReturnType<typeof aMorning>;

/** The digest of the 19th was told, and the logs were read a moment ago. */
async function aTuesday(options: MorningOptions = {}): Promise<Morning> {
  const morning = aMorning({ now: '2026-11-20T08:00Z', ...options });
  await morning.logs.addRows('access', [aVisit('2026-11-19T09:00Z'), aVisit('2026-11-20T09:00Z', { country: 'BR' })]);
  await readUpTo(morning.logs, new Date(morning.clock.now()).toISOString());
  await sendDigests(morning.dependencies);
  expect(daysIn(morning)).toEqual(['2026-11-19']);
  return morning;
}

/** It is that moment, and both logs were read. */
async function comes(moment: string, { clock, logs }: Morning): Promise<void> {
  clock.advanceTo(Date.parse(moment));
  await readUpTo(logs, moment);
}

/** Looks every five minutes until that moment. */
async function looksUntil(moment: string, { clock, dependencies }: Morning): Promise<void> {
  for (const end = Date.parse(moment); clock.now() <= end; clock.advance(5 * MINUTE)) await sendDigests(dependencies);
}

function daysIn({ store }: Pick<Morning, 'store'>): string[] {
  return digestsIn(store).map(({ day }) => day);
}

function sentIn({ store }: Morning): unknown[] {
  return store.entries.filter(({ kind }) => kind === 'digest.sent').map(({ facts }) => facts['day']);
}

describe('a digest', () => {
  it('is sent when its time has come, with its details and an entry in the audit log', async () => {
    const morning = await aTuesday();
    const { store, dependencies } = morning;
    await comes('2026-11-21T07:59Z', morning);
    await sendDigests(dependencies);
    expect(daysIn(morning)).toHaveLength(1);

    await comes('2026-11-21T08:00Z', morning);
    await sendDigests(dependencies);

    expect(store.effects.slice(-2)).toMatchObject([
      { post: { kind: 'digest', day: '2026-11-20', data: { day: '2026-11-20', access: { signIns: 1 } } } },
      { post: { kind: 'digest-details', day: '2026-11-20', data: { day: '2026-11-20' } } },
    ]);
    const { seq, hash } = store.entries.at(-2) ?? { seq: 0, hash: '' };
    expect(store.entries.at(-1)).toMatchObject({
      kind: 'digest.sent',
      actor: { name: 'ocs-access' },
      says: 'The digest of 2026-11-20 was sent. Sign-ins: 1. Turned away: 0.',
      facts: { day: '2026-11-20', counts: { signIns: 1, denied: 0 }, head: { seq, hash }, isLate: false },
    });
  });

  it('keeps what the next ones are compared with', async () => {
    const morning = await aTuesday();
    const { logs } = morning;
    await comes('2026-11-21T08:00Z', morning);
    await sendDigests(morning.dependencies);

    expect(digestsIn(morning.store).at(-1)?.data).toMatchObject({
      access: { before: { signIns: 1 } },
      unusual: [{ kind: 'first-country', says: 'Brazil. So far from Germany.' }],
    });
    expect((await logs.dayCounts('2026-11-01', '2026-11-30')).map(({ day, signIns }) => [day, signIns])).toEqual([
      ['2026-11-19', 1],
      ['2026-11-20', 1],
    ]);
    expect(await logs.seenBefore([ANA.email])).toMatchObject([{ countries: ['DE', 'BR'] }]);
  });

  it('is sent once, however often anybody looks', async () => {
    const morning = await aTuesday();
    await comes('2026-11-21T08:00Z', morning);
    await Promise.all([sendDigests(morning.dependencies), sendDigests(morning.dependencies)]);
    await looksUntil('2026-11-21T20:00Z', morning);

    expect(daysIn(morning)).toEqual(['2026-11-19', '2026-11-20']);
  });
});

describe('the first start ever', () => {
  it('tells yesterday alone, and from when on the logs were read', async () => {
    const morning = aMorning();
    await morning.logs.addRows('access', [aVisit('2026-11-20T10:30Z')]);
    await readUpTo(morning.logs, '2026-11-21T07:59Z');

    await sendDigests(morning.dependencies);

    expect(daysIn(morning)).toEqual(['2026-11-20']);
    expect(digestsIn(morning.store)[0]?.data.gaps).toEqual([
      {
        from: Date.parse('2026-11-20T00:00Z'),
        to: Date.parse('2026-11-20T10:30Z'),
        why: 'The bot had not begun to read the logs.',
      },
    ]);
  });

  it('tells nothing where no log of yesterday was read, and begins with today', async () => {
    const morning = aMorning();
    await readUpTo(morning.logs, '2026-11-21T08:00Z');
    await sendDigests(morning.dependencies);
    await morning.logs.addRows('access', [aVisit('2026-11-21T10:30Z')]);
    expect(daysIn(morning)).toEqual([]);

    await comes('2026-11-22T08:00Z', morning);
    await sendDigests(morning.dependencies);

    expect(daysIn(morning)).toEqual(['2026-11-21']);
  });

  it('waits for the first look at the logs', async () => {
    const morning = aMorning();
    await sendDigests(morning.dependencies);
    await morning.logs.addRows('access', [aVisit('2026-11-20T10:30Z')]);
    await comes('2026-11-21T08:05Z', morning);
    await sendDigests(morning.dependencies);

    expect(daysIn(morning)).toEqual(['2026-11-20']);
  });
});

describe('while the logs are behind', () => {
  it('it waits, and tells the day once they are read', async () => {
    const morning = await aTuesday();
    morning.clock.advanceTo(Date.parse('2026-11-21T08:00Z'));
    await looksUntil('2026-11-21T08:40Z', morning);
    expect(daysIn(morning)).toEqual(['2026-11-19']);

    await comes('2026-11-21T08:45Z', morning);
    await sendDigests(morning.dependencies);

    expect(daysIn(morning)).toEqual(['2026-11-19', '2026-11-20']);
    const { data } = digestsIn(morning.store).at(-1) ?? {};
    expect(data?.gaps).toEqual([]);
    expect(data).not.toHaveProperty('dueAt');
  });

  it('for more than an hour, it tells what there is, and what is not', async () => {
    const morning = await aTuesday();
    morning.clock.advanceTo(Date.parse('2026-11-21T08:00Z'));
    await looksUntil('2026-11-21T08:55Z', morning);
    expect(daysIn(morning)).toEqual(['2026-11-19']);
    await looksUntil('2026-11-21T09:00Z', morning);

    expect(digestsIn(morning.store).at(-1)?.data.gaps).toMatchObject([
      { from: Date.parse('2026-11-20T08:00Z'), to: Date.parse('2026-11-21T00:00Z') },
      { from: Date.parse('2026-11-20T08:00Z'), to: Date.parse('2026-11-21T00:00Z') },
    ]);
  });

  it('for good, because of what only the operator can mend, it does not wait', async () => {
    const morning = await aTuesday();
    const problem = 'The API token was revoked.';
    morning.clock.advanceTo(Date.parse('2026-11-21T08:00Z'));
    for (const kind of ['access', 'network'] as const)
      await morning.logs.keepPulled(kind, { until: Date.parse('2026-11-20T08:00Z'), gaps: [], problem });

    await sendDigests(morning.dependencies);

    expect(digestsIn(morning.store).at(-1)?.data).toMatchObject({ day: '2026-11-20', access: { problem } });
  });
});

/** After three days without a look. */
async function isBack(): Promise<Morning> {
  const morning = await aTuesday();
  await morning.logs.addRows('access', [
    aVisit('2026-11-21T09:00Z', { country: 'KE' }),
    aVisit('2026-11-22T09:00Z', { country: 'KE' }),
  ]);
  morning.clock.advanceTo(Date.parse('2026-11-23T11:00Z'));
  return morning;
}

describe('a worker that was away for three days', () => {
  it('makes up for what was missed, oldest first, and says that it is late', async () => {
    const morning = await isBack();
    await sendDigests(morning.dependencies);
    expect(daysIn(morning)).toHaveLength(1);

    await comes('2026-11-23T11:05Z', morning);
    await sendDigests(morning.dependencies);
    await sendDigests(morning.dependencies);

    const made = digestsIn(morning.store).slice(1);
    expect(made.map(({ day, data }) => [day, new Date(data.dueAt ?? 0).toISOString()])).toEqual([
      ['2026-11-20', '2026-11-21T08:00:00.000Z'],
      ['2026-11-21', '2026-11-22T08:00:00.000Z'],
      ['2026-11-22', '2026-11-23T08:00:00.000Z'],
    ]);
    // New on the first of the days alone.
    expect(made.map(({ data }) => data.unusual.map(({ says }) => says.split('.')[0]))).toEqual([
      ['Brazil'],
      ['Kenya'],
      [],
    ]);
    expect(sentIn(morning)).toEqual(['2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22']);
  });

  it('waits an hour in all, not for each day', async () => {
    const morning = await isBack();
    await looksUntil('2026-11-23T12:00Z', morning);

    expect(daysIn(morning)).toEqual(['2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22']);
  });

  it('begins to wait anew after it was away once more', async () => {
    const morning = await isBack();
    await sendDigests(morning.dependencies);
    morning.clock.advance(3 * HOUR);
    await sendDigests(morning.dependencies);

    expect(daysIn(morning)).toHaveLength(1);
  });

  it('and longer makes up for seven, and says what it leaves out', async () => {
    const morning = await aTuesday();
    await comes('2026-11-30T09:00Z', morning);
    await sendDigests(morning.dependencies);

    const [, first, second] = digestsIn(morning.store);
    expect(daysIn(morning).slice(1)).toEqual([23, 24, 25, 26, 27, 28, 29].map((day) => `2026-11-${day}`));
    expect(first?.data.notes).toEqual(['The 3 days before have no digest: 7 days at most are made up for.']);
    expect(second?.data).not.toHaveProperty('notes');
  });
});

describe('where the clocks are changed', () => {
  it('a time that does not exist on that day comes right after the jump, once', async () => {
    const morning = aMorning({
      now: '2026-03-28T01:30Z',
      timeZone: 'Europe/Berlin',
      at: { hour: 2, minute: 30 },
    });
    const { logs, clock, store } = morning;
    await logs.addRows('access', [aVisit('2026-03-27T09:00Z')]);
    const sentAt: [string, string][] = [];
    for (; clock.now() < Date.parse('2026-03-31T00:00Z'); clock.advance(5 * MINUTE)) {
      await readUpTo(logs, new Date(clock.now()).toISOString());
      const before = digestsIn(store).length;
      await sendDigests(morning.dependencies);
      for (const { day } of digestsIn(store).slice(before))
        sentAt.push([day, new Date(clock.now()).toISOString().slice(0, 16)]);
    }

    expect(sentAt).toEqual([
      ['2026-03-27', '2026-03-28T01:30'],
      ['2026-03-28', '2026-03-29T01:00'],
      ['2026-03-29', '2026-03-30T00:30'],
    ]);
    const lengths = digestsIn(store).map(({ data }) => (data.to - data.from) / HOUR);
    expect(lengths).toEqual([24, 24, 23]);
  });
});

/** The next call of one method fails, before or after it has done its work. */
function failingOnce<Port extends object>(port: Port, method: keyof Port, when: 'before' | 'after'): Port {
  let isOver = false;
  const original = port[method];
  if (typeof original !== 'function') throw new Error(`${String(method)} is no method`);
  return {
    ...port,
    [method]: async (...given: unknown[]): Promise<unknown> => {
      const result: unknown = isOver || when === 'after' ? await Reflect.apply(original, port, given) : undefined;
      if (isOver) return result;
      isOver = true;
      throw new TransientError('Redis does not answer.', { code: 'store-down' });
    },
  };
}

describe('a process that ends half-way', () => {
  const breaks: readonly [string, (morning: Morning) => DigestDependencies][] = [
    ['before it is told', (one) => ({ ...one.dependencies, store: failingOnce(one.store, 'commit', 'before') })],
    ['right after it is told', (one) => ({ ...one.dependencies, store: failingOnce(one.store, 'commit', 'after') })],
    [
      'before the counts are kept',
      (one) => ({ ...one.dependencies, logs: failingOnce(one.logs, 'keepDayCounts', 'before') }),
    ],
    [
      'before it is kept who came from where',
      (one) => ({ ...one.dependencies, logs: failingOnce(one.logs, 'keepSeen', 'before') }),
    ],
    ['after that', (one) => ({ ...one.dependencies, logs: failingOnce(one.logs, 'keepSeen', 'after') })],
  ];

  it.each(breaks)('%s: the next look ends it, and what is new is told once', async (_when, broken) => {
    const morning = await aTuesday();
    await comes('2026-11-21T08:00Z', morning);

    await sendDigests(broken(morning));
    await sendDigests(morning.dependencies);
    await sendDigests(morning.dependencies);

    expect(sentIn(morning)).toEqual(['2026-11-19', '2026-11-20']);
    expect(digestsIn(morning.store).map(({ data }) => data.unusual.length)).toEqual([0, 1]);
    expect(await morning.logs.seenBefore([ANA.email])).toMatchObject([{ countries: ['DE', 'BR'] }]);
    expect(await morning.logs.dayCounts('2026-11-20', '2026-11-20')).toHaveLength(1);
    expect((await recallDigests(morning.store)).lastDay).toBe('2026-11-20');
    // Whoever asks for it gets what was told, although Brazil is not new any more.
    const asked = await askedDigest(morning.dependencies, '2026-11-20');
    expect(asked.unusual).toHaveLength(1);
  });

  it('and lost its lock, leaves the rest to whoever has it', async () => {
    const morning = await aTuesday();
    await comes('2026-11-21T08:00Z', morning);
    morning.locks.lose('digest');

    await sendDigests(morning.dependencies);

    expect(daysIn(morning)).toEqual(['2026-11-19']);
    expect(morning.log.lines.at(-1)).toMatchObject({ level: 'info', facts: { code: 'lock-lost' } });
  });
});

describe('a digest that can’t be made', () => {
  it('is told to the operators once, and the next day is told nevertheless', async () => {
    const morning = await aTuesday();
    const rows: Morning['logs']['rows'] = (kind, query) => {
      if (query.since === Date.parse('2026-11-20T00:00Z'))
        throw new PermanentError('What is stored can’t be read.', { code: 'stored-unreadable' });
      return morning.logs.rows(kind, query);
    };
    const broken = { ...morning.dependencies, logs: { ...morning.logs, rows } };
    await comes('2026-11-21T08:00Z', morning);
    await sendDigests(broken);
    await sendDigests(broken);

    expect(alertsIn(morning.store)).toEqual([
      'The digest of 2026-11-20 could not be made: What is stored can’t be read. It is tried again every five minutes until the next one is due. To try it by hand, type /ocs-access logs digest 2026-11-20.',
    ]);
    await comes('2026-11-22T08:00Z', morning);
    await sendDigests(broken);
    expect(daysIn(morning)).toEqual(['2026-11-19', '2026-11-21']);
  });
});

describe('several workers on one Redis', () => {
  let work: RedisConnection;
  const running: Repeating[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.close()));
    work.disconnect();
  });

  it('send one digest', async () => {
    work = connectForWork(parseRedisTarget(inject('redisUrl')), { onError: () => {} });
    const morning = await aTuesday();
    await comes('2026-11-21T08:00Z', morning);
    let looks = 0;
    const auditHead = (): ReturnType<Morning['store']['auditHead']> => {
      looks += 1;
      return morning.store.auditHead();
    };
    const shared = {
      ...morning.dependencies,
      store: { ...morning.store, auditHead },
      connection: work,
      prefix: ownPrefix(),
      everyMs: 20,
    };

    running.push(...(await Promise.all([startDigests(shared), startDigests(shared), startDigests(shared)])));
    await vi.waitUntil(() => daysIn(morning).length > 1, { timeout: 15_000 });
    const after = looks;
    await comes('2026-11-22T08:00Z', morning);
    await vi.waitUntil(() => daysIn(morning).length > 2, { timeout: 15_000 });

    expect(looks).toBeGreaterThan(after);
    expect(daysIn(morning)).toEqual(['2026-11-19', '2026-11-20', '2026-11-21']);
    expect(sentIn(morning)).toEqual(daysIn(morning));
  });
});

it('of a revocation in the night before, the next digest knows', async () => {
  const morning = await aTuesday();
  await morning.store.commit({ audit: [anAuditEntry('2026-11-20T23:50Z')], effects: [] });
  await morning.logs.addRows('access', [aVisit('2026-11-21T00:10Z', { allowed: false })]);
  for (const day of ['2026-11-21', '2026-11-22']) {
    await comes(`${day}T08:00Z`, morning);
    await sendDigests(morning.dependencies);
  }

  expect(digestsIn(morning.store).map(({ data }) => data.revoked.length)).toEqual([0, 0, 1]);
});
