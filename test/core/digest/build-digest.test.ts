import { describe, expect, it } from 'vitest';
import { type AuditEntry, type AuditFacts, chain, CHAIN_START } from '../../../src/core/audit.ts';
import { buildDigest, type BuiltDigest, type DigestFacts } from '../../../src/core/digest/build-digest.ts';
import { Digest } from '../../../src/core/digest/digest.ts';
import type { AccessRow, NetworkRow } from '../../../src/core/log-row.ts';
import type { DayCounts, SeenBefore } from '../../../src/core/logs.ts';
import { anAuditEntry } from '../../builders/a-morning.ts';
import { aNetworkRow, anAccessRow, ROW_DAY, ROW_NOON } from '../../builders/any-rows.ts';

const ANA = 'ana.souza@lanternhealth.example';
const EVE = 'eve@elsewhere.example';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface Given extends Omit<Partial<DigestFacts>, 'access' | 'network' | 'audit' | 'seenBefore'> {
  readonly access?: readonly AccessRow[];
  readonly network?: readonly NetworkRow[];
  readonly audit?: readonly AuditFacts[];
  readonly seen?: readonly SeenBefore[];
}

/** What a digest of a day is made of on which nothing happened but what is given. */
function factsOf({ access = [], network = [], audit = [], seen = [], ...given }: Given = {}): DigestFacts {
  return {
    day: ROW_DAY,
    timeZone: 'UTC',
    access: pages(access),
    network: pages(network),
    audit: entries(audit),
    revoked: new Map(),
    seenBefore: async (emails) => seen.filter(({ email }) => emails.includes(email)),
    weekBefore: [],
    stays: [],
    open: [],
    gaps: [],
    head: CHAIN_START,
    explain: ({ email }) => ({ reason: `No policy lets ${email} in now`, basis: 'fact' }),
    ...given,
  };
}

function digestOf(given: Given = {}): Promise<BuiltDigest> {
  return buildDigest(factsOf(given));
}

async function* pages<Row>(rows: readonly Row[]): AsyncGenerator<readonly Row[]> {
  for (let at = 0; at < rows.length; at += 2) yield rows.slice(at, at + 2);
}

async function* entries(facts: readonly AuditFacts[]): AsyncGenerator<AuditEntry> {
  let head: AuditEntry | undefined;
  for (const one of facts) yield (head = chain(head ?? CHAIN_START, one));
}

async function* brokenLog(): AsyncGenerator<AccessRow[]> {
  yield [anAccessRow()];
  throw new Error('Redis is gone.');
}

const byWarp: DigestFacts['explain'] = ({ withWarp }) => ({
  reason: withWarp === false ? 'WARP was off' : 'WARP was on',
  basis: 'fact',
});

const row = (id: string, changes: Partial<AccessRow> = {}): AccessRow => anAccessRow({ id, ...changes });

describe('a quiet day', () => {
  it('is a digest with nothing in it', async () => {
    const { hours, ...access } = (await digestOf()).access;

    expect(hours).toHaveLength(24);
    expect(access).toEqual({ signIns: 0, denied: 0, people: 0, devices: 0 });
    expect(await digestOf()).toMatchObject({
      denials: [],
      moreDenials: 0,
      moreTries: 0,
      revoked: [],
      unusual: [],
      tunnel: { down: 0, outages: [] },
      bot: { asked: 0, done: 0, denied: 0, failed: 0, open: [] },
      ending: [],
      counts: { day: ROW_DAY, signIns: 0, tunnelDown: 0 },
      seen: [],
    });
  });

  it('says why there is nothing, where a log can’t be read', async () => {
    const problems = { access: 'The token may not read it.', network: 'The plan has no such data.' };

    expect(await digestOf({ problems })).toMatchObject({
      access: { problem: 'The token may not read it.' },
      network: { problem: 'The plan has no such data.' },
    });
  });

  it('is as the schema of a digest has it, also when it was busy', async () => {
    const access = [row('1'), row('2', { allowed: false, country: 'KE' }), row('3', { country: 'KE' })];
    const audit = [anAuditEntry('2026-11-20T10:00Z')];
    const { counts: _counts, seen: _seen, ...digest } = await digestOf({ access, network: [aNetworkRow()], audit });

    expect(Digest.parse(digest)).toEqual(digest);
  });

  it('fails like the log', async () => {
    await expect(buildDigest({ ...factsOf(), access: brokenLog() })).rejects.toThrow('Redis is gone.');
  });
});

