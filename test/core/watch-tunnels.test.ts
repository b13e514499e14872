import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditFacts } from '../../src/core/audit.ts';
import { duration } from '../../src/core/duration.ts';
import type { Post } from '../../src/core/post.ts';
import type { TunnelHealth } from '../../src/core/tunnel.ts';
import { afterHealing, NOTHING_WATCHED, Watch, watchTunnels, type Healing } from '../../src/core/watch-tunnels.ts';
import { watchedTunnels, type NamedTunnel } from '../../src/core/watched-tunnels.ts';
import { ASKED_AT } from '../builders/a-request.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const POLL_MS = 30 * SECOND;
const OCS: NamedTunnel = { id: 'ocs', name: 'lantern-ocs' };

type Alert = Extract<Post, { kind: 'tunnel-alert' }>;
type Seen = TunnelHealth['status'] | 'gone' | Omit<TunnelHealth, 'id' | 'name'>;

/** Looks at one tunnel, whose state is stored and read back in between as any process would. */
function aWatch({ restartsItself = false, ofApp = undefined as readonly NamedTunnel[] | undefined } = {}) {
  let stored = JSON.stringify(NOTHING_WATCHED);
  let requests = 0;
  const alerts: (Alert & { readonly at: number })[] = [];
  const audit: AuditFacts[] = [];
  const healed: (Healing & { readonly at: number })[] = [];

  function keep(at: number, news: { watch: Watch; posts: readonly Post[]; audit: readonly AuditFacts[] }): void {
    stored = JSON.stringify(news.watch);
    for (const post of news.posts) if (post.kind === 'tunnel-alert') alerts.push({ ...post, at });
    audit.push(...news.audit);
  }

  return {
    alerts,
    audit,
    healed,
    /** At so many milliseconds after the beginning. A restart that is due succeeds unless `refuse` says why not. */
    look(after: number, seen: Seen | readonly TunnelHealth[], { app = ofApp, refuse = '' } = {}) {
      const now = ASKED_AT + after;
      const before = Watch.parse(JSON.parse(stored));
      const tunnels = readingOf(seen);
      const watched = watchedTunnels(tunnels, app, before.tunnels);
      const settings = { pollMs: POLL_MS, restartsItself };
      const { heal, ...news } = watchTunnels(before, { tunnels, watched }, now, settings);
      keep(after, news);
      if (heal === undefined) return;
      healed.push({ ...heal, at: after });
      requests += 1;
      const restart = { requestId: `REQ-000${requests}`, at: now };
      const outcome =
        refuse === '' ? ({ kind: 'restarted', restart } as const) : ({ kind: 'refused', says: refuse } as const);
      keep(after, afterHealing(news.watch, heal, outcome, now));
    },
    /** A look every half minute, each of so many seconds after the beginning on. */
    see(...runs: readonly (readonly [status: Seen, forSeconds: number])[]) {
      let after = 0;
      for (const [status, forSeconds] of runs) {
        const until = after + forSeconds * SECOND;
        for (; after < until; after += POLL_MS) this.look(after, status);
      }
      return this;
    },
    told: () => alerts.map(inShort),
  };
}

function readingOf(seen: Seen | readonly TunnelHealth[]): readonly TunnelHealth[] {
  if (typeof seen !== 'string') return 'status' in seen ? [{ ...OCS, ...seen }] : seen;
  return seen === 'gone' ? [] : [{ ...OCS, status: seen }];
}

/** `1:30 #1 down since 0:30`, `4:30 #2 healthy, 1 drop of 4 min` */
function inShort(alert: Alert & { readonly at: number }) {
  const { at, seq, status, since, again, endedAt, drops, downMs, restarts, gaveUp, problem } = alert;
  const often = `${drops} drop${drops === 1 ? '' : 's'}`;
  return [
    `${minutes(at)} #${seq} ${status}`,
    endedAt === undefined ? ` since ${minutes((again ?? since) - ASKED_AT)}` : '',
    endedAt !== undefined || drops > 1 ? `, ${often} of ${duration(downMs)}` : '',
    restarts.length === 0 ? '' : `, ${restarts.map(({ requestId }) => requestId).join(' ')}`,
    gaveUp ? ', gave up' : '',
    problem === undefined ? '' : `, ${problem}`,
  ].join('');
}

function minutes(ms: number): string {
  return `${Math.floor(ms / MINUTE)}:${String((ms % MINUTE) / SECOND).padStart(2, '0')}`;
}

