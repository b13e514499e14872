import { z } from 'zod';
import type { AccessEvent } from '../core/access-event.ts';
import { PermanentError } from '../core/errors.ts';
import type { Cloudflare } from '../core/ports.ts';
import { defineStep } from '../core/step.ts';

const HOUR = 60 * 60 * 1000;

/**
 * Ensures that the people who follow an incident can read who was at the door with this address lately. A log that can’t
 * be read by the bot is told as such: what was cut off stays cut off without it.
 */
export const reportEvents = defineStep({
  id: 'report-events',
  args: z.object({
    email: z.string(),
    /** How far back. */
    hours: z.number().int().positive(),
  }),
  says: ({ email, hours }) => `Report who came in as ${email} in the last ${hours} hours`,
  readsBack: false,
  look: async () => ({ holds: false, found: undefined }),
  apply: async ({ email, hours }, { cloudflare, posts, clock, requestId }) => {
    const since = clock.now() - hours * HOUR;
    const read = await readLog(cloudflare, email, since);
    // A cut that held only later is reported anew if somebody came since; the outbox takes the same key once.
    const newest = read.events[0]?.at ?? 0;
    await posts.enqueue(`events-${requestId}-${email}-${newest}`, {
      kind: 'incident-events',
      requestId,
      email,
      since,
      ...read,
    });
  },
  byHand: () => 'Zero Trust dashboard → Insights → Logs → Access authentication logs',
});

async function readLog(
  cloudflare: Pick<Cloudflare, 'accessEvents'>,
  email: string,
  since: number,
): Promise<{ events: AccessEvent[]; problem?: string }> {
  try {
    return { events: [...(await cloudflare.accessEvents({ email, since, withCountries: true }))] };
  } catch (error) {
    if (error instanceof PermanentError) return { events: [], problem: error.message };
    throw error;
  }
}
