import { describe, expect, it } from 'vitest';
import { TransientError } from '../../src/core/errors.ts';
import { auditSummary } from '../../src/slack/audit-summary.ts';
import { outcomeMessage } from '../../src/slack/outcome-message.ts';
import { plainly } from '../../src/slack/plainly.ts';
import { aTunnelRun, type TunnelRunOptions } from '../builders/a-tunnel-run.ts';
import { aFuse, Killed } from '../builders/fuse.ts';
import { aContainer } from '../builders/memory-server.ts';
import { aTunnel } from '../builders/memory-settings.ts';
import { read } from '../slack/read.ts';

const REPLICAS: TunnelRunOptions = {
  containers: [
    aContainer({ id: 'c1', name: 'app-cloudflared-1' }),
    aContainer({ id: 'c2', name: 'app-cloudflared-2' }),
  ],
  tunnel: aTunnel({
    connectors: ['connector-1', 'connector-2'].map((id) => ({
      id,
      version: '2026.3.0',
      runAt: undefined,
      connections: [],
    })),
  }),
};

/** A restart that an approver has confirmed. */
async function asked(options: TunnelRunOptions = {}) {
  const run = aTunnelRun(options);
  const { id } = await run.askRestart();
  return { ...run, id, result: () => run.run(id) };
}

const NEVER = { seenAfterMs: Infinity };

describe('after a restart', () => {
  it('the tunnel is waited for, and how long that took is said', async () => {
    const { result, told, clock, bugs } = await asked();
    const since = clock.now();

    const request = await result();

    expect(request.status).toBe('done');
    expect(request.steps[1]).toMatchObject({
      changed: false,
      notes: ['lantern-ocs is healthy again, 15 s after the restart.'],
    });
    // It looks every 3 s, and counts none of that as a failed try.
    expect(clock.now() - since).toBe(15_000);
    expect(request.steps[1]?.tries).toBe(0);
    expect(told()).toMatchInlineSnapshot(`
      [
        "Began to carry out REQ-0001: Restart the tunnel.",
        "Done: Restart the container cloudflared.",
        "Checked: Wait until lantern-ocs is healthy. lantern-ocs is healthy again, 15 s after the restart.",
        "REQ-0001 is done: Restart the tunnel.",
      ]
    `);
    expect(read(outcomeMessage(request))).toMatchInlineSnapshot(`
      "✅ REQ-0001 is done: Restart the tunnel.
      What was done
      • Restart the container cloudflared
      • Wait until lantern-ocs is healthy
      What was found
      • lantern-ocs is healthy again, 15 s after the restart.
      (It took 15 s, and everything was checked afterwards.)"
    `);
    expect(bugs).toEqual([]);
  });

  it('what Cloudflare still says of the old connections is not taken for news', async () => {
    const { result, cloudflare, server, clock } = await asked(NEVER);
    // It goes on showing the one that has ended, as healthy, for a while.
    server.afterRestart(() => cloudflare.setTunnels([aTunnel()]));
    const since = clock.now();
    cloudflare.intercept('before', (call) => {
      if (call !== 'tunnels -' || clock.now() - since < 20_000) return;
      const [fresh] = aTunnel().connectors;
      if (fresh !== undefined) cloudflare.setTunnels([aTunnel({ connectors: [{ ...fresh, id: 'connector-2' }] })]);
    });

    const { status, steps } = await result();

    expect({ status, notes: steps[1]?.notes }).toEqual({
      status: 'done',
      notes: ['lantern-ocs is healthy again, 21 s after the restart.'],
    });
  });

  it('replicas are restarted strictly one after another', async () => {
    const { result, server, cloudflare, clock } = await asked(REPLICAS);
    const since = clock.now();
    const restartedAt: [string, number, string | undefined][] = [];
    server.intercept(async (call) => {
      if (call !== 'restart') return;
      const [tunnel] = await cloudflare.tunnels();
      restartedAt.push([`after ${server.restarted.length}`, clock.now() - since, tunnel?.status]);
    });

    const { status, steps } = await result();

    expect(status).toBe('done');
    expect(server.restarted).toEqual(['c1', 'c2']);
    expect(restartedAt).toEqual([
      ['after 0', 0, 'healthy'],
      ['after 1', 15_000, 'healthy'],
    ]);
    expect(steps.flatMap(({ notes = [] }) => notes)).toEqual([
      'lantern-ocs is healthy again, 15 s after the restart of app-cloudflared-1.',
      'lantern-ocs is healthy again, 15 s after the restart of app-cloudflared-2.',
    ]);
  });
});

