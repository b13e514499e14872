import { describe, expect, it } from 'vitest';
import { PermanentError, TransientError } from '../../src/core/errors.ts';
import { presses, refusal, seen } from '../builders/a-house.ts';
import { BEN, CARA } from '../builders/a-request.ts';
import { aTunnelRun, type TunnelRunOptions } from '../builders/a-tunnel-run.ts';
import { aFuse, Killed } from '../builders/fuse.ts';
import { aContainer } from '../builders/memory-server.ts';

/** A restart that an approver has confirmed. */
async function asked(options: TunnelRunOptions = {}) {
  const run = aTunnelRun({ seenAfterMs: 0, ...options });
  const { id } = await run.askRestart();
  return { ...run, id, result: () => run.run(id) };
}

const RECORDED = ({ state, changed }: { readonly state: string; readonly changed: boolean }) => [state, changed];

describe('a container', () => {
  it('is restarted, and that is read back', async () => {
    const { result, server, told } = await asked();

    const { status, steps } = await result();

    expect(status).toBe('done');
    expect(server.restarted).toEqual(['c0ffee01']);
    expect(steps.map(RECORDED)).toEqual([
      ['done', true],
      ['done', false],
    ]);
    expect(told()[1]).toBe('Done: Restart the container cloudflared.');
  });

  it('is not restarted again if it was started anew since this was planned', async () => {
    const { result, server, told } = await asked();
    server.change('c0ffee01', { startedAt: '2026-11-21T10:59:00.000000001Z' });

    const { steps } = await result();

    expect(steps[0]).toMatchObject({ state: 'done', changed: false });
    expect(server.restarted).toEqual([]);
    expect(told()[1]).toBe(
      'Checked: Restart the container cloudflared. cloudflared was started anew after this was planned, by another request or on the server, so it was not restarted again.',
    );
  });

  it('is started where somebody has stopped it', async () => {
    const { result, server } = await asked();
    server.change('c0ffee01', { state: 'exited', exitCode: 0 });

    expect(await result()).toMatchObject({ status: 'done' });
    expect(server.restarted).toEqual(['c0ffee01']);
  });

  it('that was started anew and has ended since is restarted all the same, once', async () => {
    const { result, server } = await asked();
    server.change('c0ffee01', { startedAt: '2026-11-21T10:59:00.000000001Z', state: 'exited', exitCode: 1 });

    expect(await result()).toMatchObject({ status: 'done' });
    expect(server.restarted).toEqual(['c0ffee01']);
  });

  it('that was made anew meanwhile is found by its name', async () => {
    const { result, server } = await asked();
    server.change('c0ffee01', { id: 'c0ffee02', startedAt: '2026-11-21T10:59:00.000000001Z' });

    expect((await result()).steps[0]).toMatchObject({ state: 'done', changed: false });
    expect(server.restarted).toEqual([]);
  });

  it('that is gone is said to be gone', async () => {
    const { result, server } = await asked();
    server.change('c0ffee01', { name: 'tunnel' });

    expect((await result()).problem).toMatchInlineSnapshot(
      `"There is no container cloudflared on the server any more. Start it there again, or ask once more if it has another name now."`,
    );
    expect(server.restarted).toEqual([]);
  });
});

describe('two requests at once', () => {
  it('restart it once', async () => {
    const run = aTunnelRun({ seenAfterMs: 0 });
    // The second was asked by somebody who had to wait for an approver, while the first was not there yet.
    const other = await run.askRestart(BEN);
    const one = await run.askRestart();
    await run.approve(other.id, seen(other), presses(CARA));

    const ends = await Promise.all([run.run(one.id), run.run(other.id)]);

    expect(ends.map(({ status }) => status)).toEqual(['done', 'done']);
    expect(ends.filter(({ steps }) => steps[0]?.changed === true)).toHaveLength(1);
    expect(run.server.restarted).toEqual(['c0ffee01']);
  });

  it('are one if the second comes while the first is under way', async () => {
    const { askRestart, id } = await asked();

    const error = await refusal(askRestart());

    expect(error.code).toBe('under-way');
    expect(error.message).toContain(id);
  });
});

