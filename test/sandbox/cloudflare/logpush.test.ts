import { afterEach, describe, expect, it } from 'vitest';
import type { CloudflareOptions, CloudflareSandbox } from '../../../sandbox/cloudflare/server.ts';
import { startCheckedCloudflare } from '../../../sandbox/cloudflare/start-checked.ts';
import { clientFor, refusal } from './client.ts';

let cf: CloudflareSandbox;
afterEach(() => cf.stop());

const SPLUNK = 'splunk://x.example:8088/services/collector/raw?channel=c&sourcetype=s&header_Authorization=Splunk%20t';
const DATADOG = 'datadog://http-intake.logs.datadoghq.com/api/v2/logs?header_DD-API-KEY=k';
const R2 = 'r2://b/{DATE}?account-id=a&access-key-id=i&secret-access-key=s';
const S3 = 's3://bucket/{DATE}?region=eu-west-1';

async function start(options: CloudflareOptions = {}) {
  cf = await startCheckedCloudflare(options);
  const path = `/accounts/${cf.accountId}/logpush`;
  const client = clientFor(cf);
  return {
    path,
    client,
    post: (route: string, body: object) => client.post(`${path}/${route}`, { body }),
    put: (id: number, body: object) => client.put(`${path}/jobs/${id}`, { body }),
    get: (route: string) => client.get(`${path}/${route}`),
    jobs: () => cf.account.logpushJobs(),
  };
}

const options = { field_names: ['Email'] };
const valid = { name: 'a.b-c_1', dataset: 'access_requests', destination_conf: R2, output_options: options };

it('makes a job switched off unless told, and shows the destination with its keys', async () => {
  const { post, get } = await start();

  await post('jobs', valid);
  await post('jobs', { ...valid, enabled: true });

  await expect(get('jobs')).resolves.toMatchObject({
    result: [
      { id: 1, enabled: false, destination_conf: R2, last_complete: null, last_error: null, error_message: null },
      { id: 2, enabled: true },
    ],
  });
});

describe('it refuses to make a job', () => {
  it.each<[string, Record<string, unknown>]>([
    ['with a blank in its name', { name: 'a b' }],
    ['with a slash in its name', { name: 'a/b' }],
    ['of a dataset that belongs to zones', { dataset: undefined }],
    ['without fields', { output_options: undefined }],
    ['with no fields at all', { output_options: { field_names: [] } }],
    ['with a field that the dataset does not have', { output_options: { field_names: ['Email', 'SerialNumber'] } }],
    ['with an option that nobody knows', { output_options: { ...options, all_fields: true } }],
    ['with a key that nobody knows', { destination: R2 }],
    ['to nowhere', { destination_conf: 'lantern-logs' }],
    ['to a service that nobody knows', { destination_conf: 'ftp://x.example/y' }],
    ['to S3 without a region', { destination_conf: 's3://bucket/{DATE}' }],
    ['to S3 without the proof', { destination_conf: S3 }],
    ['to S3 with a wrong proof', { destination_conf: S3, ownership_challenge: '00000000' }],
    ['to R2 without a key', { destination_conf: 'r2://b/{DATE}?account-id=a&access-key-id=i' }],
    ['to R2 with an empty key', { destination_conf: 'r2://b?account-id=a&access-key-id=i&secret-access-key=' }],
    ['to another path of Splunk', { destination_conf: SPLUNK.replace('raw', 'event') }],
    ['to Splunk with another kind of token', { destination_conf: SPLUNK.replace('Splunk%20', 'Bearer%20') }],
    ['to Datadog without a key', { destination_conf: DATADOG.replace(/\?.*/, '') }],
    ['to a place that does not answer', { destination_conf: R2.replace('//b', '//down') }],
  ])('%s', async (_what, changes) => {
    const { post, jobs } = await start();
    cf.account.unreachable('down');

    expect(await refusal(post('jobs', { ...valid, ...changes }))).toMatchObject({ status: 400 });
    expect(jobs()).toEqual([]);
    cf.violations.length = 0;
  });

  it('beyond five of a dataset', async () => {
    const { post, jobs } = await start();
    for (let made = 0; made < 5; made += 1) await post('jobs', valid);

    expect(await refusal(post('jobs', valid))).toMatchObject({ status: 400 });
    const dns = { ...valid, dataset: 'gateway_dns', output_options: { field_names: ['QueryName'] } };
    await post('jobs', dns);
    expect(jobs()).toHaveLength(6);
  });

  it('where the plan has none, as soon as anything is asked, or only then', async () => {
    const { post, get } = await start({ quirks: { logpush: 'refused-on-create' } });
    await get('jobs');
    await post('validate/destination', { destination_conf: R2 });
    expect(await refusal(post('jobs', valid))).toMatchObject({ status: 400, code: 1004 });

    cf.quirks.logpush = 'refused';
    expect(await refusal(get('jobs'))).toMatchObject({ status: 400, code: 1004 });
  });
});

