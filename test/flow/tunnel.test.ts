import { describe, expect, it } from 'vitest';
import { useSandbox } from '../harness/use-sandbox.ts';
import { newestSaid } from './answer-driver.ts';
import { auditAll, cardOf, cardSays, dmSays } from './onboarding-driver.ts';
import { confirms, ends, readsRestart, readsTunnel, SOON, viewSays, withoutStamps } from './tunnel-driver.ts';

const start = useSandbox();

describe('what people read about the tunnel', () => {
  it('Cara, everything, with the end of the log and no secret in it', async () => {
    const sandbox = await start();
    const token = /token:(\S+)\]/.exec(sandbox.docker.container('cloudflared').log.join('\n'))?.[1] ?? 'no token';
    expect(token.length).toBeGreaterThan(100);

    const said = await readsTunnel(sandbox);

    expect(said).toMatchInlineSnapshot(`
      "# ✅ lantern-ocs is healthy
      lantern-ocs is healthy: connected, everything gets through. Connected since 2026-11-21 12:04 UTC. 1 replica of cloudflared:
      • Version 2026.3.0, runs since 2026-11-21 12:04 UTC, connected to ams01, ams07, fra08, fra12
      (No hostname route names ocs.lantern.internal; this is the only tunnel with a network route.)
      [Restart]
      # On the server
      cloudflared is running since 2026-11-21 12:04 UTC.
      • Image: cloudflare/cloudflared:2026.3.0
      The last 11 lines of its log:
      <time> INF Starting tunnel tunnelID=94a35fdc-30df-4d12-aa44-7217f9ffade7
      <time> INF Version 2026.3.0 (Checksum •••)
      <time> INF GOOS: linux, GOVersion: go1.24.9, GoArch: amd64
      <time> INF Settings: map[no-autoupdate:true token:•••]
      <time> INF Initial protocol quic
      <time> INF Starting metrics server on [::]:20241/metrics
      <time> INF Generated Connector ID: 8fcf952f-082c-4ba8-ada5-1e801780bb4d
      <time> INF Registered tunnel connection connIndex=0 connection=8fcf952f-082c-4ba8-ada5-1e801780bb40 event=0 ip=198.41.200.13 location=fra08 protocol=quic
      <time> INF Registered tunnel connection connIndex=1 connection=8fcf952f-082c-4ba8-ada5-1e801780bb41 event=0 ip=198.41.192.77 location=ams01 protocol=quic
      <time> INF Registered tunnel connection connIndex=2 connection=8fcf952f-082c-4ba8-ada5-1e801780bb42 event=0 ip=198.41.200.43 location=fra12 protocol=quic
      <time> INF Registered tunnel connection connIndex=3 connection=8fcf952f-082c-4ba8-ada5-1e801780bb43 event=0 ip=198.41.192.227 location=ams07 protocol=quic"
    `);
    expect(sandbox.slack.picture()).not.toContain(token);
  });

  it('Ben, without the log', async () => {
    expect(await readsTunnel(await start(), 'ben')).toMatchInlineSnapshot(`
      "# ✅ lantern-ocs is healthy
      lantern-ocs is healthy: connected, everything gets through. Connected since 2026-11-21 12:04 UTC. 1 replica of cloudflared:
      • Version 2026.3.0, runs since 2026-11-21 12:04 UTC, connected to ams01, ams07, fra08, fra12
      (No hostname route names ocs.lantern.internal; this is the only tunnel with a network route.)
      [Restart]
      # On the server
      cloudflared is running since 2026-11-21 12:04 UTC.
      • Image: cloudflare/cloudflared:2026.3.0
      Approvers see the last lines of the log here."
    `);
  });

  it('two tunnels of one name, one of them degraded', async () => {
    const sandbox = await start({ cloudflare: { secondTunnel: true } });
    const { account } = sandbox.cloudflare;
    account.setTunnelStatus('degraded', account.ids.secondTunnel);
    expect(await readsTunnel(sandbox, 'ben')).toMatchInlineSnapshot(`
      "# ⚠️ 1 of 2 tunnels is not healthy
      lantern-ocs (0ecfc6ec) is degraded: connected, but some of its connections are missing. Connected since 2026-11-21 12:04 UTC. 1 replica of cloudflared:
      • Version 2026.3.0, runs since 2026-11-21 12:04 UTC, connected to ams01, fra08
      lantern-ocs (94a35fdc) is healthy: connected, everything gets through. Connected since 2026-11-21 12:04 UTC. 1 replica of cloudflared:
      • Version 2026.3.0, runs since 2026-11-21 12:04 UTC, connected to ams01, ams07, fra08, fra12
      (No hostname route names ocs.lantern.internal, so these are all tunnels with a network route.)
      [Restart]
      # On the server
      cloudflared is running since 2026-11-21 12:04 UTC.
      • Image: cloudflare/cloudflared:2026.3.0
      Approvers see the last lines of the log here."
    `);
    expect(await readsTunnel(sandbox, 'ben', `/ocs-access tunnel ${account.ids.secondTunnel.slice(0, 8)}`))
      .toMatchInlineSnapshot(`
        "# ⚠️ lantern-ocs is degraded
        lantern-ocs is degraded: connected, but some of its connections are missing. Connected since 2026-11-21 12:04 UTC. 1 replica of cloudflared:
        • Version 2026.3.0, runs since 2026-11-21 12:04 UTC, connected to ams01, fra08
        (No hostname route names ocs.lantern.internal, so these are all tunnels with a network route.)
        # On the server
        No container that I can see on the server runs it. Another machine may."
      `);
  });

  it('replicas', async () => {
    const sandbox = await start({ cloudflare: { replicas: 2 } });
    expect(await readsTunnel(sandbox, 'ben')).toMatchInlineSnapshot(`
      "# ✅ lantern-ocs is healthy
      lantern-ocs is healthy: connected, everything gets through. Connected since 2026-11-21 12:04 UTC. 2 replicas of cloudflared:
      • Version 2026.3.0, runs since 2026-11-21 12:04 UTC, connected to ams01, ams07, fra08, fra12
      • Version 2026.3.0, runs since 2026-11-21 12:04 UTC, connected to ams01, ams07, fra08, fra12
      (No hostname route names ocs.lantern.internal; this is the only tunnel with a network route.)
      [Restart]
      # On the server
      open-chat-studio-cloudflared-1 is running since 2026-11-21 12:04 UTC.
      • Image: cloudflare/cloudflared:2026.3.0
      open-chat-studio-cloudflared-2 is running since 2026-11-21 12:04 UTC.
      • Image: cloudflare/cloudflared:2026.3.0
      Approvers see the last lines of the log here."
    `);
  });

  it('a version that is out of support', async () => {
    const sandbox = await start({ cloudflare: { oldVersion: true } });
    expect(await readsTunnel(sandbox, 'ben')).toMatchInlineSnapshot(`
      "# ✅ lantern-ocs is healthy
      lantern-ocs is healthy: connected, everything gets through. Connected since 2026-11-21 12:04 UTC. 1 replica of cloudflared:
      • Version 2024.12.2 (outdated: Cloudflare no longer supports it), runs since 2026-11-21 12:04 UTC, connected to ams01, ams07, fra08, fra12
      (No hostname route names ocs.lantern.internal; this is the only tunnel with a network route.)
      [Restart]
      # On the server
      cloudflared is running since 2026-11-21 12:04 UTC.
      • Image: cloudflare/cloudflared:2024.12.2
      Approvers see the last lines of the log here."
    `);
  });

  it('down, and its container has crashed', async () => {
    const sandbox = await start();
    sandbox.docker.crashes('cloudflared');
    expect(await readsTunnel(sandbox)).toMatchInlineSnapshot(`
      "# ⚠️ lantern-ocs is down
      lantern-ocs is down: no connection, so nobody gets through. Without a connection since 2026-11-21 12:04 UTC. No replica of cloudflared is connected.
      (No hostname route names ocs.lantern.internal; this is the only tunnel with a network route.)
      [Restart]
      # On the server
      cloudflared has ended, started last 2026-11-21 12:04 UTC, exit code 1.
      • Image: cloudflare/cloudflared:2026.3.0
      The last 14 lines of its log:
      <time> INF Starting tunnel tunnelID=94a35fdc-30df-4d12-aa44-7217f9ffade7
      <time> INF Version 2026.3.0 (Checksum •••)
      <time> INF GOOS: linux, GOVersion: go1.24.9, GoArch: amd64
      <time> INF Settings: map[no-autoupdate:true token:•••]
      <time> INF Initial protocol quic
      <time> INF Starting metrics server on [::]:20241/metrics
      <time> INF Generated Connector ID: 8fcf952f-082c-4ba8-ada5-1e801780bb4d
      <time> INF Registered tunnel connection connIndex=0 connection=8fcf952f-082c-4ba8-ada5-1e801780bb40 event=0 ip=198.41.200.13 location=fra08 protocol=quic
      <time> INF Registered tunnel connection connIndex=1 connection=8fcf952f-082c-4ba8-ada5-1e801780bb41 event=0 ip=198.41.192.77 location=ams01 protocol=quic
      <time> INF Registered tunnel connection connIndex=2 connection=8fcf952f-082c-4ba8-ada5-1e801780bb42 event=0 ip=198.41.200.43 location=fra12 protocol=quic
      <time> INF Registered tunnel connection connIndex=3 connection=8fcf952f-082c-4ba8-ada5-1e801780bb43 event=0 ip=198.41.192.227 location=ams07 protocol=quic
      <time> ERR Failed to dial a quic connection error="failed to dial to edge with quic: timeout: no recent network activity" connIndex=0 event=0 ip=198.41.200.13
      <time> ERR Register tunnel error from server side error="Unauthorized: Invalid tunnel secret" connIndex=0 event=0 ip=198.41.200.13
      <time> ERR Initiating shutdown error="Unauthorized: Invalid tunnel secret""
    `);
  });

  it('deleted in the dashboard, with a route that still leads to it', async () => {
    const sandbox = await start({ cloudflare: { hostnameRoute: true } });
    sandbox.cloudflare.account.deleteTunnel();
    expect(await readsTunnel(sandbox, 'ben')).toMatchInlineSnapshot(`
      "# ⚠️ There is no tunnel
      Cloudflare knows no tunnel that leads to the app. The hostname route ocs.lantern.internal leads to a tunnel that was deleted. Set one up in the Zero Trust dashboard, under Networks → Tunnels, and add a route to the app.
      # On the server
      cloudflared is running since 2026-11-21 12:04 UTC.
      • Image: cloudflare/cloudflared:2026.3.0
      Approvers see the last lines of the log here."
    `);
    await sandbox.slack.as('cara').types('/ocs-access tunnel restart');
    expect(await viewSays(sandbox, 'cara', /did not work/)).toMatchInlineSnapshot(`
      "== That did not work ==
      ⚠️ Cloudflare knows no tunnel that leads to the app, so there is none to restart. The hostname route ocs.lantern.internal leads to a tunnel that was deleted. Set one up in the Zero Trust dashboard, under Networks → Tunnels.
      [Close]"
    `);
  });

  it('no route through any tunnel', async () => {
    expect(await readsTunnel(await start({ cloudflare: { routes: 'none' } }), 'ben')).toMatchInlineSnapshot(`
      "# ✅ lantern-ocs is healthy
      lantern-ocs is healthy: connected, everything gets through. Connected since 2026-11-21 12:04 UTC. 1 replica of cloudflared:
      • Version 2026.3.0, runs since 2026-11-21 12:04 UTC, connected to ams01, ams07, fra08, fra12
      (No route names the app; this is the only tunnel of the account.)
      [Restart]
      # On the server
      cloudflared is running since 2026-11-21 12:04 UTC.
      • Image: cloudflare/cloudflared:2026.3.0
      Approvers see the last lines of the log here."
    `);
  });

  it('no Docker', async () => {
    const sandbox = await start({ docker: false });
    expect(await readsTunnel(sandbox)).toMatchInlineSnapshot(`
      "# ✅ lantern-ocs is healthy
      lantern-ocs is healthy: connected, everything gets through. Connected since 2026-11-21 12:04 UTC. 1 replica of cloudflared:
      • Version 2026.3.0, runs since 2026-11-21 12:04 UTC, connected to ams01, ams07, fra08, fra12
      (No hostname route names ocs.lantern.internal; this is the only tunnel with a network route.)
      # On the server
      No Docker can be reached at unix:///nowhere/docker.sock: there is no such socket. The bot and cloudflared may run on different machines; DOCKER_HOST must lead to the one of cloudflared. To restart it by hand, type there:
      docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared"
    `);
    await sandbox.slack.as('cara').types('/ocs-access tunnel restart');
    expect(await viewSays(sandbox, 'cara', /did not work/)).toMatchInlineSnapshot(`
      "== That did not work ==
      ⚠️ I can’t restart it from here. No Docker can be reached at unix:///nowhere/docker.sock: there is no such socket. The bot and cloudflared may run on different machines; DOCKER_HOST must lead to the one of cloudflared. To restart it by hand, type there: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared
      [Close]"
    `);
  });

  it('the name of another container', async () => {
    const sandbox = await start({ env: { CLOUDFLARED_CONTAINER: 'cloudflare' } });
    expect(await readsTunnel(sandbox)).toMatchInlineSnapshot(`
      "# ✅ lantern-ocs is healthy
      lantern-ocs is healthy: connected, everything gets through. Connected since 2026-11-21 12:04 UTC. 1 replica of cloudflared:
      • Version 2026.3.0, runs since 2026-11-21 12:04 UTC, connected to ams01, ams07, fra08, fra12
      (No hostname route names ocs.lantern.internal; this is the only tunnel with a network route.)
      # On the server
      The Docker at unix:///run/ocs-docker/docker.sock has no container and no compose service named “cloudflare”. Similar there: cloudflared. The right name belongs into CLOUDFLARED_CONTAINER. To restart it there by hand, type:
      docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflare"
    `);
  });

  it('one of them by its name, and a name that is none', async () => {
    const sandbox = await start();
    expect(await readsTunnel(sandbox, 'ben', '/ocs-access tunnel Lantern-OCS')).toMatchInlineSnapshot(`
      "# ✅ lantern-ocs is healthy
      lantern-ocs is healthy: connected, everything gets through. Connected since 2026-11-21 12:04 UTC. 1 replica of cloudflared:
      • Version 2026.3.0, runs since 2026-11-21 12:04 UTC, connected to ams01, ams07, fra08, fra12
      (No hostname route names ocs.lantern.internal; this is the only tunnel with a network route.)
      [Restart]
      # On the server
      cloudflared is running since 2026-11-21 12:04 UTC.
      • Image: cloudflare/cloudflared:2026.3.0
      Approvers see the last lines of the log here."
    `);
    expect(await readsTunnel(sandbox, 'cara', '/ocs-access tunnel lantern')).toMatchInlineSnapshot(
      `"The app uses no tunnel “lantern”. The nearest is lantern-ocs. /ocs-access tunnel shows all of them."`,
    );
    expect(await readsTunnel(sandbox, 'cara', '/ocs-access tunnel latern-ocs')).toMatchInlineSnapshot(
      `"The app uses no tunnel “latern-ocs”. The nearest is lantern-ocs. /ocs-access tunnel shows all of them."`,
    );
  });
});

