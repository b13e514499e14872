import { z } from 'zod';

/** One row of the Access log: somebody was at the door of an application. */
export const AccessEvent = z.object({
  /** Epoch milliseconds. */
  at: z.number(),
  email: z.string(),
  allowed: z.boolean(),
  /** The application's address. */
  app: z.string(),
  ip: z.string(),
  /** As Cloudflare names it, mostly two letters. Undefined: the plan or the token does not tell. */
  country: z.string().optional(),
});
export type AccessEvent = z.infer<typeof AccessEvent>;
