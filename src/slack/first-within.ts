/**
 * The first items that take at most `max` characters together, and how many are left out. Slack refuses messages with
 * more than about 13,000 characters in all, so each part of a card has its share.
 */
export function firstWithin<T>(
  items: readonly T[],
  max: number,
  lengthOf: (item: T) => number,
): { readonly shown: readonly T[]; readonly rest: readonly T[] } {
  let spent = 0;
  let count = 0;
  for (const item of items) {
    spent += lengthOf(item);
    // One is always shown.
    if (count > 0 && spent > max) break;
    count += 1;
  }
  return { shown: items.slice(0, count), rest: items.slice(count) };
}
