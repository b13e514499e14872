import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { parseRedisTarget } from '../../src/core/redis-target.ts';
import { sweep } from '../../src/jobs/sweep.ts';
import { connectForAnswers } from '../../src/store/connect.ts';
import { createStore } from '../../src/store/store.ts';
import { useSandbox, type TestSandbox } from '../harness/use-sandbox.ts';
import { newestSaid, says } from './answer-driver.ts';
import { channelSays } from './leaving-driver.ts';
import {
  aLog,
  asksFor,
  DATADOG,
  DATADOG_KEY,
  expectNowhere,
  LISTED,
  listed,
  presses,
  R2,
  R2_ID,
  R2_KEY,
  S3,
  secretsKept,
  sends,
  SPLUNK,
  SPLUNK_TOKEN,
  type Typed,
} from './logs-export-driver.ts';
import { auditAll, cardOf, cardSays, dmSays, newestDm } from './onboarding-driver.ts';
import { formOf, writesIn } from './sign-in-driver.ts';
import { viewSays } from './tunnel-driver.ts';

const start = useSandbox();

async function startLogged(options: Parameters<typeof start>[0] = {}) {
  const { log, written } = aLog();
  return { sandbox: await start({ log, ...options }), written };
}

async function approves(sandbox: TestSandbox, id = 'REQ-0001'): Promise<string> {
  await sandbox.slack.as('dina').clicks(cardOf(sandbox), 'Approve');
  return cardSays(sandbox, new RegExp(`${id} (is done|could)`));
}

/** `name, on: destination`, as Cloudflare has them. */
function jobsOf({ cloudflare }: TestSandbox): string[] {
  return cloudflare.account
    .logpushJobs()
    .map(({ conf, body }) => `${body.name}, ${body.enabled ? 'on' : 'paused'}: ${conf}`)
    .toSorted();
}

/** Cara has the token written, and opens the form for it. */
async function getsToken(sandbox: TestSandbox): Promise<string> {
  await presses(sandbox, 'To S3');
  expect(await sends(sandbox, { ...S3, logs: 'gateway' })).toEqual({});
  await dmSays(sandbox, 'cara', /Type the token/);
  await dmSays(sandbox, 'cara', /REQ-0001 is done/);
  return sandbox.cloudflare.account.tokenIn('lantern-archive');
}

async function typesToken(sandbox: TestSandbox, token: string): Promise<string> {
  const { slack } = sandbox;
  const asked =
    slack.dms('cara').findLast((one) => slack.text(one).includes('[Type the token]')) ?? newestDm(sandbox, 'cara');
  await slack.as('cara').clicks(asked, 'Type the token');
  const form = await formOf(sandbox, 'cara');
  expect(await sends(sandbox, { token })).toEqual({});
  return form;
}

async function withExport() {
  const started = await startLogged();
  const { account } = started.sandbox.cloudflare;
  const conf = `r2://lantern-logs/{DATE}?account-id=a&access-key-id=i&secret-access-key=${encodeURIComponent(R2_KEY)}`;
  const id = account.addLogpushJob({ conf, name: 'made-by-hand' });
  return { ...started, id, account };
}

async function asksTo(sandbox: TestSandbox, button: string, id: string): Promise<string> {
  await presses(sandbox, button);
  expect(await sends(sandbox, {})).toEqual({});
  await cardSays(sandbox, new RegExp(`${id} is waiting for approval`));
  return approves(sandbox, id);
}

