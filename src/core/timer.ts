import { z } from 'zod';

/** Something that a worker does at a later moment, as data in the queue of timers. Each may come late, twice or never. */
export const Timer = z.discriminatedUnion('kind', [
  /** Whether somebody who was cut off tried to come in since: told in the thread of the request. */
  z.object({ kind: z.literal('attempts'), requestId: z.string(), emails: z.array(z.string()), since: z.number() }),
  /** Looks at one person's end date; the hourly sweep looks at all of them. */
  z.object({ kind: z.literal('stay'), email: z.string() }),
]);
export type Timer = z.infer<typeof Timer>;
