import { z } from 'zod';
import { defineStep } from '../core/step.ts';

const Args = z.object({
  /** Lower case. */
  emails: z.array(z.string()).min(1),
});

/** Ensures that some people have no registration on any device, on none that others use too either, and no revoked one. */
export const endRegistrations = defineStep({
  id: 'end-registrations',
  args: Args,
  says: ({ emails: [first = '', ...rest] }) =>
    rest.length === 0
      ? `End every WARP registration of ${first}`
      : `End every WARP registration of ${rest.length + 1} people`,
  look: async ({ emails }, { cloudflare }) => {
    const theirs = new Set(emails);
    const devices = await cloudflare.devices({ of: emails });
    const found = devices
      .flatMap(({ registrations }) => registrations)
      .filter(({ email }) => theirs.has(email))
      .map(({ id }) => id);
    return { holds: found.length === 0, found };
  },
  apply: (_args, { cloudflare }, found) => cloudflare.deleteRegistrations(found),
  byHand: () => 'Zero Trust dashboard → Team & Resources → Devices → the device → Registrations',
});
