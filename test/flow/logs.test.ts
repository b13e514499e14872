import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { lanternHealth } from '../../sandbox/slack/seed.ts';
import type { AccessRow, NetworkRow } from '../../src/core/log-row.ts';
import type { Logs } from '../../src/core/logs.ts';
import { parseRedisTarget } from '../../src/core/redis-target.ts';
import { connectForAnswers } from '../../src/store/connect.ts';
import { createLogs } from '../../src/store/logs.ts';
import { useSandbox, type TestSandbox } from '../harness/use-sandbox.ts';
import { newestSaid, says } from './answer-driver.ts';
import { BEN, letIn } from './leaving-driver.ts';
import { auditAll, withoutTimes } from './onboarding-driver.ts';

const start = useSandbox();

const MINUTE = 60_000;
const EVE = 'eve@elsewhere.example';
const WITH_FILES = { seed: { app: { scopes: [...new Set([...lanternHealth.app.scopes, 'files:write'])] } } };

/** The bot alone: nobody pulls rows meanwhile. */
function alone(): Promise<TestSandbox> {
  return start({ parts: ['bot'], slack: WITH_FILES });
}

/** What the worker would have kept of the logs. */
async function keepsRows({ env }: TestSandbox, keep: (logs: Logs) => Promise<void>): Promise<void> {
  const redis = connectForAnswers(parseRedisTarget(env['REDIS_URL'] ?? ''), { onError: () => undefined });
  await once(redis, 'ready');
  await keep(createLogs({ redis, prefix: env['REDIS_PREFIX'] ?? '' }));
  redis.disconnect();
}

function aRow(number: number, now: number, changes: Partial<AccessRow> = {}): AccessRow {
  return {
    id: `ray${String(number).padStart(5, '0')}`,
    at: Math.floor(now / 1000) * 1000 - number * MINUTE,
    email: BEN.email,
    allowed: true,
    app: 'ocs.lantern.internal',
    ip: '203.0.113.7',
    method: 'onetimepin',
    ...changes,
  };
}

function raysOf(text: string): string[] {
  return text.split('\n').flatMap((line) => /ray (ray\d+)/.exec(line)?.[1] ?? []);
}

async function withRows(): Promise<TestSandbox> {
  const sandbox = await alone();
  const now = sandbox.clock.now();
  letIn(sandbox, BEN);
  await keepsRows(sandbox, async (logs) => {
    await logs.addRows(
      'access',
      Array.from({ length: 40 }, (_, index) => aRow(index, now, index === 3 ? { email: EVE, allowed: false } : {})),
    );
    await logs.keepPulled('access', { until: now, gaps: [] });
    const network: NetworkRow = {
      id: 'net1',
      at: Math.floor(now / 3_600_000) * 3_600_000,
      email: BEN.email,
      destination: '10.20.0.5',
      port: 443,
      sessions: 2,
      sent: 1_200_000,
      received: 12_000_000,
    };
    await logs.addRows('network', [network]);
    await logs.keepPulled('network', { until: now, gaps: [], problem: 'The plan tells no network sessions.' });
  });
  return sandbox;
}

describe('before anything is kept', () => {
  it('an approver sees who came in today and why somebody was turned away', async () => {
    const sandbox = await alone();
    const { account } = sandbox.cloudflare;
    letIn(sandbox, BEN);
    sandbox.clock.forward(MINUTE);
    account.login(EVE);
    sandbox.clock.forward(MINUTE);
    // Without the laptop.
    account.login(BEN.email);
    sandbox.clock.forward(MINUTE);

    const shown = await says(sandbox, 'cara', `/ocs-access logs access ${BEN.email} today`);
    expect(shown.replaceAll(/ray [0-9a-f]+/g, 'ray 0a1b2c3d')).toMatchInlineSnapshot(`
      "# Access log
      ben.okafor@lanternhealth.example, since 2026-11-21 12:04 UTC, as of now.
      Access log, newest first
      Time | Person | Allowed? | From where, how
      2026-11-21 12:04 UTC | ben.okafor@lanternhealth.example | Not allowed: WARP was off, so no device was checked | 198.51.100.77 (DE) · code by e-mail · WARP off · ocs.lantern.internal · ray 0a1b2c3d…
      2026-11-21 12:04 UTC | ben.okafor@lanternhealth.example | Allowed | 198.51.100.77 (DE) · code by e-mail · serial 5CG0917BEN · ocs.lantern.internal · ray 0a1b2c3d…
      Note: Nothing is kept here yet, so this comes from Cloudflare just now: the last 24 hours at most.
      (Cloudflare’s log gives no reasons. These follow from the policies, lists and devices as they are now; “(likely)” means: not for certain.)
      [Download CSV] [Download NDJSON]"
    `);
    expect(await says(sandbox, 'cara', '/ocs-access logs access denied')).toContain(
      `| ${EVE} | Not allowed: No policy lets this address in now |`,
    );
    expect((await auditAll(sandbox)).map(withoutTimes)).toMatchInlineSnapshot(`
      [
        "logs.read: Cara Lindqvist looked at the Access log of ben.okafor@lanternhealth.example since 2026-11-21 12:04 UTC.",
        "logs.read: Cara Lindqvist looked at the Access log of everybody since 2026-11-21 12:04 UTC.",
      ]
    `);
  });

  it('a member is refused', async () => {
    const sandbox = await alone();

    expect(await says(sandbox, 'ben', '/ocs-access logs access')).toBe(
      'Only approvers can read the logs. Your own access is under /ocs-access whoami.',
    );
    expect((await auditAll(sandbox)).join()).toContain('tried to read the Access log without being an approver');
  });
});

