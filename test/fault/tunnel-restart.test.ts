import { describe, expect, it, onTestFinished } from 'vitest';
import { ids } from '../../sandbox/cloudflare/seed-ids.ts';
import type { SeedOptions } from '../../sandbox/cloudflare/seed-options.ts';
import { startCloudflare } from '../../sandbox/cloudflare/server.ts';
import { startDocker } from '../../sandbox/docker/start-docker.ts';
import { verifyChain } from '../../src/core/audit.ts';
import { createDockerServer } from '../../src/server/docker.ts';
import { aClock } from '../builders/a-clock.ts';
import { aKillableHouse } from './a-killable-house.ts';

/** An account and a server that both answer over the wire, and the restart that Cara has confirmed. `isHasty`: nobody waits long for it. */
async function asked({ isHasty = false, ...seed }: SeedOptions & { readonly isHasty?: boolean } = {}) {
  const clock = aClock();
  const cf = await startCloudflare({ seed, now: () => clock.now(), openapi: '' });
  const docker = await startDocker({
    now: () => clock.now(),
    tunnels: cf.account,
    tunnelId: ids.tunnel,
    connectorIds: cf.account.tunnel().connectors.map(({ id }) => id),
    comesBackAfterMs: 0,
  });
  const container = 'cloudflared';
  const target = { kind: 'socket', path: docker.host.replace('unix://', '') } as const;
  const patient = createDockerServer({ target, container });
  const hasty = createDockerServer({ target, container, limitMs: 300, graceSeconds: 0 });
  const server = isHasty ? { ...patient, restart: (id: string) => hasty.restart(id) } : patient;
  const house = await aKillableHouse(cf, clock, server);
  const { id } = await house.asks({ action: 'tunnel-restart', input: async () => ({}) });
  onTestFinished(async () => {
    await house.close();
    await docker.stop();
    await cf.stop();
  });
  return { cf, docker, house, id };
}

/** What counts in the end, whatever happened on the way. */
async function ending({ cf, docker, house, id }: Awaited<ReturnType<typeof asked>>) {
  const request = await house.store.load(id);
  const entries = await house.audit();
  return {
    status: request?.status,
    steps: request?.steps.map(({ state, changed }) => [state, changed]),
    told: entries.filter(({ kind }) => kind.startsWith('run.')).map(({ says }) => says.replace(/\d+ s\b/g, 'some s')),
    restarts: docker.restarts.map(({ name }) => name),
    tunnel: cf.account.tunnel().status,
    isChainWhole: verifyChain(entries).ok,
    bugs: house.bugs,
  };
}

describe('a worker that is killed while it restarts', () => {
  // Each point is a request of its own.
  it.each([1, 2])(
    '%i of cloudflared leaves the same end, wherever it was, and each restarted once',
    { timeout: 120_000 },
    async (replicas) => {
      const undisturbed = await asked({ replicas });
      await undisturbed.house.toTheEnd(undisturbed.id);
      const expected = await ending(undisturbed);
      expect(expected).toMatchObject({ status: 'done', tunnel: 'healthy', isChainWhole: true, bugs: [] });
      expect(expected.restarts).toHaveLength(replicas);

      let point = 0;
      for (let isKilled = true; isKilled;) {
        point += 1;
        const tried = await asked({ replicas });
        isKilled = await tried.house.killedAt(tried.id, point);
        if (isKilled) await tried.house.toTheEnd(tried.id);
        expect({ point, ...(await ending(tried)) }).toEqual({ point, ...expected });
      }
      expect(point).toBeGreaterThan(20 * replicas);
    },
  );
});

describe('an Engine', () => {
  it('whose answer to the restart is lost: it is looked for, and not asked again', async () => {
    const run = await asked();
    run.docker.losesAnswers(/restart$/);

    await run.house.toTheEnd(run.id);

    expect(await ending(run)).toMatchObject({ status: 'done', restarts: ['cloudflared'], tunnel: 'healthy' });
  });

  it('that hangs at the restart: it is asked again, and what to do by hand is said in the end', async () => {
    const run = await asked({ isHasty: true });
    run.docker.hangs(/restart$/);

    await run.house.toTheEnd(run.id);

    expect(await ending(run)).toMatchObject({ status: 'failed', restarts: [], tunnel: 'healthy' });
    expect((await run.house.store.load(run.id))?.problem).toMatchInlineSnapshot(
      `"Docker did not answer within 0.3 seconds (POST /containers/cloudflared/restart). Whether it was done is not known. By hand, on the server: “docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared”. Tried 6 times."`,
    );
  });

  it('that hangs at the restart for a while', async () => {
    const run = await asked({ isHasty: true });
    run.docker.hangs(/restart$/);
    const going = run.house.toTheEnd(run.id);
    await expect.poll(() => run.docker.calls.some(({ status }) => status === 0), { timeout: 10_000 }).toBe(true);
    run.docker.recovers();
    await going;

    expect(await ending(run)).toMatchObject({ status: 'done', restarts: ['cloudflared'], tunnel: 'healthy' });
  });
});
