import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/cloudflare/faults.ts';
import type { CloudflareOptions } from '../../sandbox/cloudflare/server.ts';
import { createCloudflare } from '../../src/cloudflare/cloudflare.ts';
import { destinationConf } from '../../src/core/export-destination.ts';
import type { Cloudflare, NewExport } from '../../src/core/ports.ts';
import { createSecret } from '../../src/core/secret.ts';
import { failureOf, impatient, startAdapter, type Started } from './start-adapter.ts';

let started: Started | undefined;
afterEach(() => started?.cf.stop());

async function start(options: CloudflareOptions = {}): Promise<Started> {
  started = await startAdapter(options);
  return started;
}

const KEY = 'r2/secret+key=0123456789ABCDEFabcdef%41';
const ID = 'r2id+0123456789abcdef';
const R2 = destinationConf(
  { kind: 'r2', accountId: '0123456789abcdef0123456789abcdef', bucket: 'lantern-logs', path: '' },
  { accessKeyId: createSecret(ID), secretAccessKey: createSecret(KEY) },
);
const S3 = destinationConf({ kind: 's3', bucket: 'lantern-archive', region: 'eu-west-1', path: 'logs' }, {});
const NEW: NewExport = {
  name: 'ocs-access-access-requests-r2',
  dataset: 'access_requests',
  fields: ['CreatedAt', 'Email'],
  conf: R2,
};

describe('an export', () => {
  it('is made switched on, with its fields by name, and is read without its keys', async () => {
    const { cf, cloudflare } = await start();

    await cloudflare.createExport(NEW);

    expect(cf.calls.at(-1)?.body).toEqual({
      name: 'ocs-access-access-requests-r2',
      dataset: 'access_requests',
      enabled: true,
      destination_conf: R2.reveal(),
      max_upload_interval_seconds: 300,
      output_options: {
        output_type: 'ndjson',
        field_names: ['CreatedAt', 'Email'],
        timestamp_format: 'rfc3339',
        record_prefix: '{"Dataset":"access_requests",',
      },
    });
    expect(await cloudflare.exportJobs()).toEqual([
      {
        id: 1,
        name: 'ocs-access-access-requests-r2',
        dataset: 'access_requests',
        place: 'r2://lantern-logs',
        isOn: true,
        fields: ['CreatedAt', 'Email'],
        deliveredUntil: undefined,
        failure: undefined,
      },
    ]);
  });

  it('is paused and resumed by its switch alone, and deleted; deleting what is gone is no failure', async () => {
    const { cf, cloudflare, routes } = await start();
    await cloudflare.createExport(NEW);
    cf.clearCalls();

    await cloudflare.switchExport(1, false);
    expect((await cloudflare.exportJobs()).map(({ isOn }) => isOn)).toEqual([false]);
    await cloudflare.switchExport(1, true);
    await cloudflare.deleteExport(1);
    await cloudflare.deleteExport(1);

    expect(await cloudflare.exportJobs()).toEqual([]);
    expect(routes()).toEqual([
      'PUT logpush/jobs/1',
      'GET logpush/jobs',
      'PUT logpush/jobs/1',
      'DELETE logpush/jobs/1',
      'DELETE logpush/jobs/1',
      'GET logpush/jobs',
    ]);
    expect(cf.calls[0]?.body).toEqual({ enabled: false });
  });

  it('can’t be switched while its destination is down', async () => {
    const { cf, cloudflare } = await start();
    await cloudflare.createExport(NEW);
    cf.account.unreachable('lantern-logs');

    const { code, message } = await failureOf(cloudflare.switchExport(1, false));

    expect(code).toBe('export-not-changed');
    expect(message.replace(/cf-ray \S+\)/, 'cf-ray 8f)')).toMatchInlineSnapshot(
      `"Cloudflare refused to pause an export of logs (PUT logpush/jobs/:id, HTTP 400, error 12130, cf-ray 8f). It tries the destination whenever an export is changed, so most likely the destination can’t be reached or does not take the key any more. Mend that and ask again; deleting the export works without it."`,
    );
    await cloudflare.deleteExport(1);
  });

  it('says how far it has delivered, and what went wrong without the keys that the far end repeats', async () => {
    const { cf, cloudflare } = await start({ now: () => Date.parse('2026-03-02T09:00:00Z') });
    const { account } = cf;
    const made = [
      account.addLogpushJob({ conf: R2.reveal() }),
      account.addLogpushJob({
        conf: 'splunk://x.example:8088/services/collector/raw?channel=c&sourcetype=s&header_Authorization=Splunk%20tok-12345',
      }),
      account.addLogpushJob({ conf: 'sumo://x.example/receiver/v1/http/short-code-1' }),
      account.addLogpushJob({ conf: 'https://user:passw%40rd@x.example/in' }),
    ];
    account.logpushDelivers(made[0] ?? 0);
    account.logpushFails(made[0] ?? 0, `PUT failed for key ${KEY} (${encodeURIComponent(KEY)}), id ${ID}`);
    account.logpushFails(made[1] ?? 0, 'token tok-12345 was refused: Authorization: Splunk tok-12345');
    account.logpushFails(made[2] ?? 0, 'POST /receiver/v1/http/short-code-1 gave 401');
    account.logpushFails(made[3] ?? 0, `user:passw@rd is wrong${'!'.repeat(900)}`);

    const jobs = await cloudflare.exportJobs();

    expect(jobs.map(({ failure }) => failure?.says.slice(0, 80))).toMatchInlineSnapshot(`
      [
        "PUT failed for key ••• (•••), id •••",
        "token ••• was refused: Authorization: •••",
        "POST /•••/v1/http/••• gave 401",
        "••• is wrong!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!",
      ]
    `);
    expect(jobs[0]).toMatchObject({
      deliveredUntil: Date.parse('2026-03-02T09:00:00Z'),
      failure: { at: Date.parse('2026-03-02T09:00:00Z') },
    });
    expect(jobs[3]?.failure?.says).toHaveLength(300);
    expect(JSON.stringify(jobs)).not.toMatch(/tok-12345|short-code|passw|r2id|secret\+/);
  });

  it('is read with what is missing or strange left out', async () => {
    const { cf, cloudflare } = await start();
    cf.faults.add({
      path: '/logpush/jobs',
      mangle: () => ({
        success: true,
        errors: [],
        messages: [],
        result: [null, { id: 9 }, { id: 3, name: null, enabled: null, last_complete: 'soon', output_options: 'none' }],
      }),
    });

    const jobs = await cloudflare.exportJobs();
    cf.violations.length = 0;

    expect(jobs.map(({ id, place, isOn }) => ({ id, place, isOn }))).toEqual([
      { id: 3, place: 'an unknown destination', isOn: false },
      { id: 9, place: 'an unknown destination', isOn: false },
    ]);
  });
});

