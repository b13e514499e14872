import { describe, expect, it } from 'vitest';
import { logpushFields } from '../../sandbox/cloudflare/logpush-fields.ts';
import { parseTarget } from '../../sandbox/cloudflare/logpush-destination.ts';
import {
  destinationConf,
  placeOf,
  placeOfConf,
  secretPartsOf,
  type Destination,
} from '../../src/core/export-destination.ts';
import { Dataset, datasetsOf, fieldsToExport, jobName, WANTED_FIELDS } from '../../src/core/export-job.ts';
import { createSecret } from '../../src/core/secret.ts';

const ODD = 'a/b+c=d&e?f#g%41“ü';
const KEYS = {
  accessKeyId: createSecret('id+1'),
  secretAccessKey: createSecret(ODD),
  token: createSecret(ODD),
  apiKey: createSecret(ODD),
};

const ALL: Record<Destination['kind'], Destination> = {
  s3: { kind: 's3', bucket: 'lantern-logs', region: 'eu-west-1', path: '' },
  r2: { kind: 'r2', accountId: '0123456789abcdef0123456789abcdef', bucket: 'lantern-logs', path: '/a//b/' },
  splunk: { kind: 'splunk', host: 'splunk.lantern.example:8088', channel: '7b3c1f0e-52a4-4d7e-9c1a-0f6e2d8b4a55' },
  datadog: { kind: 'datadog', site: 'datadoghq.eu' },
};

describe('a destination', () => {
  it('is written as Cloudflare wants it, with the keys encoded', () => {
    expect(Object.values(ALL).map((one) => destinationConf(one, KEYS).reveal())).toMatchInlineSnapshot(`
      [
        "s3://lantern-logs/{DATE}?region=eu-west-1",
        "r2://lantern-logs/a/b/{DATE}?account-id=0123456789abcdef0123456789abcdef&access-key-id=id%2B1&secret-access-key=a%2Fb%2Bc%3Dd%26e%3Ff%23g%2541%E2%80%9C%C3%BC",
        "splunk://splunk.lantern.example:8088/services/collector/raw?channel=7b3c1f0e-52a4-4d7e-9c1a-0f6e2d8b4a55&insecure-skip-verify=false&sourcetype=cloudflare:json&header_Authorization=Splunk%20a%2Fb%2Bc%3Dd%26e%3Ff%23g%2541%E2%80%9C%C3%BC",
        "datadog://http-intake.logs.datadoghq.eu/api/v2/logs?header_DD-API-KEY=a%2Fb%2Bc%3Dd%26e%3Ff%23g%2541%E2%80%9C%C3%BC&ddsource=cloudflare",
      ]
    `);
  });

  it.each(Object.values(ALL))(
    'is one that Cloudflare takes, and keeps every sign of its keys: $kind',
    (destination) => {
      const conf = destinationConf(destination, KEYS).reveal();
      const { options } = parseTarget(conf);

      const key = Object.values(options).find((value) => value.includes(ODD));
      expect(key === undefined).toBe(destination.kind === 's3');
      expect(placeOfConf(conf)).toBe(placeOf(destination));
      expect(placeOf(destination)).not.toMatch(/\?|DATE|id\+1/);
    },
  );

  it('prints nothing, and names a key that is missing without any other', () => {
    expect(`${String(destinationConf(ALL.r2, KEYS))} ${JSON.stringify(destinationConf(ALL.r2, KEYS))}`).toBe(
      '[secret] "[secret]"',
    );
    expect(() => destinationConf(ALL.r2, { accessKeyId: KEYS.accessKeyId })).toThrow(
      'The destination r2 needs its secretAccessKey.',
    );
  });
});

describe('where a configuration leads', () => {
  it.each([
    ['s3://bucket/logs/{DATE}?region=eu-west-1&sse=AES256', 's3://bucket/logs'],
    ['s3://bucket?region=eu-west-1', 's3://bucket'],
    ['gs://bucket/logs', 'gs://bucket/logs'],
    ['azure://account.blob.core.windows.net/container/logs?sv=1&sig=SECRET', 'azure://account.blob.core.windows.net'],
    ['sumo://endpoint.sumologic.com/receiver/v1/http/SECRET', 'sumo://endpoint.sumologic.com'],
    ['https://user:SECRET@Logs.example:8443/SECRET?header_Authorization=SECRET#SECRET', 'https://logs.example:8443'],
    ['https://SECRET@x@logs.example', 'https://logs.example'],
    ['SECRET', 'an unknown destination'],
    ['', 'an unknown destination'],
  ])('%s', (conf, place) => {
    expect(placeOfConf(conf)).toBe(place);
  });
});

it('knows what is secret in a configuration in each form, the longest first', () => {
  const parts = secretPartsOf(
    'https://user:p%40ssword1@x.example/?header_Authorization=Splunk%20tok%2Fen-12345&verify=false',
  );

  expect(parts).toEqual(
    expect.arrayContaining(['p%40ssword1', 'p@ssword1', 'Splunk%20tok%2Fen-12345', 'tok/en-12345']),
  );
  expect(parts).not.toContain('false');
  expect(parts.map(({ length }) => length)).toEqual(parts.map(({ length }) => length).toSorted((a, b) => b - a));
  expect(secretPartsOf('s3://bucket/long-folder?x=%E0%A4%A')).toEqual(['%E0%A4%A']);
  expect(secretPartsOf('sumo://x.example/receiver/v1/http/abcd1234==')).toEqual(['abcd1234==', 'receiver']);
});

describe('the fields of a dataset', () => {
  it.each(Dataset.options)('are documented ones, each once: %s', (dataset) => {
    const wanted = WANTED_FIELDS[dataset];

    expect(wanted.length).toBeGreaterThan(10);
    expect(new Set(wanted).size).toBe(wanted.length);
    expect(wanted.filter((field) => logpushFields[dataset]?.includes(field) !== true)).toEqual([]);
  });

  it('are exported as far as Cloudflare has them', () => {
    expect(fieldsToExport('access_requests', ['Novelty', 'Email', 'CreatedAt'])).toEqual(['CreatedAt', 'Email']);
  });
});

it('gives each log a job of its own, under a name that Cloudflare takes', () => {
  const names = datasetsOf('both').map((dataset) => jobName(dataset, 's3'));

  expect(names).toMatchInlineSnapshot(`
    [
      "ocs-access-access-requests-s3",
      "ocs-access-gateway-dns-s3",
      "ocs-access-gateway-http-s3",
      "ocs-access-gateway-network-s3",
      "ocs-access-zero-trust-network-sessions-s3",
    ]
  `);
  expect(names.every((name) => /^[a-zA-Z0-9._-]*$/.test(name))).toBe(true);
});