it('Cara has the Access log exported to R2, Dina approves it, and the keys are nowhere but at Cloudflare', async () => {
  const { sandbox, written } = await startLogged();
  const { slack, cloudflare } = sandbox;
  expect(await listed(sandbox)).toMatchInlineSnapshot(`
    "# Export of logs
    Neither the Access log nor a Gateway log is exported.
    New export
    [To S3] [To R2] [To Splunk] [To Datadog]
    (Another approver has to agree to each of these. Cloudflare exports logs on its Enterprise plan only.)"
  `);
  expect(await presses(sandbox, 'To R2')).toMatchInlineSnapshot(`
    "== Export logs to R2 ==
    Which logs?: Access log
    Account id: <empty>
      Of the Cloudflare account that the bucket is in.
    Bucket: <empty>
      It has to be there already.
    Folder in the bucket (optional): <empty>
      Such as cloudflare/zero-trust. In it there is a folder for each day.
    Access key id: <empty>
      Of an R2 API token that may write to this bucket, and to no other. Slack shows it while you type. It goes to Cloudflare only: it is not kept with the form, so type it again if you come back.
    Secret access key: <empty>
      Slack shows it while you type. It goes to Cloudflare only: it is not kept with the form, so type it again if you come back.
    Why?: <empty>
      The approver and, months later, an auditor read this.
    [Ask for approval] [Cancel]"
  `);
  expect(await sends(sandbox, R2)).toEqual({});
  expect(await viewSays(sandbox, 'cara', /REQ-0001/)).toContain('The approvers see it now.');
  expect(await cardSays(sandbox, /waiting for approval/)).toMatchInlineSnapshot(`
    "# 🔔 REQ-0001 is waiting for approval
    Export the Access log to r2://lantern-logs/zero-trust
    Asked by @cara
    Reason:
    > The auditor wants a year of sign-ins.
    What will be done, in 2 steps
    1. Check that Cloudflare can write to r2://lantern-logs/zero-trust
    2. Export the Access log to r2://lantern-logs/zero-trust: 15 fields (CreatedAt, Email, Allowed and 12 more)
    ⚠️ Warning: From then on Cloudflare sends these logs to r2://lantern-logs/zero-trust by itself, every few minutes: e-mail addresses, IP addresses and what people did. Whoever can read that place reads them, and nothing deletes them there.
    [Approve] [Deny] [Details]
    (Asked 2026-11-21 12:04 UTC. Expires 2026-11-21 12:04 UTC if nobody decides.)"
  `);
  expect(await secretsKept(sandbox)).toBe(2);
  await expectNowhere(sandbox, written, [R2_ID, R2_KEY]);

  await slack.as('dina').clicks(cardOf(sandbox), 'Details');
  const details = await viewSays(sandbox, 'dina', /The plan: 2 steps/);
  expect(details).toContain('CreatedAt');
  expect(details).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-4/);
  await slack.as('cara').clicks(cardOf(sandbox), 'Approve');
  expect(jobsOf(sandbox)).toEqual([]);

  cloudflare.clearCalls();
  expect(await approves(sandbox)).toMatchInlineSnapshot(`
    "# ✅ REQ-0001 is done
    Export the Access log to r2://lantern-logs/zero-trust
    Asked by @cara
    Reason:
    > The auditor wants a year of sign-ins.
    Approved by @dina, 2026-11-21 12:04 UTC
    Done in 1 s
    [x] Check that Cloudflare can write to r2://lantern-logs/zero-trust
    [x] Export the Access log to r2://lantern-logs/zero-trust
        15 fields
    [Details]
    (Asked 2026-11-21 12:04 UTC. Finished 2026-11-21 12:04 UTC after 1 s.)"
  `);
  expect(await dmSays(sandbox, 'cara', /It took/)).toMatchInlineSnapshot(`
    "✅ REQ-0001 is done: Export the Access log to r2://lantern-logs/zero-trust.
    What was done
    • Check that Cloudflare can write to r2://lantern-logs/zero-trust
    • Export the Access log to r2://lantern-logs/zero-trust
    From now on
    • The first rows take some minutes to arrive. /ocs-access logs export shows what was delivered, and the last error.
    (It took 1 s, and everything was checked afterwards.)"
  `);
  expect(jobsOf(sandbox)).toMatchInlineSnapshot(`
    [
      "ocs-access-access-requests-r2, on: r2://lantern-logs/zero-trust/{DATE}?account-id=0123456789abcdef0123456789abcdef&access-key-id=r2id%2B0123456789abcdef&secret-access-key=r2%2Fsecret%2Bkey%3D0123456789ABCDEFabcdef%2541",
    ]
  `);
  expect(writesIn(sandbox)).toEqual(['POST logpush/validate/destination 200', 'POST logpush/jobs 200']);
  expect(await auditAll(sandbox)).toMatchInlineSnapshot(`
    [
      "request.asked: Cara Lindqvist asked: Export the Access log to r2://lantern-logs/zero-trust. Reason: The auditor wants a year of sign-ins.",
      "request.refused: Cara Lindqvist could not decide REQ-0001: Nobody approves their own request. Ask another approver.",
      "request.approved: Dina Haddad approved REQ-0001: Export the Access log to r2://lantern-logs/zero-trust.",
      "run.started: Began to carry out REQ-0001: Export the Access log to r2://lantern-logs/zero-trust.",
      "run.step: So already: Check that Cloudflare can write to r2://lantern-logs/zero-trust.",
      "run.step: Done: Export the Access log to r2://lantern-logs/zero-trust (15 fields).",
      "run.finished: REQ-0001 is done: Export the Access log to r2://lantern-logs/zero-trust.",
    ]
  `);
  expect(await listed(sandbox, 'dina')).toContain('✅ Access log to r2://lantern-logs/zero-trust');
  expect(await secretsKept(sandbox)).toBe(0);
  await expectNowhere(sandbox, written, [R2_ID, R2_KEY]);
});

