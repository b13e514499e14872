import { z } from 'zod';
import { EnrolledDevice, type FormField } from '../core/fields.ts';
import { enrolledDevicesOf, insidersOf } from '../core/insiders.ts';
import { EmailAddress } from '../core/person.ts';
import type { Cloudflare, Store } from '../core/ports.ts';
import { deviceId } from '../slack/suggestions.ts';
import { createShelf } from './shelf.ts';

const Insiders = z.array(z.object({ email: EmailAddress, name: z.string().optional() }));
const KnownDevices = z.object({
  own: z.array(EnrolledDevice),
  /** Registered for others by their serial numbers; which of them were ever connected was not asked. */
  registered: z.array(EnrolledDevice),
});
type KnownDevices = z.infer<typeof KnownDevices>;

/** As long as a form may be open after something was picked in it. */
const OFFERED_MS = 60 * 60 * 1000;

/**
 * What the pickers of forms offer, read from Cloudflare when a form opens and kept for a few minutes for whoever opened
 * it. Reads throw what the ports throw.
 */
export interface Offers {
  /** Begins to read what these fields will offer. `email`: of the person who opens the form. Never throws. */
  prepare(userId: string, email: string | undefined, fields: readonly FormField[]): void;
  /** Everybody who has access now. */
  insiders(userId: string): Promise<z.infer<typeof Insiders>>;
  /** The name under which Cloudflare knows somebody, if they were among those offered. */
  insiderName(userId: string, email: string): Promise<string | undefined>;
  devices(userId: string, email: string): Promise<KnownDevices>;
  /** Devices of anybody by words of their name, serial or person. */
  devicesMatching(words: string): Promise<EnrolledDevice[]>;
  /** Remembers a device as it was offered, until the form is sent. */
  remember(userId: string, devices: readonly EnrolledDevice[]): Promise<void>;
  /** A device by the id that stands in the form; undefined: it was not offered to this person, or too long ago. */
  offered(userId: string, id: string): Promise<EnrolledDevice | undefined>;
}

export interface OffersDependencies {
  readonly cloudflare: Pick<Cloudflare, 'snapshot' | 'devices'>;
  readonly store: Pick<Store, 'keep' | 'recall'>;
}

export function createOffers({ cloudflare, store }: OffersDependencies): Offers {
  const people = createShelf({
    store,
    name: 'insiders',
    shape: Insiders,
    read: async () => insidersOf(await cloudflare.snapshot({ users: 'all', devicesOf: 'all', undecided: 'first' })),
  });
  const laptops = createShelf({
    store,
    name: 'own-devices',
    shape: KnownDevices,
    read: async (email: string) =>
      knownDevices(await cloudflare.snapshot({ users: [email], devicesOf: [email], undecided: 'first' }), email),
  });
  return {
    prepare(userId, email, fields) {
      const kinds = new Set(fields.map(({ field }) => field));
      // Whoever opens the picker reads it again and is told.
      if (kinds.has('insider')) people.refill(userId, '').catch(() => undefined);
      if (kinds.has('enrolled-device') && email !== undefined) laptops.refill(userId, email).catch(() => undefined);
    },
    insiders: (userId) => people.get(userId, ''),
    async insiderName(userId, email) {
      return (await people.peek(userId))?.find((one) => one.email === email)?.name;
    },
    devices: (userId, email) => laptops.get(userId, email),
    async devicesMatching(words) {
      const devices = await cloudflare.devices({ matching: words });
      return enrolledDevicesOf({ users: [], devices, posture: undefined });
    },
    async remember(userId, devices) {
      await Promise.all(devices.map((device) => store.keep(keyOf(userId, deviceId(device)), device, OFFERED_MS)));
    },
    async offered(userId, id) {
      return EnrolledDevice.safeParse(await store.recall(keyOf(userId, id))).data;
    },
  };
}

function knownDevices(snapshot: Awaited<ReturnType<Cloudflare['snapshot']>>, email: string): KnownDevices {
  const own = enrolledDevicesOf(snapshot, email);
  const ids = new Set(own.map(deviceId));
  return { own, registered: enrolledDevicesOf(snapshot).filter((device) => !ids.has(deviceId(device))) };
}

function keyOf(userId: string, id: string | undefined): string {
  return `device:${userId}:${id ?? ''}`;
}
