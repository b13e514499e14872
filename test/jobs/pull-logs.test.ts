import { describe, expect, it } from 'vitest';
import { PermanentError, TransientError } from '../../src/core/errors.ts';
import type { AccessRow, LogKind, NetworkRow } from '../../src/core/log-row.ts';
import { pullLogs, type PullDependencies } from '../../src/jobs/pull-logs.ts';
import { createLogs } from '../../src/store/logs.ts';
import { aClock } from '../builders/a-clock.ts';
import { ASKED_AT } from '../builders/a-request.ts';
import { aFuse, Killed } from '../builders/fuse.ts';
import { createMemoryLocks } from '../builders/memory-locks.ts';
import { createMemoryLogs } from '../builders/memory-logs.ts';
import { createMemoryStore } from '../builders/memory-store.ts';
import { aNetworkRow, aRow, collect, manyRows, rowStats } from '../contract/logs.ts';
import { connectToTestRedis, ownPrefix } from '../store/builders.ts';
import { aLog } from './builders.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const QUARTER = 15 * MINUTE;
/** A whole hour. */
const NOW = ASKED_AT;

const RATE_LIMITED = new TransientError('Cloudflare wants a pause.', { code: 'cloudflare-rate-limited' });
const NO_SUCH_DATA = new PermanentError('Cloudflare’s analytics can’t be read: the plan does not have them.', {
  code: 'no-such-data',
});
const NO_PERMISSION = new PermanentError('The API token may not read the Access log.', {
  code: 'cloudflare-permission-missing',
});

type Fault = (call: string, count: number) => void;
const NO_FAULT: Fault = () => undefined;

type Details = Pick<AccessRow, 'country' | 'deviceId'>;

/** Cloudflare with logs of its own, of which it forgets what is older than `keepsMs`, and logs of ours that pull them. */
function aPull({ keepsMs = DAY, mostRows = 1_000_000, retentionDays = 30, perPage = 1000 } = {}) {
  const clock = aClock(NOW);
  const store = createMemoryStore(clock);
  const logs = createMemoryLogs();
  const log = aLog();
  const calls: string[] = [];
  const far = { access: [] as AccessRow[], network: [] as NetworkRow[], details: new Map<string, Details>() };
  let fault = NO_FAULT;
  const called = (call: string): void => {
    calls.push(call);
    fault(call, calls.filter((one) => one === call).length);
  };
  const within = <Row extends { readonly at: number }>(rows: readonly Row[], since: number, until: number): Row[] =>
    rows
      .filter(({ at }) => at >= Math.floor(since / SECOND) * SECOND && at <= until && at >= clock.now() - keepsMs)
      .toSorted((one, other) => one.at - other.at);
  const dependencies: PullDependencies = {
    logs,
    store,
    clock,
    log,
    locks: createMemoryLocks(),
    cloudflare: {
      accessRows: async ({ since, until, page }) => {
        called('accessRows');
        return within(far.access, since, until).slice((page - 1) * perPage, page * perPage);
      },
      loginDetails: async ({ since, until }) => {
        called('loginDetails');
        return new Map(
          within(far.access, since, until).flatMap(({ id }) => {
            const details = far.details.get(id);
            return details === undefined ? [] : [[id, details] as const];
          }),
        );
      },
      networkRows: async ({ since, until }) => {
        called('networkRows');
        return within(far.network, since, until);
      },
    },
    settings: { retentionDays, mostRows, timeZone: 'Europe/Berlin' },
  };
  return {
    clock,
    store,
    logs,
    log,
    calls,
    far,
    dependencies,
    /** Throws into a call to Cloudflare; the second is how often that one was made, from 1. */
    breaks: (on: Fault) => void (fault = on),
    /** Some runs, a quarter of an hour apart. */
    pull: async (times = 1, changes: Partial<PullDependencies> = {}) => {
      for (let run = 0; run < times; run += 1) {
        await pullLogs({ ...dependencies, ...changes });
        clock.advance(QUARTER);
      }
    },
    stored: async () => (await collect(logs, 'access')).map(({ id }) => id),
    problemOf: async (kind: LogKind) => (await logs.pulled(kind))?.problem,
    gapsOf: async (kind: LogKind) =>
      (await logs.pulled(kind))?.gaps.map(({ from, to }) => [(from - NOW) / HOUR, (to - NOW) / HOUR]),
    operatorAlerts: () =>
      store.effects.flatMap((one) =>
        one.kind === 'post' && one.post.kind === 'operator-alert' ? [one.post.says] : [],
      ),
  };
}