describe('a restart', () => {
  it('Cara reads the plan, confirms it and hears how long it took', async () => {
    const sandbox = await start({ docker: SOON });

    expect(await readsRestart(sandbox, 'cara', 'nobody gets in')).toMatchInlineSnapshot(`
      "== Restart the tunnel ==
      Restart the tunnel?
      ⚠️ Warning: Everyone who uses the app is cut off for some seconds.
      ⚠️ Warning: Before the restart lantern-ocs is healthy, says Cloudflare. It can be restarted all the same.
      What will be done, in 2 steps
      1. Restart the container cloudflared
      2. Wait until lantern-ocs is healthy
      (Nothing has been done yet. It needs nobody’s approval and begins when you press the button.)
      [Restart now] [Cancel]"
    `);
    expect(await confirms(sandbox)).toMatchInlineSnapshot(`
      "== Sent ==
      REQ-0001 is on its way.
      Restart the tunnel.
      It needs no approval and starts now. Follow it in the direct message that I send you.
      [Close]"
    `);
    expect(await ends(sandbox)).toMatchInlineSnapshot(`
      "# ✅ REQ-0001 is done
      Restart the tunnel
      Action: tunnel-restart
      Asked by: @cara (U05CARA0001), 2026-11-21 12:04 UTC
      Approval: none needed
      Outcome: done, 2026-11-21 12:04 UTC, 1 s after it started
      Reason given:
      > nobody gets in
      Steps
      1. Restart the container cloudflared: done
      2. Wait until lantern-ocs is healthy: checked
      What was found
      • lantern-ocs is healthy again, 1 s after the restart.
      ⚠️ Warning: Everyone who uses the app is cut off for some seconds.
      ⚠️ Warning: Before the restart lantern-ocs is healthy, says Cloudflare. It can be restarted all the same.
      (Plan 0a1b2c3d4e5f. The audit log holds every step.)"
    `);

    expect(withoutStamps(await dmSays(sandbox, 'cara', /It took/))).toMatchInlineSnapshot(`
      "✅ REQ-0001 is done: Restart the tunnel.
      What was done
      • Restart the container cloudflared
      • Wait until lantern-ocs is healthy
      What was found
      • lantern-ocs is healthy again, 1 s after the restart.
      (It took 1 s, and everything was checked afterwards.)"
    `);
    expect((await auditAll(sandbox)).map(withoutStamps)).toMatchInlineSnapshot(`
      [
        "request.asked: Cara Lindqvist asked: Restart the tunnel. Reason: nobody gets in",
        "run.started: Began to carry out REQ-0001: Restart the tunnel.",
        "run.step: Done: Restart the container cloudflared.",
        "run.step: Checked: Wait until lantern-ocs is healthy. lantern-ocs is healthy again, 1 s after the restart.",
        "run.finished: REQ-0001 is done: Restart the tunnel.",
      ]
    `);
    expect(sandbox.docker.restarts).toHaveLength(1);
  });

  it('by the button on the message', async () => {
    const sandbox = await start({ docker: SOON });
    await readsTunnel(sandbox);

    await sandbox.slack.as('cara').clicks(newestSaid(sandbox, 'cara'), 'Restart');
    await viewSays(sandbox, 'cara', /Nothing has been done yet/);
    await confirms(sandbox);

    expect(await ends(sandbox)).toMatch(/REQ-0001 is done/);
    expect(sandbox.docker.restarts).toHaveLength(1);
  });

  it('Ben asks, and Dina approves', async () => {
    const sandbox = await start({ docker: SOON });
    const { slack, docker } = sandbox;
    expect(await readsRestart(sandbox, 'ben', 'the app does not load')).toMatchInlineSnapshot(`
      "== Restart the tunnel ==
      Restart the tunnel?
      ⚠️ Warning: Everyone who uses the app is cut off for some seconds.
      ⚠️ Warning: Before the restart lantern-ocs is healthy, says Cloudflare. It can be restarted all the same.
      What will be done, in 2 steps
      1. Restart the container cloudflared
      2. Wait until lantern-ocs is healthy
      (Nothing has been done yet. An approver decides: it begins when they have said yes.)
      [Ask for approval] [Cancel]"
    `);
    expect(await confirms(sandbox, 'ben')).toMatchInlineSnapshot(`
      "== Sent ==
      REQ-0001 is on its way.
      Restart the tunnel.
      The approvers see it now. You get a direct message when they have decided, and can withdraw it there.
      [Close]"
    `);
    expect(await cardSays(sandbox, /waiting for approval/)).toMatchInlineSnapshot(`
      "# 🔔 REQ-0001 is waiting for approval
      Restart the tunnel
      Asked by @ben
      Reason:
      > the app does not load
      What will be done, in 2 steps
      1. Restart the container cloudflared
      2. Wait until lantern-ocs is healthy
      ⚠️ Warning: Everyone who uses the app is cut off for some seconds.
      ⚠️ Warning: Before the restart lantern-ocs is healthy, says Cloudflare. It can be restarted all the same.
      [Approve] [Deny] [Details]
      (Asked 2026-11-21 12:04 UTC. Expires 2026-11-21 12:04 UTC if nobody decides.)"
    `);
    expect(docker.restarts).toEqual([]);

    await slack.as('dina').clicks(cardOf(sandbox), 'Approve');

    await ends(sandbox);
    expect(withoutStamps(await cardSays(sandbox, /REQ-0001 is done/))).toMatchInlineSnapshot(`
      "# ✅ REQ-0001 is done
      Restart the tunnel
      Asked by @ben
      Reason:
      > the app does not load
      Approved by @dina, 2026-11-21 12:04 UTC
      Done in 1 s
      [x] Restart the container cloudflared
      [x] Wait until lantern-ocs is healthy
      What was found
      • lantern-ocs is healthy again, 1 s after the restart.
      [Details]
      (Asked 2026-11-21 12:04 UTC. Finished 2026-11-21 12:04 UTC after 1 s.)"
    `);
    expect(withoutStamps(await dmSays(sandbox, 'ben', /It took/))).toMatchInlineSnapshot(`
      "✅ REQ-0001 is done: Restart the tunnel.
      What was done
      • Restart the container cloudflared
      • Wait until lantern-ocs is healthy
      What was found
      • lantern-ocs is healthy again, 1 s after the restart.
      (It took 1 s, and everything was checked afterwards.)"
    `);
    expect(docker.restarts).toHaveLength(1);
  });
});
