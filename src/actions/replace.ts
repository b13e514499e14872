import { z } from 'zod';
import { defineAction } from '../core/action.ts';
import { UserError } from '../core/errors.ts';
import { DeviceInput, enrolledDeviceField, tickField } from '../core/fields.ts';
import { nameOf, type Person } from '../core/person.ts';
import { PLATFORM_NAMES } from '../core/serial.ts';
import { admittedBy, requiresPosture, type Snapshot } from '../core/snapshot.ts';
import { letEnrol } from './parts/admit-person.ts';
import { doorsOf } from './parts/doors.ts';
import { entrantOf } from './parts/entrant.ts';
import { welcome } from './parts/give-access.ts';
import { registerSerial } from './parts/register-serial.ts';
import { retireDevice } from './parts/retire-device.ts';
import { whyField } from './parts/usual-fields.ts';

/** The new device is in somebody’s hands, so its serial is typed here and now. */
const NewDevice = DeviceInput.transform((device, context) => {
  if (device.kind === 'typed') return device;
  context.addIssue({ code: 'custom', message: 'Type the serial number of the new device.', path: ['ask'] });
  return z.NEVER;
});

export const replace = defineAction({
  id: 'replace',
  title: 'Replace a device',
  summary: 'Let somebody’s new device in and take the old one out.',
  usage: '',
  examples: ['replace'],
  effect: 'grant',
  mayAsk: 'member',
  approvals: () => 'configured',
  input: z.object({
    device: enrolledDeviceField({ label: 'Which device is replaced?' }),
    serial: NewDevice.meta({ field: 'device', label: 'The new device', isTypedHere: true }),
    lost: tickField({
      label: 'Where is the old one?',
      options: [
        {
          value: 'lost',
          text: 'The old one is lost or stolen',
          description: 'It is cut off at once. Only the new one waits for approval.',
        },
      ],
    }),
    reason: whyField(),
  }),
  describe: ({ device, serial, lost }) =>
    `Replace ${lost ? 'the lost device ' : ''}${device.name} of ${nameOf(device.owner)} with ${newOne(serial)}`,
  beneficiaries: ({ device }) => [device.owner],
  access: () => 'device-replaced',
  first: ({ device, lost, reason }) => (lost ? { action: 'lost', input: { device, reason } } : undefined),
  plan: ({ device, serial: { serial }, lost }, snapshot, facts) => {
    const { owner } = device;
    if (serial === device.serial) {
      throw new UserError(`${serial} is the old device itself. Type the serial number of the new one.`, {
        code: 'same-device',
        field: 'serial.serial',
      });
    }
    const doors = doorsOf(snapshot);
    if (admittedBy(snapshot.policies, owner.email, doors.context) === 'no') {
      throw new UserError(
        `${nameOf(owner)} has no access now, so there is no device to replace. Use “add” to give them access with the new one.`,
        { code: 'no-access', field: 'device.pick' },
      );
    }
    const entrant = entrantOf(owner, serial, facts);
    const registered = registerSerial(owner, serial, entrant.description, snapshot, 'serial.serial');
    const enrolled = letEnrol([entrant], doors);
    const added = registered.steps.filter(({ already }) => already !== true).length;
    const retired = lost
      ? { steps: [], warnings: barredAsWell(owner, snapshot) }
      : retireDevice(device, snapshot, added);
    const stages = [
      [...registered.steps, ...enrolled.steps.filter(({ already }) => already !== true)],
      [...retired.steps],
      [welcome(owner, snapshot.teamName, facts, true)],
    ];
    return {
      stages: stages.filter((stage) => stage.length > 0),
      warnings: [...retired.warnings, ...registered.warnings, ...enrolled.warnings],
    };
  },
});

function newOne({ platform, serial }: z.infer<typeof NewDevice>): string {
  const what = platform === undefined ? 'a new device' : `a new ${PLATFORM_NAMES[platform]} device`;
  return `${what} (serial number ${serial})`;
}

/** Where no device is checked, a lost one is cut off by barring its owner, with the new one as well. */
function barredAsWell(owner: Person, { allow, posture }: Snapshot): string[] {
  if (posture !== undefined && requiresPosture(allow, posture.ruleId)) return [];
  return [
    `The policy “${allow.name}” checks no device, so the report of the lost one bars ${nameOf(owner)} by an exclude rule. The new device gets in once an approver has that lifted: use “add” for it when the old one is out of reach.`,
  ];
}
