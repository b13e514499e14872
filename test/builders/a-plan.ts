import type { PlanFacts } from '../../src/core/action.ts';
import { UserError } from '../../src/core/errors.ts';
import { withoutRepeats, type Plan } from '../../src/core/plan.ts';
import type { Stay } from '../../src/core/stay.ts';
import { ANA, ASKED_AT, BEN } from './a-request.ts';

const HOUR = 60 * 60 * 1000;

export const SESSION_LIMITS = {
  app: { least: 4 * HOUR, most: 24 * HOUR },
  warp: { least: 8 * HOUR, most: 168 * HOUR },
};

/** What an action may use when Ben asks on 21 November 2026. */
export function planFacts(changes: Partial<PlanFacts> = {}): PlanFacts {
  return {
    requestId: 'REQ-0142',
    today: '2026-11-21',
    requester: { name: BEN.name, slackId: BEN.slackId },
    appUrl: 'http://ocs.lantern.example:8000',
    now: ASKED_AT,
    timeZone: 'Europe/Berlin',
    stays: [],
    revokeSeat: true,
    sessionLimits: SESSION_LIMITS,
    ...changes,
  };
}

/** The last moment of a day in Berlin, in winter: `2026-12-24`. */
export function endOf(day: string): number {
  return Date.parse(`${day}T23:59:59.999+01:00`);
}

/** Ana’s access ends after that day. */
export function aStay(day: string, changes: Partial<Stay> = {}): Stay {
  return { person: ANA, endsAt: endOf(day), requestId: 'REQ-0100', since: ASKED_AT - 1000, told: [], ...changes };
}

/** A plan as an approver reads it: a line for each step with its stage, then the warnings and the lines left out. */
export function readPlan(plan: Plan): string {
  const { stages, warnings, leftOut = [] } = withoutRepeats(plan);
  const lines = stages.flatMap((stage, index) =>
    stage.map(
      ({ says, change, already }) =>
        `${index + 1}. ${says}${change === undefined ? '' : ` [${change}]`}${already === true ? ' [so already]' : ''}`,
    ),
  );
  return [
    ...lines,
    ...warnings.map((warning) => `!  ${warning}`),
    ...leftOut.map(({ line, why }) => `-  ${line}: ${why}`),
  ].join('\n');
}

/** Why it can’t be planned: `code (field): message`. */
export function readRefusal(plan: () => unknown): string {
  try {
    plan();
  } catch (error) {
    if (error instanceof UserError) return `${error.code} (${error.field}): ${error.message}`;
    throw error;
  }
  throw new Error('It was planned.');
}