it.each<[string, Typed, string, number]>([
  ['To Splunk', { ...SPLUNK, logs: 'gateway' }, SPLUNK_TOKEN, 4],
  ['To Datadog', DATADOG, DATADOG_KEY, 1],
])('%s: the logs go there once it is approved, and the key nowhere else', async (button, typed, secret, jobs) => {
  const { sandbox, written } = await startLogged();
  await asksFor(sandbox, button, typed);
  await expectNowhere(sandbox, written, [secret]);

  expect(await approves(sandbox)).toContain('REQ-0001 is done');

  expect(jobsOf(sandbox)).toHaveLength(jobs);
  expect(jobsOf(sandbox).every((job) => job.includes(', on: ') && job.includes(secret))).toBe(true);
  expect(await secretsKept(sandbox)).toBe(0);
  await expectNowhere(sandbox, written, [secret]);
});

describe('to S3', () => {
  it('the token in the bucket is asked for in between, and only then somebody has to approve', async () => {
    const { sandbox, written } = await startLogged();
    const token = await getsToken(sandbox);
    expect(await dmSays(sandbox, 'cara', /Type the token/)).toMatch(
      /1\. Open this file in the bucket: ownership-challenge-\w+\.txt/,
    );
    expect(jobsOf(sandbox)).toEqual([]);
    expect(await cardSays(sandbox, /REQ-0001 is done/)).toContain('no approval needed');

    expect(await typesToken(sandbox, token)).toMatchInlineSnapshot(`
      "== Confirm the S3 bucket ==
      Token: <empty>
        All that stands in the file. If I named several files, that of the newest. Slack shows it while you type. It goes to Cloudflare only: it is not kept with the form, so type it again if you come back.
      Why?: The auditor wants a year of sign-ins.
        The approver and, months later, an auditor read this.
      [Ask for approval] [Cancel]"
    `);
    expect(await cardSays(sandbox, /REQ-0002 is waiting for approval/)).toMatchInlineSnapshot(`
      "# 🔔 REQ-0002 is waiting for approval
      Export the Gateway logs to s3://lantern-archive/cloudflare
      Asked by @cara
      Reason:
      > The auditor wants a year of sign-ins.
      What will be done, in 5 steps
      1. Check the token from s3://lantern-archive/cloudflare
      2. Export the Gateway log of DNS queries to s3://lantern-archive/cloudflare: 15 fields (Datetime, Email, UserID and 12 more)
      3. Export the Gateway log of HTTP requests to s3://lantern-archive/cloudflare: 19 fields (Datetime, Email, UserID and 16 more)
      4. Export the Gateway log of network traffic to s3://lantern-archive/cloudflare: 15 fields (Datetime, Email, UserID and 12 more)
      5. Export the log of network sessions to s3://lantern-archive/cloudflare: 18 fields (SessionStartTime, SessionEndTime, SessionID and 15 more)
      ⚠️ Warning: From then on Cloudflare sends these logs to s3://lantern-archive/cloudflare by itself, every few minutes: e-mail addresses, IP addresses and what people did. Whoever can read that place reads them, and nothing deletes them there.
      [Approve] [Deny] [Details]
      (Asked 2026-11-21 12:04 UTC. Expires 2026-11-21 12:04 UTC if nobody decides.)"
    `);
    await expectNowhere(sandbox, written, [token]);
    expect(await approves(sandbox, 'REQ-0002')).toContain('REQ-0002 is done');

    expect(jobsOf(sandbox)).toMatchInlineSnapshot(`
      [
        "ocs-access-gateway-dns-s3, on: s3://lantern-archive/cloudflare/{DATE}?region=eu-west-1",
        "ocs-access-gateway-http-s3, on: s3://lantern-archive/cloudflare/{DATE}?region=eu-west-1",
        "ocs-access-gateway-network-s3, on: s3://lantern-archive/cloudflare/{DATE}?region=eu-west-1",
        "ocs-access-zero-trust-network-sessions-s3, on: s3://lantern-archive/cloudflare/{DATE}?region=eu-west-1",
      ]
    `);
    expect(await secretsKept(sandbox)).toBe(0);
    await expectNowhere(sandbox, written, [token]);
  });

  it('a wrong token makes nothing, and the right one can be typed after it', async () => {
    const { sandbox, written } = await startLogged();
    const token = await getsToken(sandbox);
    await typesToken(sandbox, 'not-the-token-0123');
    await cardSays(sandbox, /REQ-0002 is waiting/);

    expect(await approves(sandbox, 'REQ-0002')).toMatch(
      /That is not the token that Cloudflare wrote to s3:\/\/lantern-archive/,
    );
    expect(jobsOf(sandbox)).toEqual([]);
    expect(await secretsKept(sandbox)).toBe(0);
    await expectNowhere(sandbox, written, ['not-the-token-0123']);

    await typesToken(sandbox, token);
    await cardSays(sandbox, /REQ-0003 is waiting/);
    expect(await approves(sandbox, 'REQ-0003')).toContain('REQ-0003 is done');
    expect(jobsOf(sandbox)).toHaveLength(4);
  });

  it('a bucket that Cloudflare can’t write to is told to whoever asked', async () => {
    const { sandbox } = await startLogged();
    sandbox.cloudflare.account.unreachable('lantern-archive');
    await presses(sandbox, 'To S3');
    await sends(sandbox, S3);

    expect(await dmSays(sandbox, 'cara', /What failed/)).toContain(
      'Cloudflare can’t write to s3://lantern-archive/cloudflare. Check the bucket, its region, and that its policy',
    );
  });
});