describe('a destination', () => {
  it.each(['told', 'refused'] as const)('is reached or not, which is %s', async (logpushUnreachable) => {
    const { cf, cloudflare } = await start({ quirks: { logpushUnreachable } });

    expect(await cloudflare.reachesDestination(R2)).toBe(true);
    cf.account.unreachable('lantern-logs');
    expect(await cloudflare.reachesDestination(R2)).toBe(false);
    expect(await cloudflare.reachesDestination(createSecret('r2://lantern-logs'))).toBe(false);
  });

  it('gets a file with a token, which counts until there is a newer one, and for this destination only', async () => {
    const { cf, cloudflare } = await start();
    const filename = await cloudflare.challengeOwnership(S3);
    const first = createSecret(cf.account.tokenIn('lantern-archive'));

    expect(filename).toMatch(/^ownership-challenge-\w+\.txt$/);
    expect(await cloudflare.provesOwnership(S3, first)).toBe(true);
    expect(await cloudflare.provesOwnership(S3, createSecret('00000000'))).toBe(false);
    const other = createSecret(S3.reveal().replace('logs', 'others'));
    expect(await cloudflare.provesOwnership(other, first)).toBe(false);
    await cloudflare.challengeOwnership(S3);
    expect(await cloudflare.provesOwnership(S3, first)).toBe(false);

    const token = createSecret(cf.account.tokenIn('lantern-archive'));
    await cloudflare.createExport({ ...NEW, conf: S3, token });
    expect(cf.account.logpushJobs().map(({ conf }) => conf)).toEqual([S3.reveal()]);
  });

  it('gets none while it can’t be reached', async () => {
    const { cf, cloudflare } = await start();
    cf.account.unreachable('lantern-archive');

    expect(await failureOf(cloudflare.challengeOwnership(S3))).toMatchObject({
      name: 'PermanentError',
      code: 'no-challenge',
    });
  });
});