/** Two tunnels of one name. */
const two = (one: TunnelHealth['status'], other: TunnelHealth['status']) => [
  { ...OCS, status: one },
  { id: 'other', name: 'lantern-ocs', status: other },
];

const audited = ({ audit }: { readonly audit: readonly AuditFacts[] }) =>
  audit.map(({ kind, says }) => `${kind} ${says}`);

describe('one message for each outage', () => {
  it.each<readonly [what: string, runs: readonly (readonly [Seen, number])[], told: readonly string[]]>([
    ['a tunnel that is well is not talked about', [['healthy', 3600]], []],
    [
      'nor is a drop of less than a minute',
      [
        ['healthy', 60],
        ['down', 60],
        ['healthy', 1200],
      ],
      [],
    ],
    [
      'one of a minute is, from its first bad reading on, and its end with the length',
      [
        ['healthy', 60],
        ['down', 240],
        ['healthy', 1200],
      ],
      ['2:00 #1 down since 1:00', '5:00 #2 healthy, 1 drop of 4 min'],
    ],
    ['while it lasts there is nothing to edit', [['degraded', 7200]], ['1:00 #1 degraded since 0:00']],
    [
      'a change for the worse or the better is shown',
      [
        ['degraded', 120],
        ['down', 60],
        ['degraded', 60],
        ['healthy', 60],
      ],
      [
        '1:00 #1 degraded since 0:00',
        '2:00 #2 down since 0:00',
        '3:00 #3 degraded since 0:00',
        '4:00 #4 healthy, 1 drop of 4 min',
      ],
    ],
    [
      'a word that we do not know, and a look that failed, are no news',
      [
        ['down', 30],
        ['unknown', 600],
        ['down', 60],
        ['unknown', 60],
        ['healthy', 60],
      ],
      ['10:30 #1 down since 0:00', '12:30 #2 healthy, 1 drop of 12 min 30 s'],
    ],
    [
      'within ten minutes the same message is opened again',
      [
        ['down', 120],
        ['healthy', 570],
        ['down', 60],
        ['healthy', 60],
      ],
      [
        '1:00 #1 down since 0:00',
        '2:00 #2 healthy, 1 drop of 2 min',
        '11:30 #3 down since 11:30, 2 drops of 2 min',
        '12:30 #4 healthy, 2 drops of 3 min',
      ],
    ],
    [
      'after ten good minutes it is another one',
      [
        ['down', 120],
        ['healthy', 600],
        ['down', 120],
        ['healthy', 60],
      ],
      [
        '1:00 #1 down since 0:00',
        '2:00 #2 healthy, 1 drop of 2 min',
        '13:00 #1 down since 12:00',
        '14:00 #2 healthy, 1 drop of 2 min',
      ],
    ],
    [
      'three short drops within ten minutes are one, though none of them lasted',
      [
        ['down', 30],
        ['healthy', 120],
        ['down', 30],
        ['healthy', 120],
        ['down', 30],
        ['healthy', 60],
        ['down', 30],
        ['healthy', 60],
      ],
      [
        '5:00 #1 down since 5:00, 3 drops of 1 min',
        '5:30 #2 healthy, 3 drops of 1 min 30 s',
        '6:30 #3 down since 6:30, 4 drops of 1 min 30 s',
        '7:00 #4 healthy, 4 drops of 2 min',
      ],
    ],
    [
      'three short drops within a quarter of an hour are not',
      [
        ['down', 30],
        ['healthy', 420],
        ['down', 30],
        ['healthy', 420],
        ['down', 30],
        ['healthy', 60],
      ],
      [],
    ],
    [
      'one that was deleted is gone',
      [
        ['healthy', 60],
        ['gone', 600],
      ],
      ['2:00 #1 gone since 1:00'],
    ],
    ['one that has never been run is not well either', [['inactive', 120]], ['1:00 #1 inactive since 0:00']],
  ])('%s', (_what, runs, told) => {
    expect(
      aWatch()
        .see(...runs)
        .told(),
    ).toEqual(told);
  });

  it('has its beginnings and ends in the audit log', () => {
    const watch = aWatch().see(['down', 120], ['healthy', 120], ['degraded', 30], ['healthy', 60]);

    expect(audited(watch)).toMatchInlineSnapshot(`
      [
        "tunnel.down The tunnel lantern-ocs is down.",
        "tunnel.back The tunnel lantern-ocs is well again. It was down for 2 min.",
        "tunnel.down The tunnel lantern-ocs is degraded. It stopped being well 2 times by now.",
        "tunnel.back The tunnel lantern-ocs is well again. It was down or degraded 2 times, 2 min 30 s in all.",
      ]
    `);
    expect(watch.audit[0]?.facts).toMatchInlineSnapshot(`
      {
        "alertId": "ocs-1795258800000",
        "downMs": 0,
        "drops": 1,
        "since": 1795258800000,
        "status": "down",
        "tunnel": "lantern-ocs",
        "tunnelId": "ocs",
      }
    `);
  });

  it('stays one where the message says who is meant, whatever happens to other tunnels', () => {
    const watch = aWatch();
    watch.look(0, two('down', 'healthy'));
    watch.look(MINUTE, two('down', 'down'));
    watch.look(2 * MINUTE, two('healthy', 'down'));

    expect(watch.alerts.map(({ tunnel, status }) => `${tunnel.name} ${status}`)).toEqual([
      'lantern-ocs (ocs) down',
      'lantern-ocs (ocs) healthy',
      'lantern-ocs (other) down',
    ]);
  });
});

