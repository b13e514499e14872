import { describe, expect, it } from 'vitest';
import { exportConfirm } from '../../src/actions/export-confirm.ts';
import { exportDatadog } from '../../src/actions/export-datadog.ts';
import { exportDelete } from '../../src/actions/export-delete.ts';
import { exportPause } from '../../src/actions/export-pause.ts';
import { exportR2 } from '../../src/actions/export-r2.ts';
import { exportResume } from '../../src/actions/export-resume.ts';
import { exportS3 } from '../../src/actions/export-s3.ts';
import { exportSplunk } from '../../src/actions/export-splunk.ts';
import { actions } from '../../src/actions/registry.ts';
import type { Action } from '../../src/core/action.ts';
import { datasetsOf, type ExportJob } from '../../src/core/export-job.ts';
import { fieldsOf } from '../../src/core/fields.ts';
import { flatten } from '../../src/core/plan.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { listedActions } from '../../src/slack/listed-actions.ts';
import { planFacts, readPlan, readRefusal } from '../builders/a-plan.ts';
import { aRequest, CARA } from '../builders/a-request.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { anExport, FIELDS } from '../builders/memory-exports.ts';

const [ONE, OTHER] = [
  { secretId: '7b3c1f0e-52a4-4d7e-9c1a-0f6e2d8b4a55' },
  { secretId: '1f0e7b3c-52a4-4d7e-9c1a-0f6e2d8b4a55' },
];
const reason = 'The auditor wants a year of sign-ins.';

const S3 = { logs: 'access', bucket: 'lantern-logs', region: 'eu-west-1', path: '/cloudflare/', reason };
const R2 = {
  logs: 'access',
  accountId: '0123456789ABCDEF0123456789abcdef',
  bucket: 'lantern-logs',
  accessKeyId: ONE,
  secretAccessKey: OTHER,
  reason,
};
const SPLUNK = {
  logs: 'access',
  host: 'Splunk.lantern.example:8088',
  channel: '7B3C1F0E-52a4-4d7e-9c1a-0f6e2d8b4a55',
  token: ONE,
  reason,
};
const DATADOG = { logs: 'access', site: 'datadoghq.eu', apiKey: ONE, reason };

function account(jobs: readonly ExportJob[] = [], fields: Partial<typeof FIELDS> = FIELDS): Snapshot {
  return aSnapshot({ exports: { jobs, fields } });
}

const plan = (action: Action, input: unknown, snapshot = account()) => action.plan(input, snapshot, planFacts());

