import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { APIConnectionError, APIError } from 'cloudflare';
import type Cloudflare from 'cloudflare';
import type { CloudflareSandbox } from '../../../sandbox/cloudflare/server.ts';
import { startCloudflare } from '../../../sandbox/cloudflare/server.ts';
import { clientFor, refusal } from './client.ts';

let cf: CloudflareSandbox;
let client: Cloudflare;
const append = (value: string) =>
  client.zeroTrust.gateway.lists.edit(cf.account.ids.serialList, { account_id: cf.accountId, append: [{ value }] });
const groups = () => client.zeroTrust.access.groups.list({ account_id: cf.accountId });

const statusAndWait = async (): Promise<unknown> => {
  const error: unknown = await groups().then(null, (thrown: unknown) => thrown);
  return error instanceof APIError ? [error.status, error.headers?.get('retry-after')] : error;
};

beforeEach(async () => {
  cf = await startCloudflare();
  client = clientFor(cf);
});
afterEach(() => cf.stop());

describe('a planted fault', () => {
  it('hits as often as it should and only what it aims at', async () => {
    const planted = cf.faults.add({ method: 'get', path: /access\/groups/, times: 2, status: 503 });

    await client.zeroTrust.organizations.list({ account_id: cf.accountId });
    expect([await refusal(groups()), await refusal(groups())]).toMatchObject([{ status: 503 }, { status: 503 }]);
    await groups();

    expect(planted.hits).toBe(2);
  });

  it('can be taken away before it hits', async () => {
    cf.faults.add({ times: Infinity });
    expect(await refusal(groups())).toMatchObject({ status: 500 });

    cf.faults.clear();

    await expect(groups()).resolves.toBeDefined();
  });

  it('says Retry-After on a 429 and nowhere else', async () => {
    cf.faults.add({ retryAfterSeconds: 7 });
    expect(await statusAndWait()).toEqual([429, '7']);
    cf.faults.add({ status: 429 });
    expect(await statusAndWait()).toEqual([429, '60']);
    cf.faults.add({ status: 503, retryAfterSeconds: 7 });
    expect(await statusAndWait()).toEqual([503, null]);
  });

  it('can fail before or after the write', async () => {
    cf.faults.add({ status: 500, code: 1234, message: 'before' });
    expect(await refusal(append('NEW1'))).toEqual({ status: 500, code: 1234, message: 'before' });
    expect(cf.account.serials()).not.toContain('NEW1');

    cf.faults.add({ afterWrite: true });
    expect(await refusal(append('NEW2'))).toMatchObject({ status: 500 });
    expect(cf.account.serials()).toContain('NEW2');
  });

  it('shows what a blind retry after a write meets: a refusal', async () => {
    client = clientFor(cf, { maxRetries: 1 });
    cf.faults.add({ afterWrite: true });

    expect(await refusal(append('NEW1'))).toMatchObject({ status: 400 });
    expect(cf.account.serials()).toContain('NEW1');
  });

  it('can cut the connection, with the write done or not', async () => {
    cf.faults.add({ dropConnection: true });
    await expect(append('NEW1')).rejects.toBeInstanceOf(APIConnectionError);
    cf.faults.add({ dropConnection: true, afterWrite: true });
    await expect(append('NEW2')).rejects.toBeInstanceOf(APIConnectionError);

    expect(cf.account.serials()).not.toContain('NEW1');
    expect(cf.account.serials()).toContain('NEW2');
    expect(cf.calls.map((call) => call.status)).toEqual([0, 0]);
  });

  it('can answer 200 with success false, which the client does not throw', async () => {
    cf.faults.add({ successFalse: true });

    await expect(append('NEW1')).resolves.toBeNull();

    expect(cf.account.serials()).not.toContain('NEW1');
  });

  it('can be slow, once or throughout', async () => {
    cf.faults.add({ latencyMs: 40 });
    await groups();
    await groups();
    cf.latency(40);
    await groups();

    const [slow = 0, quick = 0, slowAgain = 0] = cf.calls.map((call) => call.ms);
    expect(slow).toBeGreaterThanOrEqual(39);
    expect(quick).toBeLessThan(slow);
    expect(slowAgain).toBeGreaterThanOrEqual(39);
  });
});

describe('an edit between our read and our write', () => {
  it('is not in the answer that was already on its way, and is there afterwards', async () => {
    const read = async () =>
      (await client.zeroTrust.access.applications.policies.list(cf.account.ids.app, { account_id: cf.accountId }))
        .result[0]?.include?.length;
    cf.after('GET', /policies/, () => cf.account.addPerson('ines.silva@lanternhealth.example'));

    expect([await read(), await read(), await read()]).toEqual([14, 15, 15]);
  });

  it('can happen every time, until taken away', async () => {
    let edits = 0;
    const stop = cf.after('GET', '/access/groups', () => void (edits += 1), { times: Infinity });
    await groups();
    await groups();
    stop();
    await groups();

    expect(edits).toBe(2);
  });
});

it('writes down each call in order, without the token', async () => {
  await groups();
  await append('NEW1');

  expect(cf.calls).toMatchObject([
    { method: 'GET', path: `/accounts/${cf.accountId}/access/groups`, query: {}, status: 200 },
    { method: 'PATCH', status: 200, body: { append: [{ value: 'NEW1' }] } },
  ]);
  expect(JSON.stringify(cf.calls)).not.toContain(cf.token);
  cf.clearCalls();
  expect(cf.calls).toEqual([]);
});

it('goes back to the seed', async () => {
  await append('NEW1');
  cf.faults.add({ times: Infinity });
  cf.quirks.listLimit = 1;

  cf.reset();

  expect([cf.account.serials().length, cf.calls.length, cf.faults.list().length, cf.quirks.listLimit]).toEqual([
    15, 0, 0, 1000,
  ]);
});