describe('the week before', () => {
  it('is the mean of the days that were counted', async () => {
    const day = {
      day: '',
      devices: 3,
      networkSessions: 0,
      sent: 0,
      received: 0,
      tunnelDown: 0,
    } satisfies Partial<DayCounts>;
    const weekBefore = [
      { ...day, signIns: 10, denied: 0, people: 4 },
      { ...day, signIns: 11, denied: 1, people: 5 },
      { ...day, signIns: 11, denied: 0, people: 5 },
    ];

    expect((await digestOf({ weekBefore })).access.before).toEqual({
      signIns: 10.7,
      denied: 0.3,
      people: 4.7,
      devices: 3,
    });
  });
});

describe('people who were turned away', () => {
  it('are told with the reason of the last time, those with the most denials first', async () => {
    const access = [
      row('1', { allowed: false }),
      row('2', { allowed: false, email: EVE }),
      row('3', { allowed: false, email: EVE, at: ROW_NOON + MINUTE }),
    ];

    expect((await digestOf({ access })).denials).toEqual([
      { email: EVE, count: 2, reason: `No policy lets ${EVE} in now`, basis: 'fact', lastAt: ROW_NOON + MINUTE },
      { email: ANA, count: 1, reason: `No policy lets ${ANA} in now`, basis: 'fact', lastAt: ROW_NOON },
    ]);
  });

  it('are explained by their last denial, where it was another one', async () => {
    const access = [
      row('1', { allowed: false, withWarp: true }),
      row('2', { allowed: false, withWarp: true, at: ROW_NOON + 1 }),
      row('3', { allowed: false, withWarp: false, at: ROW_NOON + 2 }),
    ];
    expect((await digestOf({ access, explain: byWarp })).denials).toMatchObject([{ reason: 'WARP was off', count: 3 }]);
  });

  it('are numbers where there are too many, and only those that are shown are explained', async () => {
    const access = Array.from({ length: 8000 }, (_none, number) =>
      row(`${number}`, { allowed: false, email: `${number}@elsewhere.example` }),
    );
    let explained = 0;
    const explain: DigestFacts['explain'] = () => {
      explained += 1;
      return { reason: 'Unknown', basis: 'inference' };
    };
    const digest = await digestOf({ access, explain });

    expect(digest.denials).toHaveLength(25);
    expect(explained).toBe(25);
    expect(digest.moreTries).toBe(7975);
    expect(Math.abs(digest.moreDenials / 7975 - 1)).toBeLessThan(0.05);
    expect(digest.denialsAreRough).toBe(true);
  });
});

describe('people whose access was taken away', () => {
  it('are told with what took it and whether they were let in, those who were let in first', async () => {
    const access = [
      row('1'),
      row('2', { email: EVE, allowed: false }),
      row('3', { email: EVE, allowed: false, at: ROW_NOON + 1 }),
    ];
    const revoked = new Map([
      [ANA, { requestId: 'REQ-0007', at: ROW_NOON - HOUR }],
      [EVE, { requestId: 'REQ-0008', at: 0, because: 'lost' as const }],
      ['gus@a.example', { requestId: 'REQ-0009', at: 0 }],
    ]);

    expect(await digestOf({ access, revoked })).toMatchObject({
      revoked: [
        { email: ANA, count: 1, letIn: 1, requestId: 'REQ-0007', lastAt: ROW_NOON },
        { email: EVE, count: 2, letIn: 0, requestId: 'REQ-0008', because: 'lost', lastAt: ROW_NOON + 1 },
      ],
      moreRevoked: 0,
    });
  });
});

