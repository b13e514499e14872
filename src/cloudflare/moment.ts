import { z } from 'zod';

/** A time as Cloudflare writes it, in epoch milliseconds. Undefined for null and for what is no time. */
export const Moment = z
  .string()
  .nullish()
  .transform((text) => {
    const at = Date.parse(text ?? '');
    return Number.isNaN(at) ? undefined : at;
  });
