import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ailment } from '../../src/core/outage.ts';
import { plainly } from '../../src/slack/plainly.ts';
import { tunnelAlert } from '../../src/slack/tunnel-alert.ts';
import { ASKED_AT } from '../builders/a-request.ts';
import { expectWithinLimits, read } from './read.ts';

type Alert = Parameters<typeof tunnelAlert>[0];

const SECOND = 1000;
const MINUTE = 60 * SECOND;

function anAlert(changes: Partial<Alert> = {}): Alert {
  return {
    tunnel: { id: 'tunnel-ocs', name: 'lantern-ocs' },
    status: 'down',
    since: ASKED_AT,
    was: ['down'],
    drops: 1,
    downMs: 0,
    restarts: [],
    gaveUp: false,
    ...changes,
  };
}

const well = { status: 'healthy', endedAt: ASKED_AT + 250 * SECOND, downMs: 250 * SECOND } as const;
const twice = [
  { requestId: 'REQ-0007', at: ASKED_AT + 2 * MINUTE },
  { requestId: 'REQ-0008', at: ASKED_AT + 5 * MINUTE },
];

describe('a tunnel that is not well', () => {
  it('is named with since when, what that means for people, and the button', () => {
    expect(read(tunnelAlert(anAlert()))).toMatchInlineSnapshot(`
      "# 🚨 The tunnel lantern-ocs is down
      Since: 2026-11-21 11:00 UTC
      What it means: No connection, so nobody gets through.
      [Restart]
      (This message changes when the tunnel does. “/ocs-access tunnel” shows more.)"
    `);
    expect(tunnelAlert(anAlert()).text).toMatchInlineSnapshot(
      `"The tunnel lantern-ocs is down. Since <!date^1795258800^{date_short_pretty} at {time}|2026-11-21 11:00 UTC>: no connection, so nobody gets through."`,
    );
  });

  it('degraded, lets people through', () => {
    expect(read(tunnelAlert(anAlert({ status: 'degraded', was: ['degraded'] })))).toMatchInlineSnapshot(`
      "# ⚠️ The tunnel lantern-ocs is degraded
      Since: 2026-11-21 11:00 UTC
      What it means: Connected, but some of its connections are missing.
      [Restart]
      (This message changes when the tunnel does. “/ocs-access tunnel” shows more.)"
    `);
  });

  it('that has never been run says what to run', () => {
    expect(read(tunnelAlert(anAlert({ status: 'inactive', was: ['inactive'] })))).toMatchInlineSnapshot(`
      "# ⚠️ The tunnel lantern-ocs is inactive
      Since: 2026-11-21 11:00 UTC
      What it means: Set up, but it has never been run.
      Run cloudflared with the token of this tunnel. It is in the Zero Trust dashboard, under Networks → Tunnels.
      [Restart]
      (This message changes when the tunnel does. “/ocs-access tunnel” shows more.)"
    `);
  });

  it('gone, can’t be restarted: what to do instead', () => {
    const gone = tunnelAlert(anAlert({ status: 'gone', was: ['down', 'gone'] }));

    expect(read(gone)).toMatchInlineSnapshot(`
      "# 🚨 The tunnel lantern-ocs was deleted
      Since: 2026-11-21 11:00 UTC
      What it means: It was deleted in Cloudflare, so nobody gets through it.
      If another tunnel has taken its place, there is nothing to do. If not, make a new tunnel in the Zero Trust dashboard, under Networks → Tunnels, run cloudflared with its token, and lead the route of the app through it.
      (This message changes when the tunnel does. “/ocs-access tunnel” shows more.)"
    `);
    expect(gone.text).toMatchInlineSnapshot(
      `"The tunnel lantern-ocs was deleted. Since <!date^1795258800^{date_short_pretty} at {time}|2026-11-21 11:00 UTC>: it was deleted in Cloudflare, so nobody gets through it. If another tunnel has taken its place, there is nothing to do. If not, make a new tunnel in the Zero Trust dashboard, under Networks → Tunnels, run cloudflared with its token, and lead the route of the app through it."`,
    );
  });

  it('that comes and goes is one message', () => {
    const unstable = tunnelAlert(
      anAlert({ again: ASKED_AT + 5 * MINUTE, drops: 3, downMs: 70 * SECOND, was: ['degraded', 'down'] }),
    );

    expect(read(unstable)).toMatchInlineSnapshot(`
      "# 🚨 The tunnel lantern-ocs is down again
      Since: 2026-11-21 11:05 UTC
      What it means: No connection, so nobody gets through.
      Unstable: degraded or down 3 times since 2026-11-21 11:00 UTC. Before this time, that was 1 min 10 s in all.
      [Restart]
      (This message changes when the tunnel does. “/ocs-access tunnel” shows more.)"
    `);
    expect(unstable.text).toMatchInlineSnapshot(
      `"The tunnel lantern-ocs is down again. Since <!date^1795259100^{date_short_pretty} at {time}|2026-11-21 11:05 UTC>: no connection, so nobody gets through. It is unstable: degraded or down 3 times since <!date^1795258800^{date_short_pretty} at {time}|2026-11-21 11:00 UTC>. Before this time, that was 1 min 10 s in all."`,
    );
  });

  it('has the restarts of the bot, and calls for a person after the last', () => {
    const alert = tunnelAlert(anAlert({ restarts: twice, gaveUp: true }));

    expect(read(alert)).toMatchInlineSnapshot(`
      "# 🚨 The tunnel lantern-ocs is down
      Since: 2026-11-21 11:00 UTC
      What it means: No connection, so nobody gets through.
      Restarted by the bot: REQ-0007 2026-11-21 11:02 UTC, REQ-0008 2026-11-21 11:05 UTC
      The bot has restarted cloudflared 3 times within an hour, and leaves it alone now. A person has to look at the server.
      [Restart]
      (This message changes when the tunnel does. “/ocs-access tunnel” shows more.)"
    `);
    expect(alert.text).toContain('A person has to look at the server.');
  });

  it('says why the bot can’t restart it', () => {
    const problem = 'No Docker Engine answers. Type this on the server instead: docker compose restart cloudflared';

    expect(read(tunnelAlert(anAlert({ problem })))).toContain(`The bot did not restart it by itself. ${problem}`);
  });
});

