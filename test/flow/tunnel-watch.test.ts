import { describe, expect, it } from 'vitest';
import { passTime } from '../harness/pass-time.ts';
import { useSandbox, type TestSandbox } from '../harness/use-sandbox.ts';
import { auditAll, withoutTimes } from './onboarding-driver.ts';
import { newestIn } from './leaving-driver.ts';
import {
  confirms,
  ends,
  looksNow,
  MINUTE,
  SECOND,
  SOON,
  viewSays,
  watchesFor,
  withoutStamps,
} from './tunnel-driver.ts';

const starting = useSandbox();
const start: typeof starting = (options) => starting({ rounds: ['sweep', 'tunnels'], ...options });

/** What is in the channel of the operators, each message as it reads now. */
function alertsIn({ slack }: TestSandbox): string[] {
  return slack.messages('ocs-ops').map((message) => withoutTimes(slack.text(message)));
}

async function alertSays(sandbox: TestSandbox, words: RegExp): Promise<string> {
  return sandbox.slack.until(() => alertsIn(sandbox).find((text) => words.test(text)), {
    what: `an alert that says ${String(words)}`,
    timeoutMs: 20_000,
  });
}

describe('the tunnel goes down', () => {
  it('for more than a minute: one alert, which tells in the end how long it was', async () => {
    const sandbox = await start();
    const { docker } = sandbox;
    await looksNow(sandbox);
    docker.stops('cloudflared');

    await watchesFor(sandbox, 30 * SECOND);
    expect(alertsIn(sandbox)).toEqual([]);
    expect(await auditAll(sandbox)).toEqual([]);
    await watchesFor(sandbox, 30 * SECOND);
    expect(withoutStamps(await alertSays(sandbox, /is down/))).toMatchInlineSnapshot(`
      "# 🚨 The tunnel lantern-ocs is down
      Since: 2026-11-21 12:04 UTC
      What it means: No connection, so nobody gets through.
      [Restart]
      (This message changes when the tunnel does. “/ocs-access tunnel” shows more.)"
    `);

    await watchesFor(sandbox, 3 * MINUTE);
    sandbox.clock.forward(5 * SECOND);
    sandbox.cloudflare.account.tunnelGainsConnector(sandbox.cloudflare.account.ids.tunnel);
    await watchesFor(sandbox, 30 * SECOND);
    expect(await alertSays(sandbox, /well again/)).toMatch(/It was down for 4 min/);
    expect(withoutStamps(await alertSays(sandbox, /well again/))).toMatchInlineSnapshot(`
      "# ✅ The tunnel lantern-ocs is well again
      It was down for some min, from 2026-11-21 12:04 UTC until 2026-11-21 12:04 UTC."
    `);
    expect(alertsIn(sandbox)).toHaveLength(1);
    expect((await auditAll(sandbox)).map(withoutStamps)).toMatchInlineSnapshot(`
      [
        "tunnel.down: The tunnel lantern-ocs is down.",
        "tunnel.back: The tunnel lantern-ocs is well again. It was down for some min.",
      ]
    `);
  });

  it('for half a minute: nobody is told', async () => {
    const sandbox = await start();
    const { account } = sandbox.cloudflare;
    await looksNow(sandbox);
    account.setTunnelStatus('down');
    await watchesFor(sandbox, 30 * SECOND);
    account.setTunnelStatus('healthy');
    await watchesFor(sandbox, 2 * MINUTE);

    expect(alertsIn(sandbox)).toEqual([]);
    expect(await auditAll(sandbox)).toEqual([]);
  });

  it('twenty times: one message', async () => {
    const sandbox = await start();
    const { clock } = sandbox;
    const { account } = sandbox.cloudflare;
    await looksNow(sandbox);
    for (let times = 0; times < 20; times += 1) {
      account.setTunnelStatus('down');
      await watchesFor(sandbox, 30 * SECOND);
      clock.forward(5 * SECOND);
      account.setTunnelStatus('healthy');
      await watchesFor(sandbox, 25 * SECOND);
      clock.forward(5 * SECOND);
    }
    expect(await alertSays(sandbox, /well again[^]*20 times/)).toMatch(/, 1\d min/);
    expect(withoutStamps(await alertSays(sandbox, /well again[^]*20 times/))).toMatchInlineSnapshot(`
      "# ✅ The tunnel lantern-ocs is well again
      It was unstable: down 20 times, some min in all, from 2026-11-21 12:04 UTC until 2026-11-21 12:04 UTC."
    `);
    expect(alertsIn(sandbox)).toHaveLength(1);
  });

  it('degraded counts as well', async () => {
    const sandbox = await start();
    await looksNow(sandbox);
    sandbox.cloudflare.account.setTunnelStatus('degraded');
    await watchesFor(sandbox, 90 * SECOND);
    expect(withoutStamps(await alertSays(sandbox, /degraded/))).toMatchInlineSnapshot(`
      "# ⚠️ The tunnel lantern-ocs is degraded
      Since: 2026-11-21 12:04 UTC
      What it means: Connected, but some of its connections are missing.
      [Restart]
      (This message changes when the tunnel does. “/ocs-access tunnel” shows more.)"
    `);
  });

  it('with two workers: they poll once, and alert once', async () => {
    const sandbox = await start();
    await sandbox.start(['worker']);
    const { cloudflare } = sandbox;
    await looksNow(sandbox);
    cloudflare.account.setTunnelStatus('down');
    await passTime(sandbox, 30 * SECOND);
    cloudflare.clearCalls();
    await Promise.all([looksNow(sandbox), looksNow(sandbox)]);
    expect(cloudflare.calls.filter(({ path }) => path.endsWith('/cfd_tunnel'))).toHaveLength(1);

    await watchesFor(sandbox, 60 * SECOND);
    await alertSays(sandbox, /is down/);
    await watchesFor(sandbox, 60 * SECOND);
    expect(alertsIn(sandbox)).toHaveLength(1);
  });

  it('before the bot was started', async () => {
    const sandbox = await start({ parts: [], cloudflare: { tunnel: 'down' } });
    await sandbox.start(['bot', 'worker']);
    await looksNow(sandbox);
    await watchesFor(sandbox, 30 * SECOND);
    expect(withoutStamps(await alertSays(sandbox, /is down/))).toMatchInlineSnapshot(`
      "# 🚨 The tunnel lantern-ocs is down
      Since: 2026-11-21 12:04 UTC
      What it means: No connection, so nobody gets through.
      [Restart]
      (This message changes when the tunnel does. “/ocs-access tunnel” shows more.)"
    `);
  });

  it('because somebody deletes it', async () => {
    const sandbox = await start();
    await looksNow(sandbox);
    sandbox.cloudflare.account.deleteTunnel();
    await watchesFor(sandbox, 90 * SECOND);
    expect(withoutStamps(await alertSays(sandbox, /was deleted/))).toMatchInlineSnapshot(`
      "# 🚨 The tunnel lantern-ocs was deleted
      Since: 2026-11-21 12:04 UTC
      What it means: It was deleted in Cloudflare, so nobody gets through it.
      If another tunnel has taken its place, there is nothing to do. If not, make a new tunnel in the Zero Trust dashboard, under Networks → Tunnels, run cloudflared with its token, and lead the route of the app through it.
      (This message changes when the tunnel does. “/ocs-access tunnel” shows more.)"
    `);
  });

  it('not, if it is Cloudflare that does not answer', async () => {
    const sandbox = await start();
    await looksNow(sandbox);
    sandbox.cloudflare.faults.add({ path: /cfd_tunnel/, status: 502, times: Infinity });
    await watchesFor(sandbox, 3 * MINUTE);
    expect(alertsIn(sandbox)).toEqual([]);
    expect(await auditAll(sandbox)).toEqual([]);
  });

  it('and Cara presses Restart on the alert', async () => {
    const sandbox = await start({ docker: SOON });
    const { slack, docker } = sandbox;
    await looksNow(sandbox);
    docker.stops('cloudflared');
    await watchesFor(sandbox, 90 * SECOND);
    await alertSays(sandbox, /is down/);

    await slack.as('cara').clicks(newestIn(sandbox, 'ocs-ops'), 'Restart');
    expect(await viewSays(sandbox, 'cara', /Nothing has been done yet/)).toMatchInlineSnapshot(`
      "== Restart the tunnel ==
      Restart the tunnel?
      What will be done, in 2 steps
      1. Restart the container cloudflared
      2. Wait until lantern-ocs is healthy
      (Nothing has been done yet. It needs nobody’s approval and begins when you press the button.)
      [Restart now] [Cancel]"
    `);
    await confirms(sandbox);
    await ends(sandbox);
    await watchesFor(sandbox, 30 * SECOND);

    await alertSays(sandbox, /well again/);
    expect(docker.restarts).toHaveLength(1);
  });
});