describe('what Cloudflare says of the time', () => {
  it('counts for the beginning: at once if the bot starts in the middle of an outage', () => {
    const watch = aWatch();
    watch.look(HOUR, { status: 'down', inactiveAt: ASKED_AT + 30 * MINUTE });

    expect(watch.told()).toEqual(['60:00 #1 down since 30:00']);
  });

  it('does not count against what was seen', () => {
    const watch = aWatch();
    watch.look(0, 'healthy');
    watch.look(30 * SECOND, { status: 'down', inactiveAt: ASKED_AT - HOUR });
    watch.look(60 * SECOND, { status: 'down', inactiveAt: ASKED_AT - HOUR });

    expect(watch.told()).toEqual(['1:00 #1 down since 0:00']);
  });

  it('counts for the end, where it is since the last look', () => {
    const watch = aWatch().see(['down', 120]);
    watch.look(2 * MINUTE, { status: 'healthy', activeAt: ASKED_AT + 100 * SECOND });

    expect(watch.told().at(-1)).toBe('2:00 #2 healthy, 1 drop of 1 min 40 s');
  });
});

describe('after an hour in which nobody looked', () => {
  it('nothing is made up: the outage is as long as it is known', () => {
    const watch = aWatch().see(['degraded', 120]);
    watch.look(HOUR, 'healthy');

    expect(watch.told().at(-1)).toBe('60:00 #2 healthy, 1 drop of 1 min 30 s');
  });

  it('its end is told where Cloudflare knows it', () => {
    const watch = aWatch().see(['down', 120]);
    watch.look(HOUR, { status: 'healthy', activeAt: ASKED_AT + 20 * MINUTE });

    expect(watch.told().at(-1)).toBe('60:00 #2 healthy, 1 drop of 20 min');
  });

  it('a tunnel that was well and is down is not down for an hour', () => {
    const watch = aWatch().see(['healthy', 60]);
    watch.look(HOUR, 'down');
    watch.look(HOUR + 30 * SECOND, 'down');
    expect(watch.told()).toEqual([]);
    watch.look(HOUR + MINUTE, 'down');

    expect(watch.told()).toEqual(['61:00 #1 down since 60:00']);
  });

  it('one that was well in between is down for the second time', () => {
    const watch = aWatch().see(['down', 120]);
    watch.look(HOUR, { status: 'down', inactiveAt: ASKED_AT + 50 * MINUTE });
    watch.look(HOUR + MINUTE, 'healthy');

    expect(watch.told()).toEqual([
      '1:00 #1 down since 0:00',
      '60:00 #2 down since 50:00, 2 drops of 1 min 30 s',
      '61:00 #3 healthy, 2 drops of 12 min 30 s',
    ]);
  });

  it('an outage that was over before anybody saw how long it was is told nevertheless', () => {
    const watch = aWatch();
    watch.look(0, 'down');
    watch.look(HOUR, { status: 'healthy', activeAt: ASKED_AT + 10 * MINUTE });

    expect(watch.told()).toEqual(['60:00 #1 healthy, 1 drop of 10 min']);
    expect(audited(watch)).toMatchInlineSnapshot(`
      [
        "tunnel.down The tunnel lantern-ocs was down.",
        "tunnel.back The tunnel lantern-ocs is well again. It was down for 10 min.",
      ]
    `);
  });
});

