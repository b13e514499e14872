import { describe, expect, it } from 'vitest';
import { tunnelRestart } from '../../src/actions/tunnel-restart.ts';
import type { PlanFacts } from '../../src/core/action.ts';
import { hashPlan } from '../../src/core/plan.ts';
import type { Container } from '../../src/core/server.ts';
import type { Connector, TunnelReport } from '../../src/core/tunnel.ts';
import { planFacts, readPlan, readRefusal } from '../builders/a-plan.ts';
import { BEN } from '../builders/a-request.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { aContainer } from '../builders/memory-server.ts';
import { aTunnel } from '../builders/memory-settings.ts';

const REPLICAS = [
  aContainer({ id: 'c1', name: 'app-cloudflared-1' }),
  aContainer({ id: 'c2', name: 'app-cloudflared-2' }),
];

function connectors(...ids: string[]): Connector[] {
  return ids.map((id) => ({ id, version: '2026.3.0', runAt: undefined, connections: [] }));
}

function plan(
  tunnels: readonly TunnelReport[] = [aTunnel()],
  containers: readonly Container[] = [aContainer()],
  facts: Partial<PlanFacts> = {},
) {
  const snapshot = { ...aSnapshot(), tunnels: { tunnels, basis: 'The route leads through it.' } };
  return tunnelRestart.plan({}, snapshot, planFacts({ server: { containers }, ...facts }));
}

describe('the plan', () => {
  it('restarts the container and waits for Cloudflare', () => {
    expect(readPlan(plan([aTunnel({ status: 'down', connectors: [] })]))).toMatchInlineSnapshot(`
      "1. Restart the container cloudflared
      2. Wait until lantern-ocs is healthy"
    `);
  });

  it('says that everyone is cut off for some seconds, and that nothing was wrong', () => {
    expect(readPlan(plan())).toMatchInlineSnapshot(`
      "1. Restart the container cloudflared
      2. Wait until lantern-ocs is healthy
      !  Everyone who uses the app is cut off for some seconds.
      !  Before the restart lantern-ocs is healthy, says Cloudflare. It can be restarted all the same."
    `);
  });

  it('restarts replicas one after another, each once the one before it is back', () => {
    const made = plan([aTunnel({ connectors: connectors('b', 'a') })], REPLICAS);

    expect(readPlan(made)).toMatchInlineSnapshot(`
      "1. Restart the container app-cloudflared-1
      2. Wait until lantern-ocs is healthy with the new app-cloudflared-1
      3. Restart the container app-cloudflared-2
      4. Wait until lantern-ocs is healthy with the new app-cloudflared-2
      !  The replicas are restarted one after another, so nobody should notice.
      !  Before the restart lantern-ocs is healthy, says Cloudflare. It can be restarted all the same."
    `);
    expect(made.stages.map((stage) => stage.map(({ args }) => args))).toMatchInlineSnapshot(`
      [
        [
          {
            "id": "c1",
            "name": "app-cloudflared-1",
            "startedAt": "2026-11-18T08:00:00.000000001Z",
          },
        ],
        [
          {
            "before": [
              "a",
              "b",
            ],
            "container": "app-cloudflared-1",
            "fresh": 1,
            "isOneOfSeveral": true,
            "tunnels": [
              {
                "id": "tunnel-ocs",
                "name": "lantern-ocs",
              },
            ],
          },
        ],
        [
          {
            "id": "c2",
            "name": "app-cloudflared-2",
            "startedAt": "2026-11-18T08:00:00.000000001Z",
          },
        ],
        [
          {
            "before": [
              "a",
              "b",
            ],
            "container": "app-cloudflared-2",
            "fresh": 2,
            "isOneOfSeveral": true,
            "tunnels": [
              {
                "id": "tunnel-ocs",
                "name": "lantern-ocs",
              },
            ],
          },
        ],
      ]
    `);
  });

  it('waits for the very tunnel that a container runs, where that is known', () => {
    const tunnels = [
      aTunnel({ id: 'tunnel-a', name: 'ocs-a', connectors: connectors('a') }),
      aTunnel({ id: 'tunnel-b', name: 'ocs-b', connectors: connectors('b') }),
    ];
    const containers = [
      aContainer({ id: 'c1', name: 'cf-a', tunnelId: 'tunnel-a' }),
      aContainer({ id: 'c2', name: 'cf-b', tunnelId: 'tunnel-b' }),
    ];
    const made = plan(tunnels, containers);

    expect(readPlan(made)).toMatchInlineSnapshot(`
      "1. Restart the container cf-a
      2. Wait until ocs-a is healthy with the new cf-a
      3. Restart the container cf-b
      4. Wait until ocs-b is healthy with the new cf-b
      !  Everyone who uses the app is cut off for some seconds.
      !  Before the restart ocs-a and ocs-b are healthy, says Cloudflare. They can be restarted all the same."
    `);
    expect(made.stages.flat().flatMap(({ args }) => args['fresh'] ?? [])).toEqual([1, 1]);
  });

  it('tells tunnels of one name apart', () => {
    const tunnels = [
      aTunnel({ id: '11111111-aaaa', name: 'ocs', status: 'down', connectors: [] }),
      aTunnel({ id: '22222222-bbbb', name: 'ocs', status: 'down', connectors: [] }),
    ];
    expect(readPlan(plan(tunnels))).toMatchInlineSnapshot(`
      "1. Restart the container cloudflared
      2. Wait until ocs (11111111) and ocs (22222222) are healthy"
    `);
  });

  it('says who goes on where other replicas run elsewhere', () => {
    const tunnel = aTunnel({ connectors: connectors('here', 'elsewhere') });
    expect(plan([tunnel]).warnings[0]).toBe(
      'Everyone who comes through this container is cut off for some seconds. The replicas that run elsewhere go on.',
    );
  });

  it('says that everyone is cut off where only one of the replicas is connected', () => {
    const tunnel = aTunnel({ status: 'degraded', connectors: connectors('a') });
    expect(plan([tunnel], REPLICAS).warnings).toEqual(['Everyone who uses the app is cut off for some seconds.']);
  });

  it('leaves out a container that runs another tunnel, and names what it can’t reach', () => {
    const tunnels = [
      aTunnel({ id: 'tunnel-a', name: 'ocs-a' }),
      aTunnel({ id: 'tunnel-b', name: 'ocs-b', status: 'down', connectors: [] }),
    ];
    const containers = [
      aContainer({ id: 'c1', name: 'cf-a', tunnelId: 'tunnel-a' }),
      aContainer({ id: 'c2', name: 'cf-staging', tunnelId: 'tunnel-staging' }),
    ];
    expect(readPlan(plan(tunnels, containers))).toMatchInlineSnapshot(`
      "1. Restart the container cf-a
      2. Wait until ocs-a is healthy
      !  Everyone who uses the app is cut off for some seconds.
      !  No container here runs ocs-b, which is “down”. Restart it on its machine.
      !  cf-staging runs another tunnel than those of the app, so it is left out."
    `);
  });

  it('warns of a tunnel that was never run, and waits for it only if there is no other', () => {
    const never = aTunnel({ id: 'tunnel-new', name: 'ocs-new', status: 'inactive', connectors: [] });
    expect(readPlan(plan([never]))).toMatchInlineSnapshot(`
      "1. Restart the container cloudflared
      2. Wait until ocs-new is healthy
      !  ocs-new is “inactive”: it has never been run, so a restart may not help. Check the token that cloudflared was given."
    `);
    expect(readPlan(plan([aTunnel(), never]))).toMatchInlineSnapshot(`
      "1. Restart the container cloudflared
      2. Wait until lantern-ocs is healthy
      !  Everyone who uses the app is cut off for some seconds.
      !  ocs-new is “inactive”: it has never been run, so a restart may not help. Check the token that cloudflared was given."
    `);
  });

  it('warns of a container that does not stay up', () => {
    const tunnel = aTunnel({ status: 'down', connectors: [] });
    expect(readPlan(plan([tunnel], [aContainer({ state: 'restarting' })]))).toMatchInlineSnapshot(`
      "1. Restart the container cloudflared
      2. Wait until lantern-ocs is healthy
      !  cloudflared does not stay up: Docker keeps starting it again, so a restart alone may not help. “/ocs-access tunnel” shows its log."
    `);
  });

  it('is the same when it is made a little later', () => {
    const first = plan([aTunnel({ connectors: connectors('b', 'a'), activeAt: 1 })], [aContainer({ restarts: 2 })]);
    const second = plan([aTunnel({ connectors: connectors('a', 'b'), activeAt: 2 })], [aContainer({ restarts: 3 })], {
      now: planFacts().now + 5000,
    });
    expect(hashPlan(second)).toBe(hashPlan(first));

    const [one, other] = [aTunnel(), aTunnel({ id: 'tunnel-b', name: 'ocs-b' })];
    expect(hashPlan(plan([other, one]))).toBe(hashPlan(plan([one, other])));
  });
});

