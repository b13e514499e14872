import type { Context } from 'hono';
import { ApiError, codes, isObject, objectBody, ok, onePage, stamp, whole } from '../envelope.ts';
import { shuffled } from '../order.ts';
import type { Quirks } from '../quirks.ts';
import { changeList } from '../state.ts';
import type { ListItem, ZeroTrustList } from '../state.ts';
import type { Router, World } from './world.ts';

const refused = (message: string): ApiError => new ApiError(400, codes.listRefused, message);

const showItem = (item: ListItem): object => ({
  value: item.value,
  description: item.description,
  created_at: stamp(item.createdAt),
});

const showList = (list: ZeroTrustList): Record<string, unknown> => ({
  id: list.id,
  name: list.name,
  type: list.type,
  description: list.description,
  count: list.items.length,
  created_at: stamp(list.createdAt),
  updated_at: stamp(list.updatedAt),
});

function wantedLists(c: Context, lists: Iterable<ZeroTrustList>): ZeroTrustList[] {
  const types = (c.req.queries('filter') ?? [])
    .filter((filter) => filter.startsWith('type:'))
    .map((filter) => filter.slice('type:'.length));
  const old = c.req.query('type');
  if (old !== undefined) types.push(old);
  const search = c.req.query('search')?.toLowerCase() ?? '';
  return [...lists].filter(
    (list) => (types.length === 0 || types.includes(list.type)) && list.name.toLowerCase().includes(search),
  );
}

function parseAppend(value: unknown, now: number): ListItem[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw refused('append must be an array');
  return value.map((item: unknown) => {
    const text = isObject(item) ? item['value'] : undefined;
    if (typeof text !== 'string' || text.trim() === '') throw refused('append: value is required');
    const description = isObject(item) && typeof item['description'] === 'string' ? item['description'] : '';
    return { value: text, description, createdAt: now };
  });
}

function parseRemove(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  // Plain strings here, although append takes objects.
  if (!Array.isArray(value) || !value.every((text) => typeof text === 'string')) {
    throw refused('remove must be an array of strings');
  }
  return value;
}

/** Works out a PATCH without touching the list, so that a refusal leaves it exactly as it was. */
function parseChange(list: ZeroTrustList, body: Record<string, unknown>, quirks: Quirks, now: number) {
  const held = new Set(list.items.map((item) => item.value));
  let append = parseAppend(body['append'], now);
  let remove = parseRemove(body['remove']);
  const doubled = append.filter(({ value }, index) => {
    const again = append.findIndex((other) => other.value === value) !== index;
    return again || (held.has(value) && !remove.includes(value));
  });
  if (doubled.length > 0 && quirks.duplicateAppend === 'refuse') throw refused('append: duplicate list item');
  append = append.filter((item) => !doubled.includes(item));
  const absent = remove.filter((value) => !held.has(value));
  if (absent.length > 0 && quirks.absentRemove === 'refuse') throw refused('remove: no such list item');
  remove = remove.filter((value) => held.has(value));
  if (list.items.length + append.length - remove.length > quirks.listLimit) {
    throw refused(`a list holds at most ${quirks.listLimit} items`);
  }
  return { append, remove };
}

export function routeGateway(account: Router, { state, quirks, now }: World): void {
  let reads = 0;
  const listOf = (id: string): ZeroTrustList => {
    const list = state.lists.get(id);
    if (list === undefined) throw new ApiError(404, codes.listNotFound, 'list not found');
    return list;
  };

  account.get('/gateway/lists', (c) => {
    const rows = wantedLists(c, state.lists.values()).map(showList);
    return ok(c, rows, whole(rows));
  });
  account.get('/gateway/lists/:id', (c) => {
    const list = listOf(c.req.param('id'));
    reads += 1;
    return ok(c, { ...showList(list), items: shuffled(list.items, reads).map(showItem) });
  });
  account.get('/gateway/lists/:id/items', (c) => {
    const list = listOf(c.req.param('id'));
    // No promised order, but pages of a list that nobody changes in between do fit together.
    const rows = shuffled(list.items, list.updatedAt % 1_000_003);
    const { rows: cut, info } = onePage(c, rows, { perPage: 50, most: 1000, totalPages: false });
    return ok(c, cut.map(showItem), info);
  });
  account.patch('/gateway/lists/:id', async (c) => {
    const body = await objectBody(c);
    const list = listOf(c.req.param('id'));
    changeList(list, parseChange(list, body, quirks, now()), now());
    return ok(c, showList(list));
  });
}