describe('the keys are gone', () => {
  it.each<[string, (sandbox: TestSandbox) => Promise<unknown>]>([
    [
      'it was denied',
      async (sandbox) => {
        const dina = sandbox.slack.as('dina');
        await dina.clicks(cardOf(sandbox), 'Deny');
        await sandbox.slack.until(() => dina.view()?.submit, { what: 'the reason' });
        await dina.sets('deny-reason', 'Not without a contract.');
        await dina.submits();
        await cardSays(sandbox, /was denied/);
      },
    ],
    [
      'it was withdrawn',
      async (sandbox) => {
        await sandbox.slack.as('cara').clicks(newestDm(sandbox, 'cara'), 'Withdraw', { confirm: true });
        await cardSays(sandbox, /was withdrawn/);
      },
    ],
    [
      'it expired',
      async (sandbox) => {
        sandbox.clock.forward(24 * 60 * 60_000 + 1);
        const { env, clock } = sandbox;
        const redis = connectForAnswers(parseRedisTarget(env['REDIS_URL'] ?? ''), { onError: () => undefined });
        await once(redis, 'ready');
        await sweep(createStore({ redis, prefix: env['REDIS_PREFIX'] ?? '' }), clock);
        redis.disconnect();
      },
    ],
    [
      'it failed',
      async (sandbox) => {
        sandbox.cloudflare.account.unreachable('lantern-logs');
        expect(await approves(sandbox)).toContain('Cloudflare can’t write to r2://lantern-logs/zero-trust');
      },
    ],
  ])('once %s', async (_what, end) => {
    const { sandbox, written } = await startLogged();
    await asksFor(sandbox, 'To R2', R2);
    await dmSays(sandbox, 'cara', /The approvers see it now/);
    expect(await secretsKept(sandbox)).toBe(2);

    await end(sandbox);

    expect(await secretsKept(sandbox)).toBe(0);
    expect(jobsOf(sandbox)).toEqual([]);
    await expectNowhere(sandbox, written, [R2_ID, R2_KEY]);
  });
});