describe('the plan of an export', () => {
  it.each<[Action, Record<string, unknown>]>([
    [exportR2, R2],
    [exportSplunk, SPLUNK],
    [exportDatadog, DATADOG],
  ])('tries the destination first: $id', (action, input) => {
    const made = plan(action, input);

    expect(made.stages.map((stage) => stage.map(({ step }) => step))).toEqual([
      ['logpush-destination'],
      ['logpush-job'],
    ]);
    expect(flatten(made)[0]?.args['secrets']).toEqual(flatten(made)[1]?.args['secrets']);
    expect(action.describe(input)).toMatch(/^Export the Access log to \w+:\/\/\S+$/);
    expect(action.scope(input)).toEqual({ exports: ['access_requests'], undecided: 'first' });
  });

  it('names what is delivered, where to, and what that means', () => {
    const made = plan(exportSplunk, { ...SPLUNK, logs: 'gateway' });

    expect(readPlan(made)).toMatchInlineSnapshot(`
      "1. Check that Cloudflare can write to splunk://splunk.lantern.example:8088
      2. Export the Gateway log of DNS queries to splunk://splunk.lantern.example:8088 [3 fields]
      2. Export the Gateway log of HTTP requests to splunk://splunk.lantern.example:8088 [3 fields]
      2. Export the Gateway log of network traffic to splunk://splunk.lantern.example:8088 [3 fields]
      2. Export the log of network sessions to splunk://splunk.lantern.example:8088 [3 fields]
      !  From then on Cloudflare sends these logs to splunk://splunk.lantern.example:8088 by itself, every few minutes: e-mail addresses, IP addresses and what people did. Whoever can read that place reads them, and nothing deletes them there."
    `);
    expect(made.stages[1]?.map(({ args, items }) => [args['dataset'], items])).toMatchInlineSnapshot(`
      [
        [
          "gateway_dns",
          [
            "Datetime",
            "Email",
            "QueryName",
          ],
        ],
        [
          "gateway_http",
          [
            "Datetime",
            "Email",
            "URL",
          ],
        ],
        [
          "gateway_network",
          [
            "Datetime",
            "Email",
            "SNI",
          ],
        ],
        [
          "zero_trust_network_sessions",
          [
            "SessionStartTime",
            "Email",
            "BytesSent",
          ],
        ],
      ]
    `);
    expect(flatten(made)[0]?.args).toEqual({
      destination: { kind: 'splunk', host: 'splunk.lantern.example:8088', channel: SPLUNK.channel.toLowerCase() },
      secrets: { token: ONE },
    });
  });

  it('takes both by one request', () => {
    const both = { ...R2, logs: 'both' };

    expect(exportR2.describe(both)).toBe('Export the Access log and the Gateway logs to r2://lantern-logs');
    expect(exportR2.scope(both)).toEqual({ exports: datasetsOf('both'), undecided: 'first' });
    expect(plan(exportR2, both).stages[1]?.map(({ args }) => args['dataset'])).toEqual(datasetsOf('both'));
  });

  it('leaves what is exported there already, and says so', () => {
    const there = datasetsOf('gateway').slice(0, 3);
    const jobs = there.map((dataset, index) =>
      anExport({
        id: index,
        dataset,
        isOn: index !== 1,
        name: `ocs-access-${dataset.replaceAll('_', '-')}-r2`,
        place: 'r2://old',
      }),
    );

    const gateway = { ...R2, logs: 'gateway' };
    expect(readPlan(plan(exportR2, gateway, account(jobs)))).toMatchInlineSnapshot(`
      "1. Check that Cloudflare can write to r2://lantern-logs
      2. Export the log of network sessions to r2://lantern-logs [3 fields]
      !  From then on Cloudflare sends these logs to r2://lantern-logs by itself, every few minutes: e-mail addresses, IP addresses and what people did. Whoever can read that place reads them, and nothing deletes them there.
      !  Exported already and left as it is: the Gateway log of DNS queries to r2://old (on).
      !  Exported already and left as it is: the Gateway log of HTTP requests to r2://old (paused).
      !  Exported already and left as it is: the Gateway log of network traffic to r2://old (on)."
    `);
    const last = anExport({
      id: 9,
      name: 'ocs-access-zero-trust-network-sessions-r2',
      dataset: 'zero_trust_network_sessions',
      place: 'r2://old',
    });
    expect(readRefusal(() => plan(exportR2, gateway, account([...jobs, last])))).toMatchInlineSnapshot(
      `"nothing-to-do (undefined): There are exports like that already: the Gateway log of DNS queries to r2://old (on), the Gateway log of HTTP requests to r2://old (paused), the Gateway log of network traffic to r2://old (on), and the log of network sessions to r2://old (on). Resume or delete them with \`/ocs-access logs export\` first."`,
    );
  });

  it('warns where Cloudflare usually allows no more', () => {
    const jobs = [1, 2, 3, 4, 5].map((id) => anExport({ id, name: `other-${id}` }));

    expect(readPlan(plan(exportDatadog, DATADOG, account(jobs)))).toContain(
      'There are 5 exports of the Access log already. Cloudflare usually allows 5, so it may refuse one more.',
    );
  });

  it('is refused where Cloudflare names no field that is known, and where nothing was read', () => {
    const strange = account([], { ...FIELDS, access_requests: ['Novelty'] });

    expect(readRefusal(() => plan(exportDatadog, DATADOG, strange))).toMatchInlineSnapshot(
      `"no-fields (undefined): Cloudflare names no field of the Access log that this version knows."`,
    );
    expect(readRefusal(() => plan(exportDatadog, DATADOG, aSnapshot()))).toMatch(/^exports-unread/);
  });
});

