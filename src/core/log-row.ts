import { z } from 'zod';

/** Somebody was at the door of an application: one row of the Access log, with what analytics know of the same login. */
export const AccessRow = z.object({
  /** Cloudflare's ray id, or a digest of the row where it has none. The same row has the same id, however often it is read. */
  id: z.string(),
  /** Epoch milliseconds, whole seconds. */
  at: z.number(),
  /** Lower case; empty if the log names nobody. */
  email: z.string(),
  allowed: z.boolean(),
  /** The application's address. */
  app: z.string(),
  ip: z.string(),
  /** `onetimepin` */
  method: z.string().optional(),
  /** From analytics, so missing where the plan, the token or the sampling left it out: all of these. */
  country: z.string().optional(),
  /** Of the device, or of the registration: which of the two is not documented. */
  deviceId: z.string().optional(),
  withWarp: z.boolean().optional(),
  /** The policy that let them in. */
  policyId: z.string().optional(),
});
export type AccessRow = z.infer<typeof AccessRow>;

/** Network sessions that have all of this in common, as analytics count them. */
export const NetworkRow = z.object({
  /** Digest of everything but the numbers. */
  id: z.string(),
  /** Epoch milliseconds: the beginning of the stretch of time that is counted together. */
  at: z.number(),
  email: z.string(),
  /** Name or id of the device, where analytics tell. */
  device: z.string().optional(),
  /** Address or name. */
  destination: z.string(),
  port: z.number().optional(),
  /** `tcp` */
  transport: z.string().optional(),
  /** `allow`, `block` */
  action: z.string().optional(),
  sessions: z.number(),
  /** Bytes. Undefined: not told. */
  sent: z.number().optional(),
  received: z.number().optional(),
});
export type NetworkRow = z.infer<typeof NetworkRow>;

export interface LogRows {
  readonly access: AccessRow;
  readonly network: NetworkRow;
}
export type LogKind = keyof LogRows;

/** For sentences. */
export const LOG_NAMES: Readonly<Record<LogKind, string>> = {
  access: 'Access log',
  network: 'log of network sessions',
};
/** For what is headed by it, as people know them. */
export const LOG_TITLES: Readonly<Record<LogKind, string>> = { access: 'Access log', network: 'Gateway log' };