describe('which tunnels are watched', () => {
  const other: NamedTunnel = { id: 'other', name: 'printers' };
  const reading = (status: TunnelHealth['status']) => [
    { ...OCS, status },
    { ...other, status: 'down' as const },
  ];

  it('those that the application uses, and no others', () => {
    const watch = aWatch({ ofApp: [OCS] });
    for (let after = 0; after < 5 * MINUTE; after += POLL_MS) watch.look(after, reading('healthy'));

    expect(watch.told()).toEqual([]);
  });

  it('one that was deleted, though it is not named among them any more', () => {
    const watch = aWatch();
    watch.look(0, reading('healthy'), { app: [OCS] });
    for (const after of [30 * SECOND, 2 * MINUTE]) watch.look(after, reading('down').slice(1), { app: [] });

    expect(watch.told()).toEqual(['2:00 #1 gone since 0:30']);
  });

  it('not one that another has taken the place of: its message ends', () => {
    const watch = aWatch();
    const fresh = { id: 'new', name: 'lantern-new', status: 'healthy' as const };
    for (const after of [0, MINUTE]) watch.look(after, reading('down'), { app: [OCS] });
    watch.look(2 * MINUTE, [...reading('down'), fresh], { app: [fresh] });
    watch.look(3 * MINUTE, [...reading('down').slice(1), fresh], { app: [fresh] });

    expect(watch.told()).toEqual(['1:00 #1 down since 0:00', '2:00 #2 down, 1 drop of 2 min']);
  });

  it('not one that was deleted once another has taken its place', () => {
    const watch = aWatch();
    const fresh = { id: 'new', name: 'lantern-new', status: 'healthy' as const };
    watch.look(0, reading('healthy'), { app: [OCS] });
    for (const after of [MINUTE, 2 * MINUTE]) watch.look(after, [fresh, ...reading('down').slice(1)], { app: [fresh] });

    expect(watch.told()).toEqual([]);
  });
});

describe('restarts by itself', () => {
  it('come after two minutes down, at least three apart, and no more than three', () => {
    const watch = aWatch({ restartsItself: true }).see(['healthy', 60], ['down', 7200]);

    expect(watch.told()).toEqual([
      '2:00 #1 down since 1:00',
      '3:00 #2 down since 1:00, REQ-0001',
      '6:00 #3 down since 1:00, REQ-0001 REQ-0002',
      '9:00 #4 down since 1:00, REQ-0001 REQ-0002 REQ-0003',
      '12:00 #5 down since 1:00, REQ-0001 REQ-0002 REQ-0003, gave up',
    ]);
    expect(watch.healed[0]).toMatchObject({
      reason: 'The tunnel lantern-ocs has been down for 2 min.',
      tunnelIds: ['ocs'],
    });
  });

  it('help the next outage too, as far as the hour has room for them', () => {
    const watch = aWatch({ restartsItself: true }).see(['down', 360], ['healthy', 900], ['down', 3600]);

    expect(watch.healed.map(({ at }) => at / MINUTE)).toEqual([2, 5, 23]);
    expect(watch.told().at(-1)).toBe('26:00 #3 down since 21:00, REQ-0003, gave up');
  });

  it.each<[string, Seen]>([
    ['degraded', 'degraded'],
    ['gone', 'gone'],
    ['never run', 'inactive'],
  ])('do not come for a tunnel that is %s', (_what, status) => {
    const watch = aWatch({ restartsItself: true }).see(['healthy', 30], [status, 1800]);

    expect(watch.healed).toEqual([]);
  });

  it('count the two minutes from when it was down, not from when it was degraded', () => {
    const watch = aWatch({ restartsItself: true }).see(['degraded', 600], ['down', 180]);

    expect(watch.healed.map(({ at }) => at / MINUTE)).toEqual([12]);
  });

  it('wait for a second look, so that a machine that has just started is left to start', () => {
    const watch = aWatch({ restartsItself: true });
    const down = { status: 'down', inactiveAt: ASKED_AT - HOUR } as const;
    watch.look(0, down);
    expect(watch.healed).toEqual([]);
    watch.look(POLL_MS, down);

    expect(watch.healed).toHaveLength(1);
  });

  it('do not come where they are not wanted', () => {
    expect(aWatch().see(['down', 1800]).healed).toEqual([]);
  });

  it('that can’t be done are told once, and tried again in peace', () => {
    const watch = aWatch({ restartsItself: true });
    for (let after = 0; after <= 10 * MINUTE; after += POLL_MS) {
      watch.look(after, 'down', { refuse: after < 9 * MINUTE ? 'No Docker answers.' : '' });
    }

    expect(watch.healed.map(({ at }) => at / MINUTE)).toEqual([2, 5, 8]);
    expect(watch.told()).toEqual(['1:00 #1 down since 0:00', '2:00 #2 down since 0:00, No Docker answers.']);
  });
});

