import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { approverBlocks } from '../../src/slack/home-approver.ts';
import { plainly, textOnly } from '../../src/slack/plainly.ts';
import { tunnelMessage, type TunnelPicture } from '../../src/slack/tunnel-message.ts';
import type { SeenContainer } from '../../src/slack/tunnel-server-lines.ts';
import type { Connector, TunnelReport } from '../../src/core/tunnel.ts';
import { ASKED_AT } from '../builders/a-request.ts';
import { aContainer } from '../builders/memory-server.ts';
import { aTunnel } from '../builders/memory-settings.ts';
import { aHome } from './a-home.ts';
import { expectWithinLimits, read } from './read.ts';

const HOUR = 60 * 60 * 1000;
const BASIS = 'The network route 10.20.0.0/16 leads through it.';

function aConnector(id: string, colos: readonly string[], changes: Partial<Connector> = {}): Connector {
  return {
    id,
    version: '2026.3.0',
    runAt: ASKED_AT - 72 * HOUR,
    connections: colos.map((colo) => ({ colo, openedAt: ASKED_AT - HOUR })),
    ...changes,
  };
}

const HEALTHY = aTunnel({
  activeAt: ASKED_AT - 71 * HOUR,
  connectors: [aConnector('connector-1', ['ams01', 'fra08', 'fra08', 'ams01'])],
});
const DOWN = aTunnel({ status: 'down', inactiveAt: ASKED_AT - HOUR, connectors: [] });

const RUNNING: SeenContainer = {
  container: aContainer(),
  log: { lines: ['INF Registered tunnel connection', 'ERR token=••••• <lost>'] },
};

function picture(changes: Partial<TunnelPicture> = {}): TunnelPicture {
  return {
    tunnels: { tunnels: [HEALTHY], basis: BASIS },
    server: { containers: [RUNNING] },
    canRestart: true,
    now: ASKED_AT,
    ...changes,
  };
}

function withTunnels(...tunnels: TunnelReport[]): TunnelPicture {
  return picture({ tunnels: { tunnels, basis: BASIS } });
}

function withContainer(changes: Parameters<typeof aContainer>[0], log?: SeenContainer['log']): TunnelPicture {
  return picture({ server: { containers: [{ container: aContainer(changes), log }] } });
}

/** Only what is said of the server, without the button. */
function readServer(given: TunnelPicture): string {
  return read(tunnelMessage(given)).split('# On the server\n')[1]?.replace('\n[Restart]', '') ?? '';
}

describe('a tunnel that is healthy', () => {
  it('is shown with its connections, its container and its log', () => {
    const message = tunnelMessage(picture());

    expect(read(message)).toMatchInlineSnapshot(`
      "# ✅ lantern-ocs is healthy
      lantern-ocs is healthy: connected, everything gets through. Connected since 2026-11-18 12:00 UTC. 1 replica of cloudflared:
      • Version 2026.3.0, runs since 2026-11-18 11:00 UTC, connected to ams01 ×2, fra08 ×2
      (The network route 10.20.0.0/16 leads through it.)
      [Restart]
      # On the server
      cloudflared is running since 2026-11-18 08:00 UTC.
      • Image: cloudflare/cloudflared:2026.3.0
      The last 2 lines of its log:
      INF Registered tunnel connection
      ERR token=••••• <lost>"
    `);
    expect(message.text).toMatchInlineSnapshot(
      `"The tunnel lantern-ocs is healthy: connected, everything gets through. On the server, cloudflared is running."`,
    );
    expect(JSON.stringify(message.blocks)).not.toContain('danger');
  });

  it('is the same in the oldest blocks', () => {
    expect(read(plainly(tunnelMessage(picture())))).toMatchInlineSnapshot(`
      "# ✅ lantern-ocs is healthy
      lantern-ocs is healthy: connected, everything gets through. Connected since 2026-11-18 12:00 UTC. 1 replica of cloudflared:
      • Version 2026.3.0, runs since 2026-11-18 11:00 UTC, connected to ams01 ×2, fra08 ×2
      (The network route 10.20.0.0/16 leads through it.)
      [Restart]
      # On the server
      cloudflared is running since 2026-11-18 08:00 UTC.
      • Image: cloudflare/cloudflared:2026.3.0
      The last 2 lines of its log:
      INF Registered tunnel connection
      ERR token=••••• lost"
    `);
  });
});

