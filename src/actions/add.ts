import { z } from 'zod';
import { defineAction, type PlanFacts } from '../core/action.ts';
import { UserError } from '../core/errors.ts';
import { describeDevice, deviceField, personField, textField } from '../core/fields.ts';
import { nameOf, type Person } from '../core/person.ts';
import { sendWelcome } from '../steps/send-welcome.ts';
import { letEnrol, letIn, refuseBarred } from './parts/admit-person.ts';
import { NOTHING } from './parts/part.ts';
import { registerSerial } from './parts/register-serial.ts';

/** Room enough for a name and an address, and still one line in the dashboard. */
const DESCRIPTION_LENGTH = 200;

export const add = defineAction({
  id: 'add',
  title: 'Add a colleague',
  summary: 'Give a colleague access to Open Chat Studio with their device.',
  usage: '[@person|e-mail] [serial]',
  examples: ['add @ana C02XK0AZJG5J', 'add sam@partner.example'],
  effect: 'grant',
  mayAsk: 'member',
  approvals: 'configured',
  input: z.object({
    person: personField({ label: 'Who gets access?' }),
    device: deviceField({ label: 'Their device' }),
    reason: textField({ label: 'Why?', hint: 'The approver and, months later, an auditor read this.' }),
  }),
  describe: ({ person, device }) => `Give ${nameOf(person)} access with ${describeDevice(device)}`,
  beneficiaries: ({ person }) => [person],
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
  plan: ({ person, device }, snapshot, facts) => {
    refuseBarred(person, snapshot);
    const description = describeEntry(person, facts);
    const serial = device.kind === 'ask' ? NOTHING : registerSerial(person, device.serial, description, snapshot);
    const enrolment = letEnrol(person, description, snapshot);
    const access = letIn(person, description, snapshot);

    const grants = [...serial.steps, ...enrolment.steps, ...access.steps];
    if (grants.every((step) => step.already)) {
      throw new UserError(`${nameOf(person)} has access with this device already: there is nothing to do.`, {
        code: 'nothing-to-do',
        field: 'person.email',
      });
    }
    const welcome = sendWelcome.with({
      ...reader(person, facts),
      email: person.email,
      name: nameOf(person),
      teamName: snapshot.teamName,
      appUrl: facts.appUrl,
    });
    return {
      stages: [[...serial.steps, ...enrolment.steps], [...access.steps], [welcome]].filter((stage) => stage.length > 0),
      warnings: [...serial.warnings, ...enrolment.warnings, ...access.warnings],
    };
  },
});

/** Kept with what is added. A long name is cut, never the address: that is how the owner is found again. */
function describeEntry(person: Person, { requestId, today }: PlanFacts): string {
  const rest = ` <${person.email}> · ${requestId} · ${today}`;
  const room = Math.max(0, DESCRIPTION_LENGTH - rest.length);
  return `${Array.from(nameOf(person)).slice(0, room).join('')}${rest}`;
}

function reader(person: Person, { requester }: PlanFacts): { slackId: string; isForReader: boolean } {
  return person.slackId === undefined
    ? { slackId: requester.slackId, isForReader: false }
    : { slackId: person.slackId, isForReader: true };
}
