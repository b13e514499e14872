import { afterEach, expect, it } from 'vitest';
import { ids } from '../../sandbox/cloudflare/seed-ids.ts';
import type { CloudflareOptions } from '../../sandbox/cloudflare/server.ts';
import { failureOf, impatient, startAdapter, type Started } from './start-adapter.ts';
import { createCloudflare } from '../../src/cloudflare/cloudflare.ts';

let started: Started | undefined;
afterEach(() => started?.cf.stop());

async function start(options: CloudflareOptions = {}): Promise<Started> {
  started = await startAdapter(options);
  return started;
}

const LIST = /gateway\/lists\/[^/]+$/;
const laptop = { value: 'C02NEW', description: 'Ada, REQ-0001, 2026-03-02' };

/** Alters what a list says of itself, as an endpoint that cuts its answers short would. */
function withoutItems(cf: Started['cf'], edit: (list: Record<string, unknown>) => void, times = 1): void {
  const mangle = (answer: unknown): unknown => {
    const copy = structuredClone(answer) as { result: Record<string, unknown> };
    edit(copy.result);
    return copy;
  };
  cf.faults.add({ method: 'GET', path: LIST, mangle, times });
}

it('reads 1,000 entries as it reads 15: with one call', async () => {
  const { cf, cloudflare, routes } = await start({ seed: { serials: 1000 } });

  const list = await cloudflare.readList(ids.serialList);

  expect(list).toMatchObject({ id: ids.serialList, name: 'Lantern laptops', type: 'SERIAL' });
  expect(list.items.map((item) => item.value).toSorted()).toEqual(cf.account.serials().toSorted());
  expect(routes()).toEqual([`GET gateway/lists/${ids.serialList}`]);
});

it.each([
  ['leaves the entries out', (list: Record<string, unknown>) => delete list['items']],
  ['says null', (list: Record<string, unknown>) => (list['items'] = null)],
  ['gives fewer than it counts', (list: Record<string, unknown>) => (list['items'] = [])],
])('pages the entries where the answer for the list %s', async (_how, edit) => {
  const { cf, cloudflare, routes } = await start({ seed: { serials: 1000 } });
  withoutItems(cf, edit);

  const { items } = await cloudflare.readList(ids.serialList);

  expect(new Set(items.map((item) => item.value))).toEqual(new Set(cf.account.serials()));
  expect(routes()).toEqual([`GET gateway/lists/${ids.serialList}`, `GET gateway/lists/${ids.serialList}/items`]);
  cf.violations.length = 0;
});

it('does not take a part of a list for the whole', async () => {
  const { cf, cloudflare } = await start();
  withoutItems(cf, (list) => {
    list['items'] = [];
    list['count'] = 16;
  });

  const failure = await failureOf(cloudflare.readList(ids.serialList));

  expect(failure).toMatchObject({ name: 'TransientError', code: 'cloudflare-incomplete' });
});

it('reads an empty list', async () => {
  const { cloudflare } = await start({ seed: { serials: 0 } });

  await expect(cloudflare.readList(ids.serialList)).resolves.toMatchObject({ items: [] });
});

it('adds an entry and leaves those that somebody else adds meanwhile', async () => {
  const { cf, cloudflare } = await start({ seed: { serials: 2 } });
  const before = cf.account.serials();
  cf.account.addListItem(ids.serialList, 'C02DASH', 'from the dashboard');

  await cloudflare.addToList(ids.serialList, [laptop]);

  expect(new Set(cf.account.serials())).toEqual(new Set([...before, 'C02DASH', 'C02NEW']));
  const { items } = await cloudflare.readList(ids.serialList);
  expect(items).toContainEqual(laptop);
});

it('is refused an entry that is in the list', async () => {
  const { cf, cloudflare } = await start();
  await cloudflare.addToList(ids.serialList, [laptop]);

  const failure = await failureOf(cloudflare.addToList(ids.serialList, [laptop]));

  expect(failure).toMatchObject({ name: 'PermanentError', code: 'cloudflare-refused' });
  expect(cf.account.serials().filter((value) => value === 'C02NEW')).toHaveLength(1);
});

it('takes an entry out with one call', async () => {
  const { cf, cloudflare, routes } = await start();
  cf.account.addListItem(ids.serialList, 'C02NEW');

  await cloudflare.removeFromList(ids.serialList, ['C02NEW']);

  expect(cf.account.serials()).not.toContain('C02NEW');
  expect(cf.account.serials()).toHaveLength(15);
  expect(routes()).toEqual([`PATCH gateway/lists/${ids.serialList}`]);
});

it.each(['refuse', 'ignore'] as const)('is content with an entry that is gone, if Cloudflare would %s', async (how) => {
  const { cf, cloudflare } = await start({ quirks: { absentRemove: how } });

  await expect(cloudflare.removeFromList(ids.serialList, ['C02GONE'])).resolves.toBeUndefined();

  expect(cf.account.serials()).toHaveLength(15);
});

it('takes out the entry in whatever spelling somebody gave it', async () => {
  const { cf, cloudflare } = await start();
  cf.account.addListItem(ids.serialList, 'c02New');

  await cloudflare.removeFromList(ids.serialList, ['C02NEW']);

  expect(cf.account.serials()).not.toContain('c02New');
});

