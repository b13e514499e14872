import type { Request } from '../core/request.ts';
import { note, section } from './blocks.ts';
import { escapeToFit } from './escape.ts';
import { firstWithin } from './first-within.ts';
import { fit } from './fit.ts';
import { shownSteps, type ShownStep } from './group-steps.ts';
import type { Message } from './message.ts';
import { bold, lengthOf, line, list, rich, type Part } from './rich.ts';
import { time } from './time.ts';

const SHOWN = 12;
const CHARACTERS = 4000;

/**
 * Calls the approvers to a reduction that keeps failing: which steps, why, and the place to do it by hand, with which the
 * problem of each ends. Undefined if nothing fails any more.
 */
export function stuckMessage(request: Request, mention: string | undefined): Message | undefined {
  const failing = shownSteps(request).filter((step) => step.isRetried || step.record.state === 'failed');
  if (failing.length === 0) return undefined;
  const { id, says, failingSince } = request;
  const whom = mention === undefined ? 'Approvers:' : mention;
  const since = failingSince === undefined ? '' : ` since ${time(failingSince)}`;
  const { shown } = firstWithin(failing.slice(0, SHOWN).map(failingParts), CHARACTERS, lengthOf);
  const rest = failing.length - shown.length;
  return {
    text: `${whom} access is not taken away yet. ${id}, ${escapeToFit(says, 600)}: ${count(failing)} failing${since}. Please do it by hand.`,
    blocks: [
      section(`🆘 ${whom} access is not taken away yet: ${count(failing)} failing${since}. Please do it by hand.`),
      rich(
        line(bold(`${id}:`), ' ', `${fit(says, 600)}.`),
        list('bullet', rest === 0 ? shown : [...shown, [`and ${rest} more`]]),
      ),
      note('Everything else goes on, and these are tried again until they hold. What you do by hand is noticed.'),
    ],
  };
}

function count(steps: readonly ShownStep[]): string {
  return steps.length === 1 ? '1 step keeps' : `${steps.length} steps keep`;
}

function failingParts({ planned, record: { problem } }: ShownStep): Part[] {
  return [bold(`${fit(planned.says, 200)}:`), ' ', fit(problem ?? 'The reason is not on record.', 800)];
}