describe('the first pull', () => {
  it('stores the last 24 hours, with what analytics know, and remembers how far it came', async () => {
    const pull = aPull({ keepsMs: 30 * DAY });
    pull.far.access.push(
      aRow({ id: 'too-old', at: NOW - DAY - HOUR }),
      aRow({ id: 'a', at: NOW - DAY + HOUR }),
      aRow({ id: 'b', at: NOW - MINUTE }),
    );
    pull.far.details.set('b', { country: 'DE', deviceId: 'd1' });
    pull.far.network.push(aNetworkRow({ at: NOW - 3 * HOUR }));
    await pull.pull();

    expect(await collect(pull.logs, 'access')).toEqual([
      aRow({ id: 'a', at: NOW - DAY + HOUR }),
      aRow({ id: 'b', at: NOW - MINUTE, country: 'DE', deviceId: 'd1' }),
    ]);
    expect(await collect(pull.logs, 'network')).toEqual([aNetworkRow({ at: NOW - 3 * HOUR })]);
    expect(await pull.logs.pulled('access')).toEqual({ until: NOW, gaps: [], newest: NOW - MINUTE });
    // The hour that has just ended is not counted to its end yet.
    expect(await pull.logs.pulled('network')).toEqual({ until: NOW - HOUR, gaps: [], newest: NOW - 3 * HOUR });
  });

  it('of an account in which nobody was at the door is no trouble', async () => {
    const pull = aPull();
    await pull.pull(3);

    expect(await pull.logs.pulled('access')).toEqual({ until: NOW + 2 * QUARTER, gaps: [] });
    expect(pull.calls.filter((call) => call === 'loginDetails')).toEqual([]);
    expect(pull.log.lines).toEqual([]);
  });

  it('takes 100,000 rows in two pulls, neither of which uses a twentieth of the calls of five minutes', async () => {
    const budget = 1200 / 20;
    const pull = aPull();
    const calls = (): number => pull.calls.filter((call) => call !== 'loginDetails' && call !== 'networkRows').length;
    pull.far.access.push(...manyRows(100_000, 800, NOW - 23 * HOUR).map((row) => ({ ...row, at: whole(row.at) })));
    await pull.pull();
    const first = calls();
    expect(first).toBeLessThan(budget);
    await pull.pull();

    expect(await rowStats(pull.logs)).toMatchObject({ rows: 100_000 });
    expect(calls() - first).toBeLessThan(budget);
    expect(pull.calls.filter((call) => call === 'loginDetails')).toHaveLength(11);
  });
});

