import { z } from 'zod';
import { defineStep } from '../core/step.ts';

const MINUTE = 60_000;

/** The log shows an attempt after some seconds, and whoever has lost access tries soon or when they next open the laptop. */
const LOOKED_AT_AFTER = [1, 15];

/** Ensures that the log is read for attempts of people who were cut off, shortly after and a while after. */
export const watchAttempts = defineStep({
  id: 'watch-attempts',
  args: z.object({ emails: z.array(z.string()).min(1) }),
  says: ({ emails: [first = '', ...rest] }) =>
    `Watch for attempts of ${rest.length === 0 ? first : `${rest.length + 1} people`} to come in again`,
  readsBack: false,
  look: async () => ({ holds: false, found: undefined }),
  apply: async ({ emails }, { timers, clock, requestId }) => {
    const since = clock.now();
    for (const minutes of LOOKED_AT_AFTER) {
      const timer = { kind: 'attempts', requestId, emails, since } as const;
      const at = since + minutes * MINUTE;
      // A cut that held only later is watched anew; one that runs twice within a minute is watched once.
      await timers.set(`attempts-${requestId}-${Math.floor(at / MINUTE)}`, timer, at);
    }
  },
});
