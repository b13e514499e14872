import { z } from 'zod';
import { foldAddress } from '../core/address.ts';
import { foldSerial } from '../core/belongings.ts';
import { PermanentError, TransientError } from '../core/errors.ts';
import type { AccessList, ListItem } from '../core/snapshot.ts';
import { call, callPages } from './call.ts';
import type { Account } from './client.ts';

const Item = z
  .object({ value: z.string(), description: z.string().nullish() })
  .transform(({ value, description }): ListItem => ({ value, description: description ?? '' }));

const List = z.object({
  id: z.string(),
  name: z.string().nullish(),
  type: z.enum(['SERIAL', 'EMAIL']),
  count: z.number().nullish(),
  items: z.array(Item).nullish(),
});

/**
 * A list with all its items, by their values: Cloudflare’s order differs from answer to answer. One call: the answer for a single list has its items in it, 1,000 as
 * well as 10. Should it not (absent, or fewer than it counts itself), they are paged from their own route.
 */
export async function readList(account: Account, id: string): Promise<AccessList> {
  const { client, accountId } = account;
  const list = await call(
    account,
    { route: 'GET gateway/lists/:id', does: 'read a list', area: 'zeroTrust' },
    List,
    (options) => client.zeroTrust.gateway.lists.get(id, { account_id: accountId }, options),
  );
  const inside = list.items ?? [];
  const isWhole = list.items != null && inside.length >= (list.count ?? 0);
  const items = isWhole ? inside : await readItems(account, id, list.count ?? 0);
  const sorted = items.toSorted((one, other) => (one.value < other.value ? -1 : 1));
  return { id: list.id, name: list.name ?? list.id, type: list.type, items: sorted };
}

/** Throws TransientError `cloudflare-incomplete` if fewer come than the list counts: somebody may be changing it. */
async function readItems(account: Account, id: string, count: number): Promise<ListItem[]> {
  const { client, accountId } = account;
  const items = await callPages(
    account,
    { route: 'GET gateway/lists/:id/items', does: 'read the entries of a list', area: 'zeroTrust' },
    Item,
    1000,
    (query, options) => client.zeroTrust.gateway.lists.items.list(id, { account_id: accountId, ...query }, options),
  );
  if (items.length >= count) return items;
  throw new TransientError('Cloudflare gave only a part of a list.', { code: 'cloudflare-incomplete' });
}

/** Adds entries, all or none, and touches no other. Cloudflare refuses a value that is in the list. */
export async function addToList(account: Account, id: string, items: readonly ListItem[]): Promise<void> {
  if (items.length === 0) return;
  await editList(account, id, { append: items.map(({ value, description }) => ({ value, description })) });
}

/**
 * Takes entries out and touches no other. Whether Cloudflare refuses a value that is not in the list or passes over it is
 * not documented, so a refusal is checked against the list; values that are there in another spelling are taken out too.
 */
export async function removeFromList(account: Account, id: string, values: readonly string[]): Promise<void> {
  if (values.length === 0) return;
  try {
    await editList(account, id, { remove: [...values] });
  } catch (error) {
    if (!(error instanceof PermanentError) || error.code !== 'cloudflare-refused') throw error;
    const { type, items } = await readList(account, id);
    const fold = type === 'SERIAL' ? foldSerial : foldAddress;
    const meant = new Set(values.map(fold));
    const there = items.flatMap(({ value }) => (meant.has(fold(value)) ? [value] : []));
    if (there.length === 0) return;
    // Every one of them is there as it was asked for: the refusal was about something else.
    if (values.every((value) => there.includes(value))) throw error;
    await editList(account, id, { remove: there });
  }
}

async function editList(
  account: Account,
  id: string,
  change: { append: ListItem[] } | { remove: string[] },
): Promise<void> {
  const { client, accountId } = account;
  const does = 'append' in change ? 'add an entry to a list' : 'remove an entry from a list';
  await call(account, { route: 'PATCH gateway/lists/:id', does, area: 'zeroTrust' }, z.unknown(), (options) =>
    client.zeroTrust.gateway.lists.edit(id, { account_id: accountId, ...change }, options),
  );
}
