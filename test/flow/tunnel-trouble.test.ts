import { describe, expect, it } from 'vitest';
import { passTime } from '../harness/pass-time.ts';
import { useSandbox, type TestSandbox } from '../harness/use-sandbox.ts';
import { auditAll, cardOf, cardSays, dmSays } from './onboarding-driver.ts';
import {
  confirms,
  ends,
  MINUTE,
  readsRestart,
  readsTunnel,
  restartedTimes,
  restarts,
  SOON,
  viewSays,
  withoutStamps,
} from './tunnel-driver.ts';

const start = useSandbox();

describe('asked twice at once', () => {
  it('by two approvers within the same moment: it is restarted once', async () => {
    const sandbox = await start({ docker: SOON });
    await readsRestart(sandbox, 'cara');
    await readsRestart(sandbox, 'dina');

    await Promise.all([confirms(sandbox, 'cara'), confirms(sandbox, 'dina')]);

    await Promise.all([ends(sandbox, 'REQ-0001'), endsIfAsked(sandbox, 'REQ-0002')]);
    expect(sandbox.docker.restarts).toHaveLength(1);
    // Whoever was a moment later is refused, or hears that it was restarted by then.
    const lines = await auditAll(sandbox);
    const asked = lines.filter((line) => line.startsWith('request.asked')).length;
    expect(lines.filter((line) => line.includes('Done: Restart the container'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('so it was not restarted again'))).toHaveLength(asked - 1);
  });

  it('by a second one while the first is under way', async () => {
    const sandbox = await start({ docker: { comesBackAfterMs: 600 } });
    await readsRestart(sandbox, 'dina');
    await restarts(sandbox, 'cara');
    await restartedTimes(sandbox, 1);

    expect(await confirms(sandbox, 'dina')).toMatchInlineSnapshot(`
      "== Already under way ==
      REQ-0001, asked by Cara Lindqvist, does the same right now. Wait until it is over.
      [Close]"
    `);
    await sandbox.slack.as('olu').types('/ocs-access tunnel restart');
    expect(await viewSays(sandbox, 'olu', /under way/)).toMatchInlineSnapshot(`
      "== Already under way ==
      REQ-0001, asked by Cara Lindqvist, does the same right now. Wait until it is over.
      [Close]"
    `);

    await ends(sandbox);
    expect(sandbox.docker.restarts).toHaveLength(1);
  });

  it('by a double click', async () => {
    const sandbox = await start({ docker: SOON });
    await readsRestart(sandbox);
    sandbox.slack.faults.duplicateDeliveries(1);

    await confirms(sandbox);

    await ends(sandbox);
    expect(sandbox.docker.restarts).toHaveLength(1);
    expect((await auditAll(sandbox)).filter((line) => line.startsWith('request.asked'))).toHaveLength(1);
  });

  it('by a member, and by an approver who does not wait for another one', async () => {
    const sandbox = await start({ docker: SOON });
    const { slack, docker } = sandbox;
    await restarts(sandbox, 'ben');
    await cardSays(sandbox, /waiting for approval/);
    await slack.as('ana').types('/ocs-access tunnel restart');
    expect(await viewSays(sandbox, 'ana', /under way/)).toMatchInlineSnapshot(`
      "== Already under way ==
      REQ-0001, asked by Ben Okafor, waits for an approver to decide the same.
      [Close]"
    `);

    await restarts(sandbox, 'cara');
    await ends(sandbox, 'REQ-0002');
    expect(docker.restarts).toHaveLength(1);

    const card = slack.messages('ocs-approvals').find((one) => slack.text(one).includes('REQ-0001'));
    if (card === undefined) throw new Error('the card of REQ-0001 is gone');
    await slack.as('dina').clicks(card, 'Approve');
    await ends(sandbox, 'REQ-0001');
    expect(docker.restarts).toHaveLength(1);
    expect(withoutStamps(await dmSays(sandbox, 'ben', /It took/))).toMatchInlineSnapshot(`
      "✅ REQ-0001 is done: Restart the tunnel.
      What was done
      • Restart the container cloudflared: checked
      • Wait until lantern-ocs is healthy
      What was found
      • cloudflared was started anew after this was planned, by another request or on the server, so it was not restarted again.
      • lantern-ocs is healthy again, 1 s after the restart.
      (It took 1 s, and everything was checked afterwards.)"
    `);
  });
});

it('three replicas are restarted one after another, and never two are away', async () => {
  const sandbox = await start({ cloudflare: { replicas: 3 }, docker: SOON });
  const { docker, cloudflare } = sandbox;
  const { account } = cloudflare;
  const left: number[] = [];
  const { tunnelLosesConnectors } = account;
  account.tunnelLosesConnectors = (...given) => {
    tunnelLosesConnectors(...given);
    left.push(account.tunnel().connectors.length);
  };

  expect(await readsRestart(sandbox)).toMatchInlineSnapshot(`
    "== Restart the tunnel ==
    Restart the tunnel?
    ⚠️ Warning: The replicas are restarted one after another, so nobody should notice.
    ⚠️ Warning: Before the restart lantern-ocs is healthy, says Cloudflare. It can be restarted all the same.
    What will be done, in 6 steps
    1. Restart the container open-chat-studio-cloudflared-1
    2. Wait until lantern-ocs is healthy with the new open-chat-studio-cloudflared-1
    3. Restart the container open-chat-studio-cloudflared-2
    4. Wait until lantern-ocs is healthy with the new open-chat-studio-cloudflared-2
    5. Restart the container open-chat-studio-cloudflared-3
    6. Wait until lantern-ocs is healthy with the new open-chat-studio-cloudflared-3
    (Nothing has been done yet. It needs nobody’s approval and begins when you press the button.)
    [Restart now] [Cancel]"
  `);
  await confirms(sandbox);
  expect(await ends(sandbox)).toMatchInlineSnapshot(`
    "# ✅ REQ-0001 is done
    Restart the tunnel
    Action: tunnel-restart
    Asked by: @cara (U05CARA0001), 2026-11-21 12:04 UTC
    Approval: none needed
    Outcome: done, 2026-11-21 12:04 UTC, 1 s after it started
    Steps
    1. Restart the container open-chat-studio-cloudflared-1: done
    2. Wait until lantern-ocs is healthy with the new open-chat-studio-cloudflared-1: checked
    3. Restart the container open-chat-studio-cloudflared-2: done
    4. Wait until lantern-ocs is healthy with the new open-chat-studio-cloudflared-2: checked
    5. Restart the container open-chat-studio-cloudflared-3: done
    6. Wait until lantern-ocs is healthy with the new open-chat-studio-cloudflared-3: checked
    What was found
    • lantern-ocs is healthy again, 1 s after the restart of open-chat-studio-cloudflared-1.
    • lantern-ocs is healthy again, 1 s after the restart of open-chat-studio-cloudflared-2.
    • lantern-ocs is healthy again, 1 s after the restart of open-chat-studio-cloudflared-3.
    ⚠️ Warning: The replicas are restarted one after another, so nobody should notice.
    ⚠️ Warning: Before the restart lantern-ocs is healthy, says Cloudflare. It can be restarted all the same.
    (Plan 0a1b2c3d4e5f. The audit log holds every step.)"
  `);

  expect(docker.restarts.map(({ name }) => name)).toMatchInlineSnapshot(`
    [
      "open-chat-studio-cloudflared-1",
      "open-chat-studio-cloudflared-2",
      "open-chat-studio-cloudflared-3",
    ]
  `);
  expect(left).toEqual([2, 2, 2]);
  expect(account.tunnel().connectors).toHaveLength(3);
});

describe('not healthy again', () => {
  it('Cloudflare sees nothing of it for two minutes', async () => {
    const sandbox = await start({ docker: SOON });
    sandbox.docker.neverComesBack();
    await readsRestart(sandbox, 'ben');
    await confirms(sandbox, 'ben');
    await cardSays(sandbox, /waiting for approval/);
    await sandbox.slack.as('dina').clicks(cardOf(sandbox), 'Approve');
    await restartedTimes(sandbox, 1);

    await passTime(sandbox, MINUTE);
    expect(sandbox.slack.text(cardOf(sandbox))).not.toMatch(/could not/);
    expect(await ends(sandbox, 'REQ-0001', MINUTE)).toMatchInlineSnapshot(`
      "# ❌ REQ-0001 could not be done
      Restart the tunnel
      Action: tunnel-restart
      Asked by: @ben (U05BEN00001), 2026-11-21 12:04 UTC
      Approved by: @dina (U05DINA0001), 2026-11-21 12:04 UTC
      Outcome: failed, 2026-11-21 12:04 UTC, 1 s after it started
      Steps
      1. Restart the container cloudflared: done
      2. Wait until lantern-ocs is healthy: failed
      Why it failed: Not healthy 2 min after the restart. lantern-ocs is “down”: no connection, so nobody gets through.
      Next steps:
      1. Look at the tunnel in the Zero Trust dashboard, under Networks → Tunnels.
      2. On the server, read the whole log: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml logs cloudflared
      3. On the server, restart it by hand: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared
      The last lines of the log of cloudflared:
      <time> INF Starting tunnel tunnelID=94a35fdc-30df-4d12-aa44-7217f9ffade7
      <time> INF Version 2026.3.0 (Checksum •••)
      <time> INF GOOS: linux, GOVersion: go1.24.9, GoArch: amd64
      <time> INF Settings: map[no-autoupdate:true token:•••]
      <time> INF Initial protocol quic
      <time> INF Starting metrics server on [::]:20241/metrics
      <time> ERR Unable to establish connection with Cloudflare edge error="TLS handshake with edge error: EOF" connI…
      <time> INF Retrying connection in up to 4s connIndex=0 event=0 ip=198.41.192.77
      ⚠️ Warning: Everyone who uses the app is cut off for some seconds.
      ⚠️ Warning: Before the restart lantern-ocs is healthy, says Cloudflare. It can be restarted all the same.
      (Plan 0a1b2c3d4e5f. Decided 1 s after it was asked. The audit log holds every step.)"
    `);

    expect(withoutStamps(await cardSays(sandbox, /REQ-0001 could not/))).toMatchInlineSnapshot(`
      "# ❌ REQ-0001 could not be done
      Restart the tunnel
      Asked by @ben
      Approved by @dina, 2026-11-21 12:04 UTC
      Failed in part: what was done stays
      [x] Restart the container cloudflared
      [!] Failed: Wait until lantern-ocs is healthy
      What failed
      Not healthy 2 min after the restart. lantern-ocs is “down”: no connection, so nobody gets through.
      Next steps:
      1. Look at the tunnel in the Zero Trust dashboard, under Networks → Tunnels.
      2. On the server, read the whole log: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml logs cloudflared
      3. On the server, restart it by hand: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared
      The last lines of the log of cloudflared:
      <time> INF Starting tunnel tunnelID=94a35fdc-30df-4d12-aa44-7217f9ffade7
      <time> INF Version 2026.3.0 (Checksum •••)
      <time> INF GOOS: linux, GOVersion: go1.24.9, GoArch: amd64
      <time> INF Settings: map[no-autoupdate:true token:•••]
      <time> INF Initial protocol quic
      <time> INF Starting metrics server on [::]:20241/metrics
      <time> ERR Unable to establish connection with Cloudflare edge error="TLS handshake with edge error: EOF" connI…
      <time> INF Retrying connection in up to 4s connIndex=0 event=0 ip=198.41.192.77
      [Details]
      (Asked 2026-11-21 12:04 UTC. Finished 2026-11-21 12:04 UTC after 1 s.)"
    `);
    expect(withoutStamps(await dmSays(sandbox, 'ben', /What failed/))).toMatchInlineSnapshot(`
      "❌ REQ-0001 could not be done: Restart the tunnel.
      What failed
      • Wait until lantern-ocs is healthy: Not healthy 2 min after the restart. lantern-ocs is “down”: no connection, so nobody gets through.
      Next steps:
      1. Look at the tunnel in the Zero Trust dashboard, under Networks → Tunnels.
      2. On the server, read the whole log: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml logs cloudflared
      3. On the server, restart it by hand: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared
      The last lines of the log of cloudflared:
      <time> INF Starting tunnel tunnelID=94a35fdc-30df-4d12-aa44-7217f9ffade7
      <time> INF Version 2026.3.0 (Checksum •••)
      <time> INF GOOS: linux, GOVersion: go1.24.9, GoArch: amd64
      <time> INF Settings: map[no-autoupdate:true token:•••]
      <time> INF Initial protocol quic
      <time> INF Starting metrics server on [::]:20241/metrics
      <time> ERR Unable to establish connection with Cloudflare edge error="TLS handshake with edge error: EOF" connI…
      <time> INF Retrying connection in up to 4s connIndex=0 event=0 ip=198.41.192.77
      What stays as it was done
      • Restart the container cloudflared"
    `);
    expect((await auditAll(sandbox)).map(withoutStamps)).toMatchInlineSnapshot(`
      [
        "request.asked: Ben Okafor asked: Restart the tunnel.",
        "request.approved: Dina Haddad approved REQ-0001: Restart the tunnel.",
        "run.started: Began to carry out REQ-0001: Restart the tunnel.",
        "run.step: Done: Restart the container cloudflared.",
        "run.step: Failed: Wait until lantern-ocs is healthy. Not healthy 2 min after the restart. lantern-ocs is “down”: no connection, so nobody gets through.
      Next steps:
      1. Look at the tunnel in the Zero Trust dashboard, under Networks → Tunnels.
      2. On the server, read the whole log: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml logs cloudflared
      3. On the server, restart it by hand: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared
      The last lines of the log of cloudflared:
          <time> INF Starting tunnel tunnelID=94a35fdc-30df-4d12-aa44-7217f9ffade7
          <time> INF Version 2026.3.0 (Checksum •••)
          <time> INF GOOS: linux, GOVersion: go1.24.9, GoArch: amd64
          <time> INF Settings: map[no-autoupdate:true token:•••]
          <time> INF Initial protocol quic
          <time> INF Starting metrics server on [::]:20241/metrics
          <time> ERR Unable to establish connection with Cloudflare edge error="TLS handshake with edge error: EOF" connI…
          <time> INF Retrying connection in up to 4s connIndex=0 event=0 ip=198.41.192.77",
        "run.failed: REQ-0001 failed: Restart the tunnel. Not healthy 2 min after the restart. lantern-ocs is “down”: no connection, so nobody gets through.
      Next steps:
      1. Look at the tunnel in the Zero Trust dashboard, under Networks → Tunnels.
      2. On the server, read the whole log: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml logs cloudflared
      3. On the server, restart it by hand: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared
      The last lines of the log of cloudflared:
          <time> INF Starting tunnel tunnelID=94a35fdc-30df-4d12-aa44-7217f9ffade7
          <time> INF Version 2026.3.0 (Checksum •••)
          <time> INF GOOS: linux, GOVersion: go1.24.9, GoArch: amd64
          <time> INF Settings: map[no-autoupdate:true token:•••]
          <time> INF Initial protocol quic
          <time> INF Starting metrics server on [::]:20241/metrics
          <time> ERR Unable to establish connection with Cloudflare edge error="TLS handshake with edge error: EOF" connI…
          <time> INF Retrying connection in up to 4s connIndex=0 event=0 ip=198.41.192.77",
      ]
    `);
    expect(sandbox.docker.restarts).toHaveLength(1);
  });

  it('the container crashes again', async () => {
    const sandbox = await start();
    sandbox.docker.neverStaysUp();
    await restarts(sandbox);

    expect(await ends(sandbox, 'REQ-0001', 30_000)).toMatchInlineSnapshot(`
      "# ❌ REQ-0001 could not be done
      Restart the tunnel
      Action: tunnel-restart
      Asked by: @cara (U05CARA0001), 2026-11-21 12:04 UTC
      Approval: none needed
      Outcome: failed, 2026-11-21 12:04 UTC, 1 s after it started
      Steps
      1. Restart the container cloudflared: failed
      2. Wait until lantern-ocs is healthy: not done
      Why it failed: cloudflared was started but does not stay up: Docker says “exited”, its last exit code was 1.
      Next steps:
      1. Look at the tunnel in the Zero Trust dashboard, under Networks → Tunnels.
      2. On the server, read the whole log: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml logs cloudflared
      3. On the server, restart it by hand: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared
      The last lines of the log of cloudflared:
      <time> INF Version 2026.3.0 (Checksum •••)
      <time> INF GOOS: linux, GOVersion: go1.24.9, GoArch: amd64
      <time> INF Settings: map[no-autoupdate:true token:•••]
      <time> INF Initial protocol quic
      <time> INF Starting metrics server on [::]:20241/metrics
      <time> ERR Failed to dial a quic connection error="failed to dial to edge with quic: timeout: no recent network…
      <time> ERR Register tunnel error from server side error="Unauthorized: Invalid tunnel secret" connIndex=0 event…
      <time> ERR Initiating shutdown error="Unauthorized: Invalid tunnel secret"
      ⚠️ Warning: Everyone who uses the app is cut off for some seconds.
      ⚠️ Warning: Before the restart lantern-ocs is healthy, says Cloudflare. It can be restarted all the same.
      (Plan 0a1b2c3d4e5f. The audit log holds every step.)"
    `);
    expect(withoutStamps(await dmSays(sandbox, 'cara', /What failed/))).toMatchInlineSnapshot(`
      "❌ REQ-0001 could not be done: Restart the tunnel.
      What failed
      • Restart the container cloudflared: cloudflared was started but does not stay up: Docker says “exited”, its last exit code was 1.
      Next steps:
      1. Look at the tunnel in the Zero Trust dashboard, under Networks → Tunnels.
      2. On the server, read the whole log: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml logs cloudflared
      3. On the server, restart it by hand: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared
      The last lines of the log of cloudflared:
      <time> INF Version 2026.3.0 (Checksum •••)
      <time> INF GOOS: linux, GOVersion: go1.24.9, GoArch: amd64
      <time> INF Settings: map[no-autoupdate:true token:•••]
      <time> INF Initial protocol quic
      <time> INF Starting metrics server on [::]:20241/metrics
      <time> ERR Failed to dial a quic connection error="failed to dial to edge with quic: timeout: no recent network…
      <time> ERR Register tunnel error from server side error="Unauthorized: Invalid tunnel secret" connIndex=0 event…
      <time> ERR Initiating shutdown error="Unauthorized: Invalid tunnel secret"
      What was not done
      • Wait until lantern-ocs is healthy"
    `);
  });

  it('the container crashes while it is waited for', async () => {
    const sandbox = await start({ docker: { comesBackAfterMs: 60_000 } });
    const { slack, docker, cloudflare } = sandbox;
    await readsRestart(sandbox);
    cloudflare.clearCalls();
    await confirms(sandbox);
    await restartedTimes(sandbox, 1);
    await slack.until(() => cloudflare.calls.filter(({ path }) => path.endsWith('/connections')).length > 1, {
      what: 'the first look at the tunnel after the restart',
      timeoutMs: 20_000,
    });
    docker.crashes('cloudflared');

    const says = await ends(sandbox, 'REQ-0001', MINUTE);
    expect(says).toContain('Why it failed: Not healthy 2 min after the restart. lantern-ocs is “down”');
    expect(says).toContain('ERR Initiating shutdown error="Unauthorized: Invalid tunnel secret"');
    expect(docker.restarts).toHaveLength(1);
  });

  it('one of three replicas: the others stay as they are', async () => {
    const sandbox = await start({ cloudflare: { replicas: 3 }, docker: SOON });
    sandbox.docker.neverComesBack();
    await restarts(sandbox);
    await restartedTimes(sandbox, 1);

    expect(await ends(sandbox, 'REQ-0001', MINUTE)).toMatchInlineSnapshot(`
      "# ❌ REQ-0001 could not be done
      Restart the tunnel
      Action: tunnel-restart
      Asked by: @cara (U05CARA0001), 2026-11-21 12:04 UTC
      Approval: none needed
      Outcome: failed, 2026-11-21 12:04 UTC, 1 s after it started
      Steps
      1. Restart the container open-chat-studio-cloudflared-1: done
      2. Wait until lantern-ocs is healthy with the new open-chat-studio-cloudflared-1: failed
      3. Restart the container open-chat-studio-cloudflared-2: not done
      4. Wait until lantern-ocs is healthy with the new open-chat-studio-cloudflared-2: not done
      5. Restart the container open-chat-studio-cloudflared-3: not done
      6. Wait until lantern-ocs is healthy with the new open-chat-studio-cloudflared-3: not done
      Why it failed: lantern-ocs is healthy by connections from before, but no new one came within 2 min of the restart of open-chat-studio-cloudflared-1. Its log may say why; if not, another machine may run the tunnel.
      Next steps:
      1. Look at the tunnel in the Zero Trust dashboard, under Networks → Tunnels.
      2. On the server, read the whole log: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml logs cloudflared
      3. On the server, restart it by hand: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared
      The last lines of the log of open-chat-studio-cloudflared-1:
      <time> INF Starting tunnel tunnelID=94a35fdc-30df-4d12-aa44-7217f9ffade7
      <time> INF Version 2026.3.0 (Checksum •••)
      <time> INF GOOS: linux, GOVersion: go1.24.9, GoArch: amd64
      <time> INF Settings: map[no-autoupdate:true token:•••]
      <time> INF Initial protocol quic
      <time> INF Starting metrics server on [::]:20241/metrics
      <time> ERR Unable to establish connection with Cloudflare edge error="TLS handshake with edge error: EOF" connI…
      <time> INF Retrying connection in up to 4s connIndex=0 event=0 ip=198.41.192.77
      ⚠️ Warning: The replicas are restarted one after another, so nobody should notice.
      ⚠️ Warning: Before the restart lantern-ocs is healthy, says Cloudflare. It can be restarted all the same.
      (Plan 0a1b2c3d4e5f. The audit log holds every step.)"
    `);
    expect(sandbox.docker.restarts).toHaveLength(1);
    expect(sandbox.cloudflare.account.tunnel().connectors).toHaveLength(2);
  });

  it('the tunnel is deleted meanwhile', async () => {
    const sandbox = await start({ docker: { comesBackAfterMs: 60_000 } });
    await restarts(sandbox);
    await restartedTimes(sandbox, 1);
    sandbox.cloudflare.account.deleteTunnel();

    expect(await ends(sandbox)).toMatchInlineSnapshot(`
      "# ❌ REQ-0001 could not be done
      Restart the tunnel
      Action: tunnel-restart
      Asked by: @cara (U05CARA0001), 2026-11-21 12:04 UTC
      Approval: none needed
      Outcome: failed, 2026-11-21 12:04 UTC, 1 s after it started
      Steps
      1. Restart the container cloudflared: done
      2. Wait until lantern-ocs is healthy: failed
      Why it failed: Cloudflare has no tunnel lantern-ocs any more: somebody has deleted it, and no restart brings it back. Look in the Zero Trust dashboard, under Networks → Tunnels.
      ⚠️ Warning: Everyone who uses the app is cut off for some seconds.
      ⚠️ Warning: Before the restart lantern-ocs is healthy, says Cloudflare. It can be restarted all the same.
      (Plan 0a1b2c3d4e5f. The audit log holds every step.)"
    `);
  });
});

it('the container runs another tunnel than the app uses: nothing is restarted', async () => {
  const sandbox = await start({ cloudflare: { secondTunnel: true } });
  const { account } = sandbox.cloudflare;
  account.deleteTunnel(account.ids.tunnel);
  account.setTunnelStatus('down', account.ids.secondTunnel);

  await sandbox.slack.as('cara').types('/ocs-access tunnel restart');
  expect(await viewSays(sandbox, 'cara', /did not work/)).toMatchInlineSnapshot(`
    "== That did not work ==
    ⚠️ cloudflared on the server runs another tunnel than lantern-ocs, so nothing was restarted. Restart cloudflared on the machine that runs lantern-ocs, or have your operator check CLOUDFLARED_CONTAINER.
    [Close]"
  `);
  expect(sandbox.docker.restarts).toEqual([]);
});

describe('the Engine', () => {
  it('fails while the plan is confirmed', async () => {
    const sandbox = await start({ docker: SOON });
    await readsRestart(sandbox);
    sandbox.docker.failsWith(500);
    await sandbox.slack.as('cara').submits();
    expect(await viewSays(sandbox, 'cara', /did not work/)).toMatchInlineSnapshot(`
      "== That did not work ==
      ⚠️ I can’t restart it from here. Docker could not look at the container just now (GET /containers/cloudflared/json, HTTP 500). Type this on the server instead: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared
      [Close]"
    `);
  });

  it('fails at the restart, for good', async () => {
    const sandbox = await start({ docker: SOON });
    sandbox.docker.failsWith(500, /restart$/);
    await restarts(sandbox);

    expect(await ends(sandbox, 'REQ-0001', 30_000)).toMatchInlineSnapshot(`
      "# ❌ REQ-0001 could not be done
      Restart the tunnel
      Action: tunnel-restart
      Asked by: @cara (U05CARA0001), 2026-11-21 12:04 UTC
      Approval: none needed
      Outcome: failed, 2026-11-21 12:04 UTC, 1 s after it started
      Steps
      1. Restart the container cloudflared: failed
      2. Wait until lantern-ocs is healthy: not done
      Why it failed: Docker could not restart the container just now (POST /containers/cloudflared/restart, HTTP 500). By hand, on the server: “docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared”. Tried 6 times.
      ⚠️ Warning: Everyone who uses the app is cut off for some seconds.
      ⚠️ Warning: Before the restart lantern-ocs is healthy, says Cloudflare. It can be restarted all the same.
      (Plan 0a1b2c3d4e5f. The audit log holds every step.)"
    `);
    expect(withoutStamps(await dmSays(sandbox, 'cara', /What failed/))).toMatchInlineSnapshot(`
      "❌ REQ-0001 could not be done: Restart the tunnel.
      What failed
      • Restart the container cloudflared: Docker could not restart the container just now (POST /containers/cloudflared/restart, HTTP 500). By hand, on the server: “docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared”. Tried 6 times.
      What was not done
      • Wait until lantern-ocs is healthy"
    `);
  });

  it('fails at the restart, for a moment', async () => {
    const sandbox = await start({ docker: SOON });
    sandbox.docker.failsWith(500, /restart$/);
    await restarts(sandbox);
    const { slack, docker } = sandbox;
    await slack.until(() => docker.calls.some(({ status }) => status === 500), { what: 'a failure' });
    docker.recovers();

    expect(await ends(sandbox)).toMatch(/REQ-0001 is done/);
    expect(docker.restarts).toHaveLength(1);
  });

  it('stands behind a proxy that refuses the restart', async () => {
    const sandbox = await start({ docker: SOON });
    sandbox.docker.refuses(/restart$/);
    await restarts(sandbox);

    expect(await ends(sandbox)).toMatchInlineSnapshot(`
      "# ❌ REQ-0001 could not be done
      Restart the tunnel
      Action: tunnel-restart
      Asked by: @cara (U05CARA0001), 2026-11-21 12:04 UTC
      Approval: none needed
      Outcome: failed, 2026-11-21 12:04 UTC, 1 s after it started
      Steps
      1. Restart the container cloudflared: failed
      2. Wait until lantern-ocs is healthy: not done
      Why it failed: The bot is not permitted to ask this of the Docker at unix:///run/ocs-docker/docker.sock (POST /containers/cloudflared/restart, HTTP 403). If a socket proxy stands in between, let it pass what the container in CLOUDFLARED_CONTAINER (“cloudflared”) needs: inspect, logs and restart. By hand, on the server: “docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared”.
      ⚠️ Warning: Everyone who uses the app is cut off for some seconds.
      ⚠️ Warning: Before the restart lantern-ocs is healthy, says Cloudflare. It can be restarted all the same.
      (Plan 0a1b2c3d4e5f. The audit log holds every step.)"
    `);
    expect(withoutStamps(await dmSays(sandbox, 'cara', /What failed/))).toMatchInlineSnapshot(`
      "❌ REQ-0001 could not be done: Restart the tunnel.
      What failed
      • Restart the container cloudflared: The bot is not permitted to ask this of the Docker at unix:///run/ocs-docker/docker.sock (POST /containers/cloudflared/restart, HTTP 403). If a socket proxy stands in between, let it pass what the container in CLOUDFLARED_CONTAINER (“cloudflared”) needs: inspect, logs and restart. By hand, on the server: “docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared”.
      What was not done
      • Wait until lantern-ocs is healthy"
    `);
  });

  it('stands behind a proxy that refuses everything', async () => {
    const sandbox = await start();
    sandbox.docker.refuses(/^/);
    expect(await readsTunnel(sandbox)).toMatchInlineSnapshot(`
      "# ✅ lantern-ocs is healthy
      lantern-ocs is healthy: connected, everything gets through. Connected since 2026-11-21 12:04 UTC. 1 replica of cloudflared:
      • Version 2026.3.0, runs since 2026-11-21 12:04 UTC, connected to ams01, ams07, fra08, fra12
      (No hostname route names ocs.lantern.internal; this is the only tunnel with a network route.)
      # On the server
      The bot is not permitted to ask this of the Docker at unix:///run/ocs-docker/docker.sock (GET /containers/cloudflared/json, HTTP 403). If a socket proxy stands in between, let it pass what the container in CLOUDFLARED_CONTAINER (“cloudflared”) needs: inspect, logs and restart. To restart it there by hand, type:
      docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared"
    `);
  });

  it('does not answer at all', async () => {
    const sandbox = await start();
    sandbox.docker.hangs();
    expect(await readsTunnel(sandbox)).toMatchInlineSnapshot(`
      "# ✅ lantern-ocs is healthy
      lantern-ocs is healthy: connected, everything gets through. Connected since 2026-11-21 12:04 UTC. 1 replica of cloudflared:
      • Version 2026.3.0, runs since 2026-11-21 12:04 UTC, connected to ams01, ams07, fra08, fra12
      (No hostname route names ocs.lantern.internal; this is the only tunnel with a network route.)
      [Restart]
      # On the server
      The server does not answer. Try again in a minute. To restart it there by hand, type:
      docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared"
    `);
  });

  it('has lost the container meanwhile', async () => {
    const sandbox = await start({ docker: SOON });
    await restarts(sandbox, 'ben');
    await cardSays(sandbox, /waiting for approval/);
    sandbox.docker.rename('cloudflared', 'cloudflared-old');
    await sandbox.slack.as('cara').clicks(cardOf(sandbox), 'Approve');

    expect(await ends(sandbox)).toMatchInlineSnapshot(`
      "# ❌ REQ-0001 could not be done
      Restart the tunnel
      Action: tunnel-restart
      Asked by: @ben (U05BEN00001), 2026-11-21 12:04 UTC
      Approved by: @cara (U05CARA0001), 2026-11-21 12:04 UTC
      Outcome: failed, 2026-11-21 12:04 UTC, 1 s after it started
      Steps
      1. Restart the container cloudflared: failed
      2. Wait until lantern-ocs is healthy: not done
      Why it failed: There is no container cloudflared on the server any more. Start it there again, or ask once more if it has another name now.
      ⚠️ Warning: Everyone who uses the app is cut off for some seconds.
      ⚠️ Warning: Before the restart lantern-ocs is healthy, says Cloudflare. It can be restarted all the same.
      (Plan 0a1b2c3d4e5f. Decided 1 s after it was asked. The audit log holds every step.)"
    `);
  });
});

/** The second of two that ask at once may have been refused. */
async function endsIfAsked(sandbox: TestSandbox, requestId: string): Promise<void> {
  const lines = await auditAll(sandbox);
  if (lines.filter((line) => line.startsWith('request.asked')).length > 1) await ends(sandbox, requestId);
}