it.each([SPLUNK, DATADOG, R2, 'gs://bucket/logs?'])('can try the destination %s', async (destination_conf) => {
  const { post } = await start();

  await expect(post('validate/destination', { destination_conf })).resolves.toMatchObject({ result: { valid: true } });
  await expect(post('validate/destination/exists', { destination_conf })).resolves.toMatchObject({
    result: { exists: false },
  });
});

it('repeats the keys when it says that a destination can’t be reached', async () => {
  const { post } = await start();
  cf.account.unreachable('b');

  await expect(post('validate/destination', { destination_conf: R2 })).resolves.toMatchObject({
    result: { valid: false, message: expect.stringContaining('secret-access-key=s') },
  });
});

describe('a token in a bucket', () => {
  it('lets a job be made there, until there is a newer one', async () => {
    const { post, jobs } = await start();
    await post('ownership', { destination_conf: S3 });
    const first = cf.account.tokenIn('bucket');
    await post('ownership', { destination_conf: S3 });
    const ownership_challenge = cf.account.tokenIn('bucket');

    const s3 = { ...valid, destination_conf: S3 };
    expect(await refusal(post('jobs', { ...s3, ownership_challenge: first }))).toMatchObject({ status: 400 });
    await post('jobs', { ...s3, ownership_challenge });
    expect(jobs()).toHaveLength(1);
  });

  it('is written nowhere that does not answer', async () => {
    const { post } = await start();
    cf.account.unreachable('bucket');

    await expect(post('ownership', { destination_conf: S3 })).resolves.toMatchObject({ result: { valid: false } });
    expect(() => cf.account.tokenIn('bucket')).toThrow('nothing was written');
  });
});

describe('changing a job', () => {
  it('keeps what is not said', async () => {
    const { post, put, jobs } = await start();
    await post('jobs', { ...valid, enabled: true });
    const [before] = structuredClone(jobs());

    await put(1, { enabled: false });

    expect(jobs()).toEqual([{ ...before, body: { ...before?.body, enabled: false } }]);
  });

  it.each([
    ['while its destination is down', { enabled: false }],
    ['to another dataset', { dataset: 'gateway_dns' }],
    ['to another destination without proof', { destination_conf: S3 }],
  ])('is refused %s', async (what, body) => {
    const { post, put, jobs } = await start();
    await post('jobs', valid);
    if (what.includes('down')) cf.account.unreachable('b');

    expect(await refusal(put(1, body))).toMatchObject({ status: 400 });
    expect(jobs()[0]?.body.enabled).toBe(false);
    cf.violations.length = 0;
  });

  it('and deleting it need that it is there', async () => {
    const { client, path, post, put, jobs } = await start();
    await post('jobs', valid);
    await client.delete(`${path}/jobs/1`, { body: {} });

    expect(jobs()).toEqual([]);
    expect(await refusal(client.delete(`${path}/jobs/1`, { body: {} }))).toMatchObject({ status: 404 });
    expect(await refusal(put(1, { enabled: true }))).toMatchObject({ status: 404 });
  });
});

describe('permissions', () => {
  it('of logs are needed for everything but the names of fields, which reading is enough for', async () => {
    const { get, post } = await start({ seed: { permissions: ['Logs Read', 'Zero Trust: PII Read'] } });

    await get('datasets/gateway_dns/fields');
    expect(await refusal(get('jobs'))).toMatchObject({ status: 403 });
    expect(await refusal(post('validate/destination', { destination_conf: R2 }))).toMatchObject({ status: 403 });
  });

  it('to see personal data are needed for jobs of Zero Trust', async () => {
    const { get, post } = await start({ seed: { permissions: ['Logs Write'] } });

    await expect(get('jobs')).resolves.toMatchObject({ result: [] });
    expect(await refusal(post('jobs', valid))).toMatchObject({ status: 403, code: 1004 });
    cf.account.addLogpushJob({ conf: R2 });
    expect(await refusal(get('jobs'))).toMatchObject({ status: 403, code: 1004 });
  });
});

it('forgets everything when it is reset', async () => {
  const { post, jobs } = await start();
  await post('jobs', valid);
  cf.account.unreachable('b');

  cf.reset();

  expect(jobs()).toEqual([]);
  await expect(post('validate/destination', { destination_conf: R2 })).resolves.toMatchObject({
    result: { valid: true },
  });
});
