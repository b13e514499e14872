import { describe, expect, it } from 'vitest';
import type { ExportJob } from '../../src/core/export-job.ts';
import { PermanentError } from '../../src/core/errors.ts';
import { createSecret } from '../../src/core/secret.ts';
import { logpushDelete } from '../../src/steps/logpush-delete.ts';
import { logpushDestination } from '../../src/steps/logpush-destination.ts';
import { logpushJob } from '../../src/steps/logpush-job.ts';
import { logpushOwnership } from '../../src/steps/logpush-ownership.ts';
import { logpushProof } from '../../src/steps/logpush-proof.ts';
import { logpushSwitch } from '../../src/steps/logpush-switch.ts';
import { anAccount, bind } from '../builders/an-account.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { anExport, TOKEN } from '../builders/memory-exports.ts';

const KEY = 'dd-key-0123456789';
const DATADOG = { kind: 'datadog', site: 'datadoghq.eu' } as const;
const S3 = { kind: 's3', bucket: 'lantern-logs', region: 'eu-west-1', path: 'access' } as const;
const S3_DESTINATION = { destination: S3, secrets: {} };

function account(jobs: readonly ExportJob[] = []) {
  return anAccount(aSnapshot({ exports: { jobs, fields: {} } }));
}

/** An account, and a key that was typed. */
async function withKey(jobs: readonly ExportJob[] = []) {
  const made = account(jobs);
  const apiKey = await made.vault.put(createSecret(KEY));
  const keyed = { destination: DATADOG, secrets: { apiKey } };
  const job = logpushJob.with({
    ...keyed,
    name: 'ocs-access-access-requests-datadog',
    dataset: 'access_requests',
    fields: ['Email'],
  });
  return { ...made, apiKey, keyed, job, carryOut: made.carryOut };
}

const planOf = (...steps: ReturnType<typeof logpushJob.with>[]) => ({ stages: [steps], warnings: [] });

/** `code: message` */
async function refusal(of: Promise<unknown>): Promise<string> {
  const error = await of.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof PermanentError ? `${error.code}: ${error.message}` : 'It was not refused.';
}

it('each step says what it does, what it holds, and where a person would do it, without a key', async () => {
  const { keyed, job, apiKey } = await withKey();
  const exported = { job: 7, name: 'mine', dataset: 'gateway_dns', place: 's3://lantern-logs' };
  const steps = [
    logpushDestination.with(keyed),
    logpushOwnership.with(S3_DESTINATION),
    logpushProof.with({ ...S3_DESTINATION, token: apiKey }),
    job,
    logpushSwitch.with({ ...exported, isOn: false }),
    logpushSwitch.with({ ...exported, isOn: true }),
    logpushDelete.with({ ...exported, name: '' }),
  ];

  expect(JSON.stringify(steps)).not.toContain(KEY);
  expect(steps.map(bind).map(({ says, resources, byHand }) => [says, resources.join(' '), byHand]))
    .toMatchInlineSnapshot(`
    [
      [
        "Check that Cloudflare can write to datadog://http-intake.logs.datadoghq.eu",
        "",
        undefined,
      ],
      [
        "Have Cloudflare write a file with a token to s3://lantern-logs/access",
        "",
        undefined,
      ],
      [
        "Check the token from s3://lantern-logs/access",
        "",
        undefined,
      ],
      [
        "Export the Access log to datadog://http-intake.logs.datadoghq.eu",
        "logpush-ocs-access-access-requests-datadog",
        "Zero Trust dashboard → Insights → Logs → Logpush → ocs-access-access-requests-datadog",
      ],
      [
        "Pause the export of the Gateway log of DNS queries to s3://lantern-logs",
        "logpush-7",
        "Zero Trust dashboard → Insights → Logs → Logpush → mine",
      ],
      [
        "Resume the export of the Gateway log of DNS queries to s3://lantern-logs",
        "logpush-7",
        "Zero Trust dashboard → Insights → Logs → Logpush → mine",
      ],
      [
        "Delete the export of the Gateway log of DNS queries to s3://lantern-logs for good",
        "logpush-7",
        "Zero Trust dashboard → Insights → Logs → Logpush → gateway_dns → Delete",
      ],
    ]
  `);
});