describe('with rows that are kept', () => {
  it('the pages turn in place, back and forth', async () => {
    const sandbox = await withRows();
    const { slack } = sandbox;
    const cara = slack.as('cara');
    const first = await says(sandbox, 'cara', '/ocs-access logs access');
    const shows = (page: string) =>
      slack.until(
        () => {
          const text = slack.text(newestSaid(sandbox, 'cara'));
          return text.includes(page) ? text : undefined;
        },
        { what: page, timeoutMs: 10_000 },
      );

    await cara.clicks(newestSaid(sandbox, 'cara'), 'Older');
    const second = await shows('Page 2.');
    await cara.clicks(newestSaid(sandbox, 'cara'), 'Older');
    const third = await shows('Page 3.');
    await cara.clicks(newestSaid(sandbox, 'cara'), 'Newer');
    const back = await shows('Page 2.');

    expect(new Set([first, second, third].flatMap(raysOf)).size).toBe(40);
    expect(raysOf(back)).toEqual(raysOf(second));
    expect(cara.ephemerals()).toHaveLength(1);
  });

  it('a file comes by direct message, and to nobody else', async () => {
    const sandbox = await withRows();
    const { slack } = sandbox;
    await says(sandbox, 'cara', '/ocs-access logs access denied');
    const cara = slack.as('cara');

    await cara.clicks(newestSaid(sandbox, 'cara'), 'Download CSV');
    const file = await slack.until(() => slack.dms('cara').flatMap(({ files }) => files)[0], { what: 'the file' });

    expect(file.name).toMatch(/^access-log-\d{4}-\d\d-\d\d-to-\d{4}-\d\d-\d\d\.csv$/);
    expect(file.text.split('\r\n')).toHaveLength(3);
    expect(file.text).toContain(`${EVE},false,No policy lets this address in now,fact,203.0.113.7`);
    await slack.until(() => slack.text(newestSaid(sandbox, 'cara')).includes('I sent you the file'), {
      what: 'the word',
    });
    expect((await auditAll(sandbox)).at(-1)).toContain('took away, as a file, the Access log of everybody');
  });

  it('the answer still comes where Slack takes no tables', async () => {
    const sandbox = await withRows();
    sandbox.slack.faults.refuseBlock('data_table');

    const shown = await says(sandbox, 'cara', '/ocs-access logs access denied');

    expect(shown.replaceAll(/ray [0-9a-z]+/g, 'ray 0a1b2c3d')).toMatchInlineSnapshot(`
      "# Access log
      Everybody, only those turned away, since 2026-11-21 12:04 UTC, as of 2026-11-21 12:04 UTC.
      2026-11-21 12:04 UTC · eve@elsewhere.example · Not allowed: No policy lets this address in now · 203.0.113.7 · code by e-mail · ocs.lantern.internal · ray 0a1b2c3d
      (Cloudflare’s log gives no reasons. These follow from the policies, lists and devices as they are now; “(likely)” means: not for certain.)
      [Download CSV] [Download NDJSON]"
    `);
  });

  it('the Gateway log says what is missing and shows the rest', async () => {
    const sandbox = await withRows();

    expect(await says(sandbox, 'cara', '/ocs-access logs gateway @ben 10.20.')).toMatchInlineSnapshot(`
      "# Gateway log
      ben.okafor@lanternhealth.example, only to “10.20.”, since 2026-11-21 12:04 UTC, as of 2026-11-21 12:04 UTC.
      Gateway log, newest first
      Hour | Person | Destination | How much, from which device
      2026-11-21 12:04 UTC | ben.okafor@lanternhealth.example | 10.20.0.5 port 443 | 2 connections · 1.2 MB sent · 12 MB received
      Note: The plan tells no network sessions.
      [Download CSV] [Download NDJSON]"
    `);
  });
});
