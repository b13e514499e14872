import { describe, expect, it } from 'vitest';
import type { AuditFacts } from '../../src/core/audit.ts';
import { PermanentError, TransientError, UserError } from '../../src/core/errors.ts';
import type { Effect } from '../../src/core/ports.ts';
import type { Post } from '../../src/core/post.ts';
import type { TunnelHealth } from '../../src/core/tunnel.ts';
import { pollTunnels, type WatchDependencies } from '../../src/jobs/watch-tunnels.ts';
import { aHouse } from '../builders/a-house.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { aFuse, Killed } from '../builders/fuse.ts';
import { createMemoryLocks } from '../builders/memory-locks.ts';
import { aContainer, createMemoryServer } from '../builders/memory-server.ts';
import { aTunnel } from '../builders/memory-settings.ts';
import { aLog } from './builders.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const POLL_MS = 30 * SECOND;

type Alert = Extract<Post, { kind: 'tunnel-alert' }>;

/** A watch over one tunnel, with everything that it needs in memory. */
function aWatch({ restartsItself = false, containers = [aContainer()] } = {}) {
  const server = createMemoryServer(containers);
  const tunnels = { tunnels: [aTunnel({ status: 'down' })], basis: 'The route leads through it.' };
  const house = aHouse({ server, snapshot: { ...aSnapshot(), tunnels } });
  const { store, clock } = house;
  const log = aLog();
  const calls: string[] = [];
  let reading: readonly TunnelHealth[] | Error = [aTunnel()];
  let ofApp: readonly TunnelHealth[] | Error = [aTunnel()];
  const dependencies: WatchDependencies = {
    store,
    clock,
    log,
    server,
    locks: createMemoryLocks(),
    ask: { ask: house.ask },
    cloudflare: {
      tunnels: async () => {
        calls.push('tunnels');
        return orThrow(reading);
      },
      usedTunnels: async () => {
        calls.push('usedTunnels');
        return orThrow(ofApp);
      },
    },
    settings: { pollMs: POLL_MS, restartsItself },
  };
  const watch = {
    store,
    clock,
    log,
    calls,
    server,
    dependencies,
    audit: (): readonly AuditFacts[] => store.entries,
    alerts: () => alertsIn(store.effects),
    operatorAlerts: () =>
      store.effects.flatMap((one) =>
        one.kind === 'post' && one.post.kind === 'operator-alert' ? [one.post.says] : [],
      ),
    /** What Cloudflare says from now on. */
    is(status: TunnelHealth['status'] | 'gone' | Error, app: readonly TunnelHealth[] | Error = [aTunnel()]) {
      if (status instanceof Error) reading = status;
      else reading = status === 'gone' ? [] : [aTunnel({ status })];
      ofApp = app;
    },
    /** So many looks, half a minute apart. */
    async look(times = 1, given: Partial<WatchDependencies> = {}) {
      for (let time = 0; time < times; time += 1) {
        await pollTunnels({ ...dependencies, ...given });
        clock.advance(POLL_MS);
      }
    },
  };
  return watch;
}

function orThrow<T>(answer: T | Error): T {
  if (answer instanceof Error) throw answer;
  return answer;
}

function refusing(error: Error): Pick<WatchDependencies, 'ask'> {
  return { ask: { ask: () => Promise.reject(error) } };
}

function alertsIn(effects: readonly Effect[]): Alert[] {
  return effects.flatMap((one) => (one.kind === 'post' && one.post.kind === 'tunnel-alert' ? [one.post] : []));
}

const inShort = ({ seq, status, restarts }: Alert) => `#${seq} ${status}${restarts.length > 0 ? ' restarted' : ''}`;

const kinds = (audit: readonly AuditFacts[]) => audit.map(({ kind }) => kind);

const notNow = () => Promise.reject(new TransientError('Redis does not answer.', { code: 'store-down' }));