describe('later pulls', () => {
  it('take what is new and what came late, and nothing twice', async () => {
    const pull = aPull();
    pull.far.access.push(aRow({ id: 'a', at: NOW - HOUR }));
    await pull.pull();
    pull.far.access.push(aRow({ id: 'new', at: NOW + MINUTE }), aRow({ id: 'late', at: NOW - 9 * MINUTE }));
    pull.far.details.set('late', { country: 'DE' });
    await pull.pull();

    expect(await collect(pull.logs, 'access')).toEqual([
      aRow({ id: 'a', at: NOW - HOUR }),
      aRow({ id: 'late', at: NOW - 9 * MINUTE, country: 'DE' }),
      aRow({ id: 'new', at: NOW + MINUTE }),
    ]);
  });

  it('of several processes at once are one', async () => {
    const pull = aPull();
    pull.far.access.push(...manyRows(10, SECOND, NOW - HOUR));
    await Promise.all([1, 2, 3].map(() => pullLogs(pull.dependencies)));

    expect(await pull.stored()).toHaveLength(10);
    expect(pull.calls.filter((call) => call === 'networkRows')).toHaveLength(1);
  });

  it('of a process that was overtaken move nothing on', async () => {
    const pull = aPull();
    pull.far.access.push(aRow({ id: 'a', at: NOW - HOUR }));
    const locks = createMemoryLocks();
    locks.lose('pull-logs');
    await pull.pull(1, { locks });

    expect(await pull.logs.pulled('access')).toBeUndefined();
    expect(pull.log.lines).toEqual([
      { level: 'info', message: 'The logs could not be pulled; the next run goes on', facts: { code: 'lock-lost' } },
    ]);
    await pull.pull();
    expect(await pull.stored()).toEqual(['a']);
  });

  it('read network sessions once an hour, and again the hour before', async () => {
    const pull = aPull();
    pull.far.network.push(aNetworkRow({ at: NOW - 2 * HOUR, sessions: 3 }));
    await pull.pull();
    pull.far.network = [aNetworkRow({ at: NOW - 2 * HOUR, sessions: 5 }), aNetworkRow({ id: 'next', at: NOW - HOUR })];
    await pull.pull(4);

    expect(pull.calls.filter((call) => call === 'networkRows')).toHaveLength(2);
    expect(await collect(pull.logs, 'network')).toEqual([
      aNetworkRow({ at: NOW - 2 * HOUR, sessions: 5 }),
      aNetworkRow({ id: 'next', at: NOW - HOUR }),
    ]);
  });

  it('lose nothing where our clock is an hour ahead, and keep rows from the future', async () => {
    const pull = aPull();
    const theirs = (): number => pull.clock.now() - HOUR;
    for (let run = 0; run < 8; run += 1) {
      // After our reading of this quarter, by a clock that shows an hour less.
      pull.far.access.push(aRow({ id: `run-${run}`, at: theirs() + MINUTE }));
      await pull.pull();
    }
    pull.far.access.push(aRow({ id: 'last', at: theirs() }));
    await pull.pull();
    expect(await pull.stored()).toEqual([...Array.from({ length: 8 }, (_, run) => `run-${run}`), 'last']);

    const future = aRow({ id: 'future', at: pull.clock.now() + 3 * HOUR });
    const { accessRows } = pull.dependencies.cloudflare;
    const cloudflare = {
      ...pull.dependencies.cloudflare,
      accessRows: async (query: Parameters<typeof accessRows>[0]) =>
        query.page === 1 ? [...(await accessRows(query)), future] : accessRows(query),
    };
    const now = pull.clock.now();
    await pull.pull(1, { cloudflare });
    expect((await pull.stored()).at(-1)).toBe('future');
    expect(await pull.logs.pulled('access')).toMatchObject({ until: now, newest: now });
  });
});

