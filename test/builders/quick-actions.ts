import { z } from 'zod';
import { defineAction, type Action, type ActionDefinition } from '../../src/core/action.ts';
import { UserError } from '../../src/core/errors.ts';
import { durationField, fixedPart, textField } from '../../src/core/fields.ts';
import { aStep } from './a-request.ts';
import { HOUR_MS } from './memory-settings.ts';

const lengths = z.object({
  app: durationField({ label: 'App', word: 'app' }).optional(),
  warpSignIn: durationField({ label: 'WARP sign-in', word: 'warp' }).optional(),
  warpNetwork: durationField({ label: 'WARP network', word: 'network' }).optional(),
  reason: textField({ label: 'Why?' }),
});

/** Lengths of time; one that is shorter than the app's is refused with what would do, the network's after the sign-in's. */
export function aLengthChange(changes: Partial<ActionDefinition<z.infer<typeof lengths>>> = {}): Action {
  return defineAction({
    id: 'lengths',
    title: 'Change lengths',
    summary: 'Change how long sessions last.',
    usage: '[app 12h]',
    examples: ['lengths app 12h'],
    effect: 'change',
    mayAsk: 'approver',
    approvals: () => 1,
    approvalsSay: '1 other approver',
    intro: {
      scope: { sessions: true },
      lines: ({ sessions }) => [
        { label: 'App', value: `${(sessions?.app.ms ?? 0) / HOUR_MS} h`, detail: 'After that people need a new code.' },
        { label: 'WARP', value: '24 h' },
      ],
    },
    input: lengths,
    describe: ({ app = 0 }) => `Set the app session to ${app / HOUR_MS} h`,
    beneficiaries: () => [],
    plan: ({ app = 0, warpSignIn = 24 * HOUR_MS, warpNetwork = 24 * HOUR_MS }) => {
      refuseShort('warpSignIn', warpSignIn, app);
      refuseShort('warpNetwork', warpNetwork, app);
      return { stages: [[aStep()]], warnings: [] };
    },
    ...changes,
  });
}

function refuseShort(field: 'warpSignIn' | 'warpNetwork', ms: number, app: number): void {
  if (ms >= app) return;
  const least = `${app / HOUR_MS}h`;
  throw new UserError(`The ${field} has to be at least ${least}. Type \`${least}\`.`, {
    code: 'too-short',
    field,
    offer: { label: `Raise it to ${least}`, values: { [field]: least } },
  });
}

const nothing = z.object({ reason: fixedPart(z.string().optional()) });

/** Nothing is to be filled in. Approvers need nobody, others one approval. */
export function aRestart(changes: Partial<ActionDefinition<z.infer<typeof nothing>>> = {}): Action {
  return defineAction({
    id: 'engine-restart',
    command: 'engine restart',
    title: 'Restart the engine',
    summary: 'Restart the engine and wait until it runs.',
    usage: '',
    examples: ['engine restart'],
    effect: 'change',
    mayAsk: 'member',
    approvals: (_input, { isApprover }) => (isApprover ? 0 : 1),
    approvalsSay: 'none for approvers, 1 for anybody else',
    oneAtATime: true,
    input: nothing,
    describe: () => 'Restart the engine',
    beneficiaries: () => [],
    plan: () => ({
      stages: [[aStep({ says: 'Restart the engine', change: 'it is away for seconds' })]],
      warnings: ['Everybody is cut off for a moment.'],
    }),
    ...changes,
  });
}
