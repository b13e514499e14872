import { describe, expect, it } from 'vitest';
import { gatherDigest, type GatherOptions } from '../../../src/core/digest/gather.ts';
import { readBookmark, StoredBookmark, storedBookmark } from '../../../src/core/digest/read-audit.ts';
import { PermanentError, TransientError } from '../../../src/core/errors.ts';
import type { Pulled } from '../../../src/core/logs.ts';
import type { Store } from '../../../src/core/ports.ts';
import { aMorning, anAuditEntry, aSession, aVisit, readUpTo, type MorningOptions } from '../../builders/a-morning.ts';
import { aStay } from '../../builders/a-plan.ts';
import { aPolicy, email } from '../../builders/a-policy.ts';
import { ANA, BEN } from '../../builders/a-request.ts';
import { aDevice, aSnapshot } from '../../builders/a-snapshot.ts';

const HOUR = 60 * 60 * 1000;
const EVE = 'eve@elsewhere.example';

/** 21 November, eight o’clock; both logs were read a moment ago. */
async function aReadMorning(options: MorningOptions = {}) {
  const morning = aMorning(options);
  await readUpTo(morning.logs, '2026-11-21T07:55Z');
  return morning;
}

type Morning = ReturnType<typeof aMorning>;

function gather({ dependencies }: Morning, day = '2026-11-20', options: GatherOptions = {}) {
  return gatherDigest(dependencies, day, options);
}

async function digestOf(morning: Morning, day?: string, options?: GatherOptions) {
  return (await gather(morning, day, options)).digest;
}

describe('a day', () => {
  it('has the rows from its first moment to its last, in the operator’s time zone', async () => {
    const morning = await aReadMorning({ timeZone: 'Europe/Berlin' });
    await morning.logs.addRows('access', [
      aVisit('2026-11-19T22:59:59Z'),
      aVisit('2026-11-19T23:00:00Z'),
      aVisit('2026-11-20T22:59:59Z'),
      aVisit('2026-11-20T23:00:00Z'),
    ]);
    await morning.logs.addRows('network', [aSession('2026-11-20T09:00Z'), aSession('2026-11-20T23:00Z')]);

    const { digest, counts } = await gather(morning);

    expect(digest.access.signIns).toBe(2);
    expect(digest.network.sessions).toBe(3);
    expect(counts).toMatchObject({ day: '2026-11-20', signIns: 2, people: 1, networkSessions: 3 });
    expect(digest).not.toHaveProperty('notes');
    expect(digest.gaps).toEqual([]);
  });

  it.each([
    ['2026-03-29', 23],
    ['2026-10-25', 25],
    ['2026-11-20', 24],
  ])('%s has %i hours in Berlin', async (day, hours) => {
    const morning = aMorning({ timeZone: 'Europe/Berlin', now: '2026-11-21T08:00Z', retentionDays: 400 });
    await readUpTo(morning.logs, '2026-11-21T07:55Z');

    const digest = await digestOf(morning, day);

    expect(digest.to - digest.from).toBe(hours * HOUR);
    expect(digest.access.hours).toHaveLength(hours);
  });

  it('is compared with the seven days before, and not with itself', async () => {
    const morning = await aReadMorning();
    const nothing = { denied: 0, people: 0, devices: 0, networkSessions: 0, sent: 0, received: 0, tunnelDown: 0 };
    for (const [day, signIns] of [
      ['2026-11-12', 1000],
      ['2026-11-13', 10],
      ['2026-11-19', 20],
      ['2026-11-20', 1000],
    ] as const) {
      await morning.logs.keepDayCounts({ ...nothing, day, signIns });
    }

    expect((await digestOf(morning)).access.before?.signIns).toBe(15);
  });

  it('tells whose access ends within seven days from now, and what is open', async () => {
    const morning = await aReadMorning();
    await morning.store.putStay(aStay('2026-11-27'));
    await morning.store.putStay({ ...aStay('2026-11-30'), person: { email: 'nils@lanternhealth.example' } });

    const digest = await digestOf(morning);

    expect(digest.ending.map(({ person }) => person.email)).toEqual([ANA.email]);
    expect(digest.head).toEqual(await morning.store.auditHead());
  });

  it('that goes on says so', async () => {
    const morning = await aReadMorning();
    await morning.logs.addRows('access', [aVisit('2026-11-21T07:30Z')]);

    const digest = await digestOf(morning, '2026-11-21');

    expect(digest.access.signIns).toBe(1);
    expect(digest.notes).toEqual(['The day is not over yet.']);
    expect(digest.gaps).toEqual([]);
  });
});