describe('many rows', () => {
  it('of one and the same second are all stored', async () => {
    const pull = aPull();
    pull.far.access.push(...manyRows(3500, 0, NOW - HOUR), aRow({ id: 'after', at: NOW - MINUTE }));
    await pull.pull();

    expect(await rowStats(pull.logs)).toMatchObject({ rows: 3501 });
  });

  it('that Cloudflare drops while they are read do not hide others', async () => {
    const pull = aPull();
    // With every page the oldest are dropped, and the others move to pages before theirs.
    pull.far.access.push(...manyRows(5000, 10 * SECOND, NOW - DAY));
    pull.breaks((call) => {
      if (call === 'accessRows' && pull.calls.length > 1) pull.far.access.splice(0, 100);
    });
    await pull.pull();

    expect(await rowStats(pull.logs)).toMatchObject({ rows: 5000 });
  });

  it('beyond 55 pages are left to the next run', async () => {
    const pull = aPull({ perPage: 10 });
    pull.far.access.push(...manyRows(900, 30 * SECOND, NOW - 22 * HOUR));
    await pull.pull();
    expect((await pull.stored()).length).toBeLessThan(550);
    expect(pull.log.lines).toEqual([
      {
        level: 'info',
        message: 'The log has more pages than are pulled at once; the next run goes on',
        facts: { kind: 'access', pages: 55 },
      },
    ]);
    await pull.pull();

    expect(await pull.stored()).toHaveLength(900);
    expect(await pull.gapsOf('access')).toEqual([]);
  });

  it('beyond what is kept are dropped, oldest first, and noted for the digest', async () => {
    const pull = aPull({ mostRows: 1000 });
    pull.far.access.push(...manyRows(1500, SECOND, NOW - HOUR));
    await pull.pull(2);

    expect(await rowStats(pull.logs)).toEqual({ rows: 1000, oldest: NOW - HOUR + 500 * SECOND });
    expect(await pull.logs.dropped(['2026-11-21'])).toEqual([{ rows: 500, upTo: NOW - HOUR + 499 * SECOND }]);
    expect(pull.log.lines).toEqual([
      {
        level: 'warn',
        message: 'There were more rows of logs than are kept; the oldest were dropped',
        facts: { rows: 500 },
      },
    ]);
  });

  it('that are older than is wished are dropped in silence', async () => {
    const pull = aPull({ retentionDays: 1 });
    pull.far.access.push(aRow({ id: 'a', at: NOW - 23 * HOUR }), aRow({ id: 'b', at: NOW - HOUR }));
    await pull.pull();
    pull.clock.advance(2 * HOUR);
    await pull.pull();

    expect(await pull.stored()).toEqual(['b']);
    expect(await pull.logs.dropped(['2026-11-21'])).toEqual([undefined]);
    expect(pull.log.lines).toEqual([]);
  });

  it('people who were not let in for 400 days are forgotten', async () => {
    const pull = aPull();
    const seen = { countries: [], devices: [] };
    await pull.logs.keepSeen([
      { ...seen, email: 'old@x.example', lastAt: NOW - 401 * DAY },
      { ...seen, email: 'new@x.example', lastAt: NOW - 399 * DAY },
    ]);
    await pull.pull();

    const left = await pull.logs.seenBefore(['old@x.example', 'new@x.example']);
    expect(left.map(({ email }) => email)).toEqual(['new@x.example']);
  });
});

describe('a pull that is broken off by a rate limit', () => {
  it('keeps what it has, and the next one goes on from there', async () => {
    const pull = aPull();
    pull.far.access.push(...manyRows(5000, 10 * SECOND, NOW - 20 * HOUR));
    pull.breaks((call, count) => {
      if (call === 'accessRows' && count === 4) throw RATE_LIMITED;
    });
    await pull.pull();

    expect(await rowStats(pull.logs)).toMatchObject({ rows: 2998 });
    expect(await pull.logs.pulled('access')).toMatchObject({ until: NOW - 20 * HOUR + 29_970 * SECOND });
    expect(pull.log.lines).toEqual([
      {
        level: 'info',
        message: 'A log could not be pulled to its end; the next run goes on',
        facts: { kind: 'access', code: 'cloudflare-rate-limited' },
      },
    ]);
    // The other log does not wait for it.
    expect(pull.calls).toContain('networkRows');
    await pull.pull();
    expect(await pull.stored()).toHaveLength(5000);
    expect(pull.operatorAlerts()).toEqual([]);
  });

  it('stores rows without what analytics know, and adds that with the next run', async () => {
    const pull = aPull();
    pull.far.access.push(aRow({ id: 'a', at: NOW - 3 * HOUR }), aRow({ id: 'b', at: NOW - HOUR }));
    pull.far.details.set('a', { country: 'DE' });
    pull.breaks((call, count) => {
      if (call === 'loginDetails' && count === 1) throw RATE_LIMITED;
    });
    await pull.pull();
    expect((await collect(pull.logs, 'access')).map(({ country }) => country)).toEqual([undefined, undefined]);
    expect(await pull.logs.pulled('access')).toMatchObject({ until: NOW, details: { owed: { until: NOW } } });
    pull.breaks(NO_FAULT);
    await pull.pull();

    expect((await collect(pull.logs, 'access')).map(({ country }) => country)).toEqual(['DE', undefined]);
    expect((await pull.logs.pulled('access'))?.details).toBeUndefined();
  });
});