describe('what is worth a look', () => {
  it('is travel, a first country and a first device, in words', async () => {
    const access = [
      row('1', { country: 'DE', deviceId: 'dev-1' }),
      row('2', { country: 'BR', deviceId: 'dev-2', at: ROW_NOON + 28 * MINUTE }),
    ];
    const seen = [{ email: ANA, countries: ['DE', 'KE'], devices: ['dev-1'], lastAt: 0 }];
    const digest = await digestOf({ access, seen, deviceName: (id) => (id === 'dev-2' ? 'ana-phone' : undefined) });

    expect(digest.unusual.map(({ kind, says, basis }) => `${kind} (${basis}): ${says}`)).toMatchInlineSnapshot(`
      [
        "impossible-travel (inference): Signed in from Germany and, 28 min later, from Brazil. A VPN or a phone network can look like that.",
        "first-country (fact): Brazil. So far from Germany and Kenya.",
        "first-device (inference): “ana-phone”. It may be a known one that was enrolled again.",
      ]
    `);
    expect(digest.seen).toEqual([
      { email: ANA, countries: ['KE', 'DE', 'BR'], devices: ['dev-1', 'dev-2'], lastAt: ROW_NOON + 28 * MINUTE },
    ]);
  });

  it('names a few of many countries, and takes what is no country as it is', async () => {
    const access = [row('1', { country: 'T1' }), row('2', { country: '??', at: ROW_NOON + 2 * HOUR })];
    const seen = [{ email: ANA, countries: ['US', 'IN', 'FR', 'DE', 'KE'], devices: [], lastAt: 0 }];

    expect((await digestOf({ access, seen })).unusual.map(({ says }) => says)).toMatchInlineSnapshot(`
      [
        "the Tor network. So far from France, Germany, Kenya, and 2 others.",
        "??. So far from France, Germany, Kenya, and 2 others.",
      ]
    `);
  });

  it('is nothing of somebody who comes for the first time', async () => {
    const digest = await digestOf({ access: [row('1', { country: 'DE', deviceId: 'dev-1' })] });

    expect(digest.unusual).toEqual([]);
    expect(digest.seen).toEqual([{ email: ANA, countries: ['DE'], devices: ['dev-1'], lastAt: ROW_NOON }]);
  });

  it('is nothing of those who were turned away or have no address', async () => {
    const access = [row('1', { allowed: false, country: 'BR' }), row('2', { email: '', country: 'BR' })];
    const seen = [ANA, ''].map((email) => ({ email, countries: ['DE'], devices: [], lastAt: 0 }));

    expect(await digestOf({ access, seen })).toMatchObject({ unusual: [], seen: [] });
  });

  it('keeps the last time that somebody was let in if it was later', async () => {
    const seen = [{ email: ANA, countries: [], devices: [], lastAt: ROW_NOON + HOUR }];

    expect((await digestOf({ access: [row('1')], seen })).seen).toMatchObject([{ lastAt: ROW_NOON + HOUR }]);
  });

  it('of a thousand people is cut, and asked of the store in parts', async () => {
    const access = Array.from({ length: 1200 }, (_none, number) =>
      row(`${number}`, { email: `${number}@a.example`, country: 'BR' }),
    );
    const asked: number[] = [];
    const digest = await buildDigest({
      ...factsOf({ access }),
      seenBefore: async (emails) => {
        asked.push(emails.length);
        return emails.map((email) => ({ email, countries: ['DE'], devices: [], lastAt: 0 }));
      },
    });

    expect(asked).toEqual([500, 500, 200]);
    expect(digest.unusual).toHaveLength(25);
    expect(digest.moreUnusual).toBe(1175);
    expect(digest.seen).toHaveLength(1200);
  });
});

describe('what the bot did', () => {
  it('is counted of the day alone', async () => {
    const audit = [
      anAuditEntry('2026-11-19T23:59Z'),
      anAuditEntry('2026-11-20T08:00Z', { kind: 'request.asked' }),
      anAuditEntry('2026-11-20T08:01Z', { kind: 'request.asked' }),
      anAuditEntry('2026-11-20T08:02Z', { kind: 'request.approved' }),
      anAuditEntry('2026-11-20T08:03Z', { kind: 'request.denied' }),
      anAuditEntry('2026-11-20T08:04Z', { kind: 'run.finished' }),
      anAuditEntry('2026-11-20T08:05Z', { kind: 'run.failed' }),
      anAuditEntry('2026-11-21T00:00Z', { kind: 'request.asked' }),
    ];
    const open = [{ id: 'REQ-0009', says: 'Add Ana Souza' }];

    expect((await digestOf({ audit, open })).bot).toEqual({
      asked: 2,
      done: 1,
      denied: 1,
      failed: 1,
      open,
      moreOpen: 0,
    });
  });
});

const change = (kind: 'tunnel.down' | 'tunnel.back', at: string, facts: Record<string, number | string> = {}) =>
  anAuditEntry(at, {
    kind,
    facts: { alertId: 't1-a', tunnelId: 't1', tunnel: 'lantern', status: 'down', drops: 1, downMs: 0, ...facts },
  });
const at = (time: string): number => Date.parse(`2026-11-20T${time}Z`);