describe('a look', () => {
  it('is one call, and once in an hour those that tell which tunnels the application uses', async () => {
    const watch = aWatch();
    await watch.look(119);
    expect(watch.calls.filter((call) => call === 'tunnels')).toHaveLength(119);
    expect(watch.calls.filter((call) => call === 'usedTunnels')).toHaveLength(1);
    await watch.look(2);

    expect(watch.calls.filter((call) => call === 'usedTunnels')).toHaveLength(2);
  });

  it('asks for these at once when one of them is not there any more, and not with each look from then on', async () => {
    const watch = aWatch();
    await watch.look(2);
    watch.is('gone', []);
    await watch.look(5);

    expect(watch.calls.filter((call) => call === 'usedTunnels')).toHaveLength(2);
    expect(watch.alerts().map(inShort)).toEqual(['#1 gone']);
  });

  it('goes on with the same tunnels when these can’t be read, and asks again soon', async () => {
    const watch = aWatch();
    watch.is('down', new TransientError('Cloudflare does not answer.', { code: 'cloudflare-unavailable' }));
    await watch.look(11);

    expect(watch.calls.filter((call) => call === 'usedTunnels')).toHaveLength(2);
    expect(watch.alerts().map(inShort)).toEqual(['#1 down']);
    expect(watch.log.lines[0]).toEqual({
      level: 'info',
      message: 'Which tunnels the application uses could not be read; the same ones are watched',
      facts: { code: 'cloudflare-unavailable' },
    });
  });

  it('that comes right after another one is left out', async () => {
    const watch = aWatch();
    await Promise.all([pollTunnels(watch.dependencies), pollTunnels(watch.dependencies)]);
    watch.clock.advance(5 * SECOND);
    await pollTunnels(watch.dependencies);

    expect(watch.calls).toEqual(['tunnels', 'usedTunnels']);
  });

  it('that fails is no news', async () => {
    const watch = aWatch();
    watch.is('down');
    await watch.look(2);
    watch.is(new TransientError('Cloudflare does not answer.', { code: 'cloudflare-unavailable' }));
    await watch.look(3);

    expect(watch.alerts()).toEqual([]);
    expect(watch.log.lines).toHaveLength(3);
    expect(watch.log.lines[0]).toEqual({
      level: 'info',
      message: 'The tunnels could not be looked at; the next look is near',
      facts: { code: 'cloudflare-unavailable' },
    });
  });

  it('that is refused for good is told to the operator once a day', async () => {
    const watch = aWatch();
    watch.is(new PermanentError('The API token may not read tunnels.', { code: 'cloudflare-permission-missing' }));
    await watch.look(4);
    expect(watch.operatorAlerts()).toEqual(['The tunnels can’t be watched: The API token may not read tunnels.']);
    watch.clock.advance(24 * HOUR);
    await watch.look();

    expect(watch.operatorAlerts()).toHaveLength(2);
  });

  it('starts anew where what was kept can’t be read', async () => {
    const watch = aWatch();
    await watch.store.keep('tunnel-watch', { watch: { tunnels: 'lantern-ocs' } }, HOUR);
    watch.is('down');
    await watch.look(3);

    expect(watch.alerts().map(inShort)).toEqual(['#1 down']);
  });

  it('tells an outage also where the head of the audit log can’t be read', async () => {
    const watch = aWatch();
    const altered = new PermanentError('The stored head can’t be read.', { code: 'audit-head-unreadable' });
    const store = { ...watch.dependencies.store, auditHead: () => Promise.reject(altered) };
    watch.is('down');
    await watch.look(3, { store });

    expect(watch.alerts().map(inShort)).toEqual(['#1 down']);
  });

  it('of a process that was overtaken stores nothing', async () => {
    const watch = aWatch();
    watch.is('down');
    await watch.look(2);
    const locks = createMemoryLocks();
    locks.lose('tunnel-watch');
    await watch.look(1, { locks });
    expect(watch.alerts()).toEqual([]);
    expect(watch.log.lines.at(-1)).toMatchObject({ level: 'info', facts: { code: 'lock-lost' } });
    await watch.look();

    expect(watch.alerts().map(inShort)).toEqual(['#1 down']);
  });
});

