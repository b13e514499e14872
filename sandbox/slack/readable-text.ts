import { isObject } from './json.ts';

const technical = new Set([
  'type',
  'block_id',
  'action_id',
  'value',
  'url',
  'image_url',
  'style',
  'status',
  'task_id',
  'level',
  'width',
  'icon',
]);

/** Characters that a person could read in blocks: every text except ids, kinds, values and addresses. */
export function readableLength(value: unknown, key = ''): number {
  if (typeof value === 'string') return technical.has(key) ? 0 : value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + readableLength(one, key), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce((sum, [name, one]) => sum + readableLength(one, name), 0);
}