describe('a tunnel that is not', () => {
  it('down: since when, with a red button', () => {
    const message = tunnelMessage(withTunnels(DOWN));

    expect(read(message)).toMatchInlineSnapshot(`
      "# ⚠️ lantern-ocs is down
      lantern-ocs is down: no connection, so nobody gets through. Without a connection since 2026-11-21 10:00 UTC. No replica of cloudflared is connected.
      (The network route 10.20.0.0/16 leads through it.)
      [Restart]
      # On the server
      cloudflared is running since 2026-11-18 08:00 UTC.
      • Image: cloudflare/cloudflared:2026.3.0
      The last 2 lines of its log:
      INF Registered tunnel connection
      ERR token=••••• <lost>"
    `);
    expect(message.text).toMatchInlineSnapshot(
      `"The tunnel lantern-ocs is down: no connection, so nobody gets through. On the server, cloudflared is running."`,
    );
    expect(JSON.stringify(message.blocks)).toContain('"style":"danger"');
  });

  it('degraded: an outdated version is marked in words', () => {
    const connectors = [
      aConnector('connector-1', ['fra08'], { version: '2024.1.5' }),
      aConnector('connector-2', [], { version: '', runAt: undefined }),
    ];
    expect(
      read(tunnelMessage(withTunnels(aTunnel({ status: 'degraded', activeAt: ASKED_AT, connectors })))).split(
        '# On',
      )[0],
    ).toMatchInlineSnapshot(`
      "# ⚠️ lantern-ocs is degraded
      lantern-ocs is degraded: connected, but some of its connections are missing. Connected since 2026-11-21 11:00 UTC. 2 replicas of cloudflared:
      • Version 2024.1.5 (outdated: Cloudflare no longer supports it), runs since 2026-11-18 11:00 UTC, connected to fra08
      • Version unknown, without a connection now
      (The network route 10.20.0.0/16 leads through it.)
      [Restart]
      "
    `);
  });

  it.each([
    ['inactive', 'lantern-ocs is inactive: set up, but it has never been run. No replica of cloudflared is connected.'],
    [
      'unknown',
      'lantern-ocs is unknown: in a state that this version of the bot does not know. No replica of cloudflared is connected.',
    ],
  ] as const)('%s', (status, says) => {
    expect(read(tunnelMessage(withTunnels(aTunnel({ status, connectors: [] }))))).toContain(`\n${says}\n`);
  });
});

describe('several tunnels', () => {
  it('of one name are told apart, and what is not well is said first', () => {
    const tunnels = [
      { ...HEALTHY, id: '11111111-aaaa', name: 'ocs' },
      { ...DOWN, id: '22222222-bbbb', name: 'ocs' },
    ];
    const message = tunnelMessage(withTunnels(...tunnels));

    expect(read(message).split('# On')[0]).toMatchInlineSnapshot(`
      "# ⚠️ 1 of 2 tunnels is not healthy
      ocs (11111111) is healthy: connected, everything gets through. Connected since 2026-11-18 12:00 UTC. 1 replica of cloudflared:
      • Version 2026.3.0, runs since 2026-11-18 11:00 UTC, connected to ams01 ×2, fra08 ×2
      ocs (22222222) is down: no connection, so nobody gets through. Without a connection since 2026-11-21 10:00 UTC. No replica of cloudflared is connected.
      (The network route 10.20.0.0/16 leads through it.)
      [Restart]
      "
    `);
    expect(message.text).toMatchInlineSnapshot(
      `"The tunnel ocs (22222222) is down: no connection, so nobody gets through. The tunnel ocs (11111111) is healthy: connected, everything gets through. On the server, cloudflared is running."`,
    );
  });

  it('are counted where all are healthy', () => {
    expect(read(tunnelMessage(withTunnels(HEALTHY, { ...HEALTHY, id: 'b', name: 'ocs-b' })))).toContain(
      '# ✅ All 2 tunnels are healthy',
    );
  });
});