describe('tunnels', () => {
  it('were down from the moment that Cloudflare tells to the one at which they were back', async () => {
    const audit = [
      change('tunnel.down', '2026-11-20T10:01Z', { since: at('10:00') }),
      change('tunnel.back', '2026-11-20T10:31Z', { since: at('10:00'), downMs: 30 * MINUTE }),
    ];

    const digest = await digestOf({ audit });

    expect(digest.tunnel).toEqual({
      down: 30 * MINUTE,
      outages: [{ name: 'lantern', from: at('10:00'), to: at('10:30') }],
    });
    expect(digest.counts.tunnelDown).toBe(30 * MINUTE);
  });

  it('were down since the day began if they were before, and to its end if they are still', async () => {
    const before = { alertId: 't1-a', name: 'lantern', since: at('00:00') - HOUR };

    expect((await digestOf({ down: new Map([['t1', before]]) })).tunnel).toEqual({
      down: 24 * HOUR,
      outages: [{ name: 'lantern', from: at('00:00') - HOUR }],
    });
    const audit = [change('tunnel.back', '2026-11-20T02:00Z', { since: before.since, downMs: 3 * HOUR })];
    expect((await digestOf({ audit, down: new Map([['t1', before]]) })).tunnel).toEqual({
      down: 2 * HOUR,
      outages: [{ name: 'lantern', from: before.since, to: at('02:00') }],
    });
  });

  it('count once where two were down at the same time, and are one outage where one came and went', async () => {
    const audit = [
      change('tunnel.down', '2026-11-20T10:00Z', { since: at('10:00') }),
      change('tunnel.down', '2026-11-20T10:10Z', {
        since: at('10:10'),
        alertId: 't2-a',
        tunnelId: 't2',
        tunnel: 'spare',
      }),
      change('tunnel.back', '2026-11-20T10:20Z', { since: at('10:00'), downMs: 20 * MINUTE }),
      change('tunnel.down', '2026-11-20T10:25Z', { since: at('10:00'), drops: 2, downMs: 20 * MINUTE }),
      change('tunnel.back', '2026-11-20T10:30Z', {
        since: at('10:10'),
        alertId: 't2-a',
        tunnelId: 't2',
        tunnel: 'spare',
        downMs: 20 * MINUTE,
      }),
      change('tunnel.back', '2026-11-20T10:40Z', { since: at('10:00'), drops: 2, downMs: 35 * MINUTE }),
    ];

    expect((await digestOf({ audit })).tunnel).toEqual({
      down: 40 * MINUTE,
      outages: [
        { name: 'lantern', from: at('10:00'), to: at('10:40') },
        { name: 'spare', from: at('10:10'), to: at('10:30') },
      ],
    });
  });

  it('were down as well where it was over before anybody was told', async () => {
    const facts = { since: at('10:00'), drops: 3, downMs: 3 * MINUTE };
    const audit = [
      change('tunnel.down', '2026-11-20T10:08Z', facts),
      change('tunnel.back', '2026-11-20T10:08Z', facts),
    ];

    expect((await digestOf({ audit })).tunnel.outages).toEqual([
      { name: 'lantern', from: at('10:00'), to: at('10:08') },
    ]);
  });
});

const gap = (from: number, to: number) => ({ from, to, why: 'The bot was down.' });

describe('lists', () => {
  it('of what ends soon begin with the soonest and are cut', async () => {
    const stays = Array.from({ length: 130 }, (_none, number) => ({
      person: { email: `${number}@a.example` },
      endsAt: ROW_NOON + (130 - number) * HOUR,
    }));
    const { ending, moreEnding } = await digestOf({ stays });

    expect(ending).toHaveLength(100);
    expect(ending[0]?.person.email).toBe('129@a.example');
    expect(moreEnding).toBe(30);
  });

  it('of gaps have those that touch the day', async () => {
    const start = Date.parse(ROW_DAY);
    const gaps = [gap(start - HOUR, start), gap(start - HOUR, start + 1), gap(start + 24 * HOUR, start + 25 * HOUR)];

    expect((await digestOf({ gaps })).gaps).toEqual([gaps[1]]);
  });
});

describe('the counts of the day', () => {
  it('are those of the digest', async () => {
    const access = [row('1', { deviceId: 'dev-1' }), row('2', { allowed: false, email: EVE })];

    expect((await digestOf({ access, network: [aNetworkRow({ sessions: 4 })] })).counts).toEqual({
      day: ROW_DAY,
      signIns: 1,
      denied: 1,
      people: 1,
      devices: 1,
      networkSessions: 4,
      sent: 100,
      received: 900,
      tunnelDown: 0,
    });
  });
});
