import type { z } from 'zod';
import type { Store } from '../core/ports.ts';

const KEPT_MS = 5 * 60 * 1000;

interface ShelfOptions<Thing> {
  readonly store: Pick<Store, 'keep' | 'recall'>;
  readonly name: string;
  readonly shape: z.ZodType<Thing>;
  readonly read: (about: string) => Promise<Thing>;
}

/** Something that is slow to read, kept for a few minutes for each person; it is read once at a time for each. */
export function createShelf<Thing>({ store, name, shape, read }: ShelfOptions<Thing>) {
  const underWay = new Map<string, Promise<Thing>>();

  async function readAndKeep(userId: string, about: string): Promise<Thing> {
    const thing = await read(about);
    await store.keep(`${name}:${userId}`, thing, KEPT_MS);
    return thing;
  }

  function refill(userId: string, about: string): Promise<Thing> {
    const running = underWay.get(userId);
    if (running !== undefined) return running;
    const reading = readAndKeep(userId, about).finally(() => underWay.delete(userId));
    underWay.set(userId, reading);
    return reading;
  }

  async function peek(userId: string): Promise<Thing | undefined> {
    return shape.safeParse(await store.recall(`${name}:${userId}`)).data;
  }

  return {
    /** Reads it anew. */
    refill,
    /** What is kept, if there is anything. */
    peek,
    /** What is kept, or is being read, or else is read now. */
    async get(userId: string, about: string): Promise<Thing> {
      const running = underWay.get(userId);
      if (running !== undefined) return running;
      return (await peek(userId)) ?? refill(userId, about);
    },
  };
}