describe('what can’t be seen', () => {
  it('no tunnel: what to do, and nothing to restart', () => {
    const basis = 'The network route 10.20.0.0/16 leads to a tunnel that was deleted.';
    const message = tunnelMessage(picture({ tunnels: { tunnels: [], basis } }));

    expect(read(message)).toMatchInlineSnapshot(`
      "# ⚠️ There is no tunnel
      Cloudflare knows no tunnel that leads to the app. The network route 10.20.0.0/16 leads to a tunnel that was deleted. Set one up in the Zero Trust dashboard, under Networks → Tunnels, and add a route to the app.
      # On the server
      cloudflared is running since 2026-11-18 08:00 UTC.
      • Image: cloudflare/cloudflared:2026.3.0
      The last 2 lines of its log:
      INF Registered tunnel connection
      ERR token=••••• <lost>"
    `);
    expect(JSON.stringify(message.blocks)).not.toContain('open:tunnel-restart');
  });

  it('Cloudflare: the server is shown all the same', () => {
    const text = read(tunnelMessage(picture({ tunnels: { problem: 'Cloudflare does not answer.' } })));

    expect(text).toContain(
      '# ⚠️ The tunnel can’t be read\nCloudflare does not answer.\n[Restart]\n# On the server\ncloudflared is running',
    );
    expect(text).toContain('[Restart]');
  });

  it('the server: the command to type, in place of a button that could do nothing', () => {
    const server = {
      problem: 'No Docker Engine answers at /var/run/docker.sock.',
      byHand: 'docker compose restart cloudflared',
    };
    const message = tunnelMessage(picture({ server, canRestart: false }));

    expect(read(message)).toMatchInlineSnapshot(`
      "# ✅ lantern-ocs is healthy
      lantern-ocs is healthy: connected, everything gets through. Connected since 2026-11-18 12:00 UTC. 1 replica of cloudflared:
      • Version 2026.3.0, runs since 2026-11-18 11:00 UTC, connected to ams01 ×2, fra08 ×2
      (The network route 10.20.0.0/16 leads through it.)
      # On the server
      No Docker Engine answers at /var/run/docker.sock. To restart it there by hand, type:
      docker compose restart cloudflared"
    `);
    expect(message.text).toContain('No Docker Engine answers at /var/run/docker.sock.');
  });

  it('nor is the command said twice', () => {
    const byHand = 'docker restart cloudflared';
    const server = { problem: `There is no such socket. To restart it by hand, type there: ${byHand}`, byHand };
    expect(readServer(picture({ server, canRestart: false }))).toBe(
      `There is no such socket. To restart it by hand, type there:\n${byHand}`,
    );
  });

  it('the log: for members only the state, with who sees more', () => {
    expect(readServer(withContainer({}))).toMatchInlineSnapshot(`
      "cloudflared is running since 2026-11-18 08:00 UTC.
      • Image: cloudflare/cloudflared:2026.3.0
      Approvers see the last lines of the log here."
    `);
  });

  it('the log, because Docker did not give it', () => {
    expect(readServer(withContainer({}, { problem: 'Docker did not answer within 10 s.' }))).toContain(
      'Its log can’t be read: Docker did not answer within 10 s.',
    );
    expect(readServer(withContainer({}, { lines: [] }))).toContain('Its log is empty.');
  });

  it('any container of this tunnel', () => {
    expect(readServer(picture({ server: { containers: [] } }))).toMatchInlineSnapshot(
      `"No container that I can see on the server runs it. Another machine may."`,
    );
    expect(read(tunnelMessage(picture({ server: { containers: [] } })))).not.toContain('[Restart]');
  });
});