describe('it can’t be planned', () => {
  it('where no Docker can be reached: it says what to type', () => {
    const server = {
      problem: 'No Docker Engine answers at /var/run/docker.sock.',
      byHand: 'docker compose restart cloudflared',
    };
    expect(readRefusal(() => plan(undefined, undefined, { server }))).toMatchInlineSnapshot(
      `"no-server (undefined): I can’t restart it from here. No Docker Engine answers at /var/run/docker.sock. Type this on the server instead: docker compose restart cloudflared"`,
    );
  });

  it('without a tunnel', () => {
    const basis = 'The network route 10.20.0.0/16 leads to a tunnel that was deleted.';
    const snapshot = { ...aSnapshot(), tunnels: { tunnels: [], basis } };
    const facts = planFacts({ server: { containers: [aContainer()] } });
    expect(readRefusal(() => tunnelRestart.plan({}, snapshot, facts))).toMatchInlineSnapshot(
      `"no-tunnel (undefined): Cloudflare knows no tunnel that leads to the app, so there is none to restart. The network route 10.20.0.0/16 leads to a tunnel that was deleted. Set one up in the Zero Trust dashboard, under Networks → Tunnels."`,
    );
  });

  it('where the containers run other tunnels', () => {
    expect(readRefusal(() => plan(undefined, [aContainer({ tunnelId: 'tunnel-staging' })]))).toMatchInlineSnapshot(
      `"other-tunnel (undefined): cloudflared on the server runs another tunnel than lantern-ocs, so nothing was restarted. Restart cloudflared on the machine that runs lantern-ocs, or have your operator check CLOUDFLARED_CONTAINER."`,
    );
  });
});

describe('who decides', () => {
  const actor = BEN;
  it.each([
    ['an approver alone', { isSystem: false, isApprover: true }, 0],
    ['the bot that heals it', { isSystem: true, isApprover: false }, 0],
    ['an approver, where somebody else asks', { isSystem: false, isApprover: false }, 1],
  ])('%s', (_who, asking, needed) => {
    expect(tunnelRestart.approvals({}, { actor, ...asking })).toBe(needed);
  });
});