describe('reasons and names', () => {
  const denied = aVisit('2026-11-20T09:00Z', { email: EVE, allowed: false });

  it('come from the account as it is now', async () => {
    const snapshot = aSnapshot({ allow: aPolicy({ include: [email(ANA.email)] }), devices: [aDevice()] });
    const morning = await aReadMorning({ snapshot });
    await morning.logs.keepSeen([{ email: ANA.email, countries: [], devices: ['an-old-one'], lastAt: 0 }]);
    await morning.logs.addRows('access', [denied, aVisit('2026-11-20T10:00Z', { deviceId: aDevice().id })]);

    const digest = await digestOf(morning);

    expect(digest.denials).toMatchObject([{ email: EVE, reason: 'No policy lets this address in now', basis: 'fact' }]);
    expect(digest.unusual[0]?.says).toContain(`“${aDevice().name}”`);
  });

  it('are left out where the account can’t be read, and that is said if anybody was turned away', async () => {
    const morning = await aReadMorning();
    morning.cloudflare.intercept('before', () => {
      throw new TransientError('Cloudflare does not answer.', { code: 'cloudflare-down' });
    });
    expect(await digestOf(morning)).not.toHaveProperty('notes');

    await morning.logs.addRows('access', [denied]);
    const digest = await digestOf(morning);

    expect(digest.denials).toMatchObject([{ email: EVE, count: 1, basis: 'inference' }]);
    expect(digest.notes).toEqual(['Reasons and names of devices are missing. Cloudflare does not answer.']);
  });
});

function at(time: string): number {
  return Date.parse(`2026-11-20T${time}Z`);
}

describe('what is missing', () => {
  const until = Date.parse('2026-11-21T07:55Z');
  const WHY = 'The bot did not read the log at that time.';

  async function withLogs(access: Partial<Pulled>, network: Partial<Pulled> = {}, options: MorningOptions = {}) {
    const morning = aMorning(options);
    await morning.logs.keepPulled('access', { until, gaps: [], ...access });
    await morning.logs.keepPulled('network', { until, gaps: [], ...network });
    return morning;
  }

  it('in both logs is said once; in one of them, of which', async () => {
    const morning = await withLogs(
      { gaps: [{ from: at('01:00'), to: at('04:10'), why: WHY }] },
      {
        gaps: [
          { from: at('01:00'), to: at('05:00'), why: WHY },
          { from: at('10:00'), to: at('11:00'), why: WHY },
        ],
      },
    );

    expect((await digestOf(morning)).gaps).toEqual([
      { from: at('01:00'), to: at('05:00'), why: WHY },
      { from: at('10:00'), to: at('11:00'), why: `Only the log of network sessions. ${WHY}` },
    ]);
  });

  it('because the log was not read to the end of the day is a gap', async () => {
    const morning = await withLogs({ until: at('20:00') }, { until: at('20:00') });

    expect((await digestOf(morning)).gaps).toEqual([
      { from: at('20:00'), to: at('24:00'), why: 'The Access log was not read that far yet.' },
      { from: at('20:00'), to: at('24:00'), why: 'The log of network sessions was not read that far yet.' },
    ]);
  });

  it('because plan or token have no such data is a problem, however far it was asked for', async () => {
    const problem = 'The plan has no network sessions.';
    const digest = await digestOf(await withLogs({}, { problem, askAt: until + HOUR }));

    expect(digest.network.problem).toBe(problem);
    expect(digest.gaps).toEqual([]);
  });

  it('because the log can’t be read any more is no problem of a day that was read before', async () => {
    const problem = 'The token was revoked.';

    expect((await digestOf(await withLogs({ problem }))).access).not.toHaveProperty('problem');
    expect((await digestOf(await withLogs({ problem, until: at('20:00') }))).access.problem).toBe(problem);
  });

  it('because it was never read at all is said', async () => {
    expect((await digestOf(aMorning())).access.problem).toBe('The Access log was not read yet.');
  });

  it('of what analytics know is said', async () => {
    const none = { why: 'The token may not read analytics.', askAt: until + HOUR };
    expect((await digestOf(await withLogs({ details: { none } }))).notes).toEqual([none.why]);

    const owed = { since: at('09:00'), until: at('10:00') };
    expect((await digestOf(await withLogs({ details: { owed } }))).notes).toEqual([
      'Countries and devices of some sign-ins were not read yet.',
    ]);
    expect(await digestOf(await withLogs({ details: { owed } }), '2026-11-19')).not.toHaveProperty('notes');
  });

  it('for its age is a gap', async () => {
    const digest = await digestOf(await withLogs({}, {}, { retentionDays: 1 }));

    expect(digest.gaps).toEqual([{ from: at('00:00'), to: at('08:00'), why: 'Rows are kept for 1 day.' }]);
  });

  it('because there were too many rows is told on the day on which they were dropped, and on the day that lacks them', async () => {
    const morning = await withLogs({});
    await morning.logs.keepDropped('2026-11-20', { rows: 5, upTo: Date.parse('2026-11-02T00:00Z') });
    await morning.logs.keepDropped('2026-11-21', { rows: 7, upTo: at('03:00') });

    expect((await digestOf(morning)).dropped).toEqual({ rows: 12, upTo: at('03:00') });
    expect((await digestOf(morning, '2026-11-19')).dropped).toEqual({ rows: 7, upTo: at('03:00') });
  });
});

