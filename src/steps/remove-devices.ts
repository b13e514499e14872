import { z } from 'zod';
import { lastFour } from '../core/serial.ts';
import { defineStep } from '../core/step.ts';
import { eachOf } from '../core/each-of.ts';

const Args = z.object({
  devices: z.array(z.object({ id: z.string(), name: z.string(), serial: z.string().optional() })).min(1),
});

/** Ensures that devices are gone, with their registrations. A client that may still enrol comes back by itself. */
export const removeDevices = defineStep({
  id: 'remove-devices',
  args: Args,
  says: ({ devices }) => {
    const [first] = devices;
    if (first === undefined || devices.length > 1) return `Remove ${devices.length} devices`;
    return `Remove the device “${first.name}”${first.serial === undefined ? '' : ` (${lastFour(first.serial)})`}`;
  },
  look: async ({ devices }, { cloudflare }) => {
    const found = await cloudflare.devices({ ids: devices.map(({ id }) => id) });
    return { holds: found.length === 0, found };
  },
  apply: async (_args, { cloudflare }, found) => {
    // A device that goes may leave its registrations behind, revoked.
    const registrations = found.flatMap((device) => device.registrations.map(({ id }) => id));
    await Promise.all([
      eachOf(found, ({ id }) => cloudflare.deleteDevice(id)),
      registrations.length === 0 ? undefined : cloudflare.deleteRegistrations(registrations),
    ]);
  },
  byHand: () => 'Zero Trust dashboard → Team & Resources → Devices',
});