describe('data that plan or token do not have', () => {
  it('are asked for once a day, and rows are kept without them', async () => {
    const pull = aPull();
    pull.breaks((call) => {
      if (call !== 'accessRows') throw NO_SUCH_DATA;
    });
    const refused = (): string[] => pull.calls.filter((call) => call !== 'accessRows');
    for (let run = 0; run < 8; run += 1) {
      pull.far.access.push(aRow({ id: `row-${run}`, at: pull.clock.now() - MINUTE }));
      await pull.pull();
    }

    expect(await pull.stored()).toHaveLength(8);
    expect(refused()).toEqual(['loginDetails', 'networkRows']);
    expect(await pull.problemOf('network')).toBe(NO_SUCH_DATA.message);
    expect(await pull.problemOf('access')).toBeUndefined();
    expect((await pull.logs.pulled('access'))?.details?.none?.why).toBe(NO_SUCH_DATA.message);
    expect(pull.operatorAlerts()).toEqual([]);
    pull.clock.advance(DAY);
    await pull.pull();
    expect(refused()).toHaveLength(4);
  });

  it('come a day after they can be had, with what is still there of the time between', async () => {
    const pull = aPull({ keepsMs: 3 * DAY });
    pull.breaks((call) => {
      if (call !== 'accessRows') throw NO_SUCH_DATA;
    });
    pull.far.access.push(aRow({ id: 'a', at: NOW - MINUTE }));
    pull.far.details.set('a', { country: 'DE' });
    pull.far.network.push(aNetworkRow({ at: NOW + HOUR }));
    await pull.pull();
    pull.breaks(NO_FAULT);
    await pull.pull(4 * 24 + 1);

    expect((await collect(pull.logs, 'access')).map(({ country }) => country)).toEqual(['DE']);
    expect(await collect(pull.logs, 'network')).toHaveLength(1);
    expect(await pull.problemOf('network')).toBeUndefined();
    expect(await pull.gapsOf('network')).toEqual([]);
    expect((await pull.logs.pulled('access'))?.details).toBeUndefined();
  });
});

describe('a permission that is lost', () => {
  it('is told to the operator once a day, and does not stop the other log', async () => {
    const pull = aPull();
    pull.far.network.push(aNetworkRow({ at: NOW - 3 * HOUR }));
    pull.breaks((call) => {
      if (call === 'accessRows') throw NO_PERMISSION;
    });
    await pull.pull(8);

    expect(await pull.problemOf('access')).toBe(NO_PERMISSION.message);
    expect(pull.operatorAlerts()).toEqual([
      'The Access log can’t be read, so nothing of it is kept from now on: The API token may not read the Access log.',
    ]);
    expect(await collect(pull.logs, 'network')).toHaveLength(1);
    pull.clock.advance(DAY);
    await pull.pull();
    expect(pull.operatorAlerts()).toHaveLength(2);
  });

  it('leaves no trace once it is back', async () => {
    const pull = aPull();
    await pull.pull();
    pull.far.access.push(aRow({ id: 'meanwhile', at: NOW + HOUR }));
    pull.breaks((call) => {
      if (call === 'accessRows') throw NO_PERMISSION;
    });
    await pull.pull(8);
    pull.breaks(NO_FAULT);
    await pull.pull();

    expect(await pull.stored()).toEqual(['meanwhile']);
    expect(await pull.problemOf('access')).toBeUndefined();
    expect(await pull.gapsOf('access')).toEqual([]);
  });

  it('for longer than Cloudflare keeps rows is a gap', async () => {
    const pull = aPull();
    await pull.pull();
    pull.breaks(() => {
      throw NO_PERMISSION;
    });
    await pull.pull();
    pull.clock.advance(3 * DAY);
    pull.breaks(NO_FAULT);
    pull.far.access.push(aRow({ id: 'a', at: pull.clock.now() - HOUR }));
    await pull.pull();

    expect(await pull.gapsOf('access')).toEqual([[0, 48.5]]);
    expect(await pull.gapsOf('network')).toEqual([[-1, 48.5]]);
  });
});

