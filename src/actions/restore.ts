import { z } from 'zod';
import { defineAction } from '../core/action.ts';
import { foldAddress } from '../core/address.ts';
import { foldSerial } from '../core/belongings.ts';
import { UserError } from '../core/errors.ts';
import { fixedPart, textField } from '../core/fields.ts';
import { nameOf, Person } from '../core/person.ts';
import { emailRules, ruleContext, type Snapshot } from '../core/snapshot.ts';
import { mayEnter, waysIn } from '../core/ways-in.ts';
import { policyEmails } from '../steps/policy-emails.ts';
import { welcome } from './parts/give-access.ts';
import { NOTHING, type Part } from './parts/part.ts';
import { registerSerial } from './parts/register-serial.ts';
import { Bar, takenByLoss } from './parts/taken-by-loss.ts';

export const restore = defineAction({
  id: 'restore',
  title: 'Give a found device back',
  summary: 'Let a device in again that was reported lost and is found.',
  usage: '',
  examples: [],
  effect: 'grant',
  mayAsk: 'approver',
  approvals: () => 'configured',
  input: z.object({
    /** The request that cut the device off. */
    incident: fixedPart(z.string()),
    person: fixedPart(Person),
    serial: fixedPart(z.string().optional()),
    /** Of the list item, as it was. */
    description: fixedPart(z.string()),
    /** Those that the incident put there. */
    bars: fixedPart(z.array(Bar)),
    reason: textField({
      label: 'What happened?',
      hint: 'Who has the device now, and how you know that nobody used it.',
    }),
  }),
  describe: ({ person, incident }) => `Let the device of ${nameOf(person)} in again that ${incident} cut off`,
  beneficiaries: ({ person }) => [person],
  access: () => 'given-back',
  from: (request) => {
    if (request.status === 'running') {
      throw new UserError(
        `${request.id} is still cutting the device off, so it would be taken away again. Press “Device found” when the message says that ${request.id} is over.`,
        { code: 'not-over' },
      );
    }
    const [person] = request.about;
    const { serial, bars } = takenByLoss(request);
    const device = {
      ...(serial === undefined ? {} : { serial: foldSerial(serial.value) }),
      description: serial?.description ?? '',
    };
    return { values: {}, fixed: { incident: request.id, person, ...device, bars } };
  },
  plan: ({ incident, person, serial, description, bars }, snapshot, facts) => {
    const registered = serial === undefined ? NOTHING : registerSerial(person, serial, description, snapshot, 'reason');
    const lifted = lift(person, bars, snapshot);
    const steps = [...registered.steps.filter(({ already }) => already !== true), ...lifted.steps];
    if (steps.length === 0) {
      throw new UserError(
        `There is nothing to give back: what ${incident} took from ${nameOf(person)} is there again, or it took nothing that can be given back. If the device was reported more than once, press “Device found” on the message of the first report.`,
        { code: 'nothing-to-do' },
      );
    }
    return {
      stages: [steps, [welcome(person, snapshot.teamName, facts, true)]],
      warnings: [...registered.warnings, ...lifted.warnings, ...afterwards(person, bars, snapshot)],
    };
  },
});

/** The bars that still stand. */
function lift({ email }: Person, bars: readonly Bar[], snapshot: Snapshot): Part {
  const standing = bars.filter(({ policy }) =>
    waysIn(snapshot).some((way) => way.policy.ref.id === policy.id && emailRules(way.policy.exclude).includes(email)),
  );
  return {
    steps: standing.map((one) => policyEmails.with({ ...one, part: 'exclude', present: false, emails: [email] })),
    warnings: [],
  };
}

function afterwards(person: Person, bars: readonly Bar[], snapshot: Snapshot): string[] {
  const lifted = new Set(bars.map(({ policy }) => policy.id));
  const ways = waysIn({ ...snapshot, enrolment: undefined }).map((way) =>
    lifted.has(way.policy.ref.id) ? { ...way, policy: withoutBar(way.policy, person.email) } : way,
  );
  const name = nameOf(person);
  return [
    `${name} has to connect the device with WARP again: its registration is gone. They are told how.`,
    ...(mayEnter(ways, person.email, ruleContext(snapshot))
      ? []
      : [`No policy lets ${name} in any more, so this gives only the device back. Use “add” for their access.`]),
  ];
}

function withoutBar<Policy extends Snapshot['allow']>(policy: Policy, email: string): Policy {
  return {
    ...policy,
    exclude: policy.exclude.filter((rule) => rule.kind !== 'email' || foldAddress(rule.email) !== email),
  };
}