describe('a restart by itself', () => {
  it('goes through the one door, and is in the alert with its number', async () => {
    const watch = aWatch({ restartsItself: true });
    watch.is('down');
    await watch.look(5);

    expect(watch.alerts().map(inShort)).toEqual(['#1 down', '#2 down restarted']);
    const [asked] = await watch.store.unfinished();
    expect(asked).toMatchObject({
      id: watch.alerts().at(-1)?.restarts[0]?.requestId,
      action: 'tunnel-restart',
      status: 'approved',
      requester: { slackId: 'system' },
      reason: 'The tunnel lantern-ocs has been down for 2 min.',
    });
    expect(kinds(watch.audit())).toEqual(['tunnel.down', 'request.asked']);
  });

  it('waits for one that somebody has asked for', async () => {
    const watch = aWatch({ restartsItself: true });
    watch.is('down');
    const underWay = new UserError('REQ-0001, asked by Cara, does the same right now.', { code: 'under-way' });
    await watch.look(8, refusing(underWay));

    expect(watch.alerts().map(inShort)).toEqual(['#1 down']);
    await watch.look();
    expect(watch.alerts().map(inShort)).toEqual(['#1 down', '#2 down restarted']);
  });

  it('that can’t be asked for at the moment is asked for with the next look', async () => {
    const watch = aWatch({ restartsItself: true });
    watch.is('down');
    await watch.look(4);
    const unavailable = new TransientError('Cloudflare does not answer.', { code: 'cloudflare-unavailable' });
    await watch.look(1, refusing(unavailable));
    await watch.look();

    expect(watch.alerts().map(inShort)).toEqual(['#1 down', '#2 down restarted']);
    expect(watch.log.lines.map(({ level }) => level)).toEqual(['info', 'warn']);
  });

  it('whose answer got lost is not asked for a second time', async () => {
    const watch = aWatch({ restartsItself: true });
    watch.is('down');
    await watch.look(4);
    const { ask } = watch.dependencies.ask;
    await watch.look(1, {
      ask: {
        ask: async (...given) => {
          await ask(...given);
          throw new TransientError('Redis does not answer.', { code: 'store-down' });
        },
      },
    });
    await watch.look(20);

    expect(kinds(watch.audit())).toEqual(['tunnel.down', 'request.asked']);
    expect(watch.alerts().map(inShort)).toEqual(['#1 down', '#2 down restarted']);
  });

  it('without a Docker says so in the alert, and to the operator once a day', async () => {
    const watch = aWatch({ restartsItself: true });
    watch.server.intercept(() => {
      throw new PermanentError('There is no Docker Engine at /var/run/docker.sock.', { code: 'docker-unreachable' });
    });
    watch.is('down');
    await watch.look(40);

    expect(watch.alerts().map(({ problem }) => problem)).toEqual([
      undefined,
      expect.stringContaining('There is no Docker Engine at /var/run/docker.sock. Type this on the server instead:'),
    ]);
    expect(watch.operatorAlerts()).toEqual([
      expect.stringMatching(/^The tunnel lantern-ocs has been down for 2 min\. The bot could not restart it: I can’t/),
    ]);
  });

  it('that is refused is told to the operator also where that could not be stored at first', async () => {
    const watch = aWatch({ restartsItself: true });
    const { store } = watch;
    const refused = refusing(new PermanentError('The token lacks a permission.', { code: 'cloudflare-forbidden' }));
    watch.is('down');
    await watch.look(4);
    await watch.look(1, { ...refused, store: { ...store, commit: notNow } });
    expect(watch.operatorAlerts()).toEqual([]);
    await watch.look(10, refused);

    expect(watch.operatorAlerts()).toHaveLength(1);
    expect(watch.alerts().map(({ problem }) => problem)).toEqual([undefined, 'The token lacks a permission.']);
  });

  it('leaves alone what runs another tunnel', async () => {
    const watch = aWatch({ restartsItself: true, containers: [aContainer({ tunnelId: 'tunnel-of-others' })] });
    watch.is('down');
    await watch.look(6);

    expect(await watch.store.unfinished()).toEqual([]);
    expect(watch.alerts().at(-1)?.problem).toBe(
      'cloudflared on the server runs another tunnel. Restart cloudflared on the machine that runs this one.',
    );
  });
});

/** Two minutes and a half down, with a restart, and well again; the process is killed at this point, and the next one goes on. */
async function live(at: number) {
  const watch = aWatch({ restartsItself: true });
  const { store, ask, cloudflare } = watch.dependencies;
  const fuse = aFuse(at);
  const { auditEntries, ...calls } = store;
  const killable: Partial<WatchDependencies> = {
    store: { ...fuse.wrap(calls), auditEntries },
    ask: fuse.wrap(ask),
    cloudflare: fuse.wrap(cloudflare),
  };
  const look = async () => {
    if (fuse.hasBurnt) return watch.look();
    try {
      await watch.look(1, killable);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      await watch.look();
    }
  };
  for (const status of ['healthy', 'down', 'down', 'down', 'down', 'down', 'down', 'healthy', 'healthy'] as const) {
    watch.is(status);
    await look();
  }
  return { watch, fuse };
}

describe('a process that is killed', () => {
  it('leaves nothing untold and nothing doubled, wherever that happens', async () => {
    const { fuse } = await live(Infinity);
    expect(fuse.passed).toBeGreaterThan(80);

    for (let at = 1; at <= fuse.passed; at += 1) {
      const { watch } = await live(at);
      const told = new Map(watch.alerts().map((alert) => [`${alert.alertId} ${alert.seq}`, inShort(alert)]));
      expect([...told.values()], `killed at ${at}`).toEqual(['#1 down', '#2 down restarted', '#3 healthy restarted']);
      expect(kinds(watch.audit()), `killed at ${at}`).toEqual(['tunnel.down', 'request.asked', 'tunnel.back']);
    }
  });
});