describe('the state of a container, in words', () => {
  it.each([
    [{ state: 'running', restarts: 1 }, 'cloudflared is running since 2026-11-18 08:00 UTC.'],
    [
      { state: 'restarting', exitCode: 1, restarts: 7 },
      'cloudflared does not stay up: Docker is starting it again, started last 2026-11-18 08:00 UTC, exit code 1.',
    ],
    [{ state: 'exited', exitCode: 137 }, 'cloudflared has ended, started last 2026-11-18 08:00 UTC, exit code 137.'],
    [{ state: 'created', startedAt: '' }, 'cloudflared has never been started.'],
    [{ state: 'paused' }, 'cloudflared is paused, started last 2026-11-18 08:00 UTC.'],
    [{ state: 'unknown', startedAt: 'yesterday' }, 'cloudflared is in a state that I do not know.'],
  ] as const)('%o', (changes, says) => {
    expect(readServer(withContainer(changes)).split('\n')[0]).toBe(says);
  });

  it.each([
    [1, 'Docker has started it again by itself once.'],
    [7, 'Docker has started it again by itself 7 times.'],
  ])('%i restarts', (restarts, says) => {
    expect(readServer(withContainer({ restarts }))).toContain(says);
  });
});

function home(...tunnels: TunnelReport[]): string {
  return JSON.stringify(approverBlocks(aHome({ isApprover: true, tunnels })));
}

describe('the Home tab of an approver', () => {
  it('has the button where a tunnel is not well', () => {
    expect(home(HEALTHY, DOWN)).toContain('"action_id":"open:tunnel-restart"');
    expect(home(HEALTHY)).not.toContain('open:tunnel-restart');
    expect(home()).not.toContain('open:tunnel-restart');
  });
});

describe('within Slack’s limits', () => {
  it('ten tunnels with 25 replicas each, and long log lines', () => {
    const name = 'n'.repeat(90);
    const colos = Array.from({ length: 40 }, (_, index) => `colo${index}`);
    const connectors = Array.from({ length: 25 }, (_, index) => aConnector(`c${index}`, colos));
    const tunnels = Array.from({ length: 10 }, (_, index) => aTunnel({ id: `tunnel-${index}`, name, connectors }));
    const lines = Array.from({ length: 20 }, (_, index) => `${index} ${'x & '.repeat(900)}`);
    const containers = Array.from({ length: 25 }, () => ({
      container: aContainer({ name, image: name.repeat(9) }),
      log: { lines },
    }));
    const message = tunnelMessage(picture({ tunnels: { tunnels, basis: BASIS.repeat(90) }, server: { containers } }));

    const text = read(message);
    expectWithinLimits(plainly(message));
    expect(text.match(/and \d+ more\n/g)).toHaveLength(10);
    // The newest line is always there.
    expect(text.match(/^19 x/gm)).toHaveLength(6);
    expect(text).toContain('And 19 more containers.');
  });

  it('whatever it is called and whatever it writes', () => {
    const text = fc.oneof(
      fc.constantFrom('', ' ', '\u202E', '\u0000', '<!here>', '*x* `y`', '&'.repeat(4000), 'x'.repeat(9000)),
      fc.string({ unit: 'binary', maxLength: 60 }),
    );
    fc.assert(
      fc.property(text, text, fc.integer({ min: 0, max: 40 }), (words, other, count) => {
        const connectors = Array.from({ length: count }, (_, at) =>
          aConnector(`${at}`, [words, other], { version: words }),
        );
        const tunnels = Array.from({ length: count }, (_, at) => aTunnel({ id: `${at}`, name: words, connectors }));
        const container = aContainer({ name: words, image: other, startedAt: other });
        const log = { lines: Array.from({ length: count }, () => other) };
        for (const given of [
          picture({
            tunnels: { tunnels, basis: other },
            server: { containers: Array.from({ length: count }, () => ({ container, log })) },
          }),
          picture({ tunnels: { problem: words }, server: { problem: other, byHand: words } }),
        ]) {
          const message = tunnelMessage(given);
          expectWithinLimits(message);
          expectWithinLimits(textOnly(message));
        }
      }),
      { numRuns: 60 },
    );
  });
});
