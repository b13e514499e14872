import { foldSerial } from '../../core/belongings.ts';
import { UserError } from '../../core/errors.ts';
import { EnrolledDeviceValue, type EnrolledDevice } from '../../core/fields.ts';
import { enrolledDevicesOf } from '../../core/insiders.ts';
import type { Person } from '../../core/person.ts';
import type { Cloudflare } from '../../core/ports.ts';
import { personByAddress, unlessReducing } from './find-people.ts';
import type { FieldReader, Resolving } from './field-reader.ts';

/** A device that the account knows, as it was when it was offered; asked for again where that is forgotten. */
export const enrolledDeviceReader: FieldReader = {
  check: (value) => (EnrolledDeviceValue.safeParse(value).success ? undefined : { says: 'Choose a device.' }),
  resolve: async (value, resolving) => {
    const { id, label } = EnrolledDeviceValue.parse(value);
    const device = await find(id, resolving);
    if (device === undefined) {
      throw new UserError(`“${label}” was removed meanwhile: Cloudflare knows it no more. Choose another device.`, {
        code: 'device-gone',
        field: resolving.field.key,
      });
    }
    return { ...device, owner: await ownerOf(device, resolving) };
  },
};

async function find(id: string, { desk, actor }: Resolving): Promise<EnrolledDevice | undefined> {
  const offered = await desk.offers.offered(actor.slackId, id);
  if (offered?.id !== undefined) return offered;
  const [, kind, name = ''] = /^(device|serial):(.+)$/s.exec(id) ?? [];
  if (kind === 'device')
    return connected(await desk.cloudflare.devices({ ids: [name] })).find((one) => one.id === name);
  if (kind === 'serial') return bySerial(foldSerial(name), offered, desk.cloudflare);
  return undefined;
}

/** One that is known by its serial number alone may have been connected since, and is then to be removed as well. */
async function bySerial(
  serial: string,
  offered: EnrolledDevice | undefined,
  cloudflare: Pick<Cloudflare, 'devices' | 'snapshot'>,
): Promise<EnrolledDevice | undefined> {
  const now = connected(await cloudflare.devices({ matching: serial })).find((one) => one.serial === serial);
  if (now !== undefined || offered !== undefined) return now ?? offered;
  return enrolledDevicesOf(await cloudflare.snapshot({ undecided: 'first' })).find((one) => one.serial === serial);
}

function connected(devices: Awaited<ReturnType<Cloudflare['devices']>>): EnrolledDevice[] {
  return enrolledDevicesOf({ users: [], devices, posture: undefined });
}

async function ownerOf({ owner }: EnrolledDevice, { actor, effect, desk }: Resolving): Promise<Person> {
  // One's own: nobody has to be asked, and a stolen laptop does not wait for it.
  if (actor.email?.toLowerCase() === owner.email) return { ...owner, name: actor.name, slackId: actor.slackId };
  return { ...owner, ...(await unlessReducing(effect, personByAddress(owner.email, desk.directory), owner)) };
}
