export interface EachOfOptions {
  /** How many are under way at once. Unless told, as many calls to the far end as one step makes: others run beside it. */
  readonly atOnce?: number;
  /** After a failure no other is begun; those under way end first. Otherwise it goes on, and what can be done is done. */
  readonly stopsAtFailure?: boolean;
}

/** Does it for each, a few at a time, and answers in their order. Throws the first failure when all have ended. */
export async function eachOf<Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
  { atOnce = 5, stopsAtFailure = false }: EachOfOptions = {},
): Promise<Result[]> {
  const results: Result[] = [];
  const failures: unknown[] = [];
  const open = [...items.entries()];
  const isStopped = (): boolean => stopsAtFailure && failures.length > 0;
  async function work(): Promise<void> {
    for (let next = open.shift(); next !== undefined && !isStopped(); next = open.shift()) {
      const [index, item] = next;
      try {
        results[index] = await act(item);
      } catch (error) {
        failures.push(error);
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work));
  if (failures.length > 0) throw failures[0];
  return results;
}