describe('an export to S3', () => {
  it('begins with a token in the bucket, and with no export', () => {
    expect(readPlan(plan(exportS3, S3))).toMatchInlineSnapshot(`
      "1. Check that Cloudflare can write to s3://lantern-logs/cloudflare
      2. Have Cloudflare write a file with a token to s3://lantern-logs/cloudflare"
    `);
    expect(readRefusal(() => plan(exportS3, S3, account([anExport()])))).toMatch(/^nothing-to-do/);
  });

  const prepared = aRequest({ action: 'export-s3', status: 'done', input: S3 });

  it('goes on with what was prepared, and with the token', () => {
    const { values, fixed } = exportConfirm.from?.(prepared) ?? { values: {} };

    expect({ values, fixed }).toEqual({
      values: { reason },
      fixed: {
        request: prepared.id,
        logs: 'access',
        destination: { kind: 's3', bucket: 'lantern-logs', region: 'eu-west-1', path: '/cloudflare/' },
      },
    });
    const made = plan(exportConfirm, { ...fixed, token: ONE, reason });
    expect(readPlan(made)).toMatchInlineSnapshot(`
      "1. Check the token from s3://lantern-logs/cloudflare
      2. Export the Access log to s3://lantern-logs/cloudflare [3 fields]
      !  From then on Cloudflare sends these logs to s3://lantern-logs/cloudflare by itself, every few minutes: e-mail addresses, IP addresses and what people did. Whoever can read that place reads them, and nothing deletes them there."
    `);
    expect(flatten(made).map(({ args }) => args['token'])).toEqual([ONE, ONE]);
  });

  it.each([
    { action: 'export-r2', status: 'done' as const, input: R2 },
    { action: 'add', status: 'done' as const, input: S3 },
    { action: 'export-s3', status: 'running' as const, input: S3 },
    { action: 'export-s3', status: 'failed' as const, input: S3 },
    { action: 'export-s3', status: 'done' as const, input: {} },
  ])('does not go on after anything else: $action, $status', (changes) => {
    expect(readRefusal(() => exportConfirm.from?.(aRequest(changes)))).toMatch(/^not-prepared/);
  });

  it('is approved where logs leave the account, and only there', () => {
    const asking = { actor: CARA, isSystem: false, isApprover: true };
    const needed = (action: Action, input: unknown) => action.approvals(input, asking);

    expect(needed(exportS3, S3)).toBe(0);
    expect(needed(exportConfirm, { ...exportConfirm.from?.(prepared).fixed, token: ONE, reason })).toBe('configured');
    expect([needed(exportR2, R2), needed(exportSplunk, SPLUNK), needed(exportDatadog, DATADOG)]).toEqual([
      'configured',
      'configured',
      'configured',
    ]);
  });
});