describe('trying a destination', () => {
  it('writes nothing, and fails with what to check', async () => {
    const { cloudflare, carryOut, keyed } = await withKey();
    const check = planOf(logpushDestination.with(keyed));
    await carryOut(check);
    expect(cloudflare.writes).toEqual([]);

    cloudflare.setUnreachable('datadog://');
    expect(await refusal(carryOut(check))).toMatchInlineSnapshot(
      `"destination-unreachable: Cloudflare can’t write to datadog://http-intake.logs.datadoghq.eu. Check the site and the API key. Then ask again, and type the key once more."`,
    );
  });

  it('says of each kind what is to be checked', async () => {
    const { cloudflare, carryOut, vault } = await withKey();
    const secret = await vault.put(createSecret(KEY));
    const all = [
      S3_DESTINATION,
      {
        destination: { kind: 'r2', accountId: 'a', bucket: 'b', path: '' } as const,
        secrets: { accessKeyId: secret, secretAccessKey: secret },
      },
      { destination: { kind: 'splunk', host: 'x.example:8088', channel: 'c' } as const, secrets: { token: secret } },
    ];
    for (const place of ['s3://', 'r2://', 'splunk://']) cloudflare.setUnreachable(place);

    const said = await Promise.all(all.map((one) => refusal(carryOut(planOf(logpushDestination.with(one))))));
    expect(said).toMatchInlineSnapshot(`
      [
        "destination-unreachable: Cloudflare can’t write to s3://lantern-logs/access. Check the bucket, its region, and that its policy lets Cloudflare write (s3:PutObject for arn:aws:iam::391854517948:user/cloudflare-logpush). Then ask again.",
        "destination-unreachable: Cloudflare can’t write to r2://b. Check the account id, the bucket and that the key may write to it. Then ask again, and type the key once more.",
        "destination-unreachable: Cloudflare can’t write to splunk://x.example:8088. Check the host and its port, that the HTTP Event Collector is on, that its certificate is a public one, and the token. Then ask again, and type the token once more.",
      ]
    `);
  });

  it('can’t be done without the key', async () => {
    const { carryOut, keyed, vault, apiKey, cloudflare } = await withKey();
    await vault.forget([apiKey]);

    expect(await refusal(carryOut(planOf(logpushDestination.with(keyed))))).toMatchInlineSnapshot(
      `"secret-gone: The key that was typed is not kept any more. Ask again, and type it once more."`,
    );
    expect(cloudflare.calls).toEqual([]);
  });
});

describe('an export', () => {
  it('is made once, with the keys in it', async () => {
    const { cloudflare, carryOut, job } = await withKey();

    await carryOut(planOf(job));
    await carryOut(planOf(job));

    expect(cloudflare.writes).toEqual(['createExport ocs-access-access-requests-datadog']);
    expect(cloudflare.madeExports).toEqual([
      {
        conf: `datadog://http-intake.logs.datadoghq.eu/api/v2/logs?header_DD-API-KEY=${KEY}&ddsource=cloudflare`,
        token: undefined,
      },
    ]);
  });

  it('is not made a second time when the answer to the first was lost', async () => {
    const { cloudflare, carryOut, job } = await withKey();
    let answers = 0;
    cloudflare.intercept('after', (call) => {
      if (call.startsWith('createExport') && (answers += 1) === 1) throw new Error('the line was cut');
    });

    await expect(carryOut(planOf(job))).rejects.toThrow('the line was cut');
    await carryOut(planOf(job));

    expect(cloudflare.madeExports).toHaveLength(1);
  });

  it.each([
    ['paused', { isOn: false }],
    ['of another log', { dataset: 'gateway_dns' }],
    ['to another place', { place: 'datadog://http-intake.logs.datadoghq.com' }],
  ])('leaves one of the same name alone that is %s', async (_what, changes) => {
    const place = 'datadog://http-intake.logs.datadoghq.eu';
    const there = anExport({ name: 'ocs-access-access-requests-datadog', place, ...changes });
    const { cloudflare, carryOut, job } = await withKey([there]);

    expect(await refusal(carryOut(planOf(job)))).toMatch(/^changed-meanwhile: There is another export “ocs-access-/);
    expect(cloudflare.writes).toEqual([]);
  });

  it('is taken back by deleting it, and nothing else', async () => {
    const { cloudflare, carryOut, context, job } = await withKey([anExport()]);
    await carryOut(planOf(job));

    const view = await bind(job).look(context);
    await view.undo(view.touches);

    expect((await cloudflare.exportJobs()).map(({ id }) => id)).toEqual([7]);
    expect((await bind(job).look(context)).holds).toBe(false);
  });
});