describe('bad luck', () => {
  it('a restart whose answer is lost is looked for, not repeated', async () => {
    const { result, server } = await asked();
    let lost = 0;
    server.afterRestart(() => {
      lost += 1;
      throw new TransientError('Docker did not answer within 10 s.', { code: 'docker-unavailable' });
    });

    const { status, steps } = await result();

    expect({ status, lost, restarted: server.restarted }).toEqual({ status: 'done', lost: 1, restarted: ['c0ffee01'] });
    expect(steps[0]).toMatchObject({ state: 'done', changed: true });
  });

  it('a container that does not stay up is not started over and over, and its log says why', async () => {
    const { result, server, clock } = await asked();
    server.afterRestart((id) => server.change(id, { state: 'restarting', exitCode: 1 }));
    const since = clock.now();

    const { status, problem, steps } = await result();

    expect(status).toBe('failed');
    expect(problem).toMatchInlineSnapshot(`
      "cloudflared was started but does not stay up: Docker says “restarting”, its last exit code was 1.
      Next steps:
      1. Look at the tunnel in the Zero Trust dashboard, under Networks → Tunnels.
      2. On the server, read the whole log: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml logs cloudflared
      3. On the server, restart it by hand: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared
      The last lines of the log of cloudflared:
          INF Registered tunnel connection
          ERR Lost it"
    `);
    expect(server.restarted).toEqual(['c0ffee01']);
    expect(clock.now() - since).toBe(30_000);
    expect(steps.map(({ state }) => state)).toEqual(['failed', 'skipped']);
  });

  it('a container that takes some seconds to run is waited for', async () => {
    const { result, server, cloudflare } = await asked();
    let looks = 0;
    server.afterRestart((id) => server.change(id, { state: 'created' }));
    server.intercept((call) => {
      if (call === 'containers' && server.restarted.length > 0 && ++looks === 3)
        server.change('c0ffee01', { state: 'running' });
    });

    expect(await result()).toMatchObject({ status: 'done' });
    expect(server.restarted).toEqual(['c0ffee01']);
    expect(cloudflare.calls).not.toEqual([]);
  });

  it('whatever Docker refuses, there is a command to type', async () => {
    const { result, server } = await asked();
    server.intercept((call) => {
      if (call === 'restart') {
        throw new PermanentError('Docker does not let me restart cloudflared.', { code: 'docker-not-permitted' });
      }
    });

    expect((await result()).problem).toMatchInlineSnapshot(
      `"Docker does not let me restart cloudflared. By hand, on the server: “docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared”."`,
    );
  });

  it('a restart that Docker says it did, and did not, is not repeated', async () => {
    const { result, server } = await asked();
    server.afterRestart((id) => server.change(id, { startedAt: aContainer().startedAt }));

    expect((await result()).problem).toMatchInlineSnapshot(
      `"Docker says that it has restarted cloudflared, but shows that it was started last at 2026-11-18T08:00:00.000000001Z, as before. On the server, type: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared"`,
    );
    expect(server.restarted).toEqual(['c0ffee01']);
  });

  it('a worker that is killed, wherever it is, leaves one restart', async () => {
    const counted = await asked();
    const fuse = aFuse(Infinity);
    await counted.worker(fuse)(counted.id);
    expect(fuse.passed).toBeGreaterThan(15);

    for (let at = 1; at <= fuse.passed; at += 1) {
      const tried = await asked();
      await expect(tried.worker(aFuse(at))(tried.id), `killed at ${at}`).rejects.toBeInstanceOf(Killed);
      const { status, steps } = await tried.result();

      const end = {
        at,
        status,
        restarted: tried.server.restarted,
        steps: steps.map(RECORDED),
        bugs: tried.bugs.filter((bug) => !(bug instanceof Killed)),
      };
      expect(end).toEqual({
        at,
        status: 'done',
        restarted: ['c0ffee01'],
        steps: [
          ['done', true],
          ['done', false],
        ],
        bugs: [],
      });
    }
  });
});
