import { z } from 'zod';
import { Person } from './person.ts';

const Ending = z.object({
  person: Person,
  /** Epoch milliseconds. The later end of two wins, so there is one. */
  endsAt: z.number(),
  /** The request that set this end: its message holds the button that extends it. */
  requestId: z.string(),
  /** Epoch milliseconds at which the end was set. */
  since: z.number(),
  /** Of which reminders people were told, in days before the end. */
  told: z.array(z.number()).default([]),
});

/** Access that ends by itself. Somebody without a stay has access without an end, or none. */
export const Stay = Ending.extend({
  /** The end that it took the place of: it comes back if the request that set this one is taken back. */
  before: Ending.optional(),
});
export type Stay = z.infer<typeof Stay>;

/** The lock that everybody holds who writes somebody’s end date. The address as in `Person`. */
export function stayLock(email: string): string {
  return `stay-${email}`;
}

/** The key of the timer for one moment of somebody’s end date. `at`: epoch milliseconds. */
export function stayTimer(email: string, at: number): string {
  return `stay-${email}-${at}`;
}

const DAY = 24 * 60 * 60 * 1000;

/** Days before the end at which the person and the approvers are told. */
export const TOLD_BEFORE = [3, 1] as const;

/**
 * The reminder that is due now: days before the end. After a pause only the last one of several; none for a time that was
 * over when the end was set.
 */
export function dueReminder({ endsAt, since, told }: Stay, now: number): number | undefined {
  const due = TOLD_BEFORE.filter((days) => endsAt - days * DAY <= now && endsAt - days * DAY > since);
  const last = Math.min(...due);
  return now < endsAt && Number.isFinite(last) && !told.includes(last) ? last : undefined;
}

/** Every moment at which something is to happen, for timers: the reminders to come and the end. */
export function momentsOf({ endsAt, since }: Pick<Stay, 'endsAt' | 'since'>, now: number): number[] {
  return [...TOLD_BEFORE.map((days) => endsAt - days * DAY).filter((at) => at > since && at > now), endsAt];
}