describe('the audit log', () => {
  const visits = [aVisit('2026-11-20T11:00Z', { allowed: false }), aVisit('2026-11-20T12:00Z')];

  it('tells who came although they were revoked, and what the bot did', async () => {
    const morning = await aReadMorning();
    await morning.logs.addRows('access', visits);
    await morning.store.commit({
      audit: [
        anAuditEntry('2026-10-01T09:00Z', { people: [EVE], requestId: 'REQ-0001' }),
        anAuditEntry('2026-11-20T10:00Z'),
        anAuditEntry('2026-11-21T07:00Z', { people: [BEN.name], requestId: 'REQ-0008' }),
      ],
      effects: [],
    });

    const digest = await digestOf(morning);

    expect(digest.revoked).toMatchObject([{ email: ANA.email, count: 2, letIn: 1, requestId: 'REQ-0007' }]);
    expect(digest.bot.done).toBe(1);
  });

  it('is read from where the last digest ended, and says the same as if it were read whole', async () => {
    const morning = await aReadMorning();
    const { store, logs } = morning;
    await logs.addRows('access', visits);
    const long = Array.from({ length: 50 }, () => anAuditEntry('2026-11-01T09:00Z', { people: [EVE] }));
    await store.commit({
      audit: [
        ...long,
        anAuditEntry('2026-11-19T09:00Z'),
        anAuditEntry('2026-11-19T10:00Z', {
          kind: 'tunnel.down',
          people: [],
          facts: {
            alertId: 'a-1',
            tunnelId: 't-1',
            tunnel: 'ocs',
            since: Date.parse('2026-11-19T10:00Z'),
            drops: 1,
            downMs: 0,
          },
        }),
        // Devices alone are taken away over midnight: that is no revocation.
        anAuditEntry('2026-11-19T23:00Z', {
          kind: 'request.asked',
          requestId: 'REQ-0009',
          people: [EVE],
          facts: { scope: 'devices' },
        }),
        anAuditEntry('2026-11-20T00:10Z', { requestId: 'REQ-0009', people: ['dan@lanternhealth.example'], facts: {} }),
      ],
      effects: [],
    });
    const { bookmark } = await gather(morning, '2026-11-19');
    const stored: unknown = JSON.parse(JSON.stringify(storedBookmark(bookmark)));
    const froms: (number | undefined)[] = [];
    const watched: Pick<Store, 'auditEntries'> = {
      auditEntries: (from) => {
        froms.push(from);
        return store.auditEntries(from);
      },
    };

    const dependencies = { ...morning.dependencies, store: { ...store, ...watched } };
    const read = readBookmark(StoredBookmark.parse(stored));
    const short = await gatherDigest(dependencies, '2026-11-20', { bookmark: read });

    expect(Math.min(...froms.map((from) => from ?? 0))).toBe(54);
    const whole = await gather(morning);
    expect(short.digest).toEqual(whole.digest);
    expect(storedBookmark(short.bookmark)).toEqual(storedBookmark(whole.bookmark));
    expect(whole.digest.revoked).toHaveLength(1);
    expect(whole.digest.tunnel.down).toBe(24 * HOUR);
  });

  it('is read whole for a day before the bookmark, and when the bookmark is behind its end', async () => {
    const morning = await aReadMorning();
    await morning.logs.addRows('access', visits);
    await morning.store.commit({ audit: [anAuditEntry('2026-11-20T10:00Z')], effects: [] });
    const { bookmark } = await gather(morning);

    expect((await digestOf(morning, undefined, { bookmark })).revoked).toHaveLength(1);
    const early = (await gather(morning, '2026-11-18')).bookmark;
    expect((await digestOf(morning, undefined, { bookmark: { ...early, next: 900 } })).revoked).toHaveLength(1);
  });

  it('that can’t be read to its end is said, and the rest is told', async () => {
    const morning = await aReadMorning();
    const { store, logs } = morning;
    await logs.addRows('access', visits);
    await store.commit({ audit: [anAuditEntry('2026-11-20T10:00Z')], effects: [] });
    const broken: Pick<Store, 'auditEntries'> = {
      async *auditEntries(from) {
        yield* store.auditEntries(from);
        throw new PermanentError('Entry 2 of the audit log can’t be read: it was altered in Redis.', {
          code: 'audit-unreadable',
        });
      },
    };

    const { digest } = await gatherDigest({ ...morning.dependencies, store: { ...store, ...broken } }, '2026-11-20');

    expect(digest.revoked).toHaveLength(1);
    expect(digest.access.signIns).toBe(1);
    expect(digest.notes).toEqual([
      'What the bot did, and who was revoked, is not known to the end. Entry 2 of the audit log can’t be read: it was altered in Redis.',
    ]);
  });
});