/** A row every 10 minutes; the bot runs for two hours, is away, and comes back. */
async function away(ms: number, keepsMs: number) {
  const pull = aPull({ keepsMs });
  pull.far.access.push(...manyRows(1000, 10 * MINUTE, NOW - HOUR));
  for (let hour = -2; hour < 160; hour += 1) {
    pull.far.network.push(aNetworkRow({ id: `hour-${hour}`, at: NOW + hour * HOUR }));
  }
  await pull.pull(8);
  pull.clock.advance(ms);
  await pull.pull();
  return pull;
}

describe('after a downtime', () => {
  it('of three hours everything is there, and no gap', async () => {
    const pull = await away(3 * HOUR, DAY);

    expect(await pull.stored()).toHaveLength((6 * HOUR) / (10 * MINUTE) + 1);
    expect(await pull.gapsOf('access')).toEqual([]);
    expect(await pull.gapsOf('network')).toEqual([]);
  });

  it('of three days there is a gap up to what Cloudflare still had', async () => {
    const pull = await away(3 * DAY, DAY);

    // It was back at hour 74.
    expect(await pull.gapsOf('access')).toEqual([[1.75, 50]]);
    expect(await pull.gapsOf('network')).toEqual([[1, 50]]);
    expect((await pull.logs.pulled('access'))?.gaps[0]?.why).toBe(
      'The bot did not read the log at that time, and afterwards Cloudflare no longer had the rows.',
    );
    const rows = await collect(pull.logs, 'access', { since: NOW + 50 * HOUR });
    expect(rows).toHaveLength((24 * HOUR) / (10 * MINUTE) + 1);
    await pull.pull(4);
    expect(await pull.gapsOf('access')).toEqual([[1.75, 50]]);
    expect(await pull.gapsOf('network')).toEqual([[1, 50]]);
  });

  it('of three days everything is there where Cloudflare keeps rows for longer', async () => {
    const pull = await away(3 * DAY, 30 * DAY);

    expect(await pull.stored()).toHaveLength((75 * HOUR) / (10 * MINUTE) + 1);
    expect(await pull.gapsOf('access')).toEqual([]);
    expect(await pull.gapsOf('network')).toEqual([]);
    expect((await collect(pull.logs, 'network')).slice(0, 75).map(({ at }) => (at - NOW) / HOUR)).toEqual(
      Array.from({ length: 75 }, (_, hour) => hour - 2),
    );
  });

  it('of three quiet days there is no gap, if the last row of before still comes', async () => {
    const pull = aPull({ keepsMs: 30 * DAY });
    pull.far.access.push(aRow({ id: 'before', at: NOW - 12 * HOUR }));
    await pull.pull();
    pull.clock.advance(3 * DAY);
    pull.far.access.push(aRow({ id: 'after', at: pull.clock.now() - MINUTE }));
    await pull.pull();

    expect(await pull.stored()).toEqual(['before', 'after']);
    expect(await pull.gapsOf('access')).toEqual([]);
  });

  it('network sessions that are too old to be asked for do not stop the newer ones', async () => {
    const pull = aPull();
    await pull.pull();
    pull.clock.advance(3 * DAY);
    pull.far.network.push(aNetworkRow({ at: NOW + 70 * HOUR }));
    const { networkRows } = pull.dependencies.cloudflare;
    const cloudflare = {
      ...pull.dependencies.cloudflare,
      networkRows: async (query: Parameters<typeof networkRows>[0]) => {
        if (query.since < pull.clock.now() - 27 * HOUR) throw NO_SUCH_DATA;
        return networkRows(query);
      },
    };
    await pull.pull(1, { cloudflare });

    expect(await collect(pull.logs, 'network')).toHaveLength(1);
    expect(await pull.problemOf('network')).toBeUndefined();
    expect(await pull.gapsOf('network')).toEqual([[-1, 48]]);
  });

  it('only the newest 50 gaps are remembered', async () => {
    const pull = aPull();
    for (let run = 0; run < 60; run += 1) {
      await pull.pull();
      pull.clock.advance(2 * DAY);
    }

    const gaps = (await pull.gapsOf('access')) ?? [];
    expect(gaps).toHaveLength(50);
    expect(gaps.at(-1)?.[0]).toBeGreaterThan(gaps[0]?.[0] ?? 0);
  });
});