describe('an export that is there', () => {
  const exported = { job: 7, name: 'mine', dataset: 'access_requests', place: 's3://lantern-logs/access' };
  const input = { exported, reason };

  it('is paused, resumed and deleted with what that means', () => {
    const paused = account([anExport({ isOn: false })]);
    const plans = [
      plan(exportPause, input, account([anExport()])),
      plan(exportResume, input, paused),
      plan(exportDelete, input, paused),
    ];

    expect(plans.map(readPlan)).toMatchInlineSnapshot(`
      [
        "1. Pause the export of the Access log to s3://lantern-logs/access
      !  What happens while it is paused is not delivered later. Cloudflare keeps it for as long as the plan says.
      !  Cloudflare tries the destination whenever an export is changed. While the destination can’t be reached this fails.",
        "1. Resume the export of the Access log to s3://lantern-logs/access
      !  What happened while it was paused is not delivered.
      !  Cloudflare tries the destination whenever an export is changed. While the destination can’t be reached this fails.",
        "1. Delete the export of the Access log to s3://lantern-logs/access for good
      !  It can’t be put back: Cloudflare forgets the destination and its keys. To have the export again, somebody sets it up anew and types the keys again.
      !  What was delivered so far stays where it is. From then on nothing more is delivered, and Cloudflare keeps its logs only for as long as the plan says.",
      ]
    `);
  });

  it('is left alone where that was done meanwhile, or it is another one by now', () => {
    const on = account([anExport()]);

    expect(readRefusal(() => plan(exportResume, input, on))).toMatchInlineSnapshot(
      `"nothing-to-do (undefined): Somebody has done that already: the export of the Access log to s3://lantern-logs/access is on."`,
    );
    expect(readRefusal(() => plan(exportPause, input, account([])))).toMatchInlineSnapshot(
      `"export-gone (undefined): Somebody has deleted the export of the Access log to s3://lantern-logs/access meanwhile."`,
    );
    const moved = account([anExport({ place: 's3://elsewhere' })]);
    expect(readRefusal(() => plan(exportDelete, input, moved))).toMatch(/^export-gone/);
  });
});

const judge = (action: Action, key: string, value: unknown) => {
  const parsed = action.input.shape[key]?.safeParse(value);
  return parsed?.success === true ? 'fine' : parsed?.error?.issues[0]?.message;
};

describe('the forms', () => {
  it.each<[Action, string, string[], string[]]>([
    [exportS3, 'bucket', ['lantern-logs', 'a.b', ' abc '], ['ab', 'Lantern', 'a_b', 's3://abc', 'abc/', '-abc']],
    [exportS3, 'region', ['eu-west-1', 'us-gov-west-1'], ['Europe', 'eu-west', 'eu-west-1?x=y']],
    [exportS3, 'path', ['a', '/a/b/', 'dt=1/x.y'], ['a b', '{DATE}', '?x', 'a//b', '../a?']],
    [exportR2, 'accountId', [R2.accountId], ['lantern', `${R2.accountId}0`]],
    [
      exportSplunk,
      'host',
      ['x.example:8088', 'A.b.example:443'],
      ['x.example', 'https://x.example:1', 'x:1', 'x.example:1/y', 'u@x.example:1'],
    ],
    [exportSplunk, 'channel', [SPLUNK.channel], ['1', `${SPLUNK.channel}&x=y`]],
    [exportDatadog, 'site', ['datadoghq.com'], ['evil.example']],
  ])('%s takes what can stand in its field', (action, key, right, wrong) => {
    expect(right.map((value) => judge(action, key, value))).toEqual(right.map(() => 'fine'));
    expect(wrong.map((value) => judge(action, key, value))).not.toContain('fine');
  });

  it('take no key but by reference', () => {
    const keys = actions.flatMap((action) =>
      fieldsOf(action.input)
        .filter(({ field }) => field === 'secret')
        .map(({ key }) => ({ action, key })),
    );

    expect(keys.map(({ action, key }) => `${action.id} ${key}`)).toEqual([
      'export-confirm token',
      'export-r2 accessKeyId',
      'export-r2 secretAccessKey',
      'export-splunk token',
      'export-datadog apiKey',
    ]);
    for (const { action, key } of keys) expect(judge(action, key, 'typed-in-clear-0123456789')).not.toBe('fine');
  });

  it('are for approvers, and are reached from `logs export` only', () => {
    const all = actions.filter(({ id }) => id.startsWith('export-'));

    expect(all.map(({ mayAsk }) => mayAsk)).toEqual(all.map(() => 'approver'));
    expect(listedActions(all)).toEqual([]);
  });
});