describe('the form', () => {
  it('keeps what was typed when it is closed, but for the keys', async () => {
    const { sandbox, written } = await startLogged();
    const cara = sandbox.slack.as('cara');
    await presses(sandbox, 'To R2');
    for (const [field, value] of Object.entries(R2)) await cara.sets(field, value);
    await cara.closes();

    const again = await presses(sandbox, 'To R2');

    expect(again).toContain('Bucket: lantern-logs');
    expect(again).toContain('Secret access key: <empty>');
    await expectNowhere(sandbox, written, [R2_ID, R2_KEY]);
  });

  it('marks what is wrong, and takes the key with the rest when that is mended', async () => {
    const { sandbox, written } = await startLogged();
    await presses(sandbox, 'To R2');

    expect(await sends(sandbox, { ...R2, bucket: 'Lantern Logs', accessKeyId: 'short' })).toEqual({
      bucket: 'A bucket’s name is 3 to 63 small letters, digits, dots and hyphens, such as lantern-logs.',
      accessKeyId: 'That is too short for a key. Copy all of it.',
    });
    expect(await secretsKept(sandbox)).toBe(0);
    expect(await sends(sandbox, { bucket: 'lantern-logs', accessKeyId: R2_ID })).toEqual({});
    await cardSays(sandbox, /waiting for approval/);
    await expectNowhere(sandbox, written, [R2_ID, R2_KEY]);
  });

  it('comes back with what is in the way, and asks for the key again', async () => {
    const { sandbox, written } = await startLogged();
    sandbox.cloudflare.account.addLogpushJob({ conf: 'r2://elsewhere', name: 'ocs-access-access-requests-r2' });
    await presses(sandbox, 'To R2');
    await sends(sandbox, R2);

    expect(await viewSays(sandbox, 'cara', /There is an export like that already/)).toContain(
      'Access log to r2://elsewhere (on). Resume or delete it with /ocs-access logs export first. If the field of a key is empty, type the key again.',
    );
    expect(await secretsKept(sandbox)).toBe(0);
    await expectNowhere(sandbox, written, [R2_ID, R2_KEY]);
  });
});

describe('an export that is there', () => {
  it('shows how it goes, with nothing of its keys', async () => {
    const { sandbox, written, id, account } = await withExport();
    account.logpushFails(id, `403 for key ${R2_KEY}`);

    expect(await listed(sandbox)).toMatchInlineSnapshot(`
      "# Export of logs
      ⚠️ Access log to r2://lantern-logs
      On, but its last delivery failed. Nothing was delivered yet.
      Last error 2026-11-21 12:04 UTC: “403 for key •••”.
      [Pause] [Delete]
      New export
      [To S3] [To R2] [To Splunk] [To Datadog]
      (Another approver has to agree to each of these. Cloudflare exports logs on its Enterprise plan only.)"
    `);
    account.logpushDelivers(id);
    expect(await listed(sandbox)).toMatch(/On\. Delivered until 20\d\d-/);
    await expectNowhere(sandbox, written, [R2_KEY]);
  });

  it('is paused, resumed and deleted, each with the approval of another approver', async () => {
    const { sandbox, written } = await withExport();

    expect(await asksTo(sandbox, 'Pause', 'REQ-0001')).toContain('REQ-0001 is done');
    expect(jobsOf(sandbox)[0]).toMatch(/^made-by-hand, paused: /);
    expect(await asksTo(sandbox, 'Resume', 'REQ-0002')).toContain('REQ-0002 is done');
    expect(jobsOf(sandbox)[0]).toMatch(/^made-by-hand, on: /);
    expect(await asksTo(sandbox, 'Delete', 'REQ-0003')).toMatchInlineSnapshot(`
      "# ✅ REQ-0003 is done
      Delete the export of the Access log to r2://lantern-logs for good
      Asked by @cara
      Reason:
      > The auditor wants a year of sign-ins.
      Approved by @dina, 2026-11-21 12:04 UTC
      Done in 1 s
      [x] Delete the export of the Access log to r2://lantern-logs for good
      [Details]
      (Asked 2026-11-21 12:04 UTC. Finished 2026-11-21 12:04 UTC after 1 s.)"
    `);
    expect(jobsOf(sandbox)).toEqual([]);
    await expectNowhere(sandbox, written, [R2_KEY]);
  });

  it('can’t be paused while its destination is down, and is told so; deleting works', async () => {
    const { sandbox, account } = await withExport();
    account.unreachable('lantern-logs');

    expect(await asksTo(sandbox, 'Pause', 'REQ-0001')).toContain(
      'It tries the destination whenever an export is changed, so most likely the destination can’t be reached',
    );
    expect(jobsOf(sandbox)[0]).toMatch(/^made-by-hand, on: /);
    expect(await asksTo(sandbox, 'Delete', 'REQ-0002')).toContain('REQ-0002 is done');
    expect(jobsOf(sandbox)).toEqual([]);
  });
});

