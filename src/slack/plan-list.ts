import type { KnownBlock } from '@slack/types';
import type { Plan, PlannedStep } from '../core/plan.ts';
import { isOpen, type Request } from '../core/request.ts';
import { note, warning } from './blocks.ts';
import { firstWithin } from './first-within.ts';
import { fit, fitNames } from './fit.ts';
import { countSteps, groupSteps, shownSteps, type ShownStep, type StepGroup } from './group-steps.ts';
import { leftOutBlocks } from './left-out.ts';
import { bold, lengthOf, line, list, rich, type Part } from './rich.ts';

const ONE_BY_ONE = 12;
/** A kind of step with more than this many is shown as a sample and a count. */
const SHOWN_WHOLE = 10;
const SAMPLE = 3;
const PLAN_CHARACTERS = 4500;
const WARNING_CHARACTERS = 1500;

/** What will be done, for the approver: each step with what it changes, or a sample of each kind and a count. */
export function planBlocks(request: Request): KnownBlock[] {
  const will = isOpen(request) ? 'What will be done' : 'What would have been done';
  return [...stepList(will, shownSteps(request)), ...leftOutBlocks(request.plan), ...warningBlocks(request)];
}

export function stepList(will: string, steps: readonly ShownStep[]): KnownBlock[] {
  if (steps.length === 0) return [];
  const { shown, rest } = firstWithin(groupSteps(steps, ONE_BY_ONE), PLAN_CHARACTERS, (group) =>
    itemsOf(group).reduce((sum, item) => sum + lengthOf(item), 0),
  );
  const more = rest.length === 0 ? [] : [[`and ${countSteps(rest)} more; Details shows them`]];
  const title = steps.length === 1 ? will : `${will}, in ${steps.length} steps`;
  return [rich(line(bold(title)), list('ordered', [...shown.flatMap(itemsOf), ...more]))];
}

export function warningBlocks(
  { plan }: { readonly plan?: Plan | undefined },
  characters = WARNING_CHARACTERS,
): KnownBlock[] {
  const { shown, rest } = firstWithin(plan?.warnings ?? [], characters, (text) => Math.min(text.length, 500));
  const more =
    rest.length === 0
      ? []
      : [
          note(
            `${rest.length === 1 ? 'There is 1 more warning' : `There are ${rest.length} more warnings`}. *Details* shows all of them.`,
          ),
        ];
  return [...shown.map(warning), ...more];
}

function itemsOf({ steps }: StepGroup): Part[][] {
  const max = steps.length === 1 ? 300 : 150;
  const count = steps.length > SHOWN_WHOLE ? SAMPLE : steps.length;
  const shown = steps.slice(0, count).map(({ planned }): Part[] => {
    const sample = sampleOf(planned);
    if (planned.already === true) return [fit(planned.says, max), ': ', bold('so already'), sample];
    const change = planned.change === undefined ? [] : [': ', fit(planned.change, 100)];
    return [fit(planned.says, max), ...change, sample];
  });
  const rest = steps.slice(count);
  if (rest.length === 0) return shown;
  const already = rest.filter(({ planned }) => planned.already === true).length;
  const soAlready = already === 0 ? '' : `, ${already === rest.length ? 'all' : already} of them so already`;
  return [...shown, [`and ${rest.length} more like these${soAlready}`]];
}

/** ` (C02XK0AZJG5J (Ana Souza), PF3XYZ12 (Gus) and 12 more)` */
function sampleOf({ items = [] }: PlannedStep): string {
  if (items.length === 0) return '';
  const names = items.slice(0, SAMPLE).map((item) => fit(item, 60));
  const rest = items.length - names.length;
  return ` (${rest === 0 ? fitNames(names, SAMPLE) : `${names.join(', ')} and ${rest} more`})`;
}
