import { z } from 'zod';
import { defineAction, type Action, type ActionDefinition } from '../../src/core/action.ts';
import { describeDevice, deviceField, personField, textField } from '../../src/core/fields.ts';
import { isSamePerson, nameOf } from '../../src/core/person.ts';

const input = z.object({
  person: personField({ label: 'Who gets access?' }),
  device: deviceField({ label: 'Their device' }),
  reason: textField({ label: 'Why?', hint: 'The approver and, months later, an auditor read this.' }),
});

/** An action with one field of each kind. */
export function anAction(changes: Partial<ActionDefinition<z.infer<typeof input>>> = {}): Action {
  return defineAction({
    id: 'add',
    title: 'Add a colleague',
    summary: 'Give a colleague access to Open Chat Studio with their device.',
    usage: '[@person|e-mail] [serial]',
    examples: ['add @ana C02XK0AZJG5J', 'add sam@partner.example'],
    effect: 'grant',
    mayAsk: 'member',
    approvals: () => 'configured',
    input,
    describe: ({ person, device }) => `Give ${nameOf(person)} access with ${describeDevice(device)}`,
    beneficiaries: ({ person }) => [person],
    plan: () => ({ stages: [], warnings: [] }),
    ...changes,
  });
}

/** A device is cut off: urgent, without approval for approvers and for Ana, with one for anybody else. */
export function aCut(changes: Partial<ActionDefinition<z.infer<typeof input>>> = {}): Action {
  return anAction({
    id: 'lost',
    effect: 'reduce',
    isUrgent: true,
    approvals: ({ person }, { actor, isApprover, isSystem }) =>
      isApprover || isSystem || isSamePerson(person, actor) ? 0 : 1,
    describe: ({ person }) => `Cut off the device of ${nameOf(person)}`,
    beneficiaries: () => [],
    about: ({ person }) => [person],
    scope: ({ person }) => ({ devicesOf: [person.email] }),
    ...changes,
  });
}
