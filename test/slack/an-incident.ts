import type { EnrolledDevice } from '../../src/core/fields.ts';
import { hashPlan, type Plan } from '../../src/core/plan.ts';
import type { Request } from '../../src/core/request.ts';
import { ANA, ASKED_AT, aRecord, aRequest } from '../builders/a-request.ts';

export const ANAS_MAC = {
  id: 'd-1',
  name: 'ana-laptop',
  serial: 'C02XK0AZJG5J',
  platform: 'macos',
  owner: ANA,
  others: [],
} satisfies EnrolledDevice;

const plan: Plan = {
  stages: [
    [
      { step: 'list-items', says: 'Take serial C02XK0AZJG5J out of the list “Laptops”', args: {} },
      { step: 'remove-devices', says: 'Remove the device ana-laptop', args: {} },
      { step: 'revoke-sessions', says: `End every session of ${ANA.email}`, args: {} },
    ],
    [{ step: 'cut-off', says: `Make sure that no session of ${ANA.email} is left`, args: {} }],
  ],
  warnings: ['The policy “Team” asks for no known device: Ana Souza is barred until an approver lifts it.'],
};

const at = (seconds: number) => ASKED_AT + seconds * 1000;
const did = (seconds: number) => aRecord({ state: 'done', changed: true, at: at(seconds) });

/** Ben reports Ana’s laptop. Each test changes the one thing that it is about. */
export function anIncident(changes: Partial<Request> = {}): Request {
  return aRequest({
    action: 'lost',
    effect: 'reduce',
    isUrgent: true,
    says: 'Cut off Ana Souza’s Mac (ana-laptop, …K0AZ)',
    reason: 'Left on the train to Berlin.',
    input: { device: ANAS_MAC, reason: 'Left on the train to Berlin.' },
    beneficiaries: [],
    about: [ANA],
    approvalsNeeded: 0,
    plan,
    planHash: hashPlan(plan),
    steps: plan.stages.flat().map(() => aRecord()),
    ...changes,
  });
}

export const cutOff: Partial<Request> = {
  status: 'done',
  startedAt: at(1),
  finishedAt: at(4),
  steps: [
    did(2),
    did(2),
    did(3),
    aRecord({ state: 'done', at: at(4), notes: [`Read back: 0 sessions of ${ANA.email}.`] }),
  ],
};

/** The list did not take the change yet, the rest is done. */
export const failing: Partial<Request> = {
  status: 'running',
  startedAt: at(1),
  failingSince: at(2),
  steps: [
    aRecord({
      tries: 4,
      at: at(30),
      problem: 'Cloudflare did not answer. By hand: Zero Trust dashboard → Reusable components → Lists → Laptops.',
    }),
    did(2),
    did(3),
    did(4),
  ],
};