describe('showing whose bucket it is', () => {
  it('has a file written, and tells whoever asked which; again with each try', async () => {
    const { carryOut, posted } = account();
    const ask = planOf(logpushOwnership.with(S3_DESTINATION));

    await carryOut(ask);
    await carryOut(ask);

    expect([...posted.values()]).toEqual([
      { kind: 'export-challenge', requestId: 'REQ-0142', filename: 'access/ownership-challenge-1.txt' },
      { kind: 'export-challenge', requestId: 'REQ-0142', filename: 'access/ownership-challenge-2.txt' },
    ]);
  });

  it('takes the token in the file, with which the export is made', async () => {
    const { carryOut, vault, cloudflare } = account();
    const token = await vault.put(createSecret(TOKEN));
    const name = 'ocs-access-access-requests-s3';
    const job = { ...S3_DESTINATION, token, name, dataset: 'access_requests' as const, fields: ['Email'] };

    await carryOut(planOf(logpushProof.with({ ...S3_DESTINATION, token }), logpushJob.with(job)));

    expect(cloudflare.madeExports).toEqual([
      { conf: 's3://lantern-logs/access/{DATE}?region=eu-west-1', token: TOKEN },
    ]);
  });

  it('takes no other', async () => {
    const { carryOut, vault } = account();
    const token = await vault.put(createSecret('00000000000000000041'));

    const said = await refusal(carryOut(planOf(logpushProof.with({ ...S3_DESTINATION, token }))));

    expect(said).toMatchInlineSnapshot(
      `"wrong-token: That is not the token that Cloudflare wrote to s3://lantern-logs/access. Open the newest of the files that I named to you, copy all of it without blanks, and press “Type the token” once more."`,
    );
    expect(said).not.toContain('0041');
  });
});

describe('an export that is there', () => {
  const exported = { job: 7, name: 'mine', dataset: 'access_requests', place: 's3://lantern-logs/access' };

  it('is paused and resumed, and put back', async () => {
    const { carryOut, cloudflare, context } = account([anExport()]);
    const pause = logpushSwitch.with({ ...exported, isOn: false });

    await carryOut(planOf(pause, pause));
    expect(cloudflare.writes).toEqual(['switchExport 7 off']);
    const view = await bind(pause).look(context);
    await view.undo([]);
    expect((await cloudflare.exportJobs())[0]?.isOn).toBe(true);

    await carryOut(planOf(pause, logpushSwitch.with({ ...exported, isOn: true })));
    expect((await cloudflare.exportJobs())[0]?.isOn).toBe(true);
  });

  it('can’t be paused once it is gone', async () => {
    const { carryOut } = account();

    expect(await refusal(carryOut(planOf(logpushSwitch.with({ ...exported, isOn: false }))))).toMatchInlineSnapshot(
      `"export-gone: Somebody deleted the export of the Access log to s3://lantern-logs/access meanwhile."`,
    );
  });

  it('is deleted, also while its destination is down, and deleting it twice is no failure', async () => {
    const { carryOut, cloudflare } = account([anExport(), anExport({ id: 8 })]);
    cloudflare.setUnreachable('s3://');
    const gone = planOf(logpushDelete.with(exported));

    await carryOut(gone);
    await carryOut(gone);

    expect((await cloudflare.exportJobs()).map(({ id }) => id)).toEqual([8]);
    expect(cloudflare.writes).toEqual(['deleteExport 7']);
  });
});
