import { createHash } from 'node:crypto';
import { canonical } from '../core/plan.ts';

/** Tells one picture from another. */
export function digest(picture: unknown): string {
  return createHash('sha256').update(canonical(picture)).digest('hex').slice(0, 24);
}