describe('the bot restarts it by itself', () => {
  const HEALS = { env: { TUNNEL_AUTO_RESTART: 'true' }, docker: SOON } as const;

  it('after two minutes, and it is well again', async () => {
    const sandbox = await start(HEALS);
    const { docker } = sandbox;
    await looksNow(sandbox);
    docker.stops('cloudflared');
    await watchesFor(sandbox, 90 * SECOND);
    expect(docker.restarts).toEqual([]);
    await watchesFor(sandbox, 30 * SECOND);
    expect(await ends(sandbox)).toMatchInlineSnapshot(`
      "# ✅ REQ-0001 is done
      Restart the tunnel
      Action: tunnel-restart
      Asked by: ocs-access, 2026-11-21 12:04 UTC
      Approval: none needed
      Outcome: done, 2026-11-21 12:04 UTC, 1 s after it started
      Reason given:
      > The tunnel lantern-ocs has been down for some min.
      Steps
      1. Restart the container cloudflared: done
      2. Wait until lantern-ocs is healthy: checked
      What was found
      • lantern-ocs is healthy again, 1 s after the restart.
      (Plan 0a1b2c3d4e5f. The audit log holds every step.)"
    `);
    await watchesFor(sandbox, 30 * SECOND);

    expect(withoutStamps(await alertSays(sandbox, /well again/))).toMatchInlineSnapshot(`
      "# ✅ The tunnel lantern-ocs is well again
      It was down for some min, from 2026-11-21 12:04 UTC until 2026-11-21 12:04 UTC.
      Restarted by the bot: REQ-0001 2026-11-21 12:04 UTC"
    `);
    expect((await auditAll(sandbox)).map(withoutStamps)).toMatchInlineSnapshot(`
      [
        "tunnel.down: The tunnel lantern-ocs is down.",
        "request.asked: ocs-access asked: Restart the tunnel. Reason: The tunnel lantern-ocs has been down for some min.",
        "run.started: Began to carry out REQ-0001: Restart the tunnel.",
        "run.step: Done: Restart the container cloudflared.",
        "run.step: Checked: Wait until lantern-ocs is healthy. lantern-ocs is healthy again, 1 s after the restart.",
        "run.finished: REQ-0001 is done: Restart the tunnel.",
        "tunnel.back: The tunnel lantern-ocs is well again. It was down for some min.",
      ]
    `);
    expect(docker.restarts).toHaveLength(1);
  });

  it('three times in an hour at most, and then calls for a person', async () => {
    const sandbox = await start(HEALS);
    const { docker, slack } = sandbox;
    await looksNow(sandbox);
    docker.neverComesBack();
    docker.stops('cloudflared');
    for (let minutes = 0; minutes < 13; minutes += 1) await watchesFor(sandbox, MINUTE);

    expect(docker.restarts).toHaveLength(3);
    expect(withoutStamps(await alertSays(sandbox, /A person has to look/))).toMatchInlineSnapshot(`
      "# 🚨 The tunnel lantern-ocs is down
      Since: 2026-11-21 12:04 UTC
      What it means: No connection, so nobody gets through.
      Restarted by the bot: REQ-0001 2026-11-21 12:04 UTC, REQ-0002 2026-11-21 12:04 UTC, REQ-0003 2026-11-21 12:04 UTC
      The bot has restarted cloudflared 3 times within an hour, and leaves it alone now. A person has to look at the server.
      [Restart]
      (This message changes when the tunnel does. “/ocs-access tunnel” shows more.)"
    `);
    expect(alertsIn(sandbox)).toHaveLength(1);
    const told = (await auditAll(sandbox)).filter((line) => /^(tunnel|request)/.test(line));
    expect(told.map(withoutStamps)).toMatchInlineSnapshot(`
      [
        "tunnel.down: The tunnel lantern-ocs is down.",
        "request.asked: ocs-access asked: Restart the tunnel. Reason: The tunnel lantern-ocs has been down for some min.",
        "request.asked: ocs-access asked: Restart the tunnel. Reason: The tunnel lantern-ocs has been down for some min.",
        "request.asked: ocs-access asked: Restart the tunnel. Reason: The tunnel lantern-ocs has been down for some min.",
      ]
    `);
    expect(slack.dms('cara')).toEqual([]);
  });
});