describe('whatever happens', () => {
  const status = fc.constantFrom<Seen>('healthy', 'healthy', 'down', 'degraded', 'inactive', 'gone', 'unknown');
  const runs = fc.array(fc.tuple(status, fc.integer({ min: 1, max: 60 })), { minLength: 1, maxLength: 40 });
  const seenIn = (given: readonly (readonly [Seen, number])[]) =>
    given.flatMap(([one, looks]) => Array.from({ length: looks }, () => one));
  const watchOf = (given: readonly (readonly [Seen, number])[]) =>
    aWatch({ restartsItself: true }).see(...given.map(([one, looks]) => [one, looks * 30] as const));

  it('at most one message says that a tunnel is not well, and each change of it has the next number', () => {
    fc.assert(
      fc.property(runs, (given) => {
        const latest = new Map<string, Alert>();
        for (const alert of watchOf(given).alerts) {
          expect(alert.seq).toBe((latest.get(alert.alertId)?.seq ?? 0) + 1);
          latest.set(alert.alertId, alert);
          expect([...latest.values()].filter(({ endedAt }) => endedAt === undefined).length).toBeLessThanOrEqual(1);
          expect([...latest.keys()].at(-1)).toBe(alert.alertId);
        }
      }),
    );
  });

  it('people are told of changes only', () => {
    fc.assert(
      fc.property(runs, (given) => {
        const { alerts, healed } = watchOf(given);
        const known = seenIn(given).filter((one) => one !== 'unknown');
        const changes = known.filter((one, index) => one !== (known[index - 1] ?? 'healthy')).length;
        const begun = known.filter((one, index) => one !== 'healthy' && (known[index - 1] ?? 'healthy') === 'healthy');
        const gaveUp = new Set(alerts.filter((one) => one.gaveUp).map(({ alertId }) => alertId)).size;

        expect(alerts.length).toBeLessThanOrEqual(changes + begun.length + healed.length + gaveUp);
      }),
    );
  });

  it('the length of an outage is the time between the looks that saw it begin and end', () => {
    fc.assert(
      fc.property(runs, (given) => {
        // A long time without news is another story.
        const all: Seen[] = ['healthy', ...seenIn(given)];
        const seen = all.filter((_, index) =>
          all.slice(Math.max(0, index - 3), index + 1).some((one) => one !== 'unknown'),
        );
        const watch = aWatch();
        const drops: { from: number; to: number }[] = [];
        let since: number | undefined;
        for (const [index, one] of seen.entries()) {
          const now = index * POLL_MS;
          watch.look(now, one);
          if (one === 'unknown') continue;
          if (one !== 'healthy') since ??= now;
          else if (since !== undefined) {
            drops.push({ from: since, to: now });
            since = undefined;
          }
        }
        for (const { since: from, endedAt, downMs, drops: count } of watch.alerts) {
          if (endedAt === undefined) continue;
          const own = drops.filter((drop) => drop.from >= from - ASKED_AT && drop.to <= endedAt - ASKED_AT);
          expect(downMs).toBe(own.reduce((sum, drop) => sum + drop.to - drop.from, 0));
          expect(count).toBe(own.length);
        }
      }),
    );
  });

  it('there are never more than three restarts in an hour', () => {
    fc.assert(
      fc.property(runs, (given) => {
        const at = watchOf(given).healed.map((one) => one.at);
        for (const from of at) {
          expect(at.filter((one) => one >= from && one - from < HOUR).length).toBeLessThanOrEqual(3);
        }
      }),
    );
  });

  it('beginnings and ends alternate in the audit log', () => {
    fc.assert(
      fc.property(runs, (given) => {
        const kinds = watchOf(given).audit.map(({ kind }) => kind);
        expect(kinds).toEqual(kinds.map((_, index) => (index % 2 === 0 ? 'tunnel.down' : 'tunnel.back')));
      }),
    );
  });
});