/** Three runs over small pages, of which one is killed at this point; resolves to the points that there are. */
async function live(at: number): Promise<number> {
  const pull = aPull({ perPage: 5, mostRows: 40 });
  const fuse = aFuse(at);
  const { logs, cloudflare, store } = pull.dependencies;
  const killable: Partial<PullDependencies> = {
    logs: { ...fuse.wrap(logs), rows: (kind, query) => logs.rows(kind, query) },
    cloudflare: fuse.wrap(cloudflare),
    store: fuse.wrap(store),
  };
  const rows = manyRows(30, 2 * MINUTE, NOW - 30 * MINUTE);
  for (const row of rows) pull.far.details.set(row.id, { country: 'DE' });
  pull.far.network.push(aNetworkRow({ at: NOW - 3 * HOUR }), aNetworkRow({ id: 'later', at: NOW - HOUR }));
  for (let run = 0; run < 4; run += 1) {
    pull.far.access = rows.filter((row) => row.at < pull.clock.now());
    try {
      await pull.pull(1, fuse.hasBurnt ? {} : killable);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      await pull.pull();
    }
  }
  await pull.pull();

  expect(await collect(pull.logs, 'access'), `killed at ${at}`).toEqual(rows.map((row) => ({ ...row, country: 'DE' })));
  expect(await collect(pull.logs, 'network'), `killed at ${at}`).toHaveLength(2);
  expect(await pull.gapsOf('access'), `killed at ${at}`).toEqual([]);
  expect(await pull.problemOf('access'), `killed at ${at}`).toBeUndefined();
  return fuse.passed;
}

describe('a process that is killed', () => {
  it('loses nothing, wherever that happens', async () => {
    const passed = await live(Infinity);
    expect(passed).toBeGreaterThan(40);
    for (let at = 1; at <= passed; at += 1) await live(at);
  });
});

it('pulls 20,000 rows into Redis while others pull the same', async () => {
  const redis = await connectToTestRedis();
  const logs = createLogs({ redis, prefix: ownPrefix() });
  const pull = aPull();
  const rows = manyRows(20_000, 4 * SECOND, NOW - 23 * HOUR);
  pull.far.access.push(...rows);
  for (const row of rows) pull.far.details.set(row.id, { country: 'DE' });
  // Without a lock in common: as if one of them had been overtaken.
  await Promise.all([1, 2].map(() => pull.pull(1, { logs, locks: createMemoryLocks() })));

  const found = await collect(logs, 'access');
  expect(found.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
  expect(found.every(({ country }) => country === 'DE')).toBe(true);
  expect(await logs.pulled('access')).toMatchObject({ until: NOW, gaps: [] });
  redis.disconnect();
});

function whole(at: number): number {
  return Math.floor(at / SECOND) * SECOND;
}