it('takes out an address with blanks around it', async () => {
  const { cf, cloudflare } = await start({ seed: { emailList: true } });
  const before = cf.account.emails();
  cf.account.addListItem(ids.emailList, ' Ada@x.org');

  await cloudflare.removeFromList(ids.emailList, ['ada@x.org']);

  expect(cf.account.emails()).toEqual(before);
});

it('adds several with one call, all of them or none', async () => {
  const { cf, cloudflare, routes } = await start({ seed: { serials: 1 } });
  const [known = ''] = cf.account.serials();

  const failure = await failureOf(cloudflare.addToList(ids.serialList, [laptop, { value: known, description: '' }]));
  expect(failure).toMatchObject({ code: 'cloudflare-refused' });
  expect(cf.account.serials()).toEqual([known]);

  await cloudflare.addToList(ids.serialList, [laptop, { value: 'C02NEXT', description: '' }]);
  expect(new Set(cf.account.serials())).toEqual(new Set([known, 'C02NEW', 'C02NEXT']));
  expect(routes()).toEqual(Array.from({ length: 2 }, () => `PATCH gateway/lists/${ids.serialList}`));
});

it('takes several out with one call', async () => {
  const { cf, cloudflare, routes } = await start({ seed: { serials: 3 } });
  const [first = '', second = '', third = ''] = cf.account.serials();

  await cloudflare.removeFromList(ids.serialList, [first, third]);

  expect(cf.account.serials()).toEqual([second]);
  expect(routes()).toEqual([`PATCH gateway/lists/${ids.serialList}`]);
});

it.each(['refuse', 'ignore'] as const)(
  'takes out those that are there, if Cloudflare would %s the one that is gone',
  async (how) => {
    const { cf, cloudflare } = await start({ seed: { serials: 2 }, quirks: { absentRemove: how } });
    const [first = '', second = ''] = cf.account.serials();

    await cloudflare.removeFromList(ids.serialList, ['C02GONE', first]);

    expect(cf.account.serials()).toEqual([second]);
  },
);

it('asks for nothing where there is nothing to change', async () => {
  const { cf, cloudflare } = await start();

  await cloudflare.addToList(ids.serialList, []);
  await cloudflare.removeFromList(ids.serialList, []);

  expect(cf.calls).toEqual([]);
});

it('does not take a refusal for a removal while the entry is there', async () => {
  const { cf, cloudflare } = await start();
  cf.account.addListItem(ids.serialList, 'C02NEW');
  cf.faults.add({ method: 'PATCH', path: LIST, status: 400 });

  const failure = await failureOf(cloudflare.removeFromList(ids.serialList, ['C02NEW']));

  expect(failure).toMatchObject({ name: 'PermanentError', code: 'cloudflare-refused' });
});

it('does not take a missing permission for a removal', async () => {
  const { cf, cloudflare } = await start();
  cf.account.setPermissions(['Zero Trust Read']);

  const failure = await failureOf(cloudflare.removeFromList(ids.serialList, ['C02GONE']));

  expect(failure).toMatchObject({ code: 'cloudflare-permission-missing' });
  expect(failure.message).toContain('“Zero Trust → Edit”');
});

it.each([
  ['an error after it had written', { status: 500, afterWrite: true as const }],
  ['a connection cut after it had written', { dropConnection: true as const, afterWrite: true as const }],
  ['success:false after it had written', { successFalse: true as const, afterWrite: true as const }],
])('reports %s, once, and leaves it to the caller to look', async (_what, fault) => {
  const { cf, cloudflare } = await start();
  cf.faults.add({ method: 'PATCH', path: LIST, ...fault });

  const failure = await failureOf(cloudflare.addToList(ids.serialList, [laptop]));

  expect(failure.name).toBe('successFalse' in fault ? 'PermanentError' : 'TransientError');
  expect(cf.account.serials()).toContain('C02NEW');
  expect(cf.calls).toHaveLength(1);
});

it('says how long to wait, and does not wait itself', async () => {
  const { cf, cloudflare } = await start();
  cf.faults.add({ method: 'PATCH', path: LIST, status: 429, retryAfterSeconds: 240 });

  const failure = await failureOf(cloudflare.addToList(ids.serialList, [laptop]));

  expect(failure).toMatchObject({ code: 'cloudflare-rate-limited', retryAfterMs: 240_000 });
  expect(cf.calls).toHaveLength(1);
});

it('does not wait for a slow answer for ever', async () => {
  const { cf, account } = await start();
  cf.latency(2_000);
  const cloudflare = createCloudflare({ ...impatient(account, 50), deciders: { app: 'x' } });

  const failure = await failureOf(cloudflare.addToList(ids.serialList, [laptop]));

  expect(failure).toMatchObject({ name: 'TransientError', code: 'cloudflare-timeout' });
});

it('says that a list is not there', async () => {
  const { cloudflare } = await start();

  const failure = await failureOf(cloudflare.readList('8d1f2c3a-0000-4000-a000-000000000000'));

  expect(failure).toMatchObject({ name: 'PermanentError', code: 'cloudflare-not-found' });
});