describe('a tunnel that does not become healthy', () => {
  it('is given up after two minutes, with the log and what to do next', async () => {
    const { result, clock } = await asked(NEVER);
    const since = clock.now();

    const request = await result();

    expect(request.status).toBe('failed');
    expect(clock.now() - since).toBe(120_000);
    expect(request.problem).toMatchInlineSnapshot(`
      "Not healthy 2 min after the restart. lantern-ocs is “down”: no connection, so nobody gets through.
      Next steps:
      1. Look at the tunnel in the Zero Trust dashboard, under Networks → Tunnels.
      2. On the server, read the whole log: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml logs cloudflared
      3. On the server, restart it by hand: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared
      The last lines of the log of cloudflared:
          INF Registered tunnel connection
          ERR Lost it"
    `);
    expect(read(outcomeMessage(request))).toMatchInlineSnapshot(`
      "❌ REQ-0001 could not be done: Restart the tunnel.
      What failed
      • Wait until lantern-ocs is healthy: Not healthy 2 min after the restart. lantern-ocs is “down”: no connection, so nobody gets through.
      Next steps:
      1. Look at the tunnel in the Zero Trust dashboard, under Networks → Tunnels.
      2. On the server, read the whole log: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml logs cloudflared
      3. On the server, restart it by hand: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared
      The last lines of the log of cloudflared:
      INF Registered tunnel connection
      ERR Lost it
      What stays as it was done
      • Restart the container cloudflared"
    `);
    expect(read(auditSummary(request))).toContain(
      'The last lines of the log of cloudflared:\nINF Registered tunnel connection\nERR Lost it\n',
    );
    expect(read(plainly(outcomeMessage(request)))).toContain('ERR Lost it');
  });

  it('keeps the other replica from being restarted', async () => {
    const { result, server } = await asked({ ...REPLICAS, ...NEVER });

    const { status, steps } = await result();

    expect(status).toBe('failed');
    expect(server.restarted).toEqual(['c1']);
    expect(steps.map(({ state }) => state)).toEqual(['done', 'failed', 'skipped', 'skipped']);
  });

  it('is told from one that is healthy by another machine', async () => {
    const { result, cloudflare, server } = await asked(NEVER);
    server.afterRestart(() => cloudflare.setTunnels([aTunnel()]));

    expect((await result()).problem?.split('\n')[0]).toMatchInlineSnapshot(
      `"lantern-ocs is healthy by connections from before, but no new one came within 2 min of the restart of cloudflared. Its log may say why; if not, another machine may run the tunnel."`,
    );
  });

  it('is not waited for once somebody has deleted it', async () => {
    const { result, cloudflare, server, clock } = await asked(NEVER);
    server.afterRestart(() => cloudflare.setTunnels([]));
    const since = clock.now();

    const { status, problem } = await result();

    expect({ status, after: clock.now() - since }).toEqual({ status: 'failed', after: 0 });
    expect(problem).toMatchInlineSnapshot(
      `"Cloudflare has no tunnel lantern-ocs any more: somebody has deleted it, and no restart brings it back. Look in the Zero Trust dashboard, under Networks → Tunnels."`,
    );
  });

  it('says why its log can’t be read', async () => {
    const { result, server } = await asked(NEVER);
    server.intercept((call) => {
      if (call === 'logs')
        throw new TransientError('Docker did not answer within 10 s.', { code: 'docker-unavailable' });
    });

    expect((await result()).problem).toContain(
      '\nThe log of cloudflared can’t be read: Docker did not answer within 10 s.',
    );
  });

  it('says so where the log is empty, or the container gone', async () => {
    const silent = await asked({ ...NEVER, log: [] });
    expect((await silent.result()).problem).toContain('\nThe log of cloudflared is empty.');

    const { result, server, clock } = await asked(NEVER);
    const since = clock.now();
    server.intercept((call) => {
      if (call === 'containers' && clock.now() - since >= 120_000) server.change('c0ffee01', { name: 'tunnel' });
    });
    expect((await result()).problem).toContain('\nThe log of cloudflared can’t be read: it is not there any more.');
  });

  it('fits into a message with the longest log lines', async () => {
    const log = Array.from({ length: 10 }, () => 'x & '.repeat(500));
    const { result } = await asked({ ...NEVER, tunnel: aTunnel({ name: 'n'.repeat(300) }), log });

    const request = await result();

    expect(request.problem?.length).toBeLessThan(2000);
    expect(read(outcomeMessage(request))).toContain('3. On the server');
  });
});

describe('bad luck', () => {
  it('a worker that is killed while it waits comes to the same end, after one restart', async () => {
    const counted = await asked();
    const fuse = aFuse(Infinity);
    await counted.worker(fuse)(counted.id);

    for (let at = 1; at <= fuse.passed; at += 1) {
      const tried = await asked();
      await expect(tried.worker(aFuse(at))(tried.id), `killed at ${at}`).rejects.toBeInstanceOf(Killed);
      const { status, steps } = await tried.result();
      expect({ at, status, restarted: tried.server.restarted, states: steps.map(({ state }) => state) }).toEqual({
        at,
        status: 'done',
        restarted: ['c0ffee01'],
        states: ['done', 'done'],
      });
    }
  });

  it('the two minutes count from the first look, also for the worker that takes it up after a crash', async () => {
    const { id, worker, clock, result } = await asked(NEVER);
    const since = clock.now();
    await worker()(id);
    clock.advance(110_000);

    expect((await result()).status).toBe('failed');
    expect(clock.now() - since).toBeLessThan(125_000);
  });

  it('Cloudflare failing for a while does not end the wait', async () => {
    const { result, cloudflare, server } = await asked();
    let failures = 3;
    cloudflare.intercept('before', (call) => {
      if (call !== 'tunnels -' || failures === 0) return;
      failures -= 1;
      throw new TransientError('Cloudflare answered 502.', { code: 'cloudflare-unavailable' });
    });

    expect(await result()).toMatchObject({ status: 'done' });
    expect(server.restarted).toEqual(['c0ffee01']);
  });
});
