import { z } from 'zod';
import { defineAction } from '../core/action.ts';
import { UserError } from '../core/errors.ts';
import { describeDevice, deviceField, personField } from '../core/fields.ts';
import { nameOf } from '../core/person.ts';
import { doorsOf } from './parts/doors.ts';
import { refusePastEnd } from './parts/end-date.ts';
import { entrantOf } from './parts/entrant.ts';
import { planAccess, refusalOf } from './parts/give-access.ts';
import { untilField, whyField } from './parts/usual-fields.ts';

export const add = defineAction({
  id: 'add',
  title: 'Add a colleague',
  summary: 'Give a colleague access to Open Chat Studio with their device.',
  usage: '[@person|e-mail] [serial]',
  examples: ['add @ana C02XK0AZJG5J', 'add sam@partner.example'],
  effect: 'grant',
  mayAsk: 'member',
  approvals: () => 'configured',
  input: z.object({
    person: personField({ label: 'Who gets access?' }),
    device: deviceField({ label: 'Their device' }),
    until: untilField(),
    reason: whyField(),
  }),
  describe: ({ person, device }) => `Give ${nameOf(person)} access with ${describeDevice(device)}`,
  beneficiaries: ({ person }) => [person],
  access: () => 'given',
  missing: ({ person, device }) => {
    if (device.kind !== 'ask') return undefined;
    if (person.slackId !== undefined) return { field: 'device', from: person };
    throw new UserError(
      'They are not in Slack, so they can’t be asked here. Ask them yourself and type the serial number.',
      {
        code: 'not-in-slack',
        field: 'device.ask',
      },
    );
  },
  plan: ({ person, device, until }, snapshot, facts) => {
    refusePastEnd(until, facts);
    const doors = doorsOf(snapshot);
    const entrant = entrantOf(person, device.kind === 'ask' ? undefined : device.serial, facts);
    const refusal = refusalOf(entrant, until, doors, facts);
    if (refusal !== undefined) throw refusal;
    return planAccess([entrant], until, doors, facts);
  },
});