describe('a tunnel that is well again', () => {
  it('has the length of the outage and no button', () => {
    expect(read(tunnelAlert(anAlert({ ...well, restarts: twice })))).toMatchInlineSnapshot(`
      "# ✅ The tunnel lantern-ocs is well again
      It was down for 4 min 10 s, from 2026-11-21 11:00 UTC until 2026-11-21 11:04 UTC.
      Restarted by the bot: REQ-0007 2026-11-21 11:02 UTC, REQ-0008 2026-11-21 11:05 UTC"
    `);
    expect(tunnelAlert(anAlert(well)).text).toMatchInlineSnapshot(
      `"The tunnel lantern-ocs is well again. It was down for 4 min 10 s, from <!date^1795258800^{date_short_pretty} at {time}|2026-11-21 11:00 UTC> until <!date^1795259050^{date_short_pretty} at {time}|2026-11-21 11:04 UTC>."`,
    );
  });

  it('was unstable if it went down several times', () => {
    expect(read(tunnelAlert(anAlert({ ...well, drops: 3, downMs: 70 * SECOND })))).toMatchInlineSnapshot(`
      "# ✅ The tunnel lantern-ocs is well again
      It was unstable: down 3 times, 1 min 10 s in all, from 2026-11-21 11:00 UTC until 2026-11-21 11:04 UTC."
    `);
  });
});

it('a tunnel that is not used any more says so', () => {
  const alert = tunnelAlert(anAlert({ ...well, status: 'down' }));

  expect(read(alert)).toMatchInlineSnapshot(`
    "# ℹ️ The tunnel lantern-ocs is not watched any more
    The routes of the app no longer lead through it.
    It was down for 4 min 10 s, from 2026-11-21 11:00 UTC until 2026-11-21 11:04 UTC."
  `);
  expect(alert.text).toMatchInlineSnapshot(
    `"The tunnel lantern-ocs is not watched any more. The routes of the app no longer lead through it. It was down for 4 min 10 s, from <!date^1795258800^{date_short_pretty} at {time}|2026-11-21 11:00 UTC> until <!date^1795259050^{date_short_pretty} at {time}|2026-11-21 11:04 UTC>."`,
  );
});

it('a name can mention nobody', () => {
  expect(tunnelAlert(anAlert({ tunnel: { id: 't', name: '<!channel> & <@U05BEN00001>' } })).text).toContain(
    'The tunnel &lt;!channel&gt; &amp; &lt;@U05BEN00001&gt; is down.',
  );
});

it('whatever happened, it is within Slack’s limits', () => {
  const ailment = fc.constantFrom<Ailment>('down', 'degraded', 'inactive', 'gone');
  const at = fc.integer({ min: 0, max: 4_000_000_000_000 });
  const words = fc.oneof(fc.string({ unit: 'binary', maxLength: 4000 }), fc.constant('<&>'.repeat(2000)));
  const alert = fc.record({
    tunnel: fc.record({ id: words, name: words }),
    status: fc.constantFrom<Alert['status']>('down', 'degraded', 'inactive', 'gone', 'healthy'),
    since: at,
    endedAt: fc.option(at, { nil: undefined }),
    was: fc.uniqueArray(ailment),
    drops: fc.integer({ min: 1, max: 10_000 }),
    downMs: at,
    restarts: fc.array(fc.record({ requestId: fc.constant('REQ-0042'), at }), { maxLength: 50 }),
    gaveUp: fc.boolean(),
    problem: words,
  });
  fc.assert(
    fc.property(alert, fc.boolean(), (given, isAgain) => {
      const message = tunnelAlert({ ...given, ...(isAgain ? { again: given.since } : {}) });
      expectWithinLimits(message);
      expectWithinLimits(plainly(message));
    }),
    { numRuns: 100 },
  );
});
