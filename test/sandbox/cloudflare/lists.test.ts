import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type Cloudflare from 'cloudflare';
import type { CloudflareSandbox } from '../../../sandbox/cloudflare/server.ts';
import { startCloudflare } from '../../../sandbox/cloudflare/server.ts';
import { clientFor, refusal } from './client.ts';

let cf: CloudflareSandbox;
let client: Cloudflare;
const serials = () => cf.account.serials();
const edit = (change: object) =>
  client.zeroTrust.gateway.lists.edit(cf.account.ids.serialList, { account_id: cf.accountId, ...change });

const sorted = (values: string[]) => values.toSorted((a, b) => a.localeCompare(b));
const many = (n: number) => Array.from({ length: n }, (_, i) => ({ value: `BULK${i}` }));
const read = async () => {
  const list = await client.zeroTrust.gateway.lists.get(cf.account.ids.serialList, { account_id: cf.accountId });
  return (list.items ?? []).map((item) => String(item.value));
};
const names = async (query: object) => {
  const page = await client.zeroTrust.gateway.lists.list({ account_id: cf.accountId, ...query });
  return page.result.map((list) => list.name);
};

beforeEach(async () => {
  cf = await startCloudflare();
  client = clientFor(cf);
});
afterEach(() => cf.stop());

describe('a list PATCH', () => {
  it('adds and removes, and answers with the count but without the items', async () => {
    const answer = await edit({ append: [{ value: 'NEW1234', description: 'Ines Silva' }], remove: ['7HX2KQ3'] });

    expect(answer).toMatchObject({ count: 15, type: 'SERIAL' });
    expect(answer).not.toHaveProperty('items');
    expect(serials()).toContain('NEW1234');
    expect(serials()).not.toContain('7HX2KQ3');
  });

  it.each([
    ['a value already there', { append: [{ value: 'NEW1234' }, { value: '7HX2KQ3' }] }],
    ['the same value twice', { append: [{ value: 'NEW1234' }, { value: 'NEW1234' }] }],
    ['removing what is not there', { append: [{ value: 'NEW1234' }], remove: ['ABSENT'] }],
    ['an empty value', { append: [{ value: 'NEW1234' }, { value: ' ' }] }],
    ['plain strings to append', { append: ['NEW1234'] }],
    ['objects to remove', { remove: [{ value: '7HX2KQ3' }] }],
  ])('is refused as a whole for %s', async (_what, change) => {
    const before = serials();

    expect(await refusal(edit(change))).toMatchObject({ status: 400 });

    expect(serials()).toEqual(before);
  });

  it('can take duplicates and absent values for done, if the platform should turn out so', async () => {
    Object.assign(cf.quirks, { duplicateAppend: 'ignore', absentRemove: 'ignore' });

    await edit({ append: [{ value: '7HX2KQ3' }, { value: 'NEW1234' }], remove: ['ABSENT'] });

    expect(serials()).toHaveLength(16);
  });

  it('stops at 1,000 entries', async () => {
    expect(await refusal(edit({ append: many(986) }))).toMatchObject({ status: 400 });
    expect(serials()).toHaveLength(15);
    await edit({ append: many(985) });
    expect(serials()).toHaveLength(1000);
  });

  it('is unknown for an unknown list', async () => {
    const call = client.zeroTrust.gateway.lists.edit('no-such-list', { account_id: cf.accountId, remove: ['X'] });

    expect(await refusal(call)).toMatchObject({ status: 404 });
  });
});

describe('reading lists', () => {
  it('has no stable order, and the single list comes whole', async () => {
    const [first, second] = [await read(), await read()];

    expect(first).not.toEqual(second);
    expect(sorted(first)).toEqual(sorted(second));
    expect(first).toHaveLength(15);
  });

  it('pages fit together as long as nobody changes the list', async () => {
    const path = `/accounts/${cf.accountId}/gateway/lists/${cf.account.ids.serialList}/items`;
    type Page = { result: { value: string }[] };

    const pages = await Promise.all([1, 2].map((page) => client.get(path, { query: { page, per_page: 8 } })));

    const values = (pages as Page[]).flatMap((page) => page.result.map((item) => item.value));
    expect(sorted(values)).toEqual(sorted(serials()));
    expect(values).not.toEqual(serials());
  });

  it('stops the official iterator at the first empty page', async () => {
    const params = { account_id: cf.accountId };
    const seen = new Set<unknown>();

    for await (const item of client.zeroTrust.gateway.lists.items.list(cf.account.ids.serialList, params))
      seen.add(item);

    expect([seen.size, cf.calls.length]).toEqual([15, 2]);
  });

  it('answers a page past the end with nothing, and without total_pages', async () => {
    const path = `/accounts/${cf.accountId}/gateway/lists/${cf.account.ids.serialList}/items`;

    const answer = await client.get(path, { query: { page: 9, per_page: 10 } });

    expect(answer).toMatchObject({ result: [], result_info: { page: 9, per_page: 10, count: 0, total_count: 15 } });
    expect((answer as { result_info: object }).result_info).not.toHaveProperty('total_pages');
  });

  it('narrows lists by type and by name', async () => {
    expect(await names({})).toHaveLength(2);
    expect(await names({ filter: ['type:SERIAL'] })).toEqual(['Lantern laptops']);
    expect(await names({ search: 'blocked' })).toEqual(['Blocked domains']);
  });
});