describe('Cloudflare refuses', () => {
  it('everything on a plan without Logpush, and is told in words with the way out', async () => {
    const { cloudflare } = await start({ quirks: { logpush: 'refused' } });

    const { code, message } = await failureOf(cloudflare.exportJobs());

    expect(code).toBe('no-exports');
    expect(message.replace(/cf-ray \S+\)/, 'cf-ray 8f)')).toMatchInlineSnapshot(
      `"Cloudflare refused to read the exports of logs (GET logpush/jobs, HTTP 400, error 1004, cf-ray 8f). Either the plan has no Logpush, which is part of Enterprise only, or the API token lacks the permission “Logs → Edit” or “Zero Trust: PII → Read”. The rows that I keep can be had as a file all the same: type \`/ocs-access logs access\` and press “Download CSV”."`,
    );
    expect(await failureOf(cloudflare.exportFields('access_requests'))).toMatchObject({ code: 'no-exports' });
  });

  it('to make an export, by plan, for a limit or without the proof', async () => {
    const { cf, cloudflare } = await start();
    expect(await failureOf(cloudflare.createExport({ ...NEW, conf: S3 }))).toMatchObject({ code: 'no-exports' });
    for (let made = 0; made < 5; made += 1) await cloudflare.createExport(NEW);
    expect(await failureOf(cloudflare.createExport(NEW))).toMatchObject({
      code: 'no-exports',
      message: expect.stringContaining('as many exports of these logs as it allows'),
    });
    cf.quirks.logpush = 'refused-on-create';
    expect(await failureOf(cloudflare.createExport({ ...NEW, dataset: 'gateway_dns' }))).toMatchObject({
      code: 'no-exports',
    });
  });

  it.each(['Logs Write', 'Zero Trust: PII Read'])(
    'a token without “%s”, and both permissions are named',
    async (name) => {
      const { cf, cloudflare } = await start();
      await cloudflare.createExport(NEW);
      cf.account.removePermission(name);

      const { code, message } = await failureOf(cloudflare.exportJobs());

      expect(code).toBe('no-exports');
      expect(message).toContain('“Logs → Edit” or “Zero Trust: PII → Read”');
    },
  );
});

it('gives the names of all fields, and the exports and fields of a snapshot in one wave', async () => {
  const { cf, cloudflare, routes } = await start();
  await cloudflare.createExport(NEW);
  cf.clearCalls();

  const { exports } = await cloudflare.snapshot({ exports: ['access_requests', 'gateway_dns'] });

  expect(exports?.jobs).toHaveLength(1);
  expect(exports?.fields.gateway_dns).toContain('QueryName');
  expect(exports?.fields.access_requests).toEqual(await cloudflare.exportFields('access_requests'));
  expect(routes().filter((route) => route.includes('logpush'))).toHaveLength(4);
  expect((await cloudflare.snapshot()).exports).toBeUndefined();
});

const TOKEN = createSecret('tok-of-the-bucket');
const echo = `you sent ${R2.reveal()} ${KEY} ${ID} ${TOKEN.reveal()}`;
const faults: [name: string, fault: Fault][] = [
  ...[400, 401, 403, 404, 409, 422, 429, 500, 503].map((status): [string, Fault] => [
    `HTTP ${status}`,
    { status, message: echo },
  ]),
  ['HTTP 500 after having written', { status: 500, afterWrite: true, message: echo }],
  ['success:false', { successFalse: true, message: echo }],
  ['a cut connection', { dropConnection: true }],
  ['no answer', { latencyMs: 400 }],
  ['an answer of another form', { mangle: () => ({ success: true, errors: [], result: { [echo]: echo, id: echo } }) }],
];

it.each(faults)('no key gets into an error after %s', async (_name, fault) => {
  const { cf, account } = await start();
  const patience = fault.latencyMs === undefined ? 20_000 : fault.latencyMs / 4;
  const cloudflare = createCloudflare({ ...impatient(account, patience), deciders: { app: 'Open Chat Studio' } });
  const all: ((port: Cloudflare) => Promise<unknown>)[] = [
    (port) => port.createExport({ ...NEW, token: TOKEN }),
    (port) => port.reachesDestination(R2),
    (port) => port.challengeOwnership(R2),
    (port) => port.provesOwnership(R2, TOKEN),
    (port) => port.exportJobs(),
    (port) => port.switchExport(1, true),
    (port) => port.deleteExport(1),
  ];

  const said: string[] = [];
  for (const run of all) {
    cf.faults.clear();
    cf.faults.add({ ...fault, times: Infinity });
    const outcome: unknown = await run(cloudflare).catch((error: unknown) => error);
    said.push(String(outcome), JSON.stringify(outcome) ?? '', inspect(outcome, { depth: 10, showHidden: true }));
  }
  cf.violations.length = 0;

  for (const secret of [KEY, encodeURIComponent(KEY), ID, encodeURIComponent(ID), TOKEN.reveal()]) {
    expect(said.join('\n')).not.toContain(secret);
  }
});