describe('without Logpush', () => {
  it('the command says so in words, with the file as the way out', async () => {
    const { sandbox } = await startLogged();
    sandbox.cloudflare.quirks.logpush = 'refused';

    expect(await listed(sandbox)).toMatchInlineSnapshot(`
      "# Export of logs
      ⚠️ Cloudflare refused to read the exports of logs (GET logpush/jobs, HTTP 400, error 1004, cf-ray 0a1b2c3d-FRA). Either the plan has no Logpush, which is part of Enterprise only, or the API token lacks the permission “Logs → Edit” or “Zero Trust: PII → Read”. The rows that I keep can be had as a file all the same: type /ocs-access logs access and press “Download CSV”."
    `);
  });

  it('where only making one is refused, what was made is put back, and the request says why', async () => {
    const { sandbox, written } = await startLogged();
    const { account } = sandbox.cloudflare;
    // Five of one of the four logs are there.
    for (let made = 0; made < 5; made += 1) account.addLogpushJob({ conf: 'r2://other', dataset: 'gateway_http' });
    const card = await asksFor(sandbox, 'To Datadog', { ...DATADOG, logs: 'gateway' });
    expect(card).toContain('There are 5 exports of the Gateway log of HTTP requests already.');

    await sandbox.slack.as('dina').clicks(cardOf(sandbox), 'Approve');
    const summary = await channelSays(sandbox, 'ocs-audit', /REQ-0001 could/);

    expect(summary).toContain('or there are as many exports of these logs as it allows, usually five');
    expect(jobsOf(sandbox).every((job) => job.endsWith('r2://other'))).toBe(true);
    expect(await secretsKept(sandbox)).toBe(0);
    await expectNowhere(sandbox, written, [DATADOG_KEY]);
  });
});

describe('without EXPORT_KEY', () => {
  it('nothing can be begun, and it says how to make one', async () => {
    const { sandbox } = await startLogged({ env: { EXPORT_KEY: '' } });

    expect(await listed(sandbox)).toMatch(/New export: .* openssl rand -hex 32/);
  });

  it.each([
    ['another one', 'ab'.repeat(32), 'The key that was typed can’t be decrypted: EXPORT_KEY was changed since'],
    ['none', '', 'The key that was typed can’t be decrypted, because EXPORT_KEY is not set for the worker.'],
  ])('a worker that has %s fails in words', async (_what, EXPORT_KEY, problem) => {
    const { sandbox, written } = await startLogged({ parts: ['bot'] });
    await sandbox.start(['worker'], { EXPORT_KEY });
    await asksFor(sandbox, 'To R2', R2);

    expect(await approves(sandbox)).toContain(problem);
    expect(await secretsKept(sandbox)).toBe(0);
    await expectNowhere(sandbox, written, [R2_ID, R2_KEY]);
  });
});

it('waits for a worker in another process, which has the key from its configuration', async () => {
  const { sandbox, written } = await startLogged({ parts: ['bot'] });
  const carrying = await sandbox.start(['worker']);
  await asksFor(sandbox, 'To R2', R2);
  await carrying.stop();
  await sandbox.slack.as('dina').clicks(cardOf(sandbox), 'Approve');
  expect(await secretsKept(sandbox)).toBe(2);

  await sandbox.start(['worker']);

  expect(await cardSays(sandbox, /REQ-0001 (is done|could)/)).toContain('is done');
  expect(jobsOf(sandbox)).toHaveLength(1);
  await expectNowhere(sandbox, written, [R2_ID, R2_KEY]);
});

it('is for approvers: others are told so, and it is written down', async () => {
  const { sandbox } = await startLogged();

  expect(await says(sandbox, 'ben', LISTED)).toMatchInlineSnapshot(
    `"Only approvers can see and change what is exported. Ask one of them to do it."`,
  );
  expect((await auditAll(sandbox)).join()).toContain('tried to see the exports of logs');
  expect(() => newestSaid(sandbox, 'ana')).toThrow('told nothing');
});
